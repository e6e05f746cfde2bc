// Products that come, change, leave and return, in feeds of several files: from the configuration's text to the bytes.

#include "catch.hpp"
#include "golden.hpp"

using namespace product_sync;

namespace {

/// A book with every kind of identifier, and a flag.
catalog::Item book(const std::string& id) {
  auto item = exported_item(id, "12.5");
  item.fields["Description"] = "The pen";
  item.translations["Description"] = {{"fr", "Le stylo"}};
  item.cross_references = {{"Global", "0-306-40615-2", ""},
                           {"Barcode", "4006381333931", "EA"},
                           {"Vendor Part Number", "PN-7/b", ""}};
  item.attributes = {{"ASIN", "b00005n5pf", ""}, {"FLAG", "redflag", ""}, {"FLAG_TEXT", "Look twice", ""},
                     {"LABEL", "Books", ""}};
  return item;
}

catalog::Item shirt_of(const std::string& id, const std::string& parent, const std::string& color,
                       const std::string& size) {
  auto item = child(id, parent, color, size);
  item.fields["ItemClass"] = "SHIRTS";
  return item;
}

catalog::Item shirt_template(const std::string& id, const std::vector<std::string>& children) {
  auto item = template_item(id, children, "9.90");
  item.fields["ItemClass"] = "SHIRTS";
  return item;
}

catalog::Item non_stock(catalog::Item item) {
  item.entity = catalog::ItemEntity::non_stock_item;
  return item;
}

catalog::Item unticked(catalog::Item item) {
  item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  return item;
}

/// A revision, by the day of November on which it was modified last.
catalog::KitSpecification revision(const std::string& kit_id, const std::string& name, int day,
                                   std::vector<catalog::KitComponent> components) {
  auto one = specification(kit_id, std::move(components));
  one.revision = name;
  one.modified = Instant{} + std::chrono::hours{24 * day};
  return one;
}

void put_first_catalogue(FakeItemSource& source) {
  source.put(book("BOOK"));
  auto wrong = book("BOOK-2");  // check digits: one rule sends them, the other leaves them out
  wrong.cross_references = {{"Global", "0-306-40615-3", ""}, {"Barcode", "4006381333932", "EA"}};
  wrong.attributes = {{"FLAG", "Purple", ""}};  // no flag of Rithum's
  source.put(wrong);

  auto paper = exported_item("PAPER");
  paper.fields["BaseUOM"] = "SHEET";
  paper.fields["SalesUOM"] = "PACK";
  paper.details["UOMConversions"] = {
      {{"FromUOM", "PACK"}, {"MultiplyOrDivide", "Multiply"}, {"ConversionFactor", "500"}, {"ToUOM", "SHEET"}},
      {{"FromUOM", "GRAM"}, {"MultiplyOrDivide", "Divide"}, {"ConversionFactor", "5"}, {"ToUOM", "SHEET"}}};
  source.put(paper);

  source.put(shirt_template("SHIRT", {"SHIRT-RM", "SHIRT-BL", "SHIRT-TWIN"}));
  source.put(shirt_of("SHIRT-RM", "SHIRT", "Red", "M"));
  source.put(shirt_of("SHIRT-BL", "SHIRT", "Blue", "L"));
  auto twin = shirt_of("SHIRT-TWIN", "SHIRT", "Red", "Twin pack");  // a bundle that is a child
  twin.fields["IsAKit"] = "true";
  source.put(twin);
  source.put_kit("SHIRT-TWIN", {revision("SHIRT-TWIN", "A", 1, {{"SHIRT-RM", "", "2", true}})});
  source.put(shirt_template("TOP", {"TOP-RM"}));
  source.put(shirt_of("TOP-RM", "TOP", "Red", "M"));

  source.put(non_stock(exported_item("WRAPPING", "3")));
  auto gift = non_stock(kit("GIFT"));
  source.put(gift);
  source.put_kit("GIFT", {revision("GIFT", "OLD", 1, {{"BOOK", "", "2", true}}),
                          revision("GIFT", "NEW", 2, {{"BOOK", "", "1", true},
                                                      {"PAPER", "GRAM", "5000", true},
                                                      {"SHIRT-BL", "", "1", true},
                                                      {"WRAPPING", "", "1", false}})});

  source.put(exported_item("Twice"));
  source.put(exported_item("TWICE"));
}

/// Some leave: by their box, by their status, and because Acumatica has them no more. A family loses a child to another
/// one, and one that now stands alone.
void change_catalogue_lives(FakeItemSource& source) {
  source.put(unticked(book("BOOK-2")));
  auto inactive = exported_item("PAPER");
  inactive.fields["ItemStatus"] = "Inactive";
  source.put(inactive);
  source.remove("SHIRT-TWIN");
  source.put(shirt_template("SHIRT", {"SHIRT-BL"}));
  source.put(shirt_template("TOP", {"SHIRT-RM"}));
  source.put(shirt_of("SHIRT-RM", "TOP", "Red", "L"));
  source.put(exported_item("TOP-RM"));
  source.remove("Twice");
}

/// All return that left.
void bring_back(FakeItemSource& source) {
  put_first_catalogue(source);
  source.put(shirt_template("SHIRT", {"SHIRT-BL", "SHIRT-TWIN"}));
  source.put(shirt_template("TOP", {"SHIRT-RM", "TOP-RM"}));
  source.put(shirt_of("SHIRT-RM", "TOP", "Red", "L"));
}

/// The files that were delivered since `seen`, one behind the other, each under its number.
std::string new_files(const FamilyBench& bench, std::size_t& seen) {
  std::string text;
  const auto files = bench.delivered();
  for (std::size_t number = 1; seen < files.size(); ++number, ++seen) {
    text += "== file " + std::to_string(number) + "\n" + bench.text_of(files[seen]);
  }
  return text;
}

}  // namespace

TEST_CASE("products that come, leave and return become the golden feeds, byte for byte") {
  FamilyBench bench;
  bench.mapping = golden_mapping("lives.yaml");
  bench.limits.rows = 4;
  bench.guard.always_allowed = 10;
  bench.reopen();
  std::size_t seen = 0;
  put_first_catalogue(bench.source);
  bench.full();
  check_golden("lives_new.txt", new_files(bench, seen));
  check_golden("lives_new_fates.txt", fates(bench));

  change_catalogue_lives(bench.source);
  bench.later_full();
  check_golden("lives_changed.txt", new_files(bench, seen));
  check_golden("lives_changed_fates.txt", fates(bench));

  bring_back(bench.source);
  bench.later_full();
  check_golden("lives_returned.txt", new_files(bench, seen));
  check_golden("lives_returned_fates.txt", fates(bench));
  CHECK(bench.later_full().counts.rows == 0);
}
