#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// Position of a notification in its inbox: rises with each stored one, never reused.
using Sequence = std::int64_t;

/// A parsed notification on its way to the disk. (site, tenant, query, id) is its identity.
struct NewNotification {
  std::string site;
  std::string tenant;
  std::string query;
  std::string id;
  std::uint64_t ticks = 0;  ///< Acumatica's TimeStamp, .NET ticks
  Instant received;
  std::vector<std::string> keys;  ///< inventory IDs named by its rows
  bool keys_complete = true;      ///< false: some row named none, so only a delta read finds what changed
  std::string body;               ///< as received
};

struct StoredNotification {
  Sequence sequence = 0;
  bool repeated = false;  ///< the identity was there before; nothing was changed
};

/// A notification whose change has not been carried on yet.
struct PendingNotification {
  Sequence sequence = 0;
  Instant received;
  std::uint64_t ticks = 0;  ///< Acumatica's TimeStamp; 0 = not given
  std::vector<std::string> keys;
  bool keys_complete = true;
};

/// A body that could not be parsed, kept for a look.
struct QuarantinedBody {
  std::string site;
  Instant received;
  std::string code;
  std::string reason;
  std::size_t offset = 0;  ///< byte of the body at which parsing failed, from 1; 0 = not tied to one
  std::string body;        ///< cut to the store's cap
};

struct InboxStats {
  std::uint64_t pending = 0;
  std::optional<Instant> oldest_pending;
  std::optional<Instant> newest;  ///< received, pending or not
  std::uint64_t stored = 0;
  std::uint64_t quarantined = 0;
};

/// Notifications, durably. Thread-safe.
class Inbox {
 public:
  virtual ~Inbox() = default;

  /// Called once when the outcome is known: before the call returns, or later on a thread of the store. Must be quick.
  template <class T>
  using Done = std::function<void(Result<T>)>;

  /// `done` hears of success after the notification is committed to disk; notifications that come together share one
  /// commit. `inbox.full` (Retry::later) when too many posts wait, or the disk is below its floor: then nothing was
  /// stored.
  virtual void put(NewNotification notification, Done<StoredNotification> done) = 0;
  /// Between the two, called by one thread, what is put need not be written at once: it is about to have company, and
  /// shall share its commit.
  virtual void burst_begins() {}
  virtual void burst_ends() {}
  /// put() that waits for the outcome.
  Result<StoredNotification> put(NewNotification notification);

  /// Keeps the newest bodies up to the store's caps in count and bytes; older ones make room.
  virtual void quarantine(QuarantinedBody body, Done<void> done) = 0;
  /// quarantine() that waits for the outcome.
  Result<void> quarantine(QuarantinedBody body);
  virtual Result<std::vector<QuarantinedBody>> quarantined(std::string_view site, std::size_t limit) = 0;

  /// Pending notifications behind `after`, oldest first.
  virtual Result<std::vector<PendingNotification>> pending(std::string_view site, Sequence after,
                                                           std::size_t limit) = 0;

  /// These were carried on, by that run; they are not pending any more.
  virtual Result<void> complete(std::string_view site, std::string_view run_id,
                                std::span<const Sequence> sequences) = 0;

  virtual Result<InboxStats> stats(std::string_view site) = 0;
  /// InboxStats::pending alone: cheap enough for every second.
  virtual Result<std::uint64_t> pending_count(std::string_view site) = 0;

  /// Forgets completed notifications received before `before`. Returns how many.
  virtual Result<std::uint64_t> forget_completed(Instant before) = 0;
};

}  // namespace product_sync::store
