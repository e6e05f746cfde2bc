#include "acumatica/odata.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace product_sync::acumatica {

std::string odata_datetimeoffset(Instant instant, std::chrono::minutes zone_offset) {
  using namespace std::chrono;
  const auto local = ceil<milliseconds>(instant) + zone_offset;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{local - day};
  const auto offset = std::abs(zone_offset.count());
  return fmt::format("datetimeoffset'{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}'",
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count(), zone_offset.count() < 0 ? '-' : '+',
                     offset / 60, offset % 60);
}

}  // namespace product_sync::acumatica
