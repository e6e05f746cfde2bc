#include "sync/row_plan.hpp"

#include <string>

#include "base/bytes.hpp"

namespace product_sync::sync {
namespace {

constexpr std::size_t kChangesKept = 12;
constexpr std::size_t kValueKept = 120;  // bytes

std::string shortened(const std::string& value) {
  if (value.size() <= kValueKept) return value;
  std::string text(clip_utf8(value, kValueKept));
  return text += "…";
}

}  // namespace

store::RowPlan row_plan(const std::vector<catalog::Change>& changes) {
  store::RowPlan plan;
  plan.whole = false;
  for (const auto& change : changes) {
    if (plan.changes.size() == kChangesKept) break;
    plan.changes.push_back({change.key, shortened(change.before), shortened(change.after)});
  }
  plan.more = changes.size() - plan.changes.size();
  return plan;
}

}  // namespace product_sync::sync
