#include "sync/drift_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "catalog/withdrawal.hpp"
#include "sync/subject.hpp"

namespace product_sync::sync {
namespace {

using store::DriftKind;
using store::LedgerEntry;
using store::ProductState;

constexpr std::size_t kComparedAtOnce = 500;  // products between two commits
/// Of one report: enough to work with, and a limit to what a wrong profile ID costs.
constexpr std::uint64_t kMostRows = 50'000;
constexpr std::size_t kLongestValue = 500;  // bytes of a value in a report
constexpr std::string_view kSeen = "seen";

/// Whether Rithum should hold what the ledger says: it was told, took it as far as is known, and the item is exported.
bool is_owned(const LedgerEntry& entry) {
  using enum ProductState;
  if (!entry.sent_at || !entry.read_at || entry.told.empty()) return false;
  if (entry.content_hash == catalog::kWithdrawnContent) return false;
  return entry.state == pending || entry.state == sent || entry.state == confirmed || entry.state == overdue ||
         entry.state == parked;
}

std::set<std::string, std::less<>> owned_keys(const catalog::Mapping& mapping) {
  std::set<std::string, std::less<>> keys{"Classification"};
  for (const auto& value : mapping.values) keys.insert(value.key());
  return keys;
}

std::string in_report(std::string_view value) { return std::string(clip_utf8(value, kLongestValue)); }

}  // namespace

DriftComparison::DriftComparison(Options options, const catalog::Mapping& mapping, const RepairPolicy& policy,
                                 Repair& repair, store::ReportId report, store::ActiveRun& active, store::Store& store)
    : options_(std::move(options)),
      policy_(policy),
      repair_(repair),
      report_(report),
      active_(active),
      store_(store),
      wanted_(comparable_values(mapping)),
      owned_(owned_keys(mapping)) {}

Result<void> DriftComparison::take(rithum::ShownProduct&& shown) {
  page_.push_back(std::move(shown));
  return page_.size() < kComparedAtOnce ? Result<void>{} : take_page();
}

Result<void> DriftComparison::take_page() {
  if (!seen_) {
    auto scratch = store_.scratch();
    if (!scratch) return tl::unexpected(std::move(scratch.error()));
    seen_ = std::move(*scratch);
  }
  const auto page = std::exchange(page_, {});
  std::vector<std::string> keys;
  keys.reserve(page.size());
  for (const auto& shown : page) keys.push_back(key_of(shown.sku));
  const auto entries = store_.ledger().find(options_.site, keys);
  if (!entries) return tl::unexpected(entries.error());
  for (std::size_t i = 0; i < page.size(); ++i) {
    // Rithum's pages may bring a product twice when others are made or deleted meanwhile.
    const auto before = seen_->get(kSeen, keys[i]);
    if (!before) return tl::unexpected(before.error());
    if (*before) continue;
    if (auto noted = seen_->put(kSeen, keys[i], {}); !noted) return noted;
    ++counts_.shown;
    const auto entry = entries->find(keys[i]);
    if (entry == entries->end()) {
      ++counts_.extra;
      add({0, DriftKind::extra, page[i].sku, page[i].id, {}, {}, {}, store::Remedy::untouched});
    } else if (auto compared = compare(entry->second, page[i]); !compared) {
      return compared;
    }
  }
  return flush();
}

Result<void> DriftComparison::compare(const LedgerEntry& entry, const rithum::ShownProduct& shown) {
  if (!is_owned(entry)) return {};
  auto differences = shown_differences(entry.told, shown, wanted_);
  // An earlier mapping may have told what this one has nothing to say of.
  std::erase_if(differences, [&](const auto& difference) { return !owned_.contains(difference.key); });
  if (differences.empty()) {
    ++counts_.equal;
    return {};
  }
  if (is_on_its_way(entry)) {
    ++counts_.on_their_way;
    return {};
  }
  return report_different(entry, shown, differences);
}

Result<void> DriftComparison::report_different(const LedgerEntry& entry, const rithum::ShownProduct& shown,
                                               const std::vector<ShownDifference>& differences) {
  ++counts_.different;
  std::vector<ShownDifference> ours;
  for (const auto& difference : differences) {
    ++counts_.fields[difference.key];
    if (policy_.ours_wins(difference.key)) ours.push_back(difference);
  }
  store::Remedy repaired = store::Remedy::report_only;
  if (!ours.empty()) {
    const auto outcome = entry.state == ProductState::parked ? store::Remedy::not_in_order : repair_.send_values(entry, ours);
    if (!outcome) return tl::unexpected(outcome.error());
    repaired = *outcome;
  }
  if (repaired != store::Remedy::sent || ours.size() < differences.size()) ++counts_.left;
  for (const auto& difference : differences) {
    const bool is_ours = policy_.ours_wins(difference.key);
    add({0, DriftKind::different, entry.sku, shown.id, difference.key, in_report(difference.told),
         in_report(difference.shown), is_ours ? repaired : store::Remedy::report_only});
  }
  return {};
}

Result<void> DriftComparison::report_missing(const LedgerEntry& entry) {
  ++counts_.missing;
  Result<store::Remedy> remedy = store::Remedy::report_only;
  if (entry.state == ProductState::parked) {
    remedy = store::Remedy::not_in_order;
  } else if (policy_.missing) {
    remedy = repair_.send_whole(entry);
  }
  if (!remedy) return tl::unexpected(remedy.error());
  if (*remedy != store::Remedy::sent) ++counts_.left;
  add({0, DriftKind::missing, entry.sku, entry.product_id, {}, {}, {}, *remedy});
  return {};
}

Result<void> DriftComparison::finish() {
  if (auto taken = take_page(); !taken) return taken;
  store::LedgerFilter filter;
  filter.limit = kComparedAtOnce;
  while (true) {
    const auto entries = store_.ledger().list(options_.site, filter);
    if (!entries) return tl::unexpected(entries.error());
    for (const auto& entry : *entries) {
      filter.after_key = key_of(entry.sku);
      if (!is_owned(entry)) continue;
      ++counts_.told;
      const auto shown = was_shown(filter.after_key);
      if (!shown) return tl::unexpected(shown.error());
      if (*shown) continue;
      if (is_on_its_way(entry)) {
        ++counts_.on_their_way;
      } else if (auto reported = report_missing(entry); !reported) {
        return reported;
      }
    }
    if (auto flushed = flush(); !flushed) return flushed;
    if (entries->size() < kComparedAtOnce) return {};
  }
}

/// Asked for keys that rise, it walks along what was seen, whose order is the same.
Result<bool> DriftComparison::was_shown(const std::string& key) {
  while (true) {
    while (seen_at_ < seen_page_.size() && seen_page_[seen_at_].key < key) ++seen_at_;
    if (seen_at_ < seen_page_.size()) return seen_page_[seen_at_].key == key;
    if (!seen_page_.empty()) seen_after_ = seen_page_.back().key;
    auto next = seen_->next(kSeen, {}, seen_after_, kComparedAtOnce);
    if (!next) return tl::unexpected(std::move(next.error()));
    if (next->empty()) return false;
    seen_page_ = std::move(*next);
    seen_at_ = 0;
  }
}

bool DriftComparison::is_on_its_way(const LedgerEntry& entry) const {
  if (entry.state == ProductState::pending || entry.content_hash.empty()) return true;
  if (entry.changed_at >= options_.began || *entry.sent_at >= options_.began) return true;
  return entry.state == ProductState::sent && *entry.sent_at > options_.sent_late;
}

void DriftComparison::add(store::DriftRow row) {
  if (rows_kept_ >= kMostRows) {
    ++counts_.rows_left_out;
    return;
  }
  ++rows_kept_;
  rows_.push_back(std::move(row));
}

Result<void> DriftComparison::flush() {
  if (auto staged = repair_.flush(); !staged) return staged;
  if (auto kept = store_.reconciliations().add(report_, std::exchange(rows_, {})); !kept) return kept;
  const auto cancel = active_.cancel_requested();
  if (!cancel) return tl::unexpected(cancel.error());
  if (*cancel) return cancelled(fmt::format("Run {}", active_.run().id));
  counts_.to_send = repair_.products();
  store::RunCounts so_far;
  so_far.read = counts_.shown;
  return active_.progress(so_far);
}

}  // namespace product_sync::sync
