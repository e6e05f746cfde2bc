#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/api_route.hpp"
#include "sync/event_bus.hpp"
#include "sync/removals.hpp"
#include "transfer/delivery.hpp"
#include "transfer/destination.hpp"

namespace product_sync::sync {

/// Carries the sealed files of one site to Rithum, oldest first, and only then tells the ledger. Files that the
/// interface takes go that way; the others, and those it fails for, go to the destination. Goes on where a killed
/// process stopped. Thread-safe: one delivery at a time, also between processes that share the store.
class Delivery {
 public:
  /// What Rithum's interface adds to delivering files.
  struct Interface {
    ApiRoute& route;
    Removals& removals;
  };

  /// `interface` is empty where files are all there is. `events` hears of each file; null: nobody watches.
  Delivery(std::string site, transfer::Destination& destination, transfer::DeliveryOptions options,
           std::optional<Interface> interface, store::Store& store, Clock& clock, Logger& log,
           EventBus* events = nullptr);

  /// Delivers everything sealed up to and including `last`; without `last`, everything there is. Waits for its turn. An
  /// error leaves the failing file and those behind it in the outbox, with the time of the next attempt.
  Result<void> drain(std::optional<store::FileId> last, std::stop_token stop);

  /// Gives a file up that is sealed: its items are read again. Returns how many rows it had. `delivery.busy` while a
  /// delivery of the site is under way, `outbox.not_found`, `outbox.not_sealed`.
  Result<std::uint64_t> drop(store::FileId file);

  /// When the next drain is worth trying; nothing when the outbox is empty.
  Result<std::optional<Instant>> next_attempt();

 private:
  [[nodiscard]] std::string lease_name() const { return "delivery." + site_; }
  Result<std::unique_ptr<store::Lease>> claim(std::stop_token stop);
  Result<void> work_on(const store::OutboxFile& file, std::stop_token stop);
  Result<store::Receipt> send(const store::OutboxFile& file, std::stop_token stop);
  Result<std::optional<store::Receipt>> try_api(const store::OutboxFile& file, std::stop_token stop);
  Result<store::Receipt> transfer_file(const store::OutboxFile& file, std::stop_token stop);
  /// Whether the file can be given up.
  static Result<void> check_waiting(const store::OutboxFile& file);
  Result<void> tell_ledger(const store::OutboxFile& file, const store::Receipt& receipt);
  tl::unexpected<Error> note_failure(const store::OutboxFile& file, const Error& error);
  void publish(const FileEvent& event) const;

  const std::string site_;
  transfer::Destination& destination_;
  const transfer::DeliveryOptions options_;
  const std::optional<Interface> interface_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  EventBus* const events_;
  std::mutex turn_;
};

}  // namespace product_sync::sync
