#include "acumatica/reply.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;

namespace {

net::HttpResponse response(int status, std::string body = {}) {
  net::HttpResponse made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

}  // namespace

TEST_CASE("each failure has its code and says whether to try again") {
  struct Row {
    int status;
    std::string body, code;
    Retry retry;
  };
  const auto row = GENERATE(
      Row{401, "", "acumatica.unauthorized", Retry::never}, Row{403, "", "acumatica.forbidden", Retry::never},
      Row{404, "", "acumatica.not_found", Retry::never}, Row{422, "", "acumatica.unexpected_status", Retry::never},
      Row{429, "", "acumatica.throttled", Retry::later}, Row{500, "", "acumatica.server_error", Retry::later},
      Row{503, "", "acumatica.server_error", Retry::later},
      Row{500,
          R"({"exceptionMessage":"Optimization cannot be performed. The following fields cause the error: Attributes"})",
          "acumatica.not_optimizable", Retry::never},
      Row{500, R"({"exceptionType":"PX.Api.ContractBased.OptimizedExport.CannotOptimizeException"})",
          "acumatica.not_optimizable", Retry::never},
      Row{500, R"({"message":"API Login Limit"})", "acumatica.seats_exhausted", Retry::later},
      Row{403, "API Login Limit", "acumatica.seats_exhausted", Retry::later});
  const Error error = failure("Reading stock items", response(row.status, row.body), {});
  CHECK(error.code == row.code);
  CHECK(error.retry == row.retry);
}

TEST_CASE("a failure quotes what Acumatica says, in one bounded line") {
  CHECK(failure_text(R"({"message":"An error has occurred.","exceptionMessage":"Bad\nfield","stackTrace":"at X"})") ==
        "An error has occurred. Bad field");
  CHECK(failure_text(R"({"error":"invalid_grant","error_description":"expired"})") == "invalid_grant expired");
  CHECK(failure_text("<!DOCTYPE html><html>…") == "an HTML page");
  CHECK(failure_text("plain\ttext ") == "plain text");
  CHECK(failure_text("").empty());
  CHECK(failure_text(std::string(100'000, 'x')).size() == 500);
}

TEST_CASE("Retry-After of a throttled answer is handed on") {
  auto throttled = response(429);
  throttled.headers = {{"Retry-After", "12"}};
  CHECK(failure("x", throttled, {}).retry_after == std::chrono::milliseconds{12'000});
}
