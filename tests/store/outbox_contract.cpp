// What every store promises of its outbox (store/outbox.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

LedgerEntry entry(Store& store, const std::string& sku) {
  auto found = must(store.ledger().find("main", "key:" + sku));
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("a file is deliverable when it is sealed, and not before") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = must(bench->outbox().open("main", "run 1", bench.now()));
  must(bench->outbox().stage(file, std::vector{row("A", "h1", bench.now())}));
  CHECK_FALSE(must(bench->outbox().next("main")));
  CHECK_FALSE(must(bench->ledger().find("main", "key:A")));

  must(bench->outbox().seal(file, sealed_file("f.txt", 1), {}, bench.now() + 1s));
  bench.reopen();
  const auto next = must(bench->outbox().next("main"));
  REQUIRE(next);
  CHECK(next->id == file);
  CHECK(next->run_id == "run 1");
  CHECK(next->state == FileState::sealed);
  CHECK(next->file.name == "f.txt");
  CHECK(next->file.path == "/data/outbox/f.txt");
  CHECK(next->file.rows == 1);
  CHECK(next->file.bytes == 1'234);
  CHECK(next->file.sha256 == "0123abcd");
  CHECK(next->created == bench.now());
  CHECK(next->attempts == 0);
  CHECK_FALSE(must(bench->outbox().next("other")));
}

TEST_CASE("sealing makes the products pending and leaves what was told as it was") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  must(bench->ledger().record("main", "x", std::vector{judged("B", ProductState::parked, "c", "r")}, bench.now()));
  seal_rows(bench.store(), {row("A", "h2", bench.now()), row("B", "h3", bench.now())}, "run 2", {}, bench.now() + 1h);
  const auto a = entry(bench.store(), "A");
  CHECK(a.state == ProductState::pending);
  CHECK(a.content_hash == "h1");
  CHECK(a.told.at("Title") == "title of h1");
  CHECK(a.changed_at == bench.now() + 1h);
  CHECK(a.run_id == "run 2");
  const auto b = entry(bench.store(), "B");
  CHECK(b.state == ProductState::pending);
  CHECK(b.reason.empty());
  CHECK(b.reason_code.empty());
  CHECK(b.told.empty());
  CHECK_FALSE(b.read_at);
}

TEST_CASE("delivering puts the rows into the ledger as sent") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = seal_rows(bench.store(), {row("A", "h1", bench.now()), row("B", "h2", bench.now())}, "run 1");
  const auto applied = must(bench->outbox().delivered(file, bench.now() + 1h));
  CHECK(applied.rows == 2);
  CHECK(applied.overtaken.empty());
  bench.reopen();
  const auto a = entry(bench.store(), "A");
  CHECK(a.sku == "A");
  CHECK(a.inventory_id == "id:A");
  CHECK(a.state == ProductState::sent);
  CHECK(a.content_hash == "h1");
  CHECK(a.told == catalog::ToldValues{{"Title", "title of h1"}});
  CHECK(a.read_at == bench.now());
  CHECK(a.sent_at == bench.now() + 1h);
  CHECK(a.changed_at == bench.now() + 1h);
  CHECK(a.run_id == "run 1");
  CHECK_FALSE(must(bench->outbox().next("main")));
  const auto files = must(bench->outbox().list("main", 10));
  REQUIRE(files.size() == 1);
  CHECK(files[0].state == FileState::delivered);
  CHECK(files[0].delivered == bench.now() + 1h);
}

TEST_CASE("a SKU staged twice in one file keeps the later row, in one page or in two") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(file, std::vector{row("A", "h1", bench.now()), row("A", "h2", bench.now())}));
  must(bench->outbox().stage(file, std::vector{row("B", "h3", bench.now()), row("A", "h4", bench.now() + 1s)}));
  must(bench->outbox().seal(file, sealed_file(), {}, bench.now()));
  CHECK(must(bench->outbox().delivered(file, bench.now())).rows == 2);
  CHECK(entry(bench.store(), "A").content_hash == "h4");
  CHECK(entry(bench.store(), "A").told.at("Title") == "title of h4");
  CHECK(entry(bench.store(), "A").read_at == bench.now() + 1s);
}

