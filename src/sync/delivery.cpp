#include "sync/delivery.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/backoff.hpp"
#include "sync/spool.hpp"

namespace product_sync::sync {
namespace {

constexpr Backoff kRoundPause{.first = std::chrono::seconds{5}, .longest = std::chrono::minutes{10}};
constexpr std::chrono::milliseconds kClaimPoll{200};

}  // namespace

Delivery::Delivery(std::string site, transfer::Destination& destination, transfer::DeliveryOptions options,
                   store::Store& store, Clock& clock, Logger& log)
    : site_(std::move(site)), destination_(destination), options_(options), store_(store), clock_(clock), log_(log) {}

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
  if (file.state == store::FileState::dropping) return store_.outbox().drop(file.id, clock_.now()).map([](auto) {});
  if (file.state == store::FileState::sealed) {
    if (auto sent = send(file, std::move(stop)); !sent) return sent;
  }
  return tell_ledger(file);
}

Result<void> Delivery::send(const store::OutboxFile& file, std::stop_token stop) {
  if (auto sound = check_spooled(file); !sound) return note_failure(file, sound.error());
  const auto delivered =
      transfer::deliver(destination_, file.file.path, file.file.name, options_, clock_, /*progress=*/{}, stop);
  if (!delivered) return note_failure(file, delivered.error());
  log_.info("delivery.done", fmt::format("{} is at {}.", file.file.name, destination_.describe()),
            {{"site", site_},
             {"file", file.file.name},
             {"rows", file.file.rows},
             {"bytes", file.file.bytes},
             {"sha256", file.file.sha256},
             {"attempts", delivered->attempts},
             {"already_there", delivered->already_there},
             {"elapsed_ms", delivered->elapsed.count()}});
  return {};
}

Result<void> Delivery::tell_ledger(const store::OutboxFile& file) {
  const auto applied = store_.outbox().delivered(file.id, clock_.now());
  if (!applied) return tl::unexpected(applied.error());
  log_.info(
      "delivery.recorded", fmt::format("The ledger knows what {} told.", file.file.name),
      {{"site", site_}, {"file", file.file.name}, {"rows", applied->rows}, {"overtaken", applied->overtaken.size()}});
  return {};
}

/// Returns the error, with the time of the next attempt noted.
Result<void> Delivery::note_failure(const store::OutboxFile& file, const Error& error) {
  if (error.retry == Retry::cancelled) return tl::unexpected(error);
  const auto pause = delay_after(kRoundPause, file.attempts + 1, random_unit());
  log_.error("delivery.failed", error.text(),
             {{"site", site_}, {"file", file.file.name}, {"code", error.code}, {"next_attempt_ms", pause.count()}});
  if (auto noted = store_.outbox().failed(file.id, error, clock_.now() + pause); !noted) return noted;
  return tl::unexpected(error);
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
    return fail("outbox.not_found", fmt::format("Site {} has no file {}.", site_, file));
  }
  const auto rows = store_.outbox().drop(file, clock_.now());
  if (!rows) return rows;
  log_.warning("delivery.dropped", fmt::format("{} was given up; its items are read again.", (*found)->file.name),
               {{"site", site_}, {"file", (*found)->file.name}, {"rows", *rows}});
  return rows;
}

}  // namespace product_sync::sync
