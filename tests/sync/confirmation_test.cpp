#include "sync/confirmation.hpp"

#include "base/digest.hpp"
#include "catch.hpp"
#include "rithum_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;

TEST_CASE("a small change goes through the interface, its outcome confirms it, and its product ID is fetched") {
  RithumBench bench;
  bench.begin();
  REQUIRE(bench.send("A").state == store::RunState::succeeded);
  REQUIRE(bench.rithum.uploads().size() == 1);
  CHECK_THAT(bench.rithum.uploads()[0], ContainsSubstring("\nA\tProduct A"));
  CHECK(bench.delivered().empty());
  CHECK(bench.state("A") == "sent");

  CHECK(bench.confirm().uploads_running == 1);
  CHECK(bench.state("A") == "sent");

  bench.rithum.put("a", 101, bench.values("A"));  // Rithum may spell it otherwise
  bench.rithum.uploads_end("Complete");
  bench.confirm();
  CHECK(bench.state("A") == "confirmed");
  CHECK(bench.entry("a").product_id == "101");
  CHECK(bench.delta().counts.rows == 0);
}

TEST_CASE("a refused row is rejected with its reason, and sent again when the item changes or on demand alone") {
  RithumBench bench;
  bench.begin();
  bench.source.put(exported_item("A"), bench.clock.now());
  bench.send("B");
  bench.rithum.uploads_end("CompleteWithErrors", "Inventory Number\tError Message\nB\tUnknown supplier code\n");
  bench.confirm();
  CHECK(bench.state("A") == "confirmed");
  CHECK(bench.state("B") == "rejected: Unknown supplier code");

  CHECK(bench.delta().counts.rows == 0);
  CHECK(bench.full().counts.rows == 0);
  SECTION("the item changes") {
    CHECK(bench.send("B", "12").counts.rows == 1);
    CHECK(bench.state("B") == "sent");
  }
  SECTION("the mapping changes") {
    bench.mapping.conditions.classifications = {{"ELEC", "Gadgets"}};
    bench.wire(sync::Delivery::Interface{bench.route, bench.removals});
    CHECK(bench.full().counts.rows == 2);
    CHECK(bench.state("B") == "sent");
    CHECK(bench.full().counts.rows == 0);
  }
  SECTION("on demand") {
    REQUIRE(bench.store->proofs().resend_rejected("eu", std::nullopt, bench.clock.now()) == 1);
    CHECK(bench.delta().counts.rows == 1);
    CHECK(bench.rithum.uploads().size() == 2);
    CHECK(bench.state("B") == "sent");
    bench.rithum.uploads_end("Complete");
    bench.confirm();
    CHECK(bench.state("B") == "confirmed");
  }
}

TEST_CASE("a value whose clearing was refused is cleared again by the next attempt, and one that is shown again is noticed") {
  RithumBench bench;
  bench.begin();
  auto item = exported_item("A");
  item.cross_references = {{"Barcode", "4006381333931", {}}};
  bench.source.put(item, bench.clock.now());
  bench.delta();
  bench.rithum.uploads_end("Complete");
  bench.confirm();
  bench.send("A");  // without the barcode
  CHECK_THAT(bench.rithum.uploads().back(), ContainsSubstring("_DELETE_"));
  SECTION("refused") {
    bench.rithum.uploads_end("CompleteWithErrors", "Inventory Number\tError Message\nA\tTry again\n");
    bench.confirm();
    REQUIRE(bench.state("A") == "rejected: Try again");
    REQUIRE(bench.store->proofs().resend_rejected("eu", std::nullopt, bench.clock.now()) == 1);
    CHECK(bench.delta().counts.rows == 1);
    CHECK(bench.rithum.uploads().size() == 3);
    CHECK_THAT(bench.rithum.uploads().back(), ContainsSubstring("_DELETE_"));
  }
  SECTION("shown all the same") {
    auto shown = bench.values("A");
    shown["UPC"] = "4006381333931";
    bench.rithum.put("A", 1, shown);
    bench.rithum.uploads_end("CompleteWithErrors");
    bench.confirm();
    bench.clock.advance(10min);
    bench.confirm();
    CHECK(bench.state("A") == "sent: Rithum shows UPC as \"4006381333931\" instead of \"\".");
  }
}

TEST_CASE("more changed products than the threshold go to the destination as one file, and so does every full sync") {
  RithumBench bench;
  bench.source.put(exported_item("A"));
  bench.begin();
  CHECK(bench.delivered().size() == 1);
  for (const auto* id : {"B", "C", "D", "E"}) bench.source.put(exported_item(id), bench.clock.now());
  bench.clock.advance(1s);
  CHECK(bench.delta().counts.rows == 4);
  CHECK(bench.delivered().size() == 2);
  CHECK(bench.rithum.uploads().empty());
}

