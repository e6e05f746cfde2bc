#include "transfer/observed_destination.hpp"

#include <fstream>
#include <vector>

#include "catch.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"
#include "transfer/directory_destination.hpp"

using namespace product_sync;

TEST_CASE("each operation on a destination is told, with its file, its outcome and the bytes that went") {
  TemporaryDirectory folder("observed");
  SimulatedClock clock;
  std::vector<Exchange> told;
  std::filesystem::create_directory(folder / "inbox");
  std::ofstream(folder / "feed.txt") << "12345";
  const auto place =
      transfer::observed(transfer::make_directory({folder / "inbox"}), clock,
                         [&](const Exchange& exchange) { told.push_back(exchange); });

  REQUIRE(place->put(folder / "feed.txt", "a.part", {}, {}));
  REQUIRE(place->rename("a.part", "a.txt", {}));
  REQUIRE(place->size("a.txt", {}));
  REQUIRE(place->list({}));
  CHECK_FALSE(place->put(folder / "missing.txt", "b.txt", {}, {}));
  REQUIRE(place->remove("a.txt", {}));
  std::ofstream(folder / "inbox" / "answer.txt") << "1234567";
  REQUIRE(place->get("answer.txt", folder / "answer.txt", 100, {}));

  std::vector<std::string> methods;
  for (const auto& exchange : told) methods.push_back(exchange.method);
  CHECK(methods == std::vector<std::string>{"put", "rename", "size", "list", "put", "remove", "get"});
  CHECK(told[6].bytes_received == 7);
  CHECK(told[0].target == place->describe() + "/a.part");
  CHECK(told[0].bytes_sent == 5);
  CHECK_FALSE(told[0].failed());
  CHECK(told[1].target == place->describe() + "/a.part -> a.txt");
  CHECK(told[3].target == place->describe());
  CHECK(told[4].failed());
  CHECK_FALSE(told[4].error_code.empty());
  CHECK(told[0].started == clock.now());
}
