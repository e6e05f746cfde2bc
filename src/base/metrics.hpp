#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace product_sync {

/// Rises. Thread-safe.
class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// Rises and falls. Thread-safe.
class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

/// Counts values by size. Thread-safe.
class Histogram {
 public:
  /// `bounds` rise; a value belongs to the first that it does not exceed.
  explicit Histogram(std::vector<double> bounds);

  void observe(double value);
  [[nodiscard]] const std::vector<double>& bounds() const { return bounds_; }
  /// Of the bucket with that bound; the last one, behind all bounds, has the rest.
  [[nodiscard]] std::uint64_t count(std::size_t bucket) const;
  [[nodiscard]] double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  std::atomic<double> sum_ = 0;
};

/// The program's metrics, for Prometheus. A metric has a name and a help text; under it stands one value for each set
/// of labels. Asking twice for the same gives the same value; references stay valid. Thread-safe.
class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                       const Labels& labels = {});
  /// A gauge whose value is asked for when somebody reads it. `value` must stay callable as long as the metrics are
  /// read.
  void gauge(std::string_view name, std::string_view help, const Labels& labels, std::function<double()> value);
  /// The same for a counter that somebody else keeps.
  void counter(std::string_view name, std::string_view help, const Labels& labels, std::function<std::uint64_t()> value);

  /// The text format of Prometheus, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  using Value = std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>,
                             std::function<double()>, std::function<std::uint64_t()>>;
  struct Family {
    std::string help;
    std::map<std::string, Value> values;  // by labels, as they are written
  };
  void add(std::string_view name, std::string_view help, const Labels& labels, Value value);
  template <class T, class Make>
  T& find(std::string_view name, std::string_view help, const Labels& labels, Make make);

  mutable std::mutex mutex_;  // guards families_, not the values in it
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace product_sync
