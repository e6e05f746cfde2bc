#include "sync/coalescer.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

namespace {

const Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
constexpr Monotonic kStart{1h};

store::PendingNotification notification(store::Sequence sequence, std::vector<std::string> keys, bool complete = true) {
  return {sequence, kNow, 0, std::move(keys), complete};
}

sync::Coalescer coalescer() {
  return sync::Coalescer({.debounce = 15s, .longest_wait = 60s, .flood = 4, .most_notifications = 100});
}

}  // namespace

TEST_CASE("a burst is over after the quiet time, with each key once") {
  auto burst = coalescer();
  CHECK_FALSE(burst.due());
  burst.add(notification(1, {"B", "A"}), kStart);
  burst.add(notification(2, {"A"}), kStart + 10s);
  CHECK(burst.due() == kStart + 25s);
  CHECK_FALSE(burst.take(kStart + 24s));
  const auto taken = burst.take(kStart + 25s);
  REQUIRE(taken);
  CHECK(taken->keys == std::vector<std::string>{"A", "B"});
  CHECK(taken->notifications == std::vector<store::Sequence>{1, 2});
  CHECK_FALSE(taken->by_modification_time);
  CHECK_FALSE(burst.due());
}

TEST_CASE("a burst that never goes quiet ends after the longest wait") {
  auto burst = coalescer();
  for (int second = 0; second <= 59; ++second)
    burst.add(notification(second, {"A"}), kStart + std::chrono::seconds{second});
  CHECK_FALSE(burst.take(kStart + 59s));
  const auto taken = burst.take(kStart + 60s);
  REQUIRE(taken);
  CHECK(taken->notifications.size() == 60);
  CHECK(taken->keys.size() == 1);
}

TEST_CASE("a flood of keys is read by modification time") {
  auto burst = coalescer();
  burst.add(notification(1, {"A", "B", "C"}), kStart);
  burst.add(notification(2, {"D"}), kStart);
  CHECK(burst.take(kStart + 15s)->by_modification_time);
}

TEST_CASE("a row without a key makes the burst a read by modification time") {
  auto burst = coalescer();
  burst.add(notification(1, {"A"}, /*complete=*/false), kStart);
  CHECK(burst.take(kStart + 15s)->by_modification_time);
}

TEST_CASE("a full burst is over at once") {
  auto burst = coalescer();
  for (int i = 0; i < 100; ++i) burst.add(notification(i, {"A"}), kStart);
  CHECK(burst.full());
  CHECK(burst.take(kStart));
}

TEST_CASE("a burst knows since when things have changed, by Acumatica's own time stamp") {
  auto burst = coalescer();
  constexpr std::uint64_t kTicksPerHour = 36'000'000'000;
  const auto now_ticks = static_cast<std::uint64_t>(kNow.time_since_epoch().count()) * 10 + 621'355'968'000'000'000;
  auto resent = notification(1, {"A"});
  resent.ticks = now_ticks - 5 * kTicksPerHour;
  burst.add(resent, kStart);
  burst.add(notification(2, {"B"}), kStart);
  CHECK(burst.take(kStart + 15s)->changed_since == kNow - 5h);

  auto absurd = notification(3, {"A"});
  absurd.ticks = 1;
  burst.add(absurd, kStart);
  CHECK(burst.take(kStart + 15s)->changed_since == kNow - 72h);
}
