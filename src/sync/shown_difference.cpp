#include "sync/shown_difference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/column.hpp"
#include "rithum/properties.hpp"

namespace product_sync::sync {
namespace {

constexpr std::string_view kClassification = "Classification";
constexpr std::string_view kAttribute = "attribute:";
constexpr std::size_t kLongestShown = 60;

}  // namespace

rithum::Wanted comparable_values(const catalog::Mapping& mapping) {
  rithum::Wanted wanted;
  wanted.columns.emplace_back(kClassification);
  for (const auto& value : mapping.values) {
    if (value.is_attribute) {
      wanted.attributes = true;
    } else if (value.column->type != catalog::ColumnType::html && rithum::property_of(value.name) != nullptr) {
      wanted.columns.push_back(value.name);
    }
  }
  return wanted;
}

std::vector<ShownDifference> shown_differences(const catalog::ToldValues& told, const rithum::ShownProduct& shown,
                                               const rithum::Wanted& wanted) {
  std::vector<ShownDifference> differences;
  for (const auto& [key, value] : told) {
    const bool comparable = key.starts_with(kAttribute)
                                ? wanted.attributes
                                : std::ranges::find(wanted.columns, key) != wanted.columns.end();
    if (!comparable) continue;
    const auto found = shown.values.find(key);
    const std::string_view seen = found == shown.values.end() ? std::string_view{} : std::string_view(found->second);
    if (!rithum::same_value(key, value, seen)) differences.push_back({key, value, std::string(seen)});
  }
  return differences;
}

std::optional<std::string> shown_difference(const catalog::ToldValues& told, const rithum::ShownProduct& shown,
                                            const rithum::Wanted& wanted) {
  const auto differences = shown_differences(told, shown, wanted);
  if (differences.empty()) return std::nullopt;
  const auto& first = differences.front();
  return fmt::format("Rithum shows {} as \"{}\" instead of \"{}\"{}.", first.key, clip_utf8(first.shown, kLongestShown),
                     clip_utf8(first.told, kLongestShown),
                     shown.updated ? fmt::format(", and last changed the product at {}", to_iso8601(*shown.updated)) : "");
}

}  // namespace product_sync::sync
