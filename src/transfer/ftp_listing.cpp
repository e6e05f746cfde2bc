#include "transfer/ftp_listing.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>

#include "base/bytes.hpp"

namespace product_sync::transfer {
namespace {

template <class Use>
void for_each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    use(line);
  }
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// `20261124091529` or `20261124091529.123`, always UTC.
std::optional<Instant> time_value(std::string_view text) {
  if (text.size() < 14) return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t length) { return number<unsigned>(text.substr(at, length)); };
  const auto year = part(0, 4), month = part(4, 2), day = part(6, 2);
  const auto hour = part(8, 2), minute = part(10, 2), second = part(12, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) +
                 std::chrono::minutes(*minute) + std::chrono::seconds(*second)};
}

/// `modify=20261124091529;size=1;type=file; the name`
std::optional<RemoteFile> mlsd_entry(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  RemoteFile file{std::string(line.substr(space + 1)), 0, std::nullopt};
  bool regular = false;
  for (auto facts = line.substr(0, space); !facts.empty();) {
    const auto end = facts.find(';');
    const auto fact = facts.substr(0, end);
    facts.remove_prefix(end == std::string_view::npos ? facts.size() : end + 1);
    const auto equals = fact.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = to_lower_ascii(fact.substr(0, equals));
    const auto value = fact.substr(equals + 1);
    if (name == "type") regular = to_lower_ascii(value) == "file";
    if (name == "modify") file.modified = time_value(value);
    if (name == "size") {
      const auto bytes = number<std::uint64_t>(value);
      if (!bytes) return std::nullopt;
      file.bytes = *bytes;
    }
  }
  return regular ? std::optional(std::move(file)) : std::nullopt;
}

/// Cuts the next word off.
std::string_view next_word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return rest = {};
  const auto end = rest.find_first_of(" \t", begin);
  const auto word = rest.substr(begin, end == std::string_view::npos ? end : end - begin);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
  return word;
}

/// `-rw-r--r--    1 0        0         5000000 Nov 24 09:16 the name`
std::optional<RemoteFile> unix_entry(std::string_view line) {
  if (!line.starts_with('-')) return std::nullopt;
  std::array<std::string_view, 8> words;
  for (auto& word : words) word = next_word(line);
  const auto bytes = number<std::uint64_t>(words[4]);
  if (!bytes || line.size() < 2) return std::nullopt;
  return RemoteFile{std::string(line.substr(1)), *bytes, std::nullopt};  // one space; others belong to the name
}

/// `11-24-26  09:16AM              5000000 the name`
std::optional<RemoteFile> dos_entry(std::string_view line) {
  if (line.empty() || line[0] < '0' || line[0] > '9') return std::nullopt;
  static_cast<void>(next_word(line));
  static_cast<void>(next_word(line));
  const auto bytes = number<std::uint64_t>(next_word(line));  // a directory has <DIR> here
  if (!bytes || line.size() < 2) return std::nullopt;
  return RemoteFile{std::string(line.substr(1)), *bytes, std::nullopt};
}

std::vector<RemoteFile> parse(std::string_view text, std::optional<RemoteFile> (*entry)(std::string_view)) {
  std::vector<RemoteFile> files;
  for_each_line(text, [&](std::string_view line) {
    auto file = entry(line);
    if (file && check_file_name(file->name)) files.push_back(std::move(*file));
  });
  return files;
}

}  // namespace

std::vector<RemoteFile> parse_mlsd(std::string_view text) { return parse(text, &mlsd_entry); }

std::vector<RemoteFile> parse_list(std::string_view text) {
  return parse(text, [](std::string_view line) {
    auto file = unix_entry(line);
    return file ? file : dos_entry(line);
  });
}

}  // namespace product_sync::transfer
