// What every store promises of the proofs (store/proofs.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

struct ProofsBench : StoreBench {
  using StoreBench::StoreBench;

  Proofs& proofs() { return store().proofs(); }

  FileId send(const std::vector<std::string>& skus, const Receipt& receipt = {}) {
    std::vector<StagedRow> rows;
    for (const auto& sku : skus) rows.push_back(row(sku, "hash of " + sku + std::to_string(++sent_), now()));
    const auto file = seal_rows(store(), rows);
    must(store().outbox().delivered(file, receipt, now()));
    return file;
  }
  FileId upload(const std::vector<std::string>& skus) { return send(skus, {Route::api, "token"}); }

  LedgerEntry entry(const std::string& sku) { return must(store().ledger().find("main", "key:" + sku)).value(); }
  std::string state(const std::string& sku) {
    const auto found = entry(sku);
    return std::string(to_text(found.state)) + (found.reason.empty() ? "" : ": " + found.reason);
  }
  std::vector<std::string> lacking(Lack lack, std::size_t limit = 100, const std::string& after = {}) {
    std::vector<std::string> skus;
    for (const auto& product : must(proofs().lacking("main", lack, after, now(), limit))) skus.push_back(product.sku);
    return skus;
  }
  void find(const std::string& sku, bool confirmed, const std::string& reason = {}, const std::string& id = {}) {
    const Finding finding{"key:" + sku, entry(sku).sent_at.value(), confirmed, reason.empty() ? "" : "confirmation.different", reason, id};
    must(proofs().record("main", std::vector{finding}, now()));
  }

 private:
  int sent_ = 0;
};

ProofsBench make_bench() { return ProofsBench(GENERATE(from_range(store_kinds()))); }

using Skus = std::vector<std::string>;

}  // namespace

TEST_CASE("the feed file that another file answers is the one with the longest name in that one's") {
  auto bench = make_bench();
  const auto file = bench.send({"A"});
  const auto name = must(bench->outbox().find(file))->file.name;
  const auto stem = name.substr(0, name.find('.'));
  const auto answered = must(bench.proofs().answered_file("main", "x" + stem + "_response-2.csv"));
  REQUIRE(answered);
  CHECK(answered->id == file);
  CHECK(answered->in_ledger);
  CHECK_FALSE(must(bench.proofs().answered_file("other", stem)));
  CHECK_FALSE(must(bench.proofs().answered_file("main", "response-17.csv")));
}

TEST_CASE("a row that was answered counts while its product waits for proof of what it was last told") {
  auto bench = make_bench();
  const auto first = bench.send({"A", "B", "C"});
  const auto sent = bench.now();
  bench.clock().advance(1min);
  const auto second = bench.send({"C"});
  const std::vector<RespondedRow> rows{{"key:A", true, {}}, {"key:B", false, "No"}, {"key:C", false, "No"}};
  SECTION("of one file") {
    const auto settled = must(bench.proofs().settle_responded("main", {first, {}}, rows, bench.now()));
    CHECK(settled.confirmed == 1);
    CHECK(settled.rejected == 1);
    CHECK(bench.state("A") == "confirmed");
    CHECK(bench.state("B") == "rejected: No");
    CHECK(bench.entry("B").reason_code == "rithum.row_refused");
    CHECK(bench.state("C") == "sent");
    must(bench.proofs().settle_responded("main", {second, {}}, rows, bench.now()));
    CHECK(bench.state("C") == "rejected: No");
    INFO("what is proven stays so");
    CHECK(must(bench.proofs().settle_responded("main", {first, {}}, rows, bench.now())).confirmed == 0);
    CHECK(must(bench.proofs().settle_responded("other", {first, {}}, rows, bench.now())).rejected == 0);
  }
  SECTION("of those that were delivered until then") {
    CHECK(must(bench.proofs().settle_responded("main", {std::nullopt, sent}, rows, bench.now())).rejected == 1);
    CHECK(bench.state("C") == "sent");
    CHECK(must(bench.proofs().settle_responded("main", {std::nullopt, bench.now()}, rows, bench.now())).rejected == 1);
    CHECK(bench.state("C") == "rejected: No");
  }
}

TEST_CASE("files of answers are remembered with their sizes until they are forgotten") {
  auto bench = make_bench();
  must(bench.proofs().response_read("main", {"one", 10, 2, 1, 1}, bench.now()));
  must(bench.proofs().response_read("main", {"two", 20, 1, 1, 0}, bench.now()));
  must(bench.proofs().response_read("main", {"one", 15, 3, 1, 2}, bench.now()));
  bench.reopen();
  CHECK(must(bench.proofs().responses_read("main")) == std::map<std::string, std::uint64_t>{{"one", 15}, {"two", 20}});
  CHECK(must(bench.proofs().responses_read("other")).empty());
  must(bench.proofs().forget_responses("main", std::vector<std::string>{"one", "three"}));
  CHECK(must(bench.proofs().responses_read("main")) == std::map<std::string, std::uint64_t>{{"two", 20}});
}

