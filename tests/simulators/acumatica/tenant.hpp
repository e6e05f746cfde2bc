#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "catalogue.hpp"

namespace acumatica_sim {

/// Which item has which key now, after Change ID: records name items by an inner number, not by a key.
class Renames {
 public:
  void add(const std::string& from, const std::string& to);
  /// The present key of the item that was generated with this one.
  [[nodiscard]] std::string now(const std::string& original) const;

 private:
  std::atomic<bool> any_{false};
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::string, CollationLess> now_;
};

struct StampRules {
  bool details_keep_stamp = false;       ///< changes of detail rows alone do not move LastModified
  bool children_stamp_template = false;  ///< a change of a matrix item moves LastModified of its template
};

/// All tables of the tenant and what connects them: matrix rows of templates, kits of an item, keys that change.
class Tenant {
 public:
  explicit Tenant(const CatalogueOptions& options, StampRules rules = {});

  [[nodiscard]] const CatalogueOptions& options() const { return population_.options(); }
  [[nodiscard]] const Population& population() const { return population_; }
  [[nodiscard]] const Renames& renames() const { return renames_; }
  [[nodiscard]] const Catalogue& operator[](Table table) const { return *tables_[static_cast<std::size_t>(table)]; }
  [[nodiscard]] Catalogue& operator[](Table table) { return *tables_[static_cast<std::size_t>(table)]; }

  /// Stock and non-stock items of a template, in the order of their keys.
  [[nodiscard]] std::vector<Item> children(const Item& head) const;
  /// The same for the key of a template, in one table; the template need not exist.
  [[nodiscard]] std::vector<Item> children(Table table, std::string_view template_key) const;

  Change apply(Table table, std::string_view key, const Edit& edit, Presence presence = Presence::any);
  Change remove(Table table, std::string_view key) { return (*this)[table].remove(key); }
  /// Change ID of an item; its children, its specifications and the kits it is in follow.
  Change rename(Table table, std::string_view key, std::string_view to);

 private:
  const Population population_;
  const StampRules rules_;
  Renames renames_;
  std::array<std::unique_ptr<Catalogue>, kTables> tables_;
};

}  // namespace acumatica_sim
