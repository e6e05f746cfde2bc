#include <algorithm>
#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

#include "catalog/product.hpp"
#include "catch.hpp"
#include "config/sites.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::config;

namespace {

/// The YAML examples of a page.
std::vector<std::string> examples_of(const std::string& page) {
  static const std::string kBegin = "```yaml\n";
  std::vector<std::string> examples;
  for (auto at = page.find(kBegin); at != std::string::npos; at = page.find(kBegin, at)) {
    at += kBegin.size();
    examples.push_back(page.substr(at, page.find("```", at) - at));
  }
  return examples;
}

/// A configuration whose mapping is `keys`, beside the classes and the box. Its feeds have a template.
std::string with_mapping(const std::string& keys) {
  std::string indented;
  std::istringstream stream(keys);
  for (std::string line; std::getline(stream, line);) indented += "      " + line + "\n";
  const auto templated =
      replaced(small_configuration(), "      mode_prefix: Add\n", "      mode_prefix: Add\n      template_code: SHOP\n");
  return replaced(templated, "      columns:\n        Brand: attribute:BRAND\n", indented);
}

catalog::Mapping mapping_of(const std::string& keys) {
  auto config = read(with_mapping(keys));
  if (!config) FAIL(config.error().front().text());
  return config->sites.front().mapping;
}

}  // namespace

TEST_CASE("docs/columns.md is what the tables of columns and rules say") {
  // After a wanted change of a table, run this test with REWRITE_GOLDEN=1 and review the difference.
  const std::filesystem::path page = PRODUCT_SYNC_ROOT "/docs/columns.md";
  if (std::getenv("REWRITE_GOLDEN") != nullptr) write_file(page, columns_page());
  CHECK(read_file(page) == columns_page());
}

namespace {

/// The codes in the sources of the catalogue that begin with one of these words.
std::set<std::string> codes_in_the_catalogue(const std::string& words) {
  const std::regex code("\"((?:" + words + ")\\.[a-z_]+)\"");
  std::set<std::string> codes;
  for (const auto& file : std::filesystem::directory_iterator(PRODUCT_SYNC_ROOT "/src/catalog")) {
    if (file.path().extension() != ".cpp" || file.path().filename() == "rules.cpp") continue;
    const auto text = read_file(file.path());
    for (std::sregex_iterator found(text.begin(), text.end(), code), end; found != end; ++found) {
      codes.insert((*found)[1]);
    }
  }
  return codes;
}

}  // namespace

TEST_CASE("every code with which the catalogue refuses a value has a rule with policies") {
  const auto codes = codes_in_the_catalogue("value");
  CHECK(codes.size() > 10);
  for (const auto& code : codes) {
    INFO(code);
    CHECK(catalog::find_rule(code) != nullptr);
  }
}

TEST_CASE("every code with which the catalogue parks a product whatever its policies stands in docs/columns.md") {
  auto codes = codes_in_the_catalogue("sku|title|quantity|classification|status|family|variation|kit|bundle|unit");
  // These do not park: such an item is not exported, or sent with a remark.
  for (const auto* other : {"status.not_exported", "family.no_child", "family.template_not_exported",
                            "bundle.obsolete_components"}) {
    CHECK(codes.erase(other) == 1);
  }
  std::set<std::string> listed;
  for (const auto& rule : catalog::fixed_rules()) listed.emplace(rule.code);
  CHECK(codes == listed);
}

TEST_CASE("every example of docs/mapping.md is read without a problem, and written back to the same mapping") {
  const auto examples = examples_of(read_file(PRODUCT_SYNC_ROOT "/docs/mapping.md"));
  REQUIRE(examples.size() > 9);
  for (const auto& example : examples) {
    INFO(example);
    const auto text = with_mapping(example);
    CHECK(problems_of(text).empty());
    const auto config = read(text);
    if (!config) continue;
    const auto again = read(to_redacted_yaml(*config));
    REQUIRE(again);
    CHECK(again->sites.front().mapping.fingerprint() == config->sites.front().mapping.fingerprint());
    CHECK(to_redacted_yaml(*again) == to_redacted_yaml(*config));
  }
}

