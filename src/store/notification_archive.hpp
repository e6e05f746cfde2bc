#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "store/inbox.hpp"

namespace product_sync::store {

/// A notification as it is shown.
struct ReceivedNotification {
  Sequence sequence = 0;
  Instant received;
  std::string query;  ///< the push query of Acumatica
  std::string id;     ///< Acumatica's own
  std::vector<std::string> keys;
  bool keys_complete = true;
  bool pending = false;
  std::string run_id;  ///< that carried it on; empty while it is pending, or when that was not kept
};

struct ArchiveFilter {
  /// The last one of the page before.
  struct Place {
    Instant received = Instant::max();
    Sequence sequence = 0;
  };
  std::optional<bool> pending = {};
  Place behind = {};
  std::size_t limit = 100;
};

/// The notifications of the inbox, those that were carried on among them. Thread-safe.
class NotificationArchive {
 public:
  virtual ~NotificationArchive() = default;

  /// Newest first.
  virtual Result<std::vector<ReceivedNotification>> list(std::string_view site, const ArchiveFilter& filter) = 0;

  /// Notifications that were carried on and were received from `from` on and before `to` are pending again. Returns how
  /// many; `replay.too_many` when they are more than `most`: then nothing was changed.
  virtual Result<std::uint64_t> replay(std::string_view site, Instant from, Instant to, std::uint64_t most) = 0;
};

}  // namespace product_sync::store
