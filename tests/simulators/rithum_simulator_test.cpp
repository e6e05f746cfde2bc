#include <signal.h>

#include <fstream>
#include <set>
#include <string>

#include "catch.hpp"
#include "simulators/rithum_process.hpp"
#include "support/child_process.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

const std::string kHeader = "Inventory Number\tQuantity\tAuction Title\n";

std::string feed_of(int products) {
  std::string feed = kHeader;
  for (int i = 1; i <= products; ++i) feed += "SKU-" + std::to_string(i) + "\t" + std::to_string(i) + "\tTitle\n";
  return feed;
}

/// Waits until the simulator has looked into its inbox often enough to take any complete file there.
bool looks_pass(const RithumProcess& rithum) {
  const auto looks = [&] { return rithum.control("stats").at("looks").get<int>(); };
  return wait_until([&, first = looks()] { return looks() >= first + 4; });
}

}  // namespace

TEST_CASE("a file that was renamed into the inbox is applied, and its products are read back by REST") {
  RithumProcess rithum({"--prefix", "CAAll=AddUpdate"});
  const json file = rithum.deliver("CAAll-1.txt", kHeader + "O'Brien#1\t5\tGrüße\nB\tx\tBad\n");
  CHECK(file.at("mode") == "AddUpdate");
  CHECK(file.at("prefix") == "CAAll");
  CHECK(file.at("rows") == 2);
  CHECK(file.at("outcomes").at("created") == 1);
  CHECK(file.at("reasons") == json{{"not_a_whole_number", 1}});
  CHECK(file.at("rejected").at(0).at("sku") == "B");
  CHECK(file.at("seen_growing") == false);
  CHECK(file.at("sha256").get<std::string>().size() == 64);
  CHECK_FALSE(std::filesystem::exists(rithum.inbox() / "CAAll-1.txt"));

  const json product = rithum.control("product?sku=o'brien%231");
  const auto answer = rithum.rest("/v1/Products?$filter=Sku%20eq%20'O''Brien%231'&$select=ID,Sku,Title");
  REQUIRE(answer.status == 200);
  const json row = {{"ID", product.at("id")}, {"Sku", "O'Brien#1"}, {"Title", "Grüße"}};
  CHECK(answer.json().at("value") == json::array({row}));
  CHECK(answer.json().at("@odata.context") == rithum.url() + "/v1/$metadata#Products(ID,Sku,Title)");
}

TEST_CASE("attributes come when they are asked for") {
  RithumProcess rithum;
  rithum.deliver("CAAll-1.txt",
                 "Inventory Number\tAuction Title\tQuantity Update Type\tQuantity\tAttribute1Name\tAttribute1Value\n"
                 "A\tTitle\tABSOLUTE\t1\tColor\tRed\n");
  const json product = rithum.rest("/v1/Products?$select=Sku&$expand=Attributes").json().at("value").at(0);
  CHECK(product == json{{"Sku", "A"}, {"Attributes", json::array({{{"Name", "Color"}, {"Value", "Red"}}})}});
  CHECK(rithum.rest("/v1/Products?$expand=Nope").status == 400);
}

TEST_CASE("a product that is not there is an empty list, not an error") {
  RithumProcess rithum;
  const auto answer = rithum.rest("/v1/Products?$filter=Sku%20eq%20'A'");
  CHECK(answer.status == 200);
  CHECK(answer.json().at("value") == json::array());
}

TEST_CASE("following nextLink meets every product once, and a page beyond the end is the first page again") {
  RithumProcess rithum;
  rithum.deliver("all.txt", feed_of(250));
  std::multiset<std::string> skus;
  std::vector<std::size_t> pages;
  std::string link = "/v1/Products?$select=ID,Sku";
  while (!link.empty()) {
    const json page = rithum.rest(link).json();
    pages.push_back(page.at("value").size());
    for (const auto& product : page.at("value")) skus.insert(product.at("Sku").get<std::string>());
    link = page.value("@odata.nextLink", "");
  }
  CHECK(pages == std::vector<std::size_t>{100, 100, 50});
  CHECK(std::set<std::string>(skus.begin(), skus.end()).size() == 250);
  CHECK(rithum.rest("/v1/Products/$count").body == "250");

  const auto first_sku = [&](const std::string& target) {
    return rithum.rest(target).json().at("value").at(0).at("Sku").get<std::string>();
  };
  CHECK(first_sku("/v1/Products?$select=Sku&$skip=249") == "SKU-250");
  CHECK(first_sku("/v1/Products?$select=Sku&$skip=250") == "SKU-1");
}