TEST_CASE("a product whose file may still be uncollected goes by file again, until that is proven") {
  RithumBench bench;
  bench.source.put(exported_item("A"));
  bench.begin();
  bench.clock.advance(1s);
  bench.send("A", "11");
  CHECK(bench.delivered().size() == 2);
  CHECK(bench.rithum.uploads().empty());

  bench.rithum.put("A", 1, bench.values("A", "11"));
  bench.clock.advance(10min);
  bench.confirm();
  CHECK(bench.state("A") == "confirmed");
  bench.send("A", "12");
  CHECK(bench.rithum.uploads().size() == 1);
  CHECK(bench.delivered().size() == 2);
}

TEST_CASE("a file that the interface refuses goes to the destination") {
  RithumBench bench;
  bench.begin();
  bench.rithum.server.always("POST", "/v1/ProductUpload", {500, "<html>down</html>"});
  CHECK(bench.send("A").state == store::RunState::succeeded);
  CHECK(bench.delivered().size() == 1);
  CHECK(bench.state("A") == "sent");
}

TEST_CASE("what went by file is read back, not before its time, and compared value by value") {
  RithumBench bench;
  auto item = exported_item("A");
  item.attributes = {{"COLOR", "Red", "Red"}};
  bench.source.put(item);
  bench.source.put(exported_item("B"));
  bench.source.put(exported_item("C"));
  bench.begin();
  auto shown = bench.values("A", "10.0");
  shown["attribute:Color"] = "Red";
  bench.rithum.put("A", 1, shown);
  bench.rithum.put("B", 2, bench.values("B", "9.00"));
  CHECK(bench.confirm().read_back.read == 0);

  bench.clock.advance(10min);
  const auto counts = bench.confirm();
  CHECK(counts.read_back.confirmed == 1);
  CHECK(counts.read_back.different == 1);
  CHECK(bench.state("A") == "confirmed");
  CHECK(bench.entry("b").product_id == "2");
  CHECK(bench.state("B") == "sent: Rithum shows Buy It Now Price as \"9.00\" instead of \"10.00\".");
  CHECK(bench.state("C") == "sent");

  bench.clock.advance(4h);
  CHECK(bench.confirm().overdue == 2);
  CHECK(bench.state("C") == "overdue: Rithum has not shown this product since it was sent.");
  CHECK(bench.state("B") == "overdue: Rithum shows Buy It Now Price as \"9.00\" instead of \"10.00\".");

  bench.rithum.put("B", 2, bench.values("B"));
  for (int i = 0; i < 6; ++i) bench.confirm();
  CHECK(bench.state("B") == "confirmed");
}

TEST_CASE("many unproven products are proven by one reading of all") {
  RithumBench bench;
  for (int i = 0; i < 30; ++i) {
    const auto sku = "ITEM" + std::to_string(10 + i);
    bench.source.put(exported_item(sku));
    bench.rithum.put(sku, 1000 + i, bench.values(sku));
  }
  bench.begin();
  bench.clock.advance(10min);
  const auto counts = bench.confirm();
  CHECK(counts.read_back.confirmed == 30);
  CHECK(bench.rithum.server.requests("POST", "/v1/ProductExport").size() == 1);
  CHECK(bench.entry("item17").product_id == "1007");
}

TEST_CASE("an upload without a usable outcome is read back") {
  RithumBench bench;
  bench.begin();
  bench.send("A");
  bench.rithum.put("A", 7, bench.values("A"));
  SECTION("errors without names") { bench.rithum.uploads_end("CompleteWithErrors"); }
  SECTION("a result file of other columns") { bench.rithum.uploads_end("CompleteWithErrors", "x\ty\n1\t2\n"); }
  SECTION("the job is unknown to Rithum") {
    bench.rithum.server.always("GET", "/v1/ProductUpload", {404, R"({"Message":"No such job."})"});
  }
  SECTION("the job never ends") {
    CHECK(bench.confirm().uploads_running == 1);
    bench.clock.advance(4h);
  }
  bench.clock.advance(10min);
  CHECK(bench.confirm().uploads_running == 0);
  CHECK(bench.state("A") == "confirmed");
}

TEST_CASE("a failed upload rejects its rows") {
  RithumBench bench;
  bench.begin();
  bench.send("A");
  bench.rithum.uploads_end("FailedValidation");
  bench.confirm();
  CHECK(bench.state("A") == "rejected: Rithum ended the upload as FailedValidation.");
}

