#include "schedule/time_zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/edit_distance.hpp"

namespace product_sync::schedule {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Lower case, blanks as in the database, the region left out.
std::string place_of(std::string_view name) {
  auto place = to_lower_ascii(name.substr(name.rfind('/') + 1));
  std::ranges::replace(place, ' ', '_');
  return place;
}

/// The zone that was probably meant; empty when none is near.
std::string nearest_zone(std::string_view wrong) {
  constexpr std::size_t kLongestName = 40;
  if (wrong.size() > kLongestName) return {};
  const auto place = place_of(wrong);
  auto best_distance = std::min<std::size_t>(place.size() / 5, 3) + 1;
  std::string best;
  for (const auto& zone : date::get_tzdb().zones) {
    const auto distance = edit_distance(place, place_of(zone.name()));
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = zone.name();
  }
  return best;
}

date::sys_seconds to_date(Instant at) { return std::chrono::floor<seconds>(at); }

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  TimeZone found;
  if (name == "UTC") return found;
  try {
    const auto& zones = date::get_tzdb().zones;
    const auto zone = std::ranges::find_if(zones, [&](const auto& one) { return one.name() == name; });
    if (zone == zones.end()) {
      const auto near = nearest_zone(name);
      return fail("schedule.unknown_zone", fmt::format("\"{}\" is not a time zone", excerpt(name, 60)),
                  near.empty() ? "names are those of the IANA database, such as Europe/Berlin or UTC"
                               : fmt::format("did you mean \"{}\"?", near));
    }
    static_cast<void>(zone->get_info(date::sys_seconds{}));  // reads its file, so that nothing later can fail
    found.zone_ = &*zone;
    found.name_ = name;
    return found;
  } catch (const std::exception& error) {
    return fail("schedule.no_zones", fmt::format("time zone \"{}\" cannot be read: {}", excerpt(name, 60), error.what()),
                "install the package tzdata, or use the zone UTC");
  }
}

TimeZone::Period TimeZone::period(Instant at) const {
  if (zone_ == nullptr) return {std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}, seconds{0}};
  const auto info = zone_->get_info(to_date(at));
  return {info.end, info.offset};
}

LocalMinute TimeZone::local(Instant at) const {
  return LocalMinute{std::chrono::floor<minutes>(at.time_since_epoch() + period(at).offset)};
}

Instant TimeZone::first_instant(LocalMinute local) const {
  if (zone_ == nullptr) return Instant{local.time_since_epoch()};
  const auto info = zone_->get_info(date::local_seconds{local.time_since_epoch()});
  if (info.result == date::local_info::nonexistent) return info.second.begin;
  return Instant{local.time_since_epoch() - info.first.offset};
}

std::string TimeZone::format(Instant at) const {
  const auto offset = std::chrono::duration_cast<minutes>(period(at).offset);
  const auto shown = to_iso8601(std::chrono::floor<seconds>(at) + offset);
  const auto distance = offset.count() < 0 ? -offset : offset;
  return fmt::format("{}{}{:02}:{:02}", shown.substr(0, shown.size() - 1), offset.count() < 0 ? '-' : '+',
                     distance.count() / 60, distance.count() % 60);
}

}  // namespace product_sync::schedule
