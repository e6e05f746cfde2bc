#include "sync/mapping_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "catalog/comparison.hpp"
#include "rithum/feed_format.hpp"
#include "sync/assembly.hpp"
#include "sync/draft.hpp"
#include "sync/judgement.hpp"
#include "sync/outcomes.hpp"

namespace product_sync::sync {
namespace {

using catalog::Standing;

constexpr std::string_view kRunning = "running";  // lists of the scratch, by SKU key
constexpr std::string_view kEdited = "edited";
constexpr std::size_t kOutcomesAtOnce = 500;

std::set<std::string> codes_of(const Draft& outcome) {
  std::set<std::string> codes;
  for (const auto& reason : outcome.own.reasons) codes.insert(reason.code);
  return codes;
}

std::vector<std::string> only_in(const catalog::Mapping& one, const catalog::Mapping& other) {
  std::vector<std::string> keys;
  for (const auto& value : one.values) {
    const auto same = [&](const auto& candidate) { return candidate.key() == value.key(); };
    if (std::ranges::none_of(other.values, same)) keys.push_back(value.key());
  }
  return keys;
}

}  // namespace

/// What one of the configurations makes of the items. An outcome is a Draft whose fate is the last word.
class MappingChange::Side final : public Outcomes {
 public:
  Side(const FeedPlan& plan, std::string_view list, store::Store& store)
      : plan_(plan), list_(list), store_(store), assembly_(plan_, store, /*reads_everything=*/true) {}

  [[nodiscard]] const catalog::Mapping& mapping() const { return plan_.mapping; }
  [[nodiscard]] std::string_view list() const { return list_; }
  [[nodiscard]] Assembly& assembly() { return assembly_; }
  /// Where outcomes go that are not met at once.
  void keep_in(store::Scratch& scratch) { scratch_ = &scratch; }

  Result<void> judge(const catalog::Item& item, const std::string& key, const store::Known* before, Instant read_at) {
    const bool left_unread = (item.entity == catalog::ItemEntity::non_stock_item && !mapping().non_stock_items) ||
                             (item.entity == catalog::ItemEntity::template_item && !mapping().variations);
    if (left_unread) return {};
    return judge_item({item, key, {}, read_at, before}, mapping(), assembly_, *this);
  }

  std::map<std::string, Draft>& fresh() { return fresh_; }

  Result<Known> known(std::span<const std::string> keys) override {
    return store_.ledger().known(plan_.site, keys, std::nullopt);
  }

  Result<void> send(const catalog::Product& product, Instant, std::string_view, const store::Known* before) override {
    Draft outcome;
    outcome.subject = {product.sku.key(), product.sku.text(), product.inventory_id, product.kind, product.parent};
    if (const auto refused = line_fault(product)) {
      park(outcome.subject, {*refused}, before);
      return {};
    }
    outcome.classification = product.classification;
    outcome.values = product.values;
    outcome.left_out = product.left_out;
    fresh_.insert_or_assign(outcome.subject.key, std::move(outcome));
    return {};
  }

  void park(const Subject& subject, const std::vector<catalog::Reason>& reasons, const store::Known*) override {
    put(subject, {Standing::parked, reasons});
  }

  Result<void> leave_out(const Subject& subject, const catalog::NotExported& why, Instant, const store::Known*) override {
    put(subject, {Standing::not_exported, {why.reason}});
    return {};
  }

  Result<void> flush() override {
    for (const auto& [key, outcome] : std::exchange(fresh_, {})) {
      if (auto kept = scratch_->put(list_, key, encode(outcome)); !kept) return kept;
    }
    return {};
  }

 private:
  void put(const Subject& subject, catalog::Fate fate) {
    Draft outcome;
    outcome.subject = subject;
    outcome.own = std::move(fate);
    fresh_.insert_or_assign(subject.key, std::move(outcome));
  }

  /// Why the feed's own last check would refuse the product.
  std::optional<catalog::Reason> line_fault(const catalog::Product& product) {
    if (!format_) {
      auto format = rithum::FeedFormat::create(plan_.mapping, plan_.feed);
      if (!format) return catalog::Reason{format.error().code, format.error().text()};
      format_.emplace(std::move(*format));
    }
    const auto line = format_->line(catalog::compare(product, plan_.mapping, nullptr).row);
    if (line) return std::nullopt;
    return catalog::Reason{line.error().code, line.error().text()};
  }

