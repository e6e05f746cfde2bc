#pragma once

#include <optional>
#include <string_view>

#include "store/store.hpp"

namespace product_sync::sync {

/// How old the oldest changes are that are still on their way to Rithum. Absent: none is.
struct Freshness {
  std::optional<Instant> undelivered;  ///< a notification that waits, or a file that is not delivered
  std::optional<Instant> unproven;     ///< a product that was sent, and that Rithum has not shown yet
};

/// `inbox` is the site's. `proves`: whether the site reads back what it sent; one that does not has nothing unproven.
[[nodiscard]] Result<Freshness> freshness_of(std::string_view site, const store::InboxStats& inbox, bool proves,
                                             store::Store& store);

}  // namespace product_sync::sync
