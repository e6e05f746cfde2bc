// Mixed good, slow and hostile traffic against `product-sync serve` for a while: its memory and descriptors stay flat,
// and what it acknowledged is in the inbox even after a kill. usage: listener_soak [SECONDS]      (default 600;
// PRODUCT_SYNC_TEST_SEED repeats the choices of a run)

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "framing_cases.hpp"
#include "held_connections.hpp"
#include "served_listener.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace product_sync::hostile;

namespace {

constexpr unsigned kHeld = 600;
constexpr unsigned kSenders = 8;
constexpr unsigned kListeners = 8;
constexpr int kSamples = 20;
constexpr int kQuarter = kSamples / 4;
constexpr double kMostGrowthMib = 12;         // from the second quarter to the last: the page caches of a growing store
constexpr std::size_t kMostDescriptors = 40;  // more than before the traffic, once it is over
constexpr std::chrono::milliseconds kLongestThought{20};

/// What senders were told is stored.
class Acknowledged {
 public:
  void add(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.insert(id);
  }
  [[nodiscard]] std::set<std::string> ids() const {
    const std::lock_guard lock(mutex_);
    return ids_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> ids_;
};

struct Traffic {
  const ServedListener& listener;
  Acknowledged& acknowledged;
  std::atomic<std::uint64_t> unanswered = 0;  ///< good notifications that got another answer than 200, or none
  std::atomic<std::uint64_t> attacks = 0;
  std::atomic<std::uint64_t> streams = 0;  ///< of events, that were listened to
};

/// Honest senders: on one connection for a while, then on a new one, with thoughts between.
void send_notifications(Traffic& traffic, unsigned number, std::mt19937_64 random, const std::stop_token& stop) {
  std::uniform_int_distribution<int> thought(0, static_cast<int>(kLongestThought.count()));
  while (!stop.stop_requested()) {
    auto sender = traffic.listener.connect(10'000 + number);
    for (auto left = random() % 200; left > 0 && !stop.stop_requested(); --left) {
      const auto id = new_id();
      const auto body = notification_body(id);
      if (sender.ask(intake_head(fmt::format("Content-Length: {}\r\n", body.size())) + body) != 200) {
        ++traffic.unanswered;
        break;
      }
      traffic.acknowledged.add(id);
      std::this_thread::sleep_for(std::chrono::milliseconds{thought(random)});
    }
  }
}

/// Clients that hear events for a while, and some that never read what they asked for.
void listen_to_events(Traffic& traffic, unsigned number, std::mt19937_64 random, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto listening = traffic.listener.connect(30'000 + number);
    listening.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const bool reads = random() % 4 != 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(random() % 20'000);
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < end && (!reads || !listening.was_ended())) {
      std::this_thread::sleep_for(kLongestThought);
    }
    ++traffic.streams;
  }
}

void attack(Traffic& traffic, std::mt19937_64 random, const std::stop_token& stop) {
  const auto cases = refused_framings();
  while (!stop.stop_requested()) {
    auto client = traffic.listener.connect(20'000 + static_cast<unsigned>(random() % 1'000));
    const auto& wrong = cases[random() % cases.size()].bytes;
    ++traffic.attacks;
    switch (random() % 6) {
      case 0:  // breaks off
        client.send(wrong.substr(0, random() % wrong.size()));
        client.reset();
        break;
      case 1:  // leaves early
        client.send(notification_request());
        break;
      case 2:
        client.send(intake_head("Transfer-Encoding: chunked\r\n"));
        client.flood(chunk(std::string(64 * 1024, 'x')), 40ULL << 20);
        break;
      case 3:
        client.send("GET / HTTP/1.1\r\nX: ");
        client.flood(std::string(16 * 1024, 'x'), 1ULL << 20);
        break;
      case 4:
        client.send(intake_head("Content-Length: 10\r\n") + "not json..");
        (void)client.reply();
        break;
      default:
        client.send(wrong);
        client.end_sending();
        client.rest();
    }
    std::this_thread::sleep_for(kLongestThought);
  }
}

/// Runs one loop, and again when its connection failed, until the stop.
template <class Loop>
std::jthread repeat(Loop loop) {
  return std::jthread([loop](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        loop(stop);
      } catch (const std::runtime_error& error) {
        fmt::print(stderr, "{}\n", error.what());
      }
    }
  });
}

