#include <set>
#include <string>

#include "catch.hpp"
#include "rithum/jobs.hpp"
#include "rithum/zip_archive.hpp"
#include "simulators/rithum_process.hpp"

// ProductUpload and ProductExport.

using namespace product_sync;
using nlohmann::json;

namespace {

const std::string kTab = "text/tab-separated-values";
const std::string kUpload = "/v1/ProductUpload?profileid=12345678&importtype=AddUpdate";
const std::string kExport = "/v1/ProductExport?profileid=12345678";
const std::string kUploadHeader = "Inventory Number\tQuantity\tAuction Title\n";

std::string encoded(const std::string& token) {
  std::string text;
  for (const char c : token) text += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
  return text;
}

json look(const RithumProcess& rithum, const std::string& resource, const json& job) {
  return rithum.rest("/v1/" + resource + "?token=" + encoded(job.at("Token"))).json();
}

/// Looks until the job has a status that does not change any more.
json wait_for(const RithumProcess& rithum, const std::string& resource, const json& job) {
  json state = job;
  const auto runs = [](const std::string& status) {
    return status.starts_with("Pending") || status.starts_with("InP");
  };
  REQUIRE(wait_until([&] { return !runs((state = look(rithum, resource, job)).at("Status")); }));
  return state;
}

/// The path of an address of this simulator.
std::string path_of(const RithumProcess& rithum, const std::string& url) { return url.substr(rithum.url().size()); }

}  // namespace

TEST_CASE("an uploaded file is applied, and its result file tells the outcome of each row") {
  const RithumProcess rithum;
  const auto started = rithum.call("POST", kUpload, kUploadHeader + "A\t1\tOne\nB\tx\tTwo\n", kTab);
  REQUIRE(started.status == 200);
  CHECK(started.json().at("$id") == "1");
  CHECK(started.json().at("ResponseFileUrl").is_null());
  const json ended = wait_for(rithum, "ProductUpload", started.json());
  CHECK(ended.at("Status") == "CompleteWithErrors");
  const auto file = rithum.get(path_of(rithum, ended.at("ResponseFileUrl")));
  CHECK(file.status == 200);
  CHECK(file.body ==
        "Row\tInventory Number\tStatus\tError Code\tError Message\n"
        "2\tA\tCreated\t\t\n"
        "3\tB\tError\tnot_a_whole_number\tQuantity: 'x'\n");
  const json record = rithum.control("files").at("files").at(0);
  CHECK(record.at("directory") == "upload");
  CHECK(record.at("mode") == "AddUpdate");
  CHECK(rithum.control("product?sku=A").at("values").at("Auction Title") == "One");
}

TEST_CASE("a clean upload is complete, zipped or not, and a broken header fails validation") {
  const RithumProcess rithum;
  const auto status_of = [&](const std::string& body, const std::string& type) -> std::string {
    return wait_for(rithum, "ProductUpload", rithum.call("POST", kUpload, body, type).json()).at("Status");
  };
  const std::string feed = kUploadHeader + "A\t1\tOne\n";
  CHECK(status_of(feed, kTab) == "Complete");
  CHECK(status_of(rithum_simulator::zip_of("feed.txt", feed), "application/zip") == "Complete");
  CHECK(rithum.control("product?sku=A").at("rows_applied") == 2);
  CHECK(status_of("Inventory Number\tNope\nA\t1\n", kTab) == "FailedValidation");
}

TEST_CASE("uploads that cannot be meant are refused in the shape of their layer") {
  const RithumProcess rithum({"--upload-bytes", "100"});
  const auto status = [&](const std::string& target, const std::string& body, const std::string& type) {
    return rithum.call("POST", target, body, type).status;
  };
  CHECK(status("/v1/ProductUpload", kUploadHeader, kTab) == 400);
  CHECK(status("/v1/ProductUpload?profileid=87654321", kUploadHeader, kTab) == 400);
  CHECK(status("/v1/ProductUpload?profileid=12345678&importtype=Everything", kUploadHeader, kTab) == 400);
  CHECK(status(kUpload + "&templatecode=NONE", kUploadHeader, kTab) == 400);
  CHECK(status(kUpload, kUploadHeader, "application/json") == 415);
  CHECK(status(kUpload, "no archive", "application/zip") == 415);
  CHECK(status(kUpload, std::string(101, 'x'), kTab) == 413);
  CHECK(rithum.rest("/v1/ProductUpload?token=none").status == 404);
  CHECK(rithum.get("/files/none").status == 404);
  CHECK(rithum.post(kUpload, kUploadHeader, kTab).status == 401);
}

TEST_CASE("without an import type the account's default method applies, which may drop products") {
  const RithumProcess rithum({"--default-mode", "DetectDropItems"});
  rithum.deliver("all.txt", kUploadHeader + "A\t5\tOne\nB\t5\tTwo\n");
  const auto job = rithum.call("POST", "/v1/ProductUpload?profileid=12345678", kUploadHeader + "A\t5\tOne\n", kTab).json();
  CHECK(wait_for(rithum, "ProductUpload", job).at("Status") == "Complete");
  CHECK(rithum.control("product?sku=B").at("values").at("Quantity") == "0");
}

