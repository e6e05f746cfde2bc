#include "cli/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/bytes.hpp"
#include "server/csv.hpp"

namespace product_sync::cli {
namespace {

using sync::PlannedProduct;
using sync::PlannedState;

constexpr std::size_t kShownBytes = 60;    // of a value in the table
constexpr std::size_t kContextBytes = 15;  // shown before what changes in a long value
constexpr std::string_view kEllipsis = "…";

bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// `text` from `from` on, on one line and shortened.
std::string shown(std::string_view text, std::size_t from) {
  while (from > 0 && from < text.size() && is_inside_character(text[from])) --from;
  std::string line;
  if (from > 0) line += kEllipsis;
  const auto part = clip_utf8(text.substr(from), kShownBytes);
  for (const char c : part) line += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
  if (from + part.size() < text.size()) line += kEllipsis;
  return line;
}

/// Where two long texts begin to be shown, so that what differs is in sight.
std::size_t start_of_difference(std::string_view before, std::string_view after) {
  if (std::max(before.size(), after.size()) <= kShownBytes) return 0;
  const auto parting = std::ranges::mismatch(before, after);
  const auto same = static_cast<std::size_t>(parting.in1 - before.begin());
  return same > 2 * kContextBytes ? same - kContextBytes : 0;
}

std::string change_text(const catalog::Change& change, PlannedState state) {
  const auto from = start_of_difference(change.before, change.after);
  const auto after = change.after.empty() ? std::string("(cleared)") : shown(change.after, from);
  if (state == PlannedState::added) return after;
  const auto before = change.before.empty() ? std::string("(none)") : shown(change.before, from);
  return fmt::format("{} -> {}", before, after);
}

/// What the SKU is, where that is not just an item.
std::string kind_text(const PlannedProduct& product) {
  if (!product.parent.empty()) return fmt::format(" ({} of {})", catalog::to_text(product.kind), product.parent);
  if (product.kind == catalog::ProductKind::item) return {};
  return fmt::format(" ({})", catalog::to_text(product.kind));
}

std::string_view title_of(PlannedState state) {
  return state == PlannedState::not_exported ? "no longer exported" : to_text(state);
}

template <class Counts>
void add_counts(std::string& table, std::string_view what, std::string_view unit, const Counts& counts) {
  if (counts.empty()) return;
  std::size_t width = what.size();
  for (const auto& [name, count] : counts) width = std::max(width, name.size());
  table += fmt::format("  {:<{}}  {:>9}\n", what, width, unit);
  for (const auto& [name, count] : counts) table += fmt::format("  {:<{}}  {:>9}\n", name, width, count);
}

}  // namespace

std::string plan_table(const PlannedProduct& product) {
  auto table = fmt::format("{}  {}{}\n", product.sku, title_of(product.state), kind_text(product));
  std::size_t width = 0;
  for (const auto& change : product.changes) width = std::max(width, change.key.size());
  for (const auto& change : product.changes) {
    table += fmt::format("    {:<{}}  {}\n", change.key, width, change_text(change, product.state));
  }
  for (const auto& reason : product.reasons) table += fmt::format("    {}: {}\n", reason.code, reason.text);
  return table;
}

std::string plan_table(const sync::PlanTotals& totals, std::string_view title) {
  std::string table(title);
  table += ':';
  if (totals.products.empty()) table += " nothing";
  std::string_view joint = " ";
  for (const auto& [state, count] : totals.products) {
    table += fmt::format("{}{} {}", joint, count, title_of(state));
    joint = ", ";
  }
  table += '\n';
  add_counts(table, "field", "changed", totals.fields);
  add_counts(table, "reason", "products", totals.reasons);
  return table;
}

std::string plan_csv_header() {
  std::string csv;
  server::add_csv_line(csv, {"site", "sku", "kind", "parent", "state", "field", "before", "after", "reason_code", "reason"});
  return csv;
}

std::string plan_csv(std::string_view site, const PlannedProduct& product) {
  std::string csv;
  const auto kind = catalog::to_text(product.kind);
  const auto state = to_text(product.state);
  for (const auto& change : product.changes) {
    server::add_csv_line(csv, {site, product.sku, kind, product.parent, state, change.key, change.before, change.after, "", ""});
  }
  for (const auto& reason : product.reasons) {
    server::add_csv_line(csv, {site, product.sku, kind, product.parent, state, "", "", "", reason.code, reason.text});
  }
  return csv;
}

}  // namespace product_sync::cli
