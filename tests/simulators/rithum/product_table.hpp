#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalogue.hpp"
#include "odata_filter.hpp"

namespace rithum_simulator {

/// The products in the table of a ProductExport (rithum.md §5.3): tab-separated, with a header, dates in US style.
/// `wanted` names properties of the entity, separated by commas; blank means all of them and the attributes, in pairs
/// of columns. Assumed: tabs and line ends in values become blanks.
[[nodiscard]] std::string product_table(const Catalogue& catalogue, std::int64_t profile_id, std::string_view wanted,
                                        const std::optional<Filter>& filter);

/// A name in `wanted` that is no property; empty when all are.
[[nodiscard]] std::string unknown_property(std::string_view wanted);

}  // namespace rithum_simulator
