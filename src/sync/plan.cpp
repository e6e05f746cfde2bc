#include "sync/plan.hpp"

#include <set>

namespace product_sync::sync {

std::string_view to_text(PlannedState state) {
  switch (state) {
    case PlannedState::added:
      return "new";
    case PlannedState::changed:
      return "changed";
    case PlannedState::withdrawn:
      return "withdrawn";
    case PlannedState::parked:
      return "parked";
    case PlannedState::not_exported:
      return "not_exported";
  }
  return "unknown";
}

void PlanTotals::add(const PlannedProduct& product) {
  ++products[product.state];
  for (const auto& change : product.changes) ++fields[change.key];
  std::set<std::string_view> codes;
  for (const auto& reason : product.reasons) codes.insert(reason.code);
  for (const auto code : codes) ++reasons[std::string(code)];
}

}  // namespace product_sync::sync
