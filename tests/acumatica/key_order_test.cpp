#include "acumatica/key_order.hpp"

#include <vector>

#include "acumatica/handed_keys.hpp"
#include "catch.hpp"

using namespace product_sync::acumatica;
using Keys = std::vector<std::string>;

TEST_CASE("only what is wrong in every usual collation counts as descending") {
  struct Row {
    std::string_view first, second;
    bool descending;
  };
  const auto row = GENERATE(Row{"A1", "A2", false}, Row{"A2", "A1", true}, Row{"B", "A", true}, Row{"A9", "A10", true},
                            Row{"A", "AA", false}, Row{"AA", "A", true}, Row{"A ", "A", false},
                            Row{"A1-3", "A12", false},  // word sort passes over the hyphen
                            Row{"A12", "A1-3", false},  // byte order does not
                            Row{"a", "B", false},       // without case
                            Row{"B", "a", false},       // binary
                            Row{"\xC3\x84"
                                "A",
                                "B", false},
                            Row{"B",
                                "\xC3\x84"
                                "A",
                                false},
                            Row{"A_1", "A1", false}, Row{"A1", "A_1", false});
  CHECK(provably_descending(row.first, row.second) == row.descending);
}

TEST_CASE("a page breaks the order when it descends or repeats, also across its edge") {
  CHECK_FALSE(breaks_order({}, {}));
  CHECK_FALSE(breaks_order({}, {"A1 ", "A2", "B "}));
  CHECK_FALSE(breaks_order({"A1", "A2"}, {"A3"}));
  CHECK(breaks_order({}, {"A1", "A3", "A2"}));
  CHECK(breaks_order({}, {"A-1", "A-1 "}));
  CHECK(breaks_order({"B1"}, {"A1"}));
  CHECK(breaks_order({"A-1", "A-2"}, {"A-1", "A-2"}));
}

TEST_CASE("handed keys are found after they are sealed, whatever their padding") {
  HandedKeys keys;
  keys.add("B ");
  keys.add("A");
  CHECK_FALSE(keys.contains("A"));
  keys.seal();
  keys.add("C");
  CHECK(keys.contains("A "));
  CHECK(keys.contains("B"));
  CHECK_FALSE(keys.contains("C"));
}
