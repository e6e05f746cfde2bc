#include "catalog/evaluation.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::catalog;

namespace {

Item radio() {
  Item item;
  item.inventory_id = "RADIO";
  item.fields = {{"Description", "A radio "}, {"Content", "  \n"},        {"DefaultPrice", "12.5"},
                 {"WeightUOM", "KG "},        {"DimensionWeight", "1.5"}, {"Date", "2026-11-24T00:00:00+02:00"}};
  item.attributes = {{"COLOR", "RED", "Bright red"}, {"SIZE", "", ""}};
  item.details["FileURLs"] = {{{"FileURL", "https://a/1.jpg"}, {"FileType", "Image"}},
                              {{"FileURL", "https://a/film.mp4"}, {"FileType", "Video"}},
                              {{"FileURL", "https://a/2.jpg"}, {"FileType", "Image"}}};
  item.details["WarehouseDetails"] = {{{"WarehouseID", "MAIN"}, {"QtyOnHand", "12.70"}},
                                      {{"WarehouseID", "SHOP"}, {"QtyOnHand", "3"}},
                                      {{"WarehouseID", "EAST"}, {"QtyOnHand", ""}}};
  return item;
}

Expression source(std::string_view text) { return parse_source(text).value(); }
Expression with_step(std::string_view text, Step step) {
  Expression expression = source(text);
  expression.steps.push_back(std::move(step));
  return expression;
}
Condition is(std::string_view text, std::string operand) {
  return {Test{parse_source(text).value(), Operator::is, {std::move(operand)}}};
}

/// What the expression gives, or the code of its error.
std::string result(const Expression& expression) {
  const Item item = radio();
  const auto text = evaluate(expression, item);
  return text ? std::string(text->view()) : text.error().code;
}
std::string result(const Sources& sources) { return result(Expression(First{sources})); }

std::vector<std::string> all(const Expression& expression) {
  const Item item = radio();
  return evaluate_all(expression, item).value();
}

Expression text(std::string_view form) { return Expression(parse_template(form).value()); }

}  // namespace

TEST_CASE("of several sources the first that is not blank counts, and zero is not blank") {
  CHECK(result(Sources{source("field:Content"), source("field:Description")}) == "A radio ");
  CHECK(result(Sources{source("constant:0"), source("constant:5")}) == "0");
  CHECK(result(Sources{source("field:Missing"), source("attribute:SIZE")}).empty());
  CHECK(result(Sources{}).empty());
}

TEST_CASE("a text holds sources in braces, trimmed, and is empty when all of them are") {
  const auto [form, made] = GENERATE(table<std::string, std::string>({
      {"{field:Description} - {attribute:COLOR.label}", "A radio - Bright red"},
      {"{{{attribute:COLOR}}}", "{RED}"},
      {"Size: {attribute:SIZE}", ""},
      {"{attribute:SIZE}/{attribute:COLOR}", "/RED"},
      {"{constant: x }.", " x ."},
  }));
  CAPTURE(form);
  CHECK(result(text(form)) == made);
  CHECK(to_text(parse_template(form).value()) == form);
}

TEST_CASE("a malformed text is refused with what is wrong in it") {
  const auto [form, fault] = GENERATE(table<std::string, std::string>({
      {"plain", "names no source"},
      {"{field:A", "not closed"},
      {"field:A} {field:B}", "closes nothing"},
      {"{feild:A}", "field:A"},
      {"{}", "is not a source"},
  }));
  CAPTURE(form);
  const auto parsed = parse_template(form);
  REQUIRE_FALSE(parsed);
  CHECK_THAT(parsed.error().text(), ContainsSubstring(fault));
}

TEST_CASE("parts are joined without the empty ones, and a detail gives all of its rows") {
  CHECK(result(Expression(Join{{source("attribute:COLOR"), source("attribute:SIZE"), source("constant:L")}, " / "})) ==
        "RED / L");
  const Join pictures{{source("detail:FileURLs[FileType=Image].FileURL")}, ","};
  CHECK(result(Expression(pictures)) == "https://a/1.jpg,https://a/2.jpg");
  CHECK(all(Expression(pictures)) == std::vector<std::string>{"https://a/1.jpg", "https://a/2.jpg"});
}

TEST_CASE("a table replaces texts without regard to case, and says what holds for others") {
  Lookup lookup;
  lookup.table = {{"red", "Rot"}};
  CHECK(result(with_step("attribute:COLOR", lookup)) == "Rot");
  CHECK(result(with_step("attribute:SIZE", lookup)).empty());
  CHECK(result(with_step("constant:BLUE", lookup)) == "value.not_in_table");
  lookup.otherwise = Lookup::Otherwise::keep;
  CHECK(result(with_step("constant:BLUE", lookup)) == "BLUE");
  lookup.otherwise = Lookup::Otherwise::other;
  CHECK(result(with_step("constant:BLUE", lookup)).empty());
  lookup.other = {source("constant:Bunt")};
  CHECK(result(with_step("constant:BLUE", lookup)) == "Bunt");
}

