#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/exchange.hpp"
#include "transfer/destination.hpp"

namespace product_sync::transfer {

/// `destination`, whose every operation on files is told to `observer`: method `put`, `get`, `rename`, `size`, `remove`, `list` or
/// `check`; target as describe() has it, with the file's name.
[[nodiscard]] std::unique_ptr<Destination> observed(std::unique_ptr<Destination> destination, Clock& clock,
                                                    ExchangeObserver observer);

}  // namespace product_sync::transfer
