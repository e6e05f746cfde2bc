#pragma once

#include <memory>
#include <vector>

#include "alert/watch.hpp"
#include "cli/installation.hpp"
#include "config/config.hpp"
#include "net/http_client.hpp"

namespace product_sync::cli {

/// Everything about alerts, wired from the configuration. `http` reaches the webhook.
[[nodiscard]] std::unique_ptr<alert::Watch> make_watch(const config::Config& config, Installation& installation,
                                                       net::HttpClient& http);

}  // namespace product_sync::cli
