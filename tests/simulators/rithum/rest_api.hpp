#pragma once

#include <cstdint>
#include <string>

#include "account.hpp"
#include "behaviour.hpp"
#include "http_server.hpp"
#include "job_api.hpp"
#include "product_edits.hpp"
#include "tokens.hpp"
#include "world.hpp"

namespace rithum_simulator {

/// Rithum's REST interface as far as Product Sync uses it (rithum.md §5). Adding an endpoint is a line in the table of
/// rest_api.cpp and a function. Thread-safe.
class RestApi {
 public:
  RestApi(World& world, const Account& account, Tokens& tokens, Behaviour& behaviour, JobApi& jobs)
      : world_(world), account_(account), tokens_(tokens), behaviour_(behaviour), jobs_(jobs), edits_(world, account) {}

  [[nodiscard]] HttpReply answer(const HttpRequest& request);

 private:
  struct Route;
  static const Route kRoutes[];

  [[nodiscard]] HttpReply token(const HttpRequest& request);
  [[nodiscard]] HttpReply products(const HttpRequest& request);
  [[nodiscard]] HttpReply products_count(const HttpRequest& request);
  [[nodiscard]] HttpReply distribution_centers(const HttpRequest& request);
  [[nodiscard]] HttpReply start_upload(const HttpRequest& request) { return jobs_.start_upload(request); }
  [[nodiscard]] HttpReply start_export(const HttpRequest& request) { return jobs_.start_export(request); }
  [[nodiscard]] HttpReply look_at_job(const HttpRequest& request) { return jobs_.look(request); }
  [[nodiscard]] bool is_authorized(const HttpRequest& request);
  [[nodiscard]] HttpReply denied();

  World& world_;
  const Account& account_;
  Tokens& tokens_;
  Behaviour& behaviour_;
  JobApi& jobs_;
  ProductEdits edits_;
};

}  // namespace rithum_simulator
