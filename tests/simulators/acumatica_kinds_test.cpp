#include <map>
#include <set>
#include <string>

#include "catch.hpp"
#include "simulators/acumatica_process.hpp"
#include "support/scripted_http_server.hpp"

// Templates, kits, non-stock items and what they refer to.

using namespace product_sync;
using nlohmann::json;

namespace {

/// The value of a field in any of its forms; null when it is empty.
std::vector<std::string> values_of(const json& list, const std::string& field) {
  std::vector<std::string> values;
  for (const json& record : list) values.push_back(value_of(record, field));
  return values;
}

std::map<std::string, json> attributes_of(const json& record) {
  std::map<std::string, json> values;
  for (const json& row : record.at("Attributes")) values[value_of(row, "AttributeID")] = value_of(row, "Value");
  return values;
}

const std::vector<std::string> kEverything{"--items",           "300", "--templates",      "60", "--kits", "60",
                                           "--non-stock-items", "20",  "--non-stock-kits", "10"};

AcumaticaProcess with(std::vector<std::string> more) {
  more.insert(more.begin(), kEverything.begin(), kEverything.end());
  return AcumaticaProcess(more);
}

}  // namespace

TEST_CASE("every entity lists its records in the order of their keys, each once") {
  const AcumaticaProcess acumatica(kEverything);
  const json counts = acumatica.control("stats").at("records");
  const auto [entity, key] = GENERATE(table<std::string, std::string>({{"StockItem", "InventoryID"},
                                                                       {"NonStockItem", "InventoryID"},
                                                                       {"TemplateItems", "InventoryID"},
                                                                       {"AttributeDefinition", "AttributeID"},
                                                                       {"ItemClass", "ClassID"}}));
  CAPTURE(entity);
  std::vector<std::string> keys;
  for (int skip = 0;; skip += 100) {
    const auto page = acumatica.list(entity, {{"$top", "100"}, {"$skip", std::to_string(skip)}}).json();
    for (const auto& each : values_of(page, key)) keys.push_back(each);
    if (page.size() < 100) break;
  }
  CHECK(keys.size() == counts.at(entity));
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  CHECK(std::set(keys.begin(), keys.end()).size() == keys.size());
  for (const std::size_t i : {std::size_t{0}, keys.size() / 2, keys.size() - 1}) {
    const auto by_key = acumatica.record(entity, keys[i]);
    REQUIRE(by_key.status == 200);
    CHECK(acumatica.record(entity, by_key.json().at("id")).json() == by_key.json());
    const auto above = acumatica.list(entity, {{"$top", "1"}, {"$filter", key + " gt '" + keys[i] + "'"}}).json();
    CHECK(above.empty() == (i + 1 == keys.size()));
    if (!above.empty()) CHECK(value_of(above[0], key) == keys[i + 1]);
  }
}

TEST_CASE("a template's matrix names exactly the items that name the template") {
  const AcumaticaProcess acumatica(kEverything);
  std::map<std::string, std::set<std::string>> children;
  std::map<std::string, json> items;
  for (const char* entity : {"StockItem", "NonStockItem"}) {
    for (const json& item : acumatica.list(entity, {{"$expand", "Attributes"}}).json()) {
      if (const json parent = value_of(item, "TemplateItemID"); !parent.is_null()) {
        children[parent].insert(value_of(item, "InventoryID").get<std::string>());
        items[value_of(item, "InventoryID")] = item;
      }
    }
  }
  const json templates = acumatica.list("TemplateItems", {{"$expand", "Matrix,Attributes"}}).json();
  REQUIRE(templates.size() == 60);
  std::set<std::size_t> sizes, variants;
  std::set<bool> kinds;
  for (const json& head : templates) {
    const std::string key = value_of(head, "InventoryID");
    CAPTURE(key);
    const auto matrix = values_of(head.at("Matrix"), "InventoryID");
    CHECK(std::set(matrix.begin(), matrix.end()) == children[key]);
    sizes.insert(matrix.size());
    kinds.insert(value_of(head, "IsStockItem").get<bool>());

    std::set<std::string> varying;
    for (const json& row : head.at("Attributes")) {
      if (value_of(row, "Required") == true && value_of(row, "IsActive") == true) {
        varying.insert(value_of(row, "AttributeID").get<std::string>());
      }
    }
    variants.insert(varying.size());
    std::set<std::string> combinations;
    for (const json& row : head.at("Matrix")) {
      const json& child = items.at(value_of(row, "InventoryID"));
      CHECK(value_of(child, "ItemClass") == value_of(head, "ItemClass"));
      for (const char* field : {"Description", "DefaultPrice", "ItemStatus"}) {
        CHECK(value_of(row, field) == value_of(child, field));
      }
      std::string combination;
      for (const std::string& attribute : varying) {
        combination += attributes_of(child).at(attribute).get<std::string>() + "|";
      }
      combinations.insert(combination);
    }
    CHECK(combinations.size() == matrix.size());
    CHECK_FALSE(head.contains("NoteID"));
    CHECK_FALSE(head.contains("ImageUrl"));
  }
  CHECK(*sizes.begin() >= 2);
  CHECK(*sizes.rbegin() <= 40);
  CHECK(variants == std::set<std::size_t>{1, 2, 3});
  CHECK(kinds.size() == 2);
}

