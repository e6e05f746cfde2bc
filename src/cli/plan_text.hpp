#pragma once

#include <string>
#include <string_view>

#include "sync/plan.hpp"

/// The forms of a plan for people and for spreadsheets; docs/plan.md shows them.
namespace product_sync::cli {

/// A few lines, the first of which names the SKU. Long values are shortened around what changes in them.
[[nodiscard]] std::string plan_table(const sync::PlannedProduct& product);

/// The counts by state, field and reason; `title` stands in the first line.
[[nodiscard]] std::string plan_table(const sync::PlanTotals& totals, std::string_view title);

/// RFC 4180, one line for each SKU and field, or reason; nothing is shortened. A cell that a spreadsheet would take for
/// a formula begins with an apostrophe.
[[nodiscard]] std::string plan_csv_header();
[[nodiscard]] std::string plan_csv(std::string_view site, const sync::PlannedProduct& product);

}  // namespace product_sync::cli
