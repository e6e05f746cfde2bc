#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "transfer/destination.hpp"

namespace product_sync::transfer {

struct DeliveryOptions {
  bool upload_then_rename = true;  ///< where the destination can rename; else straight to the final name
  std::string temporary_suffix = ".part";
  int attempts = 5;
  Backoff backoff{};
  /// A file under the final name can only be the remainder of our own earlier try (names are unique per run): one of
  /// another size is replaced instead of being an error. Needed to go on after a crash where files go straight to their
  /// final name.
  bool replace_remainder = false;
};

struct Delivered {
  std::string name;
  std::uint64_t bytes = 0;
  int attempts = 0;
  bool already_there = false;  ///< the file was there before this call, with the same size: nothing was sent
  bool verified = false;       ///< the destination told the file's size, and it is right
  std::chrono::milliseconds elapsed{};
};

/// Brings a file to a destination under its final name, complete or not at all: temporary name, size compared, rename,
/// size compared. Where renaming is refused or switched off: straight to the final name, size compared, a broken
/// remainder removed before the next attempt. A file that is no longer there after it was complete counts as delivered:
/// the receiver has taken it.
///
/// Attempts again, with backoff, after errors of the kind Retry::later. On failure or cancellation it removes what it
/// had begun; if even that fails, the error says what was left. Errors of its own: `transfer.exists` (another size is
/// there), `transfer.size_mismatch`, `transfer.local_unreadable`. `progress` begins anew with every attempt.
[[nodiscard]] Result<Delivered> deliver(Destination& destination, const std::filesystem::path& local,
                                        std::string_view final_name, const DeliveryOptions& options, Clock& clock,
                                        const Progress& progress, std::stop_token stop);

}  // namespace product_sync::transfer