TEST_CASE("numbers are rounded, padded and multiplied exactly") {
  const auto format = [](std::string_view number, NumberFormat how) {
    return result(with_step("constant:" + std::string(number), how));
  };
  CHECK(format("12.345", {std::nullopt, 2, Rounding::half_up, true}) == "12.35");
  CHECK(format("12.345", {std::nullopt, 2, Rounding::half_even, true}) == "12.34");
  CHECK(format("12.341", {std::nullopt, 2, Rounding::up, true}) == "12.35");
  CHECK(format("-12.349", {std::nullopt, 2, Rounding::down, true}) == "-12.34");
  CHECK(format("12.5", {std::nullopt, 2, Rounding::half_up, true}) == "12.50");
  CHECK(format("12.50", {std::nullopt, 2, Rounding::half_up, false}) == "12.5");
  CHECK(format("10", {Decimal::parse("1.19").value(), 2, Rounding::half_up, true}) == "11.90");
  CHECK(format("ten", {std::nullopt, 2, Rounding::half_up, true}) == "value.not_a_number");
}

TEST_CASE("weights and lengths are converted from a fixed unit or from the item's own") {
  MeasureConversion conversion;
  conversion.to = find_measure("lb");
  SECTION("a fixed unit") {
    conversion.from = find_measure("kg");
    CHECK(result(with_step("field:DimensionWeight", conversion)) == "3.306933932773");
  }
  SECTION("the item's own") {
    conversion.from = parse_source("field:WeightUOM").value();
    CHECK(result(with_step("constant:2", conversion)) == "4.409245243698");
  }
  SECTION("a name of the company's own") {
    conversion.from = parse_source("constant:KILO2").value();
    CHECK(result(with_step("constant:2", conversion)) == "value.unknown_unit");
    conversion.names = {{"kilo2", "kg"}};
    CHECK(result(with_step("constant:2", conversion)) == "4.409245243698");
  }
  SECTION("a unit of another dimension") {
    conversion.from = parse_source("constant:cm").value();
    CHECK(result(with_step("constant:2", conversion)) == "value.unknown_unit");
  }
  SECTION("no unit") {
    conversion.from = parse_source("attribute:SIZE").value();
    CHECK(result(with_step("constant:2", conversion)) == "value.unknown_unit");
    CHECK(result(with_step("attribute:SIZE", conversion)).empty());
  }
}

TEST_CASE("dates are read in both forms and stay the day that they say") {
  const auto date = [](std::string_view pattern, std::string_view from) {
    return result(with_step(from, DatePattern::parse(pattern).value()));
  };
  CHECK(date("MM/dd/yyyy", "field:Date") == "11/24/2026");
  CHECK(date("yyyy-MM-dd HH:mm:ss", "constant:2026-01-02") == "2026-01-02 00:00:00");
  CHECK(date("dd.MM.yyyy HH:mm", "constant:2026-01-02T03:04:05.678-05:00") == "02.01.2026 03:04");
  CHECK(date("yyyy", "constant:yesterday") == "value.not_a_date");
  CHECK_FALSE(DatePattern::parse("DD.MM.yyyy"));
  CHECK_FALSE(DatePattern::parse("--"));
}

TEST_CASE("an expression gives nothing where its condition does not hold") {
  Expression expression = source("constant:TRUE");
  expression.when = is("attribute:COLOR", "red");
  CHECK(result(expression) == "TRUE");
  expression.when = is("attribute:COLOR", "blue");
  CHECK(result(expression).empty());
  CHECK(all(expression).empty());
}

TEST_CASE("a value whose requirement does not hold is refused, with what was found") {
  const Item item = radio();
  CHECK(result(with_step("field:DefaultPrice", Requirement{is("constant:USD", "usd")})) == "12.5");
  CHECK(result(with_step("attribute:SIZE", Requirement{is("constant:USD", "EUR")})).empty());
  const auto refused = evaluate(with_step("field:DefaultPrice", Requirement{is("constant:USD", "EUR")}), item);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "value.requirement");
  CHECK_THAT(refused.error().message, ContainsSubstring("constant:USD must be \"EUR\", and it is \"USD\""));
}

TEST_CASE("rows become pairs of name and value, without those that lack one") {
  Lookup centers;
  centers.table = {{"MAIN", "DC1"}, {"EAST", "DC2"}};
  centers.otherwise = Lookup::Otherwise::other;
  const Pairs pairs{parse_detail_rows("WarehouseDetails").value(),
                    {with_step("row:WarehouseID", centers)},
                    {with_step("row:QtyOnHand", NumberFormat{std::nullopt, 0, Rounding::down, true})}};
  CHECK(all(Expression(pairs)) == std::vector<std::string>{"DC1=12"});
  CHECK(result(Expression(pairs)) == "DC1=12");
  Needs needs;
  add_needs(Expression(pairs), needs);
  CHECK(needs.details["WarehouseDetails"] == std::set<std::string>{"QtyOnHand", "WarehouseID"});
  CHECK(needs.of_row.empty());
}

TEST_CASE("everything that an expression reads is asked for") {
  Expression expression(Join{{text("{field:A} {custom:V.B}")}, ""});
  expression.when = is("attribute:C", "x");
  MeasureConversion conversion;
  conversion.from = parse_source("field:WeightUOM").value();
  conversion.to = find_measure("lb");
  expression.steps = {Requirement{is("field:D", "x")}, conversion};
  Needs needs;
  add_needs(expression, needs);
  CHECK(needs.fields == std::vector<std::string>{"A", "D", "WeightUOM"});
  CHECK(needs.custom_fields == std::vector<std::string>{"V.B"});
  CHECK(needs.attributes);
}
