#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/item.hpp"
#include "catalog/needs.hpp"

namespace product_sync::acumatica {

/// An entity of the contract that the catalogue is read from: what it is called, and where it is spelled otherwise than
/// StockItem (acumatica.md §2.7, §3). The table in entity.cpp is the only place that knows.
struct Entity {
  struct Spelling {
    std::string_view stock_item;  ///< as StockItem has it, and as the catalogue knows it
    std::string_view own;
  };

  std::string_view name;     ///< `StockItem`
  std::string_view plural;   ///< `stock items`, for messages
  std::string_view form;     ///< `Stock Items (IN202500)`
  std::string_view feature;  ///< that must be switched on; empty: none
  std::span<const std::string_view> keys;
  catalog::ItemEntity items = catalog::ItemEntity::stock_item;
  std::span<const Spelling> spellings = {};
  std::span<const std::string_view> members = {};  ///< fields and details that it has; empty: everything may be asked for

  /// The name that the entity has for a field or detail of StockItem; none when it has no such thing.
  [[nodiscard]] std::optional<std::string_view> own_name(std::string_view stock_item_name) const;
  /// The other way round.
  [[nodiscard]] std::string_view catalogue_name(std::string_view own) const;

  /// What of `needs` the entity can give, in its own names.
  [[nodiscard]] catalog::Needs own_needs(const catalog::Needs& needs) const;
};

[[nodiscard]] const Entity& stock_item();
[[nodiscard]] const Entity& non_stock_item();
[[nodiscard]] const Entity& template_item();
[[nodiscard]] const Entity& kit_specification();

/// What must be asked of kit specifications.
[[nodiscard]] catalog::Needs kit_specification_needs();

/// Stands between the parts of a key that has several.
inline constexpr char kKeyJoint = '\x1F';
[[nodiscard]] std::vector<std::string> key_parts(std::string_view key);

}  // namespace product_sync::acumatica
