#pragma once

#include <string>
#include <vector>

#include "alert/channel.hpp"
#include "base/clock.hpp"
#include "net/mail.hpp"

namespace product_sync::alert {

class MailChannel final : public Channel {
 public:
  MailChannel(net::MailServer server, std::string from, std::vector<std::string> to, Clock& clock)
      : server_(std::move(server)), from_(std::move(from)), to_(std::move(to)), clock_(clock) {}

  [[nodiscard]] std::string describe() const override;
  Result<void> tell(const Notice& notice, std::stop_token stop) override;

 private:
  const net::MailServer server_;
  const std::string from_;
  const std::vector<std::string> to_;
  Clock& clock_;
};

}  // namespace product_sync::alert
