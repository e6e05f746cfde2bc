#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "store/store.hpp"
#include "sync/draft.hpp"
#include "sync/feed_build.hpp"

namespace product_sync::sync {

/// The products that one pass of a run would withdraw, kept on disk until all are known: then the guard looks at their
/// number, and at those that went before them. Not
/// thread-safe.
class Withdrawals {
 public:
  Withdrawals(const FeedPlan& plan, store::Store& store) : plan_(plan), store_(store) {}

  /// A product to withdraw, with the reason as its own fate.
  Result<void> add(const Draft& product);
  /// The product stays.
  Result<void> forget(const std::string& key);

  using Visit = std::function<Result<void>(const Draft&)>;
  /// Hands those out that may go. Too many make a plan that waits for an operator; what an operator has confirmed before
  /// goes in any case, and counts no more.
  Result<std::optional<store::WithdrawalPlan>> settle(const std::string& run_id, Instant now, const Visit& visit);
  /// Stores such a plan with its products; see WithdrawalPlans::hold().
  Result<void> keep(const store::WithdrawalPlan& plan, bool replaces_others);

 private:
  template <class Take>
  Result<void> for_each_batch(const Take& take);
  Result<std::uint64_t> known_products();
  Result<std::uint64_t> earlier_products(Instant now);

  const FeedPlan& plan_;
  store::Store& store_;
  std::unique_ptr<store::Scratch> scratch_;  // made when it is first needed
};

}  // namespace product_sync::sync
