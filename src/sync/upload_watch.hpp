#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "rithum/product_upload.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// Asks Rithum what became of the files that went through its interface, and tells the ledger row by row. Used by one
/// thread at a time.
class UploadWatch {
 public:
  UploadWatch(std::string site, std::chrono::seconds deadline, rithum::ProductUpload& uploads, store::Store& store,
              Clock& clock, Logger& log);

  /// Looks at each upload once. How many are still running. One that runs beyond the deadline, or that Rithum no longer
  /// knows, is left to reading back.
  Result<std::size_t> round(std::stop_token stop);

 private:
  Result<bool> look(const store::Upload& upload, std::stop_token stop);
  Result<void> settle(const store::Upload& upload, const rithum::Job& job, std::stop_token stop);
  Result<void> leave_to_reading_back(const store::Upload& upload, const std::string& why);

  const std::string site_;
  const std::chrono::seconds deadline_;
  rithum::ProductUpload& uploads_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
};

}  // namespace product_sync::sync
