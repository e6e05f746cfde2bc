#include "config/key_set.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace product_sync::config {

bool KeySet::add(const Value& value, const Entry& entry, std::string_view key) {
  const auto [first, is_new] = lines_.emplace(to_lower_ascii(trim(key)), entry.at.line);
  if (!is_new) {
    value.reading().problem(
        entry.at, join_path(value.path(), entry.key),
        fmt::format("the same name stands on line {} already (case does not count)", first->second));
  }
  return is_new;
}

}  // namespace product_sync::config
