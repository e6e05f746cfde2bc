#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "account.hpp"
#include "catalogue.hpp"
#include "columns.hpp"

namespace rithum_simulator {

/// One property of the REST Product entity (rithum.md §5.5).
enum class PropertyType : std::uint8_t { text, number, boolean, date };
struct Property {
  std::string_view name;
  PropertyType type;
};

[[nodiscard]] std::span<const Property> properties();

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

/// Whether `$expand` takes the name.
[[nodiscard]] bool is_expansion(std::string_view name);

/// What `$expand` of a name adds; none for a name that the entity does not have. The members of the rows are not
/// documented beyond those of attributes.
[[nodiscard]] std::optional<nlohmann::json> product_expansion(std::string_view name, const Product& product,
                                                              const Catalogue& catalogue, const Account& account);

/// The standard column that a property shows; nullptr when it shows none.
[[nodiscard]] const Column* find_rest_column(std::string_view property);

/// The value of the property's column as it was written; none when it has no column or no value.
[[nodiscard]] std::optional<std::string_view> written_value(const Property& property, const Product& product);

}  // namespace rithum_simulator
