#include "sync/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "acumatica/handed_keys.hpp"
#include "base/backoff.hpp"
#include "base/bytes.hpp"
#include "catalog/sku_clash.hpp"
#include "sync/assembly.hpp"
#include "sync/judgement.hpp"
#include "sync/source_check.hpp"

namespace product_sync::sync {
namespace {

using acumatica::Everything;
using acumatica::Keys;
using acumatica::ReadSummary;
using acumatica::Selection;
using catalog::Item;

constexpr std::size_t kAskedForAtOnce = 500;
constexpr Backoff kRetryPause{.first = std::chrono::seconds{30}, .longest = std::chrono::hours{6}};

/// One run's way from its selection to its feed.
class Pass {
 public:
  Pass(const FeedPlan& plan, const PipelineRequest& request, acumatica::ItemSource& source, store::Store& store,
       store::ActiveRun& active, store::RunCounts& counts, Clock& clock, Logger& log, std::stop_token stop)
      : plan_(plan),
        request_(request),
        source_(source),
        store_(store),
        active_(active),
        counts_(counts),
        clock_(clock),
        log_(log),
        stop_(std::move(stop)),
        everything_(std::holds_alternative<Everything>(request.selection)),
        sources_(plan),
        settlement_(plan, request.plan, store, active, counts, clock),
        assembly_(plan, store, everything_) {}

  Result<PipelineOutcome> run() {
    if (auto done = read_selection(); !done) return tl::unexpected(done.error());
    if (auto done = read_unseen(); !done) return tl::unexpected(done.error());
    if (auto done = read_wanted(); !done) return tl::unexpected(done.error());
    const auto again = assembly_.settle(settlement_);
    if (!again) return tl::unexpected(again.error());
    if (auto kept = read_again(*again); !kept) return tl::unexpected(kept.error());
    if (auto told = active_.progress(counts_); !told) return tl::unexpected(told.error());
    return finish();
  }

 private:
  [[nodiscard]] bool dry_run() const { return active_.run().what.dry_run; }
  [[nodiscard]] bool has_bundles() const { return plan_.mapping.bundles.has_value(); }

  Result<void> read_selection() {
    if (const auto* keys = std::get_if<Keys>(&request_.selection)) {
      for (const auto& id : keys->inventory_ids) assembly_.asked_for(id);
    } else if (has_bundles()) {
      // Before the items: then it is known which of them are components.
      const auto take = [&](const catalog::KitSpecification& kit) -> Result<void> {
        if (everything_) return assembly_.add(kit);
        assembly_.changed_kit(kit.kit_id);
        return {};
      };
      if (auto done = read_kits(request_.selection, take); !done) return done;
    }
    return read_items(request_.selection);
  }

  /// Products whose items were not among all that there are: each is asked for by its key, which alone proves that it is
  /// gone.
  Result<void> read_unseen() {
    if (!everything_) return {};
    seen_.seal();
    std::string after;
    while (true) {
      const auto owners = store_.ledger().on_channels(plan_.site, after, kAskedForAtOnce);
      if (!owners) return tl::unexpected(owners.error());
      Keys unseen;
      for (const auto& owner : *owners) {
        if (!seen_.contains(owner.inventory_id)) unseen.inventory_ids.push_back(owner.inventory_id);
      }
      if (!unseen.inventory_ids.empty()) {
        if (auto done = read_items(unseen); !done) return done;
      }
      if (owners->size() < kAskedForAtOnce) return {};
      after = owners->back().sku_key;
    }
  }

  /// What the items read so far depend on, until nothing is missing.
  Result<void> read_wanted() {
    while (true) {
      if (auto done = settle_disputes(); !done) return done;
      auto wanted = assembly_.take_wanted();
      if (wanted.empty()) {
        if (auto judged = assembly_.judge(); !judged) return judged;
        wanted = assembly_.take_wanted();
        if (wanted.empty()) return {};
      }
      if (!wanted.kits.empty()) {
        const auto take = [&](const catalog::KitSpecification& kit) { return assembly_.add(kit); };
        if (auto done = read_kits(Keys{wanted.kits}, take); !done) return done;
      }
      if (!wanted.items.empty()) {
        if (auto done = read_items(Keys{wanted.items}); !done) return done;
      }
    }
  }

