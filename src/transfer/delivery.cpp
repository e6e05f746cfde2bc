#include "transfer/delivery.hpp"

#include <fmt/format.h>

#include <system_error>

namespace product_sync::transfer {
namespace {

/// One file on its way; lives as long as deliver().
class Delivery {
 public:
  Delivery(Destination& destination, const std::filesystem::path& local, std::string_view name, std::uint64_t bytes,
           const DeliveryOptions& options, const Progress& progress, std::stop_token stop)
      : destination_(destination),
        local_(local),
        name_(name),
        temporary_(name_ + options.temporary_suffix),
        bytes_(bytes),
        options_(options),
        progress_(progress),
        stop_(std::move(stop)),
        by_rename_(options.upload_then_rename && !options.temporary_suffix.empty()) {}

  Result<Delivered> attempt(int number) {
    if (stop_.stop_requested()) return cancelled("Delivering " + subject());
    const auto there = final_is_complete();
    if (!there) return tl::unexpected(there.error());
    if (*there) return Delivered{name_, bytes_, number, number == 1, true, {}};
    if (by_rename_ && destination_.capabilities().rename) {
      auto done = send_and_rename();
      if (!done && done.error().code == "transfer.rename_refused") {
        by_rename_ = false;
        if (auto removed = remove_remainder(); !removed) return tl::unexpected(removed.error());
        done = send_to_final_name();
      }
      if (!done) return tl::unexpected(done.error());
    } else if (auto done = send_to_final_name(); !done) {
      return tl::unexpected(done.error());
    }
    return Delivered{name_, bytes_, number, false, verified_, {}};
  }

  /// Whether an unfinished file of ours lies under the final name, where the receiver may see it.
  [[nodiscard]] bool remainder_is_visible() const { return remainder_ == name_; }

  /// Takes away what an attempt has begun. Not ended by the caller's stop, only by the destination's own time limits.
  Result<void> remove_remainder() {
    if (remainder_.empty()) return {};
    auto removed = destination_.remove(remainder_, {});
    if (removed) remainder_.clear();
    return removed;
  }

  [[nodiscard]] const std::string& remainder() const { return remainder_; }
  [[nodiscard]] std::string subject() const { return fmt::format("\"{}\" to {}", name_, destination_.describe()); }

 private:
  /// Whether the final name already holds our file. Removes a remainder of our own; refuses what is not ours.
  Result<bool> final_is_complete() {
    const auto size = destination_.size(name_, stop_);
    if (!size && size.error().code == "transfer.stat_refused") return false;
    if (!size) return tl::unexpected(size.error());
    if (!size->has_value()) return false;
    if (**size == bytes_) return true;
    if (options_.replace_remainder || remainder_is_visible()) {
      remainder_ = name_;
      if (auto removed = remove_remainder(); !removed) return tl::unexpected(removed.error());
      return false;
    }
    return fail("transfer.exists",
                fmt::format("Delivering {} failed: there is another file of that name ({} bytes, ours has {}).",
                            subject(), **size, bytes_),
                "Look whose it is; remove it or use a unique name.");
  }

  Result<void> send_and_rename() {
    remainder_ = temporary_;
    if (auto put = destination_.put(local_, temporary_, progress_, stop_); !put) return put;
    if (auto right = verify(temporary_, false); !right) return right;
    if (auto renamed = destination_.rename(temporary_, name_, stop_); !renamed) return renamed;
    remainder_.clear();
    return verify(name_, true);
  }

  Result<void> send_to_final_name() {
    remainder_ = name_;
    if (auto put = destination_.put(local_, name_, progress_, stop_); !put) return put;
    if (auto right = verify(name_, true); !right) return right;
    remainder_.clear();
    return {};
  }

  /// `may_be_gone`: the receiver takes files from their final names.
  Result<void> verify(const std::string& name, bool may_be_gone) {
    const auto size = destination_.size(name, stop_);
    if (!size && size.error().code == "transfer.stat_refused") return {};
    if (!size) return tl::unexpected(size.error());
    if (!size->has_value() && may_be_gone) return {};
    if (*size == bytes_) {
      verified_ = true;
      return {};
    }
    const auto found = size->has_value() ? fmt::format("{} bytes", **size) : std::string("no file");
    return fail("transfer.size_mismatch",
                fmt::format("Delivering {} failed: {} bytes were sent, \"{}\" has {}.", subject(), bytes_, name, found),
                "Somebody else may write there, or the disk is full.", Retry::later);
  }

  Destination& destination_;
  const std::filesystem::path& local_;
  const std::string name_;
  const std::string temporary_;
  const std::uint64_t bytes_;
  const DeliveryOptions& options_;
  const Progress& progress_;
  const std::stop_token stop_;
  bool by_rename_;
  bool verified_ = false;
  std::string remainder_;  // name of a file that we began and that is not whole; empty when there is none
};

/// The last word: cleans up and completes the message.
Error give_up(Delivery& delivery, Error error, int attempts) {
  if (attempts > 1 && error.retry == Retry::later)
    error.message += fmt::format(" Given up after {} attempts.", attempts);
  if (auto removed = delivery.remove_remainder(); !removed) {
    error.message +=
        fmt::format(" An unfinished file \"{}\" may be left ({})", delivery.remainder(), removed.error().message);
  }
  return error;
}

}  // namespace

Result<Delivered> deliver(Destination& destination, const std::filesystem::path& local, std::string_view final_name,
                          const DeliveryOptions& options, Clock& clock, const Progress& progress,
                          std::stop_token stop) {
  if (auto fit = check_file_name(final_name); !fit) return tl::unexpected(fit.error());
  std::error_code unreadable;
  const auto bytes = std::filesystem::file_size(local, unreadable);
  if (unreadable) {
    return fail("transfer.local_unreadable",
                fmt::format("The local file {} cannot be read: {}.", local.string(), unreadable.message()));
  }
  const auto start = clock.monotonic();
  Delivery delivery(destination, local, final_name, bytes, options, progress, stop);
  for (int number = 1;; ++number) {
    auto outcome = delivery.attempt(number);
    if (outcome) {
      outcome->elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic() - start);
      return outcome;
    }
    auto& error = outcome.error();
    if (error.retry != Retry::later || number >= options.attempts) {
      return tl::unexpected(give_up(delivery, std::move(error), number));
    }
    if (delivery.remainder_is_visible())
      static_cast<void>(delivery.remove_remainder());  // else before the next attempt
    const auto pause = error.retry_after.value_or(delay_after(options.backoff, number, random_unit()));
    if (clock.sleep(pause, stop) == WaitEnd::stopped) {
      return tl::unexpected(give_up(delivery, cancelled("Delivering " + delivery.subject()).value(), number));
    }
  }
}

}  // namespace product_sync::transfer
