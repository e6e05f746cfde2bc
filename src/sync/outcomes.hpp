#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "catalog/product.hpp"
#include "store/ledger.hpp"
#include "sync/subject.hpp"

namespace product_sync::sync {

/// Takes what becomes of the items of a run, one by one.
class Outcomes {
 public:
  virtual ~Outcomes() = default;

  using Known = std::map<std::string, store::Known>;
  /// What is known of products before this run's own states are recorded; rows of its feed count.
  virtual Result<Known> known(std::span<const std::string> keys) = 0;

  /// Should be sent as it is; `read_at` is a moment before its item was read; `source_hash` as in Subject. `before` may
  /// be null.
  virtual Result<void> send(const catalog::Product& product, Instant read_at, std::string_view source_hash,
                            const store::Known* before) = 0;
  virtual void park(const Subject& subject, const std::vector<catalog::Reason>& reasons,
                    const store::Known* before) = 0;
  /// Is not exported.
  virtual Result<void> leave_out(const Subject& subject, const catalog::NotExported& why, Instant read_at,
                                 const store::Known* before) = 0;

  /// Keeps what was decided since the last call.
  virtual Result<void> flush() = 0;
};

}  // namespace product_sync::sync
