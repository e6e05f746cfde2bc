// What Rithum holds against what it was told: found, reported, and repaired where the policy says so.

#include "sync/reconciliation.hpp"

#include "catch.hpp"
#include "rithum_bench.hpp"
#include "sync/story.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::DriftKind;

namespace {

/// A site whose products are all in Rithum as they were told, and confirmed, until a test tampers with them.
struct DriftBench : RithumBench {
  explicit DriftBench(const std::vector<std::string>& skus = {"A", "B", "C"}) {
    for (const auto& sku : skus) {
      source.put(with_barcode(sku));
      show(sku);
    }
    begin();
    clock.advance(10min);
    confirm();
    clock.advance(1min);
  }

  static catalog::Item with_barcode(const std::string& sku, const std::string& price = "10") {
    auto item = exported_item(sku, price);
    item.cross_references = {{"Barcode", "4006381333931", {}}};
    item.attributes = {{"COLOR", "Red", "Red"}};
    return item;
  }
  void show(const std::string& sku, const ScriptedRithum::Values& other = {}) {
    auto shown = values(sku);
    shown["UPC"] = "4006381333931";
    shown["attribute:Color"] = "Red";
    for (const auto& [name, value] : other) shown[name] = value;
    rithum.put(sku, ids_.emplace(sku, 100 + static_cast<int>(ids_.size())).first->second, shown);
  }

  store::Run reconcile(sync::ReconcileRequest request = {}) {
    sync::Reconciliation reconciliation({"eu", 4h, 500, policy, 500}, feed_plan(), reader, exporter, *delivery, *store,
                                        clock, log);
    request.trigger = "test";
    auto active = reconciliation.begin(request);
    if (!active) throw std::runtime_error(active.error().text());
    last_run = reconciliation.execute(**active, request, {});
    active->reset();
    clock.advance(1min);
    return last_run;
  }
  store::Run repair(std::optional<std::uint64_t> most = {}) { return reconcile({.repair = true, .most = most}); }
  [[nodiscard]] store::DriftReport report() const { return store->reconciliations().find("eu", last_run.id)->value(); }
  [[nodiscard]] store::DriftCounts counts() const { return report().counts; }
  /// `different A UPC: told x, shown y: would_send`
  [[nodiscard]] std::vector<std::string> drift(std::optional<DriftKind> kind = {}) const {
    std::vector<std::string> lines;
    const auto rows = store->reconciliations().rows(report().id, kind, 0, 1000);
    for (const auto& row : *rows) {
      auto line = fmt::format("{} {}", store::to_text(row.kind), row.sku);
      if (!row.field.empty()) line += fmt::format(" {}: {} -> {}", row.field, row.told, row.shown);
      lines.push_back(fmt::format("{}: {}", line, store::to_text(row.remedy)));
    }
    return lines;
  }

  sync::RepairPolicy policy;
  store::Run last_run;

