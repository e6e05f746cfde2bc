#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "feed_application.hpp"

namespace rithum_simulator {

/// A row that was not applied.
struct RowReport {
  std::size_t line = 0;
  std::string sku;
  Rejection rejection;
};

/// One file picked up from an inbox, and what became of it.
struct FileRecord {
  std::uint32_t number = 0;
  std::string name;
  std::string directory;  ///< "standard" or "transform"
  FeedName feed_name;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::vector<std::string> headers;
  std::vector<Violation> header_violations;
  std::string refusal;  ///< why the file failed as a whole; empty when its rows were processed
  bool seen_growing = false;
  std::int64_t first_seen_at = 0;  ///< milliseconds since 1970, UTC
  std::int64_t picked_up_at = 0;
  std::int64_t finished_at = 0;
  std::uint64_t rows = 0;
  std::uint64_t repeated_rows = 0;
  std::map<Outcome, std::uint64_t> outcomes;
  std::map<std::string, std::uint64_t> reasons;  ///< rejections by reason
  std::vector<RowReport> rejected;               ///< the first kMaxRowReports
  std::uint64_t zeroed = 0;                      ///< by Detect Dropped Products
  std::string archived_as;

  static constexpr std::size_t kMaxRowReports = 1000;
};

struct Stats {
  std::uint64_t looks = 0;  ///< rounds of the inbox watcher, paused ones too
  std::uint64_t partial_files_seen = 0;
  std::uint64_t tokens_issued = 0;
  std::uint64_t unauthorized = 0;
  std::map<std::string, std::uint64_t> requests;  ///< by route
};

/// Everything the simulator knows, behind one mutex.
struct World {
  std::mutex mutex;
  Catalogue catalogue;
  std::vector<FileRecord> files;
  Stats stats;
  std::uint32_t next_file_number = 1;
  int processing = 0;  ///< files that are picked up and not finished
};

}  // namespace rithum_simulator
