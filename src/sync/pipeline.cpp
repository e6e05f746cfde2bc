#include "sync/pipeline.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/backoff.hpp"
#include "base/bytes.hpp"

namespace product_sync::sync {
namespace {

using catalog::Decision;
using catalog::Item;
using store::Known;
using store::ProductState;

constexpr Backoff kRetryPause{.first = std::chrono::seconds{30}, .longest = std::chrono::hours{6}};

/// The first reason stands for all in the ledger; the others follow in its text.
store::StateChange parked_state(const Item& item, const std::string& sku_key, const catalog::Parked& parked) {
  store::StateChange change{sku_key, item.inventory_id, item.inventory_id, ProductState::parked, {}, {}};
  for (const auto& reason : parked.reasons) {
    if (change.reason_code.empty()) change.reason_code = reason.code;
    if (!change.reason.empty()) change.reason += " ";
    change.reason += reason.text;
  }
  return change;
}

/// The ledger's key of an item, also where its inventory ID is no valid SKU.
std::string key_of(const Item& item) {
  const auto sku = catalog::Sku::parse(item.inventory_id);
  return sku ? sku->key() : to_lower_ascii(item.inventory_id);
}

bool is_of_this_row(const Error& error) { return error.code == "feed.refused_value" || error.code == "feed.cells"; }

/// One run's way through the pages.
class Pass {
 public:
  Pass(const FeedPlan& plan, const PipelineRequest& request, store::Store& store, store::ActiveRun& active,
       store::RunCounts& counts, Clock& clock)
      : plan_(plan),
        request_(request),
        store_(store),
        active_(active),
        counts_(counts),
        clock_(clock),
        feed_(plan, active.run(), store.outbox(), clock),
        read_at_(clock.now()) {}

  Result<void> page(const std::vector<Item>& items) {
    std::vector<std::string> keys;
    keys.reserve(items.size());
    for (const auto& item : items) keys.push_back(key_of(item));
    auto known = store_.ledger().known(plan_.site, keys, feed_.file());
    if (!known) return tl::unexpected(std::move(known.error()));

    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto found = known->find(keys[i]);
      const Known* before = found == known->end() ? nullptr : &found->second;
      if (auto done = judge(items[i], keys[i], before); !done) return done;
    }
    if (auto recorded = record_states(); !recorded) return recorded;
    if (!dry_run()) {
      if (auto staged = feed_.stage(); !staged) return staged;
    }
    read_at_ = clock_.now();  // the next page is asked for after this moment
    return active_.progress(counts_);
  }

  /// Keys that were asked for and do not exist: a product that the ledger knows is no longer exported.
  Result<void> missing(const std::vector<std::string>& inventory_ids) {
    for (const auto& id : inventory_ids) {
      const auto key = to_lower_ascii(trim(id));
      const auto entry = store_.ledger().find(plan_.site, key);
      if (!entry) return tl::unexpected(entry.error());
      if (!*entry) continue;
      ++counts_.not_exported;
      const Known before{(*entry)->content_hash, (*entry)->state, (*entry)->reason};
      note({key, (*entry)->sku, id, ProductState::not_exported, "item.missing",
            fmt::format("Acumatica has no item {} any more.", id)},
           &before);
    }
    return record_states();
  }

  /// Items that could not be read stay on the retry list, each for longer the more often it failed.
  Result<void> failed(const std::vector<std::pair<std::string, Error>>& items) {
    counts_.failed += items.size();
    if (items.empty() || dry_run()) return {};
    std::vector<store::RetryEntry> entries;
    for (const auto& [id, error] : items) {
      const auto earlier = request_.failed_before.find(id);
      const int attempts = 1 + (earlier == request_.failed_before.end() ? 0 : earlier->second);
      const auto pause = delay_after(kRetryPause, attempts, random_unit());
      entries.push_back({id, error.code, error.message, attempts, clock_.now() + pause});
    }
    return store_.retries().put(plan_.site, entries);
  }

  Result<PipelineOutcome> finish(const store::Consumed& consumed) {
    PipelineOutcome outcome;
    if (dry_run()) return outcome;
    if (feed_.file()) {
      if (auto sealed = feed_.seal(consumed); !sealed) return tl::unexpected(std::move(sealed.error()));
      outcome.file = feed_.file();
      outcome.file_name = feed_.name();
      return outcome;
    }
    if (auto done = store_.inbox().complete(plan_.site, consumed.notifications); !done) {
      return tl::unexpected(std::move(done.error()));
    }
    if (auto done = store_.retries().remove(plan_.site, consumed.retried); !done) {
      return tl::unexpected(std::move(done.error()));
    }
    return outcome;
  }

 private:
  [[nodiscard]] bool dry_run() const { return active_.run().what.dry_run; }

