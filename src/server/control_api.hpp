#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "server/http.hpp"
#include "server/plan_archive.hpp"
#include "store/store.hpp"
#include "sync/service.hpp"

namespace product_sync::server {

/// What operators do and look at: start, watch and cancel syncs; products, notifications, files and retries of a site;
/// feed files sent again or given up; withdrawals that were held back; the plans of dry runs.
class ControlApi {
 public:
  ControlApi(std::vector<std::string> sites, sync::Service& service, store::Store& store, PlanArchive& plans,
             Clock& clock);

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response start_sync(const Request& request);
  Response list_runs(const Request& request);
  Response show_run(const Request& request);
  Response show_plan(const Request& request);
  Response cancel_run(const Request& request);
  Response list_products(const Request& request);
  Response show_product(const Request& request);
  Response retry_product(const Request& request);
  Response show_notifications(const Request& request);
  Response list_files(const Request& request);
  Response resend_file(const Request& request);
  Response drop_file(const Request& request);
  Response list_retries(const Request& request);
  Response list_withdrawals(const Request& request);
  Response show_withdrawals(const Request& request);
  Response confirm_withdrawals(const Request& request);
  Response discard_withdrawals(const Request& request);
  Response overview(const Request& request);

  std::vector<std::string> sites_;
  sync::Service& service_;
  store::Store& store_;
  PlanArchive& plans_;
  Clock& clock_;
};

}  // namespace product_sync::server
