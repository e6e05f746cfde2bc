#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace product_sync::catalog {

/// What must be asked of Acumatica, each name once: the `$select`, `$expand` and `$custom` of a request.
struct Needs {
  std::vector<std::string> fields;
  std::vector<std::string> custom_fields;
  bool attributes = false;
  bool cross_references = false;
  /// Other details by name, with the columns wanted: `FileURLs` -> `FileType`, `FileURL`.
  std::map<std::string, std::set<std::string>, std::less<>> details = {};

  /// Fields that are wanted in other languages too.
  std::set<std::string, std::less<>> translations = {};

  /// Columns of a row at hand, until whoever walks the rows adds them to their detail.
  std::set<std::string> of_row = {};

  void add_field(std::string_view name);
  void add_custom_field(std::string_view path);
  void add(const Needs& other);
};

}  // namespace product_sync::catalog
