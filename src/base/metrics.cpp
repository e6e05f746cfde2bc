#include "base/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace product_sync {
namespace {

/// `a="b",c="d"`, escaped as the format wants it.
std::string written(const Metrics::Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text += name + "=\"";
    for (const char c : value) {
      if (c == '\\' || c == '"') text += '\\';
      text += c == '\n' ? "\\n" : std::string(1, c);
    }
    text += '"';
  }
  return text;
}

std::string in_braces(std::string_view labels) { return labels.empty() ? "" : fmt::format("{{{}}}", labels); }

std::string_view type_of(std::size_t alternative) {
  constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram", "gauge", "counter"};
  return kTypes[alternative];
}

void write(std::string& text, const std::string& name, const std::string& labels, const Histogram& histogram) {
  const auto out = std::back_inserter(text);
  const auto* separator = labels.empty() ? "" : ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < histogram.bounds().size(); ++i) {
    total += histogram.count(i);
    fmt::format_to(out, "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, separator, histogram.bounds()[i], total);
  }
  total += histogram.count(histogram.bounds().size());
  fmt::format_to(out, "{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, labels, separator, total);
  fmt::format_to(out, "{}_sum{} {}\n", name, in_braces(labels), histogram.sum());
  fmt::format_to(out, "{}_count{} {}\n", name, in_braces(labels), total);
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size() + 1)) {}

void Histogram::observe(double value) {
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  auto sum = sum_.load(std::memory_order_relaxed);
  while (!sum_.compare_exchange_weak(sum, sum + value, std::memory_order_relaxed)) {
  }
}

std::uint64_t Histogram::count(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }

template <class T, class Make>
T& Metrics::find(std::string_view name, std::string_view help, const Labels& labels, Make make) {
  const std::lock_guard lock(mutex_);
  auto family = families_.find(name);
  if (family == families_.end()) family = families_.emplace(name, Family{std::string(help), {}}).first;
  auto& values = family->second.values;
  auto key = written(labels);
  auto value = values.find(key);
  if (value == values.end()) value = values.emplace(std::move(key), make()).first;
  return *std::get<std::unique_ptr<T>>(value->second);
}

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  return find<Counter>(name, help, labels, [] { return std::make_unique<Counter>(); });
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  return find<Gauge>(name, help, labels, [] { return std::make_unique<Gauge>(); });
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                              const Labels& labels) {
  return find<Histogram>(name, help, labels, [&] { return std::make_unique<Histogram>(std::move(bounds)); });
}

void Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels, std::function<double()> value) {
  add(name, help, labels, std::move(value));
}

void Metrics::counter(std::string_view name, std::string_view help, const Labels& labels,
                      std::function<std::uint64_t()> value) {
  add(name, help, labels, std::move(value));
}

void Metrics::add(std::string_view name, std::string_view help, const Labels& labels, Value value) {
  const std::lock_guard lock(mutex_);
  auto& family = families_[std::string(name)];
  family.help = help;
  family.values.insert_or_assign(written(labels), std::move(value));
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  const auto out = std::back_inserter(text);
  for (const auto& [name, family] : families_) {
    fmt::format_to(out, "# HELP {} {}\n# TYPE {} {}\n", name, family.help, name,
                   type_of(family.values.begin()->second.index()));
    for (const auto& [labels, value] : family.values) {
      std::visit(
          [&](const auto& held) {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, std::unique_ptr<Histogram>>) {
              write(text, name, labels, *held);
            } else if constexpr (std::is_invocable_v<Held>) {
              fmt::format_to(out, "{}{} {}\n", name, in_braces(labels), held());
            } else {
              fmt::format_to(out, "{}{} {}\n", name, in_braces(labels), held->value());
            }
          },
          value);
    }
  }
  return text;
}

}  // namespace product_sync
