#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "catalog/detail_rows.hpp"
#include "catalog/item.hpp"
#include "catalog/needs.hpp"

namespace product_sync::catalog {

/// `field:Description` — a field of the contract.
struct FieldSource {
  std::string name;
};
/// `custom:ItemSettings.UsrActiveOnRithum` — a custom or user-defined field, by view and field.
struct CustomFieldSource {
  std::string path;
};
/// `attribute:BRAND` — the attribute's internal value; `attribute:BRAND.label` — its label.
struct AttributeSource {
  std::string id;
  bool label = false;
};
/// `cross_reference:Barcode` — the first alternate ID of that type that is not empty; `cross_reference:Barcode@EACH` or
/// `cross_reference:Barcode@field:SalesUOM` — of that unit; `cross_reference:Barcode@` — without one.
struct CrossReferenceSource {
  std::string type;
  std::optional<Wanted> uom = std::nullopt;
};
/// `detail:FileURLs.FileURL` — a column of the first detail row where it is not empty;
/// `detail:VendorDetails[Default=true].VendorID` — of the rows that hold that.
struct DetailSource {
  DetailRows rows;
  std::string column;
};
/// `row:QtyOnHand` — a column of the row at hand, where the rows of a detail are walked.
struct RowSource {
  std::string column;
};
/// `translation:Description@fr` — a multilingual field in a language other than the tenant's own;
/// `translation:Item.DescrTranslations@fr` — the same from the custom field that holds all languages in one text.
struct TranslationSource {
  std::string field;
  std::string language;
};
/// `constant:New` — the same text for every item.
struct ConstantSource {
  std::string text;
};

/// Where a text comes from.
using Source = std::variant<FieldSource, CustomFieldSource, AttributeSource, CrossReferenceSource, DetailSource,
                            RowSource, TranslationSource, ConstantSource>;

/// Where sources read: an item and, where the rows of a detail are walked, one of them.
struct Scope {
  Scope(const Item& whole, const DetailRow* at_hand = nullptr)  // NOLINT(google-explicit-constructor): an item is one
      : item(whole), row(at_hand) {}

  const Item& item;
  const DetailRow* row;
};

/// Reads the forms named above. Error code `source.malformed`, naming the forms and a near miss.
[[nodiscard]] Result<Source> parse_source(std::string_view text);

/// The form that parse_source reads.
[[nodiscard]] std::string to_text(const Source& source);

/// The text as received; empty when there is none but white space. Valid as long as item, row and source. Field names
/// are exact; attribute IDs and types of cross references are compared without case.
[[nodiscard]] std::string_view view(const Source& source, const Scope& scope);

/// Calls `take` with each text that the source has there and that is more than white space, in their order: several
/// only for details and cross references.
void for_each_text(const Source& source, const Scope& scope, const std::function<void(std::string_view)>& take);

/// Adds what must be asked of Acumatica so that the source can be read.
void add_needs(const Source& source, Needs& needs);

}  // namespace product_sync::catalog
