// Random catalogues, whole, against an independent reader of feeds and against Rithum's rules as the simulator has them.

#include <sstream>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "family_bench.hpp"
#include "simulators/rithum/columns.hpp"
#include "simulators/rithum/feed_application.hpp"
#include "simulators/rithum/strict_feed_reader.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;
using sync::PlannedState;

namespace {

/// Rithum's account, fed with files. It knows the names that the mapping uses, and no others.
class FedAccount {
 public:
  FedAccount(const catalog::Mapping& mapping, char delimiter) {
    rules_.delimiter = delimiter;
    for (const auto& [item_class, classification] : mapping.conditions.classifications) {
      account_.classifications.insert(classification);
    }
    for (const auto& relationship : mapping.variations->relationships) account_.relationships.insert(relationship.name);
  }

  /// Applies a file; what is wrong with it, a line each.
  std::string take(const std::string& text) {
    std::istringstream stream(text);
    rithum_simulator::StrictFeedReader reader(stream, rules_);
    std::string faults = describe(reader.header_violations());
    rithum_simulator::FeedApplication application(catalogue_, account_, rithum_simulator::Mode::add_update,
                                                  reader.headers(), ++files_);
    while (const auto* row = reader.next()) {
      faults += describe(row->violations);
      const auto result = application.apply(*row, ++now_);
      if (result.outcome != rithum_simulator::Outcome::rejected) continue;
      faults += std::string(row->cells.front()) + ": " + result.rejection.reason + " " + result.rejection.column + " " +
                result.rejection.detail + "\n";
    }
    return faults;
  }

  /// Whether it holds the product with those values, of columns and of attributes; what differs, a line each.
  std::string differences(const store::LedgerEntry& entry) {
    const auto* product = catalogue_.find(entry.sku);
    if (product == nullptr) return entry.sku + " is missing\n";
    std::string text;
    for (const auto& [key, value] : entry.told) {
      if (key == "Bundle Components") continue;  // a file does not take components away (rithum.md §3.2)
      if (key == "SKU Type") continue;           // says what the row is, and is no value
      constexpr std::string_view kAttribute = "attribute:";
      const auto held = key.starts_with(kAttribute)
                            ? product->values.find(catalogue_.attribute_key(key.substr(kAttribute.size()))).value_or("")
                            : rithum_simulator::value_of(*product, key == "Parent SKU" ? "Variation Parent SKU" : key);
      if (held != value) text += entry.sku + ", " + key + ": " + std::string(held) + " instead of " + value + "\n";
    }
    return text;
  }

  /// What it holds of a product in a column; "" where it has neither.
  std::string value(const std::string& sku, std::string_view column) {
    const auto* product = catalogue_.find(sku);
    return product == nullptr ? "" : std::string(rithum_simulator::value_of(*product, column));
  }

  [[nodiscard]] std::size_t products() const { return catalogue_.products().size(); }

 private:
  static std::string describe(const std::vector<rithum_simulator::Violation>& violations) {
    std::string text;
    for (const auto& one : violations) {
      text += std::string(to_string(one.rule)) + " in line " + std::to_string(one.line) + ", " + one.header + "\n";
    }
    return text;
  }

  rithum_simulator::FeedRules rules_;
  rithum_simulator::Account account_;
  rithum_simulator::Catalogue catalogue_;
  std::uint32_t files_ = 0;
  std::int64_t now_ = 0;
};

/// Items of every kind that a mapping can make of texts that are no pleasure.
void put_unpleasant_items(FakeItemSource& source, std::mt19937& random) {
  static const std::vector<std::string> kTexts{"plain",      "tab\there",  "two\nlines",      "\"quoted\"",  "a | b",
                                               "ü 日本 😀",  "_DELETE_",   "<p>x</p>",        " blank ",     "",
                                               "=1+1",       "a,b",        std::string(130, 'x'), "\xFF\xFE", "&amp;"};
  const auto text = [&] { return kTexts[random() % kTexts.size()]; };
  for (int i = 0; i < 60; ++i) {
    auto item = exported_item((i % 7 == 0 ? "Odd " : "ODD-") + std::to_string(i), std::to_string(random() % 50));
    item.fields["Description"] = text();
    item.fields["Content"] = text() + "<b>" + text() + "</b>";
    item.attributes = {{"COLOR", text(), ""}};
    if (random() % 3 == 0) item.cross_references = {{"Barcode", random() % 2 == 0 ? "4006381333931" : "123", "EA"}};
    source.put(item);
  }
}

}  // namespace

