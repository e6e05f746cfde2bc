#include "sync/confirmation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace product_sync::sync {
namespace {

/// While uploads run: Rithum's own figure for polling its jobs (rithum.md §5.3).
constexpr std::chrono::seconds kUploadPoll{15};
/// What is overdue is looked at in each so-many-th round only: it may stay so for long.
constexpr unsigned kOverdueEvery = 6;

}  // namespace

Confirmation::Confirmation(Options options, std::optional<Interface> interface, ResponseFiles* responses,
                           store::Store& store, Clock& clock, Logger& log)
    : options_(std::move(options)),
      interface_(interface),
      responses_(responses),
      store_(store),
      clock_(clock),
      log_(log) {}

Result<Monotonic> Confirmation::round(std::stop_token stop) {
  if (interface_) {
    if (auto kept = interface_->account.keep_alive(stop); !kept) return tl::unexpected(kept.error());
  }
  const std::lock_guard turn(turn_);
  const auto now = clock_.monotonic();
  if (!refreshed_) refreshed_ = now;  // a restart is no reason to read everything
  bool look = now >= next_look_;
  if (!look) {
    const auto ended = watch_uploads(stop);
    if (!ended) return tl::unexpected(ended.error());
    look = *ended;
  }
  if (look) {
    const bool everything = interface_ && options_.refresh.count() > 0 && now - *refreshed_ >= options_.refresh;
    if (auto counts = work(everything, std::move(stop)); !counts) return tl::unexpected(counts.error());
    next_look_ = clock_.monotonic() + options_.interval;
  } else if (ids_left_) {
    if (auto written = go_on_writing(std::move(stop)); !written) return tl::unexpected(written.error());
  }
  if (ids_left_) return clock_.monotonic();
  return std::min(next_look_, clock_.monotonic() + kUploadPoll);
}

/// Whether the outcome of some upload has become known.
Result<bool> Confirmation::watch_uploads(std::stop_token stop) {
  if (!interface_) return false;
  const auto pending = store_.proofs().uploads(options_.site);
  if (!pending) return tl::unexpected(pending.error());
  if (pending->empty()) return false;
  const auto lease = store_.try_lease(lease_name());
  if (!lease) return tl::unexpected(lease.error());
  if (!*lease) return false;
  const auto running = interface_->uploads.round(std::move(stop));
  if (!running) return tl::unexpected(running.error());
  return *running < pending->size();
}

Result<ConfirmationCounts> Confirmation::run(bool everything, std::stop_token stop) {
  if (everything && !interface_) {
    return fail("confirmation.no_interface",
                fmt::format("Site {} has no access to Rithum's interface: its products cannot be read back.", options_.site),
                "Give the credentials under rithum in the configuration.");
  }
  const std::lock_guard turn(turn_);
  auto counts = work(everything, stop);
  while (counts && ids_left_) {
    const auto written = go_on_writing(stop);
    if (!written) return tl::unexpected(written.error());
    counts->ids_written += *written;
  }
  return counts;
}

Result<ConfirmationCounts> Confirmation::work(bool everything, std::stop_token stop) {
  const auto lease = store_.try_lease(lease_name());
  if (!lease) return tl::unexpected(lease.error());
  ConfirmationCounts counts;
  counts.busy = !*lease;
  if (counts.busy) return counts;
  collect_responses(counts, stop);
  if (auto read = read_back(everything, counts, stop); !read) return tl::unexpected(read.error());
  const auto given_up = give_up_waiting();
  if (!given_up) return tl::unexpected(given_up.error());
  counts.overdue = *given_up;
  const auto written = write_ids(std::move(stop));
  if (!written) return tl::unexpected(written.error());
  counts.ids_written = *written;
  report(counts);
  return counts;
}

/// Where they cannot be fetched the rest goes on: there is other proof.
void Confirmation::collect_responses(ConfirmationCounts& counts, std::stop_token stop) {
  if (responses_ == nullptr) return;
  auto collected = responses_->round(std::move(stop));
  if (collected) {
    counts.responses = *collected;
    return;
  }
  counts.responses_failed = std::move(collected.error());
  if (counts.responses_failed->retry == Retry::cancelled) return;
  log_.error("confirmation.responses_failed", counts.responses_failed->text(),
             {{"site", options_.site}, {"code", counts.responses_failed->code}});
}

