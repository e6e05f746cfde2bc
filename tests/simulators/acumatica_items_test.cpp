#include <set>
#include <string>

#include "catch.hpp"
#include "simulators/acumatica_process.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

std::string key_of(const json& record) { return record.at("InventoryID").at("value"); }

/// The value of a field in any of its three forms; null when it is empty.
std::vector<std::string> keys_of(const json& list) {
  std::vector<std::string> keys;
  for (const json& record : list) keys.push_back(key_of(record));
  return keys;
}

json item_of(const std::string& key) { return {{"InventoryID", {{"value", key}}}}; }

}  // namespace

TEST_CASE("paging by key over 3,000 items visits each once, in ascending order") {
  const AcumaticaProcess acumatica({"--items", "3000"});
  std::vector<std::string> keys;
  for (std::string last; keys.size() < 5'000;) {
    AcumaticaProcess::Parameters parameters{{"$top", "700"}, {"$select", "InventoryID"}};
    std::string quoted = last;
    for (std::size_t at = quoted.find('\''); at != std::string::npos; at = quoted.find('\'', at + 2))
      quoted.insert(at, "'");
    if (!last.empty()) parameters["$filter"] = "InventoryID gt '" + quoted + "'";
    const auto page = keys_of(acumatica.items(parameters).json());
    keys.insert(keys.end(), page.begin(), page.end());
    if (page.size() < 700) break;
    last = page.back();
  }
  CHECK(keys.size() == 3'000);
  CHECK(std::set(keys.begin(), keys.end()).size() == 3'000);
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  CHECK(std::any_of(keys.begin(), keys.end(), [](const auto& key) { return key.find('\'') != std::string::npos; }));
}

TEST_CASE("a shuffled list is out of order, and $skip still visits each item once") {
  const AcumaticaProcess acumatica({"--items", "1000", "--order", "shuffled"});
  std::vector<std::string> keys;
  for (int skip = 0; skip <= 1'000; skip += 300) {
    const auto page =
        acumatica.items({{"$top", "300"}, {"$skip", std::to_string(skip)}, {"$select", "InventoryID"}}).json();
    for (const auto& key : keys_of(page)) keys.push_back(key);
  }
  CHECK(keys.size() == 1'000);
  CHECK(std::set(keys.begin(), keys.end()).size() == 1'000);
  CHECK_FALSE(std::is_sorted(keys.begin(), keys.end()));
}

TEST_CASE("the same seed serves the same items, another seed others") {
  const AcumaticaProcess::Parameters all{{"$expand", "Attributes,CrossReferences,WarehouseDetails,FileURLs"}};
  const std::string first = AcumaticaProcess({"--items", "50", "--seed", "7"}).items(all).body;
  CHECK(first == AcumaticaProcess({"--items", "50", "--seed", "7"}).items(all).body);
  CHECK(first != AcumaticaProcess({"--items", "50", "--seed", "8"}).items(all).body);
}

TEST_CASE("a generated catalogue has what the readers of it must cope with") {
  const AcumaticaProcess acumatica({"--items", "3000"});
  const json list =
      acumatica.items({{"$expand", "Attributes,CrossReferences"}, {"$custom", "ItemSettings.UsrActiveOnRithum"}})
          .json();
  std::map<std::string, int> classes, statuses, forms, active, references;
  int kits = 0, children = 0;
  for (const json& record : list) {
    ++classes[value_of(record, "ItemClass")];
    ++statuses[value_of(record, "ItemStatus")];
    const auto msrp = record.find("MSRP");
    ++forms[msrp == record.end()      ? "missing"
            : msrp->contains("value") ? msrp->at("value").is_null() ? "null" : "value"
                                      : "{}"];
    ++active[record.at("custom").at("ItemSettings").at("UsrActiveOnRithum").value("value", json()).dump()];
    for (const json& row : record.at("CrossReferences")) ++references[value_of(row, "AlternateType")];
    kits += value_of(record, "IsAKit") == true;
    children += !value_of(record, "TemplateItemID").is_null();
  }
  CHECK(classes.size() == 5);
  CHECK(classes.contains("HOME GOODS"));
  CHECK(statuses.size() == 6);
  CHECK(statuses["Active"] > 2'500);
  CHECK(forms.size() == 4);  // value, {}, null, missing
  CHECK(active["true"] > 2'250);
  CHECK(active["true"] < 2'550);
  CHECK(active.size() == 3);  // true, false, empty
  CHECK(references.size() == 4);
  CHECK(kits == 60);
  CHECK(children > 50);
  const std::string content = value_of(list.at(1), "Content");
  CHECK_THAT(content, ContainsSubstring("/* RTE style begin */") && ContainsSubstring("/* RTE style end */"));
  CHECK_THAT(content, ContainsSubstring("Größe") && ContainsSubstring("\t") && ContainsSubstring("\n"));
}

TEST_CASE("details come only when expanded, and selected columns only when named") {
  const AcumaticaProcess acumatica;
  const json plain = acumatica.item("ITEM0000001").json();
  CHECK_FALSE(plain.contains("Attributes"));
  CHECK_FALSE(plain.contains("files"));
  CHECK(plain.at("custom").empty());

  const json expanded = acumatica.item("ITEM0000001", {{"$expand", "Attributes,WarehouseDetails,files"}}).json();
  CHECK(value_of(expanded.at("Attributes").at(0), "AttributeID") == "BRAND");
  CHECK(expanded.at("WarehouseDetails").at(0).contains("QtyOnHand"));
  CHECK(expanded.at("files").is_array());
  CHECK_FALSE(expanded.contains("CrossReferences"));

  const json narrow = acumatica
                          .items({{"$top", "1"},
                                  {"$expand", "Attributes,WarehouseDetails"},
                                  {"$select", "InventoryID,WarehouseDetails/QtyOnHand"},
                                  {"$filter", "ItemStatus eq 'Active'"}})
                          .json()
                          .at(0);
  CHECK_FALSE(narrow.contains("Attributes"));
  CHECK_FALSE(narrow.contains("Description"));
  CHECK(narrow.at("ItemStatus").at("value") == "Active");  // fields of the filter come back anyway
  CHECK(narrow.at("WarehouseDetails").at(0).contains("QtyOnHand"));
  CHECK_FALSE(narrow.at("WarehouseDetails").at(0).contains("WarehouseID"));
}

TEST_CASE("the custom block holds what $custom asks, as far as it exists") {
  const AcumaticaProcess acumatica;
  const json record = acumatica
                          .item("ITEM0000001", {{"$custom",
                                                 "ItemSettings.UsrActiveOnRithum,ItemSettings.UsrNothing,"
                                                 "ItemSettings.UsrRithumProductID"}})
                          .json();
  const json& settings = record.at("custom").at("ItemSettings");
  CHECK(settings.size() == 2);
  CHECK(settings.at("UsrActiveOnRithum").at("type") == "CustomBooleanField");
  CHECK(settings.at("UsrRithumProductID").at("type") == "CustomStringField");
  const json schema = acumatica.item("$adHocSchema").json();
  CHECK(schema.at("custom").at("ItemSettings").at("UsrActiveOnRithum").at("type") == "CustomBooleanField");
  CHECK(schema.at("InventoryID") == json::object());
}

TEST_CASE("unknown names and expands that cannot be optimized answer 500 with Acumatica's error body") {
  const AcumaticaProcess acumatica({"--cannot-optimize", "Attributes,FileURLs"});
  const auto refused = acumatica.items({{"$top", "1"}, {"$expand", "CrossReferences,Attributes"}});
  CHECK(refused.status == 500);
  CHECK(refused.json().at("exceptionType") == "PX.Api.ContractBased.OptimizedExport.CannotOptimizeException");
  CHECK_THAT(refused.json().at("exceptionMessage").get<std::string>(),
             ContainsSubstring("Optimization cannot be performed. The following fields cause the error:"));
  CHECK(acumatica.items({{"$top", "1"}, {"$expand", "CrossReferences"}}).status == 200);
  CHECK(acumatica.item("ITEM0000001", {{"$expand", "Attributes"}}).status == 200);

  const auto unknown = acumatica.items({{"$filter", "Nothing eq 'x'"}});
  CHECK(unknown.status == 500);
  for (const char* member : {"message", "exceptionMessage", "exceptionType", "stackTrace"})
    CHECK(unknown.json().contains(member));
  CHECK(acumatica.items({{"$select", "Nothing"}}).status == 500);
  CHECK(acumatica.items({{"$expand", "Nothing"}}).status == 500);
  CHECK(acumatica.items({{"$filter", "substringof('ITEM',InventoryID) eq true"}}).body == "[]");
}

TEST_CASE("what is not there answers 404, what is switched off 403") {
  const AcumaticaProcess acumatica({"--switched-off", "KitSpecification,TemplateItems"});
  const AcumaticaProcess::Headers bearer{{"Authorization", "Bearer " + acumatica.access_token()}};
  const auto [path, status] = GENERATE(table<std::string, int>({
      {"/entity/Default/24.200.001/StockItem/NONE", 404},
      {"/entity/Default/24.200.001/StockItem/00000000-0000-0000-0000-000000000000", 404},
      {"/entity/Default/21.200.001/StockItem", 404},
      {"/entity/Other/24.200.001/StockItem", 404},
      {"/entity/Default/24.200.001/Nothing", 404},
      {"/entity/Default/24.200.001/KitSpecification", 403},
      {"/entity/Default/24.200.001/TemplateItems", 403},
      {"/entity/Default/24.200.001/StockItem/ITEM0000001", 200},
      {"/nowhere", 404},
  }));
  CAPTURE(path);
  CHECK(acumatica.send("GET", path, "", bearer).status == status);
}

TEST_CASE("an item is read by its key, with special characters and trailing blanks, and by its id") {
  const AcumaticaProcess acumatica({"--items", "2500"});
  const std::string odd =
      GENERATE(as<std::string>(), "ITEM0000137 5\"", "ITEM0000387'S", "ITEM0000637-ÄÖ", "ITEM0000887 A&B",
               "ITEM0001137-50%", "ITEM0001387-日本", "ITEM0001637+X", "ITEM0001887 #9");
  const auto answer = acumatica.item(odd);
  REQUIRE(answer.status == 200);
  CHECK(key_of(answer.json()) == odd);
  CHECK(key_of(acumatica.item(odd + "  ").json()) == odd);
  CHECK(key_of(acumatica.item(answer.json().at("id")).json()) == odd);
}

TEST_CASE("PUT changes only what differs, stamps the item and returns it") {
  const AcumaticaProcess acumatica;
  const json before = acumatica.item("ITEM0000001").json();
  json change = item_of("ITEM0000001 ");
  change["Description"]["value"] = "Neu \"x\"";
  change["DefaultPrice"]["value"] = 12.5;
  change["custom"]["ItemSettings"]["UsrRithumProductID"] = {{"type", "CustomStringField"}, {"value", "77"}};
  change["Attributes"] = {{{"AttributeID", {{"value", "Color"}}}, {"Value", {{"value", "Black"}}}}};
  change["CrossReferences"] = {{{"AlternateType", {{"value", "Global"}}}, {"AlternateID", {{"value", "NEW-1"}}}}};
  const AcumaticaProcess::Parameters shape{{"$expand", "Attributes,CrossReferences"},
                                           {"$custom", "ItemSettings.UsrRithumProductID"}};
  const auto answer = acumatica.put(change, shape, {{"If-Match", "*"}});
  REQUIRE(answer.status == 200);
  const json after = answer.json();
  CHECK(key_of(after) == "ITEM0000001");
  CHECK(value_of(after, "Description") == "Neu \"x\"");
  CHECK(value_of(after, "DefaultPrice") == 12.5);
  CHECK(value_of(after, "MSRP") == value_of(before, "MSRP"));
  CHECK(after.at("custom").at("ItemSettings").at("UsrRithumProductID").at("value") == "77");
  CHECK(value_of(after.at("Attributes").back(), "AttributeID") ==
        "COLOR");  // names and labels are accepted, ids come back
  CHECK(value_of(after.at("Attributes").back(), "Value") == "BLK");
  CHECK(value_of(after.at("Attributes").back(), "ValueDescription") == "Black");
  CHECK(value_of(after.at("CrossReferences").back(), "AlternateID") == "NEW-1");
  CHECK(value_of(after, "LastModified").get<std::string>() > value_of(before, "LastModified").get<std::string>());
  CHECK(acumatica.item("ITEM0000001", shape).json() == after);

  change["DefaultPrice"]["value"] = "12.500000";  // all as stored: nothing happens
  CHECK(acumatica.put(change, shape).json() == after);

  change["CrossReferences"][0]["delete"] = true;
  const json without = acumatica.put(change, shape).json();
  CHECK(without.at("CrossReferences").size() + 1 == after.at("CrossReferences").size());
}

TEST_CASE("If-Match refuses to create, If-None-Match to update") {
  const AcumaticaProcess acumatica;
  CHECK(acumatica.put(item_of("NEW"), {}, {{"If-Match", "*"}}).status == 412);
  CHECK(acumatica.put(item_of("ITEM0000001"), {}, {{"If-None-Match", "*"}}).status == 412);
  CHECK(acumatica.put(item_of("NEW"), {}, {{"If-None-Match", "*"}}).status == 200);
  CHECK(acumatica.put(item_of("NEW"), {}, {{"If-Match", "*"}}).status == 200);
  const auto list = keys_of(acumatica.items({{"$filter", "InventoryID gt 'ITEM0000999'"}}).json());
  CHECK(list == std::vector<std::string>{"ITEM0001000", "NEW"});
}

TEST_CASE("values that the form does not know answer 422, and members the contract does not have 400") {
  const AcumaticaProcess acumatica;
  json status = item_of("ITEM0000001");
  status["ItemStatus"]["value"] = "Sold Out";
  const auto answer = acumatica.put(status);
  CHECK(answer.status == 422);
  CHECK(answer.json().at("ItemStatus").contains("error"));
  json attribute = item_of("ITEM0000001");
  attribute["Attributes"] = {{{"AttributeID", {{"value", "COLOR"}}}, {"Value", {{"value", "Plaid"}}}}};
  CHECK(acumatica.put(attribute).status == 422);
  json unknown = item_of("ITEM0000001");
  unknown["Nothing"]["value"] = "x";
  CHECK(acumatica.put(unknown).status == 400);
  CHECK(acumatica.put(json::array()).status == 400);
  CHECK(acumatica.put(json::object()).status == 422);
}

TEST_CASE("items changed by the control interface are found by their time") {
  const AcumaticaProcess acumatica({"--items", "5000", "--utc-offset-minutes", "-300"});
  const std::string since = value_of(
      acumatica.put({{"InventoryID", {{"value", "ITEM0000005"}}}, {"Description", {{"value", "mark"}}}}).json(),
      "LastModified");
  CHECK(since.ends_with("-05:00"));
  const json changed = acumatica.control("change", json{{"count", 7},
                                                        {"seed", 3},
                                                        {"where", "ItemClass eq 'ELEC'"},
                                                        {"set", {{"Description", "Changed {key} no. {n}"}}}});
  std::set<std::string> wanted;
  for (const json& each : changed.at("changed")) wanted.insert(each.at("key").get<std::string>());
  REQUIRE(wanted.size() == 7);
  const json found = acumatica.items({{"$filter", "LastModified gt datetimeoffset'" + since + "'"}}).json();
  CHECK(found.size() == 7);
  for (const json& record : found) {
    CHECK(wanted.contains(key_of(record)));
    CHECK(value_of(record, "ItemClass") == "ELEC");
    CHECK_THAT(value_of(record, "Description").get<std::string>(),
               Catch::Matchers::StartsWith("Changed " + key_of(record)));
  }
}

TEST_CASE("a deleted item is gone from lists and reads") {
  const AcumaticaProcess acumatica({"--items", "10"});
  acumatica.control("delete", json{{"keys", {"ITEM0000003", "NONE"}}});
  CHECK(acumatica.item("ITEM0000003").status == 404);
  CHECK(acumatica.items().json().size() == 9);
  CHECK(acumatica.control("stats").at("items") == 9);
  CHECK(acumatica.items({{"$filter", "InventoryID eq 'ITEM0000003' or InventoryID eq 'ITEM0000004'"}}).json().size() ==
        1);
}

TEST_CASE("told to, the simulator misbehaves as often as told") {
  const AcumaticaProcess acumatica({"--items", "20"});
  const AcumaticaProcess::Parameters page{{"$select", "InventoryID"}};
  const std::string good = acumatica.items(page).body;

  acumatica.control("behaviour", json{{"fail_next", 2}, {"fail_status", 429}, {"retry_after_s", 7}});
  const auto failed = acumatica.items(page);
  CHECK(failed.status == 429);
  CHECK(failed.headers.find("Retry-After")->second == "7");
  CHECK(acumatica.items(page).status == 429);
  CHECK(acumatica.items(page).body == good);

  acumatica.control("behaviour", json{{"unauthorized_next", 1}});
  CHECK(acumatica.items(page).status == 401);
  CHECK(acumatica.items(page).body == good);

  acumatica.control("behaviour", json{{"cut_next", 2}, {"cut_after_bytes", 50}});
  CHECK(acumatica.items(page).status == 0);
  CHECK(acumatica.item("ITEM0000001").status == 0);
  CHECK(acumatica.items(page).body == good);

  acumatica.control("behaviour", json{{"truncate_next", 2}, {"truncate_bytes", 50}});
  CHECK(acumatica.items(page).body == good.substr(0, 50));
  CHECK(acumatica.item("ITEM0000001").body.size() == 50);
  CHECK(acumatica.items(page).body == good);

  const std::string first = acumatica.items({{"$select", "InventoryID"}, {"$top", "5"}}).body;
  acumatica.control("behaviour", json{{"repeat_pages", 1}});
  const AcumaticaProcess::Parameters next{
      {"$select", "InventoryID"}, {"$top", "5"}, {"$filter", "InventoryID gt 'ITEM0000005'"}};
  CHECK(acumatica.items(next).body == first);
  CHECK(acumatica.items(next).body != first);

  acumatica.control("behaviour", json{{"latency_ms", 150}});
  const auto start = std::chrono::steady_clock::now();
  CHECK(acumatica.items(page).body == good);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(150));
  CHECK_THROWS_WITH(acumatica.control("behaviour", json{{"latency", 1}}),
                    ContainsSubstring("unknown setting 'latency'"));
}

TEST_CASE("a page of 2,500 full items deep in a catalogue of a million is whole") {
  AcumaticaProcess acumatica({"--items", "1000000"});
  (void)acumatica.items({{"$top", "1"}});  // signs in
  const AcumaticaProcess::Parameters page{{"$top", "2500"},
                                          {"$filter", "InventoryID gt 'ITEM0900000'"},
                                          {"$expand", "Attributes,CrossReferences,WarehouseDetails"},
                                          {"$custom", "ItemSettings.UsrActiveOnRithum"}};
  const json list = acumatica.items(page).json();
  CHECK(list.size() == 2'500);
  CHECK(key_of(list.front()) == "ITEM0900001");
  CHECK(acumatica.items({{"$filter", "LastModified gt datetimeoffset'2026-11-02T00:00:00Z'"}}).body == "[]");
  CHECK(acumatica.items({{"$top", "50000"}, {"$select", "InventoryID,Description,Content"}}).body.size() > 10'000'000);
}

TEST_CASE("the simulator ends at once and cleanly when it is told to") {
  const int signal = GENERATE(2, 15);
  AcumaticaProcess acumatica;
  CHECK(acumatica.item("ITEM0000001").status == 200);
  acumatica.process().signal(signal);
  CHECK(acumatica.process().wait(std::chrono::seconds(5)) == 0);
  CHECK(acumatica.process().output() == "acumatica-simulator listening on " + acumatica.url() + "\n");
}
