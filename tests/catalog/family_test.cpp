#include "catalog/family.hpp"

#include "catalog/comparison.hpp"
#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync;
using namespace product_sync::catalog;

namespace {

Relationship color_and_size() {
  return {"Color and Size",
          {{"Color", samples::sources("attribute:COLOR.label")}, {"Size", samples::sources("attribute:SIZE")}},
          {},
          {"ELEC"}};
}

Mapping families(FamilyHeaders headers = FamilyHeaders::classic) {
  Mapping mapping = samples::mapping({samples::column("Auction Title", "field:Description"),
                                      samples::column("Buy It Now Price", "field:DefaultPrice"),
                                      samples::column("Quantity", "constant:5"),
                                      samples::column("Quantity Update Type", "constant:ABSOLUTE")});
  mapping.variations.emplace();
  mapping.variations->relationships = {color_and_size()};
  mapping.variations->headers = headers;
  mapping.arrange();
  return mapping;
}

Item shirt(std::string_view id, std::string_view color, std::string_view size) {
  Item item = samples::item(id);
  item.fields["TemplateItemID"] = "SHIRT";
  item.attributes = {{"COLOR", std::string(color).substr(0, 1), std::string(color)}, {"SIZE", std::string(size), ""}};
  return item;
}

ToldValues told(const Product& product, const Mapping& mapping) { return compare(product, mapping, nullptr).told; }

FamilyMember member(std::string id, std::string combination, Standing standing = Standing::sound) {
  FamilyMember made{std::move(id), {standing, {}}, "Color", std::move(combination)};
  if (standing == Standing::parked) made.own.reasons = {{"value.too_long", "its title is too long."}};
  if (standing == Standing::not_exported) made.own.reasons = {{"box.not_ticked", "its box is not ticked."}};
  return made;
}

const FamilyMember kTemplate = member("SHIRT", "");

std::string code(const Fate& fate) { return fate.reasons.empty() ? "" : fate.reasons.front().code; }

}  // namespace

TEST_CASE("a parent and its children say what they are under the classic headers") {
  const auto mapping = families();
  auto parent = samples::product(samples::item("SHIRT"), mapping);
  make_parent(parent, color_and_size(), mapping);
  CHECK(told(parent, mapping) == ToldValues{{"Auction Title", "Radio"},
                                            {"Classification", "Electronics"},
                                            {"Relationship Name", "Color and Size"},
                                            {"Variation Parent SKU", "Parent"}});
  const auto item = shirt("SHIRT-RED-M", "Red", "M");
  auto child = samples::product(item, mapping);
  make_child(child, "SHIRT", color_and_size(), std::get<0>(variation_values(item, color_and_size())), mapping);
  CHECK(told(child, mapping) == ToldValues{{"Auction Title", "Radio"},
                                           {"Classification", "Electronics"},
                                           {"Quantity", "5"},
                                           {"Quantity Update Type", "ABSOLUTE"},
                                           {"Relationship Name", "Color and Size"},
                                           {"Variation Parent SKU", "SHIRT"},
                                           {"attribute:Color", "Red"},
                                           {"attribute:Size", "M"}});
  CHECK(child.kind == ProductKind::child);
}

TEST_CASE("the newer headers name type, attributes and parent") {
  const auto mapping = families(FamilyHeaders::vary_by);
  auto parent = samples::product(samples::item("SHIRT"), mapping);
  make_parent(parent, color_and_size(), mapping);
  auto values = told(parent, mapping);
  CHECK(values.at("SKU Type") == "parent");
  CHECK(values.at("Vary By") == "Color,Size");
  CHECK(values.at("Parent SKU") == "Parent");
  auto child = samples::product(shirt("SHIRT-RED-M", "Red", "M"), mapping);
  make_child(child, "SHIRT", color_and_size(), {"Red", "M"}, mapping);
  values = told(child, mapping);
  CHECK(values.at("SKU Type") == "child");
  CHECK(values.at("Vary By") == "Color,Size");
  CHECK(values.at("Parent SKU") == "SHIRT");
  auto alone = samples::product(samples::item("MUG"), mapping);
  make_standalone(alone, mapping);
  CHECK(told(alone, mapping).at("SKU Type") == "standard");
}

TEST_CASE("a child without a price of its own takes its template's, and the family's classification") {
  auto mapping = families();
  mapping.conditions.classifications["TEES"] = "Shirts";
  auto parent = samples::product(samples::item("SHIRT"), mapping);
  parent.values[2] = "9.90";
  REQUIRE(mapping.values[3].name == "Buy It Now Price");
  parent.values[3] = "9.90";
  const auto [own, expected] = GENERATE(
      table<std::string, std::string>({{"", "9.90"}, {"0.000000", "9.90"}, {"12", "12.00"}}));
  Item item = shirt("SHIRT-RED-M", "Red", "M");
  item.fields["DefaultPrice"] = own;
  item.fields["ItemClass"] = "TEES";
  auto child = samples::product(item, mapping);
  make_child(child, "shirt", color_and_size(), {"Red", "M"}, mapping);
  inherit(child, parent, mapping);
  CHECK(child.values[3] == expected);
  CHECK(child.classification == "Electronics");
  CHECK(child.parent == "SHIRT");
}

