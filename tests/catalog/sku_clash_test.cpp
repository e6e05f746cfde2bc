#include "catalog/sku_clash.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

TEST_CASE("two items clash when Rithum cannot tell their SKUs apart") {
  CHECK(clash("radio-1", "RADIO-1"));
  CHECK(clash(" RADIO-1", "RADIO-1"));
  CHECK_FALSE(clash("RADIO-1", "RADIO-1"));
  CHECK_FALSE(clash("RADIO-1   ", "RADIO-1"));
  CHECK_FALSE(clash("RADIO-1", "RADIO-2"));
}

TEST_CASE("a clash names both items and the remedy") {
  const Reason reason = duplicate_sku("radio-1", "RADIO-1");
  CHECK(reason.code == "sku.duplicate");
  CHECK_THAT(reason.text, ContainsSubstring("\"radio-1\"") && ContainsSubstring("\"RADIO-1\"") &&
                              ContainsSubstring("Change one of the IDs"));
}
