#include "rithum/account.hpp"

#include <fmt/format.h>

#include "net/url.hpp"
#include "rithum/reply.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::chrono::hours kIdle{24 * 7};
/// ProductExport's archive of 10,000,000 products, generously.
constexpr std::uint64_t kLongestDownload = 8ULL << 30U;

/// A bucket that no window of `window_minutes` takes more than `limit` from: half of it may go at once, and the other
/// half comes back within the window.
net::RateLimiter::Limits within(int limit, int window_minutes, int concurrent) {
  const int burst = std::max(1, limit / 2);
  const double refill = static_cast<double>(std::max(1, limit - burst)) / window_minutes;
  return {.requests_per_minute = refill, .burst = burst, .concurrent = concurrent};
}

}  // namespace

Account::Account(Options options, net::HttpClient& client, Clock& clock, Logger& logger)
    : options_(std::move(options)),
      client_(client),
      clock_(clock),
      logger_(logger),
      authorization_(options_.url, options_.credentials, client, clock, logger),
      requests_(within(options_.limits.requests_per_minute, 1, options_.limits.concurrent), clock),
      uploads_(within(options_.limits.uploads_per_hour, 60, 1), clock),
      exports_(within(options_.limits.export_requests_per_minute, 1, 1), clock) {}

Result<void> Account::wait_for_turn(Kind kind, const std::stop_token& stop) {
  if (kind == Kind::plain) return {};
  // Given back at once: the jobs are counted, not how many are under way.
  const auto permit = (kind == Kind::upload ? uploads_ : exports_).acquire(stop);
  if (!permit) return tl::unexpected<Error>(permit.error());
  return {};
}

Result<net::HttpResponse> Account::exchange(net::HttpRequest request, Kind kind, const std::stop_token& stop) {
  if (!request.url.starts_with("http")) request.url = net::join_url(options_.url, request.url);
  if (auto turn = wait_for_turn(kind, stop); !turn) return tl::unexpected<Error>(std::move(turn.error()));
  request.connect_timeout = options_.connect_timeout;
  request.total_timeout = options_.total_timeout;
  request.headers.push_back({"Accept", "application/json"});
  for (bool renewed = false;; renewed = true) {
    const auto permit = requests_.acquire(stop);
    if (!permit) return tl::unexpected<Error>(permit.error());
    net::HttpRequest attempt = request;
    const auto generation = authorization_.authorize(attempt, stop);
    if (!generation) return tl::unexpected<Error>(generation.error());
    auto response = client_.send(attempt, stop);
    if (!response || !says_denied(*response)) return response;
    authorization_.denied(*generation);
    if (renewed) {
      response->status = 401;  // also where it came as a 200
      return response;
    }
  }
}

Result<void> Account::download(const std::string& url, const std::filesystem::path& file, std::stop_token stop) {
  net::HttpRequest request;
  request.url = url;
  request.response_file = file;
  request.longest_response = kLongestDownload;
  request.connect_timeout = options_.connect_timeout;
  request.total_timeout = std::chrono::hours{2};
  return net::with_retry(options_.retry, clock_, stop, retry_observer(), [&]() -> Result<void> {
    const auto permit = requests_.acquire(stop);
    if (!permit) return tl::unexpected<Error>(permit.error());
    const auto response = client_.send(request, stop);
    if (!response) return tl::unexpected<Error>(response.error());
    if (response->status != 200) return tl::unexpected<Error>(failure("Fetching a result file", *response));
    return {};
  });
}

Result<void> Account::keep_alive(std::stop_token stop) { return authorization_.keep_alive(kIdle, std::move(stop)); }

Error Account::failure(std::string_view what, const net::HttpResponse& response) const {
  return rithum::failure(fmt::format("{} of profile {}", what, options_.profile_id), response, clock_.now());
}

net::RetryObserver Account::retry_observer() {
  return [this](const net::RetryNotice& notice) {
    if (notice.error.code == "rithum.throttled") requests_.pause_for(notice.delay);
    logger_.warning("rithum.retry", notice.error.message,
                    {{"attempt", notice.attempt}, {"next_in_ms", notice.delay.count()}, {"code", notice.error.code}});
  };
}

}  // namespace product_sync::rithum
