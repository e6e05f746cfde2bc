#include "transfer/observed_destination.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

namespace product_sync::transfer {
namespace {

class ObservedDestination final : public Destination {
 public:
  ObservedDestination(std::unique_ptr<Destination> inner, Clock& clock, ExchangeObserver observer)
      : inner_(std::move(inner)), clock_(clock), observer_(std::move(observer)) {}

  Capabilities capabilities() const override { return inner_->capabilities(); }
  std::string describe() const override { return inner_->describe(); }

  Result<void> put(const std::filesystem::path& local, std::string_view name, const Progress& progress,
                   std::stop_token stop) override {
    std::uint64_t bytes = 0;
    const auto counted = [&](std::uint64_t sent, std::uint64_t total) {
      bytes = sent;
      if (progress) progress(sent, total);
    };
    return told("put", name, &bytes, [&] { return inner_->put(local, name, counted, std::move(stop)); });
  }

  Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local, std::uint64_t longest,
                            std::stop_token stop) override {
    return told("get", name, nullptr, [&] { return inner_->get(name, local, longest, std::move(stop)); });
  }

  Result<void> rename(std::string_view from, std::string_view to, std::stop_token stop) override {
    const auto names = fmt::format("{} -> {}", from, to);
    return told("rename", names, nullptr, [&] { return inner_->rename(from, to, std::move(stop)); });
  }

  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) override {
    return told("size", name, nullptr, [&] { return inner_->size(name, std::move(stop)); });
  }

  Result<void> remove(std::string_view name, std::stop_token stop) override {
    return told("remove", name, nullptr, [&] { return inner_->remove(name, std::move(stop)); });
  }

  Result<std::vector<RemoteFile>> list(std::stop_token stop) override {
    return told("list", {}, nullptr, [&] { return inner_->list(std::move(stop)); });
  }

  Result<void> check(std::stop_token stop) override {
    return told("check", {}, nullptr, [&] { return inner_->check(std::move(stop)); });
  }

 private:
  template <class Operation>
  auto told(std::string_view method, std::string_view name, const std::uint64_t* sent, const Operation& operation)
      -> decltype(operation()) {
    Exchange exchange;
    exchange.started = clock_.now();
    exchange.method = method;
    exchange.target = inner_->describe();
    if (!name.empty()) exchange.target.append("/").append(name);
    const auto start = clock_.monotonic();
    auto outcome = operation();
    exchange.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - start);
    if (sent != nullptr) exchange.bytes_sent = *sent;
    if constexpr (std::is_same_v<decltype(outcome), Result<std::uint64_t>>) exchange.bytes_received = outcome.value_or(0);
    if (!outcome) {
      exchange.error_code = outcome.error().code;
      exchange.error = outcome.error().message;
    }
    observer_(exchange);
    return outcome;
  }

  const std::unique_ptr<Destination> inner_;
  Clock& clock_;
  const ExchangeObserver observer_;
};

}  // namespace

std::unique_ptr<Destination> observed(std::unique_ptr<Destination> destination, Clock& clock, ExchangeObserver observer) {
  return std::make_unique<ObservedDestination>(std::move(destination), clock, std::move(observer));
}

}  // namespace product_sync::transfer
