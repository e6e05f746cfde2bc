#include <algorithm>
#include <map>
#include <set>

#include "acumatica/notification.hpp"
#include "acumatica/tenant.hpp"
#include "catch.hpp"
#include "simulators/acumatica_process.hpp"
#include "support/scripted_http_server.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

/// A webhook and a simulator that posts to it.
struct PushedTo {
  explicit PushedTo(std::vector<std::string> options = {}, const std::string& retry_ms = "10")
      : acumatica(with_webhook(std::move(options), retry_ms)) {}

  std::vector<std::string> with_webhook(std::vector<std::string> options, const std::string& retry_ms) {
    webhook.always("POST", "/hook", ScriptedHttpServer::Reply{});
    options.insert(options.end(), {"--webhook-header", "X-Sync-Key", "--webhook-secret", "hush", "--push-retry-ms",
                                   retry_ms, "--items", "500", "--plain-keys", "--webhook", webhook.url("/hook")});
    return options;
  }

  [[nodiscard]] json wait() const {
    return acumatica.control("wait-pushes", json{{"timeout_ms", 10'000}}).at("notifications");
  }
  [[nodiscard]] std::vector<json> received() const {
    std::vector<json> all;
    for (const auto& request : webhook.requests("POST", "/hook")) {
      json body = json::parse(request.body, nullptr, false);
      if (!body.is_discarded()) all.push_back(std::move(body));
    }
    return all;
  }

  ScriptedHttpServer webhook;
  AcumaticaProcess acumatica;
};

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

json description_of(const std::string& key, const std::string& text) {
  return {{"InventoryID", {{"value", key}}}, {"Description", {{"value", text}}}};
}

}  // namespace

TEST_CASE("a notification has the form of the vendor's samples") {
  using namespace acumatica_sim;
  Tenant tenant(CatalogueOptions{.items = 1, .base_time = 0, .plain_keys = true});
  Catalogue& catalogue = tenant[Table::stock_items];
  const auto field = [&](std::string_view name) { return *catalogue.spec().field(name); };
  Edit old_values;
  old_values.fields = {{field("Description"), "Old"}, {field("ItemClass"), "TOYS"}, {field("ItemStatus"), "Active"}};
  REQUIRE(catalogue.apply("ITEM0000001", old_values).after);
  Edit new_values;
  new_values.fields = {{field("ItemStatus"), "Inactive"}, {field("Description"), std::nullopt}};
  Change change = catalogue.apply("ITEM0000001", new_values);
  const int offset = 180;
  NotificationBuilder builder(
      {{{"StockItem", {"Stock Items: Last Modified Date", "Second"}}}, "MyTenant", "BRAND", offset, 1});
  const Millis now = 1'714'921'583'100;  // 2024-05-05T15:06:23.1Z
  (void)builder.bodies({change}, now);
  const auto bodies = builder.bodies({change}, now);
  REQUIRE(bodies.size() == 2);

  const std::string note = change.after->id();
  const std::string before = local_text(change.before->last_modified(), offset);
  const std::string after = local_text(change.after->last_modified(), offset);
  const json body = json::parse(bodies[0]);
  const std::string inserted_key = body.at("Inserted").at(0).at("InventoryID");
  const std::string deleted_key = body.at("Deleted").at(0).at("InventoryID");
  CHECK(inserted_key != deleted_key);
  CHECK(trimmed(inserted_key) == "ITEM0000001");
  CHECK(trimmed(deleted_key) == "ITEM0000001");
  const std::string ticks = body.at("TimeStamp").dump();
  CHECK(bodies[0] == R"({"Inserted":[{"InventoryID":")" + inserted_key +
                         R"(","Description":null,"ItemClass":"TOYS","ItemStatus":"Inactive","StockItem":true,)" +
                         R"("InventoryItem_lastModifiedDateTime":")" + after + R"(","NoteID":")" + note +
                         R"(","BRAND":null}],"Deleted":[{"InventoryID":")" + deleted_key +
                         R"(","Description":"Old","ItemClass":"TOYS","ItemStatus":"Active","StockItem":true,)" +
                         R"("InventoryItem_lastModifiedDateTime":")" + before + R"(","NoteID":")" + note +
                         R"(","BRAND":null}],"Query":"Stock Items: Last Modified Date","CompanyId":"MyTenant","Id":")" +
                         body.at("Id").get<std::string>() + R"(","TimeStamp":)" + ticks +
                         R"(,"AdditionalInfo":{"PXPerformanceInfoStartTime":"05/05/2024 15:06:23"}})");
  CHECK(ticks.size() == 18);
  CHECK(ticks.substr(0, 13) == "6385051838310");  // .NET ticks of that millisecond: 63850518383100 and four digits more
  const json second = json::parse(bodies[1]);
  CHECK(second.at("Id") == body.at("Id"));
  CHECK(second.at("Query") == "Second");
}

