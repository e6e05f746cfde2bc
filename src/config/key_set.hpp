#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/reading.hpp"

namespace product_sync::config {

/// Reports keys of a group that differ only in what is not compared.
class KeySet {
 public:
  /// False, and a problem, when an equal key was added before.
  bool add(const Value& value, const Entry& entry, std::string_view key);

 private:
  std::map<std::string, int> lines_;
};

}  // namespace product_sync::config
