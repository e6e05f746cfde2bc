#include "base/work.hpp"

#include <thread>

#include "catch.hpp"

using namespace product_sync;

TEST_CASE("work within other work takes its place until it ends, and other threads have their own") {
  CHECK(Work::current() == nullptr);
  {
    const Work round;
    CHECK(Work::current() == &round);
    CHECK(round.run_id().empty());
    {
      const Work run("run1");
      CHECK(Work::current()->run_id() == "run1");
      std::thread([] { CHECK(Work::current() == nullptr); }).join();
    }
    CHECK(Work::current() == &round);
  }
  CHECK(Work::current() == nullptr);
}

TEST_CASE("a trace is a run's own, and 32 hexadecimal digits") {
  const Work one("run1");
  const Work again("run1");
  const Work other("run2");
  const Work none;
  CHECK(one.trace_id() == again.trace_id());
  CHECK(one.trace_id() != other.trace_id());
  CHECK(none.trace_id() != other.trace_id());
  for (const auto* work : {&one, &none}) {
    CHECK(work->trace_id().size() == 32);
    CHECK(work->trace_id().find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}
