#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/error.hpp"
#include "base/time.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"

/// What happens in this process, as values for those who watch. They tell of what the store holds already: whoever
/// misses one finds it there.
namespace product_sync::sync {

struct RunEvent {
  enum class Step { started, progress, ended };
  Step step = Step::started;
  store::Run run;  ///< as it was at that moment
};

struct FileEvent {
  enum class Step { delivered, failed, dropped };
  Step step = Step::delivered;
  store::OutboxFile file;  ///< as it was before
  store::Route route = store::Route::transfer;
  std::optional<Error> error = {};           ///< of a failed attempt
  std::optional<Instant> next_attempt = {};  ///< behind a failed one
};

/// How much waits at one site.
struct QueueEvent {
  std::string site;
  std::uint64_t new_notifications = 0;      ///< that came since the last event of this kind
  std::uint64_t pending_notifications = 0;  ///< in the inbox
  std::uint64_t waiting_files = 0;          ///< in the outbox
};

/// A schedule started its task, or left an occurrence out.
struct ScheduleEvent {
  std::string site;
  std::string schedule;
  std::optional<Instant> occurrence;  ///< absent: somebody asked for it
  std::string run_id;                 ///< empty: a task without a run, or nothing was begun
  std::string error;                  ///< why it could not begin
  std::string skipped;                ///< code of why it was left out; empty: it was not
};

using Event = std::variant<RunEvent, FileEvent, QueueEvent, ScheduleEvent>;

[[nodiscard]] inline const std::string& site_of(const Event& event) {
  struct Site {
    const std::string& operator()(const RunEvent& of) const { return of.run.what.site; }
    const std::string& operator()(const FileEvent& of) const { return of.file.site; }
    const std::string& operator()(const QueueEvent& of) const { return of.site; }
    const std::string& operator()(const ScheduleEvent& of) const { return of.site; }
  };
  return std::visit(Site{}, event);
}

}  // namespace product_sync::sync
