#include "server/intake.hpp"

#include <atomic>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "catch.hpp"
#include "store/store.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;

namespace {

constexpr const char* kNotification =
    R"({"Inserted":[{"Warehouse":"MAIN ","InventoryID":"AALEGO500","QtyOnHand":1999}],)"
    R"("Deleted":[{"Warehouse":"MAIN","InventoryID":"AALEGO500 ","QtyOnHand":1998}],)"
    R"("Query":"Item Availability Data","CompanyId":"MyStore","Id":"06284bdf-2952-4a9a-bf60-2ad0cd33924e",)"
    R"("TimeStamp":638465233453014192,"AdditionalInfo":{}})";

class AnswerChannel final : public front::ReplyChannel {
 public:
  void deliver(front::RequestId, front::Answer given) override { answer.set_value(std::move(given)); }
  std::promise<front::Answer> answer;
};

/// An intake with three sites over a real store.
class IntakeBench {
 public:
  explicit IntakeBench(std::uint64_t disk_floor = 0) {
    auto opened = store::open_sqlite({.directory = directory_ / "state", .disk_floor = disk_floor}, clock, log_);
    if (!opened) throw std::runtime_error(opened.error().text());
    store = std::move(*opened);
    intake_ = std::make_unique<server::Intake>(
        std::vector<server::IntakeSite>{
            {"eu", "MyStore", "X-Secret", {Secret("new"), Secret("old")}, 1'000'000, {}, {}, 0, true},
            {"us", "", "X-Secret", {}, 1'000'000, {}, {}, 0},
            {"narrow", "", "X-Secret", {Secret("new")}, 1'000'000, {}, {*IpRange::parse("203.0.113.0/24")}, 2}},
        store->inbox(), clock, log_, [this](const std::string& site) { told.push_back(site); },
        [this](const std::string& site, const Exchange& exchange) {
          recorded.push_back({site, exchange, std::string(exchange.request_body), std::string(exchange.response_body)});
        });
    routes_ = intake_->routes();
  }

  server::Response post(const std::string& site, const std::string& body, const std::string& secret = "new",
                        const char* from = "198.51.100.7") {
    server::Request request;
    request.method = "POST";
    request.path = "/v1/sites/" + site + "/notifications";
    request.peer.address = *IpAddress::parse(from);
    if (!secret.empty()) request.headers.add("X-Secret", secret);
    auto matched = server::match(routes_, request.method, request.path);
    request.path_values = matched.path_values;
    if (auto refused = matched.route->admit(request)) return *refused;
    request.body = body;
    if (matched.route->handle) return matched.route->handle(request);
    const auto channel = std::make_shared<AnswerChannel>();
    matched.route->begin(std::move(request), server::Reply(channel, {}, true));
    return std::get<server::Response>(channel->answer.get_future().get());
  }
  SimulatedClock clock;

  std::unique_ptr<store::Store> store;
  std::vector<std::string> told;
  struct Recorded {
    std::string site;
    Exchange exchange;  // without its bodies
    std::string request_body;
    std::string response_body;
  };
  std::vector<Recorded> recorded;

 private:
  TemporaryDirectory directory_{"intake"};
  Logger log_{LogFormat::text, LogLevel::error};
  std::unique_ptr<server::Intake> intake_;
  std::vector<server::Route> routes_;
};

}  // namespace

TEST_CASE("a notification is in the inbox when it is answered, with its keys trimmed and its time stamp exact") {
  IntakeBench bench;
  const auto response = bench.post("eu", kNotification);
  CHECK(response.status == 200);
  const auto answer = nlohmann::json::parse(response.body);
  CHECK(answer["id"] == "06284bdf-2952-4a9a-bf60-2ad0cd33924e");
  CHECK(answer["repeated"] == false);
  const auto pending = *bench.store->inbox().pending("eu", 0, 10);
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].sequence == answer["sequence"]);
  CHECK(pending[0].keys == std::vector<std::string>{"AALEGO500"});
  CHECK(pending[0].ticks == 638465233453014192U);
  CHECK(bench.told == std::vector<std::string>{"eu"});
}

