#pragma once

#include "behaviour.hpp"
#include "http_server.hpp"
#include "jobs.hpp"
#include "request_limits.hpp"
#include "tokens.hpp"
#include "world.hpp"

namespace rithum_simulator {

/// What tests and the demo use to look behind the scenes; no part of Rithum. All answers are JSON.
///
///   GET  /control/files?after=N         files picked up, with outcomes, after file number N
///   GET  /control/products?after=ID&limit=N
///                                       pages of products, ascending by ID; follow `next` (the next `after`) until
///                                       null
///   GET  /control/product?sku=S         one product; 404 when there is none
///   GET  /control/stats                 totals; `idle` is false while a file is being processed, `looks` counts the
///                                       rounds over the inbox
///   GET  /control/behaviour             the faults in force
///   POST /control/behaviour             sets those given: latency_ms, status, status_requests, cut_connections,
///                                       path_prefix, pause_pickup, denied_as_200, expire_tokens
///   GET  /control/jobs, POST /control/jobs
///                                       how uploads and exports that start from now on behave: `steps` (statuses that
///                                       the first looks see), `final_status` (instead of the true one), `hold`
///   POST /control/tamper                changes a product behind everyone's back: `sku`, and `values` (by header; null
///                                       clears), `attributes`, `listed` (a live listing), `new_id`, `remove`
///   POST /control/reset                 forgets products, files, jobs, totals and faults (not tokens)
///
/// Thread-safe.
class ControlApi {
 public:
  ControlApi(World& world, Behaviour& behaviour, Tokens& tokens, Jobs& jobs, RequestLimits& limits)
      : world_(world), behaviour_(behaviour), tokens_(tokens), jobs_(jobs), limits_(limits) {}

  [[nodiscard]] HttpReply answer(const HttpRequest& request);

 private:
  struct Route;
  static const Route kRoutes[];

  [[nodiscard]] HttpReply files(const HttpRequest& request);
  [[nodiscard]] HttpReply products(const HttpRequest& request);
  [[nodiscard]] HttpReply product(const HttpRequest& request);
  [[nodiscard]] HttpReply stats(const HttpRequest& request);
  [[nodiscard]] HttpReply behaviour(const HttpRequest& request);
  [[nodiscard]] HttpReply set_behaviour(const HttpRequest& request);
  [[nodiscard]] HttpReply jobs(const HttpRequest& request);
  [[nodiscard]] HttpReply set_jobs(const HttpRequest& request);
  [[nodiscard]] HttpReply tamper(const HttpRequest& request);
  [[nodiscard]] HttpReply reset(const HttpRequest& request);

  World& world_;
  Behaviour& behaviour_;
  Tokens& tokens_;
  Jobs& jobs_;
  RequestLimits& limits_;
};

}  // namespace rithum_simulator
