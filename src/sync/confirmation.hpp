#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "rithum/account.hpp"
#include "sync/read_back.hpp"
#include "sync/response_files.hpp"
#include "sync/upload_watch.hpp"
#include "sync/write_back.hpp"

namespace product_sync::sync {

/// What came of one round.
struct ConfirmationCounts {
  bool busy = false;  ///< another process is at it: nothing was done
  std::size_t uploads_running = 0;
  ResponseCounts responses;
  std::optional<Error> responses_failed;  ///< why no response file could be looked for
  ReadBackCounts read_back;
  std::uint64_t overdue = 0;  ///< products given up waiting for
  std::uint64_t ids_written = 0;
};

/// Everything between the delivery of a site's files and the proof that Rithum holds them: response files, outcomes of
/// uploads, reading back, the map of product IDs and their way to Acumatica; and the refresh token's use, so that it does
/// not lapse. A loop of a serving process, and the end of a job. Thread-safe: one round at a time, also between processes.
class Confirmation {
 public:
  struct Options {
    std::string site;
    std::chrono::seconds interval;  ///< between two rounds
    std::chrono::hours refresh;     ///< of the whole map; zero: never
    std::chrono::seconds overdue_after;  ///< without proof
  };

  /// What Rithum's interface adds.
  struct Interface {
    rithum::Account& account;
    UploadWatch& uploads;
    ReadBack& read_back;
    WriteBack* write_back;  ///< may be null
  };

  /// `responses` may be null; without it and without the interface there is no proof at all.
  Confirmation(Options options, std::optional<Interface> interface, ResponseFiles* responses, store::Store& store,
               Clock& clock, Logger& log);

  /// A round of the loop; returns when the next one is due.
  Result<Monotonic> round(std::stop_token stop);

  /// Whether products can be read back, and have IDs.
  [[nodiscard]] bool reads_back() const { return interface_.has_value(); }

  /// A round at once, and then the writing of all IDs; with `everything` the whole map is read, for which there must be
  /// an interface: else `confirmation.no_interface`.
  Result<ConfirmationCounts> run(bool everything, std::stop_token stop);

  /// Rounds until nothing that was sent lacks proof and no ID is left to be written, or until `longest` is over.
  Result<void> wait_for_proof(std::chrono::seconds longest, std::stop_token stop);

 private:
  Result<bool> watch_uploads(std::stop_token stop);
  Result<ConfirmationCounts> work(bool everything, std::stop_token stop);
  void collect_responses(ConfirmationCounts& counts, std::stop_token stop);
  Result<void> read_back(bool everything, ConfirmationCounts& counts, std::stop_token stop);
  Result<std::uint64_t> give_up_waiting();
  Result<std::uint64_t> write_ids(std::stop_token stop);
  Result<std::uint64_t> go_on_writing(std::stop_token stop);
  Result<bool> round_for_a_job(std::stop_token stop);
  [[nodiscard]] std::string lease_name() const { return "confirmation." + options_.site; }
  void report(const ConfirmationCounts& counts);
  Result<bool> anything_lacks_proof();

  const Options options_;
  const std::optional<Interface> interface_;
  ResponseFiles* const responses_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;

  std::mutex turn_;  // guards what follows, and the parts
  std::optional<Monotonic> refreshed_;
  Monotonic next_look_{};
  unsigned rounds_ = 0;
  bool ids_left_ = false;  // a round ended before all were written
};

}  // namespace product_sync::sync
