// Fairness, measured: many senders that keep their connections, with and without thoughts between their notifications:
// how often each is served.
// usage: benchmark_keep_alive_fairness [SENDERS [SECONDS]]      (default: 256 8)

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Senders in closed loops: each sends the next notification when the last was answered and its thought is over.
class Senders {
 public:
  Senders(const ServedListener& listener, unsigned count, milliseconds longest_thought)
      : longest_thought_(longest_thought), answered_(count), loop_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (unsigned i = 0; i < count; ++i) {
      clients_.push_back(std::make_unique<HostileClient>(listener.connect(40'000 + i)));
      epoll_event event{.events = EPOLLIN, .data = {.u32 = i}};
      ::epoll_ctl(loop_, EPOLL_CTL_ADD, clients_.back()->descriptor(), &event);
      thinking_.push({Clock::now(), i});
    }
  }
  ~Senders() { ::close(loop_); }
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;

  void run(Clock::duration duration) {
    std::vector<epoll_event> events(answered_.size());
    for (const auto end = Clock::now() + duration; Clock::now() < end;) {
      while (!thinking_.empty() && thinking_.top().first <= Clock::now()) {
        clients_[thinking_.top().second]->send(notification_request());
        thinking_.pop();
      }
      const int wait = thinking_.empty() ? 100 : 1;
      const int ready = ::epoll_wait(loop_, events.data(), static_cast<int>(events.size()), wait);
      for (int i = 0; i < ready; ++i) take_answer(events[static_cast<std::size_t>(i)].data.u32);
    }
  }

  [[nodiscard]] const std::vector<std::uint64_t>& answered() const { return answered_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }

 private:
  void take_answer(unsigned sender) {
    const auto reply = clients_[sender]->reply();
    if (!reply || reply->status != 200) {
      ++failed_;
      ::epoll_ctl(loop_, EPOLL_CTL_DEL, clients_[sender]->descriptor(), nullptr);
      return;
    }
    ++answered_[sender];
    std::uniform_int_distribution<std::int64_t> thought(0, longest_thought_.count());
    thinking_.push({Clock::now() + milliseconds{thought(random_)}, sender});
  }

  using Thought = std::pair<Clock::time_point, unsigned>;  // until when, and whose
  milliseconds longest_thought_;
  std::mt19937_64 random_{1};
  std::vector<std::uint64_t> answered_;
  std::uint64_t failed_ = 0;
  int loop_;
  std::vector<std::unique_ptr<HostileClient>> clients_;
  std::priority_queue<Thought, std::vector<Thought>, std::greater<>> thinking_;
};

bool measure(unsigned count, std::chrono::seconds duration, milliseconds longest_thought) {
  const ServedListener listener;
  Senders senders(listener, count, longest_thought);
  senders.run(duration);
  auto answered = senders.answered();
  std::sort(answered.begin(), answered.end());
  const auto median = answered[answered.size() / 2];
  std::uint64_t total = 0;
  for (const auto each : answered) total += each;
  fmt::print(
      "{} keep-alive senders, thoughts up to {} ms: {:.0f} a second; slowest {} / median {} / fastest {}, {} failed\n",
      count, longest_thought.count(), static_cast<double>(total) / static_cast<double>(duration.count()),
      answered.front(), median, answered.back(), senders.failed());
  return senders.failed() == 0 && 2 * answered.front() >= median && answered.front() > 0;
}

}  // namespace

int main(int count, char** arguments) {
  const auto senders = static_cast<unsigned>(count > 1 ? std::stoul(arguments[1]) : 256);
  const auto duration = std::chrono::seconds(count > 2 ? std::stoi(arguments[2]) : 8);
  const bool without = measure(senders, duration, milliseconds{0});
  const bool with = measure(senders, duration, milliseconds{100});
  return with && without ? 0 : 1;
}
