#include "item_fields.hpp"

namespace acumatica_sim {

DetailSpec attribute_values() {
  using enum Kind;
  return {"Attributes",
          20,
          {{"AttributeID", text, 20, true},
           {"AttributeDescription"},
           {"IsActive", boolean, 24},
           {"RefNoteID", guid},
           {"Required", boolean},
           {"Value"},
           {"ValueDescription"}},
          item_rows<&GeneratedItem::attributes>};
}

DetailSpec cross_references() {
  using enum Kind;
  return {"CrossReferences",
          20,
          {{"AlternateID", text, 20, true},
           {"AlternateType", text, 20, true},
           {"Description"},
           {"Subitem"},
           {"VendorOrCustomer", text, 20, true},
           {"UOM", text, 22, true}},
          item_rows<&GeneratedItem::cross_references>};
}

DetailSpec categories(std::string_view name) {
  return {name, 20, {{"CategoryID", Kind::integer, 20, true}}, item_rows<&GeneratedItem::categories>};
}

DetailSpec file_urls(std::string_view name) {
  using enum Kind;
  return {
      name, 22, {{"FileType"}, {"FileURL", text, 22, true}, {"NoteID", guid}}, item_rows<&GeneratedItem::file_urls>};
}

std::vector<CustomSpec> item_custom_fields() {
  return {
      {"ItemSettings.UsrActiveOnRithum", "CustomBooleanField", item_cell<&GeneratedItem::active_on_rithum>},
      {"ItemSettings.UsrRithumProductID", "CustomStringField", empty},
  };
}

}  // namespace acumatica_sim
