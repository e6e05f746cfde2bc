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

void Needs::add(const Needs& other) {
  for (const auto& name : other.fields) add_field(name);
  for (const auto& path : other.custom_fields) add_custom_field(path);
  attributes |= other.attributes;
  cross_references |= other.cross_references;
  translations.insert(other.translations.begin(), other.translations.end());
  for (const auto& [detail, columns] : other.details) details[detail].insert(columns.begin(), columns.end());
}

}  // namespace product_sync::catalog
