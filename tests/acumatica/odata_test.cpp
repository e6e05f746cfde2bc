#include "acumatica/odata.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::chrono_literals;

TEST_CASE("a datetimeoffset literal shows the instant in the tenant's zone, with the offset, in milliseconds") {
  struct Row {
    const char* utc;
    std::chrono::minutes offset;
    std::string_view literal;
  };
  const auto row = GENERATE(Row{"2024-07-15T07:31:28.402Z", 180min, "datetimeoffset'2024-07-15T10:31:28.402+03:00'"},
                            Row{"2024-07-15T07:31:28Z", 0min, "datetimeoffset'2024-07-15T07:31:28.000+00:00'"},
                            Row{"2024-01-01T02:00:00Z", -300min, "datetimeoffset'2023-12-31T21:00:00.000-05:00'"},
                            Row{"2024-02-29T20:00:00Z", 330min, "datetimeoffset'2024-03-01T01:30:00.000+05:30'"},
                            Row{"2024-07-15T07:31:28.402001Z", 0min, "datetimeoffset'2024-07-15T07:31:28.403+00:00'"},
                            Row{"1969-12-31T23:59:59.5Z", -90min, "datetimeoffset'1969-12-31T22:29:59.500-01:30'"});
  CHECK(odata_datetimeoffset(parse_iso8601(row.utc).value(), row.offset) == row.literal);
}
