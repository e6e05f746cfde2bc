#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace product_sync::sync {

/// SKUs of a site that somebody may have meant who wrote this one: with one character wrong, missing, too many or in the
/// wrong place, or with this as a part. A few, the nearest first.
[[nodiscard]] Result<std::vector<std::string>> near_skus(std::string_view site, std::string_view sku,
                                                         store::Store& store);

/// `Did you mean A, B or C?`; empty when there are none.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& skus);

}  // namespace product_sync::sync
