#include "schema.hpp"

#include <algorithm>
#include <array>

namespace acumatica_sim {
namespace {

template <std::size_t N>
struct Text {
  char value[N]{};
  constexpr Text(const char (&text)[N]) { std::copy_n(text, N, value); }
};

/// The same value on every item.
template <Text text>
Cell always(const Seeded&) {
  return std::string(text.value);
}

Cell empty(const Seeded&) { return std::nullopt; }

template <auto member>
Cell from(const Seeded& item) {
  return Cell((item.*member)());
}

Cell text_of(std::string_view text) { return std::string(text); }

Cell modified(const Seeded& item) { return offset_text(item.last_modified(), item.options->utc_offset_minutes); }

std::vector<FieldSpec> make_fields() {
  using enum Kind;
  return {
      // in the order of enum Field
      {"InventoryID", text, 20, from<&Seeded::key>},
      {"Description", text, 20, from<&Seeded::description>},
      {"ItemClass", text, 20, [](const Seeded& item) { return text_of(item.item_class()); }},
      {"ItemStatus", text, 20, [](const Seeded& item) { return text_of(item.item_status()); }},
      {"TemplateItemID", text, 22, from<&Seeded::template_id>},
      {"LastModified", datetime, 20, modified, true},
      {"LastModifiedDateTime", datetime, 24, modified, true},
      {"NoteID", guid, 22, from<&Seeded::guid>, true},

      {"ABCCode", text, 20, empty},
      {"AutoIncrementalValue", text, 20, empty},
      {"Availability", text, 22, always<"Store Default">},
      {"AverageCost", decimal, 20, always<"0.000000">},
      {"BaseUOM", text, 20, always<"EACH">},
      {"COGSAccount", text, 20, always<"50000">},
      {"COGSSubaccount", text, 20, always<"000000">},
      {"Content", text, 20, from<&Seeded::content>},
      {"CountryOfOrigin", text, 22, [](const Seeded& item) { return item.index % 3 == 0 ? Cell("DE") : Cell(); }},
      {"CurrentStdCost", decimal, 20, always<"0.000000">},
      {"CurySpecificMSRP", decimal, 22, from<&Seeded::msrp>},
      {"CurySpecificPrice", decimal, 22, from<&Seeded::default_price>},
      {"CustomURL", text, 22, empty},
      {"DefaultIssueLocationID", text, 20, always<"R1S1">},
      {"DefaultPrice", decimal, 20, from<&Seeded::default_price>},
      {"DefaultReceiptLocationID", text, 20, always<"RECEIVING">},
      {"DefaultSubitem", text, 20, empty},
      {"DefaultWarehouseID", text, 20, always<"MAIN">},
      {"DimensionVolume", decimal, 20, always<"0.000000">},
      {"DimensionWeight", decimal, 20, from<&Seeded::weight>},
      {"ExportToExternal", boolean, 22, always<"true">},
      {"ImageUrl", text, 20, empty},
      {"InventoryAccount", text, 20, always<"12100">},
      {"InventorySubaccount", text, 20, always<"000000">},
      {"IsAKit", boolean, 20, [](const Seeded& item) { return text_of(item.index % 50 == 9 ? "true" : "false"); }},
      {"ItemType", text, 20, always<"Finished Good">},
      {"LastCost", decimal, 20, always<"0.000000">},
      {"LastStdCost", decimal, 20, always<"0.000000">},
      {"LotSerialClass", text, 20, always<"NOTTRACKED">},
      {"MSRP", decimal, 20, from<&Seeded::msrp>},
      {"Markup", decimal, 20, always<"0.000000">},
      {"MaxCost", decimal, 20, always<"0.000000">},
      {"MetaDescription", text, 22, empty},
      {"MetaKeywords", text, 22, empty},
      {"MinCost", decimal, 20, always<"0.000000">},
      {"MinMarkup", decimal, 20, always<"0.000000">},
      {"NotAvailable", text, 22, always<"Store Default">},
      {"POAccrualAccount", text, 20, always<"20100">},
      {"POAccrualSubaccount", text, 20, always<"000000">},
      {"PackSeparately", boolean, 20, always<"false">},
      {"PackagingOption", text, 20, always<"Manual">},
      {"PageTitle", text, 22, empty},
      {"PendingStdCost", decimal, 20, always<"0.000000">},
      {"PostingClass", text, 20, always<"STOCK">},
      {"PriceClass", text, 20, empty},
      {"PriceManager", text, 20, empty},
      {"ProductManager", text, 20, empty},
      {"PurchaseUOM", text, 20, always<"EACH">},
      {"SalesAccount", text, 20, always<"40000">},
      {"SalesSubaccount", text, 20, always<"000000">},
      {"SalesUOM", text, 20, [](const Seeded& item) { return text_of(item.sold_by_box() ? "BOX" : "EACH"); }},
      {"SearchKeywords", text, 22, empty},
      {"SubjectToCommission", boolean, 20, always<"false">},
      {"TariffCode", text, 22, [](const Seeded& item) { return item.index % 4 == 0 ? Cell("8504.40") : Cell(); }},
      {"TaxCategory", text, 20, always<"TAXABLE">},
      {"UseOnEntry", boolean, 20, always<"false">},
      {"ValuationMethod", text, 20, always<"Average">},
      {"Visibility", text, 22, always<"Store Default">},
      {"VolumeUOM", text, 20, always<"LITER">},
      {"WeightUOM", text, 20, [](const Seeded& item) { return text_of(item.index % 5 == 0 ? "LB" : "KG"); }},
  };
}

std::vector<DetailSpec> make_details() {
  using enum Kind;
  return {
      // in the order of enum Detail
      {"Attributes",
       20,
       {{"AttributeID", text, 20, true},
        {"AttributeDescription"},
        {"IsActive", boolean, 24},
        {"RefNoteID", guid},
        {"Required", boolean},
        {"Value"},
        {"ValueDescription"}},
       &Seeded::attributes},
      {"CrossReferences",
       20,
       {{"AlternateID", text, 20, true},
        {"AlternateType", text, 20, true},
        {"Description"},
        {"Subitem"},
        {"VendorOrCustomer", text, 20, true},
        {"UOM", text, 22, true}},
       &Seeded::cross_references},

      {"Boxes", 20, {{"BoxID", text, 20, true}, {"Description"}, {"Qty", decimal}, {"UOM"}}, &Seeded::none},
      {"Categories", 20, {{"CategoryID", integer, 20, true}}, &Seeded::categories},
      {"FileURLs", 22, {{"FileType"}, {"FileURL", text, 22, true}, {"NoteID", guid}}, &Seeded::file_urls},
      {"ReplenishmentParameters", 20, {{"ReplenishmentClass", text, 20, true}}, &Seeded::none},
      {"UOMConversions",
       20,
       {{"FromUOM", text, 20, true}, {"MultiplyOrDivide"}, {"ConversionFactor", decimal}, {"ToUOM", text, 20, true}},
       &Seeded::uom_conversions},
      {"VendorDetails",
       20,
       {{"VendorID", text, 20, true},
        {"VendorName"},
        {"Default", boolean},
        {"Active", boolean},
        {"LastVendorPrice", decimal}},
       &Seeded::vendors},
      {"WarehouseDetails",
       20,
       {{"WarehouseID", text, 20, true},
        {"QtyOnHand", decimal},
        {"IsDefault", boolean},
        {"Status"},
        {"DefaultIssueLocationID"},
        {"DefaultReceiptLocationID"}},
       &Seeded::warehouses},
  };
}

template <class Specs>
std::optional<std::size_t> position(const Specs& specs, std::string_view name, int release) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].name == name && specs[i].since <= release) return i;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<FieldSpec>& stock_item_fields() {
  static const std::vector<FieldSpec> kFields = make_fields();
  return kFields;
}

const std::vector<DetailSpec>& stock_item_details() {
  static const std::vector<DetailSpec> kDetails = make_details();
  return kDetails;
}

std::optional<std::size_t> find_field(std::string_view name, int release) {
  return position(stock_item_fields(), name, release);
}

std::optional<std::size_t> find_detail(std::string_view name, int release) {
  return position(stock_item_details(), name, release);
}

std::optional<std::size_t> find_column(const DetailSpec& detail, std::string_view name, int release) {
  return position(detail.columns, name, release);
}

bool is_item_status(std::string_view label) {
  constexpr std::array<std::string_view, 6> kLabels{"Active",     "No Sales", "No Purchases",
                                                    "No Request", "Inactive", "Marked for Deletion"};
  return std::find(kLabels.begin(), kLabels.end(), label) != kLabels.end();
}

const std::vector<CustomSpec>& stock_item_custom_fields() {
  static const std::vector<CustomSpec> kCustom{
      {"ItemSettings.UsrActiveOnRithum", "CustomBooleanField", from<&Seeded::active_on_rithum>},
      {"ItemSettings.UsrRithumProductID", "CustomStringField", empty},
  };
  return kCustom;
}

}  // namespace acumatica_sim
