#include "server/event_history.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

using namespace product_sync;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using server::EventHistory;

namespace {

constexpr std::size_t kAll = 1'000'000;

sync::Event queue(std::string site, std::uint64_t arrived) { return sync::QueueEvent{std::move(site), arrived, 0, 0}; }

std::string read_all(const EventHistory& history, std::string_view site = {}) {
  std::string text;
  static_cast<void>(history.read(0, site, kAll, text));
  return text;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// What the only event of the history carries.
nlohmann::json data_of(const sync::Event& event, std::string_view name) {
  EventHistory history;
  history.add(event);
  const auto text = read_all(history);
  CHECK_THAT(text, StartsWith("id: ") && ContainsSubstring("\nevent: " + std::string(name) + "\n") && EndsWith("\n\n"));
  CHECK(times(text, "\n") == 4);  // the data is one line
  const auto data = text.find("data: ") + 6;
  return nlohmann::json::parse(text.substr(data, text.find('\n', data) - data));
}

}  // namespace

TEST_CASE("a run tells where it stands, at its start, on its way and at its end") {
  store::Run run;
  run.id = "20261124T100000.000000-1";
  run.what = {"eu", store::RunType::full, "api", std::nullopt, std::nullopt, false};
  run.counts.read = 200;
  CHECK(data_of(sync::RunEvent{sync::RunEvent::Step::started, run}, "run.started")["site"] == "eu");
  CHECK(data_of(sync::RunEvent{sync::RunEvent::Step::progress, run}, "run.progress")["counts"]["read"] == 200);
  run.state = store::RunState::failed;
  run.error = "two\nlines";
  const auto ended = data_of(sync::RunEvent{sync::RunEvent::Step::ended, run}, "run.ended");
  CHECK(ended["state"] == "failed");
  CHECK(ended["error"] == "two\nlines");
}

TEST_CASE("a file tells that it was delivered, failed or given up") {
  store::OutboxFile file;
  file.id = 7;
  file.site = "eu";
  file.file.name = "a.txt";
  file.file.rows = 3;
  using Step = sync::FileEvent::Step;
  const auto delivered = data_of(sync::FileEvent{Step::delivered, file, store::Route::api}, "file.delivered");
  CHECK(delivered["id"] == 7);
  CHECK(delivered["route"] == "api");
  const auto failed = data_of(
      sync::FileEvent{Step::failed, file, store::Route::transfer, Error{"sftp.refused", "No.", "", Retry::later, {}}, Instant{}},
      "file.failed");
  CHECK(failed["error_code"] == "sftp.refused");
  CHECK(failed["attempts"] == 1);
  CHECK(failed["next_attempt"] == "1970-01-01T00:00:00Z");
  CHECK(data_of(sync::FileEvent{Step::dropped, file}, "file.dropped")["rows"] == 3);
}

TEST_CASE("a queue tells what came and what waits") {
  const auto data = data_of(sync::QueueEvent{"eu", 5, 7, 1}, "queue");
  CHECK(data["new_notifications"] == 5);
  CHECK(data["pending_notifications"] == 7);
  CHECK(data["waiting_files"] == 1);
}

TEST_CASE("a reader goes on behind the id that it got last, and hears of the sites it asked for") {
  EventHistory history;
  history.add(queue("eu", 1));
  history.add(queue("us", 2));
  history.add(queue("eu", 3));
  const auto all = read_all(history);
  CHECK(times(all, "event: queue") == 3);
  const auto eu = read_all(history, "eu");
  CHECK(times(eu, "event: queue") == 2);
  CHECK_THAT(eu, !ContainsSubstring("\"us\""));

  const auto id = all.substr(4, all.find('\n') - 4);  // of the first
  const auto position = history.find(id);
  REQUIRE(position);
  std::string rest;
  CHECK(history.read(*position, {}, kAll, rest) == history.newest());
  CHECK(id + rest != all);
  CHECK_THAT(all, EndsWith(rest));
  CHECK(times(rest, "event: queue") == 2);
}

TEST_CASE("ids of another process, of the future and of nonsense are not known") {
  EventHistory history;
  EventHistory other;
  history.add(queue("eu", 1));
  other.add(queue("eu", 1));
  const auto line = other.id_line(1);
  const auto foreign = line.substr(4, line.size() - 5);
  CHECK(other.find(foreign));
  CHECK_FALSE(history.find(foreign));
  CHECK_FALSE(other.find(foreign + "0"));
  CHECK_FALSE(other.find(foreign + "x"));
  for (const auto* text : {"", "-", "1", "x-1"}) CHECK_FALSE(history.find(text));
}

TEST_CASE("a bounded history forgets the oldest, and tells readers that they missed something") {
  const bool by_bytes = GENERATE(false, true);
  EventHistory history(by_bytes ? 1'000 : 10, by_bytes ? 2'000 : 1'000'000);
  for (std::uint64_t i = 0; i < 100; ++i) history.add(queue("eu", i));
  const auto text = read_all(history);
  CHECK(times(text, "event: missed") == 1);
  CHECK(text.size() < 2'500);
  CHECK(times(text, "event: queue") >= 5);
  CHECK_THAT(text, ContainsSubstring("\"new_notifications\":99,"));
  std::string nothing;
  CHECK(history.read(history.newest(), {}, kAll, nothing) == 100);
  CHECK(nothing.empty());
}

TEST_CASE("a long history is read piece by piece") {
  EventHistory history;
  for (std::uint64_t i = 0; i < 500; ++i) history.add(queue("eu", i));
  std::string whole;
  EventHistory::Number position = 0;
  while (position < history.newest()) {
    std::string piece;
    position = history.read(position, {}, 1'000, piece);
    CHECK(piece.size() < 1'500);
    whole += piece;
  }
  CHECK(whole == read_all(history));
}
