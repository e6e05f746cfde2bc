#pragma once

#include <string>
#include <vector>

#include "server/http.hpp"
#include "store/request_log.hpp"
#include "sync/exchange_recorder.hpp"

namespace product_sync::server {

/// What operators do with the request log: list and search it, look at one exchange with its bodies, export it.
class RequestApi {
 public:
  RequestApi(std::vector<std::string> sites, store::RequestLog& log, sync::ExchangeRecorder& recorder)
      : sites_(std::move(sites)), log_(log), recorder_(recorder) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  Response list(const Request& request);
  Response show(const Request& request);
  Response csv(const Request& request);
  Response json_lines(const Request& request);
  template <class Line>
  Response exported(const Request& request, std::string_view content_type, std::string text, const Line& line);
  [[nodiscard]] Result<store::ExchangeFilter> filter_of(const Request& request) const;

  const std::vector<std::string> sites_;
  store::RequestLog& log_;
  sync::ExchangeRecorder& recorder_;
};

}  // namespace product_sync::server
