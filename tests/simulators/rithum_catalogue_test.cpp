#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "rithum/columns.hpp"
#include "rithum/feed_application.hpp"
#include "rithum/strict_feed_reader.hpp"

using namespace rithum_simulator;

namespace {

/// An account to which feeds are sent.
class Shop {
 public:
  Account account;
  Catalogue catalogue;

  /// Applies a feed and returns, row by row, the outcome or the reason of its rejection.
  std::vector<std::string> send(const std::string& feed, Mode mode = Mode::add_update) {
    constexpr const char* kNames[] = {"created", "updated", "skipped", "rejected"};
    std::istringstream stream(feed);
    StrictFeedReader reader(stream);
    REQUIRE(reader.header_violations().empty());
    FeedApplication application(catalogue, account, mode, reader.headers(), ++file_);
    std::vector<std::string> outcomes;
    while (const FeedRow* row = reader.next()) {
      const RowResult result = application.apply(*row, ++now_);
      const bool rejected = result.outcome == Outcome::rejected;
      outcomes.push_back(rejected ? result.rejection.reason : kNames[static_cast<std::size_t>(result.outcome)]);
    }
    if (mode == Mode::detect_drop_items) zeroed = application.zero_missing(++now_);
    return outcomes;
  }

  std::string value(const std::string& sku, std::string_view header) {
    const Product* product = catalogue.find(sku);
    return product == nullptr ? "no product" : std::string(value_of(*product, header));
  }
  std::string attribute(const std::string& sku, const std::string& name) {
    return std::string(catalogue.find(sku)->values.find(catalogue.attribute_key(name)).value_or("unset"));
  }

  std::size_t zeroed = 0;

 private:
  std::uint32_t file_ = 0;
  std::int64_t now_ = 0;
};

using Outcomes = std::vector<std::string>;

/// A feed of one product A with one further column.
std::string feed_of(const std::string& header, const std::string& value) {
  return "Inventory Number\tQuantity\t" + header + "\nA\t\t" + value + "\n";
}

}  // namespace

TEST_CASE("the mode decides between creating, updating and skipping") {
  struct Case {
    Mode mode;
    std::string known;
    std::string unknown;
  };
  const auto [mode, known, unknown] = GENERATE(values<Case>({{Mode::add_update, "updated", "created"},
                                                             {Mode::add_only, "skipped", "created"},
                                                             {Mode::update_only, "updated", "skipped"},
                                                             {Mode::detect_drop_items, "updated", "created"}}));
  Shop shop;
  shop.send("Inventory Number\tQuantity\tAuction Title\nA\t1\told\n");
  CHECK(shop.send("Inventory Number\tQuantity\tAuction Title\nA\t1\tnew\nB\t1\tnew\n", mode) ==
        Outcomes{known, unknown});
  CHECK(shop.value("A", "Auction Title") == (known == "updated" ? "new" : "old"));
  CHECK((shop.catalogue.find("B") != nullptr) == (unknown == "created"));
}

TEST_CASE("Detect Dropped Products zeroes what the file does not hold, everywhere it has stock") {
  Shop shop;
  shop.send("Inventory Number\tQuantity\tDC Quantity\nA\t5\t\nB\t5\t\nC\t\tEast=3,West=4\n");
  shop.send("Inventory Number\tQuantity\na\t7\n", Mode::detect_drop_items);
  CHECK(shop.zeroed == 2);
  CHECK(shop.value("A", "Quantity") == "7");
  CHECK(shop.value("B", "Quantity") == "0");
  CHECK(shop.value("C", "DC Quantity") == "East=0,West=0");
}

TEST_CASE("a blank cell leaves the value, a clear marker removes it, zero is a value") {
  Shop shop;
  shop.send("Inventory Number\tQuantity\tBrand\tUPC\tSeller Cost\tWeight\nA\t1\tAcme\t123\t4.50\t2\n");
  CHECK(shop.send("Inventory Number\tBrand\tUPC\tSeller Cost\tWeight\nA\t\t_DELETE_\t_Delete_\t0\n") ==
        Outcomes{"updated"});
  CHECK(shop.value("A", "Brand") == "Acme");
  CHECK(shop.value("A", "UPC").empty());
  CHECK(shop.value("A", "Seller Cost").empty());
  CHECK(shop.value("A", "Weight") == "0");
}

TEST_CASE("only the two official spellings clear") {
  Shop shop;
  shop.send(feed_of("Brand", "Acme"));
  shop.send(feed_of("Brand", "_delete_"));
  CHECK(shop.value("A", "Brand") == "_delete_");
}

