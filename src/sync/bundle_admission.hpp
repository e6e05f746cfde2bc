#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/bundle.hpp"
#include "catalog/mapping.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// Which bundles Rithum still takes: it has a limit for an account, and one for those that hold the same component
/// (rithum.md §3.2). What Rithum was told of a bundle stays there, so such a bundle goes before one that is new, and of new
/// ones the first that asks. For one run; memory does not grow with it.
class BundleAdmission {
 public:
  BundleAdmission(std::string site, const catalog::Mapping& mapping, store::KitIndex& index)
      : site_(std::move(site)), mapping_(mapping), index_(index) {}

  /// All bundles are asked for again: those that were admitted so far do not count.
  void begin_again();

  /// What stands against the bundle; nothing when it is admitted, and counts. `components` as bundle_components() makes
  /// them; `kept` is the run's own.
  Result<std::vector<catalog::Reason>> admit(const std::string& kit_id, const std::string& components,
                                             store::Scratch& kept);

 private:
  Result<std::uint64_t> admitted_with(const std::string& component, store::Scratch& kept) const;
  [[nodiscard]] bool checks(std::string_view code) const;

  const std::string site_;
  const catalog::Mapping& mapping_;
  store::KitIndex& index_;
  std::uint64_t round_ = 0;
  std::uint64_t new_bundles_ = 0;  ///< admitted in this round
  std::optional<std::uint64_t> told_bundles_;
};

}  // namespace product_sync::sync