Result<void> Confirmation::read_back(bool everything, ConfirmationCounts& counts, std::stop_token stop) {
  if (!interface_) return {};
  const auto running = interface_->uploads.round(stop);
  if (!running) return tl::unexpected(running.error());
  counts.uploads_running = *running;
  auto& reader = interface_->read_back;
  auto read = everything ? reader.read_everything(std::move(stop))
                         : reader.round(rounds_ % kOverdueEvery == 0, std::move(stop));
  if (!read) return tl::unexpected(read.error());
  counts.read_back = *read;
  ++rounds_;
  if (everything) refreshed_ = clock_.monotonic();
  return {};
}

Result<std::uint64_t> Confirmation::give_up_waiting() {
  const auto now = clock_.now();
  const auto given_up = store_.proofs().give_up_waiting(options_.site, now - options_.overdue_after, now);
  if (!given_up || *given_up == 0) return given_up;
  log_.error("confirmation.overdue",
             fmt::format("{} products of site {} were sent, and Rithum has not shown them in time. Look at them with "
                         "state=overdue; see Rithum's Upload/Download Status for their files.",
                         *given_up, options_.site),
             {{"site", options_.site}, {"products", *given_up}});
  return given_up;
}

/// A part of them. How many; ids_left_ says whether that were all.
Result<std::uint64_t> Confirmation::write_ids(std::stop_token stop) {
  ids_left_ = false;
  if (!interface_ || interface_->write_back == nullptr) return 0;
  const auto written = interface_->write_back->round(std::move(stop));
  if (!written) return tl::unexpected(written.error());
  ids_left_ = written->more;
  return written->count;
}

Result<std::uint64_t> Confirmation::go_on_writing(std::stop_token stop) {
  ids_left_ = false;
  const auto lease = store_.try_lease(lease_name());
  if (!lease) return tl::unexpected(lease.error());
  if (!*lease) return 0;  // another process is at it
  return write_ids(std::move(stop));
}

void Confirmation::report(const ConfirmationCounts& counts) {
  const auto& read = counts.read_back;
  if (read.read == 0 && counts.ids_written == 0) return;
  log_.info("confirmation.done",
            fmt::format("Read back {} products of site {}: {} confirmed, {} different.", read.read, options_.site,
                        read.confirmed, read.different),
            {{"site", options_.site},
             {"overdue", counts.overdue},
             {"vanished", read.vanished},
             {"ids_written", counts.ids_written}});
}

Result<void> Confirmation::wait_for_proof(std::chrono::seconds longest, std::stop_token stop) {
  const auto deadline = clock_.monotonic() + longest;
  while (true) {
    const auto ids_left = round_for_a_job(stop);
    if (!ids_left) return tl::unexpected(ids_left.error());
    const auto lacking = anything_lacks_proof();
    if (!lacking) return tl::unexpected(lacking.error());
    const auto now = clock_.monotonic();
    if ((!*lacking && !*ids_left) || now >= deadline) return {};
    if (*ids_left) continue;
    const auto pause = std::min<std::chrono::nanoseconds>(kUploadPoll, deadline - now);
    if (clock_.sleep(pause, stop) == WaitEnd::stopped) return cancelled("Waiting for proof");
  }
}

/// Whether IDs are left to be written.
Result<bool> Confirmation::round_for_a_job(std::stop_token stop) {
  const std::lock_guard turn(turn_);
  if (auto counts = work(false, std::move(stop)); !counts) return tl::unexpected(counts.error());
  return ids_left_;
}

Result<bool> Confirmation::anything_lacks_proof() {
  const auto uploads = store_.proofs().uploads(options_.site);
  if (!uploads) return tl::unexpected(uploads.error());
  if (!uploads->empty()) return true;
  const auto sent = store_.proofs().lacking(options_.site, store::Lack::proof, "", clock_.now(), 1);
  if (!sent) return tl::unexpected(sent.error());
  return !sent->empty();
}

}  // namespace product_sync::sync
