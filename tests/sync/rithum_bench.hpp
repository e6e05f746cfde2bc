#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "net/curl_http_client.hpp"
#include "scripted_rithum.hpp"
#include "sync/api_route.hpp"
#include "sync/confirmation.hpp"
#include "sync_bench.hpp"

namespace product_sync {

using namespace std::chrono_literals;

/// A site with Rithum's interface: small changes through it, larger ones into a directory.
struct RithumBench : SyncBench {
  RithumBench() { wire(sync::Delivery::Interface{route, removals}); }

  [[nodiscard]] ScriptedRithum::Values values(const std::string& sku, const std::string& price = "10.00") const {
    return {{"Title", "Product " + sku}, {"BuyItNowPrice", price}, {"Classification", "Electronics"}};
  }
  sync::ConfirmationCounts confirm(bool everything = false) {
    auto counts = confirmation.run(everything, {});
    if (!counts) throw std::runtime_error(counts.error().text());
    return *counts;
  }
  std::string state(const std::string& sku) const {
    const auto found = entry(to_lower_ascii(sku));
    return std::string(store::to_text(found.state)) + (found.reason.empty() ? "" : ": " + found.reason);
  }
  store::Run send(const std::string& id, const std::string& price = "10") {
    source.put(exported_item(id, price), clock.now());
    return delta();
  }
  /// So that a delta sync is one: the first one reads, and sends, everything by file.
  void begin() { REQUIRE(full().state == store::RunState::succeeded); }

  ScriptedRithum rithum;
  TemporaryDirectory results{"results"};
  net::CurlRuntime runtime;
  SystemClock real_clock;
  net::CurlHttpClient http{{}, real_clock};
  rithum::Account account{{.url = rithum.server.url(),
                           .profile_id = "12345678",
                           .credentials = {"app", Secret("secret"), Secret("refresh")},
                           .retry = {.attempts = 1, .backoff = {}}},
                          http,
                          clock,
                          log};
  rithum::ProductReader reader{account};
  rithum::ProductExport exporter{{.directory = results.path()}, account};
  rithum::ProductUpload uploads{{.directory = results.path()}, account};
  sync::ApiRoute route{{3, 4h}, uploads, *store, clock, log};
  rithum::ProductEdits edits{account};
  sync::Removals removals{edits, reader, *store, log};
  sync::UploadWatch watch{"eu", 4h, uploads, *store, clock, log};
  sync::ReadBack read_back{{"eu", 10min, 20}, mapping, reader, exporter, *store, clock, log};
  sync::Confirmation confirmation{{"eu", 10min, 24h, 4h},
                                  sync::Confirmation::Interface{account, watch, read_back, nullptr},
                                  nullptr,
                                  *store,
                                  clock,
                                  log};
};

}  // namespace product_sync
