#include "sync/site_sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/work.hpp"
#include "sync/watched_run.hpp"

namespace product_sync::sync {
namespace {

using store::RunState;
using store::RunType;

/// Items of the retry list that one run takes along, so that a long list does not hold up fresh changes.
constexpr std::size_t kRetriesPerRun = 200;
/// A full sync reads everything and so settles the whole list; more than this stay on it for the next run.
constexpr std::size_t kRetriesPerFullRun = 100'000;
/// Products of a plan that are read from the store at once.
constexpr std::size_t kPlannedAtOnce = 1'000;

RunState state_of(const Result<void>& outcome, const store::RunCounts& counts) {
  if (!outcome) return outcome.error().retry == Retry::cancelled ? RunState::cancelled : RunState::failed;
  return counts.failed > 0 || counts.parked > 0 || counts.held > 0 ? RunState::partial : RunState::succeeded;
}

}  // namespace

struct SiteSync::Passes {
  store::RunCounts counts;
  std::optional<store::FileId> last_file;
  std::string file_names;  ///< separated by a blank when a run wrote several
  std::optional<store::WithdrawalPlan> held;
};

SiteSync::SiteSync(std::string site, std::chrono::minutes overlap, Pipeline& pipeline, Delivery& delivery,
                   store::Store& store, Clock& clock, Logger& log, EventBus* events)
    : site_(std::move(site)),
      overlap_(overlap),
      pipeline_(pipeline),
      delivery_(delivery),
      store_(store),
      clock_(clock),
      log_(log),
      events_(events) {}

Result<std::unique_ptr<store::ActiveRun>> SiteSync::begin(const SyncRequest& request) {
  if (request.type == RunType::custom && request.from.has_value() != request.inventory_ids.empty()) {
    return fail("sync.bad_range",
                "A custom sync needs the date from which on changes are read, or the SKUs of its items, not both.",
                "Give --from (CLI) or \"from\" (API), and optionally an end; or --sku (CLI) or \"skus\" (API).");
  }
  if (request.from && request.to && *request.from >= *request.to) {
    return fail(
        "sync.bad_range",
        fmt::format("The range ends at {} and begins at {}.", to_iso8601(*request.to), to_iso8601(*request.from)),
        "Give a beginning before the end.");
  }
  return claim({site_, request.type, request.trigger, request.from, request.to, request.dry_run});
}

Result<std::unique_ptr<store::ActiveRun>> SiteSync::claim(store::NewRun what) {
  return begin_watched(std::move(what), store_.runs(), events_, clock_);
}

Result<PipelineRequest> SiteSync::retry_request(std::size_t limit) {
  const auto due = store_.retries().due(site_, clock_.now(), limit);
  if (!due) return tl::unexpected(due.error());
  PipelineRequest request;
  acumatica::Keys keys;
  for (const auto& entry : *due) {
    keys.inventory_ids.push_back(entry.inventory_id);
    request.failed_before.emplace(entry.inventory_id, entry.attempts);
  }
  request.consumed.retried = keys.inventory_ids;
  request.selection = std::move(keys);
  return request;
}

Result<void> SiteSync::select_passes(const SyncRequest& request, const store::Run& run,
                                     std::vector<PipelineRequest>& passes) {
  PipelineRequest main;
  main.plan = request.plan;
  main.selection = acumatica::Everything{};
  if (!request.inventory_ids.empty()) {
    main.selection = acumatica::Keys{request.inventory_ids};
  } else if (request.type == RunType::custom) {
    main.selection = acumatica::ModifiedBetween{*request.from, request.to};
  }
  if (request.type == RunType::delta) {
    const auto watermark = store_.watermarks().get(site_);
    if (!watermark) return tl::unexpected(watermark.error());
    if (*watermark) {
      if (auto compared = tell_of_new_mapping(run); !compared) return compared;
      main.selection = acumatica::ModifiedBetween{**watermark, std::nullopt};
    } else {
      log_.info("delta.first", "No sync has succeeded yet: this delta sync reads everything.",
                {{"site", site_}, {"run", run.id}});
    }
  }
  const bool everything = std::holds_alternative<acumatica::Everything>(main.selection);
  auto retries = retry_request(everything ? kRetriesPerFullRun : kRetriesPerRun);
  if (!retries) return tl::unexpected(std::move(retries.error()));
  if (everything) {
    main.consumed = std::move(retries->consumed);
    main.failed_before = std::move(retries->failed_before);
  }
  passes.push_back(std::move(main));
  if (!everything && request.type == RunType::delta && !retries->consumed.retried.empty()) {
    retries->plan = request.plan;
    passes.push_back(std::move(*retries));
  }
  return {};
}

/// Items that did not change follow a mapping that did with the next full sync.
Result<void> SiteSync::tell_of_new_mapping(const store::Run& run) {
  const auto applied = store_.applied_mappings().get(site_);
  if (!applied) return tl::unexpected(applied.error());
  if (!*applied || (*applied)->fingerprint == pipeline_.mapping().fingerprint) return {};
  log_.warning("delta.mapping_changed",
               "The mapping has changed since the last full sync: until the next one only changed items follow it.",
               {{"site", site_}, {"run", run.id}});
  return {};
}

Result<void> SiteSync::pass(PipelineRequest request, store::ActiveRun& active, Passes& passes, std::stop_token stop) {
  const auto outcome = pipeline_.run(request, active, passes.counts, std::move(stop));
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->held) passes.held = outcome->held;
  if (!outcome->last_file) return {};
  passes.last_file = outcome->last_file;
  if (!passes.file_names.empty()) passes.file_names += ' ';
  passes.file_names += outcome->file_names;
  return {};
}

