#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/comparison.hpp"
#include "catalog/kind.hpp"
#include "catalog/reason.hpp"

namespace product_sync::sync {

/// What a run makes of a product.
enum class PlannedState {
  added,         ///< Rithum is told of it for the first time
  changed,
  withdrawn,     ///< Rithum is told that it is no longer sold
  parked,        ///< should be exported and cannot be
  not_exported,  ///< no longer exported, and Rithum knows it
};
/// `new`, `changed`, `withdrawn`, `parked`, `not_exported`.
[[nodiscard]] std::string_view to_text(PlannedState state);

/// What a run does about one product that is not as Rithum knows it: for a person to read.
struct PlannedProduct {
  std::string sku;
  PlannedState state = PlannedState::changed;
  std::vector<catalog::Change> changes = {};  ///< of one that is sent, or withdrawn
  std::vector<catalog::Reason> reasons = {};  ///< of one that is not sent, or withdrawn
  catalog::ProductKind kind = catalog::ProductKind::item;
  std::string parent = {};  ///< SKU of the variation parent; empty: none
};
using PlanSink = std::function<void(const PlannedProduct&)>;

/// What a plan comes to.
struct PlanTotals {
  std::map<PlannedState, std::uint64_t> products;
  std::map<std::string, std::uint64_t, std::less<>> fields;   ///< changed values, by catalog::Change::key
  std::map<std::string, std::uint64_t, std::less<>> reasons;  ///< by catalog::Reason::code; each once a product

  void add(const PlannedProduct& product);
};

}  // namespace product_sync::sync
