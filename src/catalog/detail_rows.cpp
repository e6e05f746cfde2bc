#include "catalog/detail_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::string_view kField = "field:";

Result<std::vector<DetailRows::Filter>> parse_filters(std::string_view text) {
  std::vector<DetailRows::Filter> filters;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    const auto equals = one.find('=');
    if (equals == std::string_view::npos || !is_contract_name(trim(one.substr(0, equals)))) {
      return fail("source.malformed", fmt::format("{} says nothing about a row.", excerpt(one)),
                  "Write a column and what it must hold, such as [Default=true].");
    }
    auto wanted = parse_wanted(one.substr(equals + 1));
    if (!wanted) return tl::unexpected(std::move(wanted.error()));
    filters.push_back({std::string(trim(one.substr(0, equals))), std::move(*wanted)});
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return filters;
}

}  // namespace

Result<Wanted> parse_wanted(std::string_view text) {
  text = trim(text);
  if (!text.starts_with(kField)) return Wanted{std::string(text), false};
  text = trim(text.substr(kField.size()));
  if (is_contract_name(text)) return Wanted{std::string(text), true};
  return fail("source.malformed", fmt::format("{} is not the name of a field.", excerpt(text)),
              "Write a field, such as field:SalesUOM, or the text itself.");
}

std::string to_text(const Wanted& wanted) { return std::string(wanted.is_field ? kField : "") + wanted.text; }

bool is_equal(std::string_view text, const Wanted& wanted, const Item& item) {
  const std::string_view expected = wanted.is_field ? std::string_view(item.field(wanted.text)) : wanted.text;
  return same_without_case(trim(text), trim(expected));
}

Result<DetailRows> parse_detail_rows(std::string_view text) {
  text = trim(text);
  const auto open = std::min(text.find('['), text.size());
  DetailRows rows{std::string(trim(text.substr(0, open))), {}};
  if (!is_contract_name(rows.detail) || (open < text.size() && !text.ends_with(']'))) {
    return fail("source.malformed", fmt::format("{} does not name rows of a detail.", excerpt(text)),
                "Write a detail such as FileURLs, or some of its rows such as VendorDetails[Default=true].");
  }
  if (rows.detail == "Attributes" || rows.detail == "CrossReferences") {
    return fail("source.malformed", fmt::format("{} is no detail to be read row by row.", rows.detail),
                rows.detail == "Attributes" ? "Write attribute:ID or attribute:ID.label."
                                            : "Write cross_reference:TYPE or cross_reference:TYPE@UOM.");
  }
  if (open == text.size()) return rows;
  auto filters = parse_filters(text.substr(open + 1, text.size() - open - 2));
  if (!filters) return tl::unexpected(std::move(filters.error()));
  rows.filters = std::move(*filters);
  return rows;
}

std::string to_text(const DetailRows& rows) {
  std::string filters;
  for (const DetailRows::Filter& filter : rows.filters) {
    filters += (filters.empty() ? "" : ", ") + filter.column + "=" + to_text(filter.wanted);
  }
  return filters.empty() ? rows.detail : rows.detail + "[" + filters + "]";
}

bool has(const DetailRows& rows, const DetailRow& row, const Item& item) {
  return std::ranges::all_of(rows.filters, [&](const DetailRows::Filter& filter) {
    return is_equal(column_of(row, filter.column), filter.wanted, item);
  });
}

void add_needs(const DetailRows& rows, Needs& needs) {
  auto& columns = needs.details[rows.detail];
  for (const DetailRows::Filter& filter : rows.filters) {
    columns.insert(filter.column);
    add_needs(filter.wanted, needs);
  }
}

void add_needs(const Wanted& wanted, Needs& needs) {
  if (wanted.is_field) needs.add_field(wanted.text);
}

std::string_view column_of(const DetailRow& row, std::string_view column) {
  const auto found = row.find(column);
  return found == row.end() ? std::string_view{} : std::string_view(found->second);
}

bool is_contract_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace product_sync::catalog
