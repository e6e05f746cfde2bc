#include "net/retry.hpp"

#include <deque>
#include <thread>

#include "catch.hpp"
#include "support/advancing_clock.hpp"
#include "support/simulated_clock.hpp"

using namespace product_sync;
using namespace product_sync::net;
using namespace std::chrono_literals;

namespace {

/// Answers from a list; the last answer stands for all after it.
class ListedAnswers final : public HttpClient {
 public:
  explicit ListedAnswers(std::deque<Result<HttpResponse>> answers) : answers_(std::move(answers)) {}
  Result<HttpResponse> send(const HttpRequest&, std::stop_token) override {
    ++sent;
    auto next = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return next;
  }
  int sent = 0;

 private:
  std::deque<Result<HttpResponse>> answers_;
};

Result<HttpResponse> answer(int status, Headers headers = {}) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  return response;
}

const RetryPolicy kPolicy{3, {1000ms, 8000ms, 2.0, 0.0}, 60s};
const HttpRequest kRequest{};

}  // namespace

TEST_CASE("passing statuses and passing faults are repeated, others are not") {
  struct Row {
    Result<HttpResponse> first;
    int sent;
  };
  const auto row =
      GENERATE(Row{answer(200), 1}, Row{answer(404), 1}, Row{answer(401), 1}, Row{answer(501), 1}, Row{answer(429), 2},
               Row{answer(500), 2}, Row{answer(503), 2}, Row{fail("http.timeout", "slow", {}, Retry::later), 2},
               Row{fail("http.tls", "wrong certificate"), 1});
  AdvancingClock clock;
  ListedAnswers client({row.first, answer(200)});
  static_cast<void>(send_with_retry(client, kRequest, kPolicy, clock, {}));
  CHECK(client.sent == row.sent);
}

TEST_CASE("the pauses double, and the last answer is given back when the attempts are used up") {
  AdvancingClock clock;
  ListedAnswers client({answer(503)});
  const auto out = send_with_retry(client, kRequest, kPolicy, clock, {});
  CHECK(clock.waits() == std::vector<std::chrono::milliseconds>{1s, 2s});
  CHECK(client.sent == 3);
  REQUIRE(out);
  CHECK(out->status == 503);
}

TEST_CASE("Retry-After is waited for, in both of its forms, up to the longest wait") {
  AdvancingClock clock;  // starts at 2026-11-23T00:00:00Z
  struct Row {
    const char* value;
    std::chrono::milliseconds delay;
  };
  const auto row = GENERATE(Row{"7", 7s}, Row{"Mon, 23 Nov 2026 00:00:20 GMT", 20s}, Row{"0", 1s}, Row{"soon", 1s},
                            Row{"-5", 1s}, Row{"99999", 60s});
  ListedAnswers client({answer(429, {{"retry-after", row.value}}), answer(200)});
  static_cast<void>(send_with_retry(client, kRequest, kPolicy, clock, {}));
  CHECK(clock.waits() == std::vector<std::chrono::milliseconds>{row.delay});
}

TEST_CASE("a stop request ends the wait between attempts") {
  SimulatedClock clock;
  ListedAnswers client({answer(503)});
  Result<HttpResponse> out = answer(0);
  {
    std::jthread caller([&](std::stop_token stop) { out = send_with_retry(client, kRequest, kPolicy, clock, stop); });
    clock.await_waiters(1);
  }
  REQUIRE_FALSE(out);
  CHECK(out.error().retry == Retry::cancelled);
  CHECK(client.sent == 1);
}
