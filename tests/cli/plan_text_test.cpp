#include "cli/plan_text.hpp"

#include "catch.hpp"
#include "server/json.hpp"

using namespace product_sync;
using sync::PlannedProduct;
using sync::PlannedState;

TEST_CASE("a plan's table has each field's old and new value, and the reasons of what is not sent") {
  PlannedProduct radio{"RADIO", PlannedState::changed, {{"Buy It Now Price", "10.00", "12.50"}, {"UPC", "1", ""}}};
  radio.changes.push_back({"attribute:Color", "", "Red"});
  CHECK(cli::plan_table(radio) ==
        "RADIO  changed\n"
        "    Buy It Now Price  10.00 -> 12.50\n"
        "    UPC               1 -> (cleared)\n"
        "    attribute:Color   (none) -> Red\n");
  PlannedProduct shirt{"SHIRT-M", PlannedState::added, {{"Auction Title", "", "Shirt"}}};
  shirt.kind = catalog::ProductKind::child;
  shirt.parent = "SHIRT";
  CHECK(cli::plan_table(shirt) == "SHIRT-M  new (child of SHIRT)\n    Auction Title  Shirt\n");
  CHECK(cli::plan_table({"SET", PlannedState::parked, {}, {{"bundle.quantity", "Half a mug."}}}) ==
        "SET  parked\n    bundle.quantity: Half a mug.\n");
}

TEST_CASE("long values are shown on one line, around what changes in them") {
  const std::string same(100, 'a');
  const PlannedProduct radio{
      "RADIO", PlannedState::changed, {{"Description", same + "<p>old</p>", same + "<p>\nnew</p>"}}};
  CHECK(cli::plan_table(radio) ==
        "RADIO  changed\n    Description  …aaaaaaaaaaaa<p>old</p> -> …aaaaaaaaaaaa<p> new</p>\n");
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  const auto shown = cli::plan_table({"R", PlannedState::added, {{"Description", "", umlauts}}});
  CHECK_THAT(shown, ContainsSubstring("üü…\n") && !ContainsSubstring("\xC3…"));
}

TEST_CASE("totals count products by state, values by field, and each reason once a product") {
  sync::PlanTotals totals;
  totals.add({"A", PlannedState::changed, {{"UPC", "1", "2"}, {"Brand", "a", "b"}}});
  totals.add({"B", PlannedState::added, {{"UPC", "", "2"}}});
  totals.add({"C", PlannedState::parked, {}, {{"value.too_long", "x"}, {"value.too_long", "y"}}});
  CHECK(cli::plan_table(totals, "Plan of site eu") ==
        "Plan of site eu: 1 new, 1 changed, 1 parked\n"
        "  field    changed\n"
        "  Brand          1\n"
        "  UPC            2\n"
        "  reason           products\n"
        "  value.too_long          1\n");
  CHECK(server::to_json(totals).dump() ==
        R"({"products":{"new":1,"changed":1,"parked":1},"fields":{"Brand":1,"UPC":2},"reasons":{"value.too_long":1}})");
  CHECK(cli::plan_table(sync::PlanTotals{}, "Plan") == "Plan: nothing\n");
}

TEST_CASE("a plan's CSV is quoted by RFC 4180 and holds nothing that a spreadsheet would calculate") {
  CHECK(cli::plan_csv_header() == "site,sku,kind,parent,state,field,before,after,reason_code,reason\r\n");
  const PlannedProduct radio{"RADIO",
                             PlannedState::changed,
                             {{"Title", "a \"b\", c", "=HYPERLINK(\"x\")"}, {"Weight", "-1.5", "@SUM(A1)"}}};
  CHECK(cli::plan_csv("eu", radio) ==
        "eu,RADIO,item,,changed,Title,\"a \"\"b\"\", c\",\"'=HYPERLINK(\"\"x\"\")\",,\r\n"
        "eu,RADIO,item,,changed,Weight,-1.5,'@SUM(A1),,\r\n");
  CHECK(cli::plan_csv("eu", {"-A", PlannedState::parked, {}, {{"a.b", "two\nlines"}}}) ==
        "eu,'-A,item,,parked,,,,a.b,\"two\nlines\"\r\n");
}

TEST_CASE("a plan's JSON says everything whole") {
  const PlannedProduct set{
      "SET", PlannedState::changed, {{"Bundle Components", "A=1", "A=2"}}, {}, catalog::ProductKind::kit};
  CHECK(server::to_json(set).dump() ==
        R"({"sku":"SET","kind":"kit","parent":null,"state":"changed","changes":[{"field":"Bundle Components",)"
        R"("before":"A=1","after":"A=2"}],"reasons":[]})");
}
