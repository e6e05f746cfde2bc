#include "sync/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sync/row_plan.hpp"

namespace product_sync::sync {
namespace {

using catalog::Cell;
using catalog::CellKind;

const std::string kClassificationKey = "Classification";

/// A row that says nothing yet.
Result<catalog::Row> blank_row(const store::LedgerEntry& product, const catalog::Mapping& mapping) {
  auto sku = catalog::Sku::parse(product.sku);
  if (!sku) return tl::unexpected(std::move(sku.error()));
  return catalog::Row{std::move(*sku), {}, std::vector<Cell>(mapping.values.size()), false, product.kind};
}

/// What was told under `key`: a value, the marker of a cleared one, or nothing.
Cell cell_again(const catalog::ToldValues& told, const catalog::ValueMapping& value) {
  const auto found = told.find(value.key());
  if (found == told.end()) return {};
  if (!found->second.empty()) return {CellKind::set, found->second};
  return {value.clearable ? CellKind::clear : CellKind::unchanged, {}};
}

/// The row leaves the product in the ledger as it is. A remark on the last row still holds; what was said about its
/// proof does not.
store::StagedRow staged_again(const store::LedgerEntry& product, const catalog::Row& row, store::RowPlan plan) {
  store::StagedRow staged{row.sku.key(), product.sku,      product.inventory_id, product.content_hash,
                          product.told,  *product.read_at, product.kind,         product.parent};
  staged.plan = std::move(plan);
  if (product.reason_code.starts_with("confirmation.")) return staged;
  staged.reason_code = product.reason_code;
  staged.reason = product.reason;
  return staged;
}

}  // namespace

bool RepairPolicy::ours_wins(const std::string& key) const {
  const auto own = columns.find(key);
  return own == columns.end() ? values : own->second;
}

Repair::Repair(const FeedPlan& plan, Options options, const store::Run& run, store::Store& store, Clock& clock,
               Logger& log)
    : plan_(plan), options_(options), log_(log), feed_(plan, run, store.outbox(), clock) {}

Result<store::Remedy> Repair::send_whole(const store::LedgerEntry& product) {
  auto row = blank_row(product, plan_.mapping);
  if (!row) return tl::unexpected(std::move(row.error()));
  if (const auto told = product.told.find(kClassificationKey); told != product.told.end()) {
    row->classification = told->second;
  }
  for (std::size_t i = 0; i < row->cells.size(); ++i) {
    auto cell = cell_again(product.told, plan_.mapping.values[i]);
    if (cell.kind == CellKind::set) row->cells[i] = std::move(cell);  // a new product has nothing to clear
  }
  row->maybe_new = true;
  return send(product, *row, {.whole = true});
}

Result<store::Remedy> Repair::send_values(const store::LedgerEntry& product, std::span<const ShownDifference> differences) {
  auto row = blank_row(product, plan_.mapping);
  if (!row) return tl::unexpected(std::move(row.error()));
  const auto wanted = [&](const std::string& key) {
    return std::ranges::find(differences, key, &ShownDifference::key) != differences.end();
  };
  if (wanted(kClassificationKey)) row->classification = product.told.at(kClassificationKey);
  for (std::size_t i = 0; i < row->cells.size(); ++i) {
    const auto& value = plan_.mapping.values[i];
    if (wanted(value.key())) row->cells[i] = cell_again(product.told, value);
  }
  std::vector<catalog::Change> changes;
  for (const auto& difference : differences) changes.push_back({difference.key, difference.shown, difference.told});
  return send(product, *row, row_plan(changes));
}

Result<store::Remedy> Repair::send(const store::LedgerEntry& product, const catalog::Row& row, store::RowPlan plan) {
  if (products_ >= options_.most) return store::Remedy::beyond_most;
  ++products_;
  if (!options_.send) return store::Remedy::would_send;
  auto added = feed_.add(row, staged_again(product, row, std::move(plan)));
  if (added) return store::Remedy::sent;
  if (!is_of_one_row(added.error())) return tl::unexpected(std::move(added.error()));
  // What was told under other options of the feed cannot be written under these.
  --products_;
  log_.warning("reconcile.refused_row", added.error().text(), {{"site", plan_.site}, {"sku", product.sku}});
  return store::Remedy::report_only;
}

}  // namespace product_sync::sync
