#include "base/backoff.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

TEST_CASE("the pause doubles with each failed attempt up to the longest") {
  const Backoff backoff{.first = 500ms, .longest = 4s, .factor = 2.0, .jitter = 0.0};
  CHECK(delay_after(backoff, 1, 0.5) == 500ms);
  CHECK(delay_after(backoff, 2, 0.5) == 1s);
  CHECK(delay_after(backoff, 4, 0.5) == 4s);
  CHECK(delay_after(backoff, 400, 0.5) == 4s);
}

TEST_CASE("jitter spreads the pause by its share both ways") {
  const Backoff backoff{.first = 1s, .longest = 60s, .factor = 2.0, .jitter = 0.2};
  CHECK(delay_after(backoff, 1, 0.0) == 800ms);
  CHECK(delay_after(backoff, 1, 0.5) == 1s);
  CHECK(delay_after(backoff, 1, 0.999) > 1190ms);
}
