#include "catalog/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool are_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }
unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }

// Every second digit, counted from the one before the check digit, weighs three (GS1 General Specifications, 7.9).
char gtin_check_digit(std::string_view body) {
  unsigned sum = 0;
  unsigned weight = 3;
  for (std::size_t i = body.size(); i-- > 0; weight = 4 - weight) sum += weight * digit(body[i]);
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

// Ten digits weigh ten to one; ten is written X (ISO 2108:1992).
char isbn10_check_digit(std::string_view body) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < body.size(); ++i) sum += static_cast<unsigned>(10 - i) * digit(body[i]);
  const unsigned check = (11 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

tl::unexpected<Error> not_an_identifier(std::string_view text, std::string_view kind, std::string_view form) {
  return fail("value.not_an_identifier", fmt::format("{} is no {}, which has {}.", excerpt(text), kind, form),
              "Correct the alternate ID in Acumatica, or map another type or unit of cross reference.");
}

Result<std::string> checked(std::string code, std::string_view kind, char expected) {
  if (code.back() == expected) return code;
  return fail("value.check_digit",
              fmt::format("{} is no {}: its last digit would have to be {}.", excerpt(code), kind, expected),
              "Correct the alternate ID in Acumatica.");
}

Result<std::string> make_gtin(std::string code, std::string_view text) {
  const bool length = code.size() == 8 || code.size() == 12 || code.size() == 13 || code.size() == 14;
  if (!length || !are_digits(code)) return not_an_identifier(text, "UPC or EAN", "8, 12, 13 or 14 digits");
  const char expected = gtin_check_digit(std::string_view(code).substr(0, code.size() - 1));
  return checked(std::move(code), "UPC or EAN", expected);
}

Result<std::string> make_isbn(std::string code, std::string_view text) {
  const std::string_view all = code;
  if (code.size() == 13 && are_digits(code) && (all.starts_with("978") || all.starts_with("979"))) {
    const char expected = gtin_check_digit(all.substr(0, 12));
    return checked(std::move(code), "ISBN", expected);
  }
  if (code.size() != 10 || !are_digits(all.substr(0, 9)) || (!is_digit(code.back()) && code.back() != 'X')) {
    return not_an_identifier(text, "ISBN", "10 digits, or 13 that begin with 978 or 979");
  }
  const char expected = isbn10_check_digit(all.substr(0, 9));
  return checked(std::move(code), "ISBN", expected);
}

Result<std::string> make_asin(std::string code, std::string_view text) {
  const auto allowed = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); };
  if (code.size() == 10 && std::ranges::all_of(code, allowed)) return code;
  return not_an_identifier(text, "ASIN", "10 letters and digits");
}

}  // namespace

Result<std::string> make_identifier(ColumnType type, std::string_view text) {
  std::string code;
  for (const char c : text) {
    if (c != ' ' && c != '-') code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (type == ColumnType::gtin) return make_gtin(std::move(code), text);
  return type == ColumnType::isbn ? make_isbn(std::move(code), text) : make_asin(std::move(code), text);
}

}  // namespace product_sync::catalog
