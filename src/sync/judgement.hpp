#pragma once

#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "catalog/item.hpp"
#include "catalog/product.hpp"
#include "sync/assembly.hpp"
#include "sync/outcomes.hpp"

namespace product_sync::sync {

/// An item as it was read.
struct ReadItem {
  const catalog::Item& item;
  std::string key;          ///< of its SKU
  std::string source_hash;  ///< as in Subject; may be empty
  Instant read_at;          ///< a moment before it was read
  const store::Known* before = nullptr;
  std::string twin = {};  ///< inventory ID of another item with the same SKU
};

/// Judges an item by itself, and carries that out.
Result<void> judge_item(const ReadItem& read, const catalog::Mapping& mapping, Assembly& assembly,
                        Outcomes& outcomes);

/// An item that stands alone has its outcome at once, others wait in the assembly.
Result<void> carry_out(catalog::Decision decision, const ReadItem& read, const catalog::Mapping& mapping,
                       Assembly& assembly, Outcomes& outcomes);

}  // namespace product_sync::sync