  template <class Take>
  Result<void> read_kits(const Selection& selection, const Take& take) {
    const auto on_page = [&](std::vector<catalog::KitSpecification>&& page) -> Result<void> {
      if (auto going = going_on(); !going) return going;
      for (const auto& kit : page) {
        if (auto taken = take(kit); !taken) return taken;
      }
      return {};
    };
    const auto summary = source_.read_kits(selection, on_page, stop_);
    if (!summary) return tl::unexpected(summary.error());
    return failed(*summary);
  }

  Result<void> read_items(const Selection& selection) {
    read_at_ = clock_.now();
    const auto on_page = [&](std::vector<Item>&& items) -> Result<void> {
      if (auto going = going_on(); !going) return going;
      return page(items);
    };
    const auto summary = source_.read(selection, on_page, stop_);
    if (!summary) return tl::unexpected(summary.error());
    if (auto noted = missing(*summary); !noted) return noted;
    return failed(*summary);
  }

  Result<void> going_on() {
    const auto cancel = active_.cancel_requested();
    if (!cancel) return tl::unexpected(cancel.error());
    if (*cancel) return cancelled(fmt::format("Run {}", active_.run().id));
    return {};
  }

  Result<void> page(const std::vector<Item>& items) {
    std::vector<std::string> keys;
    keys.reserve(items.size());
    for (const auto& item : items) keys.push_back(key_of(item.inventory_id));
    const auto known = settlement_.known(keys);
    if (!known) return tl::unexpected(known.error());
    std::map<std::string, std::string> here;  // inventory IDs of this page, by key
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto found = known->find(keys[i]);
      const auto* before = found == known->end() ? nullptr : &found->second;
      ++counts_.read;
      if (request_.awaited != nullptr) request_.awaited->erase(items[i].inventory_id);
      if (everything_) seen_.add(items[i].inventory_id);
      const auto& first = here.emplace(keys[i], items[i].inventory_id).first->second;
      if (is_disputed(keys[i], items[i].inventory_id, first, before)) continue;
      if (auto done = judge(items[i], keys[i], before); !done) return done;
    }
    if (auto flushed = settlement_.flush(); !flushed) return flushed;
    read_at_ = clock_.now();  // the next page is asked for after this moment
    return active_.progress(counts_);
  }

  Result<void> judge(const Item& item, const std::string& key, const store::Known* before) {
    std::string hash;
    if (!assembly_.concerns(item)) {
      hash = sources_.hash(item);
      const auto settled = is_settled(key, hash, before);
      if (!settled) return tl::unexpected(settled.error());
      if (*settled) {
        settlement_.stays(*before);
        return {};
      }
    }
    return judge_item({item, key, std::move(hash), read_at_, before}, plan_.mapping, assembly_, settlement_);
  }

  /// Whether an item that stands alone need not be mapped. Only where everything is read: elsewhere items have changed.
  Result<bool> is_settled(const std::string& key, const std::string& hash, const store::Known* before) {
    if (!everything_ || !plan_.trust_sources || !SourceCheck::is_settled(hash, before)) return false;
    if (request_.plan && before->state == store::ProductState::parked) return false;  // a plan says why
    const auto component = assembly_.is_component(key);
    if (!component) return tl::unexpected(component.error());
    return !*component;
  }

  /// Keys that were asked for and do not exist: a product that the ledger knows is no longer exported.
  Result<void> missing(const ReadSummary& summary) {
    for (const auto& id : summary.missing) {
      const auto key = key_of(id);
      if (auto noted = assembly_.gone(id); !noted) return noted;
      const auto known = settlement_.known(std::vector{key});
      if (!known) return tl::unexpected(known.error());
      const auto before = known->find(key);
      if (before == known->end() || is_disputed(key, id, id, &before->second)) continue;
      if (auto left = gone(id, key, before->second); !left) return left;
    }
    return settlement_.flush();
  }

