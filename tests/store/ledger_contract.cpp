// What every store promises of its ledger (store/ledger.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

std::string known_hash(Store& store, const std::string& sku, std::optional<FileId> own = {}) {
  const auto known = must(store.ledger().known("main", std::vector<std::string>{"key:" + sku}, own));
  return known.empty() ? "unknown" : known.at("key:" + sku).content_hash;
}

std::string told_title(Store& store, const std::string& sku, std::optional<FileId> own = {}) {
  const auto told = must(store.ledger().told("main", "key:" + sku, own));
  return told ? told->at("Title") : "never told";
}

}  // namespace

TEST_CASE("unknown SKUs are absent, and others are found beside them") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:A", "key:B"}, {}));
  REQUIRE(known.size() == 1);
  CHECK(known.at("key:A").content_hash == "h1");
  CHECK(known.at("key:A").state == ProductState::sent);
  CHECK(must(bench->ledger().known("other", std::vector<std::string>{"key:A"}, {})).empty());
  CHECK_FALSE(must(bench->ledger().told("main", "key:B", {})));
}

TEST_CASE("a page of 2,500 keys is known in one call") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<StagedRow> rows;
  std::vector<std::string> keys;
  for (int i = 0; i < 2'500; ++i) {
    rows.push_back(row(std::to_string(i), "h" + std::to_string(i), bench.now()));
    keys.push_back(rows.back().sku_key);
  }
  must(bench->outbox().delivered(seal_rows(bench.store(), rows), bench.now()));
  const auto known = must(bench->ledger().known("main", keys, {}));
  REQUIRE(known.size() == 2'500);
  CHECK(known.at("key:1234").content_hash == "h1234");
}

TEST_CASE("a sealed file overrides what was told, the latest of several") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  seal_rows(bench.store(), {row("A", "h2", bench.now())});
  CHECK(known_hash(bench.store(), "A") == "h2");
  CHECK(told_title(bench.store(), "A") == "title of h2");
  seal_rows(bench.store(), {row("A", "h3", bench.now())});
  CHECK(known_hash(bench.store(), "A") == "h3");
  CHECK(told_title(bench.store(), "A") == "title of h3");
}

TEST_CASE("the latest file id wins, whichever was sealed last") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto early = must(bench->outbox().open("main", "run", bench.now()));
  seal_rows(bench.store(), {row("A", "late file", bench.now())});
  must(bench->outbox().stage(early, std::vector{row("A", "early file", bench.now())}));
  must(bench->outbox().seal(early, sealed_file(), {}, bench.now()));
  CHECK(known_hash(bench.store(), "A") == "late file");
}

TEST_CASE("what a product was made of goes with its row, and stays with a judgement") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto source = [&] {
    return must(bench->ledger().known("main", std::vector<std::string>{"key:A"}, {})).at("key:A").source_hash;
  };
  const auto note = [&](const std::string& content, const std::string& hash) {
    must(bench->ledger().note_sources("main", std::vector<SourceNote>{{"key:A", content, hash}}));
  };
  const auto send = [&](const std::string& content, const std::string& hash) {
    auto sent = row("A", content, bench.now());
    sent.source_hash = hash;
    return seal_rows(bench.store(), {sent});
  };
  const auto first = send("h1", "s1");
  CHECK(source() == "s1");
  must(bench->outbox().delivered(first, bench.now()));
  CHECK(source() == "s1");

  note("h1", "s2");
  CHECK(source() == "s2");
  note("another content", "s3");
  CHECK(source() == "s2");

  auto parked = judged("A", ProductState::parked, "x", "x");
  parked.source_hash = "s4";
  const auto waiting = send("h2", "s5");
  must(bench->ledger().record("main", "run", std::vector{parked}, bench.now()));
  CHECK(source() == "s4");
  note("h2", "s6");
  CHECK(source() == "s4");
  must(bench->outbox().delivered(waiting, bench.now()));
  CHECK(source() == "s4");

  must(bench->outbox().drop(send("h3", "s7"), bench.now()));
  CHECK(source().empty());  // what it holds now was made of something else
}

TEST_CASE("a judgement on other sources is no change of its product") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto parked = judged("A", ProductState::parked, "x", "x");
  must(bench->ledger().record("main", "first", std::vector{parked}, bench.now()));
  const auto changed_at = must(bench->ledger().find("main", "key:A"))->changed_at;
  parked.source_hash = "s1";
  must(bench->ledger().record("main", "second", std::vector{parked}, bench.now() + 1h));
  const auto entry = *must(bench->ledger().find("main", "key:A"));
  CHECK(entry.changed_at == changed_at);
  CHECK(entry.run_id == "first");
  CHECK(must(bench->ledger().known("main", std::vector<std::string>{"key:A"}, {})).at("key:A").source_hash == "s1");
}

