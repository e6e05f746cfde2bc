#pragma once

#include <string>

#include "catalog/item.hpp"
#include "catalog/needs.hpp"
#include "store/ledger.hpp"
#include "sync/feed_build.hpp"

namespace product_sync::sync {

/// Recognises items that would come out as they did before, so that a run need not map them again: neither what the
/// mapping reads of them, nor the mapping, nor how the feed is written has changed since they were settled.
///
/// Sound only for items whose outcome depends on nothing else: those that stand alone, that Rithum has under no parent,
/// and that are no component of a kit. docs/plan.md has the rule for operators.
class SourceCheck {
 public:
  explicit SourceCheck(const FeedPlan& plan);

  /// Of all that the item's outcome depends on.
  [[nodiscard]] std::string hash(const catalog::Item& item) const;

  /// Whether an item with that hash comes out as the ledger has it. `before` may be null.
  [[nodiscard]] static bool is_settled(const std::string& hash, const store::Known* before);

 private:
  catalog::Needs needs_;
  std::string rules_;
};

/// Changes whenever items of the site might come out differently: the mapping's fingerprint, what the feed can hold, and
/// this program's version.
[[nodiscard]] std::string fingerprint(const FeedPlan& plan);

}  // namespace product_sync::sync
