#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace product_sync::store {

/// Which kits hold an item. Acumatica cannot be asked (acumatica.md §2.7), and a component that changes may change its
/// kits. Thread-safe.
class KitIndex {
 public:
  virtual ~KitIndex() = default;

  struct Component {
    std::string key;    ///< of the component's SKU
    std::string facts;  ///< a digest of what the kit's bundle depends on
  };
  struct Use {
    std::string kit_id;  ///< inventory ID
    std::string facts;   ///< as they were when the kit was last judged
  };

  /// Replaces what is known of a kit.
  virtual Result<void> record(std::string_view site, std::string_view kit_id,
                              std::span<const Component> components) = 0;
  /// In the order of their keys.
  virtual Result<std::vector<Component>> components_of(std::string_view site, std::string_view kit_id) = 0;
  virtual Result<std::vector<Use>> kits_of(std::string_view site, std::string_view component_key) = 0;
};

}  // namespace product_sync::store