TEST_CASE("the configuration of a site's last whole read is kept, one for each site") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  CHECK_FALSE(must(bench->applied_mappings().get("main")));
  must(bench->applied_mappings().put("main", {"f1", "sites: 1", bench.now()}));
  must(bench->applied_mappings().put("other", {"f2", "", bench.now()}));
  must(bench->applied_mappings().put("main", {"f3", "sites: 3", bench.now() + 1h}));
  bench.reopen();
  const auto applied = must(bench->applied_mappings().get("main"));
  REQUIRE(applied);
  CHECK(applied->fingerprint == "f3");
  CHECK(applied->configuration == "sites: 3");
}

TEST_CASE("a file that is being written counts for its writer alone") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto own = must(bench->outbox().open("main", "run", bench.now()));
  must(bench->outbox().stage(own, std::vector{row("A", "h1", bench.now())}));
  CHECK(known_hash(bench.store(), "A") == "unknown");
  CHECK(told_title(bench.store(), "A") == "never told");
  CHECK(known_hash(bench.store(), "A", own) == "h1");
  CHECK(told_title(bench.store(), "A", own) == "title of h1");
  const auto another = must(bench->outbox().open("main", "run", bench.now()));
  CHECK(known_hash(bench.store(), "A", another) == "unknown");
}

TEST_CASE("a product that was judged but never told has an empty hash, that state and that reason") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->ledger().record("main", "run",
                              std::vector{judged("A", ProductState::parked, "value.too_long", "Title: 300 characters"),
                                          judged("B", ProductState::not_exported, "box.not_ticked", "not ticked")},
                              bench.now()));
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:A", "key:B"}, {}));
  REQUIRE(known.size() == 2);
  CHECK(known.at("key:A").content_hash.empty());
  CHECK(known.at("key:A").state == ProductState::parked);
  CHECK(known.at("key:A").reason == "Title: 300 characters");
  CHECK(known.at("key:B").state == ProductState::not_exported);
  CHECK(told_title(bench.store(), "A") == "never told");
}

TEST_CASE("recording a state keeps what was told, its hash and the product ID") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  bench.clock().advance(1h);
  must(bench->ledger().record("main", "run 2", std::vector{judged("A", ProductState::parked, "c", "r")}, bench.now()));
  const auto entry = must(bench->ledger().find("main", "key:A"));
  REQUIRE(entry);
  CHECK(entry->state == ProductState::parked);
  CHECK(entry->reason_code == "c");
  CHECK(entry->reason == "r");
  CHECK(entry->content_hash == "h1");
  CHECK(entry->told.at("Title") == "title of h1");
  CHECK(entry->sent_at == bench.now() - 1h);
  CHECK(entry->changed_at == bench.now());
  CHECK(entry->run_id == "run 2");
  CHECK(known_hash(bench.store(), "A") == "h1");
}

TEST_CASE("a judgement that is there already changes neither the time nor the run of the last change") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto judgement = std::vector{judged("A", ProductState::not_exported, "c", "r")};
  must(bench->ledger().record("main", "run 1", judgement, bench.now()));
  must(bench->ledger().record("main", "run 2", judgement, bench.now() + 1h));
  const auto entry = must(bench->ledger().find("main", "key:A"));
  REQUIRE(entry);
  CHECK(entry->changed_at == bench.now());
  CHECK(entry->run_id == "run 1");
}

TEST_CASE("told values come back exactly, whatever is in them") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const catalog::ToldValues told{{"Title", "12\" \\ monitor\n\t\x01 – ünïcode 😀"},
                                 {"attribute:Size \"L\"", ""},
                                 {"Price", "0.10"},
                                 {"nul", std::string("a\0b", 3)}};
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now(), told)}), bench.now()));
  bench.reopen();
  CHECK(must(bench->ledger().told("main", "key:A", {})) == told);
}

TEST_CASE("a value that is not UTF-8 is refused when it is staged") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto file = must(bench->outbox().open("main", "run", bench.now()));
  CHECK(error_of(bench->outbox().stage(file, std::vector{row("A", "h", bench.now(), {{"Title", "\xff"}})})) ==
        "store.not_utf8");
}

TEST_CASE("the list is in the order of the SKU keys, from a cursor, up to a limit") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(
      seal_rows(bench.store(), {row("C", "h", bench.now()), row("A", "h", bench.now()), row("B", "h", bench.now())}),
      bench.now()));
  must(bench->ledger().record("main", "run", std::vector{judged("D", ProductState::parked)}, bench.now()));
  const auto list = [&](LedgerFilter filter) {
    std::string skus;
    for (const auto& entry : must(bench->ledger().list("main", filter))) skus += entry.sku;
    return skus;
  };
  CHECK(list({}) == "ABCD");
  CHECK(list({{}, "", "key:B", 100}) == "CD");
  CHECK(list({{}, "", "key:A", 2}) == "BC");
  CHECK(list({ProductState::sent, "", "", 100}) == "ABC");
  CHECK(list({ProductState::sent, "", "key:A", 1}) == "B");
  CHECK(list({ProductState::rejected, "", "", 100}).empty());
}

