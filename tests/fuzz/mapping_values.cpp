#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/date_pattern.hpp"
#include "catalog/decimal.hpp"
#include "catalog/evaluation.hpp"
#include "catalog/measure.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"
#include "fuzz/must_hold.hpp"

using namespace product_sync::catalog;

namespace {

Item item_of(std::string_view text) {
  Item item;
  item.inventory_id = "A";
  item.fields["Description"] = text;
  item.attributes = {{"COLOR", std::string(text), "Red"}};
  item.details["FileURLs"] = {{{"FileURL", std::string(text)}}};
  return item;
}

void check_source(std::string_view text) {
  const auto source = parse_source(text);
  if (!source) return;
  const auto again = parse_source(to_text(*source));
  must_hold(again && to_text(*again) == to_text(*source), "a source is written as it is read");
  const Item item = item_of(text);
  must_hold(view(*source, item) == view(*again, item), "and reads the same");
}

void check_template(std::string_view text) {
  const auto parsed = parse_template(text);
  if (!parsed) return;
  const auto again = parse_template(to_text(*parsed));
  must_hold(again && to_text(*again) == to_text(*parsed), "a text is written as it is read");
  const Item item = item_of(text);
  must_hold(evaluate(Expression(*parsed), item).has_value(), "a text has no violation");
}

void check_number(std::string_view text) {
  const auto number = Decimal::parse(text);
  if (!number) return;
  for (const Rounding rounding : {Rounding::half_up, Rounding::half_even, Rounding::up, Rounding::down}) {
    const Decimal rounded = number->rounded(2, rounding);
    must_hold(rounded.rounded(2, rounding) == rounded, "rounding twice is rounding once");
  }
  const Decimal eight = Decimal::parse("8").value();
  const auto part = number->divided_by(eight, Decimal::kMostDigits - 1);
  const auto whole = part ? part->times(eight) : part;
  if (whole && number->rounded(30) == *number) must_hold(*whole == *number, "an eighth times eight is the whole");
}

void check_date(std::string_view text) {
  if (const auto pattern = DatePattern::parse(text)) {
    must_hold(pattern->format("2026-11-24").has_value(), "a form of dates writes a date");
  }
  const auto date = DatePattern::parse("yyyy-MM-dd").value().format(text);
  must_hold(!date || DatePattern::parse("yyyy-MM-dd").value().format(*date) == *date, "a day stays that day");
}

// What is made of a text can stand in a feed, keeps the column's limit, and is made of itself again.
void check_columns(std::string_view text) {
  for (const Column& column : columns()) {
    const auto made = make_value(column, text);
    if (!made || made->empty()) continue;
    must_hold(!cell_fault(*made), "a value can stand in a feed");
    must_hold(column.longest == 0 || utf16_length(*made) <= column.longest, "a value keeps its limit");
    if (column.type == ColumnType::html) continue;
    const auto again = make_value(column, *made);
    must_hold(again && *again == *made, "a value is made of itself");
  }
  if (!valid_utf8(text)) return;
  must_hold(nfc(nfc(text)) == nfc(text), "what is normal stays so");
  const std::string line = one_line(text);
  for (const std::size_t longest : {1, 7, 120}) {
    must_hold(utf16_length(shortened(line, longest)) <= longest, "what is shortened fits");
    must_hold(valid_utf8(shortened(line, longest)), "and is valid");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_source(text);
  check_template(text);
  check_number(text);
  check_date(text);
  check_columns(text);
  return 0;
}
