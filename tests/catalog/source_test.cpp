#include "catalog/source.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

namespace {

Item referenced_radio() {
  Item item;
  item.inventory_id = "RADIO";
  item.fields = {{"Description", "A radio"}, {"Content", "  \n"}, {"DefaultPrice", "0"}, {"SalesUOM", "BOX"}};
  item.custom_fields = {{"ItemSettings.UsrBrand", "Sona"}};
  item.attributes = {{"COLOR ", "RED", "Bright red"}, {"Size", "1", ""}};
  item.cross_references = {{"Global", "G-1", ""},
                           {"Barcode", " ", ""},
                           {"Barcode", "4006381333931", "EA"},
                           {"Barcode", "4006381333948", "BOX"}};
  item.translations["Description"] = {{"FR", "Une radio"}, {"de", " "}};
  item.custom_fields["Item.DescrTranslations"] = "[{en:A radio},{fr:Une radio {verte},{jolie}},{es:}]";
  item.details["VendorDetails"] = {{{"VendorID", "ACME"}, {"Default", "false"}},
                                   {{"VendorID", ""}, {"Default", "true"}},
                                   {{"VendorID", "SONA"}, {"Default", "true"}, {"PurchaseUnit", "BOX"}}};
  return item;
}

std::string read(std::string_view source) {
  const Item item = referenced_radio();
  const Source parsed = parse_source(source).value();
  return std::string(view(parsed, item));
}

}  // namespace

TEST_CASE("every form of a source is read and written back") {
  const std::string text =
      GENERATE("field:Description", "custom:ItemSettings.UsrActiveOnRithum", "attribute:BRAND", "attribute:BRAND.label",
               "cross_reference:Barcode", "cross_reference:GTIN/EAN/UPC/ISBN", "cross_reference:Barcode@EACH",
               "cross_reference:Barcode@", "cross_reference:Barcode@field:SalesUOM", "detail:FileURLs.FileURL",
               "detail:VendorDetails[Default=true, Active=true].VendorID",
               "detail:UOMConversions[FromUOM=field:SalesUOM].ConversionFactor", "row:QtyOnHand", "translation:Description@fr",
               "translation:Item.DescrTranslations@pt-BR", "constant:New",
               "constant: a:b ");
  CAPTURE(text);
  const auto source = parse_source(text);
  REQUIRE(source);
  CHECK(to_text(*source) == text);
}

TEST_CASE("blanks around the parts of a source do not count") {
  CHECK(to_text(parse_source(" field : Description ").value()) == "field:Description");
  CHECK(to_text(parse_source("attribute: BRAND .label").value()) == "attribute:BRAND.label");
}

TEST_CASE("a source gives the item's text as it was received") {
  CHECK(read("field:Description") == "A radio");
  CHECK(read("field:InventoryID") == "RADIO");
  CHECK(read("field:DefaultPrice") == "0");
  CHECK(read("field:description").empty());
  CHECK(read("field:Missing").empty());
  CHECK(read("custom:ItemSettings.UsrBrand") == "Sona");
  CHECK(read("custom:ItemSettings.Other").empty());
  CHECK(read("attribute:color") == "RED");
  CHECK(read("attribute:Color.label") == "Bright red");
  CHECK(read("attribute:SIZE.label").empty());
  CHECK(read("attribute:WEIGHT").empty());
  CHECK(read("cross_reference:barcode") == "4006381333931");
  CHECK(read("cross_reference:Vendor Part Number").empty());
  CHECK(read("constant:New") == "New");
}

TEST_CASE("an alternate ID may be asked for by its unit") {
  CHECK(read("cross_reference:Barcode@EA") == "4006381333931");
  CHECK(read("cross_reference:Barcode@box") == "4006381333948");
  CHECK(read("cross_reference:Barcode@field:SalesUOM") == "4006381333948");
  CHECK(read("cross_reference:Global@") == "G-1");
  CHECK(read("cross_reference:Barcode@PALLET").empty());
}

TEST_CASE("a multilingual field is read in the language that is asked for") {
  CHECK(read("translation:Description@fr") == "Une radio");
  CHECK(read("translation: Description @ Fr ") == "Une radio");
  CHECK(read("translation:Description@de").empty());
  CHECK(read("translation:Description@es").empty());
  CHECK(read("translation:Content@fr").empty());
}

TEST_CASE("a custom field that holds all languages is read in the one that is asked for") {
  CHECK(read("translation:Item.DescrTranslations@en") == "A radio");
  CHECK(read("translation:Item.DescrTranslations@FR") == "Une radio {verte},{jolie}");
  CHECK(read("translation:Item.DescrTranslations@es").empty());
  CHECK(read("translation:Item.DescrTranslations@de").empty());
  CHECK(read("translation:Item.BodyTranslations@fr").empty());
  CHECK(read("translation:ItemSettings.UsrBrand@fr").empty());
}

