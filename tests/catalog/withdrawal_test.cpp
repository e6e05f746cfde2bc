#include "catalog/withdrawal.hpp"

#include "catalog/removal_guard.hpp"
#include "catch.hpp"

using namespace product_sync::catalog;

namespace {

using Steps = std::set<WithdrawalStep>;

ValueMapping withdrawal_column(const char* name, const char* source) {
  return {name, find_column(name), false, {*parse_source(source)}};
}

Mapping withdrawing_mapping(Steps steps, std::vector<ValueMapping> more = {}) {
  Mapping mapping;
  mapping.conditions.classifications = {{"ELEC", "Electronics"}};
  mapping.conditions.active = {*parse_source("custom:ItemSettings.UsrActiveOnRithum")};
  mapping.values = {withdrawal_column("Auction Title", "field:Description")};
  for (auto& value : more) mapping.values.push_back(std::move(value));
  mapping.withdrawal.steps = std::move(steps);
  mapping.withdrawal.blocked_column = "Blocked";
  mapping.arrange();
  return mapping;
}

/// `Auction Title=… Labels=…`, without what is blank.
std::string shown_cells(const Difference& difference, const Mapping& mapping) {
  std::string text;
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const auto& cell = difference.row.cells[i];
    if (cell.kind == CellKind::unchanged) continue;
    if (!text.empty()) text += "; ";
    text += mapping.values[i].name;
    text += '=';
    text += cell.kind == CellKind::clear ? "(cleared)" : cell.text;
  }
  return text;
}

const Sku kRadio = *Sku::parse("RADIO");

Product radio_product(const Mapping& mapping, const TextMap& values = {}) {
  Product product{kRadio, "RADIO", "Electronics", std::vector<std::string>(mapping.values.size())};
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const auto found = values.find(mapping.values[i].name);
    if (found != values.end()) product.values[i] = found->second;
  }
  return product;
}

/// What Rithum was told once the product was sent.
ToldValues told_of(const Product& product, const Mapping& mapping) { return compare(product, mapping, nullptr).told; }

}  // namespace

TEST_CASE("a withdrawal says what its steps say and leaves all else as it is") {
  struct Case {
    const char* name;
    Steps steps;
    ProductKind kind;
    const char* row;
  };
  using enum WithdrawalStep;
  const auto item = ProductKind::item;
  const std::vector<Case> cases{
      {"quantity", {quantity_zero}, item, "Quantity Update Type=ABSOLUTE; Quantity=0"},
      {"a child's quantity", {quantity_zero}, ProductKind::child, "Quantity Update Type=ABSOLUTE; Quantity=0"},
      {"blocked", {blocked}, item, "Blocked=TRUE"},
      {"label", {label}, item, "Labels=Withdrawn"},
      {"both", {quantity_zero, label}, item, "Quantity Update Type=ABSOLUTE; Quantity=0; Labels=Withdrawn"},
      {"a parent has no quantity", {quantity_zero, blocked}, ProductKind::parent, "Blocked=TRUE"},
      {"nor has a bundle", {quantity_zero, label}, ProductKind::kit, "Labels=Withdrawn"},
  };
  for (const auto& one : cases) {
    INFO(one.name);
    const auto mapping = withdrawing_mapping(one.steps);
    REQUIRE(mapping.check().empty());
    const auto row = withdraw(kRadio, one.kind, mapping, told_of(radio_product(mapping, {{"Auction Title", "Radio"}}), mapping));
    REQUIRE(row);
    CHECK(shown_cells(*row, mapping) == one.row);
    CHECK(row->row.classification.empty());
    CHECK(row->told.at("Auction Title") == "Radio");
    CHECK_FALSE(row->changes.empty());
  }
}

TEST_CASE("where no step applies there is no row") {
  const auto nothing = withdrawing_mapping({});
  CHECK_FALSE(can_withdraw(nothing.withdrawal, ProductKind::item));
  CHECK_FALSE(withdraw(kRadio, ProductKind::item, nothing, {}));
  const auto quantity = withdrawing_mapping({WithdrawalStep::quantity_zero});
  CHECK(can_withdraw(quantity.withdrawal, ProductKind::child));
  CHECK_FALSE(can_withdraw(quantity.withdrawal, ProductKind::parent));
  CHECK_FALSE(can_withdraw(quantity.withdrawal, ProductKind::kit));
  CHECK_FALSE(withdraw(kRadio, ProductKind::kit, quantity, {}));
}

TEST_CASE("quantities of distribution centers fall to zero each, and no other column is needed for them") {
  const auto mapping = withdrawing_mapping({WithdrawalStep::quantity_zero},
                                           {withdrawal_column("DC Quantity", "constant:MAIN=5"),
                                            withdrawal_column("DC Quantity Update Type", "constant:completedclist")});
  const auto row = withdraw(kRadio, ProductKind::item, mapping,
                            {{"DC Quantity", "EAST=3,MAIN=5"}, {"DC Quantity Update Type", "completedclist"}});
  REQUIRE(row);
  CHECK(shown_cells(*row, mapping) == "DC Quantity=EAST=0,MAIN=0; DC Quantity Update Type=completedclist");
  CHECK(row->told.at("DC Quantity") == "EAST=0,MAIN=0");
}

