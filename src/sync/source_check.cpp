#include "sync/source_check.hpp"

#include "base/digest.hpp"
#include "catalog/source_hash.hpp"
#include "catalog/text.hpp"

namespace product_sync::sync {

std::string fingerprint(const FeedPlan& plan) {
  std::string bytes;
  catalog::append_counted(bytes, PRODUCT_SYNC_VERSION);
  catalog::append_counted(bytes, plan.mapping.fingerprint());
  catalog::append_counted(bytes, std::string_view(&plan.feed.delimiter, 1));
  catalog::append_counted(bytes, plan.feed.clear_marker);
  return to_hex(sha256(bytes));
}

SourceCheck::SourceCheck(const FeedPlan& plan) : needs_(plan.mapping.needs()), rules_(fingerprint(plan)) {}

std::string SourceCheck::hash(const catalog::Item& item) const { return catalog::source_hash(item, needs_, rules_); }

bool SourceCheck::is_settled(const std::string& hash, const store::Known* before) {
  if (before == nullptr || before->source_hash != hash || !before->told_parent.empty()) return false;
  if (before->withdrawn || !before->twin.empty()) return false;
  switch (before->state) {
    case store::ProductState::parked:
      return true;
    case store::ProductState::not_exported:
      return !before->was_told;  // what Rithum knows may have to be withdrawn
    default:
      return !before->content_hash.empty();  // without content it has to be told
  }
}

}  // namespace product_sync::sync
