#pragma once

#include <vector>

#include "catalog/comparison.hpp"
#include "store/outbox.hpp"

namespace product_sync::sync {

/// What the history keeps of a row's changes: the first dozen, and of each value the beginning.
[[nodiscard]] store::RowPlan row_plan(const std::vector<catalog::Change>& changes);

}  // namespace product_sync::sync
