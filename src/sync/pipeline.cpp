#include "sync/pipeline.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/backoff.hpp"
#include "base/bytes.hpp"
#include "catalog/family.hpp"
#include "sync/assembly.hpp"

namespace product_sync::sync {
namespace {

using acumatica::Everything;
using acumatica::Keys;
using acumatica::ReadSummary;
using acumatica::Selection;
using catalog::Item;

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
        settlement_(plan, request.plan, store, active, counts, clock),
        assembly_(plan, store, std::holds_alternative<Everything>(request.selection)) {}

  Result<PipelineOutcome> run() {
    if (auto done = read_selection(); !done) return tl::unexpected(done.error());
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
      const bool everything = std::holds_alternative<Everything>(request_.selection);
      const auto take = [&](const catalog::KitSpecification& kit) -> Result<void> {
        if (everything) return assembly_.add(kit);
        assembly_.changed_kit(kit.kit_id);
        return {};
      };
      if (auto done = read_kits(request_.selection, take); !done) return done;
    }
    return read_items(request_.selection);
  }

  /// What the items read so far depend on, until nothing is missing.
  Result<void> read_wanted() {
    while (true) {
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
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto found = known->find(keys[i]);
      const auto* before = found == known->end() ? nullptr : &found->second;
      if (auto done = judge(items[i], keys[i], before); !done) return done;
    }
    if (auto flushed = settlement_.flush(); !flushed) return flushed;
    read_at_ = clock_.now();  // the next page is asked for after this moment
    return active_.progress(counts_);
  }

  Result<void> judge(const Item& item, const std::string& key, const store::Known* before) {
    ++counts_.read;
    if (request_.awaited != nullptr) request_.awaited->erase(item.inventory_id);
    auto decision = catalog::decide(item, plan_.mapping);
    if (assembly_.concerns(item)) return assembly_.add(item, decision, before, read_at_);

    const Subject subject{key, item.inventory_id, item.inventory_id};
    if (const auto* left_out = std::get_if<catalog::NotExported>(&decision)) {
      settlement_.leave_out(subject, left_out->reason, before);
      return assembly_.note(item, left_out->reason, before);
    }
    if (const auto* parked = std::get_if<catalog::Parked>(&decision)) {
      settlement_.park(subject, parked->reasons, before);
      return assembly_.note(item, parked->reasons.front(), before);
    }
    auto& product = std::get<catalog::Product>(decision);
    catalog::make_standalone(product, plan_.mapping);
    const auto elsewhere =
        catalog::moved(item.inventory_id, {}, before == nullptr ? std::string{} : before->told_parent, plan_.mapping);
    if (elsewhere) {
      settlement_.park(subject, {*elsewhere}, before);
    } else if (auto sent = settlement_.send(product, read_at_, before); !sent) {
      return sent;
    }
    return assembly_.note(item, elsewhere, before);
  }

  /// Keys that were asked for and do not exist: a product that the ledger knows is no longer exported.
  Result<void> missing(const ReadSummary& summary) {
    for (const auto& id : summary.missing) {
      const auto key = to_lower_ascii(trim(id));
      if (auto noted = assembly_.gone(id); !noted) return noted;
      const auto entry = store_.ledger().find(plan_.site, key);
      if (!entry) return tl::unexpected(entry.error());
      if (!*entry) continue;
      const store::Known before{(*entry)->content_hash, (*entry)->state, (*entry)->reason};
      settlement_.leave_out({key, (*entry)->sku, id, (*entry)->kind},
                            {"item.missing", fmt::format("Acumatica has no item {} any more.", id)}, &before);
    }
    return settlement_.flush();
  }

  /// Items that could not be read stay on the retry list, each for longer the more often it failed.
  Result<void> failed(const ReadSummary& summary) {
    counts_.failed += summary.failed.size();
    std::vector<store::RetryEntry> entries;
    for (const auto& [id, error] : summary.failed) {
      unread_.insert(id);
      assembly_.unreadable(id);
      log_.warning("item.read_failed", error.message, {{"site", plan_.site}, {"item", id}, {"code", error.code}});
      const auto earlier = request_.failed_before.find(id);
      const int attempts = 1 + (earlier == request_.failed_before.end() ? 0 : earlier->second);
      entries.push_back({id, error.code, error.message, attempts,
                         clock_.now() + delay_after(kRetryPause, attempts, random_unit())});
    }
    if (entries.empty() || dry_run()) return {};
    return store_.retries().put(plan_.site, entries);
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
    return store_.retries().put(plan_.site, entries);
  }

  Result<PipelineOutcome> finish() {
    auto consumed = request_.consumed;
    std::erase_if(consumed.retried, [&](const std::string& id) { return unread_.contains(id); });
    const auto sealed = settlement_.finish(consumed);
    if (!sealed) return tl::unexpected(sealed.error());
    if (!dry_run()) {
      if (auto kept = assembly_.remember(); !kept) return tl::unexpected(kept.error());
    }
    if (!*sealed) return PipelineOutcome{};
    return PipelineOutcome{(*sealed)->last, (*sealed)->names};
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
  Settlement settlement_;
  Assembly assembly_;
  std::set<std::string> unread_;  ///< inventory IDs that stay on the retry list
  Instant read_at_;               ///< a moment before the page now judged was asked for
};

}  // namespace

Pipeline::Pipeline(FeedPlan plan, acumatica::ItemSource& source, store::Store& store, Clock& clock, Logger& log)
    : plan_(std::move(plan)), source_(source), store_(store), clock_(clock), log_(log) {}

Result<PipelineOutcome> Pipeline::run(const PipelineRequest& request, store::ActiveRun& active,
                                      store::RunCounts& counts, std::stop_token stop) {
  return Pass(plan_, request, source_, store_, active, counts, clock_, log_, std::move(stop)).run();
}

}  // namespace product_sync::sync
