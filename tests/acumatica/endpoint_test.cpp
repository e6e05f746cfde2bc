#include "acumatica/endpoint.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;

namespace {

const std::string kList =
    R"([{"name":"Default","version":"20.200.001","href":"/x"},{"name":"Default","version":"25.200.001"},
  {"name":"eCommerce","version":"26.100.001"},{"name":"Default","version":"24.200.001"},{"name":"Default","version":"9.1"},
  {"name":"Default","version":"next"},{"name":7}])";

}  // namespace

TEST_CASE("the newest version of the endpoint is chosen, from both forms of the answer") {
  const std::string reply =
      GENERATE(std::string(kList), R"({"version":{"acumaticaBuildVersion":"25.201.0213"},"endpoints":)" + kList + "}");
  const auto endpoint = choose_endpoint(reply, "Default", "");
  REQUIRE(endpoint);
  CHECK(endpoint->path() == "entity/Default/25.200.001");
}

TEST_CASE("a configured version is taken, older ones too") {
  const std::string wanted = GENERATE("24.200.001", "20.200.001");
  CHECK(choose_endpoint(kList, "Default", wanted).value().version == wanted);
}

TEST_CASE("a missing endpoint is reported with those that are there") {
  struct Row {
    std::string reply, name, wanted, says;
  };
  const auto row =
      GENERATE(Row{kList, "Default", "23.200.001",
                   "no endpoint Default 23.200.001; it has: Default 20.200.001, Default 25.200.001"},
               Row{kList, "Own", "", "no endpoint Own 24.200.001 or newer"},
               Row{R"([{"name":"Default","version":"23.200.001"}])", "Default", "", "it has: Default 23.200.001."},
               Row{"[]", "Default", "", "it has: none."});
  const auto missing = choose_endpoint(row.reply, row.name, row.wanted);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "acumatica.endpoint_missing");
  CHECK_THAT(missing.error().message, ContainsSubstring(row.says));
}

TEST_CASE("something else than a list of endpoints is said to be so") {
  const std::string reply = GENERATE("", "<html>", "{}", "[", "7", R"({"endpoints":7})");
  CHECK(choose_endpoint(reply, "Default", "").error().code == "acumatica.unexpected_reply");
}
