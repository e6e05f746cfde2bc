#pragma once

#include <string>

#include "alert/channel.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"

namespace product_sync::alert {

/// What a webhook is sent.
enum class WebhookForm {
  json,   ///< all of the notice
  slack,  ///< `{"text":…}`: an incoming webhook of Slack, and of what is compatible with it
};

class WebhookChannel final : public Channel {
 public:
  /// `url` may be a secret as a whole, as Slack's are.
  WebhookChannel(Secret url, WebhookForm form, net::HttpClient& http)
      : url_(std::move(url)), form_(form), http_(http) {}

  [[nodiscard]] std::string describe() const override;
  /// `alerts.webhook` when it does not answer 2xx.
  Result<void> tell(const Notice& notice, std::stop_token stop) override;

 private:
  const Secret url_;
  const WebhookForm form_;
  net::HttpClient& http_;
};

}  // namespace product_sync::alert
