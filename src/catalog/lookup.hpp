#pragma once

#include <map>
#include <string>
#include <string_view>

namespace product_sync::catalog {

/// Orders texts trimmed and without case.
struct LessWithoutCase {
  using is_transparent = void;
  [[nodiscard]] bool operator()(std::string_view a, std::string_view b) const;
};

/// Text -> text; keys are compared trimmed and without case.
using LookupTable = std::map<std::string, std::string, LessWithoutCase>;

}  // namespace product_sync::catalog
