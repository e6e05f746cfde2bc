#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// Something that an operator should look at. At most one of a rule is open at a site.
struct Alert {
  std::int64_t number = 0;
  std::string site;  ///< empty: the installation as a whole
  std::string rule;  ///< `freshness`
  std::string message;
  std::string remedy;
  Instant since;
  std::optional<Instant> told;            ///< when people last heard of it
  std::optional<Instant> recovered;       ///< absent: it is open
  std::optional<Instant> recovery_told;   ///< when people heard that it is over
};

/// Alerts, so that each is told once and not again after a restart. Thread-safe.
class Alerts {
 public:
  virtual ~Alerts() = default;

  /// Opens one; of one that is open the texts are renewed.
  virtual Result<void> raise(std::string_view site, std::string_view rule, std::string_view message,
                             std::string_view remedy, Instant now) = 0;
  /// Closes the open one, if there is.
  virtual Result<void> recover(std::string_view site, std::string_view rule, Instant now) = 0;
  /// People have heard of it, or of its end when it is over.
  virtual Result<void> told(std::int64_t number, Instant now) = 0;

  /// Newest first; the open ones, or all that are remembered.
  virtual Result<std::vector<Alert>> list(bool open_only, std::size_t limit) = 0;
  /// Forgets those that were over before.
  virtual Result<void> forget(Instant before) = 0;
};

}  // namespace product_sync::store
