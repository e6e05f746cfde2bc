// Families and bundles through the whole pipeline: real store, real feed files, Acumatica in memory.

#include <algorithm>
#include <set>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "family_bench.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;
using store::RunState;

namespace {

using Skus = std::vector<std::string>;

}  // namespace

TEST_CASE("a catalogue of families and bundles goes parents first and bundles last, and a second run sends nothing") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  const auto run = bench.full();
  CHECK(run.state == RunState::succeeded);
  CHECK(run.counts == store::RunCounts{.read = 6, .eligible = 6, .rows = 6});
  CHECK(bench.newest_skus() == Skus{"SHIRT", "MUG", "SHIRT-BM", "SHIRT-RL", "SHIRT-RM", "SET"});

  const auto rows = bench.newest();
  CHECK(rows[0].at("Relationship Name") == "Color and Size");
  CHECK(rows[0].at("Variation Parent SKU") == "Parent");
  CHECK(rows[1].at("Variation Parent SKU").empty());
  CHECK(rows[2].at("Variation Parent SKU") == "SHIRT");
  CHECK(rows[2].at("Buy It Now Price") == "9.90");  // it has no price of its own
  CHECK(rows[3].at("Buy It Now Price") == "10.00");
  CHECK(rows[5].at("Bundle Components") == "MUG=2,SHIRT-RM=1");

  CHECK(bench.entry("shirt").kind == catalog::ProductKind::parent);
  CHECK(bench.entry("shirt-rm").kind == catalog::ProductKind::child);
  CHECK(bench.entry("shirt-rm").parent == "SHIRT");
  CHECK(bench.entry("set").kind == catalog::ProductKind::kit);

  bench.clock.advance(1h);
  const auto second = bench.full();
  CHECK(second.counts.rows == 0);
  CHECK(second.counts.unchanged == 6);
  CHECK(bench.delivered().size() == 1);
}

TEST_CASE("the feed of a catalogue of families and bundles, byte for byte") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  SECTION("under the classic headers") {
    bench.full();
    CHECK(bench.text_of(bench.delivered().back()) ==
          "Inventory Number\tAuction Title\tUPC\tBuy It Now Price\tRelationship Name\tVariation Parent SKU\t"
          "Bundle Components\tClassification\tAttribute1Name\tAttribute1Value\tAttribute2Name\tAttribute2Value\n"
          "SHIRT\tProduct SHIRT\t\t9.90\tColor and Size\tParent\t\tElectronics\t\t\t\t\n"
          "MUG\tProduct MUG\t\t10.00\t\t\t\tElectronics\t\t\t\t\n"
          "SHIRT-BM\tProduct SHIRT-BM\t\t9.90\tColor and Size\tSHIRT\t\tElectronics\tColor\tBlue\tSize\tM\n"
          "SHIRT-RL\tProduct SHIRT-RL\t\t10.00\tColor and Size\tSHIRT\t\tElectronics\tColor\tRed\tSize\tL\n"
          "SHIRT-RM\tProduct SHIRT-RM\t\t10.00\tColor and Size\tSHIRT\t\tElectronics\tColor\tRed\tSize\tM\n"
          "SET\tProduct SET\t\t50.00\t\t\tMUG=2,SHIRT-RM=1\tElectronics\t\t\t\t\n");
  }
  SECTION("under the newer headers") {
    bench.mapping = assembled_mapping(catalog::FamilyHeaders::vary_by);
    bench.reopen();
    bench.full();
    CHECK(bench.text_of(bench.delivered().back()) ==
          "Inventory Number\tAuction Title\tUPC\tBuy It Now Price\tSKU Type\tVary By\tParent SKU\tBundle Components\t"
          "Classification\tAttribute1Name\tAttribute1Value\tAttribute2Name\tAttribute2Value\n"
          "SHIRT\tProduct SHIRT\t\t9.90\tparent\tColor,Size\tParent\t\tElectronics\t\t\t\t\n"
          "MUG\tProduct MUG\t\t10.00\tstandard\t\t\t\tElectronics\t\t\t\t\n"
          "SHIRT-BM\tProduct SHIRT-BM\t\t9.90\tchild\tColor,Size\tSHIRT\t\tElectronics\tColor\tBlue\tSize\tM\n"
          "SHIRT-RL\tProduct SHIRT-RL\t\t10.00\tchild\tColor,Size\tSHIRT\t\tElectronics\tColor\tRed\tSize\tL\n"
          "SHIRT-RM\tProduct SHIRT-RM\t\t10.00\tchild\tColor,Size\tSHIRT\t\tElectronics\tColor\tRed\tSize\tM\n"
          "SET\tProduct SET\t\t50.00\tbundle\t\t\tMUG=2,SHIRT-RM=1\tElectronics\t\t\t\t\n");
  }
}

