#include "product_entity.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include "columns.hpp"
#include "instant.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

using nlohmann::json;
using enum PropertyType;

constexpr Property kProperties[] = {
    {"ID", number},
    {"ProfileID", number},
    {"CreateDateUtc", date},
    {"UpdateDateUtc", date},
    {"QuantityUpdateDateUtc", date},
    {"IsAvailableInStore", boolean},
    {"IsBlocked", boolean},
    {"IsBlockedFromAdvertising", boolean},
    {"IsExternalQuantityBlocked", boolean},
    {"InfiniteQuantity", boolean},
    {"BlockComment", text},
    {"BlockedDateUtc", date},
    {"BlockedFromAdvertisingDateUtc", date},
    {"ReceivedDateUtc", date},
    {"LastSaleDateUtc", date},
    {"ASIN", text},
    {"Brand", text},
    {"Condition", text},
    {"Description", text},
    {"EAN", text},
    {"FlagDescription", text},
    {"Flag", text},
    {"HarmonizedCode", text},
    {"ISBN", text},
    {"Manufacturer", text},
    {"MPN", text},
    {"ShortDescription", text},
    {"Sku", text},
    {"Subtitle", text},
    {"TaxProductCode", text},
    {"Title", text},
    {"UPC", text},
    {"WarehouseLocation", text},
    {"Warranty", text},
    {"MultipackQuantity", number},
    {"Height", number},
    {"Length", number},
    {"Width", number},
    {"Weight", number},
    {"Cost", number},
    {"Margin", number},
    {"RetailPrice", number},
    {"StartingPrice", number},
    {"ReservePrice", number},
    {"BuyItNowPrice", number},
    {"StorePrice", number},
    {"SecondChancePrice", number},
    {"MinPrice", number},
    {"MaxPrice", number},
    {"EstimatedShippingCost", number},
    {"SupplierName", text},
    {"SupplierCode", text},
    {"SupplierPO", text},
    {"Classification", text},
    {"IsDisplayInStore", boolean},
    {"StoreTitle", text},
    {"StoreDescription", text},
    {"BundleType", text},
    {"ProductType", text},
    {"TotalAvailableQuantity", number},
    {"IsParent", boolean},
    {"IsInRelationship", boolean},
    {"CopyToChildren", boolean},
    {"CopyToAliases", boolean},
    {"ParentProductID", number},
    {"ParentSku", text},
    {"RelationshipName", text},
    {"VaryBy", text},
    {"AliasType", text},
    {"ReferenceSku", text},
    {"ReferenceProductID", number},
};

struct Family {
  bool is_parent = false;
  std::string_view parent_sku;  // of a child
  bool is_bundle = false;
};

Family family_of(const Product& product) {
  const auto parent = value_of(product, kParentColumn);
  const bool is_parent = parent == "Parent";
  return {is_parent, is_parent ? std::string_view{} : parent, !value_of(product, kComponentsColumn).empty()};
}

json text_or_null(std::string_view value) { return value.empty() ? json() : json(value); }

json available_quantity(const Product& product, const Catalogue& /*catalogue*/, std::int64_t /*profile*/) {
  if (const auto dcs = value_of(product, kDcQuantityColumn); !dcs.empty()) {
    std::int64_t total = 0;
    for (const auto& [code, quantity] : parse_quantities(dcs).value_or(Quantities{})) total += quantity;
    return total;
  }
  const auto quantity = parse_whole(value_of(product, kQuantityColumn));
  return quantity ? json(*quantity) : json();  // null is normal (rithum.md §5.5)
}

json product_type(const Product& product, const Catalogue& /*catalogue*/, std::int64_t /*profile*/) {
  const Family family = family_of(product);
  if (family.is_parent) return "Parent";
  if (family.is_bundle) return "Bundle";
  return family.parent_sku.empty() ? "Item" : "Child";
}

json parent_id(const Product& product, const Catalogue& catalogue, std::int64_t /*profile*/) {
  const Product* parent = catalogue.find(family_of(product).parent_sku);
  return parent == nullptr ? json() : json(parent->id);
}

using Getter = json (*)(const Product&, const Catalogue&, std::int64_t);

// Properties that are not simply the value of a column.
const std::map<std::string_view, Getter>& getters() {
  static const std::map<std::string_view, Getter> kGetters = {
      {"ID", [](const Product& p, const Catalogue&, std::int64_t) { return json(p.id); }},
      {"ProfileID", [](const Product&, const Catalogue&, std::int64_t profile) { return json(profile); }},
      {"Sku", [](const Product& p, const Catalogue&, std::int64_t) { return json(p.sku); }},
      {"CreateDateUtc", [](const Product& p, const Catalogue&, std::int64_t) { return json(to_iso(p.created_at)); }},
      {"UpdateDateUtc", [](const Product& p, const Catalogue&, std::int64_t) { return json(to_iso(p.updated_at)); }},
      {"TotalAvailableQuantity", available_quantity},
      {"ProductType", product_type},
      {"BundleType", [](const Product& p, const Catalogue&,
                        std::int64_t) { return json(family_of(p).is_bundle ? "BundleItem" : "None"); }},
      {"IsParent", [](const Product& p, const Catalogue&, std::int64_t) { return json(family_of(p).is_parent); }},
      {"IsInRelationship",
       [](const Product& p, const Catalogue&, std::int64_t) {
         return json(family_of(p).is_parent || !family_of(p).parent_sku.empty());
       }},
      {"ParentSku",
       [](const Product& p, const Catalogue&, std::int64_t) { return text_or_null(family_of(p).parent_sku); }},
      {"ParentProductID", parent_id},
  };
  return kGetters;
}

