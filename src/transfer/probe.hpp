#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "transfer/destination.hpp"
#include "transfer/sliding_buffer.hpp"

namespace product_sync::transfer {

/// Writes `bytes` bytes from the source under a name.
using StoreBytes = std::function<Result<void>(std::string_view name, std::uint64_t bytes, const ReadSome& source)>;

/// Proves that a server takes and gives up files: puts a small one by `store`, looks at it, renames it, removes it. A
/// server that refuses to rename passes.
[[nodiscard]] Result<void> probe(Destination& destination, const StoreBytes& store, const std::stop_token& stop);

}  // namespace product_sync::transfer
