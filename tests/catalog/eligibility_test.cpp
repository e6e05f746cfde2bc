#include "catalog/eligibility.hpp"

#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync::catalog;
using samples::item;

namespace {

ExportConditions conditions() { return samples::mapping({}).conditions; }

/// The code of why the item is not exported; empty when it is.
std::string code(const Item& item, const ExportConditions& rules = conditions()) {
  const auto eligibility = judge(item, rules);
  if (const auto* lost = std::get_if<NotExported>(&eligibility)) return lost->reason.code;
  const auto* unknown = std::get_if<StatusUnknown>(&eligibility);
  return unknown == nullptr ? "" : unknown->reason.code;
}

}  // namespace

TEST_CASE("item statuses decide by the rules of the vendor's own labels") {
  Item radio = item("R");
  for (const char* status : {"Active", "No Purchases", "No Request", "active ", ""}) {
    radio.fields["ItemStatus"] = status;
    CAPTURE(status);
    CHECK(code(radio).empty());
  }
  for (const char* status : {"Inactive", "No Sales", "Marked for Deletion"}) {
    radio.fields["ItemStatus"] = status;
    CAPTURE(status);
    CHECK(code(radio) == "status.not_exported");
    CHECK(std::get<NotExported>(judge(radio, conditions())).withdrawable);
  }
}

TEST_CASE("a status that no rule knows parks the item instead of withdrawing it") {
  Item radio = item("R");
  radio.fields["ItemStatus"] = "Aktiv";
  CHECK(code(radio) == "status.unknown");
  const auto decision = decide(radio, samples::mapping({}));
  REQUIRE(std::holds_alternative<Parked>(decision));
  CHECK_THAT(std::get<Parked>(decision).reasons[0].text, ContainsSubstring("mapping.exported_statuses"));
  auto rules = conditions();
  rules.exported_statuses = {"aktiv"};
  CHECK(code(radio, rules).empty());
}

TEST_CASE("a lost condition can be regained, a kind that is not exported cannot") {
  Item radio = item("R");
  radio.fields["ItemClass"] = "TOYS";
  CHECK(std::get<NotExported>(decide(radio, samples::mapping({}))).withdrawable);
  radio = item("R");
  radio.custom_fields.clear();
  CHECK(std::get<NotExported>(decide(radio, samples::mapping({}))).withdrawable);
}

TEST_CASE("a filter of the site keeps items back and says which part failed") {
  auto rules = conditions();
  rules.when = Condition{Test{parse_source("field:ItemType").value(), Operator::is, {"Finished Good"}}};
  Item radio = item("R");
  radio.fields["ItemType"] = "Component Part";
  CHECK(code(radio, rules) == "filter.not_met");
  CHECK(std::get<NotExported>(judge(radio, rules)).reason.text ==
        "Item \"R\" is not exported because field:ItemType must be \"Finished Good\", and it is \"Component Part\": "
        "correct the item in Acumatica, or the condition mapping.export_when.");
  radio.fields["ItemType"] = "Finished Good";
  CHECK(code(radio, rules).empty());
}

TEST_CASE("what decides about the export is asked of Acumatica") {
  auto rules = conditions();
  rules.when = Condition{Test{parse_source("field:ItemType").value(), Operator::empty, {"false"}}};
  Needs needs;
  add_needs(rules, needs);
  CHECK(needs.fields == std::vector<std::string>{"ItemClass", "ItemStatus", "ItemType"});
  CHECK(needs.custom_fields == std::vector<std::string>{"ItemSettings.UsrActiveOnRithum"});
}
