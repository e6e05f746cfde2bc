#include "store/sqlite_runs.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "store/sqlite_outbox.hpp"
#include "store/statements.hpp"
#include "store/states.hpp"

namespace product_sync::store {
namespace {

// Push runs that are remembered per site; a busy site has one every few seconds.
constexpr std::int64_t kRememberedPushes = 1'000;

/// `20261123T161854.123456-9f3a21c4`: sorts by time, unique across processes.
std::string make_id(Instant now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto micros = (now - seconds).count();
  const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(seconds - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}.{:06}-{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), micros, random_hex(4));
}

std::string claim_of(std::string_view site, RunType type) { return fmt::format("{}.{}", site, to_text(type)); }

/// The lease that a run holds while it lives.
std::string lease_of(const Run& run) {
  return run.what.dry_run ? "dry-" + run.id : claim_of(run.what.site, run.what.type);
}

Result<Run> read_run(const Query& query) {
  const auto type = parse_run_type(query.view(2));
  const auto state = parse_run_state(query.view(7));
  if (!type || !state) {
    return fail("store.corrupt", fmt::format("run {} has an unknown type or state", query.view(0)),
                "restore the data directory from a backup");
  }
  Run run;
  run.id = query.text(0);
  run.what =
      NewRun{query.text(1), *type, query.text(3), query.optional_instant(4), query.optional_instant(5), query.flag(6)};
  run.state = *state;
  run.started = query.instant(8);
  run.finished = query.optional_instant(9);
  run.counts = RunCounts{query.count(10), query.count(11), query.count(12), query.count(13),
                         query.count(14), query.count(15), query.count(16), query.count(20), query.count(21)};
  run.file_name = query.text(17);
  run.error_code = query.text(18);
  run.error = query.text(19);
  return run;
}

Result<std::vector<Run>> read_runs(Query query) {
  std::vector<Run> runs;
  while (query.next()) {
    auto run = read_run(query);
    if (!run) return tl::unexpected(run.error());
    runs.push_back(std::move(*run));
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return runs;
}

Result<void> write_counts(Connection& connection, const std::string& id, const RunCounts& counts) {
  return connection.run(sql::runs::kProgress, id, counts.read, counts.eligible, counts.not_exported, counts.unchanged,
                        counts.rows, counts.parked, counts.failed, counts.withdrawn, counts.held);
}

Result<void> prune(Connection& connection, const NewRun& what) {
  if (what.type != RunType::push) return {};
  return connection.run(sql::runs::kPrune, what.site, to_text(what.type), kRememberedPushes);
}

}  // namespace

class SqliteRuns::Active final : public ActiveRun {
 public:
  Active(SqliteRuns& runs, std::unique_ptr<Lease> lease, Run run)
      : runs_(runs), lease_(std::move(lease)), run_(std::move(run)) {}

  ~Active() override {
    if (run_.state == RunState::running) (void)runs_.interrupt(run_);  // when it fails, the next begin() sees it
    release();
  }

  [[nodiscard]] const Run& run() const override { return run_; }

  Result<void> progress(const RunCounts& counts) override {
    auto done =
        runs_.database_.write([&](Connection& connection) { return write_counts(connection, run_.id, counts); });
    if (done) run_.counts = counts;
    return done;
  }

  Result<bool> cancel_requested() override {
    return runs_.database_.read([&](Connection& connection) -> Result<bool> {
      auto query = connection.query(sql::runs::kCancelRequested, run_.id);
      const bool asked = query.next() && query.flag(0);
      if (auto end = query.end(); !end) return tl::unexpected(end.error());
      return asked;
    });
  }

  Result<void> finish(RunState state, const RunCounts& counts, std::string_view file_name,
                      const Error* error) override {
    if (!may_follow(run_.state, state)) {
      return fail("run.finished",
                  fmt::format("run {} is {} and cannot become {}", run_.id, to_text(run_.state), to_text(state)));
    }
    Run ended = run_;
    ended.state = state;
    ended.counts = counts;
    ended.file_name = file_name;
    ended.finished = runs_.clock_.now();
    if (error != nullptr) {
      ended.error_code = error->code;
      ended.error = error->text();
    }
    if (auto done = write_end(ended); !done) return done;
    run_ = std::move(ended);
    release();
    return {};
  }

 private:
  Result<void> write_end(const Run& ended) {
    return runs_.database_.write([&](Connection& connection) -> Result<void> {
      if (auto done = write_counts(connection, ended.id, ended.counts); !done) return done;
      if (auto done = connection.run(sql::runs::kFinish, ended.id, to_text(ended.state), ended.finished,
                                     ended.file_name, ended.error_code, ended.error);
          !done) {
        return done;
      }
      if (auto done = discard_unsealed(connection, ended.id); !done) return done;
      return prune(connection, ended.what);
    });
  }

