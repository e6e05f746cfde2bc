#pragma once

#include "store/sqlite_database.hpp"
#include "store/withdrawal_plans.hpp"

namespace product_sync::store {

class SqliteWithdrawalPlans final : public WithdrawalPlans {
 public:
  explicit SqliteWithdrawalPlans(SqliteDatabase& database) : database_(database) {}

  Result<void> hold(std::string_view site, const WithdrawalPlan& plan, bool replaces_others) override;
  Result<void> add(std::string_view site, std::string_view plan,
                   std::span<const PlannedWithdrawal> products) override;
  Result<void> forget_held(std::string_view site) override;
  Result<std::vector<WithdrawalPlan>> list(std::string_view site) override;
  Result<std::vector<PlannedWithdrawal>> products(std::string_view site, std::string_view plan,
                                                  std::string_view after_key, std::size_t limit) override;
  Result<void> confirm(std::string_view site, std::string_view plan, Instant now) override;
  Result<void> forget(std::string_view site, std::string_view plan) override;
  Result<std::vector<bool>> are_confirmed(std::string_view site, std::span<const std::string> sku_keys) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
