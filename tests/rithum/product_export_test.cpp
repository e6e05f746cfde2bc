#include "rithum/product_export.hpp"

#include <fmt/format.h>

#include "account_fixture.hpp"
#include "catch.hpp"
#include "zip_archive.hpp"

using namespace product_sync;
using namespace product_sync::rithum;
using namespace std::chrono_literals;

namespace {

struct ExportFixture : AccountFixture {
  ExportFixture() { server.always("GET", "/v1/Products/$count", {200, "2"}); }

  [[nodiscard]] std::string job(const std::string& status, bool with_file = false) const {
    return fmt::format(R"({{"$id":"1","Token":"to+ken/=","Status":"{}","StartedOnUtc":"x","ResponseFileUrl":{}}})", status,
                       with_file ? "\"" + server.url("/files/export.zip?signature=abc") + "\"" : "null");
  }
  void started() { server.always("POST", "/v1/ProductExport", {200, job("Pending")}); }
  void complete(const std::string& table) {
    started();
    server.always("GET", "/v1/ProductExport", {200, job("Complete", true)});
    server.always("GET", "/files/export.zip", {200, zip_of({{"export.txt", table}}), {}, false, false, "application/zip"});
  }
  [[nodiscard]] std::string outcome(const Wanted& wanted = {}) { return code_of(exporter.read_all(wanted, keep, {})); }

  TemporaryDirectory directory{"export"};
  ProductExport exporter{{.directory = directory.path()}, account};
};

}  // namespace

TEST_CASE("an export is started with its columns, polled, fetched and read") {
  ExportFixture fixture;
  fixture.complete("ID\tSku\tUpdateDateUtc\tTitle\n1\tA\t11/23/2026 4:18:54 PM\tFirst\n2\tB\t\tSecond\n");
  fixture.server.once("GET", "/v1/ProductExport", {200, fixture.job("InProgressProcessing")});
  fixture.server.once("GET", "/v1/ProductExport", {200, fixture.job("SomethingNew")});
  CHECK(fixture.outcome({{"Auction Title", "Labels"}, false}) == "none");

  const auto starts = fixture.server.requests("POST", "/v1/ProductExport");
  REQUIRE(starts.size() == 1);
  CHECK(starts[0].body == "ID,Sku,UpdateDateUtc,Title");
  CHECK(starts[0].header("Content-Type") == "text/plain");
  CHECK(starts[0].target == "/v1/ProductExport?profileid=12345678");
  CHECK(fixture.server.requests("GET", "/v1/ProductExport").at(0).target == "/v1/ProductExport?token=to%2Bken%2F%3D");
  const auto files = fixture.server.requests("GET", "/files/export.zip");
  REQUIRE(files.size() == 1);
  CHECK(files[0].header("Authorization").empty());

  REQUIRE(fixture.skus() == std::vector<std::string>{"A", "B"});
  CHECK(fixture.read[0].values == catalog::TextMap{{"Auction Title", "First"}});
  CHECK(to_iso8601(fixture.read[0].updated.value()) == "2026-11-23T16:18:54Z");
  CHECK(std::filesystem::is_empty(fixture.directory.path()));
}

TEST_CASE("an export with attributes asks for all columns and reads the pairs") {
  ExportFixture fixture;
  fixture.complete(
      "ID\tSku\tAttribute1Name\tAttribute1Value\tAttribute2Name\tAttribute2Value\n"
      "1\tA\tColor\tRed\tSize\tXL\n2\tB\tSize\tM\t\t\n");
  CHECK(fixture.outcome({{}, true}) == "none");
  CHECK(fixture.server.requests("POST", "/v1/ProductExport").at(0).body.empty());
  REQUIRE(fixture.read.size() == 2);
  CHECK(fixture.read[0].values == catalog::TextMap{{"attribute:Color", "Red"}, {"attribute:Size", "XL"}});
  CHECK(fixture.read[1].values == catalog::TextMap{{"attribute:Size", "M"}});
}

TEST_CASE("where Rithum refuses an export, products are read page by page") {
  const int status = GENERATE(400, 429, 500);
  ExportFixture fixture;
  fixture.server.always("POST", "/v1/ProductExport", {status, "<html>no</html>"});
  fixture.server.always("GET", "/v1/Products", {200, R"({"value":[{"ID":1,"Sku":"A"},{"ID":2,"Sku":"B"}]})"});
  CHECK(fixture.outcome() == "none");
  CHECK(fixture.skus() == std::vector<std::string>{"A", "B"});
}

TEST_CASE("an export that fails, ends without a file or never ends is an error") {
  ExportFixture fixture;
  fixture.started();
  SECTION("fails") {
    fixture.server.always("GET", "/v1/ProductExport", {200, fixture.job("SystemicFailure")});
    CHECK(fixture.outcome() == "rithum.job_failed");
  }
  SECTION("without a file") {
    fixture.server.always("GET", "/v1/ProductExport", {200, fixture.job("Complete")});
    CHECK(fixture.outcome() == "rithum.job_failed");
  }
  SECTION("never ends") {
    fixture.server.always("GET", "/v1/ProductExport", {200, fixture.job("InProgress")});
    CHECK(fixture.outcome() == "rithum.job_overdue");
    CHECK(fixture.clock.now() - Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} >= 45min);
  }
  CHECK(fixture.read.empty());
}

TEST_CASE("an archive that is damaged or lacks products proves nothing") {
  ExportFixture fixture;
  fixture.complete("ID\tSku\n1\tA\n");
  SECTION("short") { CHECK(fixture.outcome() == "rithum.incomplete"); }
  SECTION("damaged") {
    auto archive = zip_of({{"export.txt", "ID\tSku\n" + std::string(5'000, 'x') + "\n"}});
    archive.resize(archive.size() / 2);
    fixture.server.always("GET", "/files/export.zip", {200, archive});
    CHECK(fixture.outcome() == "rithum.bad_archive");
  }
  SECTION("two files") {
    fixture.server.always("GET", "/files/export.zip", {200, zip_of({{"a", "x"}, {"b", "y"}})});
    CHECK(fixture.outcome() == "rithum.bad_archive");
  }
  CHECK(std::filesystem::is_empty(fixture.directory.path()));
}
