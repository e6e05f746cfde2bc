#include "rithum/product_upload.hpp"

#include <fmt/format.h>

#include "account_fixture.hpp"
#include "catch.hpp"
#include "zip_archive.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

namespace {

struct UploadFixture : AccountFixture {
  UploadFixture() { write_file(file, "Inventory Number\tAuction Title\nA\tTitle\n"); }

  TemporaryDirectory directory{"upload"};
  std::filesystem::path file = directory / "feed.txt";
  ProductUpload::Options options{.directory = directory.path(), .template_code = "MyTemplate"};

  Result<std::vector<RowOutcome>> outcomes_of(std::string content) {
    server.always("GET", "/result", {200, std::move(content)});
    ProductUpload upload(options, account);
    return upload.outcomes({"t", "CompleteWithErrors", server.url("/result")}, {});
  }
};

std::string text_of(const Result<std::vector<RowOutcome>>& outcomes) {
  if (!outcomes) return outcomes.error().code;
  std::string text;
  for (const auto& outcome : *outcomes) text += fmt::format("{}={};", outcome.sku, outcome.error);
  return text;
}

}  // namespace

TEST_CASE("a file is uploaded as it is, with its profile, mode and template, and its job can be looked at") {
  UploadFixture fixture;
  fixture.server.always("POST", "/v1/ProductUpload", {200, R"({"Token":"a+b","Status":"Pending"})"});
  fixture.server.always("GET", "/v1/ProductUpload",
                        {200, R"({"Token":"a+b","Status":"Complete","ResponseFileUrl":"https://x/y"})"});
  ProductUpload upload(fixture.options, fixture.account);
  const auto job = upload.start(fixture.file, {});
  REQUIRE(job);
  CHECK(job->phase() == JobPhase::running);
  const auto requests = fixture.server.requests("POST", "/v1/ProductUpload");
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].target == "/v1/ProductUpload?profileid=12345678&importtype=AddUpdate&templatecode=MyTemplate");
  CHECK(requests[0].header("Content-Type") == "text/tab-separated-values");
  CHECK(requests[0].body == read_file(fixture.file));

  const auto later = upload.look(job->token, {});
  REQUIRE(later);
  CHECK(later->phase() == JobPhase::complete);
  CHECK(later->result_url == "https://x/y");
  CHECK(fixture.server.requests("GET", "/v1/ProductUpload").at(0).target == "/v1/ProductUpload?token=a%2Bb");
}

TEST_CASE("a file over the limit is not sent") {
  UploadFixture fixture;
  fixture.options.longest_file = 10;
  ProductUpload upload(fixture.options, fixture.account);
  CHECK(code_of(upload.start(fixture.file, {})) == "rithum.too_large");
  CHECK(fixture.server.requests().empty());
}

TEST_CASE("no more uploads are made in an hour than configured") {
  UploadFixture fixture;
  fixture.server.always("POST", "/v1/ProductUpload", {200, R"({"Token":"t","Status":"Pending"})"});
  ProductUpload upload(fixture.options, fixture.account);
  const Instant start = fixture.clock.now();
  for (int i = 0; i < 31; ++i) REQUIRE(upload.start(fixture.file, {}));
  CHECK(fixture.clock.now() - start >= std::chrono::hours{1});
}

TEST_CASE("result files tell each row's fate, whatever else they hold") {
  UploadFixture fixture;
  struct Row {
    std::string content, text;
  };
  const auto row = GENERATE(
      Row{"Line\tInventory Number\tError Message\n1\tA\t\n2\tB\tUnknown supplier\n", "A=;B=Unknown supplier;"},
      Row{"SKU,Status,Extra\nA,Success,x\nB,Failed,y\n", "A=;B=Failed;"},
      Row{"sku\tstatus\tmessage\nA\tError\tTitle too long\n", "A=Title too long;"},
      Row{"Row\tInventory Number\tStatus\tError Code\tError Message\n1\tA\tCreated\t\t\n2\tB\tUpdated\t\t\n"
          "3\tC\tError\tsupplier\tNo such supplier\n4\tD\tSkipped\t\t\n",
          "A=;B=;C=No such supplier;D=Skipped;"},
      Row{zip_of({{"result.txt", "SKU\tErrors\nA\tbad\n"}}), "A=bad;"}, Row{"", ""}, Row{"SKU\tErrors\n", ""},
      Row{"Foo\tBar\n1\t2\n", "rithum.bad_table"});
  CHECK(text_of(fixture.outcomes_of(row.content)) == row.text);
}

TEST_CASE("the columns of a result file can be named") {
  UploadFixture fixture;
  fixture.options.sku_columns = {"Artikel"};
  fixture.options.error_columns = {"Fehler"};
  CHECK(text_of(fixture.outcomes_of("Artikel\tFehler\nA\tkaputt\n")) == "A=kaputt;");
}
