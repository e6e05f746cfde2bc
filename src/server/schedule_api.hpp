#pragma once

#include <vector>

#include "base/clock.hpp"
#include "server/http.hpp"
#include "store/store.hpp"
#include "sync/service.hpp"

namespace product_sync::server {

/// What operators do with schedules: look at those of a site, switch one, have one start its task now.
class ScheduleApi {
 public:
  ScheduleApi(sync::Service& service, store::Store& store, Clock& clock)
      : service_(service), store_(store), clock_(clock) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response list(const Request& request);
  Response switch_one(const Request& request, const sync::SiteSchedule& schedule);
  Response run(const Request& request, const sync::SiteSchedule& schedule);
  Response show(int status, const sync::SiteSchedule& schedule);

  sync::Service& service_;
  store::Store& store_;
  Clock& clock_;
};

}  // namespace product_sync::server
