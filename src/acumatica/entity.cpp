#include "acumatica/entity.hpp"

#include <algorithm>
#include <array>

namespace product_sync::acumatica {
namespace {

using catalog::ItemEntity;

constexpr std::array<std::string_view, 1> kInventoryId{"InventoryID"};
constexpr std::array<std::string_view, 2> kKitKeys{"KitInventoryID", "RevisionID"};

constexpr std::array<Entity::Spelling, 4> kNonStockSpellings{{{"BaseUOM", "BaseUnit"},
                                                              {"SalesUOM", "SalesUnit"},
                                                              {"PurchaseUOM", "PurchaseUnit"},
                                                              {"FileURLs", "FileUrls"}}};

// acumatica.md §3.7
constexpr std::string_view kNonStockMembers[] = {
    "Attributes",       "BaseUnit",        "Categories",           "Content",          "CrossReferences",
    "CurrentCost",      "CurrentStdCost",  "CurySpecificMSRP",     "CurySpecificPrice", "CustomURL",
    "DefaultPrice",     "Description",     "DimensionWeight",      "EffectiveDate",    "ExportToExternal",
    "FileUrls",         "InventoryID",     "IsAKit",               "IsKit",            "ItemClass",
    "ItemStatus",       "ItemType",        "LastCost",             "LastModifiedDateTime", "MetaDescription",
    "MetaKeywords",     "MSRP",            "NoteID",               "PageTitle",        "PostingClass",
    "PriceClass",       "PurchaseUnit",    "RequireReceipt",       "RequireShipment",  "SalesCategories",
    "SalesUnit",        "SearchKeywords",  "TaxCategory",          "TemplateItemID",   "VendorDetails",
    "Visibility",       "Availability",    "Volume",               "VolumeUOM",        "Weight",
    "WeightUOM"};

// acumatica.md §3.6
constexpr std::string_view kTemplateMembers[] = {
    "InventoryID",  "Description",     "ItemClass",         "ItemStatus",       "BaseUOM",
    "SalesUOM",     "WeightUOM",       "TaxCategory",       "Content",          "Availability",
    "Visibility",   "NotAvailable",    "CustomURL",         "PageTitle",        "MetaDescription",
    "MetaKeywords", "SearchKeywords",  "DefaultIssueLocationID", "DefaultPrice", "MSRP",
    "CurySpecificPrice", "CurySpecificMSRP", "CurrentStdCost", "DimensionWeight", "IsStockItem",
    "ExportToExternal", "RequireShipment", "LastModified",   "LastModifiedDateTime", "Attributes",
    "Categories",   "FileURLs",        "Matrix",            "VendorDetails"};

constexpr Entity kStockItem{"StockItem", "stock items", "Stock Items (IN202500)", {}, kInventoryId};
constexpr Entity kNonStockItem{"NonStockItem",       "non-stock items",  "Non-Stock Items (IN202000)",
                               {},                   kInventoryId,       ItemEntity::non_stock_item,
                               kNonStockSpellings,   kNonStockMembers};
constexpr Entity kTemplateItem{"TemplateItems", "template items",          "Template Items (IN203000)",
                               "Matrix Items",  kInventoryId,              ItemEntity::template_item,
                               {},              kTemplateMembers};
constexpr Entity kKitSpecification{"KitSpecification", "kit specifications", "Kit Specifications (IN209500)",
                                   "Kit Assembly", kKitKeys};

}  // namespace

std::optional<std::string_view> Entity::own_name(std::string_view stock_item_name) const {
  const auto spelled = std::ranges::find(spellings, stock_item_name, &Spelling::stock_item);
  const auto own = spelled == spellings.end() ? stock_item_name : spelled->own;
  if (members.empty() || std::ranges::find(members, own) != members.end()) return own;
  return std::nullopt;
}

std::string_view Entity::catalogue_name(std::string_view own) const {
  const auto spelled = std::ranges::find(spellings, own, &Spelling::own);
  return spelled == spellings.end() ? own : spelled->stock_item;
}

catalog::Needs Entity::own_needs(const catalog::Needs& needs) const {
  catalog::Needs own;
  own.custom_fields = needs.custom_fields;
  for (const auto& field : needs.fields) {
    if (const auto its_name = own_name(field)) own.add_field(*its_name);
  }
  for (const auto& field : needs.translations) {
    if (const auto its_name = own_name(field)) own.translations.emplace(*its_name);
  }
  own.attributes = needs.attributes && own_name("Attributes");
  own.cross_references = needs.cross_references && own_name("CrossReferences");
  for (const auto& [detail, columns] : needs.details) {
    if (const auto its_name = own_name(detail)) own.details.emplace(*its_name, columns);
  }
  if (items == ItemEntity::template_item) own.details["Matrix"].insert("InventoryID");
  return own;
}

const Entity& stock_item() { return kStockItem; }
const Entity& non_stock_item() { return kNonStockItem; }
const Entity& template_item() { return kTemplateItem; }
const Entity& kit_specification() { return kKitSpecification; }

catalog::Needs kit_specification_needs() {
  catalog::Needs needs;
  needs.fields = {"KitInventoryID", "RevisionID", "Active", "LastModifiedDateTime"};
  needs.details = {{"StockComponents", {"StockInventoryID", "UOM", "ComponentQty"}},
                   {"NonStockComponents", {"NonStockInventoryID", "UOM", "ComponentQty"}}};
  return needs;
}

std::vector<std::string> key_parts(std::string_view key) {
  std::vector<std::string> parts;
  while (true) {
    const auto joint = key.find(kKeyJoint);
    parts.emplace_back(key.substr(0, joint));
    if (joint == std::string_view::npos) return parts;
    key.remove_prefix(joint + 1);
  }
}

}  // namespace product_sync::acumatica