TEST_CASE("a relationship is found by template, then by item class") {
  VariationRules rules;
  rules.relationships = {{"By class", {}, {}, {"TEES"}}, {"By template", {}, {"shirt"}, {}}};
  CHECK(find_relationship(rules, "SHIRT ", "TEES")->name == "By template");
  CHECK(find_relationship(rules, "HAT", "tees")->name == "By class");
  CHECK(find_relationship(rules, "HAT", "HATS") == nullptr);
}

TEST_CASE("a child without a value to vary by is refused by name") {
  const auto refused = variation_values(shirt("SHIRT-RED", "Red", ""), color_and_size());
  const auto& reasons = std::get<std::vector<Reason>>(refused);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].code == "variation.value_missing");
  CHECK_THAT(reasons[0].text, ContainsSubstring("SHIRT-RED") && ContainsSubstring("Size"));
}

TEST_CASE("a sound family goes, and children that are not exported are no part of it") {
  const std::vector children{member("A", "Color=Red"), member("B", "Color=Red", Standing::not_exported)};
  const auto verdict = judge_family("SHIRT", &kTemplate, children);
  CHECK(verdict.parent.standing == Standing::sound);
  CHECK(verdict.children[0].standing == Standing::sound);
  CHECK(verdict.children[1].standing == Standing::not_exported);
  CHECK(code(verdict.children[1]) == "box.not_ticked");
}

TEST_CASE("an invalid child parks its whole family, with a reason that names it") {
  const std::vector children{member("A", "Color=Red"), member("B", "Color=Blue", Standing::parked)};
  const auto verdict = judge_family("SHIRT", &kTemplate, children);
  CHECK(code(verdict.parent) == "family.child_parked");
  CHECK(code(verdict.children[0]) == "family.child_parked");
  CHECK(code(verdict.children[1]) == "value.too_long");
  CHECK_THAT(verdict.children[0].reasons[0].text, ContainsSubstring("\"B\"") && ContainsSubstring("too long"));
}

TEST_CASE("children that cannot be told apart park their family") {
  const std::vector children{member("A", "Color=Red"), member("B", "Color=red"), member("C", "Color=Blue")};
  const auto verdict = judge_family("SHIRT", &kTemplate, children);
  CHECK(code(verdict.children[0]) == "variation.duplicate");
  CHECK(code(verdict.children[1]) == "variation.duplicate");
  CHECK(code(verdict.children[2]) == "family.child_parked");
  CHECK(verdict.parent.standing == Standing::parked);
  CHECK_THAT(verdict.children[0].reasons[0].text, ContainsSubstring("\"A\", \"B\""));
}

TEST_CASE("a family follows its template") {
  const std::vector children{member("A", "Color=Red")};
  CHECK(code(judge_family("SHIRT", nullptr, children).children[0]) == "family.no_template");

  const auto hidden = member("SHIRT", "", Standing::not_exported);
  auto verdict = judge_family("SHIRT", &hidden, children);
  CHECK(verdict.children[0].standing == Standing::not_exported);
  CHECK(code(verdict.children[0]) == "family.template_not_exported");

  const auto faulty = member("SHIRT", "", Standing::parked);
  verdict = judge_family("SHIRT", &faulty, children);
  CHECK(verdict.children[0].standing == Standing::parked);
  CHECK(code(verdict.children[0]) == "family.template_parked");

  auto unrelated = member("SHIRT", "");
  unrelated.relationship.clear();
  verdict = judge_family("SHIRT", &unrelated, children);
  CHECK(code(verdict.parent) == "family.no_relationship");
  CHECK(code(verdict.children[0]) == "family.template_parked");

  auto other = member("A", "Color=Red");
  other.relationship = "Size";
  verdict = judge_family("SHIRT", &kTemplate, std::vector{other});
  CHECK(code(verdict.children[0]) == "family.relationship_differs");

  verdict = judge_family("SHIRT", &kTemplate, {});
  CHECK(verdict.parent.standing == Standing::not_exported);
  CHECK(code(verdict.parent) == "family.no_child");
}

TEST_CASE("a product that Rithum has under another parent waits unless moving it is configured") {
  auto mapping = families();
  CHECK_FALSE(moved("A", "SHIRT", "shirt", mapping));
  CHECK_FALSE(moved("A", "SHIRT", "", mapping));
  CHECK(moved("A", "SHIRT", "HAT", mapping)->code == "family.moved");
  CHECK(moved("A", "", "HAT", mapping)->code == "family.left");
  mapping.variations->moved = MovedChild::send;
  CHECK_FALSE(moved("A", "SHIRT", "HAT", mapping));
  CHECK(moved("A", "", "HAT", mapping)->code == "family.left");
}
