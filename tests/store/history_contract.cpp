// What every store promises of the history (store/history.hpp).

#include <fmt/format.h>

#include "store/states.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

/// SKUs, their keys and the inventory IDs of this site are all lower case, so that one word serves for all three.
struct HistoryBench : StoreBench {
  using StoreBench::StoreBench;

  [[nodiscard]] static StagedRow row_of(const std::string& sku, const std::string& hash, Instant read_at) {
    auto made = row(sku, hash, read_at);
    made.sku_key = sku;
    made.inventory_id = sku;
    return made;
  }
  FileId seal(const std::string& sku, const std::string& hash, const std::string& run = "run") {
    return seal_rows(store(), {row_of(sku, hash, now())}, run, {}, now());
  }
  FileId send(const std::string& sku, const std::string& hash, const Receipt& receipt = {}) {
    const auto file = seal(sku, hash);
    must(store().outbox().delivered(file, receipt, now()));
    return file;
  }
  void judge(const std::string& sku, ProductState state, const std::string& code, const std::string& run) {
    must(store().ledger().record(
        "main", run, std::vector{StateChange{sku, sku, sku, state, code, "because of " + code}}, now()));
  }
  void find(const std::string& sku, bool confirmed, const std::string& id) {
    const auto sent_at = must(store().ledger().find("main", sku))->sent_at.value();
    const Finding finding{sku, sent_at, confirmed, confirmed ? "" : "confirmation.different", confirmed ? "" : "Another title.", id};
    must(store().proofs().record("main", std::vector{finding}, now()));
  }
  ProductHistory history(const std::string& sku) { return must(store().history().of("main", sku)); }

  /// One word a line: the kind, and what of it matters.
  std::vector<std::string> story(const std::string& sku) {
    std::vector<std::string> lines;
    for (const auto& event : history(sku).events) {
      auto line = std::string(to_text(event.kind));
      for (const auto& part : {event.value, event.code}) {
        if (!part.empty()) line.append(" ").append(part);
      }
      if (event.times > 1) line += fmt::format(" x{}", event.times);
      lines.push_back(std::move(line));
    }
    return lines;
  }
};

HistoryBench history_bench() { return HistoryBench(GENERATE(from_range(store_kinds()))); }

using Story = std::vector<std::string>;

}  // namespace

TEST_CASE("the history of a product goes from its first row to the product ID in Acumatica") {
  auto bench = history_bench();
  const auto sealed_at = bench.now();
  const auto file = bench.seal("mug", "h1", "run 1");
  CHECK(bench.story("mug") == Story{"row"});  // while it waits
  bench.clock().advance(1min);
  must(bench->outbox().delivered(file, Receipt{Route::transfer, {}, "sftp://host/in"}, bench.now()));
  bench.clock().advance(1min);
  bench.find("mug", true, "101");
  bench.clock().advance(1min);
  must(bench->proofs().written("main", must(bench->proofs().product_ids("main", "", 10)), bench.now()));
  CHECK(bench.story("mug") == Story{"row", "state confirmed", "product_id 101", "written_id 101"});

  const auto history = bench.history("mug");
  const auto& row = history.events[0];
  CHECK(row.at == sealed_at);
  CHECK(row.read_at == sealed_at);
  CHECK(row.run_id == "run 1");
  CHECK(row.file == file);
  CHECK(row.plan.whole);
  CHECK(history.events[1].at == sealed_at + 2min);
  CHECK(history.events[1].run_id == "run 1");
  CHECK(history.events[1].file == file);
  CHECK(history.events[2].at == sealed_at + 2min);
  CHECK(history.events[3].at == sealed_at + 3min);
  REQUIRE(history.files.contains(file));
  const auto& told = history.files.at(file);
  CHECK(told.file.sealed == sealed_at);
  REQUIRE(told.events.size() == 1);
  CHECK(told.events[0].kind == FileEventKind::delivered);
  CHECK(told.events[0].at == sealed_at + 1min);
  CHECK(told.events[0].text == "sftp://host/in");
}

