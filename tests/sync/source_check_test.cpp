// An edited mapping sends the rows that it alters; what did not change is not mapped again.

#include "sync/source_check.hpp"

#include <functional>

#include "catch.hpp"
#include "family_bench.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

TEST_CASE("an edited mapping sends exactly the rows that it alters with the next full sync, and none with the one after") {
  SyncBench bench;
  bench.source.put(exported_item("PLAIN"));
  bench.source.put(with_barcode(exported_item("CODED")));
  bench.source.put(exported_item("BAD", "ten"));
  bench.full();
  const auto before = bench.store->applied_mappings().get("eu").value();
  REQUIRE(before);

  sources_of(bench.mapping, "UPC") = {*catalog::parse_source("cross_reference:Global")};
  bench.clock.advance(1h);
  const auto changed = bench.full();
  CHECK(changed.counts.rows == 1);
  CHECK_THAT(bench.text_of(bench.delivered().back()), ContainsSubstring("CODED\t") && !ContainsSubstring("PLAIN"));
  CHECK(bench.store->applied_mappings().get("eu").value()->fingerprint != before->fingerprint);
  bench.clock.advance(1h);
  CHECK(bench.full().counts == store::RunCounts{.read = 3, .eligible = 3, .unchanged = 2, .parked = 1});
}

TEST_CASE("an item is mapped again when its sources or the mapping changed, and only then") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.full();
  const auto hash_of = [&](const std::string& key) {
    return bench.store->ledger().known("eu", std::vector{key}, std::nullopt).value().at(key).source_hash;
  };
  const auto first = hash_of("a");
  CHECK_FALSE(first.empty());
  const sync::FeedPlan plan{"eu", bench.mapping, {}, {.mode_prefix = "CAAll", .template_code = {}}, {}};
  CHECK(sync::SourceCheck(plan).hash(exported_item("A")) == first);
  CHECK(sync::SourceCheck(plan).hash(exported_item("A", "11")) != first);

  // A change that leaves the product as it is: nothing is sent, and the new sources are remembered.
  sources_of(bench.mapping, "Auction Title").push_back(*catalog::parse_source("field:InventoryID"));
  CHECK(bench.full().counts.unchanged == 1);
  CHECK(hash_of("a") != first);
  CHECK(hash_of("a") == sync::SourceCheck(plan).hash(exported_item("A")));
}

TEST_CASE("a delta sync after a change of the mapping leaves what did not change to the next full one") {
  SyncBench bench;
  bench.source.put(exported_item("A"), bench.clock.now() - 48h);
  bench.full();
  bench.mapping.conditions.classifications = {{"ELEC", "Gadgets"}};
  CHECK(bench.delta().counts.rows == 0);
  CHECK(bench.full().counts.rows == 1);
  CHECK(bench.entry("a").told.at("Classification") == "Gadgets");
}

TEST_CASE("whatever happens, trusting sources brings the ledger to where mapping everything again does") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  FamilyBench trusting;
  FamilyBench careful;
  careful.trust_sources = false;
  careful.reopen();
  const auto both = [&](const std::function<void(FamilyBench&)>& act) {
    act(trusting);
    act(careful);
  };
  both([](FamilyBench& bench) {
    bench.mapping.withdrawal.steps = {catalog::WithdrawalStep::label};
    bench.mapping.arrange();
    bench.guard.always_allowed = 1'000;
    bench.reopen();
  });
  const auto catalogue = random();
  both([&](FamilyBench& bench) {
    std::mt19937 same(catalogue);
    put_random_catalogue(bench.source, same);
  });
  for (int step = 0; step < 30; ++step) {
    CAPTURE(step);
    const auto id = "ITEM" + std::to_string(random() % 12);
    auto item = exported_item(id, random() % 5 == 0 ? "ten" : std::to_string(random() % 3));
    if (random() % 4 == 0) item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
    if (random() % 5 == 0) item.fields["TemplateItemID"] = "FAMILY1";
    if (random() % 3 == 0) item = with_barcode(item);
    const auto choice = random() % 8;
    both([&](FamilyBench& bench) {
      bench.source.put(item);
      if (choice == 0) {
        auto& sources = sources_of(bench.mapping, "UPC");
        sources = {*catalog::parse_source(step % 2 == 0 ? "cross_reference:Global" : "cross_reference:Barcode")};
      }
      if (choice == 1) {
        bench.mapping.policies["not_a_number"] = step % 2 == 0 ? catalog::Policy::drop : catalog::Policy::park;
      }
      bench.destination.broken = choice == 2;  // the file waits
      if (choice == 3) {
        if (const auto waiting = bench.store->outbox().next("eu").value()) {
          static_cast<void>(bench.store->outbox().drop(waiting->id, bench.clock.now()));
        }
      }
      if (choice == 4) bench.push({id});
      bench.clock.advance(1h);
    });
    const auto fast = trusting.full();
    const auto slow = careful.full();
    CHECK(fast.counts == slow.counts);
    const auto products = trusting.products();
    const auto expected = careful.products();
    REQUIRE(products.size() == expected.size());
    for (std::size_t i = 0; i < products.size(); ++i) {
      INFO("product " << products[i].sku << ": " << products[i].reason);
      CHECK(products[i].state == expected[i].state);
      CHECK(products[i].reason == expected[i].reason);
      CHECK(products[i].told == expected[i].told);
    }
  }
}