TEST_CASE("a repeat answers 200, says so, and changes nothing") {
  IntakeBench bench;
  const auto first = nlohmann::json::parse(bench.post("eu", kNotification).body);
  const auto response = bench.post("eu", kNotification);
  CHECK(response.status == 200);
  const auto second = nlohmann::json::parse(response.body);
  CHECK(second["repeated"] == true);
  CHECK(second["sequence"] == first["sequence"]);
  CHECK(bench.store->inbox().pending("eu", 0, 10)->size() == 1);
  CHECK(bench.told.size() == 1);
}

TEST_CASE("either secret of a rotation opens the intake, no other does") {
  IntakeBench bench;
  CHECK(bench.post("eu", kNotification, "old").status == 200);
  CHECK(bench.post("eu", kNotification, "older").status == 401);
  CHECK(bench.post("eu", kNotification, "").status == 401);
  CHECK_THAT(bench.post("eu", kNotification, "").body, ContainsSubstring("X-Secret"));
  CHECK(bench.post("us", kNotification, "new").status == 401);  // a site without a secret stays shut
  CHECK(bench.post("us", kNotification, "").status == 401);
}

TEST_CASE("an unknown site is answered 404") {
  IntakeBench bench;
  const auto response = bench.post("mars", kNotification);
  CHECK(response.status == 404);
  CHECK_THAT(response.body, ContainsSubstring("mars"));
}

TEST_CASE("a malformed body is answered 400 with reason and position, and kept in quarantine") {
  IntakeBench bench;
  const std::string body = R"({"Inserted":[{"InventoryID":"A"},],"Query":"Q"})";
  const auto response = bench.post("eu", body);
  CHECK(response.status == 400);
  CHECK_THAT(response.body, ContainsSubstring("byte"));
  const auto kept = *bench.store->inbox().quarantined("eu", 10);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].body == body);
  CHECK(kept[0].offset > 0);
  CHECK(bench.store->inbox().pending("eu", 0, 10)->empty());
}

TEST_CASE("a notification of another tenant is refused and kept in quarantine") {
  IntakeBench bench;
  std::string body = kNotification;
  body.replace(body.find("MyStore"), 7, "Another");
  const auto response = bench.post("eu", body);
  CHECK(response.status == 400);
  CHECK_THAT(response.body, ContainsSubstring("Another"));
  CHECK(bench.store->inbox().quarantined("eu", 10)->size() == 1);
}

TEST_CASE("a notification that cannot be stored is answered 503, with a time to come back") {
  constexpr std::uint64_t kMoreThanAnyDisk = 1ULL << 60U;
  IntakeBench bench(kMoreThanAnyDisk);
  const auto response = bench.post("eu", kNotification);
  CHECK(response.status == 503);
  REQUIRE(response.headers.size() == 1);
  CHECK(response.headers[0] == std::pair<std::string, std::string>("Retry-After", "10"));
  CHECK(bench.told.empty());
}

TEST_CASE("a site takes notifications only from the addresses that it allows") {
  IntakeBench bench;
  CHECK(bench.post("narrow", kNotification, "new", "203.0.113.9").status == 200);
  CHECK(bench.post("narrow", kNotification, "new", "198.51.100.7").status == 403);
}

TEST_CASE("above the rate limit an address is answered 429 with a time to come back, others are not concerned") {
  IntakeBench bench;
  CHECK(bench.post("narrow", kNotification, "new", "203.0.113.9").status == 200);
  CHECK(bench.post("narrow", kNotification, "new", "203.0.113.9").status == 200);
  const auto response = bench.post("narrow", kNotification, "new", "203.0.113.9");
  CHECK(response.status == 429);
  REQUIRE(response.headers.size() == 1);
  CHECK(response.headers[0] == std::pair<std::string, std::string>("Retry-After", "1"));
  CHECK(bench.post("narrow", kNotification, "new", "203.0.113.8").status == 200);
  bench.clock.advance(std::chrono::seconds{1});
  CHECK(bench.post("narrow", kNotification, "new", "203.0.113.9").status == 200);
}

