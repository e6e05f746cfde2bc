#pragma once

#include <cstdint>
#include <set>
#include <stop_token>
#include <string>

#include "acumatica/product_id_writer.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

struct WrittenIds {
  std::uint64_t count = 0;
  bool more = false;  ///< may be left
};

/// Tells Acumatica the product IDs that it was not told yet, or that changed (M12). Only those: so the notification that
/// a write causes leads to no other write. Used by one thread at a time.
class WriteBack {
 public:
  WriteBack(std::string site, acumatica::ProductIdWriter& writer, store::Store& store, Clock& clock, Logger& log);

  /// Writes a few hundred at most; the next round goes on. An item that Acumatica refuses is reported once, and left until
  /// the program restarts or the ID changes.
  Result<WrittenIds> round(std::stop_token stop);

 private:
  Result<bool> write(const store::ProductId& product, std::stop_token stop);

  const std::string site_;
  acumatica::ProductIdWriter& writer_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  std::set<std::string> refused_;  ///< SKU key and ID
};

}  // namespace product_sync::sync
