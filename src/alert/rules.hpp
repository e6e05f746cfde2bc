#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alert/facts.hpp"

namespace product_sync::alert {

/// When something is an alert. Zero and false switch a rule off.
struct Limits {
  std::chrono::minutes freshness{30};    ///< that a change may wait to be read and delivered
  bool run_failed = true;
  bool withdrawals_held = true;
  std::uint64_t rejected = 100;          ///< products
  std::chrono::hours silence{12};        ///< without a notification, although items change
  bool schedule_skipped = true;
  std::chrono::hours grant_unused{24 * 7};  ///< that a refresh token may lie unused
  std::uint64_t disk = 1ULL << 30U;      ///< free bytes
};

/// What an operator should look at now. `rule` and its site name it: at most one of each.
struct Finding {
  std::string rule;
  std::string message;
  std::string remedy;
};

[[nodiscard]] std::vector<Finding> findings(const SiteFacts& facts, const Limits& limits);
[[nodiscard]] std::vector<Finding> findings(const SystemFacts& facts, const Limits& limits);

/// Every rule there is, by its name.
[[nodiscard]] std::vector<std::string_view> rule_names();

}  // namespace product_sync::alert
