#include "held_connections.hpp"

#include <poll.h>

#include <stdexcept>

namespace product_sync::hostile {
namespace {
constexpr int kLookMs = 100;  // at whether to end
}

HeldConnections::HeldConnections(const ServedListener& listener, unsigned count)
    : listener_(listener), clients_(count) {
  for (unsigned i = 0; i < count; ++i) open(i);
  thread_ = std::jthread([this](const std::stop_token& stop) { renew(stop); });
}

void HeldConnections::open(unsigned index) {
  clients_[index] = std::make_unique<HostileClient>(listener_.connect(index + 1));
  auto& client = *clients_[index];
  switch (index % 3) {
    case 0:
      client.send(kHealthRequest);
      (void)client.reply();
      break;
    case 1:
      client.send("POST /v1/sites/eu/notifications HTTP/1.1\r\nHost: localh");
      break;
    default:
      client.send(intake_head("Content-Length: 1000\r\n") + "{");
  }
}

void HeldConnections::renew(const std::stop_token& stop) {
  std::vector<pollfd> watched;
  for (const auto& client : clients_) watched.push_back({client->descriptor(), POLLIN, 0});
  while (!stop.stop_requested()) {
    ::poll(watched.data(), watched.size(), kLookMs);
    for (unsigned i = 0; i < watched.size(); ++i) {
      if (watched[i].revents == 0 || !clients_[i]->was_ended()) continue;
      try {
        open(i);
        ++renewed_;
      } catch (const std::runtime_error&) {  // refused just now: the next look tries again
        continue;
      }
      watched[i].fd = clients_[i]->descriptor();
    }
  }
}

}  // namespace product_sync::hostile
