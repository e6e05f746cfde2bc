#include "field_rules.hpp"

#include <algorithm>
#include <span>

#include "unicode.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

constexpr std::size_t kMaxListedComponents = 10;  // rithum.md §3.2

constexpr std::string_view kConditions[] = {"New", "Used", "Refurbished", "Reconditioned", "Like New"};
constexpr std::string_view kFlags[] = {"NoFlag",           "RedFlag",      "YellowFlag",   "GreenFlag", "BlueFlag",
                                       "ExclamationPoint", "QuestionMark", "NotAvailable", "Price",     "ItemCopied"};
constexpr std::string_view kQuantityTypes[] = {"ABSOLUTE", "RELATIVE", "AVAILABLE", "INSTOCK", "UNSHIPPED"};
constexpr std::string_view kDcListTypes[] = {"partial dc list", "completedclist"};
constexpr std::string_view kSkuTypes[] = {"standard", "bundle", "child", "parent"};
constexpr std::string_view kBooleans[] = {"TRUE", "FALSE"};

std::string to_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

bool is_one_of(std::span<const std::string_view> choices, std::string_view value) {
  return std::ranges::find(choices, value) != choices.end();
}

/// Digits, at most one point with digits on both sides of it.
bool is_decimal(std::string_view text, std::size_t max_fraction) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits(whole)) return false;
  if (point == std::string_view::npos) return true;
  const auto fraction = text.substr(point + 1);
  return digits(fraction) && fraction.size() <= max_fraction;
}

/// The reason word when `value` is not of the column's kind; empty when it is.
std::string_view kind_fault(Kind kind, std::string_view value) {
  constexpr std::size_t kAnyFraction = 1000;
  switch (kind) {
    case Kind::whole:
    case Kind::quantity:
      return parse_whole(value) ? "" : "not_a_whole_number";
    case Kind::decimal:
      return is_decimal(value, kAnyFraction) ? "" : "not_a_decimal";
    case Kind::any_decimal:
      return is_decimal(value.substr(value.starts_with('-') ? 1 : 0), kAnyFraction) ? "" : "not_a_decimal";
    case Kind::money:
      return is_decimal(value, 2) ? "" : "not_money";
    case Kind::boolean:
      return is_one_of(kBooleans, to_upper(value)) ? "" : "not_a_boolean";
    case Kind::condition:
      return is_one_of(kConditions, value) ? "" : "unknown_condition";
    case Kind::sku_type:
      return is_one_of(kSkuTypes, value) ? "" : "unknown_sku_type";
    case Kind::flag:
      return is_one_of(kFlags, value) ? "" : "unknown_flag";
    // Files in the wild hold UPPERCASE and MixedCase (rithum.md §2.6).
    case Kind::quantity_type:
      return is_one_of(kQuantityTypes, to_upper(value)) ? "" : "unknown_quantity_type";
    case Kind::dc_list_type:
      return is_one_of(kDcListTypes, value) ? "" : "unknown_dc_list_type";
    case Kind::dc_quantities:
      return parse_quantities(value) ? "" : "malformed_dc_quantity";
    case Kind::components:
      return parse_quantities(value) ? "" : "malformed_bundle_components";
    case Kind::pictures:
      return parse_pictures(value).fault.empty() ? "" : "malformed_pictures";
    case Kind::text:
    case Kind::labels:
    case Kind::ignored:
      return "";
  }
  return "";
}

struct ExistingList {
  std::string_view column;
  std::set<std::string> Account::*names;
  std::string_view reason;
};
// Values that must already exist in the account, else the item fails (rithum.md §2.5).
constexpr ExistingList kExistingLists[] = {
    {kClassificationColumn, &Account::classifications, "unknown_classification"},
    {kRelationshipColumn, &Account::relationships, "unknown_relationship"},
    {kSupplierColumn, &Account::suppliers, "unknown_supplier"},
};

std::optional<Rejection> check_existing(const Column& column, std::string_view value, const Account& account) {
  for (const ExistingList& list : kExistingLists) {
    const auto& names = account.*list.names;
    if (column.header != list.column || names.empty() || names.contains(std::string(value))) continue;
    return Rejection{std::string(list.reason), std::string(column.header),
                     "'" + std::string(value) + "' does not exist in the account"};
  }
  return std::nullopt;
}

std::optional<Rejection> check_members(const Column& column, std::string_view value, const Account& account) {
  const auto entries = parse_quantities(value).value_or(Quantities{});
  if (column.kind == Kind::components) {
    if (entries.size() > kMaxListedComponents) {
      return Rejection{"too_many_components", std::string(column.header), "a bundle has up to 10 components"};
    }
    const auto zero = std::ranges::find(entries, 0, &Quantities::value_type::second);
    if (zero != entries.end()) {
      return Rejection{"malformed_bundle_components", std::string(column.header), zero->first + " has quantity 0"};
    }
    return std::nullopt;
  }
  for (const auto& [code, quantity] : entries) {
    if (account.distribution_centers.empty() || account.distribution_centers.contains(code)) continue;
    return Rejection{"unknown_distribution_center", std::string(column.header), "'" + code + "' is not a DC code"};
  }
  return std::nullopt;
}

}  // namespace

bool is_clear_marker(std::string_view value) { return value == "_DELETE_" || value == "_Delete_"; }

std::optional<Rejection> check_value(const Column& column, std::string_view value, const Account& account) {
  if (is_clear_marker(value)) {
    if (column.clearable) return std::nullopt;
    return Rejection{"cannot_be_cleared", std::string(column.header), "this field cannot be cleared by file"};
  }
  if (column.max_length != 0 && utf16_length(value) > column.max_length) {
    return Rejection{
        "too_long", std::string(column.header),
        std::to_string(utf16_length(value)) + " characters, " + std::to_string(column.max_length) + " are allowed"};
  }
  if (const auto fault = kind_fault(column.kind, value); !fault.empty()) {
    return Rejection{std::string(fault), std::string(column.header), "'" + std::string(value.substr(0, 80)) + "'"};
  }
  if (column.kind == Kind::components || column.kind == Kind::dc_quantities) {
    return check_members(column, value, account);
  }
  return check_existing(column, value, account);
}

}  // namespace rithum_simulator