TEST_CASE("a catalogue in several files has parents in an earlier one than children, components than bundles") {
  FamilyBench bench;
  bench.limits.rows = 2;
  bench.reopen();
  bench.put_shirts();
  bench.put_set();
  REQUIRE(bench.full().state == RunState::succeeded);
  std::vector<Skus> files;
  for (const auto& file : bench.delivered()) {
    files.emplace_back();
    for (const auto& row : bench.rows_of(file)) files.back().push_back(row.at("Inventory Number"));
  }
  CHECK(files == std::vector<Skus>{{"SHIRT", "MUG"}, {"SHIRT-BM", "SHIRT-RL"}, {"SHIRT-RM"}, {"SET"}});
}

TEST_CASE("an invalid child parks its family and the bundles that hold one of it, and all recover together") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  bench.source.put(child("SHIRT-RL", "SHIRT", "Red", "L", "ten"));
  const auto run = bench.full();
  CHECK(run.state == RunState::partial);
  CHECK(bench.newest_skus() == Skus{"MUG"});
  CHECK(bench.state_of("shirt") == "parked family.child_parked");
  CHECK(bench.state_of("shirt-rm") == "parked family.child_parked");
  CHECK(bench.state_of("shirt-rl") == "parked value.not_a_number");
  CHECK(bench.state_of("set") == "parked bundle.component_not_exported");
  CHECK_THAT(bench.entry("shirt-rm").reason, ContainsSubstring("SHIRT-RL"));
  CHECK_THAT(bench.entry("set").reason, ContainsSubstring("SHIRT-RM"));

  bench.source.put(child("SHIRT-RL", "SHIRT", "Red", "L", "10"));
  CHECK(bench.push({"SHIRT-RL"}).state == RunState::succeeded);
  CHECK(bench.newest_skus() == Skus{"SHIRT", "SHIRT-BM", "SHIRT-RL", "SHIRT-RM", "SET"});
}

TEST_CASE("a changed child is read with its template alone, and its siblings are known from the ledger") {
  FamilyBench bench;
  bench.put_shirts();
  bench.full();
  bench.source.put(child("SHIRT-RM", "SHIRT", "Red", "M", "12"));
  CHECK(bench.push({"SHIRT-RM"}).counts.rows == 1);
  CHECK(bench.source.take_keys() == Skus{"SHIRT", "SHIRT-RM"});
  CHECK(bench.newest_skus() == Skus{"SHIRT-RM"});

  // Now it cannot be told apart from a sibling that is not read.
  bench.source.put(child("SHIRT-RM", "SHIRT", "Red", "L", "12"));
  CHECK(bench.push({"SHIRT-RM"}).counts.rows == 0);
  CHECK(bench.state_of("shirt-rm") == "parked variation.duplicate");
  CHECK(bench.state_of("shirt-rl") == "parked variation.duplicate");
  CHECK(bench.state_of("shirt-bm") == "parked family.child_parked");
  CHECK(bench.state_of("shirt") == "parked family.child_parked");

  // A family that is not in order is read whole, so that nothing that changed meanwhile is missed.
  bench.source.put(child("SHIRT-BM", "SHIRT", "Blue", "M", "15"));
  bench.source.put(child("SHIRT-RM", "SHIRT", "Red", "M", "12"));
  CHECK(bench.push({"SHIRT-RM"}).state == RunState::succeeded);
  CHECK(bench.source.take_keys() == Skus{"SHIRT", "SHIRT-BM", "SHIRT-RL", "SHIRT-RM"});
  CHECK(bench.newest_skus() == Skus{"SHIRT-BM"});
  CHECK(bench.state_of("shirt-rl") == "sent");
}

