#include "catalog/assembly_values.hpp"

#include <algorithm>
#include <utility>

#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::string_view kSkuTypes[] = {"standard", "bundle", "child", "parent"};
constexpr bool kNeverEmptied = false;  // how a file takes a product out of a family is not documented (rithum.md §3.1)

struct AssemblyColumn {
  ValueRole role;
  Column column;
};

constexpr AssemblyColumn kClassic[] = {
    {ValueRole::relationship_name,
     {"Relationship Name", ColumnType::text, 50, kNeverEmptied, {}, "must exist in Rithum, at most 50: rithum.md §2.5, §3.1", {}}},
    {ValueRole::parent_sku,
     {"Variation Parent SKU", ColumnType::text, 50, kNeverEmptied, {}, "`Parent`, or the parent's SKU: rithum.md §3.1", {}}},
};
constexpr AssemblyColumn kVaryBy[] = {
    {ValueRole::sku_type, {"SKU Type", ColumnType::choice, 0, kNeverEmptied, kSkuTypes, "four values: rithum.md §2.3", {}}},
    {ValueRole::vary_by, {"Vary By", ColumnType::text, 0, kNeverEmptied, {}, "attribute names: rithum.md §2.3", {}}},
    {ValueRole::parent_sku,
     {"Parent SKU", ColumnType::text, 50, kNeverEmptied, {}, "`Parent`, or the parent's SKU: rithum.md §2.3", {}}},
};
constexpr AssemblyColumn kBundles[] = {
    {ValueRole::bundle_components,
     {"Bundle Components", ColumnType::text, 0, kNeverEmptied, {}, "SKU=quantity, at most 10: rithum.md §2.5, §3.2", {}}},
};

void add(Mapping& mapping, std::string name, const Column& column, bool is_attribute, ValueRole role) {
  ValueMapping value{std::move(name), &column, is_attribute, {}};
  value.role = role;
  mapping.values.push_back(std::move(value));
}

void add_columns(std::span<const AssemblyColumn> columns, Mapping& mapping) {
  for (const auto& one : columns) {
    if (std::ranges::find(mapping.values, one.role, &ValueMapping::role) != mapping.values.end()) continue;
    add(mapping, std::string(one.column.name), one.column, false, one.role);
  }
}

void add_attributes(Mapping& mapping) {
  for (const auto& relationship : mapping.variations->relationships) {
    for (const auto& attribute : relationship.attributes) {
      const bool there = std::ranges::any_of(mapping.values, [&](const ValueMapping& value) {
        return value.is_attribute && same_without_case(value.name, attribute.name);
      });
      if (there) continue;
      add(mapping, attribute.name, attribute_column(), true, ValueRole::variation);
    }
  }
}

}  // namespace

void add_assembly_values(Mapping& mapping) {
  if (mapping.variations) {
    if (mapping.variations->headers == FamilyHeaders::classic) add_columns(kClassic, mapping);
    if (mapping.variations->headers == FamilyHeaders::vary_by) add_columns(kVaryBy, mapping);
    add_attributes(mapping);
  }
  if (mapping.bundles) add_columns(kBundles, mapping);
}

}  // namespace product_sync::catalog