TEST_CASE("datetimes in rows are local, without offset, and drop trailing zeros") {
  using acumatica_sim::local_text;
  CHECK(local_text(1'714'921'583'100, 0) == "2024-05-05T15:06:23.1");
  CHECK(local_text(1'714'921'583'103, 600) == "2024-05-06T01:06:23.103");
  CHECK(local_text(1'714'921'583'000, -330) == "2024-05-05T09:36:23");
  CHECK(acumatica_sim::dotnet_ticks(1'493'986'582'949) == 636'295'833'829'490'000);  // acumatica.md §1.2
}

TEST_CASE("a PUT is pushed with the secret header, one that changes nothing is not") {
  const PushedTo pushed;
  REQUIRE(pushed.acumatica.put(description_of("ITEM0000001", "Neu")).status == 200);
  REQUIRE(pushed.acumatica.put(description_of("ITEM0000001", "Neu")).status == 200);
  CHECK(pushed.wait().at("delivered") == 1);
  const auto requests = pushed.webhook.requests("POST", "/hook");
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].header("X-Sync-Key") == "hush");
  CHECK_THAT(requests[0].header("Content-Type"), ContainsSubstring("application/json"));
  const json body = json::parse(requests[0].body);
  CHECK(body.at("Inserted").at(0).at("Description") == "Neu");
  CHECK(body.at("Deleted").size() == 1);
  CHECK(body.at("TimeStamp").get<std::uint64_t>() > 639'000'000'000'000'000);
}

TEST_CASE("an insert fills Inserted alone, a delete Deleted alone, a changed attribute both") {
  const PushedTo pushed;
  pushed.acumatica.control("change", json{{"keys", {"BRANDNEW"}}, {"set", {{"Description", "first"}}}});
  pushed.acumatica.control("change", json{{"keys", {"BRANDNEW"}}, {"set", {{"Attributes", {{"BRAND", "ACME"}}}}}});
  pushed.acumatica.control("change",
                           json{{"keys", {"BRANDNEW"}}, {"set", {{"Attributes", {{"BRAND", "Nordic Light"}}}}}});
  pushed.acumatica.control("delete", json{{"keys", {"BRANDNEW"}}});
  CHECK(pushed.wait().at("delivered") == 4);
  const auto bodies = pushed.received();
  REQUIRE(bodies.size() == 4);
  CHECK(bodies[0].at("Inserted").size() == 1);
  CHECK(bodies[0].at("Deleted").empty());
  CHECK(bodies[2].at("Deleted").at(0).at("BRAND") == "ACME");
  CHECK(bodies[2].at("Inserted").at(0).at("BRAND") == "NORDIC");
  CHECK(bodies[3].at("Inserted").empty());
  CHECK(trimmed(bodies[3].at("Deleted").at(0).at("InventoryID")) == "BRANDNEW");
  for (std::size_t i = 1; i < bodies.size(); ++i) CHECK(bodies[i].at("TimeStamp") > bodies[i - 1].at("TimeStamp"));
}