 private:
  std::map<std::string, int> ids_;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a site whose products are as they were told has no drift") {
  DriftBench bench;
  bench.show("B", {{"BuyItNowPrice", "10.0"}});  // numbers count by their value
  bench.rithum.remove("C");
  bench.rithum.put("c", 102,
                   {{"Title", "Product C"},
                    {"BuyItNowPrice", "10.00"},
                    {"Classification", "Electronics"},
                    {"UPC", "4006381333931"},
                    {"attribute:Color", "Red"},
                    {"attribute:Size", "theirs"}});
  const auto run = bench.reconcile();
  CHECK(run.state == store::RunState::succeeded);
  CHECK(bench.counts() == store::DriftCounts{.shown = 3, .told = 3, .equal = 3});
  CHECK(bench.report().completed);
  CHECK(bench.drift().empty());
}

TEST_CASE("each missing, different and extra product is named, and nothing is sent without a word about whose counts") {
  DriftBench bench;
  bench.show("A", {{"UPC", ""}, {"BuyItNowPrice", "9.00"}});
  bench.rithum.remove("B");
  bench.rithum.put("X", 900, {{"Title", "Somebody else's"}});
  SECTION("a look") { CHECK(bench.reconcile().state == store::RunState::partial); }
  SECTION("a repair that may repair nothing") { CHECK(bench.repair().state == store::RunState::partial); }
  CHECK(bench.drift(DriftKind::different) == Lines{"different A Buy It Now Price: 10.00 -> 9.00: report_only",
                                                   "different A UPC: 4006381333931 -> : report_only"});
  CHECK(bench.drift(DriftKind::missing) == Lines{"missing B: report_only"});
  CHECK(bench.drift(DriftKind::extra) == Lines{"extra X: untouched"});
  const auto counts = bench.counts();
  CHECK(counts.different == 1);
  CHECK(counts.left == 2);
  CHECK(counts.fields == std::map<std::string, std::uint64_t>{{"Buy It Now Price", 1}, {"UPC", 1}});
  CHECK(bench.delivered().size() == 1);
  CHECK(bench.rithum.uploads().empty());
}

TEST_CASE("what a repair would send is said before it is asked for") {
  DriftBench bench;
  bench.policy = {.values = false, .columns = {{"UPC", true}}, .missing = true};
  bench.show("A", {{"UPC", ""}, {"BuyItNowPrice", "9.00"}});
  bench.rithum.remove("B");
  bench.reconcile();
  CHECK(bench.drift() == Lines{"different A Buy It Now Price: 10.00 -> 9.00: report_only",
                               "different A UPC: 4006381333931 -> : would_send", "missing B: would_send"});
  CHECK(bench.counts().to_send == 2);
  CHECK(bench.rithum.uploads().empty());
  CHECK(bench.state("A") == "confirmed");
}

TEST_CASE("a repair sends exactly the values that drifted, missing products whole, and leaves the ledger as it was") {
  DriftBench bench;
  bench.policy = {.values = true, .columns = {}, .missing = true};
  bench.show("A", {{"UPC", ""}});
  bench.rithum.remove("B");
  bench.rithum.put("X", 900, {{"Title", "Somebody else's"}});
  const auto before = bench.entry("a");

  const auto run = bench.repair();
  CHECK(run.state == store::RunState::succeeded);
  CHECK(run.counts.rows == 2);
  CHECK(bench.drift() == Lines{"different A UPC: 4006381333931 -> : sent", "extra X: untouched", "missing B: sent"});
  REQUIRE(bench.rithum.uploads().size() == 1);
  const auto upload = bench.rithum.uploads()[0];
  CHECK_THAT(upload,
             ContainsSubstring("\nA\t\t\t4006381333931\t\t\t\n") || ContainsSubstring("\nA\t\t4006381333931\t\t\t\t"));
  CHECK_THAT(upload, ContainsSubstring("\nB\tProduct B"));
  CHECK(bench.state("A") == "sent");
  CHECK(bench.entry("a").told == before.told);
  CHECK(bench.entry("a").content_hash == before.content_hash);

  // Until there is proof, both are on their way; then nothing is left.
  bench.reconcile();
  CHECK(bench.counts().on_their_way == 2);
  bench.show("A");
  bench.show("B");
  bench.rithum.uploads_end("Complete");
  bench.confirm();
  bench.clock.advance(1min);
  CHECK(bench.reconcile().state == store::RunState::succeeded);
  CHECK(bench.counts().equal == 3);
  CHECK(bench.full().counts.rows == 0);
}

TEST_CASE("the story of a repaired product tells what Rithum showed, and that nothing was read") {
  DriftBench bench;
  bench.policy = {.values = true, .columns = {}, .missing = true};
  bench.show("A", {{"UPC", "1"}});
  bench.rithum.remove("B");
  bench.repair();
  const auto steps_of_repair = [&](const std::string& sku) {
    std::vector<std::string> lines;
    const auto story = sync::tell_story("eu", sku, *bench.store);
    for (const auto& step : (*story)->steps) {
      if (step.run_id != bench.last_run.id) continue;
      auto line = fmt::format("{}: {}", sync::to_text(step.kind), step.text);
      for (const auto& change : step.changes) line += fmt::format(" {}: {} -> {}", change.key, change.before, change.after);
      if (step.kind != sync::StepKind::row && step.kind != sync::StepKind::delivery) lines.push_back(line);
    }
    return lines;
  };
  CHECK(steps_of_repair("A") == Lines{"decision: To be sent again: Rithum did not hold what it was told.",
                                      "plan: 1 value has changed. UPC: 1 -> 4006381333931"});
  CHECK(steps_of_repair("B") == Lines{"decision: To be sent again: Rithum did not hold what it was told.",
                                      "plan: Rithum is told of the whole product."});
}

TEST_CASE("a value that was cleared and is shown again is cleared again") {
  DriftBench bench;
  bench.policy.values = true;
  auto item = DriftBench::with_barcode("A");
  item.cross_references.clear();
  bench.source.put(item, bench.clock.now());
  bench.delta();
  bench.show("A", {{"UPC", ""}});
  bench.rithum.uploads_end("Complete");
  bench.confirm();
  bench.clock.advance(1min);
  bench.show("A");
  bench.repair();
  CHECK(bench.drift() == Lines{"different A UPC:  -> 4006381333931: sent"});
  CHECK_THAT(bench.rithum.uploads().back(), ContainsSubstring("_DELETE_"));
}

TEST_CASE("a repair sends no more products than it may") {
  DriftBench bench;
  bench.policy = {.values = true, .columns = {}, .missing = true};
  bench.show("A", {{"UPC", ""}});
  bench.show("B", {{"UPC", ""}});
  bench.rithum.remove("C");
  CHECK(bench.repair(1).state == store::RunState::partial);
  CHECK(bench.drift() == Lines{"different A UPC: 4006381333931 -> : sent",
                               "different B UPC: 4006381333931 -> : beyond_most", "missing C: beyond_most"});
  CHECK(bench.counts().left == 2);
  CHECK(bench.repair(0).counts.rows == 0);
}

TEST_CASE("what is on its way is no drift") {
  DriftBench bench({"WAITING", "UNPROVEN", "MEANWHILE", "OVERDUE"});
  bench.policy = {.values = true, .columns = {}, .missing = true};
  bench.send("UNPROVEN", "11");
  bench.destination.broken = true;
  bench.rithum.server.always("POST", "/v1/ProductUpload", {500, "down"});
  bench.send("WAITING", "11");
  // Told and proven while the products are read.
  bench.rithum.server.always("GET", "/v1/Products/$count", [&](const auto&) {
    const auto now = bench.clock.now() + 1s;
    const store::StateChange judged{"meanwhile", "MEANWHILE", "MEANWHILE", store::ProductState::parked, "x", "x"};
    static_cast<void>(bench.store->ledger().record("eu", "another", std::span(&judged, 1), now));
    return ScriptedHttpServer::Reply{200, "4"};
  });
  for (const auto* sku : {"MEANWHILE", "WAITING"}) bench.show(sku, {{"UPC", ""}});
  CHECK(bench.repair().state == store::RunState::succeeded);
  CHECK(bench.counts().on_their_way == 3);
  CHECK(bench.counts().equal == 1);
  CHECK(bench.drift().empty());

  bench.clock.advance(4h);  // nobody has shown it in time
  bench.reconcile();
  CHECK(bench.drift() == Lines{"different MEANWHILE UPC: 4006381333931 -> : not_in_order",
                               "different UNPROVEN Buy It Now Price: 11.00 -> 10.00: would_send",
                               "different UNPROVEN UPC:  -> 4006381333931: would_send"});
}

TEST_CASE("a parked product is reported and waits for its item, and what is not exported or was refused is not compared") {
  DriftBench bench({"PARKED", "OUT", "REFUSED"});
  bench.policy = {.values = true, .columns = {}, .missing = true};
  auto parked = DriftBench::with_barcode("PARKED");
  parked.fields["Description"] = std::string(200, 'x');
  bench.source.put(parked, bench.clock.now());
  auto out = DriftBench::with_barcode("OUT");
  out.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(out, bench.clock.now());
  bench.delta();
  bench.send("REFUSED", "11");
  bench.rithum.uploads_end("CompleteWithErrors", "Inventory Number\tError Message\nREFUSED\tNo\n");
  bench.confirm();
  bench.clock.advance(1min);
  for (const auto* sku : {"PARKED", "OUT", "REFUSED"}) bench.show(sku, {{"UPC", "1"}});
  CHECK(bench.repair().state == store::RunState::partial);
  CHECK(bench.drift() == Lines{"different PARKED UPC: 4006381333931 -> 1: not_in_order"});
}

TEST_CASE("an incomplete reading reports and repairs nothing") {
  DriftBench bench;
  bench.policy = {.values = true, .columns = {}, .missing = true};
  bench.rithum.remove("B");
  bench.rithum.server.always("GET", "/v1/Products/$count", {200, "3"});
  const auto run = bench.repair();
  CHECK(run.state == store::RunState::failed);
  CHECK(run.error_code == "rithum.incomplete");
  CHECK_FALSE(bench.report().completed);
  CHECK(bench.rithum.uploads().empty());
  CHECK(bench.store->outbox().list("eu", 10)->size() == 1);
}

TEST_CASE("a repair that could not be delivered yet is delivered later, and not sent twice") {
  DriftBench bench;
  bench.policy.missing = true;
  bench.rithum.remove("B");
  bench.destination.broken = true;
  bench.rithum.server.always("POST", "/v1/ProductUpload", {500, "down"});
  CHECK(bench.repair().state == store::RunState::failed);
  CHECK(bench.state("B") == "pending");
  CHECK(bench.repair().counts.rows == 0);
  bench.destination.broken = false;
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  CHECK(bench.delivered().size() == 2);
  CHECK(bench.state("B") == "sent");
}

TEST_CASE("thousands of products are compared page by page, whatever their order") {
  std::vector<std::string> skus;
  for (int i = 0; i < 1'700; ++i) skus.push_back(fmt::format("ITEM{:05}", i * 7919 % 1'700));
  DriftBench bench(skus);
  for (int i = 0; i < 1'700; i += 100) bench.rithum.remove(fmt::format("ITEM{:05}", i));
  bench.reconcile();
  CHECK(bench.counts().equal == 1'683);
  CHECK(bench.counts().missing == 17);
  CHECK(bench.drift()[16] == "missing ITEM01600: report_only");
}