TEST_CASE("$top bounds the rows over all pages") {
  RithumProcess rithum;
  rithum.deliver("all.txt", feed_of(250));
  const json first = rithum.rest("/v1/Products?$select=Sku&$top=120").json();
  CHECK(first.at("value").size() == 100);
  const json second = rithum.rest(first.at("@odata.nextLink").get<std::string>()).json();
  CHECK(second.at("value").size() == 20);
  CHECK_FALSE(second.contains("@odata.nextLink"));
}

TEST_CASE("a file seen growing under its final name is counted as a fault, and read when it is complete") {
  RithumProcess rithum;
  std::ofstream file(rithum.inbox() / "slow.txt", std::ios::binary);
  file << kHeader << std::flush;
  int rows = 0;
  const bool seen = wait_until([&] {
    file << "SKU-" << ++rows << "\t1\tTitle\n" << std::flush;
    return rithum.control("stats").at("partial_files_seen") == 1;
  });
  file.close();
  REQUIRE(seen);
  const json record = rithum.wait_for_file("slow.txt");
  CHECK(record.at("seen_growing") == true);
  CHECK(record.at("rows") == rows);
}

TEST_CASE("an eager pick-up takes half a file, whose last row is then refused") {
  RithumProcess rithum({"--eager"});
  std::ofstream(rithum.inbox() / "half.txt", std::ios::binary) << kHeader << "A\t1\tOne\nB\t1\tTw" << std::flush;
  CHECK(rithum.wait_for_file("half.txt").at("reasons") == json{{"last_row_unterminated", 1}});
}

TEST_CASE("a file is answered part by part, with what became of each row") {
  const RithumProcess rithum({"--partition-rows", "2", "--classification", "Toys"});
  static_cast<void>(rithum.deliver("products.txt",
                                   "Inventory Number\tAuction Title\tClassification\tQuantity\nA\tOne\tToys\t1\n"
                                   "B\tTwo\tPlants\t1\nC\tThree\tToys\t1\n"));
  const auto second = rithum.responses() / "products_response-2.txt";
  REQUIRE(wait_until([&] { return std::filesystem::exists(second); }));
  const auto first = read_file(rithum.responses() / "products_response.txt");
  CHECK_THAT(first, ContainsSubstring("\tA\tCreated\t") && ContainsSubstring("\tB\tError\t") &&
                        ContainsSubstring("'Plants' does not exist"));
  CHECK_THAT(read_file(second), ContainsSubstring("\tC\tCreated\t"));
}

TEST_CASE("temporary names are left alone until they are renamed") {
  RithumProcess rithum({"--ignore-suffix", ".part", ".tmp"});
  write_file(rithum.inbox() / "a.txt.tmp", feed_of(1));
  CHECK(looks_pass(rithum));
  CHECK(rithum.control("stats").at("files") == 0);
  std::filesystem::rename(rithum.inbox() / "a.txt.tmp", rithum.inbox() / "a.txt");
  CHECK(rithum.wait_for_file("a.txt").at("outcomes").at("created") == 1);
  CHECK(rithum.deliver("b.txt", feed_of(1)).at("outcomes").at("updated") == 1);
  CHECK(rithum.control("product?sku=SKU-1").at("rows_applied") == 2);
}

