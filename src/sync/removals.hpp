#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "rithum/product_edits.hpp"
#include "rithum/product_reader.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// Takes off what a file's rows no longer have and no file can take off: components of bundles, images. Used by one
/// thread at a time.
class Removals {
 public:
  Removals(rithum::ProductEdits& edits, rithum::ProductReader& reader, store::Store& store, Logger& log);

  /// Before the file is delivered. Passing faults are returned, so that the delivery is tried again; what Rithum refuses
  /// (a bundle that is listed has to be withdrawn first) is left, and the product carries `removal.refused`.
  Result<void> before(const store::OutboxFile& file, std::stop_token stop);

 private:
  Result<void> remove_components(const store::OutboxFile& file, std::stop_token stop);
  Result<void> remove_images(const store::OutboxFile& file, std::stop_token stop);
  Result<std::string> id_of(const std::string& site, const std::string& sku, std::stop_token stop);
  Result<void> noted(const Result<void>& outcome, const store::OutboxFile& file, const std::string& sku,
                     std::string_view what);

  rithum::ProductEdits& edits_;
  rithum::ProductReader& reader_;
  store::Store& store_;
  Logger& log_;
};

/// The names in `NAME=value,NAME=value` that stand in `before` and not in `after`, compared without case. Entries
/// without a name do not count.
[[nodiscard]] std::vector<std::string> dropped_names(std::string_view before, std::string_view after);

}  // namespace product_sync::sync