  Result<void> judge(const Item& item, const std::string& key, const Known* before) {
    ++counts_.read;
    if (request_.awaited != nullptr) request_.awaited->erase(item.inventory_id);
    const auto decision = catalog::decide(item, plan_.mapping);
    if (const auto* not_exported = std::get_if<catalog::NotExported>(&decision)) {
      ++counts_.not_exported;
      note({key, item.inventory_id, item.inventory_id, ProductState::not_exported, not_exported->reason.code,
            not_exported->reason.text},
           before);
      return {};
    }
    ++counts_.eligible;
    if (const auto* parked = std::get_if<catalog::Parked>(&decision)) {
      ++counts_.parked;
      note(parked_state(item, key, *parked), before);
      if (request_.plan) request_.plan({item.inventory_id, false, {}, parked->reasons});
      return {};
    }
    return compare(std::get<catalog::Product>(decision), before);
  }

  Result<void> compare(const catalog::Product& product, const Known* before) {
    auto hash = catalog::content_hash(product, plan_.mapping);
    if (before != nullptr && before->content_hash == hash) return unchanged(product, *before);

    std::optional<catalog::ToldValues> told;
    if (before != nullptr && !before->content_hash.empty()) {
      auto read = store_.ledger().told(plan_.site, product.sku.key(), feed_.file());
      if (!read) return tl::unexpected(std::move(read.error()));
      told = std::move(*read);
    }
    auto difference = catalog::compare(product, plan_.mapping, told ? &*told : nullptr);
    if (difference.changes.empty()) return unchanged(product, *before);

    difference.row.maybe_new = before == nullptr || before->state != ProductState::confirmed;
    if (request_.plan) request_.plan({product.sku.text(), !told, std::move(difference.changes), {}});
    if (!dry_run()) {
      auto added = feed_.add(difference.row, {product.sku.key(), product.sku.text(), product.inventory_id,
                                              std::move(hash), std::move(difference.told), read_at_});
      if (!added && is_of_this_row(added.error())) return park_row(product, added.error(), before);
      if (!added) return added;
    }
    ++counts_.rows;
    return {};
  }

  /// The feed's own last check found what validation let through: the product waits, the others go on.
  Result<void> park_row(const catalog::Product& product, const Error& error, const Known* before) {
    ++counts_.parked;
    note({product.sku.key(), product.sku.text(), product.inventory_id, ProductState::parked, error.code, error.text()},
         before);
    return {};
  }

  /// An item that was parked or out of the export and came back just as Rithum knows it is in order again.
  Result<void> unchanged(const catalog::Product& product, const Known& before) {
    ++counts_.unchanged;
    if (before.state == ProductState::parked || before.state == ProductState::not_exported) {
      changes_.push_back({product.sku.key(), product.sku.text(), product.inventory_id, ProductState::sent, {}, {}});
    }
    return {};
  }

  void note(store::StateChange change, const Known* before) {
    const bool same = before != nullptr && before->state == change.state && before->reason == change.reason;
    if (!same) changes_.push_back(std::move(change));
  }

  Result<void> record_states() {
    if (changes_.empty() || dry_run()) {
      changes_.clear();
      return {};
    }
    auto recorded = store_.ledger().record(plan_.site, active_.run().id, changes_, clock_.now());
    changes_.clear();
    return recorded;
  }

  const FeedPlan& plan_;
  const PipelineRequest& request_;
  store::Store& store_;
  store::ActiveRun& active_;
  store::RunCounts& counts_;
  Clock& clock_;
  FeedBuild feed_;
  Instant read_at_;  ///< a moment before the page now judged was asked for
  std::vector<store::StateChange> changes_;
};

}  // namespace

Pipeline::Pipeline(FeedPlan plan, acumatica::ItemSource& source, store::Store& store, Clock& clock, Logger& log)
    : plan_(std::move(plan)), source_(source), store_(store), clock_(clock), log_(log) {}

Result<PipelineOutcome> Pipeline::run(const PipelineRequest& request, store::ActiveRun& active,
                                      store::RunCounts& counts, std::stop_token stop) {
  Pass pass(plan_, request, store_, active, counts, clock_);
  const auto on_page = [&](std::vector<Item>&& items) -> Result<void> {
    const auto cancel = active.cancel_requested();
    if (!cancel) return tl::unexpected(cancel.error());
    if (*cancel) return cancelled(fmt::format("Run {}", active.run().id));
    return pass.page(items);
  };
  auto summary = source_.read(request.selection, on_page, stop);
  if (!summary) return tl::unexpected(std::move(summary.error()));

  if (auto done = pass.missing(summary->missing); !done) return tl::unexpected(std::move(done.error()));
  if (auto done = pass.failed(summary->failed); !done) return tl::unexpected(std::move(done.error()));
  auto consumed = request.consumed;
  for (const auto& [id, error] : summary->failed) {
    std::erase(consumed.retried, id);
    log_.warning("item.read_failed", error.message, {{"site", plan_.site}, {"item", id}, {"code", error.code}});
  }
  return pass.finish(consumed);
}

}  // namespace product_sync::sync
