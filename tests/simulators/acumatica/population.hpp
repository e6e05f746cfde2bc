#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "instant.hpp"

// What is generated, and where it stands. Records are a deterministic function of (seed, table, index) and never
// stored.

namespace acumatica_sim {

struct CatalogueOptions {
  std::uint64_t items = 1'000;  ///< plain stock items
  std::uint64_t seed = 1;
  Millis base_time = 1'793'491'200'000;  ///< 2026-11-01T00:00:00Z
  int utc_offset_minutes = 0;            ///< the tenant's time zone
  bool plain_keys = false;               ///< no key with special characters
  /// Templates with their matrix items. Unset: there are none, yet some plain items name one (orphans).
  std::optional<std::uint64_t> templates = std::nullopt;
  /// Stock kits with their specifications. Unset: there are none, yet every 50th plain item says it is a kit.
  std::optional<std::uint64_t> kits = std::nullopt;
  std::uint64_t non_stock_items = 0;
  std::uint64_t non_stock_kits = 0;
};

/// The tables of the tenant; an entity of the endpoint shows one.
enum class Table : std::uint8_t {
  stock_items,
  non_stock_items,
  templates,
  kit_specifications,
  attributes,
  item_classes,
  categories,
};
constexpr std::size_t kTables = 7;

/// The attributes that make the variants of a template, and how many variants they can make.
struct VariantSet {
  std::vector<std::string_view> attributes;
  std::uint64_t combinations;
};

struct Family {
  const VariantSet* variants;
  std::uint64_t children;  ///< 2 to 40
  bool stock;              ///< else the children are non-stock items
};

enum class ItemKind { plain, kit, child, head };

/// What a row of an item table is. `number` counts from 1 among its kind; of a child it is that of its family.
struct Member {
  ItemKind kind = ItemKind::plain;
  std::uint64_t number = 0;
  std::uint64_t child = 0;  ///< place in the family, from 0
};

/// One revision of a kit.
struct Revision {
  bool stock = true;
  std::uint64_t kit = 0;     ///< number among its kind
  std::uint64_t number = 1;  ///< from 1
  std::uint64_t revisions = 1;
};

struct IndexRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Which generated record stands at which index (from 1) of its table. Each table is in ascending order of its keys:
///   stock items      ITEMnnnnnnn plain, KITnnnnnnn stock kits, TMPLnnnnnn-... children of stock families
///   non-stock items  NKITnnnnnnn kits, NSTKnnnnnnn plain, TMPLnnnnnn-... children of non-stock families
/// Costs 24 bytes for each template and each kit, nothing for an item.
class Population {
 public:
  explicit Population(CatalogueOptions options);

  [[nodiscard]] const CatalogueOptions& options() const { return options_; }
  [[nodiscard]] std::uint64_t size(Table table) const;
  [[nodiscard]] Member member(Table table, std::uint64_t index) const;
  [[nodiscard]] Revision revision(std::uint64_t index) const;
  [[nodiscard]] Family family(std::uint64_t number) const;
  /// Where the children of a family stand in `table`; empty in the table that its children are not in.
  [[nodiscard]] IndexRange children(Table table, std::uint64_t family) const;
  [[nodiscard]] std::uint64_t kit_index(std::uint64_t number) const { return options_.items + number; }

 private:
  [[nodiscard]] std::uint64_t before_children(Table table) const;
  [[nodiscard]] const std::vector<std::uint64_t>& children_up_to(Table table) const;
  [[nodiscard]] std::uint64_t revisions_of(std::uint64_t kit) const;

  const CatalogueOptions options_;
  // [n] counts what the first n families (kits) have together.
  std::vector<std::uint64_t> stock_children_;
  std::vector<std::uint64_t> non_stock_children_;
  std::vector<std::uint64_t> revisions_;
};

[[nodiscard]] std::uint64_t mix(std::uint64_t value);

}  // namespace acumatica_sim