TEST_CASE("the children of a template are found by TemplateItemID, also those that came to it or left it") {
  const AcumaticaProcess acumatica(kEverything);
  const auto children = [&](const std::string& key) {
    return values_of(acumatica.items({{"$filter", "TemplateItemID eq '" + key + "'"}}).json(), "InventoryID");
  };
  const auto first = children("TMPL000001");
  const auto second = children("TMPL000002");
  REQUIRE(first.size() >= 2);

  acumatica.control("change", json{{"keys", {first[0], "ITEM0000001"}}, {"set", {{"TemplateItemID", "TMPL000002"}}}});
  acumatica.control("delete", json{{"keys", {first[1]}}});
  CHECK(children("TMPL000001") == std::vector<std::string>(first.begin() + 2, first.end()));
  auto expected = second;
  expected.insert(expected.begin(), {"ITEM0000001", first[0]});
  CHECK(children("TMPL000002") == expected);
  const json head = acumatica.record("TemplateItems", "TMPL000002", {{"$expand", "Matrix"}}).json();
  CHECK(values_of(head.at("Matrix"), "InventoryID") == expected);
  CHECK(acumatica.item(first[1]).status == 404);
  CHECK(acumatica.items({{"$filter", "TemplateItemID eq 'TMPL000001' or TemplateItemID eq 'TMPL000002'"}})
            .json()
            .size() == first.size() + second.size());
}

TEST_CASE("kits have revisions with components that exist, and non-stock kits have one") {
  const AcumaticaProcess acumatica(kEverything);
  std::map<std::string, json> stock, non_stock;
  for (const json& item : acumatica.items().json()) stock[value_of(item, "InventoryID")] = item;
  for (const json& item : acumatica.list("NonStockItem").json()) non_stock[value_of(item, "InventoryID")] = item;

  const json list = acumatica.list("KitSpecification", {{"$expand", "StockComponents,NonStockComponents"}}).json();
  std::map<std::string, int> revisions, active;
  std::set<std::string> units, quantities;
  std::size_t most = 0;
  for (const json& kit : list) {
    const std::string id = value_of(kit, "KitInventoryID");
    const bool is_stock = value_of(kit, "IsNonStock") == false;
    CAPTURE(id);
    ++revisions[id];
    active[id] += value_of(kit, "Active") == true;
    CHECK(value_of((is_stock ? stock : non_stock).at(id), "IsAKit") == true);
    for (const json& row : kit.at("StockComponents")) {
      CHECK(stock.contains(value_of(row, "StockInventoryID")));
      units.insert(value_of(row, "UOM").get<std::string>());
      quantities.insert(value_of(row, "ComponentQty").dump());
    }
    for (const json& row : kit.at("NonStockComponents")) {
      CHECK(non_stock.contains(value_of(row, "NonStockInventoryID")));
    }
    most = std::max(most, kit.at("StockComponents").size());
    if (!is_stock) CHECK(revisions[id] == 1);
  }
  CHECK(revisions.size() == 70);
  std::set<int> active_counts;
  for (const auto& [id, count] : active) active_counts.insert(count);
  CHECK(active_counts.contains(0));
  CHECK(units == std::set<std::string>{"BOX", "EACH"});
  CHECK(quantities.contains("0.5"));
  CHECK(most == 12);

  const std::string id = value_of(list.at(0), "KitInventoryID");
  const json one =
      acumatica.record("KitSpecification", id + "/01", {{"$expand", "StockComponents,NonStockComponents"}}).json();
  CHECK(one == list.at(0));
  const json of_kit = acumatica.list("KitSpecification", {{"$filter", "KitInventoryID eq '" + id + "'"}}).json();
  CHECK(of_kit.size() == static_cast<std::size_t>(revisions[id]));
  CHECK(acumatica.record("KitSpecification", id).status == 404);
  CHECK_FALSE(one.contains("NoteID"));
}