TEST_CASE("an intake does not go while the inbox is still storing for it") {
  /// Stores when the test says so.
  class SlowInbox final : public store::Inbox {
   public:
    using Inbox::put;
    using Inbox::quarantine;
    void put(store::NewNotification, Done<store::StoredNotification> done) override { waiting = std::move(done); }
    void quarantine(store::QuarantinedBody, Done<void> done) override { done({}); }
    Result<std::vector<store::QuarantinedBody>> quarantined(std::string_view, std::size_t) override { return {}; }
    Result<std::vector<store::PendingNotification>> pending(std::string_view, store::Sequence, std::size_t) override {
      return {};
    }
    Result<void> complete(std::string_view, std::string_view, std::span<const store::Sequence>) override { return {}; }
    Result<store::InboxStats> stats(std::string_view) override { return store::InboxStats{}; }
    Result<std::uint64_t> pending_count(std::string_view) override { return 0U; }
    Result<std::uint64_t> forget_completed(Instant) override { return 0U; }
    Done<store::StoredNotification> waiting;
  } inbox;
  SimulatedClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  std::atomic<int> told = 0;
  auto intake = std::make_unique<server::Intake>(
      std::vector<server::IntakeSite>{{"eu", "", "X-Secret", {Secret("new")}, 1'000'000, {}, {}, 0}}, inbox, clock, log,
      [&](const std::string&) { ++told; });
  const auto channel = std::make_shared<AnswerChannel>();
  server::Request request;
  request.body = kNotification;
  intake->routes().front().begin(std::move(request), server::Reply(channel, {}, true));
  std::jthread writer([&] { std::exchange(inbox.waiting, nullptr)(store::StoredNotification{1, false}); });
  intake.reset();  // returns behind the answer, however late that is
  CHECK(told == 1);
  CHECK(std::get<server::Response>(channel->answer.get_future().get()).status == 200);
}

TEST_CASE("each notification is recorded with its answer, and with its bodies where the site wants them") {
  IntakeBench bench;
  REQUIRE(bench.post("eu", kNotification).status == 200);
  REQUIRE(bench.post("eu", "{nonsense").status == 400);
  REQUIRE(bench.post("narrow", kNotification, "new", "203.0.113.9").status == 200);
  REQUIRE(bench.recorded.size() == 3);
  const auto& taken = bench.recorded[0];
  CHECK(taken.site == "eu");
  CHECK(taken.exchange.method == "POST");
  CHECK(taken.exchange.target == "/v1/sites/eu/notifications");
  CHECK(taken.exchange.status == 200);
  CHECK_FALSE(taken.exchange.failed());
  CHECK(taken.exchange.correlation == "06284bdf-2952-4a9a-bf60-2ad0cd33924e");
  CHECK(taken.exchange.bytes_received == std::string_view(kNotification).size());
  CHECK(taken.request_body == kNotification);
  CHECK(taken.response_body.find("\"repeated\":false") != std::string::npos);
  const auto& malformed = bench.recorded[1];
  CHECK(malformed.exchange.status == 400);
  CHECK(malformed.exchange.failed());
  CHECK_FALSE(malformed.exchange.error_code.empty());
  CHECK_FALSE(malformed.exchange.error.empty());
  CHECK(malformed.request_body == "{nonsense");
  CHECK(bench.recorded[2].site == "narrow");
  CHECK(bench.recorded[2].request_body.empty());
}

TEST_CASE("strangers cannot fill the request log: of their refused notifications a sample is recorded") {
  IntakeBench bench;
  for (int i = 0; i < 50; ++i) REQUIRE(bench.post("eu", kNotification, "wrong").status == 401);
  REQUIRE(bench.recorded.size() == 1);
  CHECK(bench.recorded[0].exchange.status == 401);
  CHECK(bench.recorded[0].exchange.error_code == "intake.unauthorized");
  CHECK(bench.recorded[0].exchange.error.find("198.51.100.7") != std::string::npos);
}
