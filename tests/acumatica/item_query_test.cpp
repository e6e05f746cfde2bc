#include "acumatica/item_query.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;

namespace {
const std::string kEntity = "https://erp/entity/Default/24.200.001/StockItem";
}

TEST_CASE("a list asks for what the mapping needs and nothing else") {
  catalog::Needs needs;
  needs.fields = {"Description", "InventoryID", "DefaultPrice", "Description"};
  needs.custom_fields = {"ItemSettings.UsrActive", "ItemSettings.UsrActive"};
  needs.attributes = true;
  needs.cross_references = true;
  const ItemQuery query(kEntity, needs);
  CHECK(query.list({"InventoryID gt 'A+'", 500, 20}, {}) ==
        kEntity +
            "?$select=InventoryID%2CDescription%2CDefaultPrice%2CAttributes%2FAttributeID%2CAttributes%2FValue%2C"
            "Attributes%2FValueDescription%2CCrossReferences%2FAlternateType%2CCrossReferences%2FAlternateID%"
            "2CCrossReferences%2FUOM"
            "&$expand=Attributes%2CCrossReferences&$custom=ItemSettings.UsrActive"
            "&$filter=InventoryID%20gt%20%27A%2B%27&$top=500&$skip=20");
  CHECK(query.list({"", 5, 0}, {true, false}) == kEntity + "?$select=InventoryID&$top=5");
  CHECK(query.list({"", 5, 0}, {false, false}) == kEntity + "?$top=5");
}

TEST_CASE("details that the mapping reads are expanded with the columns it reads") {
  catalog::Needs needs;
  needs.details = {{"FileURLs", {"FileURL", "FileType"}}, {"Categories", {"CategoryID"}}};
  CHECK(ItemQuery(kEntity, needs).list({"", 5, 0}, {}) ==
        kEntity +
            "?$select=InventoryID%2CCategories%2FCategoryID%2CFileURLs%2FFileType%2CFileURLs%2FFileURL"
            "&$expand=Categories%2CFileURLs&$top=5");
}

TEST_CASE("other languages are asked for where the mapping reads them and the entity has the field") {
  catalog::Needs needs;
  needs.fields = {"Description", "ImageUrl"};
  needs.translations = {"Description"};
  CHECK(ItemQuery(kEntity, needs).list({"", 5, 0}, {}) ==
        kEntity + "?$select=InventoryID%2CDescription%2CImageUrl&$expand=Translations&$top=5");
  needs.translations = {"ImageUrl"};
  CHECK(ItemQuery(kEntity, needs, template_item()).by_key("T", true) ==
        kEntity + "/T?$select=InventoryID%2CDescription%2CMatrix%2FInventoryID&$expand=Matrix");
}

TEST_CASE("a key in the path is encoded") {
  CHECK(ItemQuery(kEntity, {}).by_key("A B'\xC3\xA9", true) == kEntity + "/A%20B%27%C3%A9?$select=InventoryID");
}

TEST_CASE("keys that servers refuse in a path are known") {
  CHECK(fits_a_path("AALEGO 500'x-1_é"));
  CHECK_FALSE(fits_a_path(GENERATE("A/B", "A\\B", "100%", "A&B", "A*", "A:B", "A?", "A#1", "A+B", "<A>", ".", "..")));
}
