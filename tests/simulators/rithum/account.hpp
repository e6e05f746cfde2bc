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
};

}  // namespace rithum_simulator
