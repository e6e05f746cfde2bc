#include "alert/rules.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/bytes.hpp"

namespace product_sync::alert {
namespace {

/// `3 h 20 min`
std::string span_text(Instant::duration span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span).count();
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} days", minutes / (24 * 60));
}

using Found = std::optional<Finding>;

Found freshness(const SiteFacts& facts, const Limits& limits) {
  if (limits.freshness.count() == 0 || !facts.oldest_change) return std::nullopt;
  const auto age = facts.now - *facts.oldest_change;
  if (age < limits.freshness) return std::nullopt;
  return Finding{"freshness",
                 fmt::format("Site {}: a change has waited for {} to be read and delivered.", facts.site, span_text(age)),
                 fmt::format("\"product-sync status --site {}\" shows what waits, \"product-sync check\" what is wrong.",
                             facts.site)};
}

Found run_failed(const SiteFacts& facts, const Limits& limits) {
  if (!limits.run_failed || facts.failed.empty()) return std::nullopt;
  const auto& run = facts.failed.front();
  return Finding{"run_failed",
                 fmt::format("Site {}: the {} sync {} failed: {}", facts.site, store::to_text(run.what.type), run.id, run.error),
                 "It ends by itself when a sync of this type comes to its end."};
}

Found withdrawals_held(const SiteFacts& facts, const Limits& limits) {
  if (!limits.withdrawals_held || !facts.held) return std::nullopt;
  return Finding{"withdrawals_held",
                 fmt::format("Site {}: {} of {} products would be withdrawn, and wait for your word.", facts.site,
                             facts.held->products, facts.held->known),
                 fmt::format("Look at plan {} with \"product-sync withdrawals\", then confirm or discard it.", facts.held->id)};
}

Found rejected(const SiteFacts& facts, const Limits& limits) {
  if (limits.rejected == 0 || facts.rejected < limits.rejected) return std::nullopt;
  return Finding{"rejected", fmt::format("Site {}: Rithum has refused {} products.", facts.site, facts.rejected),
                 "GET /v1/sites/{site}/products?state=rejected lists them with their reasons."};
}

/// A site whose items change without a word from Acumatica has lost its push notifications.
Found silence(const SiteFacts& facts, const Limits& limits) {
  if (limits.silence.count() == 0 || !facts.expects_notifications || !facts.change_found) return std::nullopt;
  const bool told_since = facts.last_notification && *facts.last_notification >= *facts.change_found - limits.silence;
  if (told_since) return std::nullopt;
  const auto since = facts.last_notification
                         ? fmt::format("for {}", span_text(facts.now - *facts.last_notification))
                         : std::string("ever");
  return Finding{"silence",
                 fmt::format("Site {}: items change, but no notification has come {}.", facts.site, since),
                 "Look at Push Notifications (SM302000) and at failed notifications there (SM502000)."};
}

Found schedule_skipped(const SiteFacts& facts, const Limits& limits) {
  if (!limits.schedule_skipped || facts.skipped.empty()) return std::nullopt;
  const auto& first = facts.skipped.front();
  return Finding{"schedule_skipped",
                 fmt::format("Site {}: schedule \"{}\" was left out at {}: {}", facts.site, first.name,
                             to_iso8601(first.skip.occurrence), first.skip.reason),
                 "It ends by itself when the schedule starts again."};
}

Found grant_unused(const SiteFacts& facts, const Limits& limits) {
  if (limits.grant_unused.count() == 0 || !facts.grant_renewed) return std::nullopt;
  const auto age = facts.now - *facts.grant_renewed;
  if (age < limits.grant_unused) return std::nullopt;
  return Finding{"grant_unused",
                 fmt::format("Site {}: the sign-in at Acumatica was last renewed {} ago, and may lapse.", facts.site,
                             span_text(age)),
                 "Run a sync. Tokens end for good unless SM303010 says sliding and infinite."};
}

Found disk(const SystemFacts& facts, const Limits& limits) {
  if (limits.disk == 0 || facts.free_bytes >= limits.disk) return std::nullopt;
  return Finding{"disk", fmt::format("{} are free on the disk of the data directory.", human_bytes(facts.free_bytes)),
                 "Make room. Below store.disk_floor notifications are refused."};
}

struct SiteRule {
  std::string_view name;
  Found (*look)(const SiteFacts&, const Limits&);
};
constexpr std::array kSiteRules{
    SiteRule{"freshness", freshness},   SiteRule{"run_failed", run_failed}, SiteRule{"withdrawals_held", withdrawals_held},
    SiteRule{"rejected", rejected},     SiteRule{"silence", silence},       SiteRule{"schedule_skipped", schedule_skipped},
    SiteRule{"grant_unused", grant_unused},
};

struct SystemRule {
  std::string_view name;
  Found (*look)(const SystemFacts&, const Limits&);
};
constexpr std::array kSystemRules{SystemRule{"disk", disk}};

template <class Rules, class Facts>
std::vector<Finding> look(const Rules& rules, const Facts& facts, const Limits& limits) {
  std::vector<Finding> found;
  for (const auto& rule : rules) {
    if (auto one = rule.look(facts, limits)) found.push_back(std::move(*one));
  }
  return found;
}

}  // namespace

std::vector<Finding> findings(const SiteFacts& facts, const Limits& limits) { return look(kSiteRules, facts, limits); }
std::vector<Finding> findings(const SystemFacts& facts, const Limits& limits) { return look(kSystemRules, facts, limits); }

std::vector<std::string_view> rule_names() {
  std::vector<std::string_view> names;
  for (const auto& rule : kSiteRules) names.push_back(rule.name);
  for (const auto& rule : kSystemRules) names.push_back(rule.name);
  return names;
}

}  // namespace product_sync::alert
