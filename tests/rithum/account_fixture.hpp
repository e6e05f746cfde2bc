#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "net/curl_http_client.hpp"
#include "rithum/account.hpp"
#include "rithum/shown_product.hpp"
#include "support/advancing_clock.hpp"
#include "support/scripted_http_server.hpp"

namespace product_sync::rithum {

/// An account at a scripted server in the place of Rithum, which grants tokens unless told otherwise.
struct AccountFixture {
  using Reply = ScriptedHttpServer::Reply;

  AccountFixture() { server.always("POST", "/oauth2/token", Reply{200, token_reply("t1")}); }

  static std::string token_reply(std::string_view token, int lifetime = 3600) {
    return R"({"access_token":")" + std::string(token) + R"(","token_type":"bearer","expires_in":)" +
           std::to_string(lifetime) + "}";
  }

  [[nodiscard]] std::size_t token_requests() const { return server.requests("POST", "/oauth2/token").size(); }

  ScriptedHttpServer server;
  AdvancingClock clock;
  Logger logger{LogFormat::text, LogLevel::error};
  net::CurlRuntime runtime;
  SystemClock real_clock;
  net::CurlHttpClient client{{}, real_clock};
  Account account{{.url = server.url(),
                   .profile_id = "12345678",
                   .credentials = {"app", Secret("s:cret"), Secret("re+fresh/=")}},
                  client,
                  clock,
                  logger};

  std::vector<ShownProduct> read;
  ProductSink keep = [this](ShownProduct&& product) -> Result<void> {
    read.push_back(std::move(product));
    return {};
  };

  [[nodiscard]] std::vector<std::string> skus() const {
    std::vector<std::string> all;
    for (const auto& product : read) all.push_back(product.sku);
    return all;
  }
};

template <class T>
std::string code_of(const Result<T>& outcome) {
  return outcome ? "none" : outcome.error().code;
}

}  // namespace product_sync::rithum
