#include "catch.hpp"
#include "config/config.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;

TEST_CASE("the configuration that the README shows is one") {
  const auto readme = read_file(PRODUCT_SYNC_ROOT "/README.md");
  const auto begin = readme.find("```yaml\n") + 8;
  REQUIRE(begin > 8);
  const auto text = readme.substr(begin, readme.find("```", begin) - begin);
  const auto config = config::parse(text, "README.md", [](const std::string& name) -> std::optional<std::string> {
    return "the value of " + name;
  });
  if (!config) FAIL(config.error().front().text());
  CHECK(config->sites.front().mapping.values.size() == 4);
  CHECK(config->sites.front().feed.mode_prefix == "ProductSync");
}
