#pragma once

#include <cstdint>
#include <string>

#include "account.hpp"
#include "behaviour.hpp"
#include "http_server.hpp"
#include "tokens.hpp"
#include "world.hpp"

namespace rithum_simulator {

/// Rithum's REST interface as far as Product Sync reads it (rithum.md §5). Adding an endpoint is a line in the table of
/// rest_api.cpp and a function. Thread-safe.
class RestApi {
 public:
  RestApi(World& world, const Account& account, Tokens& tokens, Behaviour& behaviour)
      : world_(world), account_(account), tokens_(tokens), behaviour_(behaviour) {}

  [[nodiscard]] HttpReply answer(const HttpRequest& request);

 private:
  struct Route;
  static const Route kRoutes[];

  [[nodiscard]] HttpReply token(const HttpRequest& request);
  [[nodiscard]] HttpReply products(const HttpRequest& request);
  [[nodiscard]] HttpReply products_count(const HttpRequest& request);
  [[nodiscard]] bool is_authorized(const HttpRequest& request);
  [[nodiscard]] HttpReply denied();

  World& world_;
  const Account& account_;
  Tokens& tokens_;
  Behaviour& behaviour_;
};

/// An error of the OData layer: `{"error":{"code":"","message":"…"}}` (rithum.md §5.7).
[[nodiscard]] HttpReply odata_error(int status, const std::string& message);
/// The body that comes with an injected status, in the shape that status has (rithum.md §5.1, §5.2, §5.7).
[[nodiscard]] HttpReply injected_error(int status);

}  // namespace rithum_simulator