TEST_CASE("a kit of several revisions is written and deleted by both of its keys") {
  const AcumaticaProcess acumatica(kEverything);
  const json component{
      {"StockInventoryID", {{"value", "ITEM0000001"}}}, {"UOM", {{"value", "EACH"}}}, {"ComponentQty", {{"value", 2}}}};
  const json kit{{"KitInventoryID", {{"value", "ITEM0000009"}}},
                 {"RevisionID", {{"value", "A"}}},
                 {"Active", {{"value", true}}},
                 {"StockComponents", {component}}};
  CHECK(acumatica.put_record("KitSpecification", {{"KitInventoryID", {{"value", "X"}}}}).status == 422);
  REQUIRE(acumatica.put_record("KitSpecification", kit, {{"$expand", "StockComponents"}}).status == 200);
  const json stored = acumatica.record("KitSpecification", "ITEM0000009/A", {{"$expand", "StockComponents"}}).json();
  CHECK(value_of(stored.at("StockComponents").at(0), "ComponentQty") == 2);
  CHECK(acumatica.delete_record("KitSpecification", "ITEM0000009/A").status == 204);
  CHECK(acumatica.record("KitSpecification", "ITEM0000009/A").status == 404);
  CHECK(acumatica.delete_record("KitSpecification", "ITEM0000009/A").status == 404);
}

TEST_CASE("non-stock items spell their fields in their own way") {
  const AcumaticaProcess acumatica(kEverything);
  const json item =
      acumatica.record("NonStockItem", "NSTK0000001", {{"$expand", "Attributes,FileUrls,SalesCategories"}}).json();
  for (const char* field : {"BaseUnit", "SalesUnit", "IsKit", "IsAKit", "Weight", "DimensionWeight"}) {
    CHECK(item.contains(field));
  }
  for (const char* field : {"BaseUOM", "SalesUOM", "ImageUrl", "LastModified", "FileURLs"}) {
    CHECK_FALSE(item.contains(field));
  }
  CHECK(acumatica.list("NonStockItem", {{"$expand", "FileURLs"}}).status == 500);
  CHECK(acumatica.item("NSTK0000001").status == 404);
}

TEST_CASE("attribute ids, category ids and classes of items are found in their own entities") {
  const AcumaticaProcess acumatica(kEverything);
  std::map<std::string, std::map<std::string, std::string>> labels;
  for (const json& each : acumatica.list("AttributeDefinition", {{"$expand", "Values"}}).json()) {
    for (const json& row : each.at("Values")) {
      labels[value_of(each, "AttributeID")][value_of(row, "ValueID")] = value_of(row, "Description").get<std::string>();
    }
  }
  const json classes = acumatica.list("ItemClass", {{"$expand", "Attributes"}}).json();
  std::set<std::string> class_ids;
  for (const auto& id : values_of(classes, "ClassID")) class_ids.insert(id);
  CHECK(value_of(classes.at(0).at("Attributes").at(0), "AttributeID").is_string());
  std::map<int, json> categories;
  for (const json& each : acumatica.list("ItemSalesCategory").json()) categories[value_of(each, "CategoryID")] = each;
  CHECK(categories.size() == 90);
  CHECK(value_of(categories.at(12), "ParentCategoryID") == 10);
  CHECK(acumatica.record("ItemSalesCategory", "12").status == 200);

  const json items = acumatica.items({{"$expand", "Attributes,Categories"}}).json();
  std::set<std::string> in_twelve;
  for (const json& item : items) {
    CHECK(class_ids.contains(value_of(item, "ItemClass")));
    for (const json& row : item.at("Attributes")) {
      const std::string id = value_of(row, "AttributeID");
      const json value = value_of(row, "Value");
      if (value.is_null() || id == "MANUFACTURER" || id == "FBA" || id == "FEATURES") continue;
      CHECK(labels.at(id).at(value) == value_of(row, "ValueDescription").get<std::string>());
    }
    for (const json& row : item.at("Categories")) {
      CHECK(categories.contains(value_of(row, "CategoryID")));
      if (value_of(row, "CategoryID") == 12) in_twelve.insert(value_of(item, "InventoryID").get<std::string>());
    }
  }
  const json twelve = acumatica.record("ItemSalesCategory", "12", {{"$expand", "Members"}}).json();
  const auto members = values_of(twelve.at("Members"), "InventoryID");
  CHECK(std::set(members.begin(), members.end()) == in_twelve);
}