TEST_CASE("a row keeps what it changes, whatever the values hold") {
  auto bench = history_bench();
  auto row = HistoryBench::row_of("mug", "h1", bench.now());
  row.plan = {.whole = false, .changes = {{"Title", "a \"b\"\\", "Bügel\t🙂"}, {"UPC", "1", ""}}, .more = 7};
  const auto file = seal_rows(bench.store(), {row});
  const auto expect = [&] {
    const auto plan = bench.history("mug").events.at(0).plan;
    CHECK_FALSE(plan.whole);
    REQUIRE(plan.changes.size() == 2);
    CHECK(plan.changes[0].key == "Title");
    CHECK(plan.changes[0].before == "a \"b\"\\");
    CHECK(plan.changes[0].after == "Bügel\t🙂");
    CHECK(plan.changes[1].after.empty());
    CHECK(plan.more == 7);
  };
  expect();
  must(bench->outbox().delivered(file, bench.now()));
  expect();
}

TEST_CASE("the same fact told again is one event") {
  auto bench = history_bench();
  bench.judge("mug", ProductState::parked, "value.missing", "run 1");
  bench.judge("mug", ProductState::parked, "value.missing", "run 2");
  CHECK(bench.story("mug") == Story{"state parked value.missing"});
  CHECK(bench.history("mug").events[0].run_id == "run 1");

  bench.judge("mug", ProductState::parked, "value.too_long", "run 3");
  const auto file = bench.send("mug", "h1");
  bench.find("mug", true, "7");
  bench.find("mug", true, "7");
  must(bench->outbox().deliver_again(std::vector{file}, false, bench.now()));
  must(bench->outbox().delivered(file, bench.now()));
  const auto ids = must(bench->proofs().product_ids("main", "", 10));
  must(bench->proofs().written("main", ids, bench.now()));
  must(bench->proofs().written("main", ids, bench.now()));
  CHECK(bench.story("mug") == Story{"state parked value.missing", "state parked value.too_long", "row",
                                    "state confirmed", "product_id 7", "written_id 7"});
  std::vector<FileEventKind> kinds;
  const auto history = bench.history("mug");
  for (const auto& event : history.files.at(file).events) kinds.push_back(event.kind);
  CHECK(kinds == std::vector{FileEventKind::delivered, FileEventKind::again, FileEventKind::delivered});
}

TEST_CASE("what Rithum refuses, shows differently, never shows or no longer has is told with its reason") {
  auto bench = history_bench();
  const auto file = bench.send("mug", "h1", {Route::api, "token", "Rithum's interface"});
  must(bench->proofs().settle(file, std::vector{RefusedRow{"mug", "Unknown supplier"}}, OtherRows::confirmed, "", bench.now()));
  CHECK(bench.history("mug").events.back().text == "Unknown supplier");
  must(bench->proofs().resend_rejected("main", "mug", bench.now()));
  CHECK(bench.story("mug") ==
        Story{"row", "state rejected rithum.row_refused", "retry rejected.again"});

  bench.send("cup", "h1");
  bench.find("cup", false, "8");
  must(bench->proofs().give_up_waiting("main", bench.now() + 1s, bench.now()));
  bench.find("cup", true, "8");
  const auto id = must(bench->proofs().product_ids("main", "", 10)).at(0);
  must(bench->proofs().vanished("main", id, bench.now()));
  CHECK(bench.story("cup") == Story{"row", "state sent confirmation.different", "product_id 8",
                                    "state overdue confirmation.different", "state confirmed",
                                    "state overdue confirmation.vanished", "product_id"});
}

TEST_CASE("looks that found nothing to do are one event, until something else happens") {
  auto bench = history_bench();
  bench.send("mug", "h1");
  const std::vector<std::string> keys{"mug"};
  const auto look = [&](const std::string& run) {
    must(bench->ledger().record("main", run, {}, keys, bench.now()));
    bench.clock().advance(1min);
  };
  const auto first = bench.now();
  look("run 2");
  look("run 3");
  CHECK(bench.story("mug") == Story{"row", "unchanged x2"});
  const auto event = bench.history("mug").events.back();
  CHECK(event.at == first);
  CHECK(event.until == first + 1min);
  CHECK(event.run_id == "run 3");
  bench.send("mug", "h2");
  look("run 5");
  CHECK(bench.story("mug") == Story{"row", "unchanged x2", "row", "unchanged"});
}

