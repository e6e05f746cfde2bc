#include <fmt/format.h>

#include <set>

#include "catch.hpp"
#include "config/options.hpp"
#include "config/sites.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::config;

namespace {

const std::filesystem::path kExample = PRODUCT_SYNC_ROOT "/config.yaml.example";

/// Every variable has a value; the one file that the example names is there.
tl::expected<Config, std::vector<Problem>> load_example(const TemporaryDirectory& directory) {
  std::filesystem::create_directories(directory / "secrets");
  write_file(directory / "secrets/acumatica-eu", "secret of the file\n");
  std::filesystem::copy_file(kExample, directory / "config.yaml");
  return load(directory / "config.yaml", [](const std::string& name) { return std::optional("value of " + name); });
}

/// The paths of all options that stand in the file, sites, schedules and users as `*`.
void collect(const Node& node, const std::string& pattern, std::set<std::string>& paths) {
  for (const auto& entry : node.entries) {
    const bool is_name = pattern == "sites" || pattern == "sites.*.schedules" || pattern == "server.users";
    const auto path = join_path(pattern, is_name ? "*" : entry.key);
    const auto* section = find_section(pattern);
    const bool is_option = section != nullptr && section->find(entry.key) != nullptr;
    if (is_option) paths.insert(path);
    if (!is_option) collect(entry.value, path, paths);
  }
}

}  // namespace

TEST_CASE("config.yaml.example loads without a problem") {
  const TemporaryDirectory directory("config");
  const auto config = load_example(directory);
  if (!config) {
    for (const auto& problem : config.error()) UNSCOPED_INFO(problem.text());
  }
  REQUIRE(config.has_value());
  REQUIRE(config->sites.size() == 3);
  CHECK(config->sites.at(0).id == "us");
  CHECK(config->store.directory == directory / "data");
  CHECK(std::get<CookieConfig>(config->site("eu")->acumatica.authentication).password.reveal() == "secret of the file");
}

TEST_CASE("config.yaml.example shows every option there is, and nothing else") {
  std::set<std::string> in_table;
  for (const auto& section : sections()) {
    for (const auto& option : section.options) in_table.insert(join_path(section.path, option.key));
  }
  std::set<std::string> in_example;
  const auto document = parse_document(read_file(kExample), kExample);
  REQUIRE(document.root.has_value());
  collect(*document.root, "", in_example);
  CHECK(in_example == in_table);
}

TEST_CASE("the dump of the example is a configuration that says the same, secrets apart") {
  const TemporaryDirectory directory("config");
  const auto config = load_example(directory);
  REQUIRE(config.has_value());
  const auto dump = to_redacted_yaml(*config);
  // Where a hash is redacted, none is left.
  const auto hashed = replaced(dump, "role: operator\n      password: \"[redacted]\"",
                               fmt::format("role: operator\n      password: \"{}\"", config->server.users.at(0).password->text()));
  const auto again = parse(hashed, "other.yaml", test_environment);
  if (!again) FAIL(again.error().front().text());
  CHECK(to_redacted_yaml(*again) == dump);
  for (std::size_t i = 0; i < config->sites.size(); ++i) {
    CHECK(again->sites.at(i).mapping.fingerprint() == config->sites.at(i).mapping.fingerprint());
  }
}
