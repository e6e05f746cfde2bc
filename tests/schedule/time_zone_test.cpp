#include "schedule/time_zone.hpp"

#include "schedule/moments.hpp"

using namespace product_sync;
using namespace product_sync::schedule;

TEST_CASE("UTC needs no database and is the zone of what names none") {
  CHECK(TimeZone().name() == "UTC");
  CHECK(zone("UTC") == TimeZone());
  CHECK(TimeZone().format(instant("2026-07-01T12:00Z")) == "2026-07-01T12:00:00+00:00");
}

TEST_CASE("a moment is shown as the clocks of the zone show it") {
  CHECK(zone("Europe/Berlin").format(instant("2026-03-29T00:59:59Z")) == "2026-03-29T01:59:59+01:00");
  CHECK(zone("Europe/Berlin").format(instant("2026-03-29T01:00Z")) == "2026-03-29T03:00:00+02:00");
  CHECK(zone("America/New_York").format(instant("2026-11-01T06:00Z")) == "2026-11-01T01:00:00-05:00");
  CHECK(zone("Australia/Lord_Howe").format(instant("2026-07-01T00:00Z")) == "2026-07-01T10:30:00+10:30");
  CHECK(zone("Australia/Lord_Howe").format(instant("2026-12-01T00:00Z")) == "2026-12-01T11:00:00+11:00");
}

TEST_CASE("summer time is known for the coming decade") {
  CHECK(zone("Europe/Berlin").format(instant("2036-07-01T00:00Z")) == "2036-07-01T02:00:00+02:00");
  CHECK(zone("America/New_York").format(instant("2036-07-01T00:00Z")) == "2036-06-30T20:00:00-04:00");
}

TEST_CASE("an unknown zone is refused with the one that was probably meant") {
  const auto near = [](std::string_view wrong) {
    const auto found = TimeZone::find(wrong);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == "schedule.unknown_zone");
    return found.error().remedy;
  };
  CHECK(near("Europe/Berlni") == "did you mean \"Europe/Berlin\"?");
  CHECK(near("europe/berlin") == "did you mean \"Europe/Berlin\"?");
  CHECK(near("CEST") == "names are those of the IANA database, such as Europe/Berlin or UTC");
  CHECK(near("New York") == "did you mean \"America/New_York\"?");
  CHECK(near("../../etc/passwd") == "names are those of the IANA database, such as Europe/Berlin or UTC");
  CHECK(near("") == "names are those of the IANA database, such as Europe/Berlin or UTC");
}