TEST_CASE("a file that fails alike again and again is one event, and each new fault another") {
  auto bench = history_bench();
  const auto start = bench.now();
  const auto file = bench.seal("mug", "h1");
  const auto fault = [&](const std::string& code) {
    must(bench->outbox().failed(file, {code, "It did not work.", "", Retry::later, {}}, bench.now(), bench.now()));
    bench.clock().advance(1min);
  };
  fault("sftp.refused");
  fault("sftp.refused");
  fault("sftp.disk_full");
  must(bench->outbox().drop(file, bench.now()));
  const auto events = bench.history("mug").files.at(file).events;
  REQUIRE(events.size() == 3);
  CHECK(events[0].code == "sftp.refused");
  CHECK(events[0].times == 2);
  CHECK(events[0].at == start);
  CHECK(events[0].until == start + 1min);
  CHECK(events[1].code == "sftp.disk_full");
  CHECK(events[2].kind == FileEventKind::dropped);
  CHECK(bench.story("mug") == Story{"row", "retry delivery.dropped"});
  CHECK(bench.history("mug").retry->code == "delivery.dropped");
}

TEST_CASE("an item that cannot be read has a history, though the ledger does not know it") {
  auto bench = history_bench();
  must(bench->retries().put("main", "run 1", std::vector<RetryEntry>{{"Mug ", "http.timeout", "No answer.", 1, bench.now() + 1h}}, bench.now()));
  CHECK(bench.story("mug") == Story{"retry http.timeout"});
  const auto history = bench.history("mug");
  CHECK(history.events[0].at == bench.now());
  CHECK(history.events[0].run_id == "run 1");
  CHECK(history.retry->next_attempt == bench.now() + 1h);
  CHECK(bench.history("cup").empty());
}

TEST_CASE("notifications that named the item are told, with the run that carried them on") {
  auto bench = history_bench();
  const auto put = [&](const std::string& id, const std::vector<std::string>& keys) {
    return must(bench->inbox().put(notification(id, keys))).sequence;
  };
  const auto first = put("n1", {"MUG", "CUP"});
  const auto second = put("n2", {"mug"});
  put("n3", {"PLATE"});
  CHECK(put("n1", {"MUG", "CUP"}) == first);  // Acumatica repeats itself
  must(bench->inbox().complete("main", "run 1", std::vector{first}));

  auto mentions = bench.history("mug").mentions;
  REQUIRE(mentions.size() == 2);
  CHECK(mentions[0].id == "n1");
  CHECK(mentions[0].query == "Stock items");
  CHECK(mentions[0].run_id == "run 1");
  CHECK_FALSE(mentions[0].pending);
  CHECK(mentions[1].id == "n2");
  CHECK(mentions[1].pending);
  CHECK(bench.history("cup").mentions.size() == 1);
  CHECK(must(bench->history().of("other", "mug")).empty());

  // Carried on by a file: the outbox and the inbox are two databases.
  seal_rows(bench.store(), {HistoryBench::row_of("mug", "h1", bench.now())}, "run 2", {{second}, {}}, bench.now());
  mentions = bench.history("mug").mentions;
  CHECK(mentions[1].run_id == "run 2");

  must(bench->inbox().forget_completed(notification("x").received + 1s));
  CHECK(bench.history("mug").mentions.empty());
}

TEST_CASE("a long history is cut by age and by number, the oldest first") {
  auto bench = history_bench();
  for (int i = 0; i < 10; ++i) {
    bench.judge("mug", ProductState::parked, fmt::format("mug.{}", i), "run");
    bench.judge("cup", ProductState::parked, fmt::format("cup.{}", i), "run");
    bench.clock().advance(1h);
  }
  bench.judge("plate", ProductState::parked, "plate.0", "run");
  CHECK(must(bench->history().forget(bench.now() - 8h, 5)) == 4 + 6);
  CHECK(bench.story("mug") == Story{"state parked mug.5", "state parked mug.6", "state parked mug.7",
                                    "state parked mug.8", "state parked mug.9"});
  CHECK(bench.story("cup").size() == 5);
  CHECK(bench.story("plate").size() == 1);
  CHECK(must(bench->history().forget(bench.now() - 8h, 5)) == 0);
  CHECK(must(bench->history().forget(bench.now() + 1h, 5)) == 11);
  CHECK(bench.history("plate").empty());
}

TEST_CASE("sites have histories of their own") {
  auto bench = history_bench();
  bench.judge("mug", ProductState::parked, "value.missing", "run 1");
  CHECK(must(bench->history().of("other", "mug")).empty());
}
