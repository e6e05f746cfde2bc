#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "front/front.hpp"
#include "support/raw_client.hpp"
#include "support/simulated_clock.hpp"

namespace product_sync::front {

/// What the streams of a test are to say. Outlives them.
class StreamScript {
 public:
  /// The next piece of each stream.
  void say(std::string piece) {
    const std::lock_guard lock(mutex_);
    piece_ = std::move(piece);
  }
  [[nodiscard]] std::unique_ptr<Stream> open() { return std::make_unique<Scripted>(*this); }

  std::atomic<bool> endless = false;  ///< the piece is said again and again
  std::atomic<int> streams = 0;       ///< that are open
  std::atomic<int> pieces = 0;  ///< that were given out

 private:
  class Scripted final : public Stream {
   public:
    explicit Scripted(StreamScript& script) : script_(script) { ++script_.streams; }
    ~Scripted() override { --script_.streams; }
    void next(Monotonic, std::string& to) override {
      const std::lock_guard lock(script_.mutex_);
      if (script_.piece_.empty() || (heard_ == script_.piece_ && !script_.endless)) return;
      heard_ = script_.piece_;
      to += heard_;
      ++script_.pieces;
    }

   private:
    StreamScript& script_;
    std::string heard_;
  };

  std::mutex mutex_;
  std::string piece_;  // guarded by mutex_
};

/// Answers with what was asked, or when the test says so.
class EchoService final : public Service {
 public:
  Verdict admit(RequestHead head, const Peer& peer) override {
    ++admitted;
    if (head.path() == "/refused") return {"/refused", problem(401, "no", "No.")};
    if (head.path() == "/peer") return {"/peer", Response{200, "text/plain", peer.address.text(), {}}};
    auto serve = [this, path = std::string(head.path())](std::string body, Reply reply) {
      ++served;
      if (path == "/dropped") return;
      if (path == "/stream") return reply.send(StreamedResponse{200, {}, "text/event-stream", script.open()});
      if (path != "/later") return reply.send(Response{200, "text/plain", path + body, {}});
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(reply));
      changed_.notify_all();
    };
    return {"/echo", Admitted{1'000'000, std::move(serve)}};
  }

  /// Takes a reply that `/later` left behind.
  Reply wait_for_reply() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty(); });
    auto reply = std::move(waiting_.back());
    waiting_.pop_back();
    return reply;
  }

  StreamScript script;
  std::atomic<int> admitted = 0;
  std::atomic<int> served = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Reply> waiting_;
};

/// A front on a free port, on which the time stands still.
class FrontBench {
 public:
  explicit FrontBench(Options options = {}) : front_(with_endpoint(std::move(options)), service, clock, metrics, log_) {
    if (const auto started = front_.start(); !started) throw std::runtime_error(started.error().text());
  }

  [[nodiscard]] std::uint16_t port() const { return front_.port(); }
  std::string exchange(const std::string& bytes) { return product_sync::exchange(port(), bytes); }
  Front& front() { return front_; }

  EchoService service;
  SimulatedClock clock;
  Metrics metrics;

 private:
  static Options with_endpoint(Options options) {
    if (options.endpoints.empty()) options.endpoints.push_back({"127.0.0.1", 0});
    return options;
  }
  Logger log_{LogFormat::text, LogLevel::error};
  Front front_;
};

}  // namespace product_sync::front