TEST_CASE("fields without a documented way to clear them refuse the marker") {
  const std::string header = GENERATE("Auction Title", "Picture URLs", "Bundle Components", "Variation Parent SKU",
                                      "Relationship Name", "DC Quantity", "Quantity Update Type");
  CAPTURE(header);
  Shop shop;
  CHECK(shop.send(feed_of(header, "_DELETE_")) == Outcomes{"cannot_be_cleared"});
  CHECK(shop.send("Inventory Number\tQuantity\n_DELETE_\t\n") == Outcomes{"cannot_be_cleared"});
  CHECK(shop.catalogue.products().empty());
}

TEST_CASE("labels are added to those present, a leading minus removes one") {
  Shop shop;
  shop.send(feed_of("Labels", "Summer, Sale"));
  shop.send(feed_of("Labels", "New,-Sale,Summer"));
  CHECK(shop.value("A", "Labels") == "New,Summer");
}

TEST_CASE("attributes go by name, whatever their position") {
  Shop shop;
  const std::string header =
      "Inventory Number\tQuantity\tAttribute1Name\tAttribute1Value\tAttribute2Name\tAttribute2Value\n";
  shop.send(header + "A\t\tColor\tRed\tSize\tL\n");
  shop.send(header + "A\t\tSize\tM\tColor\t\n");
  CHECK(shop.attribute("A", "Color") == "Red");
  CHECK(shop.attribute("A", "Size") == "M");
  shop.send(header + "A\t\tSize\t_DELETE_\t\t\n");
  CHECK(shop.attribute("A", "Size") == "unset");
  CHECK(shop.send(header + "A\t\t\tRed\t\t\n") == Outcomes{"attribute_without_name"});
  CHECK(shop.send(header + "A\t\tSize\tM\tSize\tL\n") == Outcomes{"attribute_repeated"});
}

TEST_CASE("values over the documented length reject the row and leave the product alone") {
  struct Case {
    std::string header;
    std::size_t longest;
  };
  const auto [header, longest] = GENERATE(values<Case>(
      {{"Auction Title", 120}, {"Short Description", 1000}, {"Inventory Subtitle", 100}, {"Relationship Name", 50}}));
  CAPTURE(header);
  std::string umlauts;
  for (std::size_t i = 0; i < longest; ++i) umlauts += "ü";
  Shop shop;
  CHECK(shop.send(feed_of(header, umlauts)) == Outcomes{"created"});
  CHECK(shop.send(feed_of(header, umlauts + "x")) == Outcomes{"too_long"});
  CHECK(shop.value("A", header) == umlauts);
  CHECK(shop.catalogue.find("A")->rows_applied == 1);
}

TEST_CASE("an Inventory Number has 1 to 50 characters and no blanks at its ends") {
  const auto [sku, outcome] = GENERATE(table<std::string, std::string>({{std::string(50, 'S'), "created"},
                                                                        {std::string(51, 'S'), "too_long"},
                                                                        {"", "sku_missing"},
                                                                        {"  ", "sku_missing"},
                                                                        {"A  ", "sku_padded"}}));
  Shop shop;
  CHECK(shop.send("Inventory Number\tQuantity\n" + sku + "\t1\n") == Outcomes{outcome});
}

TEST_CASE("values must be of the kind of their column") {
  struct Case {
    const char* header;
    const char* value;
    const char* outcome;
  };
  const auto [header, value, outcome] = GENERATE(values<Case>({
      {"Retail Price", "0", "created"},
      {"Retail Price", "1234.50", "created"},
      {"Retail Price", "1,234.50", "not_money"},
      {"Retail Price", "12,50", "not_money"},
      {"Retail Price", "$12", "not_money"},
      {"Retail Price", "1.999", "not_money"},
      {"Retail Price", "-1", "not_money"},
      {"Retail Price", ".5", "not_money"},
      {"Retail Price", "1e3", "not_money"},
      {"Weight", "0.1250", "created"},
      {"Weight", "1 lb", "not_a_decimal"},
      {"Product Margin", "-12.5", "created"},
      {"Multipack Quantity", "6", "created"},
      {"Multipack Quantity", "6.0", "not_a_whole_number"},
      {"Block External Quantity", "True", "created"},
      {"Block External Quantity", "yes", "not_a_boolean"},
      {"Condition", "Like New", "created"},
      {"Condition", "Mint", "unknown_condition"},
      {"Flag", "RedFlag", "created"},
      {"Flag", "Red", "unknown_flag"},
      {"Quantity Update Type", "InStock", "created"},
      {"Quantity Update Type", "TOTAL", "unknown_quantity_type"},
      {"DC Quantity Update Type", "partial dc list", "created"},
      {"DC Quantity Update Type", "all", "unknown_dc_list_type"},
      {"DC Quantity", "East=3,West=0", "created"},
      {"DC Quantity", "East=-3", "malformed_dc_quantity"},
      {"DC Quantity", "East", "malformed_dc_quantity"},
      {"Bundle Components", "A-1", "malformed_bundle_components"},
      {"Picture URLs", "https://x/1.jpg, https://x/2.jpg", "created"},
      {"Picture URLs", "https://x/1,2.jpg,P=https://x/3.jpg", "malformed_pictures"},
      {"Picture URLs", "https://x/1.jpg?w=5", "malformed_pictures"},
  }));
  CAPTURE(header, value);
  Shop shop;
  CHECK(shop.send(feed_of(header, value)) == Outcomes{outcome});
}

