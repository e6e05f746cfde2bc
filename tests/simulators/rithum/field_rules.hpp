#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "account.hpp"
#include "columns.hpp"

namespace rithum_simulator {

/// Why a row was rejected. `reason` is a stable word for tests, `detail` is for people.
struct Rejection {
  std::string reason;
  std::string column;
  std::string detail;
};

/// `_DELETE_` or `_Delete_`; both spellings are official, no other is known (rithum.md §4).
[[nodiscard]] bool is_clear_marker(std::string_view value);

/// Checks one value that is not blank against its column's rules (rithum.md §2.5); none when it keeps them.
[[nodiscard]] std::optional<Rejection> check_value(const Column& column, std::string_view value,
                                                   const Account& account);

}  // namespace rithum_simulator
