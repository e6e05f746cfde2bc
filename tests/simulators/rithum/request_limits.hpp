#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace rithum_simulator {

/// What Rithum allows (rithum.md §5.2); 0 = no limit.
struct LimitRules {
  std::uint32_t requests_per_minute = 2'000;
  std::uint32_t concurrent = 5;
  std::uint32_t uploads_per_hour = 60;
  std::uint32_t exports_per_minute = 10;
  std::uint64_t upload_bytes = 128'000'000;
};

/// Counts requests against the limits, in sliding windows. Refused ones are not counted. Thread-safe.
class RequestLimits {
 public:
  explicit RequestLimits(LimitRules rules) : rules_(rules) {}

  [[nodiscard]] const LimitRules& rules() const { return rules_; }
  /// Held as long as the request is worked on; none = 429.
  [[nodiscard]] std::shared_ptr<void> enter(std::int64_t now);
  [[nodiscard]] bool take_upload(std::int64_t now);
  [[nodiscard]] bool take_export(std::int64_t now);
  [[nodiscard]] std::uint64_t refused() const;
  void clear();

 private:
  using Window = std::deque<std::int64_t>;  // when, in milliseconds

  [[nodiscard]] bool take(Window& window, std::uint32_t limit, std::int64_t length, std::int64_t now);

  const LimitRules rules_;
  mutable std::mutex mutex_;  // guards all below
  Window requests_;
  Window uploads_;
  Window exports_;
  std::uint32_t active_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace rithum_simulator