  void release() {
    if (lease_ && run_.what.dry_run) runs_.locks_.forget(lease_of(run_));
    lease_.reset();
  }

  SqliteRuns& runs_;
  std::unique_ptr<Lease> lease_;
  Run run_;
};

Result<std::unique_ptr<ActiveRun>> SqliteRuns::begin(NewRun what) {
  Run run;
  run.started = clock_.now();
  run.id = make_id(run.started);
  run.what = std::move(what);
  auto lease = locks_.try_take(lease_of(run));
  if (!lease) return tl::unexpected(lease.error());
  if (!*lease) {
    const auto alive = running(run.what.site, run.what.type);
    const auto id = alive && *alive ? ": " + (*alive)->id : std::string();  // none: it ended just now
    return fail("run.conflict",
                fmt::format("a {} run of site {} is under way{}", to_text(run.what.type), run.what.site, id),
                "wait until it has ended, or cancel it", Retry::later);
  }
  // Ours is the claim now: whatever says that it is running under it is dead.
  auto others = all_running();
  if (!others) return tl::unexpected(others.error());
  for (const auto& other : *others) {
    if (run.what.dry_run || lease_of(other) != lease_of(run)) continue;
    if (auto done = interrupt(other); !done) return tl::unexpected(done.error());
  }
  auto begun = database_.write([&](Connection& connection) {
    return connection.run(sql::runs::kBegin, run.id, run.what.site, to_text(run.what.type), run.what.trigger,
                          run.what.from, run.what.to, run.what.dry_run, run.started);
  });
  if (!begun) return tl::unexpected(begun.error());
  return std::make_unique<Active>(*this, std::move(*lease), std::move(run));
}

Result<std::optional<Run>> SqliteRuns::running(std::string_view site, RunType type) {
  auto runs = all_running();
  if (!runs) return tl::unexpected(runs.error());
  for (auto& run : *runs) {
    if (run.what.site != site || run.what.type != type || run.what.dry_run) continue;
    const auto alive = locks_.is_taken(lease_of(run));
    if (!alive) return tl::unexpected(alive.error());
    if (*alive) return std::move(run);
  }
  return std::nullopt;
}

Result<std::optional<Run>> SqliteRuns::find(std::string_view id) {
  return database_.read([&](Connection& connection) -> Result<std::optional<Run>> {
    auto runs = read_runs(connection.query(sql::runs::kFind, id));
    if (!runs) return tl::unexpected(runs.error());
    if (runs->empty()) return std::nullopt;
    return std::move(runs->front());
  });
}

Result<std::vector<Run>> SqliteRuns::list(std::string_view site, std::size_t limit) {
  return database_.read(
      [&](Connection& connection) { return read_runs(connection.query(sql::runs::kList, site, limit)); });
}

Result<void> SqliteRuns::request_cancel(std::string_view id) {
  auto asked = database_.write([&](Connection& connection) -> Result<bool> {
    if (auto done = connection.run(sql::runs::kRequestCancel, id); !done) return tl::unexpected(done.error());
    return connection.changes() > 0;
  });
  if (!asked) return tl::unexpected(asked.error());
  if (*asked) return {};
  auto run = find(id);
  if (!run) return tl::unexpected(run.error());
  if (!*run) return fail("run.not_found", fmt::format("there is no run {}", id));
  return fail("run.finished", fmt::format("run {} has ended: {}", id, to_text((*run)->state)));
}

Result<std::vector<Run>> SqliteRuns::all_running() {
  return database_.read([](Connection& connection) { return read_runs(connection.query(sql::runs::kRunning)); });
}

Result<void> SqliteRuns::interrupt(const Run& run) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto done = connection.run(sql::runs::kInterrupt, run.id, clock_.now()); !done) return done;
    if (auto done = discard_unsealed(connection, run.id); !done) return done;
    return prune(connection, run.what);
  });
}

Result<void> SqliteRuns::bury_dead() {
  auto runs = all_running();
  if (!runs) return tl::unexpected(runs.error());
  for (const auto& run : *runs) {
    const auto name = lease_of(run);
    const auto taken = locks_.is_taken(name);
    if (!taken) return tl::unexpected(taken.error());
    if (*taken) continue;
    auto lease = locks_.try_take(name);  // held meanwhile, so that nobody begins under a claim we are clearing
    if (!lease) return tl::unexpected(lease.error());
    if (!*lease) continue;
    if (auto done = interrupt(run); !done) return done;
    if (run.what.dry_run) locks_.forget(name);
  }
  return {};
}

}  // namespace product_sync::store