Result<void> SiteSync::deliver(const Passes& passes, std::stop_token stop) {
  if (!passes.last_file) return {};
  return delivery_.drain(passes.last_file, std::move(stop));
}

/// Somebody wants it there now: what earlier runs could not deliver goes too, whenever its next attempt would be.
Result<void> SiteSync::deliver_waiting(const Passes& passes, std::stop_token stop) {
  if (passes.last_file) return deliver(passes, std::move(stop));  // those before it go first
  const auto waiting = delivery_.next_attempt();
  if (!waiting) return tl::unexpected(waiting.error());
  return *waiting ? delivery_.drain(std::nullopt, std::move(stop)) : Result<void>{};
}

store::Run SiteSync::execute(store::ActiveRun& active, const SyncRequest& request, std::stop_token stop) {
  const Work traced(active.run().id);
  log_.info("run.started", fmt::format("{} sync of site {} has begun.", store::to_text(request.type), site_),
            {{"site", site_}, {"run", active.run().id}, {"trigger", request.trigger}, {"dry_run", request.dry_run}});
  Passes passes;
  const auto work = [&]() -> Result<void> {
    std::vector<PipelineRequest> requests;
    if (auto selected = select_passes(request, active.run(), requests); !selected) return selected;
    std::set<std::string> unplanned;
    if (request.dry_run && requests.size() > 1) {  // a plan has each product once, also one that is due again anyway
      unplanned.insert(requests[1].consumed.retried.begin(), requests[1].consumed.retried.end());
      requests[0].awaited = &unplanned;
    }
    for (auto& next : requests) {
      const bool planned = request.dry_run && &next != &requests.front();
      if (planned && unplanned.empty()) break;
      if (planned) next.selection = acumatica::Keys{{unplanned.begin(), unplanned.end()}};
      if (auto done = pass(std::move(next), active, passes, stop); !done) return done;
    }
    if (request.dry_run) return {};
    if (auto delivered = deliver_waiting(passes, stop); !delivered) return delivered;
    if (request.type == RunType::custom) return {};
    if (request.type == RunType::full) {
      if (auto kept = store_.applied_mappings().put(site_, pipeline_.mapping()); !kept) return kept;
    }
    // Only now: everything changed before the run began has been delivered, or is on the retry list.
    return store_.watermarks().advance(site_, active.run().started - overlap_);
  };
  return finish(active, passes, work());
}

Result<store::Run> SiteSync::push(const Burst& burst, std::stop_token stop) {
  auto active = claim({site_, RunType::push, "notifications", std::nullopt, std::nullopt, false});
  if (!active) return tl::unexpected(std::move(active.error()));
  const Work traced((*active)->run().id);
  Passes passes;
  if (auto carried_on = read_burst(burst, **active, passes, stop); !carried_on) {
    static_cast<void>(finish(**active, passes, carried_on));
    return tl::unexpected(std::move(carried_on.error()));
  }
  return finish(**active, passes, deliver(passes, stop));
}

Result<void> SiteSync::read_burst(const Burst& burst, store::ActiveRun& active, Passes& passes, std::stop_token stop) {
  if (burst.by_modification_time) return read_flood(burst, active, passes, std::move(stop));
  PipelineRequest request;
  request.selection = acumatica::Keys{burst.keys};
  request.consumed.notifications = burst.notifications;
  return pass(std::move(request), active, passes, std::move(stop));
}

/// A modification time does not cover every kind of change (acumatica.md §2.6): keys that the read did not bring are
/// put on the retry list and read by themselves, a few at a time.
Result<void> SiteSync::read_flood(const Burst& burst, store::ActiveRun& active, Passes& passes, std::stop_token stop) {
  log_.warning("push.flood", "A flood of notifications: changed items are read by modification time, not one by one.",
               {{"site", site_}, {"keys", burst.keys.size()}, {"notifications", burst.notifications.size()}});
  std::set<std::string> awaited(burst.keys.begin(), burst.keys.end());
  PipelineRequest request;
  request.selection = acumatica::ModifiedBetween{burst.changed_since - overlap_, std::nullopt};
  request.awaited = &awaited;
  if (auto done = pass(std::move(request), active, passes, stop); !done) return done;

  std::vector<store::RetryEntry> entries;
  for (const auto& id : awaited) {
    entries.push_back({id, "push.not_in_delta", "Named by a notification of a flood, not found by modification time.",
                       0, clock_.now()});
  }
  if (auto kept = store_.retries().put(site_, active.run().id, entries, clock_.now()); !kept) return kept;
  return store_.inbox().complete(site_, active.run().id, burst.notifications);
}

