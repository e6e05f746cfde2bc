#include "seeded.hpp"

#include <charconv>
#include <cstdio>

namespace acumatica_sim {
namespace {

enum SeedSalt : std::uint64_t { kSeedModified = 11, kSeedGuid = 12, kSeedPart = 1'000, kSeedFile = 500 };

/// Writes `digits` hexadecimal digits of `value`, the lowest last, at `at`. (By hand: lists are made of GUIDs.)
void put_hex(std::string& text, std::size_t at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value >>= 4) text[at + i] = "0123456789abcdef"[value & 15];
}

}  // namespace

std::string number_text(const char* format, std::uint64_t value) {
  char text[48];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
  return text;
}

std::string guid_text(std::uint64_t high, std::uint64_t low) {
  std::string text = "00000000-0000-e711-0000-000000000000";
  put_hex(text, 0, 8, high >> 32);
  put_hex(text, 9, 4, high >> 16);
  put_hex(text, 19, 4, high);
  put_hex(text, 24, 12, low);
  return text;
}

std::uint64_t Seeded::draw(std::uint64_t salt) const {
  const std::uint64_t place = index + (static_cast<std::uint64_t>(table) << 40);
  return mix(mix(options().seed * 0x10001 + salt) ^ mix(place));
}

std::string Seeded::guid() const { return guid_text(draw(kSeedGuid), index ^ mix(options().seed)); }

std::string Seeded::part_guid(std::uint64_t part) const {
  return guid_text(draw(kSeedPart + part * 2), draw(kSeedPart + part * 2 + 1));
}

std::string Seeded::file_guid(std::uint64_t file) const {
  return guid_text(draw(kSeedFile + file), index ^ mix(options().seed));
}

Millis Seeded::last_modified() const {
  constexpr std::uint64_t kThirtyDays = 30ULL * 24 * 3600 * 1000;
  return options().base_time - static_cast<Millis>(draw(kSeedModified) % kThirtyDays);
}

std::optional<std::uint64_t> hidden_index(const CatalogueOptions& options, std::string_view guid,
                                          std::uint64_t highest) {
  constexpr std::size_t kLength = 36;
  if (guid.size() != kLength) return std::nullopt;
  std::uint64_t hidden = 0;
  const char* first = guid.data() + kLength - 12;
  const auto [end, error] = std::from_chars(first, first + 12, hidden, 16);
  const std::uint64_t index = (hidden ^ mix(options.seed)) & 0xffff'ffff'ffffULL;
  if (error != std::errc() || end != first + 12 || index == 0 || index > highest) return std::nullopt;
  return index;
}

}  // namespace acumatica_sim
