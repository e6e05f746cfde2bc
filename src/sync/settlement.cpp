#include "sync/settlement.hpp"

#include <algorithm>
#include <utility>

#include "catalog/withdrawal.hpp"
#include "sync/row_plan.hpp"

namespace product_sync::sync {
namespace {

using store::ProductState;

/// The first reason stands for all in the ledger; the others follow in its text.
store::StateChange change_to(ProductState state, const Subject& subject, const std::vector<catalog::Reason>& reasons) {
  store::StateChange change{subject.key, subject.sku, subject.inventory_id, state, {}, {}, subject.kind, subject.parent,
                            subject.twin, subject.source_hash};
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

constexpr std::size_t kWithdrawnAtOnce = 500;

}  // namespace

Settlement::Settlement(const FeedPlan& plan, const PlanSink& sink, store::Store& store, store::ActiveRun& active,
                       store::RunCounts& counts, Clock& clock)
    : plan_(plan),
      sink_(sink),
      store_(store),
      active_(active),
      counts_(counts),
      clock_(clock),
      feed_(plan, active.run(), store.outbox(), clock),
      withdrawals_(plan, store) {}

Result<Settlement::Known> Settlement::known(std::span<const std::string> keys) {
  return store_.ledger().known(plan_.site, keys, feed_.file());
}

Result<void> Settlement::send(const catalog::Product& product, Instant read_at, std::string_view source_hash,
                              const store::Known* before) {
  ++counts_.eligible;
  auto hash = catalog::content_hash(product, plan_.mapping);
  if (before != nullptr && before->content_hash == hash) {
    unchanged(product, source_hash, *before);
    return {};
  }
  const bool comes_back = before != nullptr && before->withdrawn;
  std::optional<catalog::ToldValues> told;
  if (before != nullptr) {
    auto read = store_.ledger().told(plan_.site, product.sku.key(), feed_.file());
    if (!read) return tl::unexpected(std::move(read.error()));
    told = std::move(*read);
  }
  auto difference = comes_back && told ? catalog::reinstate(product, plan_.mapping, *told)
                                       : catalog::compare(product, plan_.mapping, told ? &*told : nullptr);
  // What was told no longer counts, so that it is told again; but it says which values have to be cleared.
  const bool again = told && !comes_back && before->content_hash.empty();
  if (difference.changes.empty() && !comes_back && !again) {
    unchanged(product, source_hash, *before);
    return {};
  }
  difference.row.maybe_new = before == nullptr || before->state != ProductState::confirmed;
  store::StagedRow staged{product.sku.key(), product.sku.text(), product.inventory_id, std::move(hash),
                          std::move(difference.told), read_at, product.kind, product.parent};
  staged.source_hash = source_hash;
  const auto written = write(product, difference, !told || again, std::move(staged));
  if (!written && is_of_one_row(written.error())) {
    // The feed's own last check found what validation let through: the product waits, the others go on.
    --counts_.eligible;
    auto subject = subject_of(product);
    subject.source_hash = source_hash;
    park(subject, {{written.error().code, written.error().text()}}, before);
    return {};
  }
  if (!written) return written;
  ++counts_.rows;
  if (again) difference.changes = catalog::compare(product, plan_.mapping, nullptr).changes;
  plan(subject_of(product), told ? PlannedState::changed : PlannedState::added, std::move(difference.changes), {});
  return {};
}

/// Adds the row to the feed; a dry run only tries whether it could.
Result<void> Settlement::write(const catalog::Product& product, catalog::Difference& difference, bool whole,
                               store::StagedRow staged) {
  if (dry_run()) return feed_.check(difference.row);
  if (!whole) staged.plan = row_plan(difference.changes);
  if (const auto said = remark(product, difference)) {
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

Result<void> Settlement::leave_out(const Subject& subject, const catalog::NotExported& why, Instant read_at,
                                   const store::Known* before) {
  ++counts_.not_exported;
  const bool was_told = before != nullptr && before->was_told;
  // A withdrawal that Rithum is no longer known to hold (refused and asked for again, an older file sent again) is repeated.
  if (was_told && before->withdrawn && !before->content_hash.empty()) {
    stays_withdrawn(subject, why.reason, *before);
    return {};
  }
  if (was_told && why.withdrawable && catalog::can_withdraw(plan_.mapping.withdrawal, subject.kind)) {
    Draft product;
    product.subject = subject;
    product.subject.parent = before->told_parent;
    product.own = {catalog::Standing::not_exported, {why.reason}};
    product.read_at = read_at;
    return withdrawals_.add(product);
  }
  note(change_to(ProductState::not_exported, subject, {why.reason}), before);
  if (was_told && before->state != ProductState::not_exported) {
    plan(subject, PlannedState::not_exported, {}, {why.reason});
  }
  return {};
}

/// The row is on its way, or was refused: then that is what there is to know.
void Settlement::stays_withdrawn(const Subject& subject, const catalog::Reason& reason, const store::Known& before) {
  if (before.state == ProductState::pending || before.state == ProductState::rejected) return;
  note(change_to(ProductState::withdrawn, subject, {reason}), &before);
}

Result<void> Settlement::take_back(const std::string& key) {
  if (auto stays = withdrawals_.forget(key); !stays) return stays;
  const auto there = feed_.take_back(key);
  if (!there) return tl::unexpected(there.error());
  if (!*there) return {};
  --counts_.rows;
  --counts_.eligible;
  return {};
}

Result<std::optional<store::WithdrawalPlan>> Settlement::withdraw_all(bool read_everything) {
  std::size_t done = 0;
  auto held = withdrawals_.settle(active_.run().id, clock_.now(), [&](const Draft& product) -> Result<void> {
    if (auto told = withdraw(product); !told) return told;
    return ++done % kWithdrawnAtOnce == 0 ? flush() : Result<void>{};
  });
  if (!held) return held;
  if (*held) counts_.held += (*held)->products;
  if (dry_run()) return held;
  Result<void> kept;
  if (*held) {
    kept = withdrawals_.keep(**held, read_everything);
  } else if (read_everything) {
    kept = store_.withdrawal_plans().forget_held(plan_.site);
  }
  if (!kept) return tl::unexpected(std::move(kept.error()));
  return held;
}

Result<void> Settlement::withdraw(const Draft& product) {
  const auto entry = store_.ledger().find(plan_.site, product.subject.key);
  if (!entry) return tl::unexpected(entry.error());
  const auto told = store_.ledger().told(plan_.site, product.subject.key, feed_.file());
  if (!told) return tl::unexpected(told.error());
  auto subject = product.subject;
  if (*entry) {  // as Rithum knows it
    subject.sku = (*entry)->sku;
    subject.kind = (*entry)->kind;
  }
  auto sku = catalog::Sku::parse(subject.sku);
  if (!sku) return tl::unexpected(std::move(sku.error()));
  // What Rithum refused and has no ID for was never made there: a row about it would make it.
  const bool never_made = *entry && (*entry)->state == ProductState::rejected && (*entry)->product_id.empty();
  auto difference = never_made || !*told ? std::nullopt
                                         : catalog::withdraw(*sku, subject.kind, plan_.mapping, **told);
  const auto& reason = product.own.reasons.front();
  if (!difference) {
    note(change_to(ProductState::not_exported, subject, {reason}), nullptr);
    plan(subject, PlannedState::not_exported, {}, {reason});
    return {};
  }
  if (!dry_run()) {
    store::StagedRow staged{subject.key, subject.sku, subject.inventory_id, std::string(catalog::kWithdrawnContent),
                            std::move(difference->told), product.read_at, subject.kind, subject.parent};
    staged.reason_code = reason.code;
    staged.reason = reason.text;
    staged.withdrawn = true;
    staged.plan = row_plan(difference->changes);
    if (auto added = feed_.add(difference->row, std::move(staged)); !added) return added;
  }
  ++counts_.rows;
  ++counts_.withdrawn;
  plan(subject, PlannedState::withdrawn, std::move(difference->changes), {reason});
  return {};
}

/// An item that was parked or out of the export and came back just as Rithum knows it is in order again.
void Settlement::unchanged(const catalog::Product& product, std::string_view source_hash, const store::Known& before) {
  ++counts_.unchanged;
  if (before.state == ProductState::parked || before.state == ProductState::not_exported) {
    changes_.push_back(change_to(ProductState::sent, subject_of(product), {}));
    return;
  }
  if (before.inventory_id != product.inventory_id && before.reason.empty()) {
    changes_.push_back(change_to(before.state, subject_of(product), {}));  // the item's ID is spelled otherwise now
    return;
  }
  if (is_asked_for()) unchanged_.push_back(product.sku.key());
  if (before.source_hash != source_hash && before.state != ProductState::pending) {
    sources_.push_back({product.sku.key(), before.content_hash, std::string(source_hash)});
  }
}

void Settlement::stays(const store::Known& before) {
  if (before.state == ProductState::not_exported) {
    ++counts_.not_exported;
    return;
  }
  ++counts_.eligible;
  ++(before.state == ProductState::parked ? counts_.parked : counts_.unchanged);
}

void Settlement::note(store::StateChange change, const store::Known* before) {
  const bool same = before != nullptr && before->state == change.state && before->reason == change.reason &&
                    before->source_hash == change.source_hash;
  if (!same) changes_.push_back(std::move(change));
}

Result<void> Settlement::flush() {
  const auto changes = std::exchange(changes_, {});
  const auto unchanged = std::exchange(unchanged_, {});
  const auto sources = std::exchange(sources_, {});
  if (dry_run()) return {};
  if (auto recorded = store_.ledger().record(plan_.site, active_.run().id, changes, unchanged, clock_.now());
      !recorded) {
    return recorded;
  }
  if (auto noted = store_.ledger().note_sources(plan_.site, sources); !noted) return noted;
  return feed_.stage();
}

Result<Settlement::Outcome> Settlement::finish(const store::Consumed& consumed, bool read_everything) {
  auto held = withdraw_all(read_everything);
  if (!held) return tl::unexpected(std::move(held.error()));
  if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
  if (dry_run()) return Outcome{{}, std::move(*held)};
  auto sealed = feed_.seal(consumed);
  if (!sealed) return tl::unexpected(std::move(sealed.error()));
  if (*sealed) return Outcome{std::move(*sealed), std::move(*held)};
  if (auto done = store_.inbox().complete(plan_.site, active_.run().id, consumed.notifications); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  if (auto done = store_.retries().remove(plan_.site, consumed.retried); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  return Outcome{{}, std::move(*held)};
}

}  // namespace product_sync::sync
