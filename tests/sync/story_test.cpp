#include "sync/story.hpp"

#include <fmt/format.h>

#include <random>
#include <set>

#include "catch.hpp"
#include "rithum_bench.hpp"
#include "support/seed.hpp"
#include "sync/near_skus.hpp"
#include "sync/resend.hpp"

using namespace product_sync;
using store::ProductState;
using sync::StepKind;

namespace {

struct StoryBench : RithumBench {
  /// A notification, and the run that carries it on.
  store::Run notify(const std::string& id, const std::string& inventory_id) {
    const auto stored = store->inbox().put({.site = "eu", .tenant = "T", .query = "Items", .id = id, .ticks = 0,
                                            .received = clock.now(), .keys = {inventory_id}, .keys_complete = true, .body = "{}"});
    clock.advance(1s);
    std::vector<store::Sequence> pending;
    const auto waiting = store->inbox().pending("eu", 0, 100);
    for (const auto& one : *waiting) pending.push_back(one.sequence);
    auto run = site_sync->push({.keys = {inventory_id}, .notifications = pending, .changed_since = {}}, {});
    if (!stored || !run) throw std::runtime_error("the notification was not carried on");
    return *run;
  }
  sync::Story story(const std::string& sku) {
    auto told = sync::tell_story("eu", sku, *store);
    if (!told || !*told) throw std::runtime_error("no story of " + sku);
    return std::move(**told);
  }
  /// `decision: To be sent.` and the like.
  std::vector<std::string> lines(const std::string& sku) {
    std::vector<std::string> texts;
    for (const auto& step : story(sku).steps) texts.push_back(fmt::format("{}: {}", sync::to_text(step.kind), step.text));
    return texts;
  }
  sync::StoryStep step(const std::string& sku, StepKind kind, std::size_t which = 0) {
    for (const auto& step : story(sku).steps) {
      if (step.kind == kind && which-- == 0) return step;
    }
    throw std::runtime_error("no such step");
  }
};

std::string cell(const sync::StoryStep& step, const std::string& column) {
  if (!step.row) return "(no row)";
  for (const auto& cell : *step.row) {
    if (cell.column == column) return cell.text;
  }
  return "(blank)";
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the story of a product goes from the notification through the interface to its product ID") {
  StoryBench bench;
  bench.begin();
  bench.clock.advance(1h);
  bench.source.put(exported_item("A"), bench.clock.now());
  const auto notified_at = bench.clock.now();
  const auto run = bench.notify("n1", "A");
  bench.clock.advance(1min);
  bench.rithum.put("A", 101, bench.values("A"));
  bench.rithum.uploads_end("Complete");
  bench.confirm();

  CHECK(bench.lines("a") == Lines{"notification: Acumatica's \"Items\" named the item.",
                                  "read: Read from Acumatica by a push sync.", "decision: To be sent.",
                                  "plan: Rithum is told of the whole product.",
                                  "row: A row of " + run.file_name + ".", "delivery: The file is at Rithum's interface.",
                                  "outcome: Rithum holds what was sent.", "product_id: Rithum's product ID is 101."});
  const auto story = bench.story(" a ");  // as a person types it
  for (const auto& step : story.steps) CHECK(step.run_id == run.id);
  CHECK(story.steps.front().at == notified_at);
  CHECK(story.steps.back().at == notified_at + 1s + 1min);
  CHECK(story.entry->state == ProductState::confirmed);
  CHECK(story.remedy.empty());
  const auto row = bench.step("A", StepKind::row);
  CHECK(cell(row, "Inventory Number") == "A");
  CHECK(cell(row, "Auction Title") == "Product A");
  CHECK(cell(row, "Classification") == "Electronics");
  CHECK(cell(row, "UPC") == "(blank)");
}

TEST_CASE("a changed product's story says what changed, and each row is the one that was sent then") {
  StoryBench bench;
  bench.source.put(exported_item("A", "10"), bench.clock.now());
  bench.source.put(exported_item("A2", "99"), bench.clock.now());
  bench.full();
  bench.clock.advance(1h);
  bench.source.put(exported_item("A", "12"), bench.clock.now());
  bench.full();

  const auto plan = bench.step("A", StepKind::plan, 1);
  CHECK(plan.text == "1 value has changed.");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].before == "10.00");
  CHECK(plan.changes[0].after == "12.00");
  CHECK(cell(bench.step("A", StepKind::row, 0), "Buy It Now Price") == "10.00");
  CHECK(cell(bench.step("A", StepKind::row, 1), "Buy It Now Price") == "12.00");
  CHECK(bench.step("A", StepKind::delivery, 1).at == bench.clock.now());

  std::filesystem::remove_all(bench.directory() / "spool");
  CHECK_FALSE(bench.step("A", StepKind::row, 1).row);
  CHECK(bench.step("A", StepKind::row, 1).file_name == bench.delivered()[1]);
}

