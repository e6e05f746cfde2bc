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
  CHECK_FALSE(server::match(routes, "GET", path).path_known);
  CHECK(server::match(routes, "DELETE", "/v1/syncs/a").path_known);
}

TEST_CASE("broken percent escapes stay as they are") {
  CHECK(server::percent_decode("a%2") == "a%2");
  CHECK(server::percent_decode("%zz%41") == "%zzA");
  CHECK(server::percent_decode("%") == "%");
}

TEST_CASE("a problem is JSON with status, code, title and remedy") {
  const auto response = server::problem(409, "run.conflict", "A \"full\" sync is running.", "Wait.");
  CHECK(response.status == 409);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body ==
        "{\"status\":409,\"code\":\"run.conflict\",\"title\":\"A \\\"full\\\" sync is "
        "running.\",\"detail\":\"Wait.\"}\n");
}
