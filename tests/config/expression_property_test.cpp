#include <random>

#include "catch.hpp"
#include "config/expression_codec.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace product_sync::catalog;

namespace {

/// Expressions of every form.
class RandomExpressions {
 public:
  explicit RandomExpressions(std::uint64_t seed) : random_(seed) {}

  Expression expression(int depth, bool of_rows) {
    Expression made(origin(depth, of_rows));
    if (one_in(4)) made.when = condition(depth, of_rows);
    if (one_in(4)) made.steps.emplace_back(Requirement{condition(depth, of_rows)});
    if (one_in(4)) made.steps.emplace_back(lookup(depth, of_rows));
    const bool converted = one_in(5);
    if (converted) made.steps.emplace_back(conversion(of_rows));
    if (converted || one_in(4)) made.steps.emplace_back(number());
    if (one_in(6)) made.steps.emplace_back(DatePattern::parse("dd.MM.yyyy").value());
    return made;
  }

  Sources sources(int depth, bool of_rows) {
    Sources made;
    for (std::size_t i = 0; i <= below(3); ++i) made.push_back(expression(depth, of_rows));
    return made;
  }

  Condition condition(int depth, bool of_rows) {
    if (depth > 0 && one_in(3)) {
      Group group{static_cast<Group::Kind>(below(3)), {}};
      for (std::size_t i = 0; i <= below(3); ++i) group.conditions.push_back(condition(depth - 1, of_rows));
      return {std::move(group)};
    }
    const auto forms = operator_forms();
    const auto& form = forms[below(forms.size())];
    Test test{source(of_rows), form.op, {}};
    if (form.operands == OperatorForm::Operands::texts) {
      for (std::size_t i = 0; i <= below(2); ++i) test.operands.push_back(text());
    } else {
      test.operands = {form.operands == OperatorForm::Operands::boolean ? (one_in(2) ? "true" : "false") : "12.5"};
    }
    return {std::move(test)};
  }

 private:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
  bool one_in(std::size_t count) { return below(count) == 0; }

  std::string text() {
    static const std::vector<std::string> kTexts{"a",  "RED", " ",    "",     "${X}", "{}",   "a: b", "# c",
                                                 "\"", "'",   "true", "keep", "ü",    "a,b=", "[x]",  "- y"};
    return kTexts[below(kTexts.size())];
  }

  Source source(bool of_rows) {
    static const std::vector<std::string> kSources{
        "field:Description",        "custom:V.F",
        "attribute:COLOR.label",    "cross_reference:Barcode@field:SalesUOM",
        "cross_reference:Barcode@", "detail:VendorDetails[Default=true, A=field:B].VendorID",
        "constant: a ${X} {b} "};
    if (of_rows && one_in(2)) return RowSource{"QtyOnHand"};
    return parse_source(kSources[below(kSources.size())]).value();
  }

  Origin origin(int depth, bool of_rows) {
    switch (depth > 0 ? below(5) : 0) {
      case 1: {
        TextTemplate made;
        for (std::size_t i = 0; i <= below(2); ++i) made.pieces.push_back({text(), source(of_rows)});
        // A brace inside of a source would end it.
        for (auto& piece : made.pieces) piece.source = FieldSource{"Description"};
        made.after = text();
        return made;
      }
      case 2:
        return Join{sources(depth - 1, of_rows), text()};
      case 3:
        return First{sources(depth - 1, of_rows)};
      case 4:
        return Pairs{parse_detail_rows("WarehouseDetails[A=b]").value(), sources(depth - 1, true),
                     sources(depth - 1, true)};
      default:
        return source(of_rows);
    }
  }

  Lookup lookup(int depth, bool of_rows) {
    Lookup made;
    made.table = {{"a", text()}, {"b c", text()}};
    made.otherwise = static_cast<Lookup::Otherwise>(below(3));
    if (made.otherwise == Lookup::Otherwise::other && depth > 0 && one_in(2)) made.other = sources(depth - 1, of_rows);
    return made;
  }

  MeasureConversion conversion(bool of_rows) {
    MeasureConversion made;
    made.to = find_measure("lb");
    if (one_in(2)) {
      made.from = find_measure("kg");
    } else {
      made.from = source(of_rows);
    }
    if (one_in(2)) made.names = {{"KILO", "kg"}};
    return made;
  }

  NumberFormat number() {
    NumberFormat made{std::nullopt, static_cast<int>(below(13)), static_cast<Rounding>(below(4)), one_in(2)};
    if (one_in(2)) made.times = Decimal::parse("1.19").value();
    return made;
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("random expressions: what is written as YAML is read as the same") {
  const std::uint64_t seed = testing::random_seed();
  CAPTURE(seed);
  RandomExpressions random(seed);
  for (int i = 0; i < 500; ++i) {
    const Sources written = random.sources(3, false);
    config::Node root = config::group_node();
    config::add_entry(root, "value", config::sources_node(written));
    const std::string yaml = config::to_yaml(root);
    CAPTURE(yaml);
    const auto document = config::parse_document(yaml, "random.yaml");
    REQUIRE(document.root.has_value());
    config::Reading reading("random.yaml", [](const std::string&) { return std::nullopt; });
    const auto read = config::read_sources({*document.root->find("value"), "value", reading}, {});
    std::string problems;
    for (const auto& problem : reading.take_problems()) problems += problem.text() + "\n";
    CHECK(problems.empty());
    REQUIRE(read.has_value());
    CHECK(to_text(*read) == to_text(written));
  }
}
