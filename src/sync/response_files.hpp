#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "rithum/response_file.hpp"
#include "store/store.hpp"
#include "transfer/destination.hpp"

namespace product_sync::sync {

/// What a look for response files brought.
struct ResponseCounts {
  std::uint64_t files = 0;  ///< that were read
  std::uint64_t confirmed = 0;
  std::uint64_t rejected = 0;
  std::uint64_t unreadable = 0;  ///< files that could not be understood
};

/// Collects the files in which Rithum answers what came by file, and tells the ledger row by row. Each file is read
/// once, also across restarts; one that could not be understood is tried again by the next process. Leaves the files
/// where they are. Used by one thread at a time.
///
/// A file whose name contains the name of a feed file of the site answers that one. Any other answers what was
/// delivered before it was written, so its place must tell times.
class ResponseFiles {
 public:
  struct Options {
    std::string site;
    std::filesystem::path directory;  ///< local: where they lie while they are read
    std::string names = "*";          ///< pattern with `*` and `?`
    std::uint64_t longest = 64ULL << 20U;
    rithum::ResponseFormat format = {};
  };

  /// `place` is where Rithum puts them.
  ResponseFiles(Options options, transfer::Destination& place, store::Store& store, Clock& clock, Logger& log);

  Result<ResponseCounts> round(std::stop_token stop);

 private:
  using Listing = std::map<std::string, transfer::RemoteFile>;

  Result<Listing> look(std::stop_token stop);
  Result<void> remember_only(const Listing& present, const std::map<std::string, std::uint64_t>& read);
  [[nodiscard]] bool is_whole(const transfer::RemoteFile& file) const;
  Result<void> take(const transfer::RemoteFile& file, ResponseCounts& counts, std::stop_token stop);
  /// Nothing: the ledger has not heard yet that what it answers was delivered.
  Result<std::optional<store::ResponseScope>> scope_of(const transfer::RemoteFile& file);
  Result<store::ResponseRead> settle(const std::filesystem::path& local, const transfer::RemoteFile& file,
                                     const store::ResponseScope& scope);
  void report(const store::ResponseRead& read);

  const Options options_;
  transfer::Destination& place_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  std::map<std::string, std::uint64_t> seen_;        // sizes at the last look
  std::map<std::string, std::uint64_t> unreadable_;  // sizes of files that were not understood
};

}  // namespace product_sync::sync
