#pragma once

#include <vector>

#include "server/http.hpp"
#include "server/json.hpp"
#include "store/store.hpp"
#include "sync/service.hpp"

namespace product_sync::server {

/// Comparing what Rithum holds with what it was told, repairing it, and the reports of both (docs/reconciliation.md).
/// Answers JSON, and reports as CSV too. Must outlive its routes.
class DriftApi {
 public:
  DriftApi(sync::Service& service, store::Store& store) : service_(service), store_(store) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response start(const Request& request);
  Response list(const Request& request);
  Response show(const Request& request);
  Response rows(const Request& request);
  Response rows_as_csv(const Request& request);
  [[nodiscard]] Result<Json> report_json(const store::DriftReport& report) const;
  [[nodiscard]] Result<std::optional<store::DriftReport>> report_of(const Request& request) const;

  sync::Service& service_;
  store::Store& store_;
};

}  // namespace product_sync::server
