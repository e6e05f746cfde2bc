#include "catalog/value.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/decimal.hpp"
#include "catalog/html.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

Result<Decimal> make_number(const Column& column, std::string_view source) {
  auto number = Decimal::parse(source);
  if (!number) {
    return fail("value.not_a_number", excerpt(source) + " is not a number that can be held exactly",
                "correct it in Acumatica, or map a field that holds digits with a decimal point");
  }
  if (number->is_negative() && !column.may_be_negative) {
    return fail("value.negative", excerpt(source) + " is below zero", "correct it in Acumatica");
  }
  return number;
}

Result<std::string> make_integer(const Column& column, std::string_view source) {
  const auto number = make_number(column, source);
  if (!number) return tl::unexpected(number.error());
  if (!number->is_integer()) {
    return fail("value.not_an_integer", excerpt(source) + " is not a whole number", "correct it in Acumatica");
  }
  return number->text();
}

Result<std::string> make_boolean(std::string_view source) {
  const auto value = parse_boolean(source);
  if (!value) {
    return fail("value.not_a_boolean", excerpt(source) + " is neither true nor false",
                "map a check box, or a field that holds true, false, 1, 0, yes or no");
  }
  return std::string(*value ? "TRUE" : "FALSE");
}

Result<std::string> make_choice(const Column& column, std::string_view source) {
  const auto same = [&](std::string_view choice) { return same_without_case(choice, source); };
  if (const auto found = std::ranges::find_if(column.choices, same); found != column.choices.end()) {
    return std::string(*found);
  }
  std::string choices;
  for (const std::string_view choice : column.choices) choices.append(choices.empty() ? "" : ", ").append(choice);
  return fail("value.not_a_choice", excerpt(source) + " is none of the values that Rithum knows", "use one of " + choices);
}

Result<std::string> make_text(const Column& column, std::string text) {
  if (text.starts_with('"')) {
    return fail("value.starts_with_quote",
                excerpt(text) +
                    " begins with a quotation mark: Rithum's feeds have no documented quoting, and a reader that takes it "
                    "for quoting would lose the rest of the row",
                "begin the text with another character, such as a typographic quotation mark");
  }
  const std::size_t length = column.longest == 0 ? 0 : utf16_length(text);
  if (length > column.longest) {
    return fail("value.too_long",
                excerpt(text) + " has " + std::to_string(length) + " characters, and Rithum takes at most " +
                    std::to_string(column.longest),
                "shorten it in Acumatica, or map a shorter field");
  }
  return text;
}

}  // namespace

Result<std::string> make_value(const Column& column, std::string_view source) {
  if (!valid_utf8(source)) {
    return fail("value.not_utf8", excerpt(source) + " is not valid UTF-8", "enter the text again in Acumatica");
  }
  std::string line = column.type == ColumnType::html ? clean_html(source) : one_line(source);
  if (line.empty()) return line;
  if (is_clear_marker(line)) {
    return fail("value.reserved", excerpt(line) + " is the marker that tells Rithum to clear a field",
                "enter another text in Acumatica; empty the field to have it cleared");
  }
  switch (column.type) {
    case ColumnType::text:
    case ColumnType::html: return make_text(column, std::move(line));
    case ColumnType::money: return make_number(column, line).map([](const Decimal& number) { return number.text(2); });
    case ColumnType::decimal: return make_number(column, line).map([](const Decimal& number) { return number.text(); });
    case ColumnType::integer: return make_integer(column, line);
    case ColumnType::boolean: return make_boolean(line);
    case ColumnType::choice: return make_choice(column, line);
  }
  return line;
}

std::optional<bool> parse_boolean(std::string_view text) {
  text = trim(text);
  const auto is = [&](std::string_view form) { return same_without_case(text, form); };
  if (is("true") || is("1") || is("yes")) return true;
  if (is("false") || is("0") || is("no")) return false;
  return std::nullopt;
}

}  // namespace product_sync::catalog
