#include "sync/exchange_recorder.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/work.hpp"
#include "sync/body_redaction.hpp"

namespace product_sync::sync {
namespace {

/// Of a queued exchange beside its texts.
constexpr std::uint64_t kEntryBytes = 512;
/// Exchanges that one commit takes.
constexpr std::size_t kMostInCommit = 2'000;
constexpr std::size_t kLongestText = 4'000;

std::uint64_t bytes_of(const store::LoggedExchange& entry) {
  return kEntryBytes + entry.target.size() + entry.error.size() + entry.request_body.size() +
         entry.response_body.size();
}

std::string short_text(std::string_view text, const RecordedSite& site) {
  return redacted_body(text, site.secrets, kLongestText);
}

}  // namespace

ExchangeRecorder::ExchangeRecorder(Options options, store::RequestLog& log, Clock& clock, Logger& logger)
    : options_(options), log_(log), clock_(clock), logger_(logger), thread_([this](const std::stop_token& stop) {
        run(stop);
      }) {}

ExchangeRecorder::~ExchangeRecorder() {
  thread_.request_stop();
  thread_.join();
}

void ExchangeRecorder::record(const RecordedSite& site, store::Peer peer, store::Direction direction,
                              const Exchange& exchange) {
  if (site.level == RecordLevel::off || (site.level == RecordLevel::errors && !exchange.failed())) return;
  store::LoggedExchange entry;
  entry.at = exchange.started;
  entry.site = site.id;
  if (const auto* work = Work::current()) {
    entry.run_id = work->run_id();
    entry.trace_id = work->trace_id();
  }
  entry.peer = peer;
  entry.direction = direction;
  entry.method = exchange.method;
  entry.target = short_text(exchange.target, site);
  entry.status = exchange.status;
  entry.failed = exchange.failed();
  entry.error_code = exchange.error_code;
  entry.error = short_text(exchange.error, site);
  entry.elapsed = exchange.elapsed;
  entry.bytes_sent = exchange.bytes_sent;
  entry.bytes_received = exchange.bytes_received;
  entry.correlation = short_text(exchange.correlation, site);
  if (site.level == RecordLevel::bodies) {
    entry.request_body = redacted_body(exchange.request_body, site.secrets, options_.body_bytes);
    entry.response_body = redacted_body(exchange.response_body, site.secrets, options_.body_bytes);
  }
  const auto bytes = bytes_of(entry);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= options_.longest_queue || queue_bytes_ + bytes > options_.queue_bytes) {
      ++dropped_;
      ++untold_drops_;
      return;
    }
    first = queue_.empty();
    queue_.push_back(std::move(entry));
    queue_bytes_ += bytes;
    ++taken_;
  }
  if (first) changed_.notify_all();
}

ExchangeObserver ExchangeRecorder::observer(const RecordedSite& site, store::Peer peer) {
  return [this, &site, peer](const Exchange& exchange) { record(site, peer, store::Direction::outgoing, exchange); };
}

void ExchangeRecorder::flush() {
  std::unique_lock lock(mutex_);
  const auto awaited = taken_;
  hurried_ = true;
  changed_.notify_all();
  wake_.notify();
  changed_.wait(lock, [&] { return settled_ >= awaited; });
}

void ExchangeRecorder::run(const std::stop_token& stop) {
  while (true) {
    Batch batch;
    std::uint64_t dropped = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [&] { return !queue_.empty(); });
      if (queue_.empty()) return;  // stopped, and nothing is left
      const bool gathering = !hurried_ && queue_.size() < kMostInCommit;
      if (gathering) {
        lock.unlock();
        static_cast<void>(clock_.wait(wake_, clock_.monotonic() + options_.gather, stop));
        lock.lock();
      }
      const auto count = std::min(queue_.size(), kMostInCommit);
      const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
      batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
      queue_.erase(queue_.begin(), end);
      for (const auto& entry : batch) queue_bytes_ -= bytes_of(entry);
      dropped = std::exchange(untold_drops_, 0);
    }
    const auto count = batch.size();
    write(batch, dropped);
    {
      const std::lock_guard lock(mutex_);
      settled_ += count;
      if (queue_.empty()) hurried_ = false;
    }
    changed_.notify_all();
  }
}

/// The drops are told by an entry of their own, behind those that had room.
void ExchangeRecorder::write(Batch& batch, std::uint64_t dropped) {
  const auto count = batch.size();
  if (dropped > 0) {
    store::LoggedExchange note;
    note.at = clock_.now();
    note.site = batch.back().site;
    note.method = "dropped";
    note.failed = true;
    note.error_code = "request_log.dropped";
    note.error = fmt::format("{} exchanges were not recorded: they came faster than the log can be written.", dropped);
    batch.push_back(std::move(note));
  }
  if (auto written = log_.add(batch); !written) {
    dropped_ += count;
    logger_.warning("request_log.not_written", written.error().text(),
                    {{"exchanges", count}, {"code", written.error().code}});
    return;
  }
  written_ += count;
}

}  // namespace product_sync::sync