TEST_CASE("a notification that changed nothing is answered in the story, and a full sync that changed nothing is silent") {
  StoryBench bench;
  bench.source.put(exported_item("A"), bench.clock.now());
  bench.full();
  const auto before = bench.lines("A").size();
  bench.clock.advance(1h);
  bench.full();
  CHECK(bench.lines("A").size() == before);

  const auto run = bench.notify("n1", "A");
  CHECK(run.counts.unchanged == 1);
  bench.clock.advance(1h);
  bench.notify("n2", "A");
  const auto lines = bench.lines("A");
  CHECK(Lines(lines.begin() + static_cast<std::ptrdiff_t>(before), lines.end()) ==
        Lines{"notification: Acumatica's \"Items\" named the item.", "read: Read from Acumatica by a push sync.",
              "decision: Rithum was told of it as it is: nothing to send.",
              "notification: Acumatica's \"Items\" named the item."});
  const auto decision = bench.step("A", StepKind::decision, 1);
  CHECK(decision.times == 2);
  CHECK(decision.until == bench.clock.now());
}

TEST_CASE("a parked product's story names the reason and what to do, and goes on when it is in order") {
  StoryBench bench;
  bench.source.put(exported_item("A", "ten"), bench.clock.now());
  const auto run = bench.full();
  const auto story = bench.story("A");
  REQUIRE(story.steps.size() == 2);
  CHECK(story.steps[0].kind == StepKind::read);
  CHECK(story.steps[1].kind == StepKind::decision);
  CHECK(story.steps[1].code == "value.not_a_number");
  CHECK(story.steps[1].run_id == run.id);
  CHECK_THAT(story.steps[1].text, ContainsSubstring("Parked: ") && ContainsSubstring("ten"));
  CHECK_THAT(story.remedy, ContainsSubstring("Correct what the reason names"));

  bench.clock.advance(1h);
  bench.source.put(exported_item("A", "10"), bench.clock.now());
  bench.full();
  CHECK(bench.lines("A").back().starts_with("delivery: The file is at "));
  CHECK(bench.story("A").remedy.empty());
}

TEST_CASE("a refused product's story has Rithum's words, the remedy with the command, and the attempt after it") {
  StoryBench bench;
  bench.begin();
  bench.send("B");
  bench.rithum.uploads_end("CompleteWithErrors", "Inventory Number\tError Message\nB\tUnknown supplier code\n");
  bench.confirm();
  CHECK(bench.lines("B").back() == "outcome: Rithum refused it: Unknown supplier code");
  CHECK_THAT(bench.story("B").remedy, ContainsSubstring("\"product-sync retry-rejected B\""));
  CHECK_FALSE(bench.step("B", StepKind::outcome).file_name.empty());

  bench.clock.advance(1min);
  REQUIRE(bench.store->proofs().resend_rejected("eu", "b", bench.clock.now()) == 1);
  CHECK(bench.lines("B").back() ==
        "read: The item is to be read again: Rithum refused it; somebody asked for another attempt");
  CHECK(bench.story("B").retry->code == "rejected.again");
}

