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