TEST_CASE("the long form becomes an expression with its steps in their documented order") {
  const auto mapping = mapping_of(R"(columns:
  Weight:
    number: 2
    unit: {from: kg, to: lb}
    lookup: {A: 1, B: 2}
    from: attribute:SIZE
    when: {source: field:X, empty: false})");
  REQUIRE(mapping.values.size() == 1);
  CHECK(
      catalog::to_text(mapping.values[0].sources) ==
      R"([("attribute:SIZE" | lookup {"A": "1", "B": "2", } 0 [] | unit "kg" lb {} | number 1 2 0 true when "field:X" empty ["false"])])");
}

TEST_CASE("a column of the account's own has the rules that the configuration gives it") {
  const auto mapping = mapping_of(R"(own_columns:
  Care Instructions: {from: attribute:CARE, longest: 8, clearable: true, violations: {too_long: shorten}}
  Case Price: {from: attribute:CASE, type: money}
columns: {Auction Title: field:Description, Brand: attribute:BRAND})");
  REQUIRE(mapping.values.size() == 4);
  CHECK(mapping.values[0].name == "Auction Title");
  CHECK(mapping.values[1].name == "Brand");
  CHECK(mapping.values[2].name == "Care Instructions");
  CHECK(mapping.values[2].clearable);
  CHECK(mapping.values[3].name == "Case Price");
  CHECK(mapping.check().empty());

  catalog::Item item;
  item.inventory_id = "A";
  item.fields = {{"ItemClass", "ELECTRONIC"}, {"Description", "Radio"}};
  item.attributes = {{"RITHUM", "1", ""}, {"CARE", "Wash it by hand", ""}, {"CASE", "12.345", ""}};
  const auto decision = catalog::decide(item, mapping);
  const auto* product = std::get_if<catalog::Product>(&decision);
  REQUIRE(product != nullptr);
  CHECK(product->values == std::vector<std::string>{"Radio", "", "Wash it…", "12.35"});

  auto copy = mapping;  // the rules go with it
  CHECK(copy.values[3].column->name == "Case Price");
  CHECK(copy.fingerprint() == mapping.fingerprint());
  CHECK(copy.fingerprint() != mapping_of(R"(own_columns:
  Care Instructions: {from: attribute:CARE, longest: 9, clearable: true, violations: {too_long: shorten}}
  Case Price: {from: attribute:CASE, type: money}
columns: {Auction Title: field:Description, Brand: attribute:BRAND})").fingerprint());
}

TEST_CASE("what is said about a value beside its expression is read with it") {
  const auto mapping = mapping_of(R"(violations: {too_long: shorten}
columns:
  Picture URLs: {join: [field:ImageUrl], placement: IMG, removed: empty, violations: {not_https: send}}
  Description: {from: [field:Content, field:Description], clearable: true}
  Ship Zone Name (3): constant:Canada
exported_statuses: []
references: {suppliers: [ACME]})");
  REQUIRE(mapping.values.size() == 3);
  const auto& description = mapping.values[0];
  CHECK(description.clearable);
  CHECK(description.sources.size() == 2);
  const auto& pictures = mapping.values[1];
  CHECK(pictures.pictures.placement == "IMG");
  CHECK(pictures.pictures.removed == catalog::PictureForm::Removed::empty);
  CHECK(pictures.policies == catalog::Policies{{"not_https", catalog::Policy::send}});
  CHECK(mapping.values[2].repetition == 3);
  CHECK(mapping.values[2].key() == "Ship Zone Name (3)");
  CHECK(mapping.policies == catalog::Policies{{"too_long", catalog::Policy::shorten}});
  CHECK(mapping.conditions.exported_statuses.empty());
  CHECK(mapping.references.suppliers.contains("acme"));
}