TEST_CASE("pictures keep the documented lengths") {
  const auto& [url, file, placement] = GENERATE(table<std::size_t, std::size_t, std::size_t>(
      {{255, 0, 0}, {256, 0, 0}, {0, 100, 0}, {0, 101, 0}, {20, 0, 50}, {20, 0, 51}}));
  const bool fits = url <= 255 && file <= 100 && placement <= 50;
  std::string picture = url != 0 ? "https://x/" + std::string(url - 10, 'u') : std::string(file, 'f');
  if (placement != 0) picture.insert(0, std::string(placement, 'p') + "=");
  CAPTURE(picture);
  Shop shop;
  CHECK(shop.send(feed_of("Picture URLs", picture)) == Outcomes{fits ? "created" : "malformed_pictures"});
}

TEST_CASE("names that must exist in the account reject a row when they do not") {
  Shop shop;
  shop.account.classifications = {"Shoes"};
  shop.account.relationships = {"Color and Size"};
  shop.account.suppliers = {"ACME"};
  shop.account.distribution_centers = {"East"};
  CHECK(shop.send(feed_of("Classification", "Hats")) == Outcomes{"unknown_classification"});
  CHECK(shop.send(feed_of("Relationship Name", "Size")) == Outcomes{"unknown_relationship"});
  CHECK(shop.send(feed_of("Supplier Code", "OTHER")) == Outcomes{"unknown_supplier"});
  CHECK(shop.send(feed_of("DC Quantity", "North=1")) == Outcomes{"unknown_distribution_center"});
  CHECK(shop.send(feed_of("Classification", "Shoes")) == Outcomes{"created"});
  CHECK(shop.send(feed_of("DC Quantity", "East=1")) == Outcomes{"updated"});
}

TEST_CASE("a new item needs a quantity column in its file, an update does not") {
  Shop shop;
  CHECK(shop.send("Inventory Number\tBrand\nA\tAcme\n") == Outcomes{"new_item_without_quantity_column"});
  CHECK(shop.send("Inventory Number\tQuantity\tBrand\nA\t\tAcme\n") == Outcomes{"created"});
  CHECK(shop.send("Inventory Number\tBrand\nA\tOther\n") == Outcomes{"updated"});
}

TEST_CASE("the quantity type counts from the second load on") {
  Shop shop;
  const std::string header = "Inventory Number\tQuantity\tQuantity Update Type\n";
  shop.send(header + "A\t5\tRELATIVE\n");
  CHECK(shop.value("A", "Quantity") == "5");
  shop.send(header + "A\t-2\tRelative\n");
  CHECK(shop.value("A", "Quantity") == "3");
  shop.send(header + "A\t9\t\n");
  CHECK(shop.value("A", "Quantity") == "9");
  CHECK(shop.send(header + "A\t-1\tABSOLUTE\n") == Outcomes{"negative_quantity"});
}

TEST_CASE("a partial list of DCs leaves the others, a complete one zeroes them") {
  Shop shop;
  const std::string header = "Inventory Number\tDC Quantity\tDC Quantity Update Type\n";
  shop.send(header + "A\tEast=1,West=2\t\n");
  shop.send(header + "A\tWest=5\tpartial dc list\n");
  CHECK(shop.value("A", "DC Quantity") == "East=1,West=5");
  shop.send(header + "A\tWest=6\tcompletedclist\n");
  CHECK(shop.value("A", "DC Quantity") == "East=0,West=6");
}

