#include "catalog/condition.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

namespace {

Item tested_radio() {
  Item item;
  item.inventory_id = "RADIO";
  item.fields = {
      {"ItemType", "Finished Good "}, {"Qty", "12.50"}, {"Since", "2026-11-24T10:00:00+00:00"}, {"None", ""}};
  item.custom_fields = {{"V.Box", "True"}};
  return item;
}

Condition test(std::string_view source, Operator op, std::vector<std::string> operands) {
  return {Test{parse_source(source).value(), op, std::move(operands)}};
}
Condition group(Group::Kind kind, std::vector<Condition> conditions) { return {Group{kind, std::move(conditions)}}; }

const Condition kYes = test("field:Qty", Operator::above, {"1"});
const Condition kNo = test("field:Qty", Operator::below, {"1"});

}  // namespace

TEST_CASE("texts are compared trimmed and without case, with any of the operands") {
  const auto [op, operand, holds_for_item] = GENERATE(table<Operator, std::string, bool>({
      {Operator::is, "finished good", true},
      {Operator::is, "Finished", false},
      {Operator::is_not, "Component", true},
      {Operator::is_not, "FINISHED GOOD", false},
      {Operator::contains, "SHED", true},
      {Operator::contains, "x", false},
      {Operator::starts_with, "fin", true},
      {Operator::starts_with, "good", false},
      {Operator::ends_with, "good", true},
      {Operator::ends_with, "a much longer text than there is", false},
  }));
  CAPTURE(static_cast<int>(op), operand);
  CHECK(holds(test("field:ItemType", op, {operand}), tested_radio()) == holds_for_item);
}

TEST_CASE("several operands mean any of them") {
  CHECK(holds(test("field:ItemType", Operator::is, {"A", "Finished Good"}), tested_radio()));
  CHECK_FALSE(holds(test("field:ItemType", Operator::is_not, {"A", "Finished Good"}), tested_radio()));
}

TEST_CASE("numbers are compared as numbers and dates as dates") {
  CHECK(holds(test("field:Qty", Operator::at_least, {"12.5"}), tested_radio()));
  CHECK(holds(test("field:Qty", Operator::at_most, {"12.500"}), tested_radio()));
  CHECK_FALSE(holds(test("field:Qty", Operator::above, {"12.5"}), tested_radio()));
  CHECK(holds(test("field:Qty", Operator::above, {"9"}), tested_radio()));
  CHECK(holds(test("field:Since", Operator::at_least, {"2026-11-24"}), tested_radio()));
  CHECK(holds(test("field:Since", Operator::below, {"2026-11-25"}), tested_radio()));
  CHECK_FALSE(holds(test("field:ItemType", Operator::above, {"1"}), tested_radio()));
  CHECK_FALSE(holds(test("field:None", Operator::below, {"1"}), tested_radio()));
}

TEST_CASE("boxes and empty fields have tests of their own") {
  CHECK(holds(test("custom:V.Box", Operator::ticked, {"true"}), tested_radio()));
  CHECK_FALSE(holds(test("custom:V.Box", Operator::ticked, {"false"}), tested_radio()));
  CHECK(holds(test("custom:V.Other", Operator::ticked, {"false"}), tested_radio()));
  CHECK(holds(test("field:None", Operator::empty, {"true"}), tested_radio()));
  CHECK(holds(test("field:Qty", Operator::empty, {"false"}), tested_radio()));
}

TEST_CASE("conditions are combined by all, any and not") {
  using enum Group::Kind;
  CHECK(holds(group(all, {kYes, kYes}), tested_radio()));
  CHECK_FALSE(holds(group(all, {kYes, kNo}), tested_radio()));
  CHECK(holds(group(any, {kNo, kYes}), tested_radio()));
  CHECK_FALSE(holds(group(any, {kNo, kNo}), tested_radio()));
  CHECK(holds(group(none, {kNo}), tested_radio()));
  CHECK_FALSE(holds(group(none, {kYes}), tested_radio()));
  CHECK(holds(group(all, {kYes, group(none, {group(all, {kYes, kNo})})}), tested_radio()));
}

TEST_CASE("a condition that does not hold says why") {
  using enum Group::Kind;
  CHECK_FALSE(why_not(kYes, tested_radio()));
  CHECK(why_not(test("field:ItemType", Operator::is, {"A", "B"}), tested_radio()) ==
        "field:ItemType must be \"A\" or \"B\", and it is \"Finished Good\"");
  CHECK(why_not(test("field:None", Operator::empty, {"false"}), tested_radio()) ==
        "field:None must not be empty, and it is empty");
  CHECK(why_not(group(all, {kYes, kNo}), tested_radio()) == "field:Qty must be below \"1\", and it is \"12.50\"");
  CHECK(why_not(group(any, {kNo, test("field:Qty", Operator::at_least, {"20"})}), tested_radio()) ==
        "none of these holds: field:Qty must be below \"1\", and it is \"12.50\"; field:Qty must be at least \"20\", "
        "and it is \"12.50\"");
  CHECK_THAT(*why_not(group(none, {kYes}), tested_radio()), ContainsSubstring("must not hold"));
}
