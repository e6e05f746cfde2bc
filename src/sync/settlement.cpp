#include "sync/settlement.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::sync {
namespace {

using store::ProductState;

/// The first reason stands for all in the ledger; the others follow in its text.
store::StateChange change_to(ProductState state, const Subject& subject, const std::vector<catalog::Reason>& reasons) {
  store::StateChange change{subject.key, subject.sku, subject.inventory_id, state, {}, {}, subject.kind, subject.parent};
  for (const auto& reason : reasons) {
    if (change.reason_code.empty()) change.reason_code = reason.code;
    if (!change.reason.empty()) change.reason += " ";
    change.reason += reason.text;
  }
  return change;
}

Subject subject_of(const catalog::Product& product) {
  return {product.sku.key(), product.sku.text(), product.inventory_id, product.kind, product.parent};
}

bool is_of_this_row(const Error& error) { return error.code == "feed.refused_value" || error.code == "feed.cells"; }

}  // namespace

std::string key_of(std::string_view inventory_id) {
  const auto sku = catalog::Sku::parse(inventory_id);
  return sku ? sku->key() : to_lower_ascii(trim(inventory_id));
}

Settlement::Settlement(const FeedPlan& plan, const PlanSink& sink, store::Store& store, store::ActiveRun& active,
                       store::RunCounts& counts, Clock& clock)
    : plan_(plan),
      sink_(sink),
      store_(store),
      active_(active),
      counts_(counts),
      clock_(clock),
      feed_(plan, active.run(), store.outbox(), clock) {}

Result<Settlement::Known> Settlement::known(std::span<const std::string> keys) {
  return store_.ledger().known(plan_.site, keys, feed_.file());
}

Result<void> Settlement::send(const catalog::Product& product, Instant read_at, const store::Known* before) {
  ++counts_.eligible;
  auto hash = catalog::content_hash(product, plan_.mapping);
  if (before != nullptr && before->content_hash == hash) {
    unchanged(product, *before);
    return {};
  }
  std::optional<catalog::ToldValues> told;
  if (before != nullptr && !before->content_hash.empty()) {
    auto read = store_.ledger().told(plan_.site, product.sku.key(), feed_.file());
    if (!read) return tl::unexpected(std::move(read.error()));
    told = std::move(*read);
  }
  auto difference = catalog::compare(product, plan_.mapping, told ? &*told : nullptr);
  if (difference.changes.empty()) {
    unchanged(product, *before);
    return {};
  }
  difference.row.maybe_new = before == nullptr || before->state != ProductState::confirmed;
  const auto written = write(product, std::move(hash), difference, read_at);
  if (!written && is_of_this_row(written.error())) {
    // The feed's own last check found what validation let through: the product waits, the others go on.
    --counts_.eligible;
    park(subject_of(product), {{written.error().code, written.error().text()}}, before);
    return {};
  }
  if (!written) return written;
  ++counts_.rows;
  plan(subject_of(product), told ? PlannedState::changed : PlannedState::added, std::move(difference.changes), {});
  return {};
}

/// Adds the row to the feed; a dry run only tries whether it could.
Result<void> Settlement::write(const catalog::Product& product, std::string hash, catalog::Difference& difference,
                               Instant read_at) {
  if (dry_run()) return feed_.check(difference.row);
  const auto said = remark(product, difference);
  store::StagedRow staged{product.sku.key(), product.sku.text(), product.inventory_id, std::move(hash),
                          std::move(difference.told), read_at, product.kind, product.parent};
  if (said) {
    staged.reason_code = said->code;
    staged.reason = said->text;
  }
  return feed_.add(difference.row, std::move(staged));
}

void Settlement::plan(const Subject& subject, PlannedState state, std::vector<catalog::Change> changes,
                      const std::vector<catalog::Reason>& reasons) const {
  if (sink_) sink_({subject.sku, state, std::move(changes), reasons, subject.kind, subject.parent});
}

/// What an operator should know of a row that goes out all the same.
std::optional<catalog::Reason> Settlement::remark(const catalog::Product& product,
                                                  const catalog::Difference& difference) const {
  if (product.kind != catalog::ProductKind::kit) return std::nullopt;
  const auto components = std::ranges::find(plan_.mapping.values, catalog::ValueRole::bundle_components,
                                            &catalog::ValueMapping::role);
  if (components == plan_.mapping.values.end()) return std::nullopt;
  const auto change = std::ranges::find(difference.changes, components->key(), &catalog::Change::key);
  if (change == difference.changes.end()) return std::nullopt;
  const auto obsolete = catalog::obsolete_components(change->before, change->after);
  if (obsolete.empty()) return std::nullopt;
  return catalog::obsolete_remark(product.inventory_id, obsolete);
}

void Settlement::park(const Subject& subject, const std::vector<catalog::Reason>& reasons,
                      const store::Known* before) {
  ++counts_.eligible;
  ++counts_.parked;
  note(change_to(ProductState::parked, subject, reasons), before);
  plan(subject, PlannedState::parked, {}, reasons);
}

void Settlement::leave_out(const Subject& subject, const catalog::Reason& reason, const store::Known* before) {
  ++counts_.not_exported;
  note(change_to(ProductState::not_exported, subject, {reason}), before);
  const bool known = before != nullptr && !before->content_hash.empty();
  if (known && before->state != ProductState::not_exported) plan(subject, PlannedState::not_exported, {}, {reason});
}

/// An item that was parked or out of the export and came back just as Rithum knows it is in order again.
void Settlement::unchanged(const catalog::Product& product, const store::Known& before) {
  ++counts_.unchanged;
  if (before.state == ProductState::parked || before.state == ProductState::not_exported) {
    changes_.push_back(change_to(ProductState::sent, subject_of(product), {}));
  }
}

void Settlement::note(store::StateChange change, const store::Known* before) {
  const bool same = before != nullptr && before->state == change.state && before->reason == change.reason;
  if (!same) changes_.push_back(std::move(change));
}

Result<void> Settlement::flush() {
  const auto changes = std::exchange(changes_, {});
  if (dry_run()) return {};
  if (!changes.empty()) {
    if (auto recorded = store_.ledger().record(plan_.site, active_.run().id, changes, clock_.now()); !recorded) {
      return recorded;
    }
  }
  return feed_.stage();
}

Result<std::optional<FeedBuild::Sealed>> Settlement::finish(const store::Consumed& consumed) {
  if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
  if (dry_run()) return std::nullopt;
  auto sealed = feed_.seal(consumed);
  if (!sealed || *sealed) return sealed;
  if (auto done = store_.inbox().complete(plan_.site, consumed.notifications); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  if (auto done = store_.retries().remove(plan_.site, consumed.retried); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  return std::nullopt;
}

}  // namespace product_sync::sync