TEST_CASE("a delivery that replaces told content leaves nothing of the old") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  for (const auto* hash : {"h1", "h2", "h3"}) {
    const auto told = catalog::ToldValues{{"Title", hash}, {std::string("only ") + hash, "x"}};
    must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", hash, bench.now(), told)}), bench.now()));
  }
  CHECK(entry(bench.store(), "A").told == catalog::ToldValues{{"Title", "h3"}, {"only h3", "x"}});
}

TEST_CASE("what a run consumed is done with the sealing, and not before") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = must(bench->inbox().put(notification("1"))).sequence;
  const auto second = must(bench->inbox().put(notification("2"))).sequence;
  must(bench->retries().put("main", "run", std::vector<RetryEntry>{{"id:A", "c", "m", 0, {}}, {"id:B", "c", "m", 0, {}}}, bench.now()));
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(file, std::vector{row("A", "h1", bench.now())}));
  CHECK(pending(bench.store()) == std::vector{first, second});
  must(bench->outbox().seal(file, sealed_file(), {{first}, {"id:A"}}, bench.now()));
  CHECK(pending(bench.store()) == std::vector{second});
  CHECK(must(bench->inbox().stats("main")).pending == 1);
  const auto retries = must(bench->retries().list("main", 10));
  REQUIRE(retries.size() == 1);
  CHECK(retries[0].inventory_id == "id:B");
}

TEST_CASE("sealing consumes nothing of another site") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto other = must(bench->inbox().put(notification("1", {}, "other"))).sequence;
  must(bench->retries().put("other", "run", std::vector<RetryEntry>{{"id:A", "c", "m", 0, {}}}, bench.now()));
  seal_rows(bench.store(), {row("A", "h1", bench.now())}, "run", {{other}, {"id:A"}});
  CHECK(pending(bench.store(), "other") == std::vector{other});
  CHECK(must(bench->retries().list("other", 10)).size() == 1);
}

TEST_CASE("a discarded file and its rows are gone") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(file, std::vector{row("A", "h1", bench.now())}));
  must(bench->outbox().discard(file));
  CHECK(must(bench->ledger().known("main", std::vector<std::string>{"key:A"}, file)).empty());
  CHECK(must(bench->outbox().list("main", 10)).empty());
  CHECK(error_of(bench->outbox().stage(file, std::vector{row("A", "h1", bench.now())})) == "outbox.not_found");
  CHECK(must(bench->outbox().open("main", "run", bench.now())) > file);
}

TEST_CASE("files are delivered in the order of their ids, whichever was sealed first") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = must(bench->outbox().open("main", "run", bench.now()));
  const auto second = seal_rows(bench.store(), {row("A", "h", bench.now())});
  CHECK(must(bench->outbox().next("main"))->id == second);
  must(bench->outbox().seal(first, sealed_file(), {}, bench.now()));
  CHECK(must(bench->outbox().next("main"))->id == first);
  must(bench->outbox().delivered(first, bench.now()));
  CHECK(must(bench->outbox().next("main"))->id == second);
}

TEST_CASE("a failed delivery is counted with its error, and the file stays the next") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = seal_rows(bench.store(), {row("A", "h", bench.now())});
  const Error refused{"sftp.refused", "the server refused", "look there", Retry::later, {}};
  must(bench->outbox().failed(file, refused, bench.now() + 1min, bench.now()));
  must(bench->outbox().failed(file, refused, bench.now() + 2min, bench.now()));
  const auto next = must(bench->outbox().next("main"));
  REQUIRE(next);
  CHECK(next->attempts == 2);
  CHECK(next->next_attempt == bench.now() + 2min);
  CHECK_THAT(next->last_error, ContainsSubstring("the server refused"));
  must(bench->outbox().delivered(file, bench.now()));
  CHECK(must(bench->outbox().list("main", 1))[0].last_error.empty());
}

