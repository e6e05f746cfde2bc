#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "catalog/item.hpp"

namespace product_sync::rithum {

/// A product as Rithum shows it.
struct ShownProduct {
  std::string id;  ///< of the profile; a number
  std::string sku;
  std::optional<Instant> updated;
  catalog::TextMap values;  ///< by the ledger's keys; an absent key has no value or was not asked for
};

/// Called with each product read, in no particular order. An error ends the reading.
using ProductSink = std::function<Result<void>(ShownProduct&&)>;

/// What to read of each product beside ID, SKU and time: columns by the ledger's keys. Columns that Rithum does not
/// show are left out.
struct Wanted {
  std::vector<std::string> columns;
  bool attributes = false;  ///< all of them
};

}  // namespace product_sync::rithum
