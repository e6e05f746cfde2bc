#include "catalog/product.hpp"

#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync::catalog;
using samples::attribute;
using samples::column;
using samples::item;

namespace {

Mapping titled() { return samples::mapping({column("Auction Title", "field:Description")}); }

std::vector<std::string> codes(const Parked& parked) {
  std::vector<std::string> found;
  for (const Reason& reason : parked.reasons) found.push_back(reason.code);
  return found;
}

}  // namespace

TEST_CASE("a SKU is the trimmed inventory ID, compared without case") {
  const Sku sku = Sku::parse(" AaLego500  ").value();
  CHECK(sku.text() == "AaLego500");
  CHECK(sku.key() == "aalego500");
  CHECK(sku == Sku::parse("AALEGO500").value());
  CHECK_FALSE(sku == Sku::parse("AALEGO501").value());
  CHECK(Sku::parse("A B").value().text() == "A B");
  CHECK(Sku::parse(std::string(50, 'x')));
}

TEST_CASE("what cannot be a SKU is refused") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"", "sku.empty"},
      {"   ", "sku.empty"},
      {std::string(51, 'x'), "sku.too_long"},
      {"A\tB", "sku.characters"},
      {"A\xFF", "sku.characters"},
      {"\"A\"", "sku.characters"},
      {"_DELETE_", "sku.characters"},
  }));
  CAPTURE(text);
  CHECK(Sku::parse(text).error().code == code);
}

TEST_CASE("a ticked item of a mapped class becomes a product with a text for each mapping") {
  Item radio = item("RADIO-1");
  radio.fields["DefaultPrice"] = "12.5000";
  radio.fields["Content"] = "<p>FM\nand AM</p>";
  radio.fields["DimensionWeight"] = "0.250000";
  radio.attributes = {{"BRAND", "SONA", "Sona"}, {"COLOR", "RED", "Bright red"}};
  radio.cross_references = {{"Barcode", "4006381333931", "EA"}};
  const auto mapping = samples::mapping(
      {column("Auction Title", "field:Description"), column("Description", "field:Content"),
       column("Buy It Now Price", "field:DefaultPrice"), column("Weight", "field:DimensionWeight"),
       column("UPC", "cross_reference:Barcode"), column("Brand", "attribute:BRAND.label"),
       column("Condition", "constant:new"), attribute("Colour", "attribute:COLOR"), column("MPN", "field:Missing")});

  const auto decision = decide(radio, mapping);
  REQUIRE(std::holds_alternative<Product>(decision));
  const Product& product = std::get<Product>(decision);
  CHECK(product.sku.text() == "RADIO-1");
  CHECK(product.classification == "Electronics");
  TextMap values;
  for (std::size_t i = 0; i < mapping.values.size(); ++i) values[mapping.values[i].key()] = product.values[i];
  CHECK(values == TextMap{{"Auction Title", "Radio"},
                          {"Description", "<p>FM and AM</p>"},
                          {"Buy It Now Price", "12.50"},
                          {"Weight", "0.25"},
                          {"UPC", "4006381333931"},
                          {"Brand", "Sona"},
                          {"Condition", "New"},
                          {"MPN", ""},
                          {"attribute:Colour", "RED"}});
}