  Result<void> gone(const std::string& id, const std::string& key, const store::Known& before) {
    const auto entry = store_.ledger().find(plan_.site, key);
    if (!entry) return tl::unexpected(entry.error());
    if (!*entry) return {};
    // Templates are not read without variations, so nothing is known of them.
    const bool is_looked_for = (*entry)->kind != catalog::ProductKind::parent || plan_.mapping.variations.has_value();
    const catalog::NotExported why{{"item.missing", fmt::format("Acumatica has no item {} any more.", id)}, is_looked_for};
    return settlement_.leave_out({key, (*entry)->sku, id, (*entry)->kind, (*entry)->parent}, why, read_at_, &before);
  }

  /// Whether the item may share its SKU with another one: with `first`, the first of its page with that key, or with the
  /// one that the ledger knows. What becomes of them is decided when each has been read by its key.
  bool is_disputed(const std::string& key, const std::string& id, const std::string& first,
                   const store::Known* before) {
    if (settled_.contains(key)) return true;
    std::set<std::string> others;
    if (catalog::clash(id, first)) others.insert(first);
    if (before != nullptr) {
      if (!before->inventory_id.empty() && catalog::clash(id, before->inventory_id)) others.insert(before->inventory_id);
      if (!before->twin.empty()) others.insert({before->inventory_id, before->twin});
    }
    if (others.empty() && !disputes_.contains(key)) return false;
    auto& ids = disputes_[key];
    ids.merge(others);
    ids.insert(id);
    return true;
  }

  /// Reads the items of disputed SKUs by their keys. Two that should be exported park the product; of one alone it is the
  /// product.
  Result<void> settle_disputes() {
    while (!disputes_.empty()) {
      const auto disputes = std::exchange(disputes_, {});
      Keys keys;
      for (const auto& [key, ids] : disputes) {
        if (auto back = settlement_.take_back(key); !back) return back;
        settled_.insert(key);
        keys.inventory_ids.insert(keys.inventory_ids.end(), ids.begin(), ids.end());
      }
      std::map<std::string, std::vector<Item>> found;
      read_at_ = clock_.now();
      const auto on_page = [&](std::vector<Item>&& items) -> Result<void> {
        if (auto going = going_on(); !going) return going;
        for (auto& item : items) found[key_of(item.inventory_id)].push_back(std::move(item));
        return {};
      };
      const auto summary = source_.read(keys, on_page, stop_);
      if (!summary) return tl::unexpected(summary.error());
      if (auto noted = failed(*summary); !noted) return noted;
      for (const auto& [key, ids] : disputes) {
        const bool all_read = std::ranges::none_of(ids, [&](const auto& id) { return unread_.contains(id); });
        if (!all_read) continue;
        if (auto settled = settle_dispute(key, *ids.begin(), found[key]); !settled) return settled;
      }
      if (auto flushed = settlement_.flush(); !flushed) return flushed;
    }
    return {};
  }

  Result<void> settle_dispute(const std::string& key, const std::string& id, const std::vector<Item>& items) {
    const auto known = settlement_.known(std::vector{key});
    if (!known) return tl::unexpected(known.error());
    const auto entry = known->find(key);
    const auto* before = entry == known->end() ? nullptr : &entry->second;
    std::vector<const Item*> exported;
    for (const auto& item : items) {
      const auto decision = catalog::decide(item, plan_.mapping);
      if (!std::holds_alternative<catalog::NotExported>(decision)) exported.push_back(&item);
    }
    if (exported.size() > 1) {
      const auto& twin = exported[1]->inventory_id;
      const catalog::Parked parked{{catalog::duplicate_sku(exported[0]->inventory_id, twin)}};
      return carry_out(parked, {*exported[0], key, {}, read_at_, before, twin}, plan_.mapping, assembly_, settlement_);
    }
    if (!exported.empty()) return judge(*exported[0], key, before);
    if (!items.empty()) return judge(items.front(), key, before);
    return before == nullptr ? Result<void>{} : gone(id, key, *before);
  }