TEST_CASE("SKUs are the same in any case, and the ID of a product stays") {
  Shop shop;
  shop.send("Inventory Number\tQuantity\nAbc\t1\n");
  const auto id = shop.catalogue.find("ABC")->id;
  CHECK(shop.send("Inventory Number\tQuantity\naBC\t2\n") == Outcomes{"updated"});
  CHECK(shop.catalogue.find("abc")->id == id);
  CHECK(shop.catalogue.find("abc")->sku == "Abc");
  CHECK(shop.catalogue.products().size() == 1);
}

TEST_CASE("children need their parent before them, of the same classification and relationship") {
  Shop shop;
  const std::string header = "Inventory Number\tQuantity\tClassification\tRelationship Name\tVariation Parent SKU\n";
  CHECK(shop.send(header + "C1\t1\tShoes\tSize\tP\n"     //
                           "P\t\tShoes\tSize\tParent\n"  //
                           "C1\t1\tShoes\tSize\tP\n"     //
                           "C2\t1\tBoots\tSize\tP\n"     //
                           "C3\t1\tShoes\tColor\tP\n"    //
                           "C4\t1\tShoes\tSize\tC1\n"    //
                           "P2\t1\tShoes\tSize\tParent\n") ==
        Outcomes{"parent_missing", "created", "created", "classification_differs_from_parent",
                 "relationship_differs_from_parent", "parent_is_no_parent", "quantity_on_parent"});
}

TEST_CASE("a bundle takes ten existing components, and a file never removes one") {
  Shop shop;
  std::string items = "Inventory Number\tQuantity\n";
  std::string ten;
  for (int i = 1; i <= 11; ++i) {
    items += "I" + std::to_string(i) + "\t1\n";
    if (i <= 10) ten += (i == 1 ? "I" : ",I") + std::to_string(i) + "=1";
  }
  shop.send(items);
  const std::string header = "Inventory Number\tQuantity\tBundle Components\n";
  CHECK(shop.send(header + "B\t\tI1=2,Nope=1\n") == Outcomes{"component_missing"});
  CHECK(shop.send(header + "B\t\tI1=0\n") == Outcomes{"malformed_bundle_components"});
  CHECK(shop.send(header + "B\t\t" + ten + ",I11=1\n") == Outcomes{"too_many_components"});
  CHECK(shop.send(header + "B\t9\tI1=2\n") == Outcomes{"created"});
  CHECK(shop.value("B", "Quantity").empty());
  CHECK(shop.send(header + "B\t\tI2=3\n") == Outcomes{"updated"});
  CHECK(shop.value("B", "Bundle Components") == "I1=2,I2=3");
  CHECK(shop.send(header + "B2\t\tB=1\n") == Outcomes{"component_not_allowed"});
}

TEST_CASE("the newer headers name the same fields") {
  Shop shop;
  const std::string header = "Inventory Number\tTotal Quantity\tSKU Type\tVary By\tParent SKU\n";
  CHECK(shop.send(header + "P\t\tparent\tColor,Size\tParent\n"
                           "C1\t1\tchild\tColor,Size\tP\n"
                           "C2\t1\tchild\tColor\tP\n"
                           "C3\t1\tstandard\tColor,Size\tP\n"
                           "S\t1\tstandard\t\t\n"
                           "B\t1\tbundle\t\t\n"
                           "X\t1\tother\t\t\n") == Outcomes{"created", "created", "relationship_differs_from_parent",
                                                            "sku_type_differs", "created", "sku_type_differs",
                                                            "unknown_sku_type"});
  CHECK(shop.value("C1", "Variation Parent SKU") == "P");
  CHECK(shop.value("C1", "Quantity") == "1");
  CHECK(shop.value("C1", "Vary By") == "Color,Size");
  const Feed both = read_feed("Inventory Number\tParent SKU\tVariation Parent SKU\n");
  REQUIRE(both.violations.size() == 1);
  CHECK(both.violations[0].rule == Rule::header_repeated);
}

TEST_CASE("in a file that is split, a child does not see its parent in another part, but one of an earlier file") {
  Shop shop;
  shop.account.partition_rows = 2;
  const std::string header = "Inventory Number\tQuantity\tVariation Parent SKU\tBundle Components\n";
  CHECK(shop.send(header + "P\t\tParent\t\nC1\t1\tP\t\nC2\t1\tP\t\nB\t\t\tC1=1\n") ==
        Outcomes{"created", "created", "parent_missing", "component_missing"});
  CHECK(shop.send(header + "C2\t1\tP\t\nB\t\t\tC1=1\n") == Outcomes{"created", "created"});
}

