#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// Withdrawals that one run found and held back, because they were too many to go without a person's word.
struct WithdrawalPlan {
  std::string id;  ///< digest of its SKUs: another set of products is another plan
  std::uint64_t products = 0;
  std::uint64_t known = 0;  ///< products that Rithum was told of, when the plan was made
  std::string run_id;       ///< the last run that found it
  Instant created;
  std::optional<Instant> confirmed;
};

struct PlannedWithdrawal {
  std::string sku_key;
  std::string sku;
  std::string inventory_id;
  std::string reason_code;
  std::string reason;
};

/// Plans of withdrawals: held until an operator confirms or discards them, confirmed until a run has carried them out.
/// Thread-safe.
class WithdrawalPlans {
 public:
  virtual ~WithdrawalPlans() = default;

  /// Keeps a plan, whose products follow by add(). What is there under its id stays. With `replaces_others`, other plans
  /// that are held are forgotten.
  virtual Result<void> hold(std::string_view site, const WithdrawalPlan& plan, bool replaces_others) = 0;
  virtual Result<void> add(std::string_view site, std::string_view plan,
                           std::span<const PlannedWithdrawal> products) = 0;
  /// Forgets what is held: a run that read everything found nothing to hold back.
  virtual Result<void> forget_held(std::string_view site) = 0;

  /// Oldest first.
  virtual Result<std::vector<WithdrawalPlan>> list(std::string_view site) = 0;
  /// By SKU key, those behind `after_key`.
  virtual Result<std::vector<PlannedWithdrawal>> products(std::string_view site, std::string_view plan,
                                                          std::string_view after_key, std::size_t limit) = 0;

  /// `withdrawals.unknown` when no such plan is there: it may have changed since, and has another id then. Confirming twice
  /// changes nothing.
  virtual Result<void> confirm(std::string_view site, std::string_view plan, Instant now) = 0;
  /// Discarded, or carried out. `withdrawals.unknown` as above.
  virtual Result<void> forget(std::string_view site, std::string_view plan) = 0;

  /// Whether each of these products is in a plan that was confirmed; in their order.
  virtual Result<std::vector<bool>> are_confirmed(std::string_view site, std::span<const std::string> sku_keys) = 0;
};

}  // namespace product_sync::store
