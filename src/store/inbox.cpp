#include "store/inbox.hpp"

#include <future>
#include <utility>

namespace product_sync::store {

Result<StoredNotification> Inbox::put(NewNotification notification) {
  std::promise<Result<StoredNotification>> outcome;
  put(std::move(notification), [&](auto stored) { outcome.set_value(std::move(stored)); });
  return outcome.get_future().get();
}

Result<void> Inbox::quarantine(QuarantinedBody body) {
  std::promise<Result<void>> outcome;
  quarantine(std::move(body), [&](auto kept) { outcome.set_value(std::move(kept)); });
  return outcome.get_future().get();
}

}  // namespace product_sync::store