TEST_CASE("every file of a random catalogue is taken whole by Rithum, which then holds what the ledger says") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  for (int round = 0; round < 4; ++round) {
    CAPTURE(round);
    FamilyBench bench;
    bench.mapping = assembled_mapping(round % 2 == 0 ? catalog::FamilyHeaders::classic : catalog::FamilyHeaders::vary_by);
    bench.mapping.values.push_back({"Description", catalog::find_column("Description"), false,
                                    {*catalog::parse_source("field:Content")}, true});
    bench.mapping.arrange();
    bench.feed.quantity_for_new = true;
    if (round == 2) bench.feed.delimiter = '|';
    if (round >= 2) bench.limits.rows = 9;
    bench.reopen();
    FedAccount rithum(bench.mapping, bench.feed.delimiter);
    std::size_t taken = 0;
    for (int step = 0; step < 3; ++step) {  // changed twice, so that rows also change and clear
      CAPTURE(step);
      put_random_catalogue(bench.source, random);
      put_unpleasant_items(bench.source, random);
      const auto [planned, dry] = bench.plan({.type = store::RunType::full, .trigger = "test"});
      const auto run = bench.full();
      CHECK(run.counts == dry.counts);
      const auto files = bench.delivered();
      for (; taken < files.size(); ++taken) CHECK(rithum.take(bench.text_of(files[taken])) == "");

      // The plan named each row, and planning again finds none.
      std::size_t rows = 0;
      for (const auto& one : planned) rows += one.changes.empty() ? 0 : 1;
      CHECK(rows == run.counts.rows);
      for (const auto& one : bench.plan({.type = store::RunType::full, .trigger = "test"}).first) {
        INFO(one.sku << " is " << to_text(one.state));
        CHECK(one.state == PlannedState::parked);
      }
      for (const auto& entry : bench.products()) {
        if (entry.state == ProductState::sent) CHECK(rithum.differences(entry) == "");
      }
      bench.clock.advance(1h);
    }
    CHECK(rithum.products() > 30);
  }
}

TEST_CASE("whatever leaves a random catalogue and comes back is at Rithum as it was") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  FamilyBench bench;
  bench.mapping.withdrawal.steps = {catalog::WithdrawalStep::label, catalog::WithdrawalStep::quantity_zero};
  bench.mapping.arrange();
  bench.guard.always_allowed = 1'000;
  bench.feed.quantity_for_new = true;
  bench.reopen();
  FedAccount rithum(bench.mapping, bench.feed.delimiter);
  std::size_t taken = 0;
  const auto sync = [&] {
    const auto run = bench.later_full();
    const auto files = bench.delivered();
    for (; taken < files.size(); ++taken) CHECK(rithum.take(bench.text_of(files[taken])) == "");
    return run;
  };
  const auto catalogue = static_cast<std::mt19937::result_type>(random());
  const auto put_catalogue = [&] {
    std::mt19937 same(catalogue);
    put_random_catalogue(bench.source, same);
    put_unpleasant_items(bench.source, same);
    RandomCatalogue(bench.source, same).put_twins();
  };
  put_catalogue();
  sync();
  const auto before = bench.products();
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    bench.source.edit_all([&](catalog::Item& item) {
      if (random() % 3 == 0) item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
    });
    CHECK(sync().counts.withdrawn > 0);
    CHECK(sync().counts.rows == 0);
    for (const auto& entry : bench.products()) {
      if (entry.state != ProductState::withdrawn) continue;
      CHECK(rithum.value(entry.sku, "Labels") == "Withdrawn");
    }
    put_catalogue();
    sync();
    const auto after = bench.products();
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      INFO("product " << after[i].sku << ": " << after[i].reason);
      CHECK(after[i].state == before[i].state);
      CHECK(after[i].reason == before[i].reason);
      if (after[i].state != ProductState::sent) continue;  // without its faulty child a parked family went out meanwhile
      CHECK(after[i].told == before[i].told);
      CHECK(rithum.differences(after[i]) == "");
      CHECK(rithum.value(after[i].sku, "Labels") == "");
    }
    CHECK(sync().counts.rows == 0);
  }
}
