#include "acumatica/rest_item_source.hpp"

#include <set>
#include <thread>

#include "catch.hpp"
#include "net/curl_http_client.hpp"
#include "support/advancing_clock.hpp"
#include "support/scripted_http_server.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::chrono_literals;

namespace {

const std::string kItemPath = "/entity/Default/24.200.001/StockItem";

std::string record(const std::string& key) {
  return R"({"InventoryID":{"value":")" + key + R"("},"Description":{"value":"d"}})";
}

std::string page(const std::vector<std::string>& keys) {
  std::string text = "[";
  for (const auto& key : keys) text.append(text.size() > 1 ? "," : "").append(record(key));
  return text + "]";
}

/// A source that signs in by cookies, at a scripted server; waits cost no time.
struct SourceFixture {
  ScriptedHttpServer server;
  AdvancingClock clock;
  SystemClock real_clock;
  Logger logger{LogFormat::text, LogLevel::error};
  net::CurlRuntime runtime;
  net::CurlHttpClient client{{}, real_clock};
  RestItemSourceOptions options;
  catalog::Needs needs;
  std::vector<std::string> seen;  ///< keys handed on, in order

  SourceFixture() {
    server.always("POST", "/entity/auth/login", {204, "", {{"Set-Cookie", "s=1"}}});
    server.always("POST", "/entity/auth/logout", {204});
    server.always("GET", "/entity", {200, R"([{"name":"Default","version":"24.200.001"}])"});
    options.base_url = server.url();
    options.tenant = "T";
    options.credentials = CookieLogin{"u", Secret("p"), "", ""};
    options.page_size = 4;
    options.retry.attempts = 3;
    needs.fields = {"Description"};
  }

  Result<ReadSummary> read(const Selection& selection = Everything{}, std::stop_token stop = {}) {
    struct NoStore final : TokenStore {
      Result<std::unique_ptr<Lock>> lock(std::stop_token) override { return fail("test", "not used"); }
      Result<std::optional<Grant>> load() override { return fail("test", "not used"); }
      Result<void> save(const Grant&) override { return fail("test", "not used"); }
    } store;
    RestItemSource source(options, needs, client, RestItemSource::make_session(options, client, store, clock, logger),
                          clock, logger);
    return source.read(
        selection,
        [&](std::vector<catalog::Item>&& items) -> Result<void> {
          CHECK_FALSE(items.empty());
          for (const auto& item : items) seen.push_back(item.inventory_id);
          return {};
        },
        stop);
  }

  std::string error_code(const Selection& selection = Everything{}) {
    const auto outcome = read(selection);
    return outcome ? "none" : outcome.error().code;
  }

  void once(const std::string& body, int status = 200) { server.once("GET", kItemPath, {status, body}); }

  std::vector<std::string> queries() {
    std::vector<std::string> out;
    for (const auto& request : server.requests("GET", kItemPath)) out.push_back(request.target.substr(kItemPath.size()));
    return out;
  }
};

const std::string kSelect = "?$select=InventoryID%2CDescription";

}  // namespace

TEST_CASE("everything is read by keyset, the server's spelling of the last key in the literal, and proved complete") {
  SourceFixture f;
  f.once(page({"A1", "A2", "A3", "B'4+ "}));
  f.once(page({"C1"}));
  f.once("[]");
  const auto summary = f.read();
  REQUIRE(summary);
  CHECK(f.seen == std::vector<std::string>{"A1", "A2", "A3", "B'4+", "C1"});
  CHECK(summary->items == 5);
  CHECK(summary->requests == 4);  // and one for the endpoints
  CHECK(f.queries() == std::vector<std::string>{kSelect + "&$top=4",
                                                kSelect + "&$filter=InventoryID%20gt%20%27B%27%274%2B%20%27&$top=4",
                                                "?$select=InventoryID&$top=4&$skip=5"});
}

TEST_CASE("modified items are asked for with an explicit offset") {
  SourceFixture f;
  f.options.zone_offset = 180min;
  f.once(page({"A"}));
  REQUIRE(f.read(
      ModifiedBetween{parse_iso8601("2026-11-23T10:00:00Z").value(), parse_iso8601("2026-11-24T00:00:00Z").value()}));
  CHECK(f.queries() ==
        std::vector<std::string>{
            kSelect + "&$filter=LastModifiedDateTime%20ge%20datetimeoffset%272026-11-23T13%3A00%3A00.000%2B03%3A00"
                      "%27%20and%20LastModifiedDateTime%20lt%20datetimeoffset%272026-11-24T03%3A00%3A00.000%2B03%3A00"
                      "%27&$top=4"});
}

