#include "base/log_sampler.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

TEST_CASE("one event of a kind is logged in each interval, and the next one tells how many were not") {
  LogSampler sampler(10s);
  const Monotonic start{};
  CHECK(sampler.take("a", start) == 0U);
  CHECK_FALSE(sampler.take("a", start + 1s));
  CHECK_FALSE(sampler.take("a", start + 9s));
  CHECK(sampler.take("b", start + 9s) == 0U);
  CHECK(sampler.take("a", start + 10s) == 2U);
  CHECK_FALSE(sampler.take("a", start + 11s));
}