TEST_CASE("a product that was withdrawn and came back is as if it had never been withdrawn") {
  using enum WithdrawalStep;
  struct Case {
    const char* name;
    Steps steps;
    std::vector<ValueMapping> columns;
    TextMap values;
    const char* row;  ///< behind the title
  };
  const auto labels = withdrawal_column("Labels", "attribute:LABELS");
  const std::vector<ValueMapping> stock{withdrawal_column("Quantity", "field:Stock"),
                                        withdrawal_column("Quantity Update Type", "constant:UNSHIPPED")};
  const std::vector<Case> cases{
      {"blocked", {blocked}, {}, {}, "Blocked=FALSE"},
      {"label, no labels mapped", {label}, {}, {}, "Labels=-Withdrawn"},
      {"label among others", {label}, {labels}, {{"Labels", "Sale,Toys"}}, "Labels=Sale,Toys,-Withdrawn"},
      {"label, the product has none", {label}, {labels}, {}, "Labels=-Withdrawn"},
      {"quantity as mapped",
       {quantity_zero},
       stock,
       {{"Quantity", "7"}, {"Quantity Update Type", "UNSHIPPED"}},
       "Quantity Update Type=UNSHIPPED; Quantity=7"},
      {"quantity of others", {quantity_zero}, {}, {}, ""},
      {"all",
       {quantity_zero, blocked, label},
       stock,
       {{"Quantity", "7"}, {"Quantity Update Type", "UNSHIPPED"}},
       "Quantity Update Type=UNSHIPPED; Quantity=7; Labels=-Withdrawn; Blocked=FALSE"},
  };
  for (const auto& one : cases) {
    INFO(one.name);
    const auto mapping = withdrawing_mapping(one.steps, one.columns);
    auto values = one.values;
    values["Auction Title"] = "Radio";
    const auto product = radio_product(mapping, values);
    const auto before = told_of(product, mapping);
    const auto gone = withdraw(kRadio, ProductKind::item, mapping, before);
    REQUIRE(gone);
    const auto back = reinstate(product, mapping, gone->told);
    CHECK(back.told == before);
    std::string expected = "Auction Title=Radio";
    if (*one.row != '\0') expected.append("; ").append(one.row);
    CHECK(shown_cells(back, mapping) == expected);
    CHECK(back.row.classification == "Electronics");
    CHECK(compare(product, mapping, &back.told).changes.empty());
  }
}

TEST_CASE("the label of a withdrawal goes also where a policy left the labels out") {
  const auto mapping =
      withdrawing_mapping({WithdrawalStep::label}, {withdrawal_column("Labels", "attribute:LABELS")});
  auto product = radio_product(mapping, {{"Auction Title", "Radio"}});
  product.left_out = {1};
  const auto back = reinstate(product, mapping, {{"Auction Title", "Radio"}, {"Labels", "Sale,Withdrawn"}});
  CHECK(shown_cells(back, mapping) == "Auction Title=Radio; Labels=-Withdrawn");
  CHECK(back.told.at("Labels") == "Sale");
}

TEST_CASE("the columns of withdrawals are no values of a product") {
  const auto plain = withdrawing_mapping({});
  const auto withdrawing = withdrawing_mapping({WithdrawalStep::quantity_zero, WithdrawalStep::blocked});
  CHECK(withdrawing.values.size() == plain.values.size() + 3);
  CHECK(content_hash(radio_product(plain), plain) == content_hash(radio_product(withdrawing), withdrawing));
  CHECK(plain.fingerprint() != withdrawing.fingerprint());
}

TEST_CASE("steps of a withdrawal have words") {
  for (const auto* word : {"quantity_zero", "blocked", "label"}) CHECK(to_text(*parse_withdrawal_step(word)) == word);
  CHECK_FALSE(parse_withdrawal_step("delete"));
}

TEST_CASE("the guard holds back what is many, or a large share of the products") {
  struct Case {
    std::uint64_t withdrawals;
    std::uint64_t known;
    bool held;
  };
  const RemovalGuard guard{.always_allowed = 10, .most = 200, .most_percent = 10};
  for (const auto& one : std::vector<Case>{{0, 0, false},
                                           {10, 10, false},
                                           {11, 109, true},
                                           {11, 110, false},
                                           {200, 2'000, false},
                                           {201, 1'000'000, true}}) {
    INFO(one.withdrawals << " of " << one.known);
    CHECK(guard.holds(one.withdrawals, one.known) == one.held);
  }
}
