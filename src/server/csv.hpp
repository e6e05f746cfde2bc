#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace product_sync::server {

/// Adds a line of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front.
void add_csv_line(std::string& csv, std::initializer_list<std::string_view> cells);

}  // namespace product_sync::server
