#include <utility>

#include "front/service.hpp"

namespace product_sync::front {

Reply::~Reply() {
  if (channel_) send(internal_error());
}

void Reply::send(Answer answer) {
  if (const auto channel = std::exchange(channel_, nullptr)) channel->deliver(request_, std::move(answer));
}

}  // namespace product_sync::front
