#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "server/access.hpp"
#include "server/http.hpp"
#include "server/sessions.hpp"
#include "server/source_rate.hpp"

namespace product_sync::server {

/// `/v1/session`: signs people at browsers in and out, and tells who they are. Failed attempts are limited by address;
/// passwords are compared by few threads at a time, since that takes memory.
class SignInApi {
 public:
  /// Both must outlive this.
  SignInApi(const AccessControl& access, Sessions& sessions, Clock& clock, Logger& log);

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response sign_in(const Request& request);
  Response sign_out(const Request& request);
  Response show(const Request& request) const;
  [[nodiscard]] bool may_try(const Request& request);
  void failed(const Request& request, std::string_view user);

  const AccessControl& access_;
  Sessions& sessions_;
  Clock& clock_;
  Logger& log_;
  std::atomic<int> comparing_ = 0;
  std::mutex mutex_;
  SourceRate failures_;  // guarded by mutex_
};

}  // namespace product_sync::server
