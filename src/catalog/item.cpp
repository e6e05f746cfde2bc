#include "catalog/item.hpp"

namespace product_sync::catalog {

const std::string& Item::field(std::string_view name) const {
  static const std::string kEmpty;
  const auto found = fields.find(name);
  return found == fields.end() ? kEmpty : found->second;
}

const std::vector<DetailRow>& Item::detail(std::string_view name) const {
  static const std::vector<DetailRow> kNone;
  const auto found = details.find(name);
  return found == details.end() ? kNone : found->second;
}

}  // namespace product_sync::catalog
