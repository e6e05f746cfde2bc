#include "sync/delivery.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/backoff.hpp"
#include "base/work.hpp"
#include "sync/spool.hpp"

namespace product_sync::sync {
namespace {

constexpr Backoff kFilePause{.first = std::chrono::seconds{5}, .longest = std::chrono::minutes{10}};
constexpr std::chrono::milliseconds kClaimPoll{200};

}  // namespace

Delivery::Delivery(std::string site, transfer::Destination& destination, transfer::DeliveryOptions options,
                   std::optional<Interface> interface, store::Store& store, Clock& clock, Logger& log,
                   EventBus* events)
    : site_(std::move(site)),
      destination_(destination),
      options_(options),
      interface_(interface),
      store_(store),
      clock_(clock),
      log_(log),
      events_(events) {}

Result<void> Delivery::drain(std::optional<store::FileId> last, std::stop_token stop) {
  const std::lock_guard turn(turn_);
  const auto lease = claim(stop);
  if (!lease) return tl::unexpected(lease.error());
  while (true) {
    const auto next = store_.outbox().next(site_);
    if (!next) return tl::unexpected(next.error());
    if (!*next || (last && (*next)->id > *last)) return {};
    if (stop.stop_requested()) return cancelled(fmt::format("Delivery of {} for site {}", (*next)->file.name, site_));
    if (auto done = work_on(**next, stop); !done) return done;
  }
}

Result<std::optional<Instant>> Delivery::next_attempt() {
  const auto next = store_.outbox().next(site_);
  if (!next) return tl::unexpected(next.error());
  if (!*next) return std::optional<Instant>{};
  return std::optional{(*next)->next_attempt.value_or((*next)->created)};
}

/// Another process delivers: its lease ends with the delivery, or with the process.
Result<std::unique_ptr<store::Lease>> Delivery::claim(std::stop_token stop) {
  while (true) {
    auto lease = store_.try_lease(lease_name());
    if (!lease || *lease) return lease;
    if (clock_.sleep(kClaimPoll, stop) == WaitEnd::stopped) {
      return cancelled(fmt::format("Waiting for another delivery of site {}", site_));
    }
  }
}

Result<void> Delivery::work_on(const store::OutboxFile& file, std::stop_token stop) {
  const Work traced(file.run_id);
  if (file.state == store::FileState::dropping) return store_.outbox().drop(file.id, clock_.now()).map([](auto) {});
  // Of a file that a killed process left `applying` the ledger has the receipt already.
  if (file.state == store::FileState::applying) return tell_ledger(file, store::Receipt{});
  if (auto sound = check_spooled(file); !sound) return note_failure(file, sound.error());
  const auto receipt = send(file, std::move(stop));
  if (!receipt) return note_failure(file, receipt.error());
  return tell_ledger(file, *receipt);
}

Result<store::Receipt> Delivery::send(const store::OutboxFile& file, std::stop_token stop) {
  if (interface_) {
    if (auto removed = interface_->removals.before(file, stop); !removed) return tl::unexpected(removed.error());
  }
  auto by_api = try_api(file, stop);
  if (!by_api) return tl::unexpected(std::move(by_api.error()));
  if (*by_api) return std::move(**by_api);
  return transfer_file(file, std::move(stop));
}

/// Nothing: the file is to go to the destination. Also after a fault of the interface: should it have taken the file
/// all the same, Rithum gets the same content twice, which changes nothing.
Result<std::optional<store::Receipt>> Delivery::try_api(const store::OutboxFile& file, std::stop_token stop) {
  if (!interface_) return std::optional<store::Receipt>{};
  const auto takes = interface_->route.takes(file);
  if (!takes) return tl::unexpected(takes.error());
  if (!*takes) return std::optional<store::Receipt>{};
  auto receipt = interface_->route.deliver(file, std::move(stop));
  if (receipt) {
    log_.info("delivery.done", fmt::format("Rithum's interface has taken {}.", file.file.name),
              {{"site", site_}, {"file", file.file.name}, {"rows", file.file.rows}, {"bytes", file.file.bytes}});
    return std::optional(std::move(*receipt));
  }
  if (receipt.error().retry == Retry::cancelled) return tl::unexpected(std::move(receipt.error()));
  log_.warning("delivery.api_failed",
               fmt::format("{} goes to {} instead: {}", file.file.name, destination_.describe(), receipt.error().text()),
               {{"site", site_}, {"file", file.file.name}, {"code", receipt.error().code}});
  return std::optional<store::Receipt>{};
}

Result<store::Receipt> Delivery::transfer_file(const store::OutboxFile& file, std::stop_token stop) {
  const auto delivered = transfer::deliver(destination_, file.file.path, file.file.name, options_, clock_,
                                           /*progress=*/{}, std::move(stop));
  if (!delivered) return tl::unexpected(delivered.error());
  log_.info("delivery.done", fmt::format("{} is at {}.", file.file.name, destination_.describe()),
            {{"site", site_},
             {"file", file.file.name},
             {"rows", file.file.rows},
             {"bytes", file.file.bytes},
             {"sha256", file.file.sha256},
             {"attempts", delivered->attempts},
             {"already_there", delivered->already_there},
             {"elapsed_ms", delivered->elapsed.count()}});
  return store::Receipt{store::Route::transfer, {}, destination_.describe()};
}

Result<void> Delivery::tell_ledger(const store::OutboxFile& file, const store::Receipt& receipt) {
  const auto applied = store_.outbox().delivered(file.id, receipt, clock_.now());
  if (!applied) return tl::unexpected(applied.error());
  log_.info(
      "delivery.recorded", fmt::format("The ledger knows what {} told.", file.file.name),
      {{"site", site_}, {"file", file.file.name}, {"rows", applied->rows}, {"overtaken", applied->overtaken.size()}});
  publish({FileEvent::Step::delivered, file, receipt.route});
  return {};
}

void Delivery::publish(const FileEvent& event) const {
  if (events_ != nullptr) events_->publish(event);
}

/// Returns the error, with the time of the next attempt noted.
tl::unexpected<Error> Delivery::note_failure(const store::OutboxFile& file, const Error& error) {
  if (error.retry == Retry::cancelled) return tl::unexpected(error);
  const auto pause = delay_after(kFilePause, file.attempts + 1, random_unit());
  const auto now = clock_.now();
  log_.error("delivery.failed", error.text(),
             {{"site", site_}, {"file", file.file.name}, {"code", error.code}, {"next_attempt_ms", pause.count()}});
  const auto next_attempt = now + pause;
  if (auto noted = store_.outbox().failed(file.id, error, next_attempt, now); !noted) {
    return tl::unexpected(noted.error());
  }
  publish({FileEvent::Step::failed, file, file.route, error, next_attempt});
  return tl::unexpected(error);
}

Result<void> Delivery::check_waiting(const store::OutboxFile& file) {
  const auto& name = file.file.name;
  switch (file.state) {
    case store::FileState::sealed:
    case store::FileState::dropping:  // a process that gave it up was killed: the rest is done now
      return {};
    case store::FileState::dropped:
      return fail("outbox.not_sealed", fmt::format("{} was given up already.", name),
                  "Its items are on the retry list, or were read again since.");
    case store::FileState::writing:
      return fail("outbox.not_sealed", fmt::format("File {} is still being written.", file.id),
                  "Cancel its sync instead, and nothing of it is sent.");
    case store::FileState::applying:
    case store::FileState::delivered:
      break;
  }
  return fail("outbox.not_sealed", fmt::format("{} was delivered already.", name),
              fmt::format("To have it sent once more: \"product-sync resend {}\".", file.id));
}

Result<std::uint64_t> Delivery::drop(store::FileId file) {
  const auto busy = [&] {
    return fail("delivery.busy", fmt::format("A delivery of site {} is under way.", site_), "Try again when it ended.",
                Retry::later);
  };
  const std::unique_lock turn(turn_, std::try_to_lock);
  if (!turn.owns_lock()) return busy();
  const auto lease = store_.try_lease(lease_name());
  if (!lease) return tl::unexpected(lease.error());
  if (!*lease) return busy();
  const auto found = store_.outbox().find(file);
  if (!found) return tl::unexpected(found.error());
  if (!*found || (*found)->site != site_) {
    return fail("outbox.not_found", fmt::format("Site {} has no file {}.", site_, file),
                "\"product-sync files list\" shows those it has.");
  }
  if (auto waits = check_waiting(**found); !waits) return tl::unexpected(waits.error());
  const auto rows = store_.outbox().drop(file, clock_.now());
  if (!rows) return rows;
  log_.warning("delivery.dropped", fmt::format("{} was given up; its items are read again.", (*found)->file.name),
               {{"site", site_}, {"file", (*found)->file.name}, {"rows", *rows}});
  publish({FileEvent::Step::dropped, **found});
  return rows;
}

}  // namespace product_sync::sync