TEST_CASE("a changed template brings its children, whose inherited price follows") {
  FamilyBench bench;
  bench.put_shirts();
  bench.full();
  bench.source.put(template_item("SHIRT", {"SHIRT-BM", "SHIRT-RL", "SHIRT-RM"}, "8.80"));
  CHECK(bench.push({"SHIRT"}).state == RunState::succeeded);
  CHECK(bench.newest_skus() == Skus{"SHIRT", "SHIRT-BM"});
  CHECK(bench.newest()[1].at("Buy It Now Price") == "8.80");

  CHECK(bench.push({"SHIRT"}).counts.rows == 0);
  CHECK(bench.source.take_keys() == Skus{"SHIRT"});  // nothing changed: no child is read
}

TEST_CASE("a child that was added joins its family, and one that is not exported leaves the others in peace") {
  FamilyBench bench;
  bench.put_shirts();
  bench.full();
  bench.source.put(template_item("SHIRT", {"SHIRT-BL", "SHIRT-BM", "SHIRT-RL", "SHIRT-RM"}));
  bench.source.put(child("SHIRT-BL", "SHIRT", "Blue", "L"));
  bench.push({"SHIRT"});
  CHECK(bench.newest_skus() == Skus{"SHIRT-BL"});

  auto hidden = child("SHIRT-BL", "SHIRT", "Blue", "L");
  hidden.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(hidden);
  bench.push({"SHIRT-BL"});
  CHECK(bench.state_of("shirt-bl") == "not_exported box.not_ticked");
  CHECK(bench.state_of("shirt-rm") == "sent");
}

TEST_CASE("a template without a child that is exported is not exported itself") {
  FamilyBench bench;
  bench.source.put(template_item("SHIRT", {"SHIRT-RM"}));
  auto hidden = child("SHIRT-RM", "SHIRT", "Red", "M");
  hidden.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(hidden);
  CHECK(bench.full().state == RunState::succeeded);
  CHECK(bench.state_of("shirt") == "not_exported family.no_child");
  CHECK(bench.delivered().empty());
}

TEST_CASE("a template that is not exported takes its children along, and brings them back") {
  FamilyBench bench;
  bench.put_shirts();
  auto shirt = template_item("SHIRT", {"SHIRT-BM", "SHIRT-RL", "SHIRT-RM"});
  shirt.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(shirt);
  bench.full();
  CHECK(bench.state_of("shirt-rm") == "not_exported family.template_not_exported");
  bench.put_shirts();
  CHECK(bench.push({"SHIRT"}).counts.rows == 4);
}

TEST_CASE("a child that moves to another template waits by default, with both families in order") {
  FamilyBench bench;
  bench.put_shirts();
  bench.full();
  bench.source.put(template_item("TOP", {"SHIRT-RM", "TOP-RM"}));
  bench.source.put(child("TOP-RM", "TOP", "Green", "M"));
  bench.source.put(template_item("SHIRT", {"SHIRT-BM", "SHIRT-RL"}));
  bench.source.put(child("SHIRT-RM", "TOP", "Red", "M"));
  bench.push({"SHIRT-RM"});
  CHECK(bench.state_of("shirt-rm") == "parked family.moved");
  CHECK(bench.state_of("top") == "parked family.child_parked");
  CHECK(bench.state_of("shirt") == "sent");
  CHECK(bench.state_of("shirt-rl") == "sent");

  bench.mapping.variations->moved = catalog::MovedChild::send;
  bench.push({"SHIRT-RM"});
  CHECK(bench.newest_skus() == Skus{"TOP", "SHIRT-RM", "TOP-RM"});
  CHECK(bench.newest()[1].at("Variation Parent SKU") == "TOP");
}

TEST_CASE("a component that goes away parks its bundles, and one that comes back brings them with it") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  bench.full();
  auto mug = exported_item("MUG");
  mug.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(mug);
  bench.push({"MUG"});
  CHECK(bench.state_of("mug") == "not_exported box.not_ticked");
  CHECK(bench.state_of("set") == "parked bundle.component_not_exported");

  bench.source.put(exported_item("MUG"));
  bench.push({"MUG"});
  CHECK(bench.state_of("mug") == "sent");
  CHECK(bench.state_of("set") == "sent");
}

