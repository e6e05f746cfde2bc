#include "rithum/reply.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

TEST_CASE("each shape of an error gives its sentence") {
  struct Row {
    std::string_view body, text;
  };
  const auto row = GENERATE(
      Row{R"({"error":{"code":"","message":"The query is invalid."}})", "The query is invalid."},
      Row{R"({"$id":"1","Message":"No HTTP resource was found."})", "No HTTP resource was found."},
      Row{"Bad Request", "Bad Request"}, Row{"<html><body>Too Many Requests</body></html>", "an HTML page"},
      Row{"{\"broken", "{\"broken"}, Row{R"({"error":"text"})", R"({"error":"text"})"}, Row{"", ""}, Row{"[]", "[]"});
  CHECK(failure_text(row.body) == row.text);
}

TEST_CASE("statuses are read by range: every 5xx may pass, a 4xx but 429 does not") {
  struct Row {
    int status;
    std::string_view code;
    Retry retry;
  };
  const auto row =
      GENERATE(Row{400, "rithum.refused", Retry::never}, Row{401, "rithum.unauthorized", Retry::never},
               Row{404, "rithum.not_found", Retry::never}, Row{413, "rithum.too_large", Retry::never},
               Row{414, "rithum.too_large", Retry::never}, Row{418, "rithum.unexpected_status", Retry::never},
               Row{429, "rithum.throttled", Retry::later}, Row{500, "rithum.server_error", Retry::later},
               Row{507, "rithum.server_error", Retry::later});
  net::HttpResponse response;
  response.status = row.status;
  response.body = "text";
  const auto error = failure("Reading products", response, {});
  CHECK(error.code == row.code);
  CHECK(error.retry == row.retry);
  CHECK(error.message == "Reading products: Rithum answered " + std::to_string(row.status) + " (text).");
}