  /// Items that could not be read stay on the retry list, each for longer the more often it failed.
  Result<void> failed(const ReadSummary& summary) {
    counts_.failed += summary.failed.size();
    std::vector<store::RetryEntry> entries;
    for (const auto& [id, error] : summary.failed) {
      unread_.insert(id);
      if (everything_) seen_.add(id);
      assembly_.unreadable(id);
      log_.warning("item.read_failed", error.message, {{"site", plan_.site}, {"item", id}, {"code", error.code}});
      const auto earlier = request_.failed_before.find(id);
      const int attempts = 1 + (earlier == request_.failed_before.end() ? 0 : earlier->second);
      entries.push_back({id, error.code, error.message, attempts,
                         clock_.now() + delay_after(kRetryPause, attempts, random_unit())});
    }
    if (entries.empty() || dry_run()) return {};
    return store_.retries().put(plan_.site, active_.run().id, entries, clock_.now());
  }

  /// Items that were read, but cannot be judged before another one has been read too.
  Result<void> read_again(const std::vector<std::string>& ids) {
    if (ids.empty() || dry_run()) return {};
    std::vector<store::RetryEntry> entries;
    for (const auto& id : ids) {
      unread_.insert(id);
      entries.push_back({id, "family.template_unreadable", "Its template could not be read.", 1,
                         clock_.now() + delay_after(kRetryPause, 1, random_unit())});
    }
    return store_.retries().put(plan_.site, active_.run().id, entries, clock_.now());
  }

  Result<PipelineOutcome> finish() {
    auto consumed = request_.consumed;
    std::erase_if(consumed.retried, [&](const std::string& id) { return unread_.contains(id); });
    const auto outcome = settlement_.finish(consumed, everything_);
    if (!outcome) return tl::unexpected(outcome.error());
    if (!dry_run()) {
      if (auto kept = assembly_.remember(); !kept) return tl::unexpected(kept.error());
    }
    if (!outcome->feed) return PipelineOutcome{{}, {}, outcome->held};
    return PipelineOutcome{outcome->feed->last, outcome->feed->names, outcome->held};
  }

  const FeedPlan& plan_;
  const PipelineRequest& request_;
  acumatica::ItemSource& source_;
  store::Store& store_;
  store::ActiveRun& active_;
  store::RunCounts& counts_;
  Clock& clock_;
  Logger& log_;
  const std::stop_token stop_;
  const bool everything_;
  const SourceCheck sources_;
  Settlement settlement_;
  Assembly assembly_;
  std::set<std::string> unread_;  ///< inventory IDs that stay on the retry list
  acumatica::HandedKeys seen_;    ///< inventory IDs, of a run that reads everything
  std::map<std::string, std::set<std::string>> disputes_;  ///< inventory IDs by the key of the SKU they may share
  std::set<std::string> settled_;                          ///< keys that were disputed and are decided
  Instant read_at_;               ///< a moment before the page now judged was asked for
};

}  // namespace

Pipeline::Pipeline(FeedPlan plan, acumatica::ItemSource& source, store::Store& store, Clock& clock, Logger& log)
    : plan_(std::move(plan)), source_(source), store_(store), clock_(clock), log_(log) {}

Result<PipelineOutcome> Pipeline::run(const PipelineRequest& request, store::ActiveRun& active,
                                      store::RunCounts& counts, std::stop_token stop) {
  return Pass(plan_, request, source_, store_, active, counts, clock_, log_, std::move(stop)).run();
}

store::AppliedMapping Pipeline::mapping() const { return {fingerprint(plan_), plan_.configuration, clock_.now()}; }

}  // namespace product_sync::sync
