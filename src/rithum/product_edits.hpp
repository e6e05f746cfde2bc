#pragma once

#include <stop_token>
#include <string>

#include "rithum/account.hpp"

namespace product_sync::rithum {

/// The changes that a feed file cannot make: taking something off a product. What is not there counts as taken off.
/// Thread-safe.
class ProductEdits {
 public:
  explicit ProductEdits(Account& account) : account_(account) {}

  /// Files add components to a bundle and never remove one (rithum.md §3.2). Refused while the bundle is listed.
  Result<void> remove_component(const std::string& bundle_id, const std::string& component_id, std::stop_token stop);

  /// How a file could remove an image is not documented (rithum.md §6.1, 18). `placement`: `ITEMIMAGEURL2`.
  Result<void> remove_image(const std::string& product_id, const std::string& placement, std::stop_token stop);

 private:
  Result<void> remove(const std::string& path, std::string_view what, std::stop_token stop);

  Account& account_;
};

}  // namespace product_sync::rithum