TEST_CASE("reading everything learns every ID, and finds IDs that changed and products that vanished") {
  RithumBench bench;
  for (const auto* sku : {"A", "B", "C"}) {
    bench.source.put(exported_item(sku));
    bench.rithum.put(sku, 1, bench.values(sku));
  }
  bench.begin();
  bench.confirm(true);
  CHECK(bench.entry("b").product_id == "1");

  bench.rithum.put("A", 2, bench.values("A"));
  bench.rithum.remove("B");
  const auto counts = bench.confirm(true);
  CHECK(counts.read_back.vanished == 1);
  CHECK(bench.entry("a").product_id == "2");
  CHECK(bench.state("A") == "confirmed");
  CHECK(bench.state("B") == "overdue: Rithum no longer has this product, whose ID was 1.");
  CHECK(bench.state("C") == "confirmed");
}

TEST_CASE("when far too many products seem to have vanished, nothing is believed") {
  RithumBench bench;
  for (int i = 0; i < 20; ++i) {
    const auto sku = "ITEM" + std::to_string(10 + i);
    bench.source.put(exported_item(sku));
    bench.rithum.put(sku, i + 1, bench.values(sku));
  }
  bench.begin();
  bench.confirm(true);
  for (int i = 0; i < 15; ++i) bench.rithum.remove("ITEM" + std::to_string(10 + i));
  CHECK(bench.confirm(true).read_back.vanished == 15);
  CHECK(bench.state("ITEM10") == "confirmed");
  CHECK(bench.entry("item10").product_id == "1");
}

TEST_CASE("a job waits for the outcome of what it sent, as long as it may") {
  RithumBench bench;
  bench.begin();
  bench.send("A");
  bench.rithum.put("A", 7, bench.values("A"));
  bench.rithum.uploads_end("Complete");
  REQUIRE(bench.confirmation.wait_for_proof(60s, {}));
  CHECK(bench.state("A") == "confirmed");
}

TEST_CASE("what a row drops from a list is taken off in Rithum before the row goes") {
  RithumBench bench;
  bench.begin();
  const auto told = [&](const std::string& components, const std::string& pictures) {
    auto& outbox = bench.store->outbox();
    const auto file = outbox.open("eu", "run", bench.clock.now()).value();
    catalog::ToldValues values{{"Bundle Components", components}, {"Picture URLs", pictures}};
    const std::vector rows{store::StagedRow{"kit", "KIT", "KIT", components, std::move(values), bench.clock.now()}};
    REQUIRE(outbox.stage(file, rows));
    const auto path = bench.results / "kit.txt";
    const std::string text = "Inventory Number\nKIT\n";
    write_file(path, text);
    REQUIRE(outbox.seal(file, {"kit.txt", path, 1, text.size(), to_hex(sha256(text))}, {}, bench.clock.now()));
    return bench.delivery->drain(file, {});
  };
  bench.rithum.put("KIT", 1, {});
  bench.rithum.put("A", 2, {});
  auto& server = bench.rithum.server;
  server.always("DELETE", "/v1/Products(1)/BundleComponents(2)", {204, ""});
  server.always("DELETE", "/v1/Products(1)/Images('ITEMIMAGEURL2')", {204, ""});
  REQUIRE(told("A=1,B=2,C=1", "ITEMIMAGEURL1=http://x/1, ITEMIMAGEURL2=http://x/2"));
  CHECK(server.requests("DELETE", "/v1/Products(1)/BundleComponents(2)").empty());

  SECTION("done") {
    // B is not in Rithum.
    REQUIRE(told("c=4", "ITEMIMAGEURL1=http://x/3"));
    CHECK(server.requests("DELETE", "/v1/Products(1)/BundleComponents(2)").size() == 1);
    CHECK(server.requests("DELETE", "/v1/Products(1)/Images('ITEMIMAGEURL2')").size() == 1);
  }
  SECTION("refused: the row goes all the same") {
    server.always("DELETE", "/v1/Products(1)/BundleComponents(2)", {400, R"({"Message":"The bundle is listed."})"});
    REQUIRE(told("C=1", ""));
    CHECK(bench.rithum.uploads().size() == 2);
    CHECK(bench.entry("kit").reason_code == "removal.refused");
    CHECK_THAT(bench.entry("kit").reason, ContainsSubstring("component A could not be taken off product KIT") &&
                                              ContainsSubstring("The bundle is listed."));
  }
  SECTION("a passing fault: the row waits") {
    server.always("DELETE", "/v1/Products(1)/BundleComponents(2)", {503, ""});
    CHECK(told("C=1", "").error().code == "rithum.server_error");
    CHECK(bench.rithum.uploads().size() == 1);
  }
}
