// What a mapping that is edited would change, before anything is sent.

#include "sync/mapping_change.hpp"

#include <algorithm>

#include "catch.hpp"
#include "family_bench.hpp"

using namespace product_sync;
using sync::PlannedState;

namespace {

using Lines = std::vector<std::string>;

/// `SKU state field` or `SKU state code`, sorted.
Lines lines_of(const std::vector<sync::PlannedProduct>& planned) {
  Lines lines;
  for (const auto& product : planned) {
    const auto head = product.sku + " " + std::string(to_text(product.state));
    for (const auto& change : product.changes) lines.push_back(head + " " + change.key);
    for (const auto& reason : product.reasons) lines.push_back(head + " " + reason.code);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// What the edited mapping changes.
std::vector<sync::PlannedProduct> compare_mappings(SyncBench& bench, const catalog::Mapping& edited,
                                                   store::RunCounts& counts) {
  const auto feed_plan = [&](const catalog::Mapping& mapping) {
    return sync::FeedPlan{"eu", mapping, bench.feed, {.mode_prefix = "CAAll", .template_code = {}}, bench.directory()};
  };
  sync::MappingChange change(feed_plan(bench.mapping), feed_plan(edited), bench.source, *bench.store, bench.clock);
  auto active = bench.store->runs().begin({"eu", store::RunType::full, "test", {}, {}, true}).value();
  std::vector<sync::PlannedProduct> planned;
  const auto done = change.run([&](const auto& one) { planned.push_back(one); }, *active, counts, {});
  if (!done) FAIL(done.error().text());
  return planned;
}

std::vector<sync::PlannedProduct> compare_mappings(SyncBench& bench, const catalog::Mapping& edited) {
  store::RunCounts counts;
  return compare_mappings(bench, edited, counts);
}

}  // namespace

TEST_CASE("the plan of an edited mapping tells what it changes, and nothing that is pending anyway") {
  SyncBench bench;
  bench.source.put(exported_item("PLAIN"));
  bench.source.put(with_barcode(exported_item("CODED")));
  bench.full();
  bench.source.put(exported_item("PENDING"));  // new since, and dearer
  bench.source.put(exported_item("PLAIN", "11"));
  auto edited = bench.mapping;
  CHECK(compare_mappings(bench, edited).empty());

  sources_of(edited, "UPC") = {*catalog::parse_source("field:NoSuchField")};
  store::RunCounts counts;
  const auto planned = compare_mappings(bench, edited, counts);
  REQUIRE(lines_of(planned) == Lines{"CODED changed UPC"});
  CHECK(planned[0].changes[0].before == "4006381333931");
  CHECK(planned[0].changes[0].after.empty());
  CHECK(counts == store::RunCounts{.read = 3, .eligible = 3, .unchanged = 2, .rows = 1});
  CHECK(bench.entry("coded").told.contains("UPC"));  // nothing was sent
}

TEST_CASE("the plan of an edited mapping tells whose fate it changes") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  auto toy = exported_item("TOY");
  toy.fields["ItemClass"] = "TOYS";
  bench.source.put(toy);
  bench.source.put(exported_item("BAD", "ten"));
  auto edited = bench.mapping;
  SECTION("a class more, another less") {
    edited.conditions.classifications = {{"TOYS", "Toys"}};
    const auto lines = lines_of(compare_mappings(bench, edited));
    CHECK(lines == Lines{"A not_exported class.unmapped", "BAD not_exported class.unmapped",
                         "TOY new Auction Title", "TOY new Buy It Now Price", "TOY new Classification"});
  }
  SECTION("a source that makes a fault of what was none") {
    sources_of(edited, "UPC") = {*catalog::parse_source("field:Description")};
    const auto lines = lines_of(compare_mappings(bench, edited));
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].starts_with("A parked "));
    CHECK_THAT(lines[1] + lines[2], ContainsSubstring("BAD parked value.not_a_number"));
  }
  SECTION("a source that cures one") {
    sources_of(edited, "Buy It Now Price") = {*catalog::parse_source("field:Price")};
    CHECK(lines_of(compare_mappings(bench, edited)) ==
          Lines{"BAD new Auction Title", "BAD new Classification"});  // a price that is gone stays as it is in Rithum
  }
}

TEST_CASE("the plan of an edited mapping knows families and bundles, also where they are new") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  auto edited = bench.mapping;
  CHECK(compare_mappings(bench, edited).empty());
  SECTION("a relationship with another name") {
    edited.variations->relationships[0].name = "Farbe";
    const auto lines = lines_of(compare_mappings(bench, edited));
    CHECK(lines == Lines{"SHIRT changed Relationship Name", "SHIRT-BM changed Relationship Name",
                         "SHIRT-RL changed Relationship Name", "SHIRT-RM changed Relationship Name"});
  }
  SECTION("no variations any more: the bundle loses a component, and templates are not read") {
    edited.variations.reset();
    std::erase_if(edited.values, [](const auto& value) { return value.role == catalog::ValueRole::relationship_name; });
    const auto lines = lines_of(compare_mappings(bench, edited));
    CHECK(lines == Lines{"SET parked bundle.component_not_exported", "SHIRT not_exported kind.not_read",
                         "SHIRT-BM not_exported kind.variation_child", "SHIRT-RL not_exported kind.variation_child",
                         "SHIRT-RM not_exported kind.variation_child"});
  }
}
