#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seeded.hpp"

namespace acumatica_sim {

// The contract of each entity (acumatica.md §3.3-3.7) as tables: which fields, since which version of the endpoint, of
// which kind, and how a generated record fills them. Adding a field is one line in a *_schema.cpp.

class Item;
class Tenant;

/// What the system itself does with a field.
enum class Role {
  none,
  key,        ///< identifies the record
  note_id,    ///< the record's GUID
  modified,   ///< the stamp of the record's own table
  inventory,  ///< names an item: follows its Change ID
};

using Choices = std::span<const std::string_view>;

struct FieldSpec {
  std::string_view name;
  Kind kind;
  int since;  ///< first release of the endpoint that has it: 20, 22, 23, 24
  Cell (*generate)(const Seeded&);
  Role role = Role::none;
  Choices choices = {};  ///< the labels it may have; none = any text

  [[nodiscard]] bool read_only() const { return role == Role::note_id || role == Role::modified; }
};

struct ColumnSpec {
  std::string_view name;
  Kind kind = Kind::text;
  int since = 20;
  bool key = false;  ///< identifies the row on write
  Role role = Role::none;
};

struct DetailSpec {
  std::string_view name;
  int since;
  std::vector<ColumnSpec> columns;
  std::vector<Row> (*generate)(const Seeded&);
  /// Rows that are read from other tables, whenever they are asked for; cannot be written.
  std::vector<Row> (*derive)(const Tenant&, const Item&) = nullptr;
};

/// A custom field: name is `View.Field`, type is e.g. CustomBooleanField (acumatica.md §2.4).
struct CustomSpec {
  std::string_view name;
  std::string_view type;
  Cell (*generate)(const Seeded&);
};

/// The generic inquiry that push notifications of the entity come from (acumatica.md §1.6, §1.7).
struct InquirySpec {
  std::string_view name;                 ///< what `Query` says, unless the command line says otherwise; empty = none
  std::vector<std::string_view> fields;  ///< its columns besides the keys
  std::string_view constant;             ///< columns that are the same in every row, as JSON members
  std::string_view stamp;                ///< its column of the time of the last change
  bool note_id = false;
};

struct EntitySpec {
  std::string_view name;
  Table table;
  std::string_view screen;
  std::string_view files_path;  ///< graph and view, for attachments
  int since;
  std::vector<FieldSpec> fields;
  std::vector<DetailSpec> details;
  std::vector<CustomSpec> custom;
  InquirySpec inquiry;
  std::vector<std::string> (*files)(const Seeded&) = nullptr;
  Cell (*french)(const Seeded&) = nullptr;  ///< the description in the second language

  // Positions, found once by index().
  std::vector<std::size_t> keys;
  std::optional<std::size_t> parent;      ///< the field that names the item's template
  std::optional<std::size_t> attributes;  ///< the detail that holds attribute values

  /// Names are case sensitive (acumatica.md §2.5); what the release does not have is not found.
  [[nodiscard]] std::optional<std::size_t> field(std::string_view field_name, int release = 99) const;
  [[nodiscard]] std::optional<std::size_t> detail(std::string_view detail_name, int release = 99) const;
  [[nodiscard]] const CustomSpec* custom_field(std::string_view view_and_name) const;

  /// The key of a generated record: its key fields joined.
  [[nodiscard]] std::string generated_key(const Seeded& seeded) const;
  /// The key in a path, `KIT0000001/01`, as the catalogue has it.
  [[nodiscard]] std::string key_from_path(std::string_view path) const;
  [[nodiscard]] std::string key_as_path(std::string_view key) const;
  /// The value of the n-th key field in a key.
  [[nodiscard]] static std::string key_part(std::string_view key, std::size_t n);
};

/// Stands between the parts of a key; sorts below every character that a part may have.
constexpr char kKeyJoint = '\x1f';

[[nodiscard]] std::optional<std::size_t> find_column(const DetailSpec& detail, std::string_view name, int release);

/// Columns of rows of attribute values (acumatica.md §3.4).
enum AttributeColumn : std::size_t {
  kAttributeID,
  kAttributeDescription,
  kIsActive,
  kRefNoteID,
  kRequired,
  kValue,
  kValueDescription,
};

// One per entity of the endpoint.
[[nodiscard]] EntitySpec stock_item_schema();
[[nodiscard]] EntitySpec non_stock_item_schema();
[[nodiscard]] EntitySpec template_schema();
[[nodiscard]] EntitySpec kit_schema();
[[nodiscard]] EntitySpec attribute_schema();
[[nodiscard]] EntitySpec item_class_schema();
[[nodiscard]] EntitySpec category_schema();

/// All of them, in the order of Table.
[[nodiscard]] const std::vector<EntitySpec>& entity_schemas();
[[nodiscard]] const EntitySpec& schema_of(Table table);

}  // namespace acumatica_sim
