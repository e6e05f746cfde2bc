#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "instant.hpp"

// Generated stock items: a deterministic function of (seed, index), index = 1..items. Nothing is stored.
// Tests compute what they expect from the JSON served, never from this code.
//
//   InventoryID     ITEM0000001 ... in ascending order. Unless --plain-keys, every index with index % 250 == 137
//   carries a suffix:
//                   one of  5"  'S  -ÄÖ  A&B  -50%  -日本  +X  #9  in turn (quotes, apostrophe, unicode, URL
//                   characters)
//   ItemClass       ELEC 30 %, APPAREL 30 %, TOYS 20 %, HOME GOODS 10 %, SERVICE 10 %
//   ItemStatus      Active 88 %, Inactive 4 %, No Sales 3 %, No Purchases 2 %, No Request 1 %, Marked for Deletion 2 %
//   Description     two words and a number; every 20th has unicode or quotes in it
//   Content         HTML with head, Acumatica's style block, entities, list, tabs and line ends; empty for 5 %
//   DefaultPrice    0.99 to 200.98 with 2, 4 or 6 decimals written; MSRP a quarter more, empty for 10 %
//   DimensionWeight 0.001 to 25 with 6 decimals written, 0 for 3 %; WeightUOM KG or LB
//   BaseUOM EACH; SalesUOM EACH, or BOX for 10 % (12 EACH)
//   IsAKit          every index with index % 50 == 9
//   TemplateItemID  TMPLnnnnnn of its block of ten, for the APPAREL items of every seventh block
//   Attributes      BRAND (all), MANUFACTURER (all but SERVICE), COLOR (APPAREL, TOYS, HOME GOODS), SIZE (APPAREL),
//                   FEATURES (ELEC, several values), FBA check box (all but SERVICE, 40 % true); 5 % of the values are
//                   empty
//   CrossReferences Barcode with an UPC-A of valid check digit (90 %), GTIN/EAN/UPC/ISBN with sales or base UOM (60 %),
//                   Vendor Part Number (70 %), Global (20 %)
//   WarehouseDetails one to three of MAIN, RETAIL, WEST; MAIN is the default
//   FileURLs        0 to 3 image addresses; Categories 0 to 2; UOMConversions BOX -> EACH where sold by the box
//   custom          ItemSettings.UsrActiveOnRithum true for 80 %, else false or empty; ItemSettings.UsrRithumProductID
//   empty LastModified    base time minus 0 to 30 days, in milliseconds empty fields    `{}` for 80 %, `{"value":null}`
//   for 10 %, no member at all for 10 % id = NoteID     a GUID whose last twelve digits hide the index, so that reading
//   by id needs no table

namespace acumatica_sim {

/// The text of a value as it stands in JSON between its quotes (or bare); none = an empty field.
using Cell = std::optional<std::string>;

enum class Kind { text, decimal, integer, boolean, datetime, guid };

/// A detail row: cells in the order of the detail's columns.
struct Row {
  std::vector<Cell> cells;
  std::string id;  ///< GUID
};

struct CatalogueOptions {
  std::uint64_t items = 1'000;
  std::uint64_t seed = 1;
  Millis base_time = 1'793'491'200'000;  ///< 2026-11-01T00:00:00Z
  int utc_offset_minutes = 0;            ///< the tenant's time zone
  bool plain_keys = false;               ///< no InventoryID with special characters
};

/// One generated item, or the identity of one that was inserted later (index above CatalogueOptions::items).
struct Seeded {
  const CatalogueOptions* options;
  std::uint64_t index;

  /// A random number that depends on seed, index and `salt` alone.
  [[nodiscard]] std::uint64_t draw(std::uint64_t salt) const;
  [[nodiscard]] bool percent(std::uint64_t salt, std::uint64_t share) const { return draw(salt) % 100 < share; }

  [[nodiscard]] std::string key() const;
  [[nodiscard]] std::string guid() const;
  /// A GUID for a part of the item, e.g. a detail row.
  [[nodiscard]] std::string part_guid(std::uint64_t part) const;
  [[nodiscard]] Millis last_modified() const;

  [[nodiscard]] std::string_view item_class() const;
  [[nodiscard]] std::string_view item_status() const;
  [[nodiscard]] std::string description() const;
  [[nodiscard]] Cell content() const;
  [[nodiscard]] std::string default_price() const;
  [[nodiscard]] Cell msrp() const;
  [[nodiscard]] std::string weight() const;
  [[nodiscard]] bool sold_by_box() const;
  [[nodiscard]] Cell template_id() const;
  [[nodiscard]] Cell active_on_rithum() const;

  [[nodiscard]] std::vector<Row> attributes() const;
  [[nodiscard]] std::vector<Row> cross_references() const;
  [[nodiscard]] std::vector<Row> warehouses() const;
  [[nodiscard]] std::vector<Row> file_urls() const;
  [[nodiscard]] std::vector<Row> categories() const;
  [[nodiscard]] std::vector<Row> uom_conversions() const;
  [[nodiscard]] std::vector<Row> vendors() const;
  [[nodiscard]] std::vector<Row> none() const { return {}; }
  /// Names of attached files.
  [[nodiscard]] std::vector<std::string> files() const;
};

[[nodiscard]] std::uint64_t mix(std::uint64_t value);

/// The index of the generated item with this key or GUID; none when there is no such item.
[[nodiscard]] std::optional<std::uint64_t> index_of_key(const CatalogueOptions& options, std::string_view key);
[[nodiscard]] std::optional<std::uint64_t> index_of_guid(const CatalogueOptions& options, std::string_view guid,
                                                         std::uint64_t highest);

/// An attribute definition (CS205000).
struct AttributeDefinition {
  enum class Control { text, combo, multi, checkbox };
  struct Choice {
    std::string_view id;
    std::string_view label;
  };
  std::string_view id;
  std::string_view description;
  Control control;
  std::vector<Choice> choices;
};
[[nodiscard]] const std::vector<AttributeDefinition>& attribute_definitions();

/// Finds a definition by its id or its name: both are accepted on write (acumatica.md §2.7).
[[nodiscard]] const AttributeDefinition* find_attribute(std::string_view id_or_description);

/// The internal value and the label for what a client wrote (either of them); none = not among the choices.
struct AttributeValue {
  std::string value;
  std::string label;
};
[[nodiscard]] std::optional<AttributeValue> attribute_value(const AttributeDefinition& definition,
                                                            std::string_view written);

}  // namespace acumatica_sim