  const FeedPlan plan_;
  const std::string_view list_;
  store::Store& store_;
  Assembly assembly_;
  std::optional<rithum::FeedFormat> format_;
  std::map<std::string, Draft> fresh_;  // since the last flush, by key
  store::Scratch* scratch_ = nullptr;
};

/// Puts the outcomes of both sides beside each other.
class MappingChange::Comparison {
 public:
  Comparison(Side& running, Side& edited, store::Scratch& scratch, const PlanSink& sink, store::RunCounts& counts)
      : running_(running), edited_(edited), scratch_(scratch), sink_(sink), counts_(counts) {}

  /// Those that both sides have at hand; the others are kept until finish().
  Result<void> meet() {
    auto& edited = edited_.fresh();
    for (auto one = running_.fresh().begin(); one != running_.fresh().end();) {
      const auto other = edited.find(one->first);
      if (other == edited.end()) {
        ++one;
        continue;
      }
      if (auto told = tell(&one->second, &other->second); !told) return told;
      edited.erase(other);
      one = running_.fresh().erase(one);
    }
    if (auto kept = running_.flush(); !kept) return kept;
    return edited_.flush();
  }

  Result<void> finish() {
    const auto edited = for_each(kEdited, [&](const std::string& key, const Draft& outcome) -> Result<void> {
      const auto before = find(kRunning, key);
      if (!before) return tl::unexpected(before.error());
      return tell(*before ? &**before : nullptr, &outcome);
    });
    if (!edited) return edited;
    return for_each(kRunning, [&](const std::string& key, const Draft& outcome) -> Result<void> {
      const auto after = find(kEdited, key);
      if (!after) return tl::unexpected(after.error());
      return *after ? Result<void>{} : tell(&outcome, nullptr);
    });
  }

 private:
  Result<std::optional<Draft>> find(std::string_view list, const std::string& key) {
    const auto bytes = scratch_.get(list, key);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return std::nullopt;
    auto outcome = decode_draft(**bytes);
    if (!outcome) return tl::unexpected(std::move(outcome.error()));
    return std::optional(std::move(*outcome));
  }

  template <class Visit>
  Result<void> for_each(std::string_view list, const Visit& visit) {
    std::string after;
    while (true) {
      const auto records = scratch_.next(list, "", after, kOutcomesAtOnce);
      if (!records) return tl::unexpected(records.error());
      for (const auto& record : *records) {
        const auto outcome = decode_draft(record.bytes);
        if (!outcome) return tl::unexpected(outcome.error());
        if (auto done = visit(record.key, *outcome); !done) return done;
      }
      if (records->size() < kOutcomesAtOnce) return {};
      after = records->back().key;
    }
  }

  /// A side that is null does not read the item at all.
  Result<void> tell(const Draft* running, const Draft* edited) {
    if (edited == nullptr) {
      return leave_out(*running, running, {"kind.not_read", "Items of its kind are not read under the edited mapping."});
    }
    switch (edited->own.standing) {
      case Standing::sound:
        return send(*edited, running);
      case Standing::parked:
        ++counts_.eligible;
        ++counts_.parked;
        if (running == nullptr || running->own.standing != Standing::parked || codes_of(*running) != codes_of(*edited)) {
          plan(*edited, PlannedState::parked, {}, edited->own.reasons);
        }
        return {};
      case Standing::not_exported:
        return leave_out(*edited, running, edited->own.reasons.front());
    }
    return {};
  }

  Result<void> send(const Draft& edited, const Draft* running) {
    ++counts_.eligible;
    std::optional<catalog::ToldValues> told;
    if (running != nullptr && running->own.standing == Standing::sound) {
      const auto product = product_of(*running);
      if (!product) return tl::unexpected(product.error());
      told = catalog::compare(*product, running_.mapping(), nullptr).told;
    }
    const auto product = product_of(edited);
    if (!product) return tl::unexpected(product.error());
    auto difference = catalog::compare(*product, edited_.mapping(), told ? &*told : nullptr);
    if (difference.changes.empty()) {
      ++counts_.unchanged;
      return {};
    }
    ++counts_.rows;
    plan(edited, told ? PlannedState::changed : PlannedState::added, std::move(difference.changes), {});
    return {};
  }