TEST_CASE("a job passes through the statuses it is told, and may end in any of the eighteen") {
  const RithumProcess rithum;
  const auto statuses = rithum_simulator::job_statuses();
  CHECK(std::set<std::string_view>(statuses.begin(), statuses.end()).size() == 18);
  for (const std::string_view last : statuses) {
    CAPTURE(last);
    rithum.tell("jobs", {{"steps", {"PendingPartitioning", "Requeue"}}, {"final_status", last}});
    const json job = rithum.call("POST", kExport, "ID,Sku", "text/plain").json();
    CHECK(job.at("Status") == "PendingPartitioning");
    CHECK(look(rithum, "ProductExport", job).at("Status") == "PendingPartitioning");
    CHECK(look(rithum, "ProductExport", job).at("Status") == "Requeue");
    CHECK(wait_until([&] { return look(rithum, "ProductExport", job).at("Status") == last; }));
    if (last == statuses[8]) rithum.tell("reset", json::object());  // the limit of exports
  }
}

TEST_CASE("held jobs wait, and run in the order received when they are let go") {
  const RithumProcess rithum;
  rithum.tell("jobs", {{"hold", true}});
  const json first = rithum.call("POST", kUpload, kUploadHeader + "A\t1\tfirst\n", kTab).json();
  const json second = rithum.call("POST", kUpload, kUploadHeader + "A\t1\tsecond\n", kTab).json();
  CHECK(look(rithum, "ProductUpload", first).at("Status") == "Pending");
  CHECK(rithum.control("files").at("files").empty());
  rithum.tell("jobs", {{"hold", false}});
  wait_for(rithum, "ProductUpload", second);
  CHECK(rithum.control("product?sku=A").at("values").at("Auction Title") == "second");
}

TEST_CASE("an export is a ZIP archive of one table of the columns asked for") {
  const RithumProcess rithum;
  rithum.deliver("all.txt",
                 "Inventory Number\tQuantity\tRetail Price\tAttribute1Name\tAttribute1Value\n"
                 "A\t1\t12.50\tColor\tRot\nB\t0\t\t\t\n");
  const auto table_of = [&](const std::string& target, const std::string& columns) {
    const json job = wait_for(rithum, "ProductExport", rithum.call("POST", target, columns, "text/plain").json());
    CHECK(job.at("Status") == "Complete");
    return *rithum_simulator::unzip(rithum.get(path_of(rithum, job.at("ResponseFileUrl"))).body);
  };
  const std::string id = rithum.control("product?sku=A").at("id").dump();
  CHECK(table_of(kExport + "&$filter=Sku%20eq%20'A'", "ID,Sku,RetailPrice") ==
        "ID\tSku\tRetailPrice\n" + id + "\tA\t12.50\n");
  const std::string all = table_of(kExport, "");
  CHECK_THAT(all, ContainsSubstring("\tAttribute1Name\tAttribute1Value\n"));
  CHECK_THAT(all, ContainsSubstring("\tColor\tRot\n"));
  CHECK(rithum.call("POST", kExport, "ID,Nope", "text/plain").status == 400);
}

TEST_CASE("more uploads, exports or requests than Rithum allows are answered with 429") {
  const RithumProcess rithum({"--uploads-per-hour", "2", "--exports-per-minute", "1", "--requests-per-minute", "9"});
  const std::string token = rithum.access_token();
  const RithumProcess::Headers bearer = {{"Authorization", "Bearer " + token}};
  CHECK(rithum.post(kUpload, kUploadHeader, kTab, bearer).status == 200);
  CHECK(rithum.post(kUpload, kUploadHeader, kTab, bearer).status == 200);
  const auto third = rithum.post(kUpload, kUploadHeader, kTab, bearer);
  CHECK(third.status == 429);
  CHECK(third.content_type == "text/html");
  CHECK(rithum.post(kExport, "ID", "text/plain", bearer).status == 200);
  CHECK(rithum.post(kExport, "ID", "text/plain", bearer).status == 429);
  for (int i = 0; i < 3; ++i) CHECK(rithum.get("/v1/Products", bearer).status == 200);
  CHECK(rithum.get("/v1/Products", bearer).status == 429);
  CHECK(rithum.control("stats").at("over_limit") == 3);
}

TEST_CASE("a file by FTP is taken only after the delay of the pick-up, one by upload at once") {
  const RithumProcess rithum({"--pickup-delay-ms", "3600000"});
  write_file(rithum.inbox() / "slow.txt", kUploadHeader + "A\t1\tslow\n");
  const json job = rithum.call("POST", kUpload, kUploadHeader + "A\t1\tfast\n", kTab).json();
  wait_for(rithum, "ProductUpload", job);
  CHECK(rithum.control("product?sku=A").at("values").at("Auction Title") == "fast");
  CHECK(rithum.control("stats").at("files") == 1);
  CHECK(std::filesystem::exists(rithum.inbox() / "slow.txt"));
}
