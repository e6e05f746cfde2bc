#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace product_sync::store {

/// Which kits hold an item, and which bundles Rithum has of them. Acumatica cannot be asked (acumatica.md §2.7), a
/// component that changes may change its kits, and Rithum takes so many bundles and no more. Thread-safe.
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

  /// Records what Rithum was told that the bundle of a kit holds, by keys of SKUs.
  virtual Result<void> tell(std::string_view site, std::string_view kit_id,
                            std::span<const std::string> component_keys) = 0;
  /// What it was last told, in the order of the keys; empty: nothing.
  virtual Result<std::vector<std::string>> told(std::string_view site, std::string_view kit_id) = 0;
  /// The number of bundles that Rithum was told of, and of those that hold a component.
  virtual Result<std::uint64_t> bundles(std::string_view site) = 0;
  virtual Result<std::uint64_t> bundles_with(std::string_view site, std::string_view component_key) = 0;
};

}  // namespace product_sync::store
