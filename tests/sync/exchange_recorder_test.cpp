#include "sync/exchange_recorder.hpp"

#include <future>

#include "base/work.hpp"
#include "catch.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"
#include "store/store.hpp"

using namespace product_sync;
using sync::ExchangeRecorder;
using sync::RecordedSite;

namespace {

/// A request log on the disk, and a recorder that has to be told to write.
struct RecorderBench {
  explicit RecorderBench(ExchangeRecorder::Options options = {}) : recorder(options, store->request_log(), clock, log) {}

  std::vector<store::LoggedExchange> logged() {
    recorder.flush();
    auto listed = store->request_log().list({}, 0, 1'000);
    REQUIRE(listed);
    return std::move(*listed);
  }
  void record(const Exchange& exchange) {
    recorder.record(site, store::Peer::acumatica, store::Direction::outgoing, exchange);
  }

  TemporaryDirectory folder{"requests"};
  SimulatedClock clock;
  Logger log{LogFormat::text, LogLevel::error};
  std::unique_ptr<store::Store> store = store::open_sqlite({.directory = folder / "data"}, clock, log).value();
  RecordedSite site{"eu", RecordLevel::all, {Secret("hush-hush")}};
  ExchangeRecorder recorder;
};

Exchange answered(int status) {
  Exchange exchange;
  exchange.method = "GET";
  exchange.target = "https://erp/x?key=hush-hush";
  exchange.status = status;
  exchange.request_body = "client_secret=s";
  exchange.response_body = R"({"a":"hush-hush"})";
  return exchange;
}

/// A log that stands still while `closed`.
class GatedLog final : public store::RequestLog {
 public:
  Result<void> add(std::span<const store::LoggedExchange> entries) override {
    if (!seen_) {
      seen_ = true;
      entered.set_value();
      open.get_future().wait();
    }
    for (const auto& entry : entries) written.push_back(entry);
    if (broken) return fail("store.full", "No room.");
    return {};
  }
  Result<std::vector<store::LoggedExchange>> list(const store::ExchangeFilter&, std::int64_t, std::size_t) override {
    return written;
  }
  Result<std::optional<store::LoggedExchange>> find(std::int64_t) override {
    return std::optional<store::LoggedExchange>{};
  }
  Result<std::uint64_t> forget(Instant) override { return std::uint64_t{0}; }

  std::promise<void> entered;
  std::promise<void> open;
  std::vector<store::LoggedExchange> written;
  bool broken = false;

 private:
  bool seen_ = false;
};

}  // namespace

TEST_CASE("an exchange is recorded with the run and the trace of its thread's work, and without secrets") {
  RecorderBench bench;
  {
    const Work work("run7");
    bench.record(answered(200));
  }
  bench.record(answered(200));
  const auto logged = bench.logged();
  REQUIRE(logged.size() == 2);
  CHECK(logged[1].run_id == "run7");
  CHECK(logged[1].trace_id == Work("run7").trace_id());
  CHECK(logged[1].trace_id.size() == 32);
  CHECK(logged[1].target == "https://erp/x?key=***");
  CHECK(logged[1].site == "eu");
  CHECK_FALSE(logged[1].bodies);
  CHECK(logged[0].run_id.empty());
  CHECK(logged[0].trace_id.empty());
  CHECK(bench.recorder.written() == 2);
}

TEST_CASE("the level of a site decides what is recorded of it") {
  RecorderBench bench;
  const auto recorded = [&](RecordLevel level) {
    const auto before = bench.logged().size();
    bench.site.level = level;
    bench.record(answered(200));
    bench.record(answered(503));
    return bench.logged().size() - before;
  };
  CHECK(recorded(RecordLevel::off) == 0);
  CHECK(recorded(RecordLevel::errors) == 1);
  CHECK(recorded(RecordLevel::all) == 2);
  CHECK(recorded(RecordLevel::bodies) == 2);
  const auto latest = bench.store->request_log().find(bench.logged().front().number);
  REQUIRE(latest);
  REQUIRE(*latest);
  CHECK((*latest)->request_body == "client_secret=***");
  CHECK((*latest)->response_body == R"({"a":"***"})");
}

TEST_CASE("what was recorded before the end is written by then") {
  TemporaryDirectory folder{"requests"};
  SimulatedClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  const auto store = store::open_sqlite({.directory = folder / "data"}, clock, log).value();
  const RecordedSite site{"eu", RecordLevel::all, {}};
  {
    ExchangeRecorder recorder({}, store->request_log(), clock, log);
    recorder.observer(site, store::Peer::rithum)(answered(200));
  }
  const auto listed = store->request_log().list({}, 0, 10);
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().peer == store::Peer::rithum);
}

TEST_CASE("a log that cannot follow holds up nobody: what has no room is dropped, and the log tells how much") {
  SimulatedClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  const RecordedSite site{"eu", RecordLevel::all, {}};
  GatedLog slow;
  ExchangeRecorder recorder({.longest_queue = 3, .gather = std::chrono::milliseconds{0}}, slow, clock, log);
  const auto record = [&] { recorder.record(site, store::Peer::acumatica, store::Direction::outgoing, answered(200)); };
  record();
  slow.entered.get_future().wait();  // the first is being written and does not come back
  for (int i = 0; i < 5; ++i) record();
  CHECK(recorder.dropped() == 2);
  slow.open.set_value();
  recorder.flush();
  REQUIRE(slow.written.size() == 5);
  CHECK(slow.written.back().error_code == "request_log.dropped");
  CHECK(slow.written.back().error.starts_with("2 exchanges"));
  CHECK(recorder.written() == 4);
}

TEST_CASE("what cannot be written counts as dropped") {
  SimulatedClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  GatedLog full;
  full.broken = true;
  full.open.set_value();
  const RecordedSite site{"eu", RecordLevel::all, {}};
  ExchangeRecorder recorder({}, full, clock, log);
  recorder.record(site, store::Peer::acumatica, store::Direction::outgoing, answered(200));
  recorder.flush();
  CHECK(recorder.dropped() == 1);
  CHECK(recorder.written() == 0);
}
