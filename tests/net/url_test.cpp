#include "net/url.hpp"

#include "catch.hpp"

using namespace product_sync::net;

TEST_CASE("percent encoding leaves only unreserved bytes as they are") {
  struct Row {
    std::string_view text, encoded;
  };
  const auto row = GENERATE(Row{"", ""}, Row{"AZaz09-._~", "AZaz09-._~"}, Row{"a b", "a%20b"}, Row{"+", "%2B"},
                            Row{"/?#&=%", "%2F%3F%23%26%3D%25"}, Row{"O'Brien", "O%27Brien"},
                            Row{"client@Tenant", "client%40Tenant"}, Row{"caf\xC3\xA9", "caf%C3%A9"});
  CHECK(percent_encode(row.text) == row.encoded);
}

TEST_CASE("a base and a path meet in exactly one slash") {
  const auto [base, path] = GENERATE(std::pair{"https://erp/site", "entity"}, std::pair{"https://erp/site/", "entity"},
                                     std::pair{"https://erp/site//", "/entity"});
  CHECK(join_url(base, path) == "https://erp/site/entity");
}

TEST_CASE("a query keeps $ in names and encodes everything in values") {
  QueryBuilder query;
  CHECK(query.append_to("https://erp/list") == "https://erp/list");
  query.add("$top", "500").add("$filter", "InventoryID gt 'A+B'");
  CHECK(query.append_to("https://erp/list") == "https://erp/list?$top=500&$filter=InventoryID%20gt%20%27A%2BB%27");
}

TEST_CASE("a URL for the log shows neither user info nor secrets") {
  struct Row {
    std::string_view url, shown;
  };
  const auto row = GENERATE(
      Row{"https://erp/a", "https://erp/a"}, Row{"https://user:pw@erp:8443/a?x=1", "https://erp:8443/a?x=1"},
      Row{"https://erp/a?access_token=s&x=1&Password=t&", "https://erp/a?access_token=***&x=1&Password=***&"},
      Row{"https://erp/a?token", "https://erp/a?token"}, Row{"https://erp/a?mail=a@b", "https://erp/a?mail=a@b"});
  CHECK(redacted(row.url) == row.shown);
}
