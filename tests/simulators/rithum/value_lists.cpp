#include "value_lists.hpp"

#include <algorithm>
#include <charconv>

#include "unicode.hpp"

namespace rithum_simulator {
namespace {

constexpr std::size_t kMaxUrl = 255;
constexpr std::size_t kMaxFileName = 100;
constexpr std::size_t kMaxPlacement = 50;

template <typename Value>
void set(std::vector<std::pair<std::string, Value>>& list, const std::string& name, const Value& value) {
  const auto found = std::ranges::find(list, name, &std::pair<std::string, Value>::first);
  if (found != list.end()) {
    found->second = value;
  } else {
    list.emplace_back(name, value);
  }
}

std::string picture_fault(std::string_view placement, std::string_view address) {
  if (address.empty()) return "a picture without URL";
  if (placement.empty()) return "a picture without placement name";
  if (placement.find_first_of(":/") != std::string_view::npos) return "a comma or '=' inside a URL is not encoded";
  if (utf16_length(placement) > kMaxPlacement) return "a placement name is longer than 50";
  const bool is_url = address.find("://") != std::string_view::npos;
  if (is_url && utf16_length(address) > kMaxUrl) return "a URL is longer than 255";
  if (!is_url && utf16_length(address) > kMaxFileName) return "a file name is longer than 100";
  return {};
}

}  // namespace

std::vector<std::string_view> split_trimmed(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    auto part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

std::optional<Quantities> parse_quantities(std::string_view text) {
  Quantities quantities;
  for (const auto part : split_trimmed(text, ',')) {
    const auto equals = part.rfind('=');  // a SKU may hold '=', a number cannot
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    const auto quantity = parse_whole(part.substr(equals + 1));
    if (!quantity || *quantity < 0) return std::nullopt;
    set(quantities, std::string(part.substr(0, equals)), *quantity);
  }
  return quantities;
}

std::string to_text(const Quantities& quantities) {
  std::string text;
  for (const auto& [name, quantity] : quantities) {
    if (!text.empty()) text += ',';
    text += name + '=' + std::to_string(quantity);
  }
  return text;
}

void merge(Quantities& base, const Quantities& changes) {
  for (const auto& [name, quantity] : changes) set(base, name, quantity);
}

PictureList parse_pictures(std::string_view text) {
  PictureList list;
  const auto parts = split_trimmed(text, ',');
  const auto pairs = std::ranges::count_if(parts, [](std::string_view part) { return part.find('=') != part.npos; });
  if (pairs != 0 && pairs != std::ssize(parts)) {
    list.fault = "placement pairs and bare pictures mixed, or a comma inside a URL is not encoded";
    return list;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    const bool is_pair = equals != std::string_view::npos;
    const std::string placement =
        is_pair ? std::string(parts[i].substr(0, equals)) : "ITEMIMAGEURL" + std::to_string(i + 1);
    const std::string address(is_pair ? parts[i].substr(equals + 1) : parts[i]);
    list.fault = picture_fault(placement, address);
    if (!list.fault.empty()) return list;
    set(list.pictures, placement, address);
  }
  return list;
}

std::string to_text(const Pictures& pictures) {
  std::string text;
  for (const auto& [placement, address] : pictures) {
    if (!text.empty()) text += ',';
    text += placement + '=' + address;
  }
  return text;
}

void merge(Pictures& base, const Pictures& changes) {
  for (const auto& [placement, address] : changes) set(base, placement, address);
}

std::vector<std::string> parse_labels(std::string_view text) {
  std::vector<std::string> labels;
  for (const auto part : split_trimmed(text, ',')) {
    if (!part.empty()) labels.emplace_back(part);
  }
  return labels;
}

std::string merge_labels(std::string_view present, std::string_view changes) {
  auto labels = parse_labels(present);
  for (const std::string& change : parse_labels(changes)) {
    const bool removes = change.front() == '-';
    const std::string name = removes ? change.substr(1) : change;
    std::erase(labels, name);
    if (!removes) labels.push_back(name);
  }
  std::string text;
  for (const std::string& label : labels) {
    if (!text.empty()) text += ',';
    text += label;
  }
  return text;
}

}  // namespace rithum_simulator