TEST_CASE("a step that the state of the file does not allow is refused and named") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto writing = must(bench->outbox().open("main", "run", bench.now()));
  const auto sealed = seal_rows(bench.store(), {row("A", "h", bench.now())});
  const auto rows = std::vector{row("B", "h", bench.now())};
  const Error error{"c", "m", "", Retry::later, {}};
  CHECK(error_of(bench->outbox().delivered(writing, bench.now())) == "outbox.not_sealed");
  CHECK(error_of(bench->outbox().failed(writing, error, bench.now(), bench.now())) == "outbox.not_sealed");
  CHECK(error_of(bench->outbox().stage(sealed, rows)) == "outbox.not_writing");
  CHECK(error_of(bench->outbox().seal(sealed, sealed_file(), {}, bench.now())) == "outbox.not_writing");
  CHECK(error_of(bench->outbox().discard(sealed)) == "outbox.not_writing");
  must(bench->outbox().delivered(sealed, bench.now()));
  CHECK(error_of(bench->outbox().delivered(sealed, bench.now())) == "outbox.not_sealed");
  CHECK(error_of(bench->outbox().delivered(999, bench.now())) == "outbox.not_found");
}

TEST_CASE("a row older than what Rithum was told is recorded, and its item goes on the retry list, due at once") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto slow = must(bench->outbox().open("main", "full", bench.now()));
  must(bench->outbox().stage(slow, std::vector{row("A", "old", bench.now()), row("B", "only", bench.now())}));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "new", bench.now() + 1s)}, "push"),
                                 bench.now() + 2s));
  must(bench->outbox().seal(slow, sealed_file(), {}, bench.now() + 3s));
  const auto applied = must(bench->outbox().delivered(slow, bench.now() + 4s));
  CHECK(applied.rows == 2);
  CHECK(applied.overtaken == std::vector<std::string>{"id:A"});
  CHECK(entry(bench.store(), "A").content_hash == "old");
  CHECK(entry(bench.store(), "A").told.at("Title") == "title of old");
  CHECK(entry(bench.store(), "A").read_at == bench.now());
  const auto due = must(bench->retries().due("main", bench.now() + 4s, 10));
  REQUIRE(due.size() == 1);
  CHECK(due[0].inventory_id == "id:A");
  CHECK(due[0].attempts == 0);
}

TEST_CASE("a row read at the same moment as the one before overtakes nothing") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  const auto applied =
      must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h2", bench.now())}), bench.now()));
  CHECK(applied.overtaken.empty());
}

TEST_CASE("a product stays pending while a later file has a row for it") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = seal_rows(bench.store(), {row("A", "h1", bench.now())});
  const auto second = seal_rows(bench.store(), {row("A", "h2", bench.now())});
  must(bench->outbox().delivered(first, bench.now()));
  CHECK(entry(bench.store(), "A").state == ProductState::pending);
  CHECK(entry(bench.store(), "A").content_hash == "h1");
  must(bench->outbox().delivered(second, bench.now()));
  CHECK(entry(bench.store(), "A").state == ProductState::sent);
  CHECK(entry(bench.store(), "A").content_hash == "h2");
}

TEST_CASE("a judgement made after the sealing outlives the delivery of the row") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = seal_rows(bench.store(), {row("A", "h1", bench.now())});
  must(bench->ledger().record("main", "run 2", std::vector{judged("A", ProductState::parked, "c", "r")}, bench.now()));
  must(bench->outbox().delivered(file, bench.now()));
  const auto a = entry(bench.store(), "A");
  CHECK(a.state == ProductState::parked);
  CHECK(a.reason == "r");
  CHECK(a.content_hash == "h1");
  CHECK(a.sent_at == bench.now());
}

TEST_CASE("a file without rows can be sealed for what it consumed, and delivered") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto sequence = must(bench->inbox().put(notification("1"))).sequence;
  const auto file = seal_rows(bench.store(), {}, "run", {{sequence}, {}});
  CHECK(pending(bench.store()).empty());
  CHECK(must(bench->outbox().delivered(file, bench.now())).rows == 0);
}

