#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace product_sync::catalog {

/// Name -> text, in the order of the names. An absent name and an empty text mean the same: the field is empty.
using TextMap = std::map<std::string, std::string, std::less<>>;

/// One attribute of an item. Acumatica gives both the internal value and its label (acumatica.md §2.7).
struct Attribute {
  std::string id;     ///< AttributeID
  std::string value;  ///< Value: internal, e.g. `RED` or `1`
  std::string label;  ///< ValueDescription, e.g. `Bright red`
};

/// One alternate ID of an item.
struct CrossReference {
  std::string type;  ///< label: Barcode, `GTIN/EAN/UPC/ISBN`, Vendor Part Number, ...
  std::string id;    ///< AlternateID
  std::string uom;
};

/// One row of a detail, by column: `{{"FileURL", "https://…"}, {"FileType", "Image"}}`.
using DetailRow = TextMap;

/// Which of Acumatica's entities an item was read from. Fields have the names of `StockItem` in all of them.
enum class ItemEntity { stock_item, non_stock_item, template_item };

/// An item as Acumatica has it now. All values are text as received: numbers are the digits of the JSON token,
/// booleans `true` and `false`, empty fields the empty text. Keys are right-trimmed.
struct Item {
  std::string inventory_id;
  TextMap fields;         ///< contract fields by name: `Description`, `ItemClass`, `DefaultPrice`, ...
  TextMap custom_fields;  ///< by `View.Field`: `ItemSettings.UsrActiveOnRithum`
  std::vector<Attribute> attributes;
  std::vector<CrossReference> cross_references;
  /// What multilingual fields say in other languages, by field and language: `Description` -> `fr` -> `Le stylo`.
  std::map<std::string, TextMap, std::less<>> translations;
  /// Rows of all other details by its name, in the order received: `WarehouseDetails`, `FileURLs`, `Categories`, ...
  std::map<std::string, std::vector<DetailRow>, std::less<>> details;
  ItemEntity entity = ItemEntity::stock_item;

  /// The contract field's text; empty when absent.
  [[nodiscard]] const std::string& field(std::string_view name) const;
  /// The rows of that detail; empty when absent.
  [[nodiscard]] const std::vector<DetailRow>& detail(std::string_view name) const;
};

}  // namespace product_sync::catalog
