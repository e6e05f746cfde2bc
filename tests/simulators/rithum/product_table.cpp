#include "product_table.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <vector>

#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

using nlohmann::json;

/// `%m/%d/%Y %H:%M:%S %p`: the hour counts to 23 and AM or PM stands behind it all the same (rithum.md §5.3).
std::string us_time(std::int64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 48> text{};
  std::strftime(text.data(), text.size(), "%m/%d/%Y %H:%M:%S %p", &utc);
  return text.data();
}

void append_cell(std::string& row, std::string_view text) {
  for (const char c : text) row += c == '\t' || c == '\r' || c == '\n' ? ' ' : c;
}

std::string text_of(const Property& property, const Product& product, const Catalogue& catalogue,
                    std::int64_t profile_id) {
  if (property.name == "CreateDateUtc") return us_time(product.created_at);
  if (property.name == "UpdateDateUtc") return us_time(product.updated_at);
  // Numbers as they were written: "12.50", not 12.5.
  if (const auto written = written_value(property, product)) return std::string(*written);
  const json value = property_value(property, product, catalogue, profile_id);
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

Attributes attributes_of(const Product& product, const Catalogue& catalogue) {
  Attributes attributes;
  product.values.for_each([&](std::uint32_t key, std::string_view value) {
    const auto name = catalogue.attribute_name(key);
    if (!name.empty()) attributes.emplace_back(name, value);
  });
  return attributes;
}

}  // namespace

std::string unknown_property(std::string_view wanted) {
  for (const auto name : split_trimmed(wanted, ',')) {
    if (!name.empty() && find_property(name) == nullptr) return std::string(name);
  }
  return {};
}

std::string product_table(const Catalogue& catalogue, std::int64_t profile_id, std::string_view wanted,
                          const std::optional<Filter>& filter) {
  const bool everything = wanted.find_first_not_of(" \r\n") == std::string_view::npos;
  std::vector<const Property*> columns;
  if (everything) {
    for (const Property& property : properties()) columns.push_back(&property);
  } else {
    for (const auto name : split_trimmed(wanted, ',')) {
      if (const Property* property = find_property(name)) columns.push_back(property);
    }
  }
  std::size_t pairs = 0;
  for (const Product& product : catalogue.products()) {
    if (everything) pairs = std::max(pairs, attributes_of(product, catalogue).size());
  }
  std::string table;
  for (const Property* column : columns) (table += table.empty() ? "" : "\t") += column->name;
  for (std::size_t i = 1; i <= pairs; ++i) {
    const std::string name = "\tAttribute" + std::to_string(i);
    (table += name + "Name") += name + "Value";
  }
  table += '\n';
  for (const Product& product : catalogue.products()) {
    const auto values = [&](const Property& property) {
      return property_value(property, product, catalogue, profile_id);
    };
    if (filter && !filter->matches(values)) continue;
    for (const Property* column : columns) {
      if (column != columns.front()) table += '\t';
      append_cell(table, text_of(*column, product, catalogue, profile_id));
    }
    const Attributes attributes = pairs == 0 ? Attributes{} : attributes_of(product, catalogue);
    for (std::size_t i = 0; i < pairs; ++i) {
      table += '\t';
      if (i < attributes.size()) append_cell(table, attributes[i].first);
      table += '\t';
      if (i < attributes.size()) append_cell(table, attributes[i].second);
    }
    table += '\n';
  }
  return table;
}

}  // namespace rithum_simulator