TEST_CASE("no modified items is a complete read of nothing") {
  SourceFixture f;
  f.once("[]");
  const auto summary = f.read(ModifiedBetween{{}, {}});
  REQUIRE(summary);
  CHECK(summary->items == 0);
}

TEST_CASE("an empty catalogue is an error unless it is allowed") {
  SourceFixture f;
  f.server.always("GET", kItemPath, {200, "[]"});
  f.options.paging = GENERATE(Paging::automatic, Paging::skip);
  CHECK(f.error_code() == "acumatica.empty_catalogue");
  f.options.allow_empty_catalogue = true;
  CHECK(f.error_code() == "none");
}

TEST_CASE("an answer that is no list is asked for again, then an error, never an empty result") {
  struct Row {
    std::string body, code;
  };
  const auto row = GENERATE(Row{"", "acumatica.unexpected_reply"}, Row{"{}", "acumatica.unexpected_reply"},
                            Row{page({"A", "B"}).substr(0, 40), "acumatica.malformed_json"});
  SourceFixture f;
  f.server.always("GET", kItemPath, {200, row.body});
  const Selection selection =
      GENERATE(Selection{Everything{}}, Selection{ModifiedBetween{{}, {}}}, Selection{Keys{{"A", "B"}}});
  CHECK(f.error_code(selection) == row.code);
  CHECK(f.queries().size() == 3);
  CHECK(f.seen.empty());
  CHECK(f.server.requests("POST", "/entity/auth/logout").size() == 1);
}

TEST_CASE("a connection cut in a page costs one more attempt, not an item") {
  SourceFixture f;
  f.server.once("GET", kItemPath, {200, page({"A", "B"}), {}, false, true});
  f.once(page({"A", "B"}));
  f.once("[]");
  REQUIRE(f.read());
  CHECK(f.seen == std::vector<std::string>{"A", "B"});
}

TEST_CASE("the seat is given back when a read fails, and when its sink does") {
  SourceFixture f;
  f.server.always("GET", kItemPath, {403, ""});
  CHECK(f.error_code() == "acumatica.forbidden");
  CHECK(f.server.requests("POST", "/entity/auth/login").size() == 1);
  CHECK(f.server.requests("POST", "/entity/auth/logout").size() == 1);
}

TEST_CASE("a stop request ends a read that waits for an answer, and the seat is given back") {
  SourceFixture f;
  f.server.always("GET", kItemPath, {200, "", {}, true});
  std::string code;
  {
    std::jthread reader([&](std::stop_token stop) { code = f.read(Everything{}, stop).error().code; });
    REQUIRE(f.server.await("GET", kItemPath, 1));
  }
  CHECK(code == "cancelled");
  CHECK(f.server.requests("POST", "/entity/auth/logout").size() == 1);
}

TEST_CASE("a 401 in mid-read leads to one new sign-in, and two in a row end the read") {
  SourceFixture f;
  f.once(page({"A", "B", "C", "D"}));
  f.once("", 401);
  f.once(page({"E"}));
  f.once("[]");
  REQUIRE(f.read());
  CHECK(f.seen.size() == 5);
  CHECK(f.server.requests("POST", "/entity/auth/login").size() == 2);
  f.once("", 401);
  f.once("", 401);
  CHECK(f.error_code() == "acumatica.unauthorized");
}

TEST_CASE("a throttled request waits as long as it is told") {
  SourceFixture f;
  f.server.once("GET", kItemPath, {429, "", {{"Retry-After", "20"}}});
  f.once(page({"A"}));
  f.once("[]");
  REQUIRE(f.read());
  CHECK(f.clock.waits() == std::vector<std::chrono::milliseconds>{20s});
}

TEST_CASE("an unordered list is read again by $skip, and nothing is handed on twice") {
  SourceFixture f;
  f.once(page({"A1", "A2", "A3", "A4"}));
  for (int i = 0; i < 2; ++i) f.once(page({"B9", "B1", "B3", "B4"}));  // asked for twice, to be sure
  f.once(page({"A1", "A3", "B9", "A2"}));
  f.once(page({"B9", "A2", "B1", "A4"}));
  f.once(page({"B1", "A4", "B3"}));
  f.once(page({"A4", "B3"}));
  REQUIRE(f.read());
  CHECK(f.seen == std::vector<std::string>{"A1", "A2", "A3", "A4", "B9", "B1", "B3"});
  CHECK(f.queries().back() == kSelect + "&$top=4&$skip=5");
}