TEST_CASE("a file that fails pre-validation changes nothing and says why") {
  RithumProcess rithum;
  const json dots = rithum.deliver("products.2026.09.txt", feed_of(1));
  CHECK_THAT(dots.at("refusal").get<std::string>(), ContainsSubstring("stray dots"));
  const json header = rithum.deliver("products.txt", "Inventory Number\tMAP\nA\t1\n");
  CHECK_THAT(header.at("refusal").get<std::string>(), ContainsSubstring("header_unknown"));
  CHECK(header.at("header_violations").at(0).at("header") == "MAP");
  CHECK(rithum.control("stats").at("files_refused") == 2);
  CHECK(rithum.control("products").at("total") == 0);
}

TEST_CASE("an account whose default is Detect Dropped zeroes the catalogue for a short file without a prefix") {
  RithumProcess rithum({"--default-mode", "DetectDropItems", "--prefix", "CAAll=AddUpdate"});
  rithum.deliver("CAAll1.txt", feed_of(3));
  rithum.deliver("CAAll2.txt", kHeader + "SKU-1\t9\t\n");
  CHECK(rithum.control("product?sku=SKU-3").at("values").at("Quantity") == "3");
  CHECK(rithum.deliver("short.txt", kHeader + "SKU-1\t9\t\n").at("zeroed") == 2);
  CHECK(rithum.control("product?sku=SKU-3").at("values").at("Quantity") == "0");
  CHECK(rithum.control("product?sku=SKU-1").at("values").at("Quantity") == "9");
}

TEST_CASE("a template maps custom headers of its directory") {
  TemporaryDirectory directory("template");
  write_file(directory / "map.json", R"({"Our SKU":"Inventory Number","Name":"Auction Title"})");
  RithumProcess rithum({"--template", "MAIN=" + (directory / "map.json").string()});
  write_file(rithum.transform_inbox() / "items.MAIN.txt.part", "Our SKU\tName\tQuantity\nA\tOne\t1\n");
  std::filesystem::rename(rithum.transform_inbox() / "items.MAIN.txt.part",
                          rithum.transform_inbox() / "items.MAIN.txt");
  CHECK(rithum.wait_for_file("items.MAIN.txt").at("outcomes").at("created") == 1);
  CHECK(rithum.control("product?sku=A").at("values").at("Auction Title") == "One");
}

TEST_CASE("picked-up files can be archived or left in place") {
  TemporaryDirectory archive("archive");
  RithumProcess archiving({"--archive", archive.path()});
  const json moved = archiving.deliver("a.txt", feed_of(1));
  CHECK_FALSE(std::filesystem::exists(archiving.inbox() / "a.txt"));
  CHECK(read_file(moved.at("archived_as").get<std::string>()) == feed_of(1));

  RithumProcess keeping({"--keep-files"});
  keeping.deliver("a.txt", feed_of(1));
  keeping.deliver("b.txt", feed_of(1));
  CHECK(std::filesystem::exists(keeping.inbox() / "a.txt"));
  CHECK(keeping.control("stats").at("files") == 2);
}

TEST_CASE("a wrong application, refresh token or body type is a plain-text 400") {
  RithumProcess rithum;
  const std::string form = "application/x-www-form-urlencoded";
  const std::string good_body = "grant_type=refresh_token&refresh_token=refresh";
  const RithumProcess::Headers good = {{"Authorization", "Basic YXBwbGljYXRpb246c2VjcmV0"}};
  const auto [body, type, authorized] = GENERATE_COPY(table<std::string, std::string, bool>(
      {{"grant_type=refresh_token&refresh_token=wrong", form, true},
       {"grant_type=client_credentials", form, true},
       {R"({"grant_type":"refresh_token","refresh_token":"refresh"})", "application/json", true},
       {good_body, form, false}}));
  const auto answer = rithum.post("/oauth2/token", body, type, authorized ? good : RithumProcess::Headers{});
  CHECK(answer.status == 400);
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.body == "Bad Request");
  CHECK(rithum.post("/oauth2/token", good_body, form, good).json().at("expires_in") == 3600);
}

