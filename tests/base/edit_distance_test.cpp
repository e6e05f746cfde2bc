#include "base/edit_distance.hpp"

#include "catch.hpp"

using namespace product_sync;

TEST_CASE("the distance of two texts counts inserted, removed, replaced and swapped letters") {
  struct Row {
    const char *a, *b;
    std::size_t distance;
  };
  const auto row = GENERATE(Row{"", "", 0}, Row{"", "abc", 3}, Row{"abc", "abc", 0}, Row{"abc", "abd", 1},
                            Row{"abc", "acb", 1}, Row{"kitten", "sitting", 3}, Row{"tenant", "tennant", 1});
  CHECK(edit_distance(row.a, row.b) == row.distance);
  CHECK(edit_distance(row.b, row.a) == row.distance);
}