TEST_CASE("the search finds a part of the SKU or inventory ID, without case, and knows no wildcards") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<StateChange> changes{judged("Laptop_15", ProductState::parked), judged("LAPTOP-17", ProductState::parked),
                                   judged("100%", ProductState::sent), judged("Mouse", ProductState::parked)};
  changes[3].inventory_id = "WLESS-laptop-mouse";
  must(bench->ledger().record("main", "run", changes, bench.now()));
  const auto count = [&](std::string search, std::optional<ProductState> state = {}) {
    return must(bench->ledger().list("main", {state, std::move(search), "", 100})).size();
  };
  CHECK(count("laptop") == 3);
  CHECK(count("TOP_1") == 1);
  CHECK(count("%") == 1);
  CHECK(count("_") == 1);
  CHECK(count("\\") == 0);
  CHECK(count("laptop", ProductState::sent) == 0);
}

TEST_CASE("products are counted by state, per site") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  seal_rows(bench.store(), {row("A", "h", bench.now()), row("B", "h", bench.now())});
  must(bench->ledger().record("main", "run", std::vector{judged("C", ProductState::parked)}, bench.now()));
  must(bench->ledger().record("other", "run", std::vector{judged("C", ProductState::parked)}, bench.now()));
  CHECK(must(bench->ledger().counts("main")) ==
        std::map<ProductState, std::uint64_t>{{ProductState::pending, 2}, {ProductState::parked, 1}});
  CHECK(must(bench->ledger().counts("nowhere")).empty());
}

TEST_CASE("every state of a product has a word that is read back") {
  for (const auto state : {ProductState::pending, ProductState::sent, ProductState::confirmed, ProductState::rejected,
                           ProductState::overdue, ProductState::parked, ProductState::not_exported}) {
    CHECK(parse_product_state(to_text(state)) == state);
  }
  CHECK_FALSE(parse_product_state("sold"));
}

TEST_CASE("the members of a family are found by their parent, wherever they stand") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto sent = row("A", "h1", bench.now());
  sent.kind = catalog::ProductKind::child;
  sent.parent = "SHIRT";
  seal_rows(bench.store(), {sent, row("B", "h2", bench.now())});
  auto parked = judged("C", ProductState::parked, "value.too_long", "too long");
  parked.parent = "SHIRT";
  must(bench->ledger().record("main", "run", std::vector{parked}, bench.now()));
  const auto family = must(bench->ledger().family("main", "SHIRT"));
  REQUIRE(family.size() == 2);
  CHECK(family[0].sku == "A");
  CHECK(family[0].state == ProductState::pending);
  CHECK(family[1].inventory_id == "id:C");
  CHECK(family[1].reason_code == "value.too_long");
  CHECK(must(bench->ledger().family("main", "")).empty());
  CHECK(must(bench->ledger().family("other", "SHIRT")).empty());
}

TEST_CASE("a product is withdrawn once the row that withdraws it is delivered, and back with the next row") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto known = [&] {
    return must(bench->ledger().known("main", std::vector<std::string>{"key:A"}, {})).at("key:A");
  };
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h1", bench.now())}), bench.now()));
  CHECK(known().was_told);
  CHECK_FALSE(known().withdrawn);
  auto leaving = row("A", "gone", bench.now());
  leaving.withdrawn = true;
  leaving.reason_code = "box.not_ticked";
  leaving.reason = "Its box is not ticked.";
  const auto file = seal_rows(bench.store(), {leaving});
  CHECK(known().state == ProductState::pending);
  CHECK(known().withdrawn);
  must(bench->outbox().delivered(file, bench.now()));
  const auto entry = must(bench->ledger().find("main", "key:A"));
  CHECK(entry->state == ProductState::withdrawn);
  CHECK(entry->reason_code == "box.not_ticked");
  CHECK(must(bench->ledger().on_channels("main", "", 10)).empty());

  // A row that would bring it back, and is given up, leaves it withdrawn.
  must(bench->outbox().drop(seal_rows(bench.store(), {row("A", "h2", bench.now())}), bench.now()));
  CHECK(known().state == ProductState::withdrawn);
  CHECK(known().withdrawn);
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h3", bench.now())}), bench.now()));
  CHECK(known().state == ProductState::sent);
  CHECK_FALSE(known().withdrawn);
  CHECK(must(bench->ledger().find("main", "key:A"))->reason.empty());
}

TEST_CASE("products that are on the channels are listed with their items, those left out are not") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->outbox().delivered(seal_rows(bench.store(), {row("A", "h", bench.now()), row("C", "h", bench.now())}),
                                 bench.now()));
  must(bench->ledger().record("main", "run",
                              std::vector{judged("B", ProductState::not_exported, "c", "r"),
                                          judged("D", ProductState::parked, "c", "r")},
                              bench.now()));
  const auto first = must(bench->ledger().on_channels("main", "", 2));
  REQUIRE(first.size() == 2);
  CHECK(first[0].sku_key == "key:A");
  CHECK(first[0].inventory_id == must(bench->ledger().find("main", "key:A"))->inventory_id);
  CHECK(first[1].sku_key == "key:C");
  const auto rest = must(bench->ledger().on_channels("main", "key:C", 2));
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].sku_key == "key:D");
}
