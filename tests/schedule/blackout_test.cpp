#include "schedule/blackout.hpp"

#include <array>

#include "schedule/moments.hpp"

using namespace product_sync;
using namespace product_sync::schedule;

namespace {

Blackout blackout(const std::vector<std::string>& texts) {
  std::vector<BlackoutWindow> windows;
  for (const auto& text : texts) {
    auto window = BlackoutWindow::parse(text);
    INFO(text);
    REQUIRE(window);
    windows.push_back(std::move(*window));
  }
  auto made = Blackout::of(std::move(windows));
  REQUIRE(made);
  return *made;
}

std::string end_of(const Blackout& hours, std::string_view zone_name, std::string_view at) {
  const auto end = hours.end(zone(zone_name), instant(at));
  return end ? zone(zone_name).format(*end).substr(0, 16) : "outside";
}

}  // namespace

TEST_CASE("a blackout ends when its hours end, by the clocks of the zone") {
  const auto working = blackout({"MON-FRI 08:00-18:00"});
  CHECK(end_of(working, "Europe/Berlin", "2026-11-24T06:59Z") == "outside");
  CHECK(end_of(working, "Europe/Berlin", "2026-11-24T07:00Z") == "2026-11-24T18:00");
  CHECK(end_of(working, "Europe/Berlin", "2026-11-24T16:59:59Z") == "2026-11-24T18:00");
  CHECK(end_of(working, "Europe/Berlin", "2026-11-24T17:00Z") == "outside");
  CHECK(end_of(working, "Europe/Berlin", "2026-11-28T12:00Z") == "outside");  // a Saturday
}

TEST_CASE("a blackout that ends earlier than it begins goes on past midnight") {
  const auto night = blackout({"FRI 22:00-06:00"});
  CHECK(end_of(night, "UTC", "2026-11-27T23:00Z") == "2026-11-28T06:00");
  CHECK(end_of(night, "UTC", "2026-11-28T05:59Z") == "2026-11-28T06:00");
  CHECK(end_of(night, "UTC", "2026-11-27T05:59Z") == "outside");
  CHECK(end_of(night, "UTC", "2026-11-28T23:00Z") == "outside");
}

TEST_CASE("blackouts that follow or overlap each other are one") {
  const auto weekend = blackout({"FRI 18:00-24:00", "SAT,SUN 00:00-24:00", "MON 00:00-07:00", "MON 06:00-08:00"});
  CHECK(end_of(weekend, "UTC", "2026-11-27T18:00Z") == "2026-11-30T08:00");
}

TEST_CASE("a blackout follows the clocks where they jump") {
  const auto early = blackout({"01:00-02:30"});
  // 29 March: 02:00 is followed by 03:00.
  CHECK(end_of(early, "Europe/Berlin", "2026-03-29T00:30Z") == "2026-03-29T03:00");
  // 25 October: 03:00 is followed by 02:00, and 02:00 to 02:30 comes twice.
  CHECK(end_of(early, "Europe/Berlin", "2026-10-24T23:30Z") == "2026-10-25T02:30");
  CHECK(end_of(early, "Europe/Berlin", "2026-10-25T00:45Z") == "outside");
  CHECK(end_of(early, "Europe/Berlin", "2026-10-25T01:15Z") == "2026-10-25T02:30");
  CHECK(blackout({"01:00-02:30"}).end(zone("Europe/Berlin"), instant("2026-10-25T01:15Z")) ==
        instant("2026-10-25T01:30Z"));
}

TEST_CASE("hours that are no hours are refused") {
  constexpr std::array kWrong{"",           "08:00",      "8:00-18:00",       "08:00-25:00", "08:60-09:00", "24:00-08:00",
                              "08:00-08:00", "MON-FRI",    "MON-FRI 08-18",    "XXX 08:00-18:00", "08:00 - 18:00"};
  for (const auto* wrong : kWrong) {
    INFO(wrong);
    const auto parsed = BlackoutWindow::parse(wrong);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == "schedule.bad_blackout");
  }
}

TEST_CASE("a blackout of the whole week is refused") {
  std::vector<BlackoutWindow> windows{*BlackoutWindow::parse("00:00-12:00"), *BlackoutWindow::parse("12:00-24:00")};
  const auto made = Blackout::of(std::move(windows));
  REQUIRE_FALSE(made);
  CHECK(made.error().remedy == "switch the schedule off instead");
}
