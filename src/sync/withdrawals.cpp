#include "sync/withdrawals.hpp"

#include <utility>
#include <vector>

#include "base/digest.hpp"

namespace product_sync::sync {
namespace {

constexpr std::string_view kLeaving = "withdrawal";  // list of the scratch; an empty record is one that stays
constexpr std::size_t kLeavingAtOnce = 500;
constexpr std::size_t kIdDigits = 12;

/// Some of the products, and whether an operator has confirmed the withdrawal of each.
struct LeavingBatch {
  std::vector<Draft> products;
  std::vector<bool> confirmed;
};

store::PlannedWithdrawal planned(const Draft& product) {
  const auto& subject = product.subject;
  const auto& reason = product.own.reasons.front();
  return {subject.key, subject.sku, subject.inventory_id, reason.code, reason.text};
}

}  // namespace

Result<void> Withdrawals::add(const Draft& product) {
  if (!scratch_) {
    auto made = store_.scratch();
    if (!made) return tl::unexpected(std::move(made.error()));
    scratch_ = std::move(*made);
  }
  return scratch_->put(kLeaving, product.subject.key, encode(product));
}

Result<void> Withdrawals::forget(const std::string& key) {
  if (!scratch_) return {};
  const auto there = scratch_->get(kLeaving, key);
  if (!there) return tl::unexpected(there.error());
  return *there ? scratch_->put(kLeaving, key, {}) : Result<void>{};
}

/// Calls `take(batch)`, in the order of the SKU keys.
template <class Take>
Result<void> Withdrawals::for_each_batch(const Take& take) {
  if (!scratch_) return {};
  std::string after;
  while (true) {
    const auto records = scratch_->next(kLeaving, "", after, kLeavingAtOnce);
    if (!records) return tl::unexpected(records.error());
    LeavingBatch batch;
    std::vector<std::string> keys;
    for (const auto& record : *records) {
      if (record.bytes.empty()) continue;
      auto product = decode_draft(record.bytes);
      if (!product) return tl::unexpected(std::move(product.error()));
      batch.products.push_back(std::move(*product));
      keys.push_back(record.key);
    }
    auto confirmed = store_.withdrawal_plans().are_confirmed(plan_.site, keys);
    if (!confirmed) return tl::unexpected(std::move(confirmed.error()));
    batch.confirmed = std::move(*confirmed);
    if (auto taken = take(batch); !taken) return taken;
    if (records->size() < kLeavingAtOnce) return {};
    after = records->back().key;
  }
}

/// Those that Rithum holds as far as we know.
Result<std::uint64_t> Withdrawals::known_products() {
  using enum store::ProductState;
  const auto counts = store_.ledger().counts(plan_.site);
  if (!counts) return tl::unexpected(counts.error());
  std::uint64_t known = 0;
  for (const auto& [state, count] : *counts) {
    if (state == pending || state == sent || state == confirmed || state == overdue) known += count;
  }
  return known;
}

/// Those that went before without a look, as long ago as the guard looks back.
Result<std::uint64_t> Withdrawals::earlier_products(Instant now) {
  if (plan_.guard.within.count() == 0) return 0;
  return store_.ledger().withdrawn_since(plan_.site, now - plan_.guard.within);
}

Result<std::optional<store::WithdrawalPlan>> Withdrawals::settle(const std::string& run_id, Instant now,
                                                                 const Visit& visit) {
  if (!scratch_) return std::nullopt;
  store::WithdrawalPlan plan{{}, 0, 0, run_id, now, {}};
  Sha256Stream digest;
  const auto counted = for_each_batch([&](const LeavingBatch& batch) -> Result<void> {
    for (std::size_t i = 0; i < batch.products.size(); ++i) {
      if (batch.confirmed[i]) continue;
      ++plan.products;
      digest.add(batch.products[i].subject.key);
      digest.add("\n");
    }
    return {};
  });
  if (!counted) return tl::unexpected(counted.error());
  const auto known = known_products();
  if (!known) return tl::unexpected(known.error());
  plan.known = *known;
  plan.id = to_hex(digest.finish()).substr(0, kIdDigits);
  const auto earlier = earlier_products(now);
  if (!earlier) return tl::unexpected(earlier.error());
  const bool held = plan.products > 0 && plan_.guard.holds(plan.products + *earlier, plan.known + *earlier);
  const auto visited = for_each_batch([&](const LeavingBatch& batch) -> Result<void> {
    for (std::size_t i = 0; i < batch.products.size(); ++i) {
      if (held && !batch.confirmed[i]) continue;
      if (auto done = visit(batch.products[i]); !done) return done;
    }
    return {};
  });
  if (!visited) return tl::unexpected(visited.error());
  if (!held) return std::nullopt;
  return std::optional(std::move(plan));
}

Result<void> Withdrawals::keep(const store::WithdrawalPlan& plan, bool replaces_others) {
  auto& plans = store_.withdrawal_plans();
  if (auto held = plans.hold(plan_.site, plan, replaces_others); !held) return held;
  return for_each_batch([&](const LeavingBatch& batch) -> Result<void> {
    std::vector<store::PlannedWithdrawal> products;
    for (std::size_t i = 0; i < batch.products.size(); ++i) {
      if (!batch.confirmed[i]) products.push_back(planned(batch.products[i]));
    }
    return plans.add(plan_.site, plan.id, products);
  });
}

}  // namespace product_sync::sync
