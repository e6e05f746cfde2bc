#include "server/http.hpp"

#include "catch.hpp"

using namespace product_sync;
using server::Route;

namespace {

server::Response nothing(const server::Request&) { return {}; }

std::vector<Route> table() {
  return {{"GET", "/", server::Access::everyone, {}, 0, nothing},
          {"GET", "/v1/syncs/{id}", server::Access::operators, {}, 0, nothing},
          {"POST", "/v1/syncs/{id}/cancel", server::Access::operators, {}, 0, nothing},
          {"POST", "/v1/sites/eu/notifications", server::Access::everyone, {}, 9, nothing},
          {"POST", "/v1/sites/{site}/notifications", server::Access::everyone, {}, 0, nothing},
          {"GET", "/v1/sites/{site}/products/{sku}", server::Access::operators, {}, 0, nothing}};
}

}  // namespace

TEST_CASE("a path finds its route, with the values of its names") {
  const auto routes = table();
  CHECK(server::match(routes, "GET", "/").route == &routes[0]);
  const auto run = server::match(routes, "GET", "/v1/syncs/20261123-ab");
  REQUIRE(run.route == &routes[1]);
  CHECK(run.path_values.at("id") == "20261123-ab");
  const auto product = server::match(routes, "GET", "/v1/sites/eu/products/A%2FB%20%C3%BC");
  REQUIRE(product.route == &routes[5]);
  CHECK(product.path_values.at("sku") == "A/B ü");
}

TEST_CASE("the first fitting row of the table wins") {
  const auto routes = table();
  CHECK(server::match(routes, "POST", "/v1/sites/eu/notifications").route == &routes[3]);
  CHECK(server::match(routes, "POST", "/v1/sites/us/notifications").route == &routes[4]);
}

TEST_CASE("an unknown path has no route, a known one with another method says so") {
  const auto routes = table();
  const auto* path = GENERATE("", "v1", "/v1", "/v1/syncs", "/v1/syncs/", "/v1/syncs/a/b", "//", "/v1/syncs//cancel");
  INFO(path);
  CHECK(server::match(routes, "GET", path).route == nullptr);
  CHECK(server::match(routes, "GET", path).other_methods.empty());
  CHECK(server::match(routes, "DELETE", "/v1/syncs/a").other_methods == std::vector<std::string_view>{"GET"});
}

TEST_CASE("broken percent escapes stay as they are") {
  CHECK(server::percent_decode("a%2") == "a%2");
  CHECK(server::percent_decode("%zz%41") == "%zzA");
  CHECK(server::percent_decode("%") == "%");
}

TEST_CASE("a query is decoded, name by name") {
  const auto query = server::parse_query("a=1&b=x%20y+z&c&&a=2&=d");
  CHECK(query.count("a") == 2);
  CHECK(query.find("b")->second == "x y z");
  CHECK(query.find("c")->second.empty());
  CHECK(query.find("")->second == "d");
  CHECK(server::parse_query("").empty());
}
