#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "item_generator.hpp"

namespace acumatica_sim {

// The contract of the StockItem entity (acumatica.md §3.3, §3.4) as tables: which fields, since which version of the
// endpoint, of which kind, and how a generated item fills them. Adding a field is one line in schema.cpp.

struct FieldSpec {
  std::string_view name;
  Kind kind;
  int since;  ///< first release of the endpoint that has it: 20, 22, 23, 24
  Cell (*generate)(const Seeded&);
  bool read_only = false;
};

struct ColumnSpec {
  std::string_view name;
  Kind kind = Kind::text;
  int since = 20;
  bool key = false;  ///< identifies the row on write
};

struct DetailSpec {
  std::string_view name;
  int since;
  std::vector<ColumnSpec> columns;
  std::vector<Row> (Seeded::*generate)() const;
};

[[nodiscard]] const std::vector<FieldSpec>& stock_item_fields();
[[nodiscard]] const std::vector<DetailSpec>& stock_item_details();

// Positions that the code names.
enum Field : std::size_t {
  kInventoryID,
  kDescription,
  kItemClass,
  kItemStatus,
  kTemplateItemID,
  kLastModified,
  kLastModifiedDateTime,
  kNoteID,
};
enum Detail : std::size_t { kAttributes, kCrossReferences };
enum AttributeColumn : std::size_t {
  kAttributeID,
  kAttributeDescription,
  kIsActive,
  kRefNoteID,
  kRequired,
  kValue,
  kValueDescription,
};

/// Names are case sensitive (acumatica.md §2.5); a field that the release does not have is not found.
[[nodiscard]] std::optional<std::size_t> find_field(std::string_view name, int release);
[[nodiscard]] std::optional<std::size_t> find_detail(std::string_view name, int release);
[[nodiscard]] std::optional<std::size_t> find_column(const DetailSpec& detail, std::string_view name, int release);

/// The labels that ItemStatus may have (acumatica.md §2.7).
[[nodiscard]] bool is_item_status(std::string_view label);

/// A custom field: name is `View.Field`, type is e.g. CustomBooleanField (acumatica.md §2.4).
struct CustomSpec {
  std::string_view name;
  std::string_view type;
  Cell (*generate)(const Seeded&);
};
[[nodiscard]] const std::vector<CustomSpec>& stock_item_custom_fields();

}  // namespace acumatica_sim