TEST_CASE("a component whose price changes leaves its kits unread, and one whose unit changes has them judged anew") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  bench.full();
  bench.source.put(exported_item("MUG", "11"));
  bench.push({"MUG"});
  CHECK(bench.source.take_keys() == Skus{"MUG"});

  auto boxed = exported_item("MUG", "11");
  boxed.fields["BaseUOM"] = "EACH";
  boxed.fields["SalesUOM"] = "BOX";
  boxed.details["UOMConversions"] = {
      {{"FromUOM", "BOX"}, {"MultiplyOrDivide", "Multiply"}, {"ConversionFactor", "2"}, {"ToUOM", "EACH"}}};
  bench.source.put(boxed);
  bench.source.put_kit("SET", {specification("SET", {{"MUG", "EACH", "2", true}})});
  bench.push({"MUG"});
  CHECK(bench.newest_skus() == Skus{"SET"});
  CHECK(bench.newest()[0].at("Bundle Components") == "MUG=1");
}

TEST_CASE("a changed kit specification is read with its kit, and what the file does not take away is reported") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  REQUIRE(bench.full().state == RunState::succeeded);
  bench.clock.advance(1h);
  bench.source.put_kit("SET", {specification("SET", {{"MUG", "", "3", true}})}, bench.clock.now());
  CHECK(bench.delta().counts.rows == 1);
  CHECK(bench.newest()[0].at("Bundle Components") == "MUG=3");
  CHECK(bench.state_of("set") == "sent bundle.obsolete_components");
  CHECK_THAT(bench.entry("set").reason, ContainsSubstring("SHIRT-RM"));
}

TEST_CASE("a kit that changed together with its specification is read once") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  REQUIRE(bench.full().state == RunState::succeeded);
  bench.clock.advance(1h);
  auto set = kit("SET");
  set.fields["DefaultPrice"] = "55";
  bench.source.put(set, bench.clock.now());
  bench.source.put_kit("SET", {specification("SET", {{"MUG", "", "2", true}, {"SHIRT-RM", "", "1", true}})},
                       bench.clock.now());
  const auto run = bench.delta();
  CHECK(run.counts.read == 4);  // the kit, its components, and the template of one of them
  CHECK(bench.newest_skus() == Skus{"SET"});
}

TEST_CASE("a bundle may be a child, and its fault parks the family") {
  FamilyBench bench;
  bench.put_shirts();
  bench.source.put(exported_item("MUG"));
  bench.source.put(template_item("SHIRT", {"SHIRT-2", "SHIRT-BM", "SHIRT-RL", "SHIRT-RM"}));
  auto twin = child("SHIRT-2", "SHIRT", "Red", "Twin pack");
  twin.fields["IsAKit"] = "true";
  bench.source.put(twin);
  bench.source.put_kit("SHIRT-2", {specification("SHIRT-2", {{"MUG", "", "0.5", true}})});
  CHECK(bench.full().state == RunState::partial);
  CHECK(bench.state_of("shirt-2") == "parked unit.not_whole");
  CHECK(bench.state_of("shirt-rm") == "parked family.child_parked");

  bench.source.put_kit("SHIRT-2", {specification("SHIRT-2", {{"SHIRT-RM", "", "2", true}})});
  CHECK(bench.full().state == RunState::succeeded);
  CHECK(bench.newest_skus() == Skus{"SHIRT", "SHIRT-BM", "SHIRT-RL", "SHIRT-RM", "SHIRT-2"});
  CHECK(bench.newest()[4].at("Bundle Components") == "SHIRT-RM=2");
  CHECK(bench.newest()[4].at("Variation Parent SKU") == "SHIRT");
}

