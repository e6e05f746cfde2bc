#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "server/http.hpp"
#include "store/store.hpp"

namespace product_sync::server {

/// Which sites there are, and how much goes through each: rows delivered in each of the last 24 hours, and how long they
/// took from reading to delivery.
class SitesApi {
 public:
  SitesApi(std::vector<std::string> sites, store::Store& store, Clock& clock);

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response list() const;
  Response activity(const Request& request) const;

  const std::vector<std::string> sites_;
  store::Store& store_;
  Clock& clock_;
};

}  // namespace product_sync::server