TEST_CASE("an account has a limit of bundles, and of bundles that hold one component") {
  Shop shop;
  shop.account.max_bundles = 3;
  shop.account.max_bundles_per_component = 2;
  const std::string header = "Inventory Number\tQuantity\tBundle Components\n";
  CHECK(shop.send(header + "A\t1\t\nC\t1\t\nB1\t\tA=1\nB2\t\tA=1\nB3\t\tA=1\nB4\t\tC=1\nB5\t\tC=1\nB1\t\tA=2\n") ==
        Outcomes{"created", "created", "created", "created", "component_in_too_many_bundles", "created",
                 "too_many_bundles", "updated"});
}

TEST_CASE("blocking by file works only where the account has a column for it") {
  const std::string feed = "Inventory Number\tQuantity\tBlocked\nA\t1\ttrue\n";
  CHECK(read_feed(feed).violations.front().rule == Rule::header_unknown);
  CHECK(read_feed(feed, FeedRules{.assumed_headers = true}).violations.empty());
}

TEST_CASE("pictures keep their placements") {
  Shop shop;
  shop.send(feed_of("Picture URLs", "https://x/1.jpg, https://x/2.jpg"));
  shop.send(feed_of("Picture URLs", "ITEMIMAGEURL2=https://x/9.jpg,SWATCH=s.jpg"));
  CHECK(shop.value("A", "Picture URLs") == "ITEMIMAGEURL1=https://x/1.jpg,ITEMIMAGEURL2=https://x/9.jpg,SWATCH=s.jpg");
}

TEST_CASE("a row that breaks the format is rejected under the name of the rule") {
  Shop shop;
  CHECK(shop.send("Inventory Number\tQuantity\nA\t1\nB\t1\t\nC\t\"1\"\nD\t1") ==
        Outcomes{"created", "cell_count", "quote_at_value_start", "last_row_unterminated"});
}

TEST_CASE("a file name selects mode and template") {
  struct Case {
    std::string name;
    Mode mode;
    std::string template_code;
    std::string refusal;  // a part of it
  };
  FeedNameSettings settings;
  settings.prefixes = {{"CA", Mode::detect_drop_items}, {"CAAdd", Mode::add_only}, {"CAUpdate", Mode::update_only}};
  settings.default_mode = Mode::add_update;
  settings.template_codes = {"MAINDATA", "CK_INV_01"};
  const auto [name, mode, template_code, refusal] = GENERATE(values<Case>({
      {"CAUpdate-20260901.txt", Mode::update_only, "", ""},
      {"CAAdd1.txt", Mode::add_only, "", ""},
      {"CA1.txt", Mode::detect_drop_items, "", ""},
      {"products.txt", Mode::add_update, "", ""},
      {"caupdate.txt", Mode::add_update, "", ""},
      {"CAUpdate MAIN DATA FEEDS(ALL)+1.MAINDATA.txt", Mode::update_only, "MAINDATA", ""},
      {"cainventory.CK_INV_01.txt", Mode::add_update, "CK_INV_01", ""},
      {"products.OTHER.txt", Mode::add_update, "OTHER", "no template 'OTHER'"},
      {"products.2026.09.01.txt", Mode::add_update, "", "stray dots"},
      {"products..txt", Mode::add_update, "", "empty"},
      {"CAUpdate", Mode::update_only, "", "no extension"},
      {"products.txt.gz", Mode::add_update, "", "gzip is refused"},
      {"products.txt.part", Mode::add_update, "", "no feed file type"},
      {"products.csv", Mode::add_update, "", ".txt only"},
  }));
  CAPTURE(name);
  const FeedName feed = read_feed_name(name, settings);
  CHECK(feed.mode == mode);
  CHECK(feed.template_code == template_code);
  if (refusal.empty()) {
    CHECK(feed.refusal.empty());
  } else {
    CHECK_THAT(feed.refusal, ContainsSubstring(refusal));
  }
}

TEST_CASE("a template directory takes only names with a template code") {
  FeedNameSettings settings;
  settings.template_codes = {"T"};
  settings.template_required = true;
  CHECK_THAT(read_feed_name("products.txt", settings).refusal, ContainsSubstring("needs a template code"));
  CHECK(read_feed_name("products.T.txt", settings).refusal.empty());
}
