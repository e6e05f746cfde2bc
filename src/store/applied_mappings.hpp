#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// The configuration under which a site was last read whole, so that the ledger follows it.
struct AppliedMapping {
  std::string fingerprint;    ///< changes whenever items might come out differently
  std::string configuration;  ///< as YAML without secrets; may be empty
  Instant at;
};

/// One for each site. Thread-safe.
class AppliedMappings {
 public:
  virtual ~AppliedMappings() = default;
  virtual Result<std::optional<AppliedMapping>> get(std::string_view site) = 0;
  virtual Result<void> put(std::string_view site, const AppliedMapping& mapping) = 0;
};

}  // namespace product_sync::store
