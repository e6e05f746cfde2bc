#include "acumatica/instance.hpp"

#include <fmt/format.h>

#include "acumatica/reply.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {

Instance::Instance(Options options, net::HttpClient& client, std::unique_ptr<Session> session, Clock& clock,
                   Logger& logger)
    : options_(std::move(options)),
      client_(client),
      session_(std::move(session)),
      clock_(clock),
      logger_(logger),
      limiter_(options_.limits, clock) {}

Instance::Visit::Visit(Instance& instance) : instance_(instance) {
  const std::lock_guard lock(instance_.visits_mutex_);
  ++instance_.visits_;
}

Instance::Visit::~Visit() {
  const std::lock_guard lock(instance_.visits_mutex_);
  if (--instance_.visits_ == 0) instance_.session_->close();
}

Result<net::HttpResponse> Instance::exchange(const net::HttpRequest& wanted, Call& call) {
  auto permit = limiter_.acquire(call.stop);
  if (!permit) return tl::unexpected<Error>(std::move(permit.error()));
  for (bool renewed = false;; renewed = true) {
    net::HttpRequest request = wanted;
    request.headers.push_back({"Accept", "application/json"});
    request.connect_timeout = options_.connect_timeout;
    request.total_timeout = options_.total_timeout;
    request.longest_response = options_.longest_response;
    const auto generation = session_->authorize(request, call.stop);
    if (!generation) return tl::unexpected<Error>(generation.error());
    ++call.requests;
    auto response = client_.send(request, call.stop);
    if (!response) return response;
    session_->answered(*generation, *response);
    if (response->status != 401 || renewed) return response;
  }
}

net::RetryObserver Instance::retry_observer() {
  return [this](const net::RetryNotice& notice) {
    if (notice.error.code == "acumatica.throttled") limiter_.pause_for(notice.delay);
    logger_.warning("acumatica.retry", notice.error.message,
                    {{"attempt", notice.attempt}, {"next_in_ms", notice.delay.count()}, {"code", notice.error.code}});
  };
}

Result<Endpoint> Instance::endpoint(Call& call) {
  {
    const std::lock_guard lock(endpoint_mutex_);
    if (endpoint_) return *endpoint_;
  }
  auto found =
      get(net::join_url(options_.base_url, "entity"), call, [&](net::HttpResponse response) -> Result<Endpoint> {
        if (response.status != 200)
          return tl::unexpected<Error>(failure("Asking for the endpoints", response, clock_.now()));
        return choose_endpoint(response.body, options_.endpoint_name, options_.endpoint_version);
      });
  if (!found) return found;
  const std::lock_guard lock(endpoint_mutex_);
  if (!endpoint_) {
    logger_.info("acumatica.endpoint", fmt::format("Reading through endpoint {} {}.", found->name, found->version));
    endpoint_ = *found;
  }
  return *endpoint_;
}

void Instance::forget_endpoint() {
  const std::lock_guard lock(endpoint_mutex_);
  endpoint_.reset();
}

}  // namespace product_sync::acumatica