Result<std::optional<store::Run>> SiteSync::retry_due(std::stop_token stop) {
  auto request = retry_request(kRetriesPerRun);
  if (!request) return tl::unexpected(std::move(request.error()));
  if (request->consumed.retried.empty()) return std::optional<store::Run>{};
  auto active = claim({site_, RunType::push, "retries", std::nullopt, std::nullopt, false});
  if (!active) return tl::unexpected(std::move(active.error()));
  const Work traced((*active)->run().id);
  Passes passes;
  const auto work = [&]() -> Result<void> {
    if (auto done = pass(std::move(*request), **active, passes, stop); !done) return done;
    return deliver(passes, stop);
  };
  return std::optional{finish(**active, passes, work())};
}

Result<PipelineRequest> SiteSync::withdrawal_request(const std::string& plan) {
  PipelineRequest request;
  acumatica::Keys keys;
  std::string after;
  while (true) {
    const auto products = store_.withdrawal_plans().products(site_, plan, after, kPlannedAtOnce);
    if (!products) return tl::unexpected(products.error());
    for (const auto& product : *products) keys.inventory_ids.push_back(product.inventory_id);
    if (products->size() < kPlannedAtOnce) break;
    after = products->back().sku_key;
  }
  request.selection = std::move(keys);
  return request;
}

Result<std::optional<store::Run>> SiteSync::withdraw_confirmed(std::stop_token stop) {
  const auto plans = store_.withdrawal_plans().list(site_);
  if (!plans) return tl::unexpected(plans.error());
  const auto plan =
      std::ranges::find_if(*plans, [](const store::WithdrawalPlan& one) { return one.confirmed.has_value(); });
  if (plan == plans->end()) return std::optional<store::Run>{};
  auto active = claim({site_, RunType::push, std::string(store::kConfirmedWithdrawals), std::nullopt, std::nullopt, false});
  if (!active) return tl::unexpected(std::move(active.error()));
  const Work traced((*active)->run().id);
  Passes passes;
  const auto work = [&]() -> Result<void> {
    auto request = withdrawal_request(plan->id);
    if (!request) return tl::unexpected(std::move(request.error()));
    if (auto done = pass(std::move(*request), **active, passes, stop); !done) return done;
    if (auto done = store_.withdrawal_plans().forget(site_, plan->id); !done) return done;
    return deliver(passes, stop);
  };
  return std::optional{finish(**active, passes, work())};
}

Error SiteSync::tell_held(const store::WithdrawalPlan& plan, const store::Run& run) const {
  const auto message = fmt::format("{} of {} products of site {} would be withdrawn: more than may be without a look, "
                                   "earlier withdrawals included. None of them was.",
                                   plan.products, plan.known, site_);
  const auto remedy = fmt::format("Look at plan {} with product-sync withdrawals, then confirm or discard it.", plan.id);
  log_.error("withdrawals.held", fmt::format("{} {}", message, remedy),
             {{"site", site_}, {"run", run.id}, {"plan", plan.id}, {"products", plan.products}, {"known", plan.known}});
  return fail("withdrawals.held", message, remedy).value();
}

store::Run SiteSync::finish(store::ActiveRun& active, const Passes& passes, const Result<void>& outcome) {
  const auto state = state_of(outcome, passes.counts);
  const Error* error = outcome ? nullptr : &outcome.error();
  store::Run run = active.run();
  std::optional<Error> held;
  if (passes.held) held = tell_held(*passes.held, run);
  if (error == nullptr && held) error = &*held;
  run.state = state;
  run.counts = passes.counts;
  run.file_name = passes.file_names;
  run.finished = clock_.now();
  if (error != nullptr) {
    run.error_code = error->code;
    run.error = error->text();
    if (state == RunState::failed) {
      log_.error("run.failed", run.error, {{"site", site_}, {"run", run.id}, {"code", error->code}});
    }
  }
  if (auto recorded = active.finish(state, passes.counts, passes.file_names, error); !recorded) {
    log_.error("run.not_recorded", recorded.error().text(), {{"site", site_}, {"run", run.id}});
  }
  const auto& counts = passes.counts;
  log_.info(
      "run.finished",
      fmt::format("{} sync of site {}: {}.", store::to_text(run.what.type), site_, store::to_text(state)),
      {{"site", site_},
       {"run", run.id},
       {"state", store::to_text(state)},
       {"read", counts.read},
       {"eligible", counts.eligible},
       {"not_exported", counts.not_exported},
       {"unchanged", counts.unchanged},
       {"rows", counts.rows},
       {"parked", counts.parked},
       {"failed", counts.failed},
       {"withdrawn", counts.withdrawn},
       {"held", counts.held},
       {"file", run.file_name},
       {"elapsed_ms", std::chrono::duration_cast<std::chrono::milliseconds>(*run.finished - run.started).count()}});
  return run;
}

}  // namespace product_sync::sync