TEST_CASE("a non-stock kit becomes a bundle of stock and non-stock items, the latter where they count") {
  FamilyBench bench;
  const auto non_stock = [](catalog::Item item) {
    item.entity = catalog::ItemEntity::non_stock_item;
    return item;
  };
  bench.source.put(exported_item("MUG"));
  bench.source.put(non_stock(exported_item("ENGRAVING")));
  bench.source.put(non_stock(kit("GIFT")));
  bench.source.put_kit("GIFT", {specification("GIFT", {{"MUG", "", "2", true}, {"ENGRAVING", "", "1", false}})});
  SECTION("required") {
    CHECK(bench.full().state == RunState::succeeded);
    CHECK(bench.newest_skus() == Skus{"ENGRAVING", "MUG", "GIFT"});
    CHECK(bench.newest()[2].at("Bundle Components") == "ENGRAVING=1,MUG=2");
    CHECK(bench.entry("gift").kind == catalog::ProductKind::kit);
  }
  SECTION("required, and not exported") {
    auto hidden = non_stock(exported_item("ENGRAVING"));
    hidden.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
    bench.source.put(hidden);
    bench.full();
    CHECK(bench.state_of("gift") == "parked bundle.component_not_exported");
  }
  SECTION("ignored") {
    bench.mapping.bundles->with_non_stock_components = false;
    bench.full();
    CHECK(bench.newest()[2].at("Bundle Components") == "MUG=2");
  }
}

TEST_CASE("of several revisions of a kit the configured rule takes one, or none with the reason") {
  FamilyBench bench;
  const auto revision = [&](const std::string& name, bool active, const std::string& quantity) {
    return catalog::KitSpecification{"SET", name, active, bench.clock.now() - (name == "C" ? 2h : 1h),
                                     {{"MUG", "", quantity, true}}};
  };
  bench.source.put(exported_item("MUG"));
  bench.source.put(kit("SET"));
  auto& rules = *bench.mapping.bundles;
  const auto components = [&] {
    bench.full();
    return bench.state_of("set") == "sent" ? bench.newest().back().at("Bundle Components") : bench.state_of("set");
  };
  bench.source.put_kit("SET", {revision("A", false, "1"), revision("B", true, "2"), revision("C", true, "3")});
  SECTION("active, of which there must be one") {
    CHECK(components() == "parked kit.several_active_revisions");
    bench.source.put_kit("SET", {revision("A", false, "1"), revision("B", true, "2"), revision("C", false, "3")});
    CHECK(components() == "MUG=2");
    bench.source.put_kit("SET", {revision("A", false, "1")});
    CHECK(bench.later_full().state == RunState::partial);
    CHECK(bench.state_of("set") == "parked kit.no_active_revision");
  }
  SECTION("the newest by its last change") {
    rules.revision = catalog::RevisionRule::newest;
    CHECK(components() == "MUG=2");
  }
  SECTION("named") {
    rules.revision = catalog::RevisionRule::named;
    rules.revision_name = "C";
    CHECK(components() == "MUG=3");
  }
  SECTION("named, but not active") {
    rules.revision = catalog::RevisionRule::named;
    rules.revision_name = "A";
    CHECK(components() == "parked kit.no_such_revision");
  }
}

TEST_CASE("an item that no longer belongs to a template waits, since Rithum has it under a parent") {
  FamilyBench bench;
  bench.put_shirts();
  bench.full();
  bench.source.put(template_item("SHIRT", {"SHIRT-BM", "SHIRT-RL"}));
  bench.source.put(exported_item("SHIRT-RM"));
  CHECK(bench.push({"SHIRT-RM"}).counts.rows == 0);
  CHECK(bench.state_of("shirt-rm") == "parked family.left");
  CHECK_THAT(bench.entry("shirt-rm").reason, ContainsSubstring("SHIRT"));
  CHECK(bench.state_of("shirt") == "sent");
  CHECK(bench.state_of("shirt-rl") == "sent");

  bench.put_shirts();  // it is a matrix item again
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.state_of("shirt-rm") == "sent");
}

TEST_CASE("an item that Acumatica no longer has leaves its family, and parks the bundles that hold it") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  bench.full();
  bench.source.remove("SHIRT-RM");
  bench.source.put(template_item("SHIRT", {"SHIRT-BM", "SHIRT-RL"}));
  bench.push({"SHIRT-RM"});
  CHECK(bench.state_of("shirt-rm") == "not_exported item.missing");
  CHECK(bench.state_of("shirt-rl") == "sent");
  CHECK(bench.state_of("set").starts_with("parked"));
}

