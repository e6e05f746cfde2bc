#include "store/sqlite_withdrawal_plans.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/statements.hpp"

namespace product_sync::store {
namespace {

Result<std::vector<WithdrawalPlan>> read_plans(Connection& connection, std::string_view site) {
  std::vector<WithdrawalPlan> plans;
  auto query = connection.query(sql::withdrawals::kPlans, site);
  while (query.next()) {
    plans.push_back({query.text(0), query.count(2), query.count(3), query.text(4), query.instant(5),
                     query.optional_instant(1)});
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return plans;
}

Result<void> expect_plan(Connection& connection, std::string_view site, std::string_view plan) {
  const auto plans = read_plans(connection, site);
  if (!plans) return tl::unexpected(plans.error());
  if (std::ranges::find(*plans, plan, &WithdrawalPlan::id) != plans->end()) return {};
  return fail("withdrawals.unknown", fmt::format("Site {} has no plan of withdrawals {}.", site, plan),
              "List the plans: one whose products changed has another id now, and has to be looked at again.");
}

Result<void> forget_held_but(Connection& connection, std::string_view site, std::string_view plan) {
  if (auto done = connection.run(sql::withdrawals::kForgetHeld, site, plan); !done) return done;
  return connection.run(sql::withdrawals::kForgetUnplanned, site, plan);
}

}  // namespace

Result<void> SqliteWithdrawalPlans::hold(std::string_view site, const WithdrawalPlan& plan, bool replaces_others) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (replaces_others) {
      if (auto done = forget_held_but(connection, site, plan.id); !done) return done;
    }
    return connection.run(sql::withdrawals::kHold, site, plan.id, plan.products, plan.known, plan.run_id,
                          plan.created);
  });
}

Result<void> SqliteWithdrawalPlans::add(std::string_view site, std::string_view plan,
                                        std::span<const PlannedWithdrawal> products) {
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& product : products) {
      if (auto done = connection.run(sql::withdrawals::kAdd, site, plan, product.sku_key, product.sku,
                                     product.inventory_id, product.reason_code, product.reason);
          !done) {
        return done;
      }
    }
    return {};
  });
}

Result<void> SqliteWithdrawalPlans::forget_held(std::string_view site) {
  return database_.write([&](Connection& connection) { return forget_held_but(connection, site, ""); });
}

Result<std::vector<WithdrawalPlan>> SqliteWithdrawalPlans::list(std::string_view site) {
  return database_.read([&](Connection& connection) { return read_plans(connection, site); });
}

Result<std::vector<PlannedWithdrawal>> SqliteWithdrawalPlans::products(std::string_view site, std::string_view plan,
                                                                       std::string_view after_key, std::size_t limit) {
  return database_.read([&](Connection& connection) -> Result<std::vector<PlannedWithdrawal>> {
    std::vector<PlannedWithdrawal> products;
    auto query = connection.query(sql::withdrawals::kProducts, site, plan, after_key, limit);
    while (query.next()) {
      products.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.text(4)});
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return products;
  });
}

Result<void> SqliteWithdrawalPlans::confirm(std::string_view site, std::string_view plan, Instant now) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto there = expect_plan(connection, site, plan); !there) return there;
    return connection.run(sql::withdrawals::kConfirm, site, plan, now);
  });
}

Result<void> SqliteWithdrawalPlans::forget(std::string_view site, std::string_view plan) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto there = expect_plan(connection, site, plan); !there) return there;
    if (auto done = connection.run(sql::withdrawals::kForget, site, plan); !done) return done;
    return connection.run(sql::withdrawals::kForgetProducts, site, plan);
  });
}

Result<std::vector<bool>> SqliteWithdrawalPlans::are_confirmed(std::string_view site,
                                                               std::span<const std::string> sku_keys) {
  return database_.read([&](Connection& connection) -> Result<std::vector<bool>> {
    std::vector<bool> confirmed;
    for (const auto& key : sku_keys) {
      auto query = connection.query(sql::withdrawals::kIsConfirmed, site, key);
      bool found = false;
      while (query.next()) found = true;
      if (auto end = query.end(); !end) return tl::unexpected(end.error());
      confirmed.push_back(found);
    }
    return confirmed;
  });
}

}  // namespace product_sync::store