TEST_CASE("a delivery's failures, its success and a resending stand in the story of each of its rows") {
  StoryBench bench;
  bench.wire(std::nullopt);
  bench.destination.broken = true;
  bench.source.put(exported_item("A"), bench.clock.now());
  bench.full();
  CHECK(bench.step("A", StepKind::delivery).code == "test.broken");
  CHECK(bench.story("A").waiting->attempts == 1);
  bench.clock.advance(1min);
  CHECK_FALSE(bench.delivery->drain(std::nullopt, {}));
  const auto failed = bench.step("A", StepKind::delivery);
  CHECK(failed.times == 2);
  CHECK(failed.until == bench.clock.now());

  bench.destination.broken = false;
  bench.clock.advance(1min);
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  CHECK_FALSE(bench.story("A").waiting);
  bench.clock.advance(1min);
  const auto file = bench.store->outbox().list("eu", 1)->at(0);
  REQUIRE(sync::resend("eu", file.file.name, sync::NewerFiles::refuse, *bench.store, bench.clock.now()));
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  std::string deliveries;
  for (const auto& line : bench.lines("A")) {
    if (line.starts_with("delivery: ")) deliveries += line.substr(10, 16) + ";";
  }
  CHECK(deliveries == "The file could n;The file is at d;An operator has ;The file is at d;");
}

TEST_CASE("an item that could not be read has a story before it has a state") {
  StoryBench bench;
  bench.source.unreadable.insert("A");
  bench.notify("n1", "A");
  const auto story = bench.story("a");
  CHECK_FALSE(story.entry);
  CHECK(story.steps.back().text == "The item could not be read: Item A cannot be read.");
  CHECK(story.retry->attempts == 1);
}

TEST_CASE("whatever is repeated, no fact stands in a story twice, and it has a row for each that was sent") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  StoryBench bench;
  bench.wire(std::nullopt);
  const Lines skus{"A", "B", "C"};
  int notification = 0;
  for (int i = 0; i < 60; ++i) {
    const auto& sku = skus[random() % skus.size()];
    switch (random() % 6) {
      case 0:
        bench.source.put(exported_item(sku, std::to_string(10 + random() % 3)), bench.clock.now());
        break;
      case 1:
        bench.source.put(exported_item(sku, "ten"), bench.clock.now());
        break;
      case 2:
        bench.full();
        break;
      case 3:
        bench.notify(fmt::format("n{}", random() % 2 == 0 ? notification : ++notification), sku);
        break;
      case 4:
        bench.destination.broken = !bench.destination.broken;
        break;
      case 5:
        static_cast<void>(bench.delivery->drain(std::nullopt, {}));
        break;
    }
    if (random() % 2 == 0) bench.clock.advance(1min);
  }
  bench.destination.broken = false;
  bench.clock.advance(1h);
  REQUIRE(bench.delivery->drain(std::nullopt, {}));

  for (const auto& sku : skus) {
    INFO(sku);
    const auto told = sync::tell_story("eu", sku, *bench.store);
    REQUIRE(told);
    if (!*told) continue;
    std::set<std::string> facts;
    std::size_t rows = 0;
    for (const auto& step : (*told)->steps) {
      if (step.kind == StepKind::notification) continue;  // two may come at one moment
      const auto fact = fmt::format("{} {} {} {} {}", to_iso8601(step.at), sync::to_text(step.kind), step.run_id, step.text, step.file.value_or(0));
      INFO(fact);
      CHECK(facts.insert(fact).second);
      if (step.kind == StepKind::row) ++rows;
    }
    std::size_t sent = 0;
    for (const auto& name : bench.delivered()) {
      if (bench.text_of(name).find("\n" + sku + "\t") != std::string::npos) ++sent;
    }
    CHECK(rows == sent);
  }
}

TEST_CASE("a mistyped SKU finds those that may have been meant") {
  StoryBench bench;
  for (const char* id : {"AALEGO500", "AALEGO501", "MUG-01/RED", "OTHER"}) bench.source.put(exported_item(id));
  bench.full();
  const auto near = [&](const std::string& typed) { return *sync::near_skus("eu", typed, *bench.store); };
  CHECK(near("AALEG0500") == Lines{"AALEGO500"});
  CHECK(near("aaelgo500") == Lines{"AALEGO500"});
  CHECK(near("AALEGO50") == Lines{"AALEGO500", "AALEGO501"});
  CHECK(near("mug-01red") == Lines{"MUG-01/RED"});
  CHECK(near("mug") == Lines{"MUG-01/RED"});
  CHECK(near("nothing like it").empty());
  CHECK(near("").empty());
  CHECK(sync::did_you_mean({"A", "B", "C"}) == "Did you mean A, B or C?");
  CHECK_FALSE(*sync::tell_story("eu", "AALEG0500", *bench.store));
}
