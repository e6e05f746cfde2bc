#include "catalog/bundle.hpp"

#include <algorithm>

#include "catalog/comparison.hpp"
#include "catalog/product.hpp"
#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync;
using namespace product_sync::catalog;

namespace {

Units each() { return {"EACH", "EACH", {}}; }

/// A catalogue of components: A, B and so on are exported; the others each have something about them.
const ComponentFacts* known(const std::string& id) {
  static const std::map<std::string, ComponentFacts> kFacts = [] {
    std::map<std::string, ComponentFacts> facts;
    for (const char name : std::string("ABCDEFGHIJKL")) {
      facts[std::string(1, name)] = {std::string(1, name), ProductKind::item, {}, each()};
    }
    facts["CASE"] = {"CASE", ProductKind::child, {}, {"EACH", "BOX", {{"BOX", "EACH", true, *Decimal::parse("6")}}}};
    facts["KIT2"] = {"KIT2", ProductKind::kit, {}, each()};
    facts["TEMPLATE"] = {"TEMPLATE", ProductKind::parent, {}, each()};
    facts["HIDDEN"] = {"HIDDEN", ProductKind::item, Reason{"box.not_ticked", "its box is not ticked."}, each()};
    facts["X,Y"] = {"X,Y", ProductKind::item, {}, each()};
    return facts;
  }();
  const auto found = kFacts.find(id);
  return found == kFacts.end() ? nullptr : &found->second;
}

KitSpecification kit(std::vector<KitComponent> components) {
  return {"SET", "A1", true, {}, std::move(components)};
}

std::string text(const KitSpecification& specification, const BundleRules& rules = {}) {
  const auto made = bundle_components(specification, rules, known);
  const auto* reasons = std::get_if<std::vector<Reason>>(&made);
  return reasons == nullptr ? std::get<std::string>(made) : "refused: " + reasons->front().code;
}

KitSpecification revision(std::string name, bool active, std::string modified) {
  Item record;
  record.fields = {{"KitInventoryID", "SET"},
                   {"RevisionID", std::move(name)},
                   {"Active", active ? "true" : "false"},
                   {"LastModifiedDateTime", std::move(modified)}};
  return kit_specification(record);
}

std::string chosen(const std::vector<KitSpecification>& revisions, RevisionRule rule, const std::string& name = {}) {
  const auto choice = choose_revision("SET", revisions, rule, name);
  const auto* const* found = std::get_if<const KitSpecification*>(&choice);
  return found != nullptr ? (*found)->revision : "refused: " + std::get<Reason>(choice).code;
}

}  // namespace

TEST_CASE("a bundle names its components with quantities in their sales units, in the order of the SKUs") {
  CHECK(text(kit({{"B", "EACH", "2.000000", true}, {"A", "", "1", true}})) == "A=1,B=2");
  CHECK(text(kit({{"CASE", "EACH", "12", true}})) == "CASE=2");
  CHECK(text(kit({{"A", "EACH", "1", true}})) == "A=1");
  CHECK(text(kit({{"A", "EACH", "1", true}, {"B", "EACH", "1", false}, {"A", "EACH", "2", true}})) == "A=3,B=1");
}

TEST_CASE("a bundle that Rithum would not take is refused with a reason that names the component") {
  const auto [component, quantity, code] = GENERATE(table<std::string, std::string, std::string>({
      {"HIDDEN", "1", "bundle.component_not_exported"},
      {"NOWHERE", "1", "bundle.component_unknown"},
      {"KIT2", "1", "bundle.component_is_bundle"},
      {"TEMPLATE", "1", "bundle.component_is_parent"},
      {"X,Y", "1", "bundle.component_sku"},
      {"A", "1.5", "unit.not_whole"},
      {"A", "0", "bundle.quantity"},
      {"A", "many", "bundle.quantity"},
      {"CASE", "5", "unit.not_whole"},
  }));
  CAPTURE(component, quantity);
  const auto made = bundle_components(kit({{"B", "EACH", "1", true}, {component, "EACH", quantity, true}}), {}, known);
  const auto& reasons = std::get<std::vector<Reason>>(made);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].code == code);
  CHECK_THAT(reasons[0].text, ContainsSubstring("SET") && ContainsSubstring(component));
}

