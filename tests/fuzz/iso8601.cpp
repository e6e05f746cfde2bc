#include <string_view>

#include "base/time.hpp"
#include "fuzz/must_hold.hpp"

using namespace product_sync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono_literals;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto instant = parse_iso8601(text, 120min);
  if (!instant) {
    must_hold(instant.error().code == "time.malformed", "a text that is no time is refused as such");
    return 0;
  }
  // An offset can carry the first and last day of four-digit years outside of them.
  const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*instant)}.year();
  if (year < std::chrono::year{0} || year > std::chrono::year{9999}) return 0;
  const auto again = parse_iso8601(to_iso8601(*instant));
  must_hold(again.has_value() && *again == *instant, "what is written is read back as the same time");
  return 0;
}