TEST_CASE("a translation needs its field and its languages, or the custom field that holds them") {
  Needs needs;
  add_needs(parse_source("translation:Description@fr").value(), needs);
  add_needs(parse_source("translation:Item.BodyTranslations@fr").value(), needs);
  CHECK(needs.fields == std::vector<std::string>{"Description"});
  CHECK(needs.translations == std::set<std::string, std::less<>>{"Description"});
  CHECK(needs.custom_fields == std::vector<std::string>{"Item.BodyTranslations"});
}

TEST_CASE("a detail gives the column of the first row that holds what is asked") {
  CHECK(read("detail:VendorDetails.VendorID") == "ACME");
  CHECK(read("detail:VendorDetails[Default=True].VendorID") == "SONA");
  CHECK(read("detail:VendorDetails[Default=true, PurchaseUnit=field:SalesUOM].VendorID") == "SONA");
  CHECK(read("detail:VendorDetails[Default=false, PurchaseUnit=BOX].VendorID").empty());
  CHECK(read("detail:VendorDetails[PurchaseUnit=].VendorID") == "ACME");
  CHECK(read("detail:FileURLs.FileURL").empty());
}

TEST_CASE("where several texts are wanted, details and alternate IDs give all of theirs") {
  const auto texts = [](std::string_view source) {
    std::vector<std::string> found;
    for_each_text(parse_source(source).value(), Scope(referenced_radio()), [&](std::string_view text) { found.emplace_back(text); });
    return found;
  };
  CHECK(texts("detail:VendorDetails.VendorID") == std::vector<std::string>{"ACME", "SONA"});
  CHECK(texts("cross_reference:Barcode") == std::vector<std::string>{"4006381333931", "4006381333948"});
  CHECK(texts("field:Description") == std::vector<std::string>{"A radio"});
  CHECK(texts("field:Content").empty());
}

TEST_CASE("a source needs its detail, the columns it reads and the fields it compares with") {
  Needs needs;
  add_needs(parse_source("detail:UOMConversions[FromUOM=field:SalesUOM].ConversionFactor").value(), needs);
  add_needs(parse_source("detail:UOMConversions.ToUOM").value(), needs);
  add_needs(parse_source("cross_reference:Barcode@field:BaseUOM").value(), needs);
  CHECK(needs.fields == std::vector<std::string>{"SalesUOM", "BaseUOM"});
  CHECK(needs.cross_references);
  REQUIRE(needs.details.size() == 1);
  CHECK(needs.details["UOMConversions"] == std::set<std::string>{"ConversionFactor", "FromUOM", "ToUOM"});
}

TEST_CASE("where the rows of a detail are walked, a source reads the row at hand") {
  const Item item = referenced_radio();
  const Source column = parse_source("row:VendorID").value();
  CHECK(view(column, {item, &item.detail("VendorDetails")[2]}) == "SONA");
  CHECK(view(column, item).empty());
}

TEST_CASE("a malformed source is refused with the forms and what was probably meant") {
  const auto [text, hint] = GENERATE(table<std::string, std::string>({
      {"Description", "Did you mean \"field:Description\"?"},
      {"feild:Description", "Did you mean \"field:Description\"?"},
      {"Field:Description", "Did you mean \"field:Description\"?"},
      {"attr:BRAND", "Did you mean \"attribute:BRAND\"?"},
      {"attributes:BRAND", "Did you mean \"attribute:BRAND\"?"},
      {"custom_field:A.B", "Did you mean \"custom:A.B\"?"},
      {"crossreference:Barcode", "Did you mean \"cross_reference:Barcode\"?"},
      {"cross-reference:Barcode", "Did you mean \"cross_reference:Barcode\"?"},
      {"const:New", "Did you mean \"constant:New\"?"},
      {"field:", "Did you mean \"field:Description\"?"},
      {"constant:", "Did you mean \"constant:New\"?"},
      {"custom:UsrActive", "custom:ItemSettings.UsrActiveOnRithum"},
      {"attribute:.label", "attribute:BRAND.label"},
      {"cross_reference:@EACH", "cross_reference:Barcode@EACH"},
      {"translation:Description", "translation:Description@fr"},
      {"translation:@fr", "translation:Description@fr"},
      {"translation:Description@1", "translation:Description@fr"},
      {"translations:Description@fr", "Did you mean \"translation:Description@fr\"?"},
      {"detail:FileURLs", "detail:FileURLs.FileURL"},
      {"detail:FileURLs[FileType].FileURL", "[Default=true]"},
      {"detail:FileURLs[A=1.FileURL", "VendorDetails[Default=true]"},
      {"detail:Attributes.Value", "attribute:ID"},
      {"detail:X[A=field:].B", "field:SalesUOM"},
      {"", "The forms are field:Description,"},
      {"sql:select 1", "The forms are field:Description,"},
  }));
  CAPTURE(text);
  const auto source = parse_source(text);
  REQUIRE_FALSE(source);
  CHECK(source.error().code == "source.malformed");
  CHECK_THAT(source.error().text(), ContainsSubstring(hint));
}

TEST_CASE("nothing is suggested when nothing is near") {
  CHECK_THAT(parse_source("sql:select 1").error().text(), !ContainsSubstring("Did you mean"));
}
