#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/comparison.hpp"
#include "store/outbox.hpp"

namespace product_sync::store {

/// Columns that hold JSON. Writing fails with `store.not_utf8` on text that is none.
[[nodiscard]] Result<std::string> keys_to_json(std::span<const std::string> keys);
[[nodiscard]] Result<std::vector<std::string>> keys_from_json(std::string_view json);
[[nodiscard]] Result<std::string> told_to_json(const catalog::ToldValues& told);
[[nodiscard]] Result<catalog::ToldValues> told_from_json(std::string_view json);
/// Empty for a row that tells of the whole product.
[[nodiscard]] Result<std::string> plan_to_json(const RowPlan& plan);
[[nodiscard]] Result<RowPlan> plan_from_json(std::string_view json);

}  // namespace product_sync::store
