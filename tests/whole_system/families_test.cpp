// Families and bundles from Acumatica to Rithum, through the real processes.

#include <map>
#include <set>
#include <sstream>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

/// Attributes that make variants in the simulator.
const std::set<std::string> kVariants{"COLOR", "MATERIAL", "SHADE", "SIZE"};

/// A relationship for each set of attributes that templates vary by, named by those.
std::string family_mapping(const AcumaticaProcess& acumatica) {
  std::map<std::string, std::pair<std::string, std::string>> relationships;  // attributes and templates, as YAML
  const auto templates = acumatica.list("TemplateItems", {{"$expand", "Attributes"}}).json();
  for (const auto& one : templates) {
    std::string name;
    std::string attributes;
    for (const auto& row : one["Attributes"]) {
      const auto id = row["AttributeID"]["value"].get<std::string>();
      if (!kVariants.contains(id)) continue;
      name += (name.empty() ? "" : "-") + id;
      attributes += (attributes.empty() ? "" : ", ") + id + ": attribute:" + id + ".label";
    }
    auto& [sources, ids] = relationships[name];
    sources = attributes;
    ids += (ids.empty() ? "" : ", ") + one["InventoryID"]["value"].dump();
  }
  std::string yaml = "      non_stock_items: true\n      variations:\n        relationships:\n";
  for (const auto& [name, parts] : relationships) {
    yaml += "          " + name + ":\n            attributes: {" + parts.first + "}\n            templates: [" +
            parts.second + "]\n";
  }
  return yaml + "      bundles:\n        revision: newest\n        non_stock_components: ignored\n";
}

Installation::Options with_families() {
  Installation::Options options;
  options.items = 150;
  options.acumatica = {"--seed", "21", "--templates", "16", "--kits", "80", "--plain-keys"};
  for (const auto* name : {"COLOR", "COLOR-SIZE", "COLOR-MATERIAL-SIZE", "SHADE"}) {
    options.rithum.insert(options.rithum.end(), {"--relationship", name});
  }
  options.mapping = family_mapping;
  return options;
}

std::string value(const Json& product, const std::string& column) { return product["values"].value(column, ""); }

std::vector<std::string> components_of(const Json& product) {
  std::vector<std::string> skus;
  std::stringstream text(value(product, "Bundle Components"));
  std::string one;
  while (std::getline(text, one, ',')) skus.push_back(one.substr(0, one.find('=')));
  return skus;
}

}  // namespace

TEST_CASE("families and bundles arrive whole, and Rithum rejects no row") {
  Installation installation(with_families());
  installation.serve();
  REQUIRE(installation.sync("full")["counts"]["failed"] == 0);
  installation.settle();
  CHECK(installation.rithum().control("stats")["outcomes"].value("rejected", 0) == 0);

  const auto products = installation.products();
  std::set<std::string> parents_with_children;
  int bundles = 0;
  for (const auto& [sku, product] : products) {
    INFO("SKU " << sku);
    const auto parent = value(product, "Variation Parent SKU");
    if (!parent.empty() && parent != "Parent") {
      parents_with_children.insert(parent);
      REQUIRE(products.contains(parent));
      CHECK(value(product, "Relationship Name") == value(products.at(parent), "Relationship Name"));
      CHECK(value(product, "Classification") == value(products.at(parent), "Classification"));
    }
    for (const auto& component : components_of(product)) CHECK(products.contains(component));
    bundles += components_of(product).empty() ? 0 : 1;
  }
  CHECK_FALSE(parents_with_children.empty());
  CHECK(bundles > 0);
  for (const auto& [sku, product] : products) {
    if (value(product, "Variation Parent SKU") == "Parent") CHECK(parents_with_children.contains(sku));
  }
  CHECK(installation.sync("full")["counts"]["rows"] == 0);
}

TEST_CASE("a push of a child, of a template and of a component reaches Rithum") {
  Installation installation(with_families());
  installation.serve();
  installation.sync("full");
  installation.settle();

  std::string child;
  std::string parent;
  std::string kit;
  std::string component;
  for (const auto& [sku, product] : installation.products()) {
    const auto its_parent = value(product, "Variation Parent SKU");
    if (!its_parent.empty() && its_parent != "Parent" && installation.acumatica().item(sku).status == 200) {
      child = sku;
      parent = its_parent;
    }
    for (const auto& one : components_of(product)) {
      if (!one.starts_with("ITEM")) continue;
      kit = sku;
      component = one;
    }
  }
  REQUIRE_FALSE(child.empty());
  REQUIRE_FALSE(kit.empty());

  installation.change({{"keys", Json::array({child})}, {"set", {{"DefaultPrice", 77.5}}}});
  installation.settle();
  CHECK(value(installation.products().at(child), "Buy It Now Price") == "77.50");

  installation.change({{"entity", "TemplateItems"}, {"keys", Json::array({parent})}, {"set", {{"DefaultPrice", 66.25}}}});
  installation.settle();
  CHECK(value(installation.products().at(parent), "Buy It Now Price") == "66.25");
  CHECK(value(installation.products().at(child), "Buy It Now Price") == "77.50");

  installation.change(
      {{"keys", Json::array({component})}, {"set", {{"custom", {{"ItemSettings.UsrActiveOnRithum", false}}}}}});
  installation.settle();
  const auto parked = installation.api("/v1/sites/eu/products/" + kit);
  CHECK(parked["state"] == "parked");
  CHECK(parked["kind"] == "kit");
  CHECK(parked["reason_code"] == "bundle.component_not_exported");

  installation.change(
      {{"keys", Json::array({component})}, {"set", {{"custom", {{"ItemSettings.UsrActiveOnRithum", true}}}}}});
  installation.settle();
  CHECK(installation.api("/v1/sites/eu/products/" + kit)["state"] == "sent");
}