TEST_CASE("a file larger than one slice of the work is delivered whole") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  constexpr int kRows = 45'000;
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  for (int first = 0; first < kRows; first += 2'500) {
    std::vector<StagedRow> page;
    for (int i = first; i < first + 2'500; ++i) page.push_back(row(std::to_string(i), "h", bench.now()));
    must(bench->outbox().stage(file, page));
  }
  must(bench->outbox().seal(file, sealed_file("f", kRows), {}, bench.now()));
  CHECK(must(bench->outbox().delivered(file, bench.now())).rows == kRows);
  CHECK(must(bench->ledger().counts("main")) == std::map<ProductState, std::uint64_t>{{ProductState::sent, kRows}});
}

TEST_CASE("the list of files is newest first, per site") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = seal_rows(bench.store(), {row("A", "h", bench.now())});
  const auto second = seal_rows(bench.store(), {row("A", "h", bench.now())});
  must(bench->outbox().open("other", "run", bench.now()));
  const auto files = must(bench->outbox().list("main", 10));
  REQUIRE(files.size() == 2);
  CHECK(files[0].id == second);
  CHECK(files[1].id == first);
  CHECK(must(bench->outbox().list("main", 1)).size() == 1);
}

TEST_CASE("a dropped file puts its items on the retry list, and its products are what Rithum was told before") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  const auto lost = seal_rows(bench.store(), {row("A", "h2", bench.now()), row("NEW", "h3", bench.now())}, "run 2");
  CHECK(must(bench->outbox().drop(lost, bench.now() + 1h)) == 2);

  CHECK_FALSE(must(bench->outbox().next("main")));
  CHECK(must(bench->outbox().find(lost))->state == FileState::dropped);
  CHECK(entry(bench.store(), "A").state == ProductState::sent);
  CHECK(entry(bench.store(), "A").content_hash == "h1");
  CHECK(entry(bench.store(), "A").told.at("Title") == "title of h1");
  CHECK(entry(bench.store(), "NEW").state == ProductState::pending);
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:A", "key:NEW"}, std::nullopt));
  CHECK(known.at("key:A").content_hash == "h1");
  CHECK(known.at("key:NEW").content_hash.empty());
  const auto due = must(bench->retries().due("main", bench.now() + 1h, 10));
  REQUIRE(due.size() == 2);
  CHECK(due[0].inventory_id == "id:A");
  CHECK(due[0].code == "delivery.dropped");
  CHECK(due[1].inventory_id == "id:NEW");
  CHECK(error_of(bench->outbox().drop(lost, bench.now())) == "outbox.not_sealed");
  CHECK(error_of(bench->outbox().delivered(lost, bench.now())) == "outbox.not_sealed");
}

TEST_CASE("a dropped file leaves alone what a later file will tell, and what was judged since") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(
      seal_rows(bench.store(), {row("A", "h1", bench.now()), row("B", "h1", bench.now())}), bench.now()));
  const auto lost = seal_rows(bench.store(), {row("A", "h2", bench.now()), row("B", "h2", bench.now())});
  const auto later = seal_rows(bench.store(), {row("A", "h3", bench.now())});
  must(bench->ledger().record("main", "run", std::vector{judged("B", ProductState::parked, "c", "r")}, bench.now()));
  must(bench->outbox().drop(lost, bench.now()));
  CHECK(entry(bench.store(), "A").state == ProductState::pending);
  CHECK(entry(bench.store(), "B").state == ProductState::parked);
  must(bench->outbox().delivered(later, bench.now()));
  CHECK(entry(bench.store(), "A").content_hash == "h3");
}

TEST_CASE("only a file that waits can be dropped, and only one that was delivered is delivered again") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto writing = must(bench->outbox().open("main", "run", bench.now()));
  const auto sealed = seal_rows(bench.store(), {row("A", "h", bench.now())});
  CHECK(error_of(bench->outbox().drop(writing, bench.now())) == "outbox.not_sealed");
  CHECK(error_of(bench->outbox().drop(999, bench.now())) == "outbox.not_found");
  CHECK(error_of(bench->outbox().deliver_again(std::vector{sealed}, false, bench.now())) == "outbox.not_delivered");
  must(bench->outbox().delivered(sealed, bench.now()));
  CHECK(error_of(bench->outbox().drop(sealed, bench.now())) == "outbox.not_sealed");
  CHECK_FALSE(must(bench->outbox().find(999)));
}