TEST_CASE("a page that repeats the one before is asked for again") {
  SourceFixture f;
  f.once(page({"A1", "A2", "A3", "A4"}));
  f.once(page({"A1", "A2", "A3", "A4"}));
  f.once(page({"A5"}));
  f.once("[]");
  REQUIRE(f.read());
  CHECK(f.seen.size() == 5);
}

TEST_CASE("a server that gives the same page for ever is given up") {
  SourceFixture f;
  f.server.always("GET", kItemPath, {200, page({"A1", "A2", "A3", "A4"})});
  CHECK(f.error_code() == "acumatica.unstable_order");
  CHECK(f.seen.size() == 4);
}

TEST_CASE("with keyset paging alone an unordered list is an error") {
  SourceFixture f;
  f.options.paging = Paging::keyset;
  f.server.always("GET", kItemPath, {200, page({"B", "A", "C", "D"})});
  CHECK(f.error_code() == "acumatica.unordered");
}

TEST_CASE("a server that gives fewer rows than asked for does not end the read early") {
  SourceFixture f;
  f.once(page({"A1", "A2"}));
  f.once(page({"A3", "A4"}));  // the proof of completeness finds these
  f.once(page({"A1", "A2"}));
  f.once(page({"A2", "A3"}));
  f.once(page({"A3", "A4"}));
  f.once(page({"A4"}));
  REQUIRE(f.read());
  CHECK(f.seen == std::vector<std::string>{"A1", "A2", "A3", "A4"});
}

TEST_CASE("items created behind the reader do not send it back") {
  SourceFixture f;
  f.once(page({"A1", "A3", "A4", "A5"}));
  f.once(page({"A6"}));
  f.once(page({"A6"}));  // at row five, since A2 is there now
  REQUIRE(f.read());
  CHECK(f.seen.size() == 5);
}

TEST_CASE("rows that vanish between two $skip pages leave no gap") {
  SourceFixture f;
  f.options.paging = Paging::skip;
  f.once(page({"A1", "A2", "A3", "A4"}));
  f.once(page({"A4", "A5", "A6", "A7"}));  // A1 is gone: everything moved up
  f.once(page({"A6", "A7"}));
  REQUIRE(f.read());
  CHECK(f.seen == std::vector<std::string>{"A1", "A2", "A3", "A4", "A5", "A6", "A7"});
}

TEST_CASE("a first list that fails with $select is read without it") {
  SourceFixture f;
  f.once(R"({"message":"An error has occurred."})", 500);
  f.once(page({"A"}));
  f.once("[]");
  REQUIRE(f.read());
  CHECK(f.queries() == std::vector<std::string>{kSelect + "&$top=4", "?$top=4", "?$top=4&$skip=1"});
}

TEST_CASE("lists that cannot be optimized give the keys, and each item is read by its key") {
  SourceFixture f;
  f.needs.attributes = true;
  f.once(R"({"exceptionMessage":"Optimization cannot be performed. The following fields cause the error: Attributes"})",
         500);
  f.once(page({"A 1", "B"}));
  f.once("[]");
  f.server.always("GET", kItemPath + "/A 1",
                  {200, R"({"InventoryID":{"value":"A 1"},"Attributes":[{"AttributeID":{"value":"X"}}]})"});
  const auto summary = f.read();  // B has gone meanwhile: 404
  REQUIRE(summary);
  CHECK(f.seen == std::vector<std::string>{"A 1"});
  CHECK(f.queries()[1] == "?$select=InventoryID&$top=4");
  CHECK(summary->failed.empty());
}

TEST_CASE("one item that cannot be read does not stop the others, and five in a row do") {
  SourceFixture f;
  f.options.read_items_by_key = true;
  f.options.page_size = 100;
  std::vector<std::string> keys;
  for (char c = 'A'; c <= 'J'; ++c) keys.emplace_back(1, c);
  f.server.always("GET", kItemPath, [&](const ScriptedHttpServer::Request& request) {
    return ScriptedHttpServer::Reply{200, request.target.find("$skip") == std::string::npos ? page(keys) : "[]"};
  });
  for (const auto& key : keys) f.server.always("GET", kItemPath + "/" + key, {200, record(key)});
  f.server.always("GET", kItemPath + "/C", {500, ""});
  const auto summary = f.read();
  REQUIRE(summary);
  CHECK(summary->items == 9);
  REQUIRE(summary->failed.size() == 1);
  CHECK(summary->failed[0].first == "C");
  for (const char* key : {"D", "E", "F", "G"}) f.server.always("GET", kItemPath + "/" + key, {500, ""});
  CHECK(f.error_code() == "acumatica.server_error");
}