bool verdict(bool holds, const std::string& what) {
  fmt::print("{} {}\n", holds ? "holds: " : "FAILS: ", what);
  return holds;
}

}  // namespace

int main(int count, char** arguments) {
  const auto duration = std::chrono::seconds(count > 1 ? std::stoi(arguments[1]) : 600);
  const auto seed = product_sync::testing::random_seed();
  fmt::print("seed {}, {} s\n  seconds  memory MiB  descriptors  acknowledged  attacks  renewed  not answered\n", seed,
             duration.count());
  ServedListener listener;
  if (!listener.answers_a_new_notification()) throw std::runtime_error("no answer");
  const auto descriptors_before = listener.descriptors();
  Acknowledged acknowledged;
  Traffic traffic{listener, acknowledged};
  std::vector<double> memory;
  {
    const HeldConnections held(listener, kHeld);
    std::vector<std::jthread> loops;
    for (unsigned i = 0; i < kSenders; ++i) {
      loops.push_back(repeat([&traffic, i, random = std::mt19937_64(seed + i)](const std::stop_token& stop) {
        send_notifications(traffic, i, random, stop);
      }));
    }
    for (unsigned i = 0; i < kListeners; ++i) {
      loops.push_back(repeat([&traffic, i, random = std::mt19937_64(seed + 100 + i)](const std::stop_token& stop) {
        listen_to_events(traffic, i, random, stop);
      }));
    }
    loops.push_back(repeat([&traffic, random = std::mt19937_64(seed + kSenders)](const std::stop_token& stop) {
      attack(traffic, random, stop);
    }));
    for (int sample = 1; sample <= kSamples; ++sample) {
      std::this_thread::sleep_for(duration / kSamples);
      memory.push_back(listener.memory_mib());
      fmt::print("{:9.0f} {:11.1f} {:12} {:13} {:8} {:8} {:13}\n",
                 static_cast<double>(duration.count()) * sample / kSamples, memory.back(), listener.descriptors(),
                 acknowledged.ids().size(), traffic.attacks.load(), held.renewed(), traffic.unanswered.load());
      std::fflush(stdout);
    }
    for (auto& loop : loops) loop.request_stop();
  }
  // What the listener still has open is about to be noticed as closed by its clients.
  std::size_t descriptors = listener.descriptors();
  for (int i = 0; i < 1'000 && descriptors > descriptors_before + kMostDescriptors; ++i) {
    (void)listener.answers_a_new_notification();
    descriptors = listener.descriptors();
  }
  const double peak = listener.peak_memory_mib();
  listener.process().kill();
  (void)listener.process().wait();
  const auto ids = acknowledged.ids();
  const auto found = listener.ids_in_the_inbox(ids);

  // The lowest of a quarter: a sample may fall into a flood that is being refused.
  const double warm = *std::min_element(memory.begin() + kQuarter, memory.begin() + 2 * kQuarter);
  const double last = *std::min_element(memory.end() - kQuarter, memory.end());
  bool good =
      verdict(last <= warm + kMostGrowthMib,
              fmt::format("memory is flat: {:.1f} MiB in the second quarter, {:.1f} in the last, {:.1f} at its peak",
                          warm, last, peak));
  good &= verdict(descriptors <= descriptors_before + kMostDescriptors,
                  fmt::format("descriptors come back: {} before, {} after", descriptors_before, descriptors));
  fmt::print("{} streams of events were listened to\n", traffic.streams.load());
  good &= verdict(traffic.unanswered == 0,
                  fmt::format("{} good notifications were not answered 200", traffic.unanswered.load()));
  good &=
      verdict(found == ids.size(),
              fmt::format("{} notifications acknowledged, {} of them in the inbox after kill -9", ids.size(), found));
  return good ? 0 : 1;
}