TEST_CASE("a file that is delivered again is the next, before those that wait, and changes nothing in the ledger") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = seal_rows(bench.store(), {row("A", "h1", bench.now())}, "run 1");
  must(bench->outbox().delivered(first, bench.now()));
  const auto waiting = seal_rows(bench.store(), {row("A", "h2", bench.now())}, "run 2");
  must(bench->outbox().deliver_again(std::vector{first}, false, bench.now()));
  CHECK(must(bench->outbox().next("main"))->id == first);
  CHECK(must(bench->outbox().delivered(first, bench.now() + 1h)).rows == 0);
  CHECK(entry(bench.store(), "A").content_hash == "h1");
  CHECK(entry(bench.store(), "A").state == ProductState::pending);
  CHECK(must(bench->outbox().next("main"))->id == waiting);
}

TEST_CASE("delivering an old file again can make the ledger forget what newer files told") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto old = seal_rows(bench.store(), {row("A", "h1", bench.now()), row("B", "h1", bench.now())});
  must(bench->outbox().delivered(old, bench.now()));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h2", bench.now())}), bench.now() + 1h));
  must(bench->outbox().deliver_again(std::vector{old}, true, bench.now()));
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:A", "key:B"}, std::nullopt));
  CHECK(known.at("key:A").content_hash.empty());
  CHECK(known.at("key:B").content_hash == "h1");
}

namespace {

StagedRow row_of(std::string sku, catalog::ProductKind kind, std::string parent = {}) {
  auto made = row(sku, "h:" + sku, Instant{});
  made.kind = kind;
  made.parent = std::move(parent);
  made.line_at = sku.size();
  made.line_bytes = 7;
  return made;
}

/// Names of the SKUs that are pending or sent, by the file that carries them.
std::vector<std::string> skus_sent(Store& store) {
  std::vector<std::string> skus;
  for (const auto& one : must(store.ledger().list("main", {}))) {
    if (one.state == ProductState::sent) skus.push_back(one.sku);
  }
  return skus;
}

}  // namespace

TEST_CASE("lines are found by the kind of their products, in the order of staging") {
  using catalog::ProductKind;
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(file, std::vector{row_of("KIT", ProductKind::kit), row_of("B", ProductKind::item),
                                               row_of("PARENT", ProductKind::parent), row_of("AA", ProductKind::item)}));
  const auto lines = must(bench->outbox().lines(file, ProductKind::item, 0, 10));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at == 1);
  CHECK(lines[0].bytes == 7);
  CHECK(lines[1].at == 2);
  CHECK(must(bench->outbox().lines(file, ProductKind::item, lines[0].number, 10)).size() == 1);
  CHECK(must(bench->outbox().lines(file, ProductKind::parent, 0, 10)).size() == 1);
  CHECK(must(bench->outbox().lines(file, ProductKind::child, 0, 10)).empty());
}

TEST_CASE("a row that was taken back is in no file") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(file, std::vector{row("A", "h1", bench.now()), row("B", "h2", bench.now())}));
  CHECK(must(bench->outbox().unstage(file, "key:A")));
  CHECK_FALSE(must(bench->outbox().unstage(file, "key:A")));
  must(bench->outbox().unstage(file, "key:NEVER"));
  CHECK(must(bench->outbox().lines(file, catalog::ProductKind::item, 0, 10)).size() == 1);
  must(bench->outbox().seal(file, sealed_file(), {}, bench.now()));
  CHECK(must(bench->outbox().delivered(file, bench.now())).rows == 1);
  CHECK_FALSE(must(bench->ledger().find("main", "key:A")));
}

