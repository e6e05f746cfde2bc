#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "rithum/product_upload.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// The way of small files: through Rithum's interface, at once and with an outcome for each row (M11).
class ApiRoute {
 public:
  struct Options {
    std::uint64_t threshold;  ///< rows; more go to the destination
    /// How long a file at the destination may stay uncollected. Within it, a product whose last row went there without
    /// proof goes there again: what Rithum collects later would put older values over newer ones.
    std::chrono::seconds uncollected;
  };

  ApiRoute(Options options, rithum::ProductUpload& uploads, store::Store& store, Clock& clock, Logger& log);

  /// Whether the sealed file is to go this way. Full syncs never do.
  Result<bool> takes(const store::OutboxFile& file);

  /// Hands it over; the receipt has the token by which its outcome is asked for.
  Result<store::Receipt> deliver(const store::OutboxFile& file, std::stop_token stop);

 private:
  const Options options_;
  rithum::ProductUpload& uploads_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
};

}  // namespace product_sync::sync
