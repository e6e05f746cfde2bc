#include "sync/reconciliation.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/work.hpp"
#include "sync/drift_comparison.hpp"
#include "sync/watched_run.hpp"

namespace product_sync::sync {
namespace {

store::RunCounts run_counts(const store::DriftCounts& counts, bool repair) {
  store::RunCounts run;
  run.read = counts.shown;
  run.eligible = counts.told;
  run.unchanged = counts.equal;
  run.rows = repair ? counts.to_send : 0;
  return run;
}

store::RunState state_after(const Result<void>& done, const store::DriftCounts& counts) {
  if (!done) return done.error().retry == Retry::cancelled ? store::RunState::cancelled : store::RunState::failed;
  return counts.left > 0 ? store::RunState::partial : store::RunState::succeeded;
}

}  // namespace

struct Reconciliation::Outcome {
  store::DriftCounts counts;
  bool repaired = false;
  std::string file_names;
};

Reconciliation::Reconciliation(Options options, FeedPlan plan, rithum::ProductReader& reader,
                               rithum::ProductExport& exporter, Delivery& delivery, store::Store& store, Clock& clock,
                               Logger& log, EventBus* events)
    : options_(std::move(options)),
      plan_(std::move(plan)),
      reader_(reader),
      exporter_(exporter),
      delivery_(delivery),
      store_(store),
      clock_(clock),
      log_(log),
      events_(events) {}

Result<std::unique_ptr<store::ActiveRun>> Reconciliation::begin(const ReconcileRequest& request) {
  return begin_watched(
      {options_.site, store::RunType::reconcile, request.trigger, std::nullopt, std::nullopt, /*dry_run=*/false},
      store_.runs(), events_, clock_);
}

store::Run Reconciliation::execute(store::ActiveRun& active, const ReconcileRequest& request, std::stop_token stop) {
  const Work traced(active.run().id);
  log_.info(
      "run.started", fmt::format("The comparison of site {} with Rithum has begun.", options_.site),
      {{"site", options_.site}, {"run", active.run().id}, {"trigger", request.trigger}, {"repair", request.repair}});
  Outcome outcome;
  const auto done = work(active, request, outcome, std::move(stop));
  return finish(active, outcome, done);
}

Result<void> Reconciliation::work(store::ActiveRun& active, const ReconcileRequest& request, Outcome& outcome,
                                  std::stop_token stop) {
  const auto& run = active.run();
  const auto most = request.most.value_or(options_.most);
  const auto report = store_.reconciliations().begin(options_.site, run.id, request.repair, most);
  if (!report) return tl::unexpected(report.error());

  Repair repair(plan_, {request.repair, most}, run, store_, clock_, log_);
  DriftComparison comparison({options_.site, run.started, clock_.now() - options_.overdue_after}, plan_.mapping,
                             options_.policy, repair, *report, active, store_);
  const auto take = [&](rithum::ShownProduct&& shown) { return comparison.take(std::move(shown)); };
  const auto products = reader_.count(stop);
  if (!products) return tl::unexpected(products.error());
  const auto read = *products <= options_.filtered_reads_up_to ? reader_.read_all(comparison.wanted(), take, stop)
                                                               : exporter_.read_all(comparison.wanted(), take, stop);
  if (!read) return read;
  if (auto compared = comparison.finish(); !compared) return compared;

  outcome.counts = comparison.counts();
  outcome.repaired = request.repair;
  const auto sealed = repair.finish();
  if (!sealed) return tl::unexpected(sealed.error());
  if (auto kept = store_.reconciliations().complete(*report, outcome.counts, clock_.now()); !kept) return kept;
  if (!*sealed) return {};
  outcome.file_names = (*sealed)->names;
  return delivery_.drain((*sealed)->last, std::move(stop));
}

store::Run Reconciliation::finish(store::ActiveRun& active, const Outcome& outcome, const Result<void>& done) {
  const auto& counts = outcome.counts;
  const Error* error = done ? nullptr : &done.error();
  store::Run run = active.run();
  run.state = state_after(done, counts);
  run.counts = run_counts(counts, outcome.repaired);
  run.file_name = outcome.file_names;
  run.finished = clock_.now();
  if (error != nullptr) {
    run.error_code = error->code;
    run.error = error->text();
    log_.error("run.failed", run.error, {{"site", options_.site}, {"run", run.id}, {"code", error->code}});
  }
  if (auto recorded = active.finish(run.state, run.counts, run.file_name, error); !recorded) {
    log_.error("run.not_recorded", recorded.error().text(), {{"site", options_.site}, {"run", run.id}});
  }
  const auto text =
      fmt::format("The comparison of site {} with Rithum: {} missing, {} different, {} extra; {}.", options_.site,
                  counts.missing, counts.different, counts.extra, store::to_text(run.state));
  log_.info("run.finished", text,
            {{"site", options_.site},
             {"run", run.id},
             {"state", store::to_text(run.state)},
             {"shown", counts.shown},
             {"equal", counts.equal},
             {"on_their_way", counts.on_their_way},
             {"sent_again", run.counts.rows},
             {"left", counts.left},
             {"file", run.file_name}});
  return run;
}

}  // namespace product_sync::sync