TEST_CASE("a refused token is 401, or 200 with the text when so told") {
  RithumProcess rithum;
  const json denied = {{"Message", "Authorization has been denied for this request."}};
  const RithumProcess::Headers token = {{"Authorization", "Bearer " + rithum.access_token()}};
  CHECK(rithum.get("/v1/Products", token).status == 200);
  CHECK(rithum.get("/v1/Products").status == 401);
  rithum.behave({{"expire_tokens", true}});
  CHECK(rithum.get("/v1/Products", token).status == 401);
  rithum.behave({{"denied_as_200", true}});
  CHECK(rithum.get("/v1/Products", token).status == 200);
  CHECK(rithum.get("/v1/Products", token).json() == denied);
  CHECK(rithum.get("/v1/Products?access_token=" + rithum.access_token()).json().contains("value"));
}

TEST_CASE("errors come in the shape of their layer") {
  RithumProcess rithum;
  const auto filter = rithum.rest("/v1/Products?$filter=Sku%20eq%20'O'Brien'");
  CHECK(filter.status == 400);
  CHECK(filter.json().at("error").contains("message"));
  const auto select = rithum.rest("/v1/Products?$select=Nope");
  CHECK(select.status == 400);
  const auto path = rithum.rest("/v1/Nope");
  CHECK(path.status == 404);
  CHECK_THAT(path.json().at("Message").get<std::string>(), ContainsSubstring("No HTTP resource was found"));
}

TEST_CASE("faults last as many requests as told and spare the control interface") {
  RithumProcess rithum;
  rithum.behave({{"status", 429}, {"status_requests", 2}, {"path_prefix", "/v1/"}});
  CHECK(rithum.rest("/v1/Products").status == 429);
  const auto limited = rithum.rest("/v1/Products");
  CHECK(limited.status == 429);
  CHECK(limited.content_type == "text/html");
  CHECK(rithum.rest("/v1/Products").status == 200);
  rithum.behave({{"cut_connections", 1}});
  CHECK(rithum.rest("/v1/Products").status == 0);
  CHECK(rithum.rest("/v1/Products").status == 200);
}

TEST_CASE("pick-up pauses and goes on when told") {
  RithumProcess rithum;
  rithum.behave({{"pause_pickup", true}});
  write_file(rithum.inbox() / "a.txt", feed_of(1));
  CHECK(looks_pass(rithum));
  CHECK(rithum.control("stats").at("files") == 0);
  rithum.behave({{"pause_pickup", false}});
  CHECK(rithum.wait_for_file("a.txt").at("rows") == 1);
}

TEST_CASE("a reset forgets products, files and faults") {
  RithumProcess rithum;
  rithum.deliver("a.txt", feed_of(3));
  rithum.behave({{"denied_as_200", true}});
  CHECK(rithum.post("/control/reset", "", "application/json").status == 200);
  CHECK(rithum.control("products").at("total") == 0);
  CHECK(rithum.control("files").at("files").empty());
  CHECK(rithum.control("behaviour").at("denied_as_200") == false);
  CHECK(rithum.deliver("a.txt", feed_of(3)).at("outcomes").at("created") == 3);
}

TEST_CASE("the product dump is paged by ID") {
  RithumProcess rithum;
  rithum.deliver("a.txt", feed_of(5));
  const json first = rithum.control("products?limit=3");
  CHECK(first.at("total") == 5);
  CHECK(first.at("products").size() == 3);
  const json second = rithum.control("products?limit=3&after=" + first.at("next").dump());
  CHECK(second.at("products").size() == 2);
  CHECK(second.at("products").at(0).at("sku") == "SKU-4");
  CHECK(second.at("next").is_null());
}

TEST_CASE("the simulator ends cleanly when asked") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  RithumProcess rithum;
  CHECK(rithum.stop(signal) == 0);
}

TEST_CASE("a command line that cannot be meant is refused") {
  TemporaryDirectory inbox("inbox");
  CHECK(run_program({RITHUM_SIMULATOR}) != 0);
  CHECK(run_program({RITHUM_SIMULATOR, "--inbox", "/nonexistent"}) != 0);
  CHECK(run_program({RITHUM_SIMULATOR, "--inbox", inbox.path(), "--prefix", "CA=Everything"}) != 0);
  CHECK(run_program({RITHUM_SIMULATOR, "--help"}) == 0);
}