TEST_CASE("an upload is remembered until it is settled, and its rows are confirmed or rejected by name") {
  auto bench = make_bench();
  const auto file = bench.upload({"A", "B", "C"});
  const auto uploads = must(bench.proofs().uploads("main"));
  REQUIRE(uploads.size() == 1);
  CHECK(uploads[0].file == file);
  CHECK(uploads[0].token == "token");
  CHECK(uploads[0].started == bench.now());
  CHECK(must(bench.proofs().uploads("other")).empty());
  CHECK(must(bench->outbox().list("main", 1)).at(0).route == Route::api);
  CHECK(bench.lacking(Lack::proof).empty());

  const auto settled = must(bench.proofs().settle(file, std::vector{RefusedRow{"key:B", "Unknown supplier"}},
                                                  OtherRows::confirmed, "", bench.now()));
  CHECK(settled.confirmed == 2);
  CHECK(settled.rejected == 1);
  CHECK(bench.state("A") == "confirmed");
  CHECK(bench.state("B") == "rejected: Unknown supplier");
  CHECK(must(bench.proofs().uploads("main")).empty());
  CHECK(bench.lacking(Lack::product_id) == Skus{"A", "C"});
}

TEST_CASE("of an upload whose outcome stays unknown the products are read back") {
  auto bench = make_bench();
  const auto file = bench.upload({"A"});
  must(bench.proofs().settle(file, {}, OtherRows::unknown, "", bench.now()));
  CHECK(bench.state("A") == "sent");
  CHECK(bench.lacking(Lack::proof) == Skus{"A"});
}

TEST_CASE("a failed upload rejects all of its rows") {
  auto bench = make_bench();
  const auto file = bench.upload({"A", "B"});
  const auto settled = must(bench.proofs().settle(file, {}, OtherRows::refused, "Rithum ended it.", bench.now()));
  CHECK(settled.rejected == 2);
  CHECK(bench.state("B") == "rejected: Rithum ended it.");
}

TEST_CASE("the outcome of an upload does not touch products that were told of again or wait for a newer row") {
  auto bench = make_bench();
  const auto first = bench.upload({"A", "B", "C"});
  bench.send({"A"});
  seal_rows(bench.store(), {row("B", "newer", bench.now())});
  const auto settled = must(bench.proofs().settle(
      first, std::vector{RefusedRow{"key:A", "bad"}, RefusedRow{"key:B", "bad"}}, OtherRows::confirmed, "", bench.now()));
  CHECK(settled.rejected == 0);
  CHECK(settled.confirmed == 1);
  CHECK(bench.state("A") == "sent");
  CHECK(bench.state("B") == "pending");
  CHECK(bench.state("C") == "confirmed");
}

TEST_CASE("a finding confirms, or leaves the state with the reason, and the ID is kept either way") {
  auto bench = make_bench();
  bench.send({"A", "B"});
  bench.find("A", true, "", "101");
  bench.find("B", false, "Rithum shows another title.", "102");
  CHECK(bench.state("A") == "confirmed");
  CHECK(bench.entry("A").product_id == "101");
  CHECK(bench.state("B") == "sent: Rithum shows another title.");
  CHECK(bench.entry("B").product_id == "102");
  bench.find("B", true);
  CHECK(bench.state("B") == "confirmed");
  CHECK(bench.entry("B").product_id == "102");
}

TEST_CASE("a finding on what was sent before the last row brings the ID alone") {
  auto bench = make_bench();
  bench.send({"A"});
  const Finding finding{"key:A", bench.now(), true, "", "", "7"};
  bench.clock().advance(1min);
  bench.send({"A"});
  must(bench.proofs().record("main", std::vector{finding}, bench.now()));
  CHECK(bench.state("A") == "sent");
  CHECK(bench.entry("A").product_id == "7");
}

TEST_CASE("products without proof become overdue, keep the difference that was seen, and may be confirmed later") {
  auto bench = make_bench();
  bench.send({"A", "B"});
  bench.upload({"C"});
  bench.find("B", false, "Rithum shows another title.");
  bench.clock().advance(2h);
  bench.send({"D"});
  CHECK(must(bench.proofs().give_up_waiting("main", bench.now() - 1h, bench.now())) == 2);
  CHECK(bench.state("A") == "overdue: Rithum has not shown this product since it was sent.");
  CHECK(bench.state("B") == "overdue: Rithum shows another title.");
  CHECK(bench.state("C") == "sent");
  CHECK(bench.state("D") == "sent");
  CHECK(bench.lacking(Lack::proof) == Skus{"D"});
  CHECK(bench.lacking(Lack::late_proof) == Skus{"A", "B"});
  bench.find("A", true);
  CHECK(bench.state("A") == "confirmed");
  bench.send({"B"});
  CHECK(bench.state("B") == "sent");
}