TEST_CASE("attached files are fetched from the address that the record gives") {
  const AcumaticaProcess acumatica(kEverything);
  const AcumaticaProcess::Headers bearer{{"Authorization", "Bearer " + acumatica.access_token()}};
  const std::string entity = GENERATE("StockItem", "NonStockItem", "TemplateItems");
  std::size_t files = 0;
  for (const json& record : acumatica.list(entity, {{"$expand", "files"}}).json()) {
    for (const json& file : record.at("files")) {
      ++files;
      const auto answer = acumatica.send("GET", file.at("href"), "", bearer);
      CHECK(answer.status == 200);
      CHECK(answer.body.starts_with("\x89PNG"));
    }
  }
  CHECK(files > 0);
  CHECK(acumatica.send("GET", "/entity/Default/24.200.001/files/00000000-0000-0000-0000-000000000000", "", bearer)
            .status == 404);
}

TEST_CASE("descriptions come in the tenant's other language when asked for") {
  const AcumaticaProcess acumatica(kEverything);
  const json all = acumatica.item("ITEM0000001", {{"$expand", "Translations"}}).json();
  const std::string french = all.at("Description").at("Translations").at("fr");
  const json custom = acumatica.item("ITEM0000001", {{"$custom", "Item.DescrTranslations"}}).json();
  const std::string english = value_of(custom, "Description");
  CHECK(custom.at("custom").at("Item").at("DescrTranslations").at("value") ==
        "[{en:" + english + "},{fr:" + french + "}]");
  CHECK(acumatica.list("KitSpecification", {{"$expand", "Translations"}}).status == 500);
}

TEST_CASE("an expansion that cannot be optimized may be so for one entity alone") {
  const AcumaticaProcess acumatica = with({"--cannot-optimize", "TemplateItems/Attributes,Matrix"});
  CHECK(acumatica.list("TemplateItems", {{"$expand", "Attributes"}}).status == 500);
  CHECK(acumatica.list("TemplateItems", {{"$expand", "Matrix"}}).status == 500);
  CHECK(acumatica.list("StockItem", {{"$expand", "Attributes"}}).status == 200);
  CHECK(acumatica.record("TemplateItems", "TMPL000001", {{"$expand", "Attributes,Matrix"}}).status == 200);
}

TEST_CASE("Change ID keeps the record, and everything that names the item follows") {
  const AcumaticaProcess acumatica = with({"--plain-keys"});
  const json kit = acumatica.record("KitSpecification", "KIT0000001/01", {{"$expand", "StockComponents"}}).json();
  const std::string component = value_of(kit.at("StockComponents").at(0), "StockInventoryID");
  const std::string id = acumatica.item(component).json().at("id");

  CHECK(acumatica.control("rename", json{{"key", component}, {"to", "NEW ID"}}).at("renamed") == true);
  CHECK(acumatica.item(component).status == 404);
  CHECK(acumatica.item("NEW ID").json().at("id") == id);
  CHECK(acumatica.record("StockItem", id).json().at("InventoryID").at("value") == "NEW ID");
  const json after = acumatica.record("KitSpecification", "KIT0000001/01", {{"$expand", "StockComponents"}}).json();
  CHECK(value_of(after.at("StockComponents").at(0), "StockInventoryID") == "NEW ID");
  const auto keys = values_of(acumatica.items().json(), "InventoryID");
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  CHECK(keys.size() == acumatica.control("stats").at("items"));

  acumatica.control("rename", json{{"entity", "TemplateItems"}, {"key", "TMPL000001"}, {"to", "ANOTHER"}});
  const json head = acumatica.record("TemplateItems", "ANOTHER", {{"$expand", "Matrix"}}).json();
  const json children = acumatica.items({{"$filter", "TemplateItemID eq 'ANOTHER'"}}).json();
  CHECK(children.size() == head.at("Matrix").size());
  CHECK(children.size() >= 2);

  acumatica.control("rename", json{{"key", "KIT0000001"}, {"to", "KITTY"}});
  CHECK(acumatica.record("KitSpecification", "KIT0000001/01").status == 404);
  CHECK(acumatica.record("KitSpecification", "KITTY/01").status == 200);
  CHECK(acumatica.control("rename", json{{"key", "KITTY"}, {"to", "ITEM0000001"}}).at("renamed") == false);
  CHECK(acumatica.control("rename", json{{"key", "KITTY"}, {"to", "KIT0000001"}}).at("renamed") == true);
  CHECK(acumatica.record("KitSpecification", "KIT0000001/01").status == 200);
}

