#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/bundle.hpp"
#include "catalog/family.hpp"
#include "catalog/kit.hpp"
#include "store/store.hpp"
#include "sync/assembly_records.hpp"
#include "sync/bundle_admission.hpp"
#include "sync/draft.hpp"
#include "sync/feed_build.hpp"
#include "sync/outcomes.hpp"

namespace product_sync::sync {

/// Families and bundles of one run: their items are kept on disk while they are read, and judged together when all are
/// there. Memory is one family. Not thread-safe.
///
/// A run that reads everything finds each family whole. Another one asks for what it needs besides the items that changed:
/// the template of a child; the children of a template that changed, or of a family that does not stand well in the
/// ledger; specification and components of a kit; the kits of a component that changed for them. Siblings that are in
/// order are taken from the ledger.
class Assembly {
 public:
  Assembly(const FeedPlan& plan, store::Store& store, bool reads_everything);

  /// What has to be read before the run can end: inventory IDs that were not asked for yet.
  struct Wanted {
    std::vector<std::string> items;
    std::vector<std::string> kits;  ///< whose specifications are wanted
    [[nodiscard]] bool empty() const { return items.empty() && kits.empty(); }
  };
  [[nodiscard]] Wanted take_wanted();
  /// An item that the run asks for anyway.
  void asked_for(const std::string& inventory_id) {
    if (!everything_) asked_.insert(key_of(inventory_id));
  }

  /// Whether an item has to wait for others.
  [[nodiscard]] bool concerns(const catalog::Item& item) const;
  /// Whether a kit that was read holds the item; of a run that reads everything, where kits come first.
  Result<bool> is_component(const std::string& key);
  /// Keeps such an item. `twin` is the inventory ID of another one with the same SKU.
  Result<void> add(const catalog::Item& item, const catalog::Decision& decision, const store::Known* before,
                   Instant read_at, const std::string& twin = {});
  /// An item that does not wait, with the reason when it is not sent: it may be a component.
  Result<void> note(const catalog::Item& item, const std::optional<catalog::Reason>& missing,
                    const store::Known* before);
  Result<void> add(const catalog::KitSpecification& kit);
  /// A kit whose specification changed.
  void changed_kit(const std::string& inventory_id) { want_item(inventory_id); }
  /// Acumatica does not have the item.
  Result<void> gone(const std::string& inventory_id);
  /// The item's own read failed.
  void unreadable(const std::string& inventory_id) { unreadable_.insert(key_of(inventory_id)); }

  /// Judges what was added so far. More may be wanted after it; then it is judged again.
  Result<void> judge();
  /// Says what becomes of each item. Returns those that have to be read again because others could not be.
  Result<std::vector<std::string>> settle(Outcomes& outcomes);
  /// Once the run's rows are durable: what later runs have to know of the kits.
  Result<void> remember();

 private:
  struct Family;
  struct Sibling;

  /// What was found of it in the end.
  Result<std::optional<catalog::Fate>> fate(const Draft& draft);
  [[nodiscard]] bool in_family(const Draft& draft) const;

  void seen(const std::string& inventory_id);
  void want_item(const std::string& inventory_id);
  Result<void> want_relatives(const catalog::Item& item, const Draft& draft, const store::Known* before);
  Result<void> want_children(const catalog::Item& item, const Draft& draft, const store::Known* before);
  Result<void> want_kits_of(const std::string& key, const catalog::ComponentFacts& facts);
  Result<void> want_kits_of_drafts();
  Result<void> want_kits_of_siblings(const Family& family, const catalog::FamilyVerdict& verdict);

  Result<Family> family(const std::string& template_key);
  Result<void> add_siblings(Family& family);
  Result<void> judge_family(const std::string& template_key);
  Result<bool> judge_kits();
  Result<bool> judge_kit(const std::string& key);
  Result<AssemblyRecords::Bundle> bundle(const Draft& kit);
  Result<std::optional<catalog::ComponentFacts>> facts(const std::string& inventory_id);

  Result<void> settle_family(const std::string& template_key, Outcomes& outcomes, std::vector<std::string>& again);
  Result<void> settle_draft(const Draft& draft, const catalog::Product* parent, const Outcomes::Known& known,
                            Outcomes& outcomes);
  Result<void> settle_kit(const std::string& key, Outcomes& outcomes);
  Result<void> remember_kit(const std::string& key);

  const FeedPlan& plan_;
  store::Store& store_;
  const bool everything_;
  AssemblyRecords records_;
  std::set<std::string> asked_;  // keys; of a run that does not read everything
  std::set<std::string> seen_;   // keys of items that were read, of such a run
  std::set<std::string> asked_kits_;
  std::set<std::string> unreadable_;
  Wanted wanted_;
  BundleAdmission admission_;
};

}  // namespace product_sync::sync
