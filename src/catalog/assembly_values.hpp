#pragma once

#include "catalog/mapping.hpp"

namespace product_sync::catalog {

/// Adds to `mapping.values` what families and bundles tell Rithum beside the mapped values, where the mapping exports
/// them and does not have the value yet: the columns of rithum.md §2.3 and §3, and the variation attributes.
void add_assembly_values(Mapping& mapping);

}  // namespace product_sync::catalog
