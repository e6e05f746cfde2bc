#include "rithum/product_reader.hpp"

#include <fmt/format.h>

#include "account_fixture.hpp"
#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

namespace {

std::string page(const std::vector<int>& ids, const std::string& next = {}) {
  std::string products;
  for (const int id : ids) products += fmt::format(R"({}{{"ID":{},"Sku":"S{}"}})", products.empty() ? "" : ",", id, id);
  return fmt::format(R"({{"@odata.context":"x","value":[{}]{}}})", products,
                     next.empty() ? "" : fmt::format(R"(,"@odata.nextLink":"{}")", next));
}

struct ReaderFixture : AccountFixture {
  ProductReader reader{account};
};

}  // namespace

TEST_CASE("SKUs go into the filter with doubled quotes and percent-encoded, for the profile alone") {
  ReaderFixture fixture;
  fixture.server.always(
      "GET", "/v1/Products",
      {200,
       R"({"value":[{"ID":10062976,"Sku":"o'brien#1","Title":"T","BuyItNowPrice":19.99,"Weight":null,"MultipackQuantity":3,
          "IsExternalQuantityBlocked":true,"UpdateDateUtc":"2026-11-23T10:00:00Z",
          "Attributes":[{"Name":"Color","Value":"Red"},{"Name":"Empty","Value":null}]}]})"});
  const std::vector<std::string> skus{"O'Brien#1", "A+B"};
  REQUIRE(fixture.reader.find(skus, {{"Auction Title", "Buy It Now Price", "Picture URLs"}, true}, fixture.keep, {}));

  const auto requests = fixture.server.requests("GET", "/v1/Products");
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].target ==
        "/v1/Products?$filter=%28Sku%20eq%20%27O%27%27Brien%231%27%20or%20Sku%20eq%20%27A%2BB%27%29%20and%20ProfileID%20eq"
        "%2012345678&$select=ID%2CSku%2CUpdateDateUtc%2CTitle%2CBuyItNowPrice&$expand=Attributes");
  REQUIRE(fixture.read.size() == 1);
  const auto& product = fixture.read[0];
  CHECK(product.id == "10062976");
  CHECK(product.sku == "o'brien#1");
  CHECK(to_iso8601(product.updated.value()) == "2026-11-23T10:00:00Z");
  CHECK(product.values == catalog::TextMap{{"Auction Title", "T"},
                                           {"Buy It Now Price", "19.99"},
                                           {"Multipack Quantity", "3"},
                                           {"Block External Quantity", "TRUE"},
                                           {"attribute:Color", "Red"}});
}

TEST_CASE("many SKUs are asked for in few requests whose URLs stay short") {
  ReaderFixture fixture;
  fixture.server.always("GET", "/v1/Products", {200, page({})});
  std::vector<std::string> skus;
  for (int i = 0; i < 200; ++i) skus.push_back(fmt::format("{:050}", i));
  REQUIRE(fixture.reader.find(skus, {}, fixture.keep, {}));
  std::string asked;
  const auto requests = fixture.server.requests("GET", "/v1/Products");
  for (const auto& request : requests) {
    CHECK(request.target.size() < 2'000);
    asked += request.target;
  }
  CHECK(requests.size() < 20);
  for (const auto& sku : skus) CHECK(asked.find(sku) != std::string::npos);
}

TEST_CASE("pages are followed by their links, unchanged, and compared with the count") {
  ReaderFixture fixture;
  fixture.server.always("GET", "/v1/Products/$count", {200, "4"});
  fixture.server.once("GET", "/v1/Products", {200, page({1, 2}, fixture.server.url("/v1/Products?$skip=2&x=a%2Bb"))});
  fixture.server.once("GET", "/v1/Products", {200, page({3, 4})});
  REQUIRE(fixture.reader.read_all({}, fixture.keep, {}));
  CHECK(fixture.skus() == std::vector<std::string>{"S1", "S2", "S3", "S4"});
  CHECK(fixture.server.requests("GET", "/v1/Products").at(1).target == "/v1/Products?$skip=2&x=a%2Bb");
}

TEST_CASE("a page that is the first one again ends the reading") {
  ReaderFixture fixture;
  const auto first = page({1, 2}, fixture.server.url("/v1/Products?$skip=2"));
  fixture.server.always("GET", "/v1/Products", {200, first});
  SECTION("and all is there") {
    fixture.server.always("GET", "/v1/Products/$count", {200, "2"});
    CHECK(code_of(fixture.reader.read_all({}, fixture.keep, {})) == "none");
    CHECK(fixture.skus() == std::vector<std::string>{"S1", "S2"});
  }
  SECTION("and products are missing") {
    fixture.server.always("GET", "/v1/Products/$count", {200, "250"});
    CHECK(code_of(fixture.reader.read_all({}, fixture.keep, {})) == "rithum.incomplete");
  }
}

TEST_CASE("a link that leads elsewhere does not get the access token") {
  ReaderFixture fixture;
  ScriptedHttpServer stranger;
  stranger.always("GET", "/v1/Products", {200, page({9})});
  fixture.server.always("GET", "/v1/Products/$count", {200, "2"});
  fixture.server.always("GET", "/v1/Products", {200, page({1}, stranger.url("/v1/Products"))});
  CHECK(code_of(fixture.reader.read_all({}, fixture.keep, {})) == "rithum.unexpected_reply");
  CHECK(stranger.requests().empty());
}

TEST_CASE("answers that are no lists of products are errors, not empty lists") {
  for (const auto* body : {"", "[]", "{}", R"({"value":[{"Sku":"A"}]})", R"({"value":[1]})", R"({"value":)"}) {
    ReaderFixture fixture;
    fixture.server.always("GET", "/v1/Products", {200, body});
    const std::vector<std::string> skus{"A"};
    CHECK(code_of(fixture.reader.find(skus, {}, fixture.keep, {})) == "rithum.unexpected_reply");
  }
}