TEST_CASE("what lacks something comes page by page, with what was told, and not before its time") {
  auto bench = make_bench();
  bench.send({"A", "B", "C"});
  CHECK(bench.lacking(Lack::proof, 2) == Skus{"A", "B"});
  CHECK(bench.lacking(Lack::proof, 2, "key:B") == Skus{"C"});
  const auto all = must(bench.proofs().lacking("main", Lack::proof, "", bench.now(), 1));
  CHECK(all.at(0).told.at("Title") == "title of hash of A1");
  CHECK(must(bench.proofs().lacking("main", Lack::proof, "", bench.now() - 1s, 10)).empty());
}

TEST_CASE("IDs are to be written until they are, and again when they change") {
  auto bench = make_bench();
  bench.send({"A", "B"});
  bench.find("A", true, "", "1");
  bench.find("B", true, "", "2");
  const auto unwritten = [&] {
    std::string text;
    for (const auto& id : must(bench.proofs().unwritten_ids("main", "", 10))) text += id.inventory_id + "=" + id.id + ";";
    return text;
  };
  const auto ids = must(bench.proofs().product_ids("main", "", 10));
  REQUIRE(ids.size() == 2);
  const auto item = ids[0].inventory_id;
  CHECK(unwritten() == item + "=1;" + ids[1].inventory_id + "=2;");
  must(bench.proofs().written("main", ids, bench.now()));
  CHECK(unwritten().empty());
  bench.find("A", true, "", "9");
  CHECK(unwritten() == item + "=9;");
}

TEST_CASE("a product that Rithum no longer has is overdue, and its ID forgotten") {
  auto bench = make_bench();
  bench.send({"A"});
  bench.find("A", true, "", "1");
  const auto ids = must(bench.proofs().product_ids("main", "", 10));
  bench.find("A", true, "", "2");
  must(bench.proofs().vanished("main", ids.at(0), bench.now()));
  CHECK(bench.state("A") == "confirmed");  // it has another ID meanwhile
  must(bench.proofs().vanished("main", {"key:A", "A", "A", "2"}, bench.now()));
  CHECK(bench.state("A") == "overdue: Rithum no longer has this product, whose ID was 2.");
  CHECK(bench.entry("A").product_id.empty());
}

TEST_CASE("a sealed file follows an unproven transfer until that is proven or old") {
  auto bench = make_bench();
  bench.send({"A"});
  bench.upload({"B"});
  const auto since = bench.now() - 1h;
  const auto with_a = seal_rows(bench.store(), {row("A", "newer", bench.now()), row("X", "x", bench.now())});
  const auto with_b = seal_rows(bench.store(), {row("B", "newer", bench.now())});
  CHECK(must(bench.proofs().follows_unproven_transfer(with_a, since)));
  CHECK_FALSE(must(bench.proofs().follows_unproven_transfer(with_b, since)));
  CHECK_FALSE(must(bench.proofs().follows_unproven_transfer(with_a, bench.now())));

  bench.send({"C"});
  bench.find("C", true);
  const auto with_c = seal_rows(bench.store(), {row("C", "newer", bench.now())});
  CHECK_FALSE(must(bench.proofs().follows_unproven_transfer(with_c, since)));
}

TEST_CASE("rejected products are sent again on demand alone: then nothing counts as told, and the items are due") {
  auto bench = make_bench();
  const auto file = bench.upload({"A", "B", "C"});
  must(bench.proofs().settle(file, std::vector{RefusedRow{"key:A", "bad"}, RefusedRow{"key:B", "bad"}},
                             OtherRows::confirmed, "", bench.now()));
  CHECK(must(bench.proofs().resend_rejected("main", "key:C", bench.now())) == 0);
  CHECK(must(bench.proofs().resend_rejected("main", "key:A", bench.now())) == 1);
  CHECK(bench.entry("A").content_hash.empty());
  CHECK_FALSE(bench.entry("B").content_hash.empty());
  REQUIRE(must(bench->retries().due("main", bench.now(), 10)).size() == 1);
  CHECK(must(bench.proofs().resend_rejected("main", std::nullopt, bench.now())) == 2);
  CHECK(must(bench->retries().due("main", bench.now(), 10)).size() == 2);
}

TEST_CASE("a withdrawal that Rithum refuses is rejected, and one that it takes stays withdrawn") {
  auto bench = make_bench();
  bench.send({"A", "B"});
  std::vector<StagedRow> rows{row("A", "gone", bench.now()), row("B", "gone", bench.now())};
  for (auto& one : rows) one.withdrawn = true;
  const auto file = seal_rows(bench.store(), rows);
  must(bench->outbox().delivered(file, {Route::api, "token"}, bench.now()));
  must(bench.proofs().settle(file, std::vector{RefusedRow{"key:A", "it is listed"}}, OtherRows::confirmed, "",
                             bench.now()));
  CHECK(bench.state("A") == "rejected: it is listed");
  CHECK(bench.state("B") == "withdrawn");
  CHECK(must(bench.proofs().resend_rejected("main", "key:A", bench.now())) == 1);
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:A"}, {})).at("key:A");
  CHECK(known.was_told);
  CHECK(known.withdrawn);
  CHECK(known.content_hash.empty());
}
