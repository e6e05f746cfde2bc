#pragma once

#include <stop_token>
#include <string>

#include "acumatica/instance.hpp"
#include "catalog/source.hpp"

namespace product_sync::acumatica {

/// Writes Rithum's product IDs onto stock items, into a custom field, a user-defined field or an attribute
/// (acumatica.md §2.9). One item a request: the contract has no other way. Thread-safe.
class ProductIdWriter {
 public:
  /// `target` is a CustomFieldSource or an AttributeSource.
  ProductIdWriter(Instance& instance, catalog::Source target);

  /// Writing the ID that is there already changes nothing. Errors beside the instance's: `acumatica.item_missing`; an
  /// item is never made. Items that Acumatica refuses to save give `acumatica.not_saved`, with its reason.
  Result<void> write(const std::string& inventory_id, const std::string& product_id, std::stop_token stop);

 private:
  Instance& instance_;
  const catalog::Source target_;
};

}  // namespace product_sync::acumatica
