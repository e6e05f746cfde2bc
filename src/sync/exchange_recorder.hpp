#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/exchange.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "store/request_log.hpp"

namespace product_sync::sync {

/// What the recorder has to know of a site.
struct RecordedSite {
  std::string id;
  RecordLevel level = RecordLevel::all;
  std::vector<Secret> secrets;  ///< never to be recorded, wherever they turn up
};

/// Writes exchanges to the request log behind the back of those who make them: record() only puts them into a bounded
/// queue, and what does not fit is dropped, counted, and told in the log itself. Thread-safe.
class ExchangeRecorder {
 public:
  struct Options {
    std::size_t longest_queue = 20'000;             ///< exchanges
    std::uint64_t queue_bytes = 32ULL << 20U;       ///< and what they take
    std::size_t body_bytes = 64U << 10U;            ///< longer bodies are cut
    std::chrono::milliseconds gather{500};          ///< for one commit
  };

  ExchangeRecorder(Options options, store::RequestLog& log, Clock& clock, Logger& logger);
  /// Writes what is left.
  ~ExchangeRecorder();
  ExchangeRecorder(const ExchangeRecorder&) = delete;
  ExchangeRecorder& operator=(const ExchangeRecorder&) = delete;

  /// Takes its run and trace from the Work of the calling thread. `site` outlives the call only.
  void record(const RecordedSite& site, store::Peer peer, store::Direction direction, const Exchange& exchange);

  /// For whoever exchanges something with `peer`; `site` and this outlive it.
  [[nodiscard]] ExchangeObserver observer(const RecordedSite& site, store::Peer peer);

  /// Returns when everything that was recorded before is written, or could not be.
  void flush();

  /// Exchanges that had no room, or could not be written.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] std::uint64_t written() const { return written_; }

 private:
  using Batch = std::vector<store::LoggedExchange>;

  void run(const std::stop_token& stop);
  void write(Batch& batch, std::uint64_t dropped);

  const Options options_;
  store::RequestLog& log_;
  Clock& clock_;
  Logger& logger_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<std::uint64_t> written_ = 0;
  Wake wake_;

  std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;
  Batch queue_;
  std::uint64_t queue_bytes_ = 0;
  std::uint64_t untold_drops_ = 0;
  std::uint64_t taken_ = 0;    // into the queue
  std::uint64_t settled_ = 0;  // of those: written, or given up
  bool hurried_ = false;       // somebody waits

  std::jthread thread_;  // last: it uses all above
};

}  // namespace product_sync::sync
