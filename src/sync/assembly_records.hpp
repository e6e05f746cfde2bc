#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/bundle.hpp"
#include "catalog/family.hpp"
#include "catalog/kit.hpp"
#include "store/store.hpp"
#include "sync/draft.hpp"

namespace product_sync::sync {

/// What an Assembly keeps on disk: the items that wait, what is known of components, and what was found of them all so far.
/// Everything by the key of a SKU. Not thread-safe.
class AssemblyRecords {
 public:
  explicit AssemblyRecords(store::Store& store) : store_(store) {}

  using Visit = std::function<Result<void>(const std::string& key)>;

  /// An item that waits; a member of the family of its template when `in_family`.
  Result<void> add(const Draft& draft, bool in_family);
  /// A revision of a kit, which makes components of the items in it.
  Result<void> add(const catalog::KitSpecification& kit);
  /// A component that does not wait itself.
  Result<void> add(const std::string& key, const catalog::ComponentFacts& facts);

  Result<std::optional<Draft>> draft(const std::string& key);
  Result<std::optional<catalog::ComponentFacts>> facts(const std::string& key);
  Result<std::vector<catalog::KitSpecification>> revisions(const std::string& kit_key);
  Result<std::vector<Draft>> children(const std::string& template_key);
  /// Whether a kit that was added holds the item.
  Result<bool> is_component(const std::string& key);

  Result<void> for_each_draft(const Visit& visit);
  Result<void> for_each_family(const Visit& visit);  ///< keys of templates, whether or not those were read
  Result<void> for_each_kit(const Visit& visit);

  /// A kit as a bundle, its family left aside.
  struct Bundle {
    catalog::Fate fate;
    std::string components;  ///< of a sound one
  };
  Result<void> set_bundle(const std::string& kit_key, const Bundle& bundle);
  Result<std::optional<Bundle>> bundle(const std::string& kit_key);
  /// Of a member of a family, judged with it.
  Result<void> set_fate(const std::string& key, const catalog::Fate& fate);
  Result<std::optional<catalog::Fate>> fate(const std::string& key);

  /// For what others keep beside it, in lists of their own.
  Result<store::Scratch*> scratch();

 private:
  Result<void> put(std::string_view list, std::string_view key, std::string_view bytes);
  Result<std::optional<std::string>> get(std::string_view list, std::string_view key);
  Result<void> for_each(std::string_view list, const std::string& prefix,
                        const std::function<Result<void>(const store::Scratch::Record&)>& visit);
  Result<void> for_each_key(std::string_view list, const Visit& visit);

  store::Store& store_;
  std::unique_ptr<store::Scratch> scratch_;  // made when something is first kept
};

}  // namespace product_sync::sync
