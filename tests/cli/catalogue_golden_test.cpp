// A small catalogue with every kind of value, from the configuration's text to the bytes of the feed.

#include "catch.hpp"
#include "golden.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

namespace {

catalog::Item radio(const std::string& id) {
  auto item = exported_item(id, "12.5");
  item.fields["Description"] = "Radio";
  item.fields["Content"] = "<p>FM\nand <script>x</script><b>AM</b></p>";
  item.fields["DimensionWeight"] = "1.500000";
  item.fields["WeightUOM"] = "KILO";
  item.attributes = {{"BRAND", "SONA", "Sona"}, {"COLOR", "RED", "Bright red"}, {"HEIGHT_CM", "25.4", ""}};
  item.cross_references = {{"Barcode", "4006381333931", "EA"}};
  item.details["VendorDetails"] = {{{"VendorID", "OTHER"}, {"Default", "false"}}, {{"VendorID", "ACME"}, {"Default", "true"}}};
  item.details["FileURLs"] = {{{"FileType", "Image"}, {"FileURL", "https://example.com/1.jpg?a=1,2"}},
                              {{"FileType", "Manual"}, {"FileURL", "https://example.com/manual.pdf"}},
                              {{"FileType", "Image"}, {"FileURL", "https://example.com/2.jpg"}}};
  item.details["Categories"] = {{{"CategoryID", "12"}}, {{"CategoryID", "14"}}, {{"CategoryID", "99"}}};
  item.details["WarehouseDetails"] = {{{"WarehouseID", "MAIN"}, {"QtyOnHand", "3.75"}},
                                      {{"WarehouseID", "EAST"}, {"QtyOnHand", "0"}},
                                      {{"WarehouseID", "SCRAP"}, {"QtyOnHand", "9"}}};
  item.custom_fields["ItemSettings.UsrFBA"] = "true";
  item.custom_fields["ItemSettings.UsrFirstReceipt"] = "2026-11-24T00:00:00";
  return item;
}

catalog::Item shirt(catalog::Item item) {
  item.fields["ItemClass"] = "SHIRTS";
  for (auto& attribute : item.attributes) attribute.label = attribute.value;
  return item;
}

/// One of each kind, and one of each that is not sent.
void put_catalogue(FakeItemSource& source) {
  source.put(radio("RADIO"));
  source.put(radio("CHANGING"));
  source.put(shirt(template_item("SHIRT", {"SHIRT-RM", "SHIRT-BL"}, "9.90")));
  source.put(shirt(child("SHIRT-RM", "SHIRT", "Red", "M")));
  source.put(shirt(child("SHIRT-BL", "SHIRT", "Blue", "L", "0")));
  auto mug = exported_item("MUG");
  mug.fields["BaseUOM"] = "EACH";
  mug.fields["SalesUOM"] = "BOX";
  mug.details["UOMConversions"] = {
      {{"FromUOM", "BOX"}, {"MultiplyOrDivide", "Multiply"}, {"ConversionFactor", "6"}, {"ToUOM", "EACH"}}};
  source.put(mug);
  source.put(kit("SET"));
  source.put_kit("SET", {specification("SET", {{"MUG", "EACH", "12", true}, {"SHIRT-RM", "", "1", true}})});
  source.put(kit("HALF"));
  source.put_kit("HALF", {specification("HALF", {{"MUG", "EACH", "3", true}})});
  source.put(kit("EMPTY"));

  auto long_title = exported_item("LONG");
  long_title.fields["Description"] = std::string(200, 'x');
  source.put(long_title);
  auto no_price = exported_item("BAD-PRICE", "ten");
  source.put(no_price);
  auto bad_code = radio("BAD-UPC");
  bad_code.cross_references = {{"Barcode", "4006381333932", "EA"}};
  source.put(bad_code);
  auto unknown_supplier = radio("BAD-SUPPLIER");
  unknown_supplier.details["VendorDetails"] = {{{"VendorID", "NOBODY"}, {"Default", "true"}}};
  source.put(unknown_supplier);
  auto unknown_unit = radio("BAD-UNIT");
  unknown_unit.fields["WeightUOM"] = "STONE";
  source.put(unknown_unit);
  auto no_title = exported_item("NO-TITLE");
  no_title.fields["Description"] = "";
  source.put(no_title);
  source.put(exported_item(std::string(51, 'S')));
  auto status = exported_item("BAD-STATUS");
  status.fields["ItemStatus"] = "Aktiv";
  source.put(status);
  source.put(shirt(template_item("TOP", {"TOP-1", "TOP-2"})));
  source.put(shirt(child("TOP-1", "TOP", "Red", "M")));
  source.put(shirt(child("TOP-2", "TOP", "Red", "M")));

  auto inactive = exported_item("INACTIVE");
  inactive.fields["ItemStatus"] = "Inactive";
  source.put(inactive);
  auto unticked = exported_item("UNTICKED");
  unticked.custom_fields.clear();
  source.put(unticked);
  auto unmapped = exported_item("UNMAPPED");
  unmapped.fields["ItemClass"] = "TOYS";
  source.put(unmapped);
  auto filtered = exported_item("FILTERED");
  filtered.attributes = {{"COLOR", "TRANSPARENT", ""}};
  source.put(filtered);
}

/// Something of everything changes.
void change_catalogue(FakeItemSource& source) {
  auto item = radio("CHANGING");
  item.fields["Content"] = "";
  item.fields["DefaultPrice"] = "13";
  item.fields["DimensionWeight"] = "";
  item.attributes = {{"BRAND", "SONA", "Sona"}, {"COLOR", "GREEN", ""}};
  item.cross_references.clear();
  item.details["FileURLs"] = {{{"FileType", "Image"}, {"FileURL", "https://example.com/3.jpg"}}};
  item.details["Categories"] = {{{"CategoryID", "14"}}};
  item.custom_fields["ItemSettings.UsrFBA"] = "false";
  source.put(item);
  source.put(shirt(template_item("SHIRT", {"SHIRT-RM", "SHIRT-BL", "SHIRT-GS"}, "8.80")));
  source.put(shirt(child("SHIRT-GS", "SHIRT", "Green", "S")));
  source.put_kit("SET", {specification("SET", {{"MUG", "EACH", "18", true}, {"SHIRT-RM", "", "1", true}})});
}

}  // namespace

TEST_CASE("a catalogue with every kind of value becomes the golden feeds, byte for byte") {
  const auto headers = GENERATE(catalog::FamilyHeaders::classic, catalog::FamilyHeaders::vary_by);
  const std::string generation = headers == catalog::FamilyHeaders::classic ? "classic" : "vary_by";
  FamilyBench bench;
  bench.mapping = golden_mapping("catalogue.yaml", headers);
  bench.feed.quantity_for_new = true;
  bench.reopen();
  put_catalogue(bench.source);
  bench.full();
  REQUIRE(bench.delivered().size() == 1);
  check_golden(generation + "_new.txt", bench.text_of(bench.delivered().back()));
  check_golden("fates.txt", fates(bench));

  bench.clock.advance(1h);
  change_catalogue(bench.source);
  bench.full();
  REQUIRE(bench.delivered().size() == 2);
  check_golden(generation + "_changed.txt", bench.text_of(bench.delivered().back()));
  bench.clock.advance(1h);
  CHECK(bench.full().counts.rows == 0);
}