TEST_CASE("a webhook that refuses gets five attempts, then the notification is on the failure list") {
  PushedTo pushed;
  pushed.webhook.always("POST", "/hook", ScriptedHttpServer::Reply{.status = 500});
  pushed.acumatica.control("change", json{{"keys", {"ITEM0000001"}}});
  json counts = pushed.wait();
  CHECK(counts.at("attempts") == 5);
  CHECK(counts.at("failed") == 1);
  CHECK(counts.at("delivered") == 0);
  CHECK(pushed.webhook.requests("POST", "/hook").size() == 5);
  const json failures = pushed.acumatica.control("failures");
  REQUIRE(failures.size() == 1);
  CHECK(failures.at(0).at("error") == "status 500");

  pushed.webhook.always("POST", "/hook", ScriptedHttpServer::Reply{});
  CHECK(pushed.acumatica.control("resend", json::object()).at("count") == 1);
  counts = pushed.wait();
  CHECK(counts.at("delivered") == 1);
  CHECK(pushed.acumatica.control("failures").empty());
}

TEST_CASE("a notification that is refused once arrives at the second attempt, after later ones") {
  PushedTo pushed({}, "300");
  pushed.webhook.once("POST", "/hook", ScriptedHttpServer::Reply{.status = 503});
  pushed.acumatica.control("change", json{{"keys", {"ITEM0000001"}}});
  pushed.acumatica.control("change", json{{"keys", {"ITEM0000002"}}});
  CHECK(pushed.wait().at("delivered") == 2);
  const auto bodies = pushed.received();
  REQUIRE(bodies.size() == 3);
  CHECK(bodies[0] == bodies[2]);
  CHECK(trimmed(bodies[1].at("Inserted").at(0).at("InventoryID")) == "ITEM0000002");
}

TEST_CASE("pushes can be held, doubled, reordered and mixed with malformed ones") {
  const PushedTo pushed;
  pushed.acumatica.control(
      "behaviour",
      json{{"hold_pushes", true}, {"duplicate_notifications", 1}, {"reorder_window", 10}, {"malformed_every", 4}});
  const json changed = pushed.acumatica.control("change", json{{"count", 20}, {"seed", 5}});
  CHECK(pushed.acumatica.control("stats").at("notifications").at("waiting") == 40);
  CHECK(pushed.webhook.requests("POST", "/hook").empty());
  pushed.acumatica.control("behaviour", json{{"hold_pushes", false}});
  const json counts = pushed.wait();
  CHECK(counts.at("delivered") == 40);
  CHECK(counts.at("malformed") == 10);
  CHECK(pushed.webhook.requests("POST", "/hook").size() == 50);

  std::vector<std::uint64_t> stamps;
  std::map<std::string, int> times;
  for (const json& body : pushed.received()) {
    if (!body.is_object() || !body.contains("AdditionalInfo") || body.at("Inserted").empty()) continue;
    stamps.push_back(body.at("TimeStamp"));
    ++times[trimmed(body.at("Inserted").at(0).at("InventoryID"))];
  }
  CHECK(times.size() == 20);
  for (const json& each : changed.at("changed")) CHECK(times[each.at("key")] == 2);
  CHECK_FALSE(std::is_sorted(stamps.begin(), stamps.end()));
}

TEST_CASE("a transaction may touch many items, and several queries may see it") {
  const PushedTo pushed({"--query", "First", "--query", "Second"});
  pushed.acumatica.control("change", json{{"count", 25}, {"rows_per_notification", 10}});
  CHECK(pushed.wait().at("delivered") == 6);
  const auto bodies = pushed.received();
  CHECK(bodies[0].at("Inserted").size() == 10);
  CHECK(bodies[0].at("Id") == bodies[1].at("Id"));
  CHECK(bodies[0].at("Query") == "First");
  CHECK(bodies[1].at("Query") == "Second");
  CHECK(bodies[5].at("Inserted").size() == 5);
}

TEST_CASE("a change of untracked fields, or one without notification, is not pushed") {
  const PushedTo pushed({"--track", "Description,Attributes"});
  json product_id{{"InventoryID", {{"value", "ITEM0000001"}}}};
  product_id["custom"]["ItemSettings"]["UsrRithumProductID"] = {{"type", "CustomStringField"}, {"value", "9"}};
  REQUIRE(pushed.acumatica.put(product_id).status == 200);
  CHECK(pushed.acumatica.control("change", json{{"count", 5}, {"notify", false}}).at("count") == 5);
  CHECK(pushed.wait().at("queued") == 0);
  REQUIRE(pushed.acumatica.put(description_of("ITEM0000001", "tracked")).status == 200);
  CHECK(pushed.wait().at("queued") == 1);
}
