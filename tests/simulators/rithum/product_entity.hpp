#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "catalogue.hpp"

namespace rithum_simulator {

/// One property of the REST Product entity (rithum.md §5.5).
enum class PropertyType : std::uint8_t { text, number, boolean, date };
struct Property {
  std::string_view name;
  PropertyType type;
};

/// nullptr when the entity has no such property.
[[nodiscard]] const Property* find_property(std::string_view name);

/// The value of a property; null when it is not set. Dates are ISO text.
[[nodiscard]] nlohmann::json property_value(const Property& property, const Product& product,
                                            const Catalogue& catalogue, std::int64_t profile_id);

/// The whole entity, or the properties named in `select` (comma list) alone; unknown names are left out.
[[nodiscard]] nlohmann::json product_entity(const Product& product, const Catalogue& catalogue, std::int64_t profile_id,
                                            std::string_view select);

/// What `$expand=Attributes` adds: the names and values of the product's attributes.
[[nodiscard]] nlohmann::json product_attributes(const Product& product, const Catalogue& catalogue);

}  // namespace rithum_simulator
