#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/run_report.hpp"
#include "server/json.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kProductsAtOnce = 1'000;

ExitCode withdrawals_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return error.code == "withdrawals.unknown" ? ExitCode::configuration : ExitCode::failed;
}

Result<void> print_products(const std::string& site, const std::string& plan, store::WithdrawalPlans& plans) {
  std::string after;
  while (true) {
    const auto products = plans.products(site, plan, after, kProductsAtOnce);
    if (!products) return tl::unexpected(products.error());
    for (const auto& product : *products) fmt::print("    {}  {}: {}\n", product.sku, product.reason_code, product.reason);
    if (products->size() < kProductsAtOnce) return {};
    after = products->back().sku_key;
  }
}

Result<void> print_plan(const std::string& site, const store::WithdrawalPlan& plan, store::WithdrawalPlans& plans,
                        bool json) {
  if (json) {
    auto line = server::to_json(plan);
    line["site"] = site;
    fmt::print("{}\n", line.dump());
    return {};
  }
  fmt::print("{}  {}  {}: {} of {} products, found by run {}\n", site, plan.id, plan.confirmed ? "confirmed" : "held",
             plan.products, plan.known, plan.run_id);
  return print_products(site, plan.id, plans);
}

/// The site that has the plan; null when none does.
SiteParts* site_of_plan(Installation& installation, const std::string& plan, Error& error) {
  for (const auto& site : installation.sites()) {
    const auto plans = installation.store().withdrawal_plans().list(site->config().id);
    if (!plans) {
      error = plans.error();
      return nullptr;
    }
    for (const auto& one : *plans) {
      if (one.id == plan) return site.get();
    }
  }
  error = fail("withdrawals.unknown", fmt::format("There is no plan of withdrawals {}.", plan),
               "List the plans: one whose products changed has another id now, and has to be looked at again.")
              .value();
  return nullptr;
}

ExitCode carry_out(SiteParts& site, bool json, std::stop_token stop) {
  const auto run = site.sync().withdraw_confirmed(std::move(stop));
  if (!run && run.error().code == "run.conflict") {
    if (!json) fmt::print("Confirmed; the service that is running carries it out within a minute.\n");
    return ExitCode::ok;
  }
  if (!run) return withdrawals_failed(run.error());
  if (!*run) {
    if (!json) fmt::print("Confirmed; the service that is running has carried it out.\n");
    return ExitCode::ok;
  }
  if (json) {
    fmt::print("{}\n", server::to_json(**run).dump());
  } else {
    fmt::print("{}", run_text(**run));
  }
  return exit_code((*run)->state);
}

}  // namespace

ExitCode list_withdrawals(const config::Config& config, const SiteOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return withdrawals_failed(installation.error());
  auto& plans = (*installation)->store().withdrawal_plans();
  bool any = false;
  for (const auto& site : (*installation)->sites()) {
    const auto& id = site->config().id;
    const auto found = plans.list(id);
    if (!found) return withdrawals_failed(found.error());
    for (const auto& plan : *found) {
      any = true;
      if (auto printed = print_plan(id, plan, plans, options.json); !printed) return withdrawals_failed(printed.error());
    }
  }
  if (!any && !options.json) fmt::print("No withdrawals wait for an operator.\n");
  return ExitCode::ok;
}

ExitCode confirm_withdrawals(const config::Config& config, const WithdrawalOptions& options, StopOnSignal& signals) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return withdrawals_failed(installation.error());
  Error error;
  auto* const site = site_of_plan(**installation, options.plan, error);
  if (site == nullptr) return withdrawals_failed(error);
  auto& store = (*installation)->store();
  const auto confirmed =
      store.withdrawal_plans().confirm(site->config().id, options.plan, (*installation)->clock().now());
  if (!confirmed) return withdrawals_failed(confirmed.error());
  return carry_out(*site, options.json, signals.token());
}

ExitCode discard_withdrawals(const config::Config& config, const WithdrawalOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return withdrawals_failed(installation.error());
  Error error;
  const auto* const site = site_of_plan(**installation, options.plan, error);
  if (site == nullptr) return withdrawals_failed(error);
  const auto forgotten = (*installation)->store().withdrawal_plans().forget(site->config().id, options.plan);
  if (!forgotten) return withdrawals_failed(forgotten.error());
  if (options.json) {
    fmt::print("{}\n", server::Json{{"discarded", options.plan}}.dump());
  } else {
    fmt::print("Plan {} was discarded. A run that finds the same products again holds them back again.\n", options.plan);
  }
  return ExitCode::ok;
}

}  // namespace product_sync::cli
