#include "catalog/value.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/decimal.hpp"
#include "catalog/html.hpp"
#include "catalog/identifier.hpp"
#include "catalog/list_value.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

Result<Decimal> make_number(const Column& column, std::string_view source) {
  auto number = Decimal::parse(source);
  if (!number) {
    return fail("value.not_a_number", fmt::format("{} is not a number that can be held exactly.", excerpt(source)),
                "Correct it in Acumatica, or map a field that holds digits with a decimal point.");
  }
  if (number->is_negative() && !column.may_be_negative) {
    return fail("value.negative", fmt::format("{} is below zero.", excerpt(source)), "Correct it in Acumatica.");
  }
  return number;
}

Result<std::string> make_integer(const Column& column, std::string_view source) {
  const auto number = make_number(column, source);
  if (!number) return tl::unexpected(number.error());
  if (!number->is_integer()) {
    return fail("value.not_an_integer", fmt::format("{} is not a whole number.", excerpt(source)),
                "Correct it in Acumatica.");
  }
  return number->text();
}

Result<std::string> make_boolean(std::string_view source) {
  const auto value = parse_boolean(source);
  if (!value) {
    return fail("value.not_a_boolean", fmt::format("{} is neither true nor false.", excerpt(source)),
                "Map a check box, or a field that holds true, false, 1, 0, yes or no.");
  }
  return std::string(*value ? "TRUE" : "FALSE");
}

Result<std::string> make_choice(const Column& column, std::string_view source) {
  const auto same = [&](std::string_view choice) { return same_without_case(choice, source); };
  if (const auto found = std::ranges::find_if(column.choices, same); found != column.choices.end()) {
    return std::string(*found);
  }
  return fail("value.not_a_choice", fmt::format("{} is none of the values that Rithum knows.", excerpt(source)),
              fmt::format("Use one of {}.", fmt::join(column.choices, ", ")));
}

Result<std::string> make_text(const Column& column, std::string text) {
  if (auto checked = check_text(text); !checked) return tl::unexpected(std::move(checked.error()));
  const std::size_t length = column.longest == 0 ? 0 : utf16_length(text);
  if (length > column.longest) {
    return fail("value.too_long",
                fmt::format("{} has {} characters; Rithum takes at most {}.", excerpt(text), length, column.longest),
                "Shorten it in Acumatica, or map a shorter field.");
  }
  return text;
}

// `line` in the column's form; it is not empty.
Result<std::string> make_cell(const Column& column, std::string line) {
  switch (column.type) {
    case ColumnType::text:
    case ColumnType::html:
      return make_text(column, std::move(line));
    case ColumnType::money:
      return make_number(column, line).map([](const Decimal& number) { return number.text(2); });
    case ColumnType::decimal:
      return make_number(column, line).map([](const Decimal& number) { return number.text(); });
    case ColumnType::integer:
      return make_integer(column, line);
    case ColumnType::boolean:
      return make_boolean(line);
    case ColumnType::choice:
      return make_choice(column, line);
    case ColumnType::gtin:
    case ColumnType::isbn:
    case ColumnType::asin:
      return make_identifier(column.type, line);
    case ColumnType::labels:
    case ColumnType::pictures:
    case ColumnType::quantities:
      break;  // list_value.hpp
  }
  return line;
}

// What the policy makes of a violation.
Result<Value> settle(const Column& column, std::string_view line, Error violation, const Judgement& judgement) {
  Value value;
  switch (judgement.policy(violation.code)) {
    case Policy::park:
      return tl::unexpected(std::move(violation));
    case Policy::shorten:
      value.text = shortened(line, column.longest);
      break;
    case Policy::drop:
      value.dropped = true;
      break;
    case Policy::send:
      value.text = line;
      break;
  }
  value.notes.push_back(std::move(violation));
  return value;
}

Result<void> check_reference(const Column& column, std::string_view text, const Judgement& judgement) {
  const Names* names = judgement.names(column.reference);
  if (names == nullptr || text.empty() || names->contains(text)) return {};
  return fail("value.unknown_reference", fmt::format("{} is not among the names configured.", excerpt(text)),
              "Make it known in Rithum and add it under mapping.references, or correct the item.");
}

}  // namespace

Result<Value> make_value(const Column& column, std::string_view source, const Judgement& judgement) {
  if (!valid_utf8(source)) {
    return settle(column, {}, check_text(source).error(), judgement);
  }
  const std::string normal = nfc(source);
  std::string line = column.type == ColumnType::html ? clean_html(normal) : one_line(normal);
  if (line.empty()) return Value{};
  // The marker is refused whatever the column: as a number it would merely look malformed.
  if (is_clear_marker(line)) return settle(column, line, check_text(line).error(), judgement);
  auto cell = make_cell(column, line);
  if (!cell) return settle(column, line, std::move(cell.error()), judgement);
  if (auto known = check_reference(column, *cell, judgement); !known) {
    return settle(column, *cell, std::move(known.error()), judgement);
  }
  return Value{std::move(*cell), false, {}};
}

Result<std::string> make_value(const Column& column, std::string_view source) {
  auto value = is_list(column.type) ? make_list(column, {std::string(source)}, {}, {}) : make_value(column, source, {});
  return std::move(value).map([](Value&& made) { return std::move(made.text); });
}

Result<void> check_text(std::string_view text) {
  if (!valid_utf8(text)) {
    return fail("value.not_utf8", fmt::format("{} is not valid UTF-8.", excerpt(text)),
                "Enter the text again in Acumatica.");
  }
  if (is_clear_marker(text)) {
    return fail("value.reserved", fmt::format("{} is the marker that tells Rithum to clear a field.", excerpt(text)),
                "Enter another text in Acumatica; empty the field to have it cleared.");
  }
  if (text.starts_with('"')) {
    return fail(
        "value.starts_with_quote",
        fmt::format("{} begins with a quotation mark. Feeds have no documented quoting: a reader that takes the "
                    "mark for quoting would swallow what follows in the row.",
                    excerpt(text)),
        "Begin the text with another character, such as a typographic quotation mark.");
  }
  return {};
}

std::optional<bool> parse_boolean(std::string_view text) {
  text = trim(text);
  const auto is = [&](std::string_view form) { return same_without_case(text, form); };
  if (is("true") || is("1") || is("yes")) return true;
  if (is("false") || is("0") || is("no")) return false;
  return std::nullopt;
}

}  // namespace product_sync::catalog