TEST_CASE("keys are read several to a request, and one counts as missing only when its own request says so") {
  SourceFixture f;
  f.once(page({"a1", "B'2 "}));
  f.server.always("GET", kItemPath + "/GONE", {404});
  f.server.always("GET", kItemPath + "/LATE", {200, record("LATE")});
  const auto summary = f.read(Keys{{"A1 ", "B'2", "GONE", "A1", "LATE", " "}});
  REQUIRE(summary);
  CHECK(f.seen == std::vector<std::string>{"a1", "B'2", "LATE"});
  CHECK(summary->missing == std::vector<std::string>{"GONE"});
  CHECK(f.queries() ==
        std::vector<std::string>{kSelect +
                                 "&$filter=InventoryID%20eq%20%27A1%27%20or%20InventoryID%20eq%20%27B%27%272%27%20or%20"
                                 "InventoryID%20eq%20%27GONE%27%20or%20InventoryID%20eq%20%27LATE%27&$top=4"});
}

TEST_CASE("a 404 of a single key is confirmed by a list, so a vanished endpoint is no missing item") {
  SourceFixture f;
  SECTION("the endpoint is there") {
    f.once("[]");
    const auto summary = f.read(Keys{{"GONE"}});
    REQUIRE(summary);
    CHECK(summary->missing == std::vector<std::string>{"GONE"});
  }
  SECTION("everything answers 404") { CHECK(f.error_code(Keys{{"GONE"}}) == "acumatica.not_found"); }
}

TEST_CASE("a key that does not fit a path is read by a filter") {
  SourceFixture f;
  f.once(page({"A/B"}));
  f.once("[]");
  f.once("[]");
  REQUIRE(f.read(Keys{{"A/B"}}));
  const auto missing = f.read(Keys{{"C&D"}});
  REQUIRE(missing);
  CHECK(f.seen == std::vector<std::string>{"A/B"});
  CHECK(missing->missing == std::vector<std::string>{"C&D"});
}

TEST_CASE("many keys go in requests that no server finds too long, and each item comes once") {
  SourceFixture f;
  std::vector<std::string> keys;
  for (int i = 0; i < 500; ++i) keys.push_back("KEY-" + std::to_string(1000 + i));
  f.server.always("GET", kItemPath, [&](const ScriptedHttpServer::Request& request) {
    std::vector<std::string> found;
    for (const auto& key : keys) {
      if (request.target.find("%27" + key + "%27") != std::string::npos) found.push_back(key);
    }
    return ScriptedHttpServer::Reply{200, page(found)};
  });
  REQUIRE(f.read(Keys{keys}));
  CHECK(f.seen == keys);
  for (const auto& request : f.server.requests("GET", kItemPath)) CHECK(request.target.size() <= 2000);
}

TEST_CASE("a list that ignores its filter hands on nothing that was not asked for") {
  SourceFixture f;
  f.once(page({"X", "Y"}));
  f.server.always("GET", kItemPath + "/A", {200, record("A")});
  f.server.always("GET", kItemPath + "/B", {200, record("B")});
  REQUIRE(f.read(Keys{{"A", "B"}}));
  CHECK(f.seen == std::vector<std::string>{"A", "B"});
}

TEST_CASE("a record with an error is reported and the others are read") {
  SourceFixture f;
  f.once("[" + record("A") + R"(,{"InventoryID":{"value":"B"},"error":"broken"}])");
  f.once("[]");
  const auto summary = f.read();
  REQUIRE(summary);
  CHECK(f.seen == std::vector<std::string>{"A"});
  REQUIRE(summary->failed.size() == 1);
  CHECK(summary->failed[0].first == "B");
}

TEST_CASE("a missing endpoint stops the read and is named") {
  SourceFixture f;
  f.options.endpoint_version = "26.200.001";
  CHECK(f.error_code() == "acumatica.endpoint_missing");
}
