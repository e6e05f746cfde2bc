#include "acumatica/product_id_writer.hpp"

#include <memory>
#include <nlohmann/json.hpp>

#include "acumatica/rest_item_source.hpp"
#include "catch.hpp"
#include "session_fixture.hpp"
#include "simulated_instance.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::chrono_literals;

namespace {

/// A source whose instance the writer shares, at `url`.
struct WriterFixture : SessionFixture {
  std::unique_ptr<RestItemSource> source_at(const std::string& url) {
    RestItemSourceOptions options;
    options.base_url = url;
    options.tenant = "MyTenant";
    options.credentials = CookieLogin{"admin", Secret("secret"), "", ""};
    options.endpoint_version = "24.200.001";
    options.retry.attempts = 1;
    return std::make_unique<RestItemSource>(
        options, catalog::Needs{}, client, RestItemSource::make_session(options, client, tokens, real_clock, logger),
        real_clock, logger);
  }

  TemporaryDirectory directory{"writer"};
  FileTokenStore tokens{directory / "token.json", real_clock};
};

std::string code_of(const Result<void>& outcome) { return outcome ? "none" : outcome.error().code; }

}  // namespace

TEST_CASE("a product ID is written to an item that exists, into a custom field, and nothing else changes") {
  WriterFixture fixture;
  SimulatedInstance instance({"--items", "3"});
  const auto source = fixture.source_at(instance.url());
  ProductIdWriter writer(source->instance(), *catalog::parse_source("custom:ItemSettings.UsrRithumProductID"));
  const auto query = "$select=InventoryID,Description&$custom=ItemSettings.UsrRithumProductID";
  const auto before = instance.all_records(query);
  const auto id = before.at(0).at("InventoryID").at("value").get<std::string>();

  REQUIRE(writer.write(id, "10062976", {}));
  const auto after = instance.all_records(query);
  REQUIRE(after.size() == before.size());
  CHECK(after.at(0).at("custom").at("ItemSettings").at("UsrRithumProductID").at("value") == "10062976");
  CHECK(after.at(0).at("Description") == before.at(0).at("Description"));
  CHECK(after.at(1) == before.at(1));

  CHECK(code_of(writer.write("NOSUCHITEM", "1", {})) == "acumatica.item_missing");
  CHECK(instance.all_records(query).size() == before.size());
}

TEST_CASE("the request carries the key, the one value and a condition that forbids making an item") {
  struct Row {
    const char* target;
    const char* body;
  };
  const auto row = GENERATE(
      Row{"attribute:RITHUMID",
          R"({"InventoryID":{"value":"A\"1"},"Attributes":[{"AttributeID":{"value":"RITHUMID"},"Value":{"value":"7"}}]})"},
      Row{"custom:ItemSettings.UsrRithumID",
          R"({"InventoryID":{"value":"A\"1"},"custom":{"ItemSettings":{"UsrRithumID":{"type":"CustomStringField","value":"7"}}}})"});
  WriterFixture fixture;
  fixture.server.always("POST", "/entity/auth/login", {204, "", {{"Set-Cookie", "s=1"}}});
  fixture.server.always("POST", "/entity/auth/logout", {204, ""});
  fixture.server.always("GET", "/entity", {200, R"({"endpoints":[{"name":"Default","version":"24.200.001"}]})"});
  fixture.server.always("PUT", "/entity/Default/24.200.001/StockItem", {200, "{}"});
  const auto source = fixture.source_at(fixture.server.url());
  ProductIdWriter writer(source->instance(), *catalog::parse_source(row.target));
  REQUIRE(writer.write("A\"1", "7", {}));
  const auto puts = fixture.server.requests("PUT", "/entity/Default/24.200.001/StockItem");
  REQUIRE(puts.size() == 1);
  CHECK(puts[0].body == row.body);
  CHECK(puts[0].header("If-Match") == "*");
  CHECK(puts[0].target == "/entity/Default/24.200.001/StockItem?$select=InventoryID");

  fixture.server.always("PUT", "/entity/Default/24.200.001/StockItem", {422, R"({"message":"Too long."})"});
  CHECK(code_of(writer.write("A", "7", {})) == "acumatica.not_saved");
}
