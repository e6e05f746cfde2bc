#include "net/retry.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "net/url.hpp"

namespace product_sync::net {

using std::chrono::milliseconds;

bool is_passing(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::optional<milliseconds> retry_after(const HttpResponse& response, Instant now) {
  const std::string_view text = trim(response.header("Retry-After"));
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size()) {
    constexpr std::int64_t kDay = 86'400;
    if (seconds < 0) return std::nullopt;
    return milliseconds{1000 * std::min(seconds, kDay)};
  }
  const time_t date = curl_getdate(std::string(text).c_str(), nullptr);
  if (date == -1) return std::nullopt;
  const auto wait = Instant{std::chrono::seconds{date}} - now;
  return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(wait));
}

RetryLoop::RetryLoop(const RetryPolicy& policy, Clock& clock, std::stop_token stop, RetryObserver observer)
    : policy_(policy), clock_(clock), stop_(std::move(stop)), observer_(std::move(observer)) {}

std::optional<Error> RetryLoop::again(const Error& error) {
  ++failed_;
  if (error.retry != Retry::later || failed_ >= policy_.attempts) return error;
  milliseconds delay = delay_after(policy_.backoff, failed_, random_unit());
  if (error.retry_after) delay = std::min(std::max(delay, *error.retry_after), policy_.longest_wait);
  if (observer_) observer_({failed_, delay, error});
  if (clock_.sleep(delay, stop_) == WaitEnd::stopped) return cancelled("Waiting for the next attempt").value();
  return std::nullopt;
}

Result<HttpResponse> send_with_retry(HttpClient& client, const HttpRequest& request, const RetryPolicy& policy,
                                     Clock& clock, std::stop_token stop, const RetryObserver& observer) {
  std::optional<HttpResponse> last;
  const auto attempt = [&]() -> Result<HttpResponse> {
    last.reset();
    auto response = client.send(request, stop);
    if (!response || !is_passing(response->status)) return response;
    auto refusal =
        fail("http.status", fmt::format("{} answered {}.", redacted(request.url), response->status), {}, Retry::later);
    refusal.value().retry_after = retry_after(*response, clock.now());
    last = std::move(*response);
    return refusal;
  };
  auto outcome = with_retry(policy, clock, stop, observer, attempt);
  if (!outcome && outcome.error().retry == Retry::later && last) return std::move(*last);
  return outcome;
}

}  // namespace product_sync::net
