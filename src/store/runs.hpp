#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// The selection behind a run. `push` is a burst of notifications; `reconcile` compares Rithum with the ledger, and reads
/// nothing from Acumatica.
enum class RunType { full, delta, custom, push, reconcile };
enum class RunState {
  running,
  succeeded,
  partial,  ///< ended, but some items failed or were parked
  failed,
  cancelled,
  interrupted,  ///< its process died
};
[[nodiscard]] std::string_view to_text(RunType type);
[[nodiscard]] std::string_view to_text(RunState state);
[[nodiscard]] std::optional<RunType> parse_run_type(std::string_view text);

struct RunCounts {
  std::uint64_t read = 0;      ///< items read from Acumatica
  std::uint64_t eligible = 0;  ///< both export conditions hold
  std::uint64_t not_exported = 0;
  std::uint64_t unchanged = 0;  ///< eligible, and Rithum already knows it
  std::uint64_t rows = 0;       ///< rows written to the feed
  std::uint64_t parked = 0;     ///< eligible, and cannot be sent
  std::uint64_t failed = 0;     ///< could not be read; on the retry list
  std::uint64_t withdrawn = 0;  ///< of the rows: those that withdraw a product
  std::uint64_t held = 0;       ///< withdrawals that wait for an operator
  friend bool operator==(const RunCounts&, const RunCounts&) = default;
};

/// The trigger of a run that carries out what an operator confirmed.
inline constexpr std::string_view kConfirmedWithdrawals = "withdrawals";

struct NewRun {
  std::string site;
  RunType type = RunType::delta;
  std::string trigger;  ///< who asked: `cli`, `api`, `notifications`
  std::optional<Instant> from;
  std::optional<Instant> to;
  bool dry_run = false;
};

struct Run {
  std::string id;
  NewRun what;
  RunState state = RunState::running;
  Instant started;
  std::optional<Instant> finished;
  RunCounts counts;
  std::string file_name;  ///< the feed file it wrote; empty when there was no difference
  std::string error_code;
  std::string error;
};

/// A running run. Holds the claim on (site, type): while it lives no other process or thread can begin the same. When
/// it is destroyed unfinished the run is recorded as interrupted.
class ActiveRun {
 public:
  virtual ~ActiveRun() = default;
  [[nodiscard]] virtual const Run& run() const = 0;
  /// Progress that others can see; cheap enough for each page.
  virtual Result<void> progress(const RunCounts& counts) = 0;
  /// Whether somebody asked for cancelling, in this process or another.
  virtual Result<bool> cancel_requested() = 0;
  virtual Result<void> finish(RunState state, const RunCounts& counts, std::string_view file_name,
                              const Error* error) = 0;
};

/// The history of runs, and the claim that keeps two of a kind apart. Thread-safe.
class Runs {
 public:
  virtual ~Runs() = default;

  /// `run.conflict` when a run of that site and type is alive; find it with running(). Dry runs claim nothing. A run
  /// whose process died is marked interrupted, its unsealed files discarded, and does not conflict.
  virtual Result<std::unique_ptr<ActiveRun>> begin(NewRun what) = 0;
  virtual Result<std::optional<Run>> running(std::string_view site, RunType type) = 0;

  virtual Result<std::optional<Run>> find(std::string_view id) = 0;
  /// Newest first; an empty site means all.
  virtual Result<std::vector<Run>> list(std::string_view site, std::size_t limit) = 0;
  /// `run.not_found`; `run.finished` when it has ended already.
  virtual Result<void> request_cancel(std::string_view id) = 0;
};

}  // namespace product_sync::store
