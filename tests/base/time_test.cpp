#include "base/time.hpp"

#include "catch.hpp"

using namespace product_sync;

TEST_CASE("dates and times are read in every form the outside systems write") {
  struct Row {
    const char* text;
    const char* expected;
  };
  const auto row = GENERATE(Row{"2026-11-23", "2026-11-23T00:00:00Z"}, Row{"2026-11-23T16:18", "2026-11-23T16:18:00Z"},
                            Row{"2024-05-05T15:16:23.1", "2024-05-05T15:16:23.100000Z"},
                            Row{"2024-05-05T15:16:23.103Z", "2024-05-05T15:16:23.103000Z"},
                            Row{"2026-07-11T00:00:00+00:00", "2026-07-11T00:00:00Z"},
                            Row{"2024-07-15T10:31:28.402+03:00", "2024-07-15T07:31:28.402000Z"},
                            Row{"2024-07-15T10:31:28-0430", "2024-07-15T15:01:28Z"},
                            Row{"2024-02-29 23:59:59.1234567", "2024-02-29T23:59:59.123456Z"});
  const auto instant = parse_iso8601(row.text);
  REQUIRE(instant.has_value());
  CHECK(to_iso8601(*instant) == row.expected);
}

TEST_CASE("a text that is no date is refused and named") {
  const auto* text = GENERATE("", "today", "2026-13-01", "2026-02-30", "2026-11-23T25:00:00", "2026-11-23T10:00:00.",
                              "2026-11-23T10:00:00Zx", "2026-11-23T10:00:00+99:00", "26-11-23",
                              "0000-01-01T00:00+14:00", "9999-12-31T23:59:59-14:00");
  const auto instant = parse_iso8601(text);
  REQUIRE_FALSE(instant.has_value());
  CHECK(instant.error().code == "time.malformed");
  CHECK_THAT(instant.error().message, ContainsSubstring(text));
}

TEST_CASE("a time without zone is taken in the offset given") {
  CHECK(to_iso8601(*parse_iso8601("2026-11-23T01:00:00", std::chrono::minutes{120})) == "2026-11-22T23:00:00Z");
}

TEST_CASE("Acumatica's TimeStamp is decoded as .NET ticks in UTC") {
  CHECK(to_iso8601(from_dotnet_ticks(636295833829493672U)) == "2017-05-05T12:16:22.949367Z");
  CHECK(to_iso8601(from_dotnet_ticks(638465233453014192U)) == "2024-03-20T09:22:25.301419Z");
  CHECK(to_iso8601(from_dotnet_ticks(UINT64_MAX)) == "9999-12-31T23:59:59.999999Z");
}