TEST_CASE("an item that the site's rules leave out is not exported, and the reason says why") {
  Item radio = item("RADIO-1");
  std::string code;
  std::string text;
  SECTION("its class is not mapped") {
    radio.fields["ItemClass"] = "TOYS ";
    code = "class.unmapped";
    text =
        "Item \"RADIO-1\" is not exported because item class \"TOYS\" is not mapped to a Rithum classification: add it "
        "under mapping.classifications.";
  }
  SECTION("it has no class") {
    radio.fields.erase("ItemClass");
    code = "class.unmapped";
    text = "has no item class";
  }
  SECTION("its box is not ticked") {
    radio.custom_fields["ItemSettings.UsrActiveOnRithum"] = "False";
    code = "box.not_ticked";
    text = "box is not ticked (it holds \"False\")";
  }
  SECTION("its box is empty") {
    radio.custom_fields.clear();
    code = "box.not_ticked";
    text = "box is not ticked (it is empty)";
  }
  SECTION("its box holds something else") {
    radio.custom_fields["ItemSettings.UsrActiveOnRithum"] = "perhaps";
    code = "box.not_ticked";
    text = "\"perhaps\"";
  }
  SECTION("it is a kit") {
    radio.fields["IsAKit"] = "true";
    code = "kind.kit";
    text = "is a kit, and kits are not exported";
  }
  SECTION("it is a variation") {
    radio.fields["TemplateItemID"] = "RADIOS";
    code = "kind.variation_child";
    text = "is a variation of template \"RADIOS\", and variations are not exported";
  }
  SECTION("what would be wrong with its values does not matter then") {
    radio.fields["Description"] = std::string(500, 'x');
    radio.inventory_id = std::string(51, 'x');
    radio.fields["ItemClass"] = "TOYS";
    code = "class.unmapped";
    text = "TOYS";
  }
  const auto decision = decide(radio, titled());
  REQUIRE(std::holds_alternative<NotExported>(decision));
  CHECK(std::get<NotExported>(decision).reason.code == code);
  CHECK_THAT(std::get<NotExported>(decision).reason.text, ContainsSubstring(text));
}

TEST_CASE("the box may be an attribute or a native field, in Acumatica's spellings") {
  auto mapping = titled();
  Item radio = item("R");
  radio.custom_fields.clear();
  SECTION("a check box attribute") {
    mapping.conditions.active = samples::sources("attribute:RITHUM");
    radio.attributes = {{"RITHUM", GENERATE("1", "True", "true", "Yes"), ""}};
  }
  SECTION("a native field") {
    mapping.conditions.active = samples::sources("field:ExportToExternal");
    radio.fields["ExportToExternal"] = "true";
  }
  CHECK(std::holds_alternative<Product>(decide(radio, mapping)));
}

TEST_CASE("padded classes and keys are the same class and key") {
  Item radio = item("RADIO-1   ");
  radio.fields["ItemClass"] = "ELEC      ";
  radio.fields["TemplateItemID"] = "   ";
  const auto decision = decide(radio, titled());
  REQUIRE(std::holds_alternative<Product>(decision));
  CHECK(std::get<Product>(decision).sku.text() == "RADIO-1");
}

TEST_CASE("every violation of an item is reported, with item, column, value, limit and remedy") {
  Item radio = item("RADIO-1");
  radio.fields["Description"] = std::string(130, 'x');
  radio.fields["DefaultPrice"] = "abc";
  radio.attributes = {{"COLOR", "_Delete_", ""}};
  const auto mapping =
      samples::mapping({column("Auction Title", "field:Description"), column("Buy It Now Price", "field:DefaultPrice"),
                        attribute("Colour", "attribute:COLOR")});
  const auto decision = decide(radio, mapping);
  REQUIRE(std::holds_alternative<Parked>(decision));
  const auto& parked = std::get<Parked>(decision);
  CHECK(codes(parked) == std::vector<std::string>{"value.too_long", "value.not_a_number", "value.reserved"});
  CHECK(parked.reasons[0].text == "Item \"RADIO-1\", column \"Auction Title\": \"" + std::string(60, 'x') +
                                      "…\" has 130 characters; Rithum takes at most 120. Shorten it in Acumatica, or "
                                      "map a shorter field.");
  CHECK_THAT(parked.reasons[2].text, ContainsSubstring("attribute \"Colour\": \"_Delete_\""));
}

TEST_CASE("a bad SKU parks the item together with its other faults") {
  Item radio = item(std::string(51, 'x'));
  radio.fields["Description"] = std::string(130, 'x');
  CHECK(codes(std::get<Parked>(decide(radio, titled()))) == std::vector<std::string>{"sku.too_long", "value.too_long"});
}