TEST_CASE("a bundle holds one to ten components") {
  std::vector<KitComponent> lines;
  for (const char name : std::string("ABCDEFGHIJ")) lines.push_back({std::string(1, name), "EACH", "1", true});
  CHECK(text(kit(lines)) == "A=1,B=1,C=1,D=1,E=1,F=1,G=1,H=1,I=1,J=1");
  lines.push_back({"K", "EACH", "1", true});
  CHECK(text(kit(lines)) == "refused: bundle.too_many_components");
  CHECK(text(kit({})) == "refused: bundle.no_component");
}

TEST_CASE("labour and other non-stock components are left out where that is configured") {
  const auto specification = kit({{"A", "EACH", "1", true}, {"ASSEMBLY", "HOUR", "0.25", false}});
  CHECK(text(specification) == "refused: bundle.component_unknown");
  BundleRules without_labour;
  without_labour.with_non_stock_components = false;
  CHECK(text(specification, without_labour) == "A=1");
}

TEST_CASE("the revision of a kit is the active one, the newest or the named one, as configured") {
  const auto a = revision("A", true, "2026-01-01T10:00:00+00:00");
  const auto b = revision("B", true, "2026-01-01T12:00:00+03:00");  // earlier: 09:00 UTC
  const auto c = revision("C", false, "2026-06-01T00:00:00+00:00");
  CHECK(chosen({a, c}, RevisionRule::active) == "A");
  CHECK(chosen({a, b, c}, RevisionRule::active) == "refused: kit.several_active_revisions");
  CHECK(chosen({a, b, c}, RevisionRule::newest) == "A");
  CHECK(chosen({a, b, c}, RevisionRule::named, "b") == "B");
  CHECK(chosen({a, b, c}, RevisionRule::named, "C") == "refused: kit.no_such_revision");
  CHECK(chosen({c}, RevisionRule::newest) == "refused: kit.no_active_revision");
  CHECK(chosen({}, RevisionRule::active) == "refused: kit.no_specification");
}

TEST_CASE("a kit specification is read with its stock components first") {
  Item record;
  record.fields = {{"KitInventoryID", "SET "}, {"RevisionID", "A1"}, {"Active", "True"}};
  record.details["NonStockComponents"] = {{{"NonStockInventoryID", "LABOUR"}, {"UOM", "HOUR"}, {"ComponentQty", "1"}}};
  record.details["StockComponents"] = {{{"StockInventoryID", "A "}, {"UOM", "EACH"}, {"ComponentQty", "2.0"}},
                                       {{"StockInventoryID", ""}, {"UOM", "EACH"}, {"ComponentQty", "2.0"}}};
  const auto specification = kit_specification(record);
  CHECK(specification.kit_id == "SET");
  CHECK(specification.active);
  REQUIRE(specification.components.size() == 2);
  CHECK(specification.components[0].inventory_id == "A");
  CHECK(specification.components[0].stock);
  CHECK(specification.components[1].inventory_id == "LABOUR");
  CHECK_FALSE(specification.components[1].stock);
}

TEST_CASE("a bundle's row leaves the quantity to Rithum") {
  Mapping mapping = samples::mapping({samples::column("Auction Title", "field:Description"),
                                      samples::column("Quantity", "constant:5"),
                                      samples::column("Quantity Update Type", "constant:ABSOLUTE")});
  mapping.bundles.emplace();
  mapping.arrange();
  Item set = samples::item("SET");
  set.fields["IsAKit"] = "true";
  auto product = samples::product(set, mapping);
  CHECK(product.kind == ProductKind::kit);
  make_bundle(product, "A=1", mapping);
  const auto difference = compare(product, mapping, nullptr);
  CHECK(difference.told == ToldValues{{"Auction Title", "Radio"}, {"Bundle Components", "A=1"}, {"Classification", "Electronics"}});
  CHECK(difference.row.kind == ProductKind::kit);
}

TEST_CASE("components that a bundle lost are named") {
  CHECK(obsolete_components("A=1,B=2", "a=1,C=1") == std::vector<std::string>{"B"});
  CHECK(obsolete_components("", "A=1").empty());
  CHECK_THAT(obsolete_remark("SET", {"B", "D"}).text, ContainsSubstring("B, D"));
}
