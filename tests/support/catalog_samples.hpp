#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/mapping.hpp"
#include "catalog/product.hpp"

/// Items and mappings to start from; a test changes what it is about.
namespace product_sync::catalog::samples {

inline Sources sources(std::string_view text) { return {parse_source(text).value()}; }

inline ValueMapping column(std::string_view name, std::string_view source, bool clearable = false) {
  return {std::string(name), find_column(name), false, sources(source), clearable};
}

inline ValueMapping attribute(std::string_view name, std::string_view source, bool clearable = false) {
  return {std::string(name), &attribute_column(), true, sources(source), clearable};
}

/// Class ELEC is exported as Electronics when the box is ticked; `values` as given.
inline Mapping mapping(std::vector<ValueMapping> values) {
  Mapping mapping{{{{"ELEC", "Electronics"}}, sources("custom:ItemSettings.UsrActiveOnRithum")}, std::move(values)};
  mapping.arrange();
  return mapping;
}

/// A ticked item of class ELEC that is called `Radio`.
inline Item item(std::string_view inventory_id) {
  Item item;
  item.inventory_id = inventory_id;
  item.fields = {{"InventoryID", item.inventory_id},
                 {"Description", "Radio"},
                 {"ItemClass", "ELEC"},
                 {"IsAKit", "false"},
                 {"TemplateItemID", ""}};
  item.custom_fields = {{"ItemSettings.UsrActiveOnRithum", "true"}};
  return item;
}

inline Product product(const Item& item, const Mapping& mapping) {
  auto decision = decide(item, mapping);
  return std::get<Product>(std::move(decision));
}

}  // namespace product_sync::catalog::samples