TEST_CASE("a product without title is parked only where the title is mapped") {
  Item radio = item("R");
  radio.fields["Description"] = " \t";
  CHECK(codes(std::get<Parked>(decide(radio, titled()))) == std::vector<std::string>{"title.missing"});
  CHECK(std::holds_alternative<Product>(decide(radio, samples::mapping({column("Brand", "field:B")}))));
}

TEST_CASE("a description that an editor left empty gives way to the next source") {
  Item radio = item("R");
  radio.fields["Content"] = "<html><body><p class=\"richp\"><br></p></body></html>";
  auto mapping = samples::mapping({column("Description", "field:Content")});
  CHECK(samples::product(radio, mapping).values == std::vector<std::string>{""});
  mapping.values[0].sources.push_back(samples::sources("field:Description").front());
  CHECK(samples::product(radio, mapping).values == std::vector<std::string>{"Radio"});
}

TEST_CASE("a source that is refused is not passed over") {
  Item radio = item("R");
  radio.fields["Price"] = "abc";
  auto mapping = samples::mapping({column("Buy It Now Price", "field:Price")});
  mapping.values[0].sources.push_back(samples::sources("constant:1").front());
  CHECK(codes(std::get<Parked>(decide(radio, mapping))) == std::vector<std::string>{"value.not_a_number"});
}

TEST_CASE("a quantity whose type is empty on the item is parked") {
  Item radio = item("R");
  radio.fields["Q"] = "5";
  const auto mapping =
      samples::mapping({column("Quantity", "field:Q"), column("Quantity Update Type", "attribute:QTYPE")});
  CHECK(codes(std::get<Parked>(decide(radio, mapping))) == std::vector<std::string>{"quantity.no_type"});
  radio.fields["Q"] = "";
  CHECK(std::holds_alternative<Product>(decide(radio, mapping)));
}

TEST_CASE("a type of quantities says nothing where the item has no quantity") {
  Item radio = item("R");
  const auto mapping = samples::mapping({column("DC Quantity", "attribute:DCS"),
                                         column("DC Quantity Update Type", "constant:completedclist")});
  CHECK(samples::product(radio, mapping).values == std::vector<std::string>{"", ""});
  radio.attributes = {{"DCS", "DC1=3", ""}};
  CHECK(samples::product(radio, mapping).values == std::vector<std::string>{"DC1=3", "completedclist"});
}

TEST_CASE("a value that a policy drops is left out, noted, and the product is sent") {
  Item radio = item("R");
  radio.fields["Price"] = "abc";
  auto mapping =
      samples::mapping({column("Auction Title", "field:Description"), column("Retail Price", "field:Price")});
  mapping.policies = {{"not_a_number", Policy::drop}};
  const auto product = samples::product(radio, mapping);
  CHECK(product.values == std::vector<std::string>{"Radio", ""});
  CHECK(product.left_out == std::vector<std::size_t>{1});
  REQUIRE(product.notes.size() == 1);
  CHECK(product.notes[0].code == "value.not_a_number");
  CHECK_THAT(product.notes[0].text, ContainsSubstring("Item \"R\", column \"Retail Price\""));
}

TEST_CASE("a classification that Rithum is not known to have parks the item") {
  auto mapping = titled();
  mapping.references.classifications = {"Toys"};
  CHECK(codes(std::get<Parked>(decide(item("R"), mapping))) == std::vector<std::string>{"classification.unknown"});
  mapping.references.classifications = {"electronics"};
  CHECK(std::holds_alternative<Product>(decide(item("R"), mapping)));
}

TEST_CASE("a list column takes all texts of its sources") {
  Item radio = item("R");
  radio.details["FileURLs"] = {{{"FileURL", "https://a/1.jpg"}}, {{"FileURL", "https://a/2.jpg"}}};
  const auto mapping = samples::mapping({column("Picture URLs", "detail:FileURLs.FileURL")});
  CHECK(samples::product(radio, mapping).values ==
        std::vector<std::string>{"ITEMIMAGEURL1=https://a/1.jpg,ITEMIMAGEURL2=https://a/2.jpg"});
}
