#include "catalog/needs.hpp"

#include <algorithm>

namespace product_sync::catalog {
namespace {

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

}  // namespace

void Needs::add_field(std::string_view name) { add_once(fields, name); }

void Needs::add_custom_field(std::string_view path) { add_once(custom_fields, path); }

}  // namespace product_sync::catalog
