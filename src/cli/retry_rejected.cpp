#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/json.hpp"
#include "sync/settlement.hpp"

namespace product_sync::cli {

ExitCode retry_rejected(const config::Config& config, const RetryOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) {
    fmt::print(stderr, "product-sync: {}\n", installation.error().text());
    return ExitCode::failed;
  }
  auto& store = (*installation)->store();
  std::uint64_t total = 0;
  const auto key = options.sku.empty() ? std::optional<std::string>{} : std::optional(sync::key_of(options.sku));
  for (const auto& site : (*installation)->sites()) {
    const auto& id = site->config().id;
    const auto count = store.proofs().resend_rejected(id, key, (*installation)->clock().now());
    if (!count) {
      fmt::print(stderr, "product-sync: site {}: {}\n", id, count.error().text());
      return ExitCode::failed;
    }
    total += *count;
    if (options.json) {
      fmt::print("{}\n", server::Json{{"site", id}, {"products", *count}}.dump());
    } else {
      fmt::print("{}: {} rejected {} sent again by the next sync\n", id, *count,
                 *count == 1 ? "product is" : "products are");
    }
  }
  if (total > 0 || options.sku.empty()) return ExitCode::ok;
  fmt::print(stderr, "product-sync: Product {0} is not rejected. \"product-sync product {0}\" shows where it stands.\n",
             options.sku);
  return ExitCode::failed;
}

}  // namespace product_sync::cli
