#pragma once

#include <vector>

#include "server/http.hpp"
#include "store/store.hpp"
#include "sync/service.hpp"

namespace product_sync::server {

/// The notifications of a site, page by page, and carrying some of them on once more.
class NotificationApi {
 public:
  NotificationApi(sync::Service& service, store::Store& store) : service_(service), store_(store) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response list(const Request& request) const;
  Response replay(const Request& request);

  sync::Service& service_;
  store::Store& store_;
};

}  // namespace product_sync::server
