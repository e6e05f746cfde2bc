#include "alert/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace product_sync::alert {
namespace {

/// Alerts that are looked at in one round.
constexpr std::size_t kMostAlerts = 1'000;

/// What is to be told of it now; nothing when people know it all.
std::optional<Notice::Kind> due(const store::Alert& alert, Instant now, std::chrono::hours repeat) {
  if (alert.recovered) {
    // What nobody heard of need not be taken back.
    return alert.told && !alert.recovery_told ? std::optional(Notice::Kind::recovered) : std::nullopt;
  }
  if (!alert.told) return Notice::Kind::raised;
  if (repeat.count() > 0 && now - *alert.told >= repeat) return Notice::Kind::reminder;
  return std::nullopt;
}

}  // namespace

Result<Monotonic> Watch::round(std::stop_token stop) {
  for (const auto& site : sites_) {
    const auto facts = facts_of(site, store_, clock_);
    if (!facts) return tl::unexpected(facts.error());
    if (auto done = compare(site.id, findings(*facts, options_.limits)); !done) return tl::unexpected(done.error());
  }
  const auto system = system_facts(options_.directory);
  if (!system) return tl::unexpected(system.error());
  if (auto done = compare({}, findings(*system, options_.limits)); !done) return tl::unexpected(done.error());

  const auto alerts = store_.alerts().list(/*open_only=*/false, kMostAlerts);
  if (!alerts) return tl::unexpected(alerts.error());
  for (auto alert = alerts->rbegin(); alert != alerts->rend(); ++alert) {
    if (auto told = tell_open(*alert, stop); !told) return tl::unexpected(told.error());
  }
  if (auto done = store_.alerts().forget(clock_.now() - options_.remember); !done) return tl::unexpected(done.error());
  return clock_.monotonic() + options_.interval;
}

/// Opens what is found, and closes what is not found any more.
Result<void> Watch::compare(const std::string& site, const std::vector<Finding>& found) {
  const auto now = clock_.now();
  for (const auto& one : found) {
    if (auto done = store_.alerts().raise(site, one.rule, one.message, one.remedy, now); !done) return done;
  }
  const auto open = store_.alerts().list(/*open_only=*/true, kMostAlerts);
  if (!open) return tl::unexpected(open.error());
  for (const auto& alert : *open) {
    if (alert.site != site || std::ranges::find(found, alert.rule, &Finding::rule) != found.end()) continue;
    if (auto done = store_.alerts().recover(site, alert.rule, now); !done) return done;
  }
  return {};
}

Result<void> Watch::tell_open(const store::Alert& alert, std::stop_token stop) {
  const auto kind = due(alert, clock_.now(), options_.repeat);
  if (!kind) return {};
  const Notice notice{*kind, alert.site, alert.rule, alert.message, alert.remedy, alert.since};
  if (*kind == Notice::Kind::recovered) {
    log_.info("alert.recovered", notice.message, {{"site", notice.site}, {"rule", notice.rule}});
  } else {
    log_.error(fmt::format("alert.{}", to_text(*kind)), notice.message,
               {{"site", notice.site}, {"rule", notice.rule}, {"remedy", notice.remedy}});
  }
  if (auto told = tell_all(notice, std::move(stop)); !told) return told;
  return store_.alerts().told(alert.number, clock_.now());
}

/// Every channel is tried; when one fails, all of them hear of it again.
Result<void> Watch::tell_all(const Notice& notice, std::stop_token stop) {
  Result<void> outcome;
  for (const auto& channel : channels_) {
    auto told = channel->tell(notice, stop);
    if (told) continue;
    log_.warning("alert.not_told", told.error().text(), {{"channel", channel->describe()}, {"code", told.error().code}});
    if (outcome) outcome = std::move(told);
  }
  return outcome;
}

Result<void> Watch::test(std::stop_token stop) {
  return tell_all({Notice::Kind::test, {}, "test", "This is a test: alerts of Product Sync arrive here.", {}, clock_.now()},
                  std::move(stop));
}

}  // namespace product_sync::alert