TEST_CASE("children whose template cannot be read are read again later") {
  FamilyBench bench;
  bench.put_shirts();
  bench.full();
  bench.source.put(child("SHIRT-RM", "SHIRT", "Red", "M", "12"));
  bench.source.unreadable = {"SHIRT"};
  CHECK(bench.push({"SHIRT-RM"}).counts.failed == 1);
  CHECK(bench.state_of("shirt-rm") == "sent");
  CHECK(bench.store->retries().list("eu", 10)->size() == 2);

  bench.source.unreadable.clear();
  bench.clock.advance(24h);
  REQUIRE(bench.site_sync->retry_due({}));
  CHECK(bench.newest_skus() == Skus{"SHIRT-RM"});
}

TEST_CASE("a dry run plans families and bundles and changes nothing") {
  FamilyBench bench;
  bench.put_shirts();
  bench.put_set();
  std::vector<std::string> planned;
  const auto run = bench.run({.type = store::RunType::full,
                              .trigger = "test",
                              .dry_run = true,
                              .plan = [&](const sync::PlannedProduct& one) { planned.push_back(one.sku); }});
  CHECK(run.counts.rows == 6);
  CHECK(planned.size() == 6);
  CHECK(bench.delivered().empty());
  CHECK(bench.store->ledger().list("eu", {})->empty());
}

namespace {

/// What must hold of the rows of one feed, given the SKUs that Rithum has already.
void check_order(const std::vector<FeedRow>& rows, std::set<std::string>& held) {
  for (const auto& row : rows) {
    const auto& sku = row.at("Inventory Number");
    const auto& parent = row.at("Variation Parent SKU");
    INFO("row of " << sku);
    if (!parent.empty() && parent != "Parent") CHECK(held.contains(parent));
    std::stringstream components(row.at("Bundle Components"));
    std::string component;
    while (std::getline(components, component, ',')) {
      CHECK(held.contains(component.substr(0, component.find('='))));
      CHECK(std::stoi(component.substr(component.find('=') + 1)) >= 1);
    }
    CHECK(row.at("Classification") == "Electronics");
    held.insert(sku);
  }
}

}  // namespace

TEST_CASE("whatever the catalogue, nothing is sent before what it refers to, and a second plan is empty") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    FamilyBench bench;
    if (round % 2 == 1) {
      bench.limits.rows = 7;
      bench.reopen();
    }
    put_random_catalogue(bench.source, random);
    RandomCatalogue(bench.source, random).put_twins();
    bench.full();
    std::set<std::string> held;
    for (const auto& file : bench.delivered()) check_order(bench.rows_of(file), held);
    bench.clock.advance(1h);
    CHECK(bench.full().counts.rows == 0);

    // Families stand together: no child is sent whose parent is not, and the other way round.
    for (const auto& one : bench.products()) {
      if (one.kind != catalog::ProductKind::child || one.state != ProductState::sent) continue;
      INFO("child " << one.sku);
      CHECK(bench.entry(to_lower_ascii(one.parent)).state == ProductState::sent);
    }
  }
}

TEST_CASE("pushes of single items bring the ledger to where a full sync brings it") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  FamilyBench bench;
  put_random_catalogue(bench.source, random);
  bench.full();
  for (int step = 0; step < 25; ++step) {
    CAPTURE(step);
    // One item changes: its price, its box, its class or its variation values.
    const auto number = std::to_string(random() % 12);
    const bool is_child = random() % 2 == 0;
    const auto id = is_child ? "FAMILY" + number + "-" + std::to_string(random() % 4) : "ITEM" + number;
    const auto price = random() % 6 == 0 ? std::string("ten") : std::to_string(random() % 100);
    if (is_child && !*bench.store->ledger().find("eu", to_lower_ascii(id))) continue;
    auto item = is_child ? child(id, "FAMILY" + number, "C" + std::to_string(random() % 6), "S", price)
                         : exported_item(id, price);
    if (random() % 4 == 0) item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
    bench.source.put(item);
    bench.push({id});
    bench.clock.advance(1min);
    std::map<std::string, std::string> states;
    for (const auto& one : bench.products()) {
      states[one.sku] = std::string(store::to_text(one.state));
    }
    const auto full = bench.full();
    CHECK(full.counts.rows == 0);
    for (const auto& one : bench.products()) {
      INFO("product " << one.sku << ": " << one.reason);
      CHECK(states[one.sku] == store::to_text(one.state));
    }
  }
}