  Result<void> leave_out(const Draft& outcome, const Draft* running, const catalog::Reason& reason) {
    ++counts_.not_exported;
    if (running != nullptr && running->own.standing != Standing::not_exported) {
      plan(outcome, PlannedState::not_exported, {}, {reason});
    }
    return {};
  }

  void plan(const Draft& outcome, PlannedState state, std::vector<catalog::Change> changes,
            const std::vector<catalog::Reason>& reasons) const {
    const auto& subject = outcome.subject;
    sink_({subject.sku, state, std::move(changes), reasons, subject.kind, subject.parent});
  }

  Side& running_;
  Side& edited_;
  store::Scratch& scratch_;
  const PlanSink& sink_;
  store::RunCounts& counts_;
};

MappingChange::MappingChange(const FeedPlan& running, const FeedPlan& edited, acumatica::ItemSource& source,
                             store::Store& store, Clock& clock)
    : source_(source),
      store_(store),
      clock_(clock),
      running_(std::make_unique<Side>(running, kRunning, store)),
      edited_(std::make_unique<Side>(edited, kEdited, store)) {}

MappingChange::~MappingChange() = default;

std::vector<std::string> MappingChange::no_longer_mapped() const {
  return only_in(running_->mapping(), edited_->mapping());
}

std::vector<std::string> MappingChange::newly_mapped() const {
  return only_in(edited_->mapping(), running_->mapping());
}

Result<void> MappingChange::run(const PlanSink& sink, store::ActiveRun& active, store::RunCounts& counts,
                                std::stop_token stop) {
  auto scratch = store_.scratch();
  if (!scratch) return tl::unexpected(std::move(scratch.error()));
  for (auto* side : {running_.get(), edited_.get()}) side->keep_in(**scratch);
  Comparison comparison(*running_, *edited_, **scratch, sink, counts);
  if (auto done = read(active, counts, comparison, std::move(stop)); !done) return done;
  for (auto* side : {running_.get(), edited_.get()}) {
    if (auto judged = side->assembly().judge(); !judged) return judged;
    if (const auto settled = side->assembly().settle(*side); !settled) return tl::unexpected(settled.error());
  }
  if (auto done = comparison.finish(); !done) return done;
  return active.progress(counts);
}

Result<void> MappingChange::read(store::ActiveRun& active, store::RunCounts& counts, Comparison& comparison,
                                 std::stop_token stop) {
  const auto on_kits = [&](std::vector<catalog::KitSpecification>&& kits) -> Result<void> {
    for (auto* side : {running_.get(), edited_.get()}) {
      if (!side->mapping().bundles) continue;
      for (const auto& kit : kits) {
        if (auto added = side->assembly().add(kit); !added) return added;
      }
    }
    return {};
  };
  if (running_->mapping().bundles || edited_->mapping().bundles) {
    const auto kits = source_.read_kits(acumatica::Everything{}, on_kits, stop);
    if (!kits) return tl::unexpected(kits.error());
    counts.failed += kits->failed.size();
  }
  const auto on_page = [&](std::vector<catalog::Item>&& items) -> Result<void> {
    const auto cancel = active.cancel_requested();
    if (!cancel) return tl::unexpected(cancel.error());
    if (*cancel) return cancelled(fmt::format("Run {}", active.run().id));
    counts.read += items.size();
    if (auto judged = page(items, comparison); !judged) return judged;
    return active.progress(counts);
  };
  const auto items = source_.read(acumatica::Everything{}, on_page, stop);
  if (!items) return tl::unexpected(items.error());
  counts.failed += items->failed.size();
  return {};
}

Result<void> MappingChange::page(const std::vector<catalog::Item>& items, Comparison& comparison) {
  std::vector<std::string> keys;
  for (const auto& item : items) keys.push_back(key_of(item.inventory_id));
  const auto known = running_->known(keys);
  if (!known) return tl::unexpected(known.error());
  const auto now = clock_.now();
  for (auto* side : {running_.get(), edited_.get()}) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto found = known->find(keys[i]);
      const auto* before = found == known->end() ? nullptr : &found->second;
      if (auto judged = side->judge(items[i], keys[i], before, now); !judged) return judged;
    }
  }
  return comparison.meet();
}

}  // namespace product_sync::sync
