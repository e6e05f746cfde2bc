#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace rithum_simulator {

/// What was set up in the account's UI beforehand. An empty list switches the check of that list off, so that a
/// simulator started without options takes any value.
struct Account {
  std::int64_t profile_id = 12345678;
  std::set<std::string> classifications;
  std::set<std::string> relationships;
  std::set<std::string> suppliers;
  std::set<std::string> distribution_centers;
  /// Template code -> custom header -> standard header. Standard headers stand for themselves.
  std::map<std::string, std::map<std::string, std::string>> templates;
  /// Rows of one part of a big file; 0 = files are not split. How big files are split is not documented (rithum.md
  /// §1.6): assumed is that a part sees what earlier files created, not what the other parts of its file do.
  std::uint32_t partition_rows = 0;
  std::uint32_t max_bundles = 60'000;             ///< of the account (rithum.md §3.2)
  std::uint32_t max_bundles_per_component = 500;  ///< rithum.md §3.2
  /// Whether files may have the columns Blocked and BlockComment: what they are called in files is not documented.
  bool blocked_columns = false;
};

}  // namespace rithum_simulator