TEST_CASE("a run sealed as several files is delivered in their order, parents first and bundles last") {
  using catalog::ProductKind;
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto notified = must(bench->inbox().put(notification("1"))).sequence;
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(file, std::vector{row_of("KIT", ProductKind::kit), row_of("CHILD", ProductKind::child, "PARENT"),
                                               row_of("ITEM", ProductKind::item), row_of("PARENT", ProductKind::parent)}));
  const std::vector parts{sealed_file("1.txt", 2), sealed_file("2.txt", 1), sealed_file("3.txt", 1)};
  const auto last = must(bench->outbox().seal(file, parts, {{notified}, {}}, bench.now()));
  CHECK(last > file);
  CHECK(pending(bench.store()).empty());
  CHECK(must(bench->ledger().counts("main")).at(ProductState::pending) == 4);

  const std::vector<std::vector<std::string>> sent{{"ITEM", "PARENT"}, {"CHILD", "ITEM", "PARENT"},
                                                   {"CHILD", "ITEM", "KIT", "PARENT"}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto next = must(bench->outbox().next("main"));
    REQUIRE(next);
    CHECK(next->file.name == parts[i].name);
    CHECK(must(bench->outbox().delivered(next->id, bench.now())).rows == parts[i].rows);
    CHECK(skus_sent(bench.store()) == sent[i]);
    if (i == 2) CHECK(next->id == last);
  }
  CHECK(entry(bench.store(), "CHILD").kind == ProductKind::child);
  CHECK(entry(bench.store(), "CHILD").parent == "PARENT");
  CHECK(entry(bench.store(), "KIT").kind == ProductKind::kit);
}

TEST_CASE("the parent that Rithum was told stays known when the item is judged otherwise") {
  using catalog::ProductKind;
  StoreBench bench(GENERATE(from_range(store_kinds())));
  seal_rows(bench.store(), {row_of("CHILD", ProductKind::child, "OLD")});
  auto parked = judged("CHILD", ProductState::parked, "family.moved", "moved");
  parked.kind = ProductKind::child;
  parked.parent = "NEW";
  must(bench->ledger().record("main", "run", std::vector{parked}, bench.now()));
  CHECK(entry(bench.store(), "CHILD").parent == "NEW");
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:CHILD"}, {}));
  CHECK(known.at("key:CHILD").told_parent == "OLD");
}

TEST_CASE("a remark goes with its row, and with the next row it is gone") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto remarked = row("KIT", "h1", bench.now());
  remarked.reason_code = "bundle.obsolete_components";
  remarked.reason = "remove B";
  const auto file = seal_rows(bench.store(), {remarked});
  CHECK(entry(bench.store(), "KIT").reason_code == "bundle.obsolete_components");
  must(bench->outbox().delivered(file, bench.now()));
  CHECK(entry(bench.store(), "KIT").state == ProductState::sent);
  CHECK(entry(bench.store(), "KIT").reason == "remove B");
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("KIT", "h2", bench.now())}), bench.now()));
  CHECK(entry(bench.store(), "KIT").reason.empty());
}

TEST_CASE("a sealed file tells which values it changes or clears") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto told = [&](const std::string& sku, catalog::ToldValues values) {
    return row(sku, "hash", bench.now(), std::move(values));
  };
  must(bench->outbox().delivered(
      seal_rows(bench.store(), {told("A", {{"List", "1,2"}, {"Title", "A"}}), told("B", {{"List", "x"}, {"Title", "B"}}),
                                told("C", {{"List", "same"}}), told("D", {{"Title", "D"}})}),
      bench.now()));
  const auto file = seal_rows(bench.store(), {told("A", {{"List", "2"}, {"Title", "A"}}), told("B", {{"Title", "B"}}),
                                              told("C", {{"List", "same"}}), told("D", {{"List", "new"}})});
  std::string changes;
  for (const auto& change : must(bench->outbox().changed_values(file, "List"))) {
    changes += change.sku + ":" + change.before + ">" + change.after + ";";
  }
  CHECK(changes == "A:1,2>2;B:x>;");
}
