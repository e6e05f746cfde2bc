#include "net/odata.hpp"

#include "catch.hpp"

using namespace product_sync::net;

TEST_CASE("a text literal is quoted and its quotes are doubled") {
  struct Row {
    std::string_view text, literal;
  };
  const auto row =
      GENERATE(Row{"", "''"}, Row{"AALEGO500", "'AALEGO500'"}, Row{"O'Brien", "'O''Brien'"}, Row{"''", "''''''"},
               Row{"5\" pipe+%", "'5\" pipe+%'"}, Row{"caf\xC3\xA9", "'caf\xC3\xA9'"});
  CHECK(odata_string(row.text) == row.literal);
}
