#include <string>

#include "catch.hpp"
#include "simulators/rithum_process.hpp"

// Single products by REST, and catalogues that change behind the sender's back.

using namespace product_sync;
using nlohmann::json;

namespace {

const std::string kProductHeader = "Inventory Number\tQuantity\tBundle Components\tPicture URLs\tLabels\n";
const std::string kBundle = kProductHeader + "A\t1\t\thttps://x/1.jpg,https://x/2.jpg\tNew\nB\t1\t\t\t\nKIT\t\tA=1,B=2\t\t\n";

std::string id_of(const RithumProcess& rithum, const std::string& sku) {
  return rithum.control("product?sku=" + sku).at("id").dump();
}

json value_of(const RithumProcess& rithum, const std::string& sku, const std::string& header) {
  return rithum.control("product?sku=" + sku).at("values").value(header, json());
}

}  // namespace

TEST_CASE("a component that a file does not remove is removed by REST, unless the bundle is listed") {
  const RithumProcess rithum;
  rithum.deliver("all.txt", kBundle);
  const std::string components = "/v1/Products(" + id_of(rithum, "KIT") + ")/BundleComponents";
  const json listed = rithum.rest(components).json().at("value");
  REQUIRE(listed.size() == 2);
  CHECK(listed.at(1).at("ComponentSku") == "B");
  const std::string one = components + "(" + listed.at(1).at("ComponentID").dump() + ")";

  rithum.tell("tamper", {{"sku", "KIT"}, {"listed", true}});
  CHECK(rithum.call("DELETE", one).status == 400);
  CHECK(rithum.deliver("more.txt", kProductHeader + "KIT\t\tA=5\t\t\n").at("reasons") == json{{"bundle_is_listed", 1}});
  rithum.tell("tamper", {{"sku", "KIT"}, {"listed", false}});
  CHECK(rithum.call("DELETE", one).status == 204);
  CHECK(rithum.call("DELETE", one).status == 404);
  CHECK(value_of(rithum, "KIT", "Bundle Components") == "A=1");
}

TEST_CASE("a product is read, changed and deleted by its ID") {
  const RithumProcess rithum;
  rithum.deliver("all.txt", kBundle);
  const std::string product = "/v1/Products(" + id_of(rithum, "A") + ")";
  CHECK(rithum.rest(product + "?$select=Sku").json() == json{{"Sku", "A"}});
  CHECK(rithum.call("PATCH", product, R"({"Title":"Neu","RetailPrice":9.5,"Brand":null})").status == 204);
  CHECK(value_of(rithum, "A", "Auction Title") == "Neu");
  CHECK(value_of(rithum, "A", "Retail Price") == "9.5");
  CHECK(rithum.call("PATCH", product, R"({"Nope":1})").status == 400);
  CHECK(rithum.call("PATCH", product, json{{"Title", std::string(121, 'x')}}.dump()).status == 400);
  CHECK(rithum.call("DELETE", product).status == 204);
  CHECK(rithum.rest(product).status == 404);
  CHECK(rithum.get("/control/product?sku=A").status == 404);
  CHECK(rithum.get(product).status == 401);
}

TEST_CASE("pictures and labels are set and taken off one by one") {
  const RithumProcess rithum;
  rithum.deliver("all.txt", kBundle);
  const std::string product = "/v1/Products(" + id_of(rithum, "A") + ")";
  CHECK(rithum.call("PUT", product + "/Images('ITEMIMAGEURL2')", R"({"Url":"https://x/9.jpg"})").status == 204);
  CHECK(rithum.call("DELETE", product + "/Images('ITEMIMAGEURL1')").status == 204);
  CHECK(rithum.call("DELETE", product + "/Images('ITEMIMAGEURL1')").status == 404);
  CHECK(value_of(rithum, "A", "Picture URLs") == "ITEMIMAGEURL2=https://x/9.jpg");
  CHECK(rithum.call("DELETE", product + "/Labels('New')").status == 204);
  CHECK(value_of(rithum, "A", "Labels").is_null());
}

TEST_CASE("what a product holds comes by expansion") {
  const RithumProcess rithum({"--dc", "East", "--dc", "West"});
  rithum.deliver("all.txt", kBundle);
  rithum.deliver("dcs.txt", "Inventory Number\tDC Quantity\nA\tWest=4\n");
  const json products =
      rithum.rest("/v1/Products?$select=Sku&$expand=Images,Labels,BundleComponents,DCQuantities").json().at("value");
  CHECK(products.at(0).at("Images").at(1).at("Url") == "https://x/2.jpg");
  CHECK(products.at(0).at("Labels").at(0).at("Name") == "New");
  CHECK(products.at(2).at("BundleComponents").at(0).at("Quantity") == 1);
  const json dcs = rithum.rest("/v1/DistributionCenters").json().at("value");
  CHECK(dcs.at(1).at("Code") == "West");
  CHECK(products.at(0).at("DCQuantities").at(0).at("DistributionCenterID") == dcs.at(1).at("ID"));
  CHECK(rithum.rest("/v1/Products?$expand=Nope").status == 400);
}

TEST_CASE("tampering changes fields, gives new IDs and makes products vanish") {
  const RithumProcess rithum;
  rithum.deliver("all.txt", kBundle);
  const std::string before = id_of(rithum, "A");
  rithum.tell("tamper", {{"sku", "a"}, {"values", {{"Brand", "Other"}, {"Labels", nullptr}}}, {"new_id", true}});
  CHECK(value_of(rithum, "A", "Brand") == "Other");
  CHECK(value_of(rithum, "A", "Labels").is_null());
  CHECK(id_of(rithum, "A") > before);
  CHECK(rithum.rest("/v1/Products(" + before + ")").status == 404);
  rithum.tell("tamper", {{"sku", "B"}, {"remove", true}});
  CHECK(rithum.rest("/v1/Products/$count").body == "2");
  CHECK(rithum.rest("/v1/Products?$filter=Sku%20eq%20'KIT'&$select=Sku").json().at("value").size() == 1);
  CHECK(rithum.deliver("again.txt", kProductHeader + "B\t1\t\t\t\n").at("outcomes").at("created") == 1);
  CHECK(rithum.post("/control/tamper", R"({"sku":"NONE"})", "application/json").status == 404);
}