bool is_true(std::string_view value) { return value == "true" || value == "True" || value == "TRUE"; }

}  // namespace

std::span<const Property> properties() { return kProperties; }

const Column* find_rest_column(std::string_view property) {
  const auto found = std::ranges::find(columns(), property, &Column::rest_name);
  return found == columns().end() ? nullptr : &*found;
}

std::optional<std::string_view> written_value(const Property& property, const Product& product) {
  // The parent column also says what a product is, the quantity may stand in DCs: their properties are computed.
  if (getters().contains(property.name)) return std::nullopt;
  const Column* column = find_rest_column(property.name);
  const auto value = column == nullptr ? std::string_view{} : value_of(product, column->header);
  return value.empty() ? std::nullopt : std::optional(value);
}

const Property* find_property(std::string_view name) {
  const auto* found = std::ranges::find(kProperties, name, &Property::name);
  return found == std::end(kProperties) ? nullptr : found;
}

json property_value(const Property& property, const Product& product, const Catalogue& catalogue,
                    std::int64_t profile_id) {
  if (const auto getter = getters().find(property.name); getter != getters().end()) {
    return getter->second(product, catalogue, profile_id);
  }
  const Column* column = find_rest_column(property.name);
  const auto value = column == nullptr ? std::string_view{} : value_of(product, column->header);
  if (value.empty()) return property.type == boolean ? json(false) : json();
  if (property.type == number) return std::strtod(std::string(value).c_str(), nullptr);
  if (property.type == boolean) return is_true(value);
  return value;
}

json product_attributes(const Product& product, const Catalogue& catalogue) {
  json attributes = json::array();
  product.values.for_each([&](std::uint32_t key, std::string_view value) {
    const auto name = catalogue.attribute_name(key);
    if (!name.empty()) attributes.push_back({{"Name", name}, {"Value", value}});
  });
  return attributes;
}

namespace {

json images(const Product& product, const Catalogue& /*catalogue*/, const Account& /*account*/) {
  json rows = json::array();
  const auto pictures = value_of(product, kPicturesColumn);
  for (const auto& [placement, url] : pictures.empty() ? Pictures{} : parse_pictures(pictures).pictures) {
    rows.push_back({{"ProductID", product.id}, {"PlacementName", placement}, {"Url", url}});
  }
  return rows;
}

json labels(const Product& product, const Catalogue& /*catalogue*/, const Account& account) {
  json rows = json::array();
  for (const std::string& label : parse_labels(value_of(product, kLabelsColumn))) {
    rows.push_back({{"ProductID", product.id}, {"ProfileID", account.profile_id}, {"Name", label}});
  }
  return rows;
}

json bundle_components(const Product& product, const Catalogue& catalogue, const Account& account) {
  json rows = json::array();
  const auto components = parse_quantities(value_of(product, kComponentsColumn)).value_or(Quantities{});
  for (const auto& [sku, quantity] : components) {
    const Product* component = catalogue.find(sku);
    rows.push_back({{"ProductID", product.id},
                    {"ProfileID", account.profile_id},
                    {"ComponentID", component == nullptr ? json() : json(component->id)},
                    {"ComponentSku", sku},
                    {"Quantity", quantity}});
  }
  return rows;
}

json dc_quantities(const Product& product, const Catalogue& /*catalogue*/, const Account& account) {
  json rows = json::array();
  const auto quantities = parse_quantities(value_of(product, kDcQuantityColumn)).value_or(Quantities{});
  for (const auto& [code, quantity] : quantities) {
    const auto place = std::distance(account.distribution_centers.begin(), account.distribution_centers.find(code));
    rows.push_back({{"ProductID", product.id}, {"DistributionCenterID", place}, {"AvailableQuantity", quantity}});
  }
  return rows;
}

json children(const Product& product, const Catalogue& catalogue, const Account& /*account*/) {
  json rows = json::array();
  if (!family_of(product).is_parent) return rows;
  for (const Product& child : catalogue.products()) {
    if (catalogue.find(family_of(child).parent_sku) != &product) continue;
    rows.push_back({{"ParentProductID", product.id}, {"ChildProductID", child.id}});
  }
  return rows;
}

json attributes(const Product& product, const Catalogue& catalogue, const Account& /*account*/) {
  return product_attributes(product, catalogue);
}

struct Expansion {
  std::string_view name;
  json (*rows)(const Product&, const Catalogue&, const Account&);
};
constexpr Expansion kExpansions[] = {
    {"Attributes", attributes}, {"BundleComponents", bundle_components},
    {"Children", children},     {"DCQuantities", dc_quantities},
    {"Images", images},         {"Labels", labels},
};

}  // namespace

bool is_expansion(std::string_view name) {
  return std::ranges::find(kExpansions, name, &Expansion::name) != std::end(kExpansions);
}

std::optional<json> product_expansion(std::string_view name, const Product& product, const Catalogue& catalogue,
                                      const Account& account) {
  const auto* found = std::ranges::find(kExpansions, name, &Expansion::name);
  if (found == std::end(kExpansions)) return std::nullopt;
  return found->rows(product, catalogue, account);
}

json product_entity(const Product& product, const Catalogue& catalogue, std::int64_t profile_id,
                    std::string_view select) {
  json entity = json::object();
  if (select.empty()) {
    for (const Property& property : kProperties) {
      entity[std::string(property.name)] = property_value(property, product, catalogue, profile_id);
    }
    return entity;
  }
  for (const auto name : split_trimmed(select, ',')) {
    const Property* property = find_property(name);
    if (property != nullptr) entity[std::string(name)] = property_value(*property, product, catalogue, profile_id);
  }
  return entity;
}

}  // namespace rithum_simulator
