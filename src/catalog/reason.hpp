#pragma once

#include <string>

namespace product_sync::catalog {

/// Why an item is not exported, or why its product cannot be sent. `code` is stable: `class.unmapped`,
/// `box.not_ticked`, `status.not_exported`, `value.too_long`, `family.child_parked`, ...
struct Reason {
  std::string code;
  std::string text;  ///< a sentence that names the value, the limit and the remedy
};

}  // namespace product_sync::catalog
