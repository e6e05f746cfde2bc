#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attribute_definitions.hpp"
#include "seeded.hpp"

// Generated items: stock items, non-stock items and templates. Tests compute what they expect from the JSON served,
// never from this code.
//
// Plain items
//   InventoryID     ITEM0000001 ... (non-stock: NSTK0000001 ...) in ascending order. Unless --plain-keys, every number
//                   with number % 250 == 137 carries a suffix, one of  5"  'S  -ÄÖ  A&B  -50%  -日本  +X  #9  in turn
//                   (quotes, apostrophe, unicode, URL characters)
//   ItemClass       ELEC 30 %, APPAREL 30 %, TOYS 20 %, HOME GOODS 10 %, SERVICE 10 %
//   ItemStatus      Active 88 %, Inactive 4 %, No Sales 3 %, No Purchases 2 %, No Request 1 %, Marked for Deletion 2 %
//   Description     two words and a number; every 20th has unicode or quotes in it
//   Content         HTML with head, Acumatica's style block, entities, list, tabs and line ends; empty for 5 %
//   DefaultPrice    0.99 to 200.98 with 2, 4 or 6 decimals written; MSRP a quarter more, empty for 10 %
//   DimensionWeight 0.001 to 25 with 6 decimals written, 0 for 3 %; WeightUOM KG or LB
//   BaseUOM EACH; SalesUOM EACH, or BOX for 10 % (12 EACH)
//   IsAKit          without --kits every index with index % 50 == 9, else none
//   TemplateItemID  without --templates TMPLnnnnnn of its block of ten for the APPAREL items of every seventh block
//                   (orphans: there is no such template), else none
//   Attributes      BRAND (all), MANUFACTURER (all but SERVICE), COLOR (APPAREL, TOYS, HOME GOODS), SIZE (APPAREL),
//                   FEATURES (ELEC, several values), FBA check box (all but SERVICE, 40 % true); 5 % of the values are
//                   empty
//   CrossReferences Barcode with an UPC-A of valid check digit (90 %), GTIN/EAN/UPC/ISBN with sales or base UOM (60 %),
//                   Vendor Part Number (70 %), Global (20 %)
//   WarehouseDetails one to three of MAIN, RETAIL, WEST; MAIN is the default
//   FileURLs        0 to 3 image addresses; Categories 0 to 2; UOMConversions BOX -> EACH where sold by the box
//   files           one picture for 20 %
//   custom          ItemSettings.UsrActiveOnRithum true for 80 %, else false or empty; UsrRithumProductID empty
//   LastModified    base time minus 0 to 30 days, in milliseconds
//   empty fields    `{}` for 80 %, `{"value":null}` for 10 %, no member at all for 10 %
//
// Templates TMPL000001 ... (--templates) and their children
//   variants        one to three of COLOR, COLOR+SIZE, COLOR+MATERIAL+SIZE, SHADE; 2 to 40 children; every fifth
//                   family (number % 5 == 4) is of non-stock items; number % 50 == 37 has a suffix as above
//   ItemClass       APPAREL, TOYS, HOME GOODS, SERVICE; the same for the children, and so are BRAND and MANUFACTURER
//   children        <template>-<value ids joined by ->, e.g. TMPL000002-BLUE-S; each value of a variant attribute is
//                   set; DefaultPrice is empty for 10 % and 0 for 10 % (how an item without a price of its own looks
//                   is not documented)
//   Attributes      of the template list its variant attributes without a value, IsActive true; for every tenth
//                   (number % 10 == 3) one more, IsActive false, that the children do not have
//   number % 40 == 21: no child is active
//
// Kits KIT0000001 ... (--kits, stock items) and NKIT0000001 ... (--non-stock-kits): as plain items, IsAKit true; their
// specifications are in kit_generator.hpp.

namespace acumatica_sim {

struct GeneratedItem : Seeded {
  explicit GeneratedItem(const Seeded& seeded)
      : Seeded(seeded), member(seeded.population->member(seeded.table, seeded.index)) {}

  Member member;

  [[nodiscard]] std::string key() const;
  [[nodiscard]] std::string_view item_class() const;
  [[nodiscard]] std::string_view item_status() const;
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::string translated_description() const;  ///< in French
  [[nodiscard]] Cell content() const;
  [[nodiscard]] Cell default_price() const;
  [[nodiscard]] Cell msrp() const;
  [[nodiscard]] std::string weight() const;
  [[nodiscard]] std::string_view sales_unit() const { return sold_by_box() ? "BOX" : "EACH"; }
  [[nodiscard]] bool sold_by_box() const;
  [[nodiscard]] bool is_kit() const;
  [[nodiscard]] bool is_stock() const;
  [[nodiscard]] Cell template_id() const;
  [[nodiscard]] Cell active_on_rithum() const;

  [[nodiscard]] std::vector<Row> attributes() const;
  [[nodiscard]] std::vector<Row> cross_references() const;
  [[nodiscard]] std::vector<Row> warehouses() const;
  [[nodiscard]] std::vector<Row> file_urls() const;
  [[nodiscard]] std::vector<Row> categories() const;
  [[nodiscard]] std::vector<Row> uom_conversions() const;
  [[nodiscard]] std::vector<Row> vendors() const;
  [[nodiscard]] std::vector<Row> template_vendors() const;
  /// Names of attached files.
  [[nodiscard]] std::vector<std::string> files() const;

 private:
  [[nodiscard]] GeneratedItem head() const;  ///< of a child: its template
  /// The value of each variant attribute of a child, in the order of the family's attributes.
  [[nodiscard]] std::vector<AttributeDefinition::Choice> variant() const;
  [[nodiscard]] Row attribute_row(std::string_view id, std::uint64_t salt, std::string text = {}) const;
  [[nodiscard]] Row variant_row(std::string_view id, bool active, const AttributeDefinition::Choice* value) const;
  [[nodiscard]] std::vector<Row> family_attributes() const;
  [[nodiscard]] std::uint64_t price_scaled() const;  ///< times 10^4
};

}  // namespace acumatica_sim