TEST_CASE("a change moves the stamp of its own table alone, and of the template only if so configured") {
  const bool stamps = GENERATE(false, true);
  const AcumaticaProcess acumatica =
      with(stamps ? std::vector<std::string>{"--children-stamp-template"} : std::vector<std::string>{});
  const auto stamp = [&](const std::string& entity, const std::string& key) {
    return value_of(acumatica.record(entity, key).json(), "LastModifiedDateTime").get<std::string>();
  };
  const std::string child =
      value_of(acumatica.items({{"$filter", "TemplateItemID eq 'TMPL000001'"}}).json().at(0), "InventoryID");
  const std::string template_before = stamp("TemplateItems", "TMPL000001");
  const std::string child_before = stamp("StockItem", child);
  const std::string kit_before = stamp("StockItem", "KIT0000001");
  const std::string revision_before = stamp("KitSpecification", "KIT0000001/01");

  acumatica.control("change", json{{"keys", {child}}});
  CHECK(stamp("StockItem", child) != child_before);
  CHECK((stamp("TemplateItems", "TMPL000001") != template_before) == stamps);
  acumatica.control("change", json{{"entity", "KitSpecification"}, {"keys", {"KIT0000001/01"}}});
  CHECK(stamp("KitSpecification", "KIT0000001/01") != revision_before);
  CHECK(stamp("StockItem", "KIT0000001") == kit_before);
}

TEST_CASE("templates, kits, non-stock items and rows of their own inquiry each have their own notification") {
  ScriptedHttpServer webhook;
  webhook.always("POST", "/hook", ScriptedHttpServer::Reply{});
  const AcumaticaProcess acumatica =
      with({"--plain-keys", "--webhook", webhook.url("/hook"), "--query-of", "StockItem.CrossReferences=Barcodes"});
  const auto pushed = [&] {
    acumatica.control("wait-pushes", json{{"timeout_ms", 10'000}});
    return json::parse(webhook.requests("POST", "/hook").back().body);
  };
  acumatica.control("change", json{{"entity", "TemplateItems"}, {"keys", {"TMPL000001"}}});
  json body = pushed();
  CHECK(body.at("Query") == "Template Items: Last Modified Date");
  CHECK_THAT(body.at("Inserted").at(0).at("InventoryID").get<std::string>(), Catch::Matchers::StartsWith("TMPL000001"));

  acumatica.control("change", json{{"entity", "KitSpecification"}, {"keys", {"KIT0000002/01"}}});
  body = pushed();
  CHECK(body.at("Query") == "Kit Specifications: Last Modified Date");
  CHECK_THAT(body.at("Deleted").at(0).at("KitInventoryID").get<std::string>(),
             Catch::Matchers::StartsWith("KIT0000002"));
  CHECK(body.at("Inserted").at(0).contains("INKitSpecHdr_lastModifiedDateTime"));

  acumatica.control("change", json{{"entity", "NonStockItem"}, {"keys", {"NSTK0000001"}}});
  CHECK(pushed().at("Query") == "Non-Stock Items: Last Modified Date");

  const json reference{{"AlternateID", {{"value", "999"}}}, {"AlternateType", {{"value", "Barcode"}}}};
  acumatica.control("change", json{{"keys", {"ITEM0000001"}}, {"set", {{"CrossReferences", {reference}}}}});
  CHECK(pushed().at("Query") == "Barcodes");
  acumatica.control("change", json{{"keys", {"ITEM0000001"}}});
  CHECK(pushed().at("Query") == "Stock Items: Last Modified Date");
  CHECK(webhook.requests("POST", "/hook").size() == 5);
}

TEST_CASE("a million items in families and kits are there at once") {
  const AcumaticaProcess acumatica({"--items", "100000", "--templates", "80000", "--kits", "20000"});
  CHECK(acumatica.control("stats").at("items") > 900'000);
  const json page = acumatica.items({{"$top", "200"}, {"$filter", "InventoryID gt 'TMPL040000'"}}).json();
  REQUIRE(page.size() == 200);
  const std::string head = value_of(page.at(100), "TemplateItemID");
  const json matrix = acumatica.record("TemplateItems", head, {{"$expand", "Matrix"}}).json().at("Matrix");
  CHECK(matrix.size() == acumatica.items({{"$filter", "TemplateItemID eq '" + head + "'"}}).json().size());
}
