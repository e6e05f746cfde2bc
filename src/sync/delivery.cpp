#include "sync/delivery.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/backoff.hpp"

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
    if (auto done = deliver_one(**next, stop); !done) return done;
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
    auto lease = store_.try_lease("delivery." + site_);
    if (!lease || *lease) return lease;
    if (clock_.sleep(kClaimPoll, stop) == WaitEnd::stopped) {
      return cancelled(fmt::format("Waiting for another delivery of site {}", site_));
    }
  }
}

Result<void> Delivery::deliver_one(const store::OutboxFile& file, std::stop_token stop) {
  const auto delivered =
      transfer::deliver(destination_, file.file.path, file.file.name, options_, clock_, /*progress=*/{}, stop);
  if (!delivered) {
    const auto& error = delivered.error();
    if (error.retry == Retry::cancelled) return tl::unexpected(error);
    const auto pause = delay_after(kRoundPause, file.attempts + 1, random_unit());
    log_.error("delivery.failed", error.text(),
               {{"site", site_}, {"file", file.file.name}, {"code", error.code}, {"next_attempt_ms", pause.count()}});
    if (auto noted = store_.outbox().failed(file.id, error, clock_.now() + pause); !noted) return noted;
    return tl::unexpected(error);
  }
  const auto applied = store_.outbox().delivered(file.id, clock_.now());
  if (!applied) return tl::unexpected(applied.error());
  log_.info("delivery.done", fmt::format("{} is at {}.", file.file.name, destination_.describe()),
            {{"site", site_},
             {"file", file.file.name},
             {"rows", file.file.rows},
             {"bytes", file.file.bytes},
             {"attempts", delivered->attempts},
             {"elapsed_ms", delivered->elapsed.count()},
             {"overtaken", applied->overtaken.size()}});
  return {};
}

}  // namespace product_sync::sync
