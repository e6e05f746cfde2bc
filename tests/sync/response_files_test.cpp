// Rithum's answers to files that came by transfer.

#include "sync/response_files.hpp"

#include "base/digest.hpp"
#include "catch.hpp"
#include "sync/confirmation.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;

namespace {

/// A directory whose files tell the times that a test gives them, or none, as a plain FTP server's do.
class AnswersPlace final : public transfer::Destination {
 public:
  explicit AnswersPlace(const std::filesystem::path& path) : real_(transfer::make_directory({path})) {}

  bool tells_times = true;
  std::map<std::string, Instant> written;
  std::uint64_t fetched = 0;

  [[nodiscard]] transfer::Capabilities capabilities() const override { return real_->capabilities(); }
  [[nodiscard]] std::string describe() const override { return real_->describe(); }
  Result<void> put(const std::filesystem::path&, std::string_view, const transfer::Progress&, std::stop_token) override {
    return fail("test.unused", "Answers are only read.");
  }
  Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local, std::uint64_t longest,
                            std::stop_token stop) override {
    ++fetched;
    return real_->get(name, local, longest, std::move(stop));
  }
  Result<void> rename(std::string_view, std::string_view, std::stop_token) override {
    return fail("test.unused", "Answers are only read.");
  }
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) override {
    return real_->size(name, std::move(stop));
  }
  Result<void> remove(std::string_view, std::stop_token) override { return fail("test.unused", "Answers are only read."); }
  Result<std::vector<transfer::RemoteFile>> list(std::stop_token stop) override {
    auto files = real_->list(std::move(stop));
    if (!files) return files;
    for (auto& file : *files) file.modified = tells_times ? std::optional(written.at(file.name)) : std::nullopt;
    return files;
  }
  Result<void> check(std::stop_token stop) override { return real_->check(std::move(stop)); }

 private:
  std::unique_ptr<transfer::Destination> real_;
};

/// A site without Rithum's interface, whose files are answered.
struct ResponseBench : SyncBench {
  ResponseBench() {
    for (const auto* id : {"A", "B", "C"}) source.put(exported_item(id));
    restart();
  }

  /// As after a restart of the program.
  void restart() {
    confirmation.reset();
    responses.reset();
    reopen();
    responses = std::make_unique<sync::ResponseFiles>(
        sync::ResponseFiles::Options{"eu", directory() / "spool", "*response*", longest, format}, place, *store, clock, log);
    confirmation = std::make_unique<sync::Confirmation>(sync::Confirmation::Options{"eu", 10min, 24h, 4h}, std::nullopt,
                                                        responses.get(), *store, clock, log);
  }

  /// Name of the last feed file without its extension.
  [[nodiscard]] std::string feed() const {
    const auto name = store->outbox().list("eu", 1)->front().file.name;
    return name.substr(0, name.find('.'));
  }
  [[nodiscard]] std::string newest_text() const { return text_of(store->outbox().list("eu", 1)->front().file.name); }
  void answer(const std::string& name, const std::string& rows) { answer(name, rows, clock.now()); }
  void answer(const std::string& name, const std::string& rows, Instant written) {
    write_file(answers.path() / name, "SKU\tStatus\tMessage\n" + rows);
    place.written[name] = written;
  }
  /// A round a minute and a half later: whatever lies there is whole.
  sync::ConfirmationCounts look() {
    clock.advance(90s);
    auto counts = confirmation->run(false, {});
    if (!counts) throw std::runtime_error(counts.error().text());
    return *counts;
  }
  std::string state(const std::string& key) const {
    const auto found = entry(key);
    return std::string(store::to_text(found.state)) + (found.reason.empty() ? "" : ": " + found.reason);
  }

  TemporaryDirectory answers{"answers"};
  std::uint64_t longest = 1'000'000;
  rithum::ResponseFormat format;
  AnswersPlace place{answers.path()};
  std::unique_ptr<sync::ResponseFiles> responses;
  std::unique_ptr<sync::Confirmation> confirmation;
};

}  // namespace

TEST_CASE("a response file confirms the rows that were taken, and rejects the others with Rithum's words") {
  ResponseBench bench;
  bench.full();
  CHECK(bench.look().responses.files == 0);
  bench.answer(bench.feed() + "_response.txt", "A\tUpdated\t\nb\tError\tNo such supplier\nX\tError\tUnknown\n");
  const auto counts = bench.look();
  CHECK(counts.responses.files == 1);
  CHECK(counts.responses.confirmed == 1);
  CHECK(counts.responses.rejected == 1);
  CHECK(bench.state("a") == "confirmed");
  CHECK(bench.state("b") == "rejected: No such supplier");
  CHECK(bench.entry("b").reason_code == "rithum.row_refused");
  CHECK(bench.state("c") == "sent");
  CHECK(std::filesystem::exists(bench.answers.path() / (bench.feed() + "_response.txt")));

  SECTION("a further part tells of the rest") {
    bench.answer(bench.feed() + "_response-2.txt", "C\tCreated\t\n");
    CHECK(bench.look().responses.confirmed == 1);
    CHECK(bench.state("c") == "confirmed");
  }
  SECTION("what no part tells of is overdue in the end") {
    bench.clock.advance(4h);
    CHECK(bench.look().overdue == 1);
    CHECK(bench.entry("c").state == ProductState::overdue);
    CHECK(bench.state("b") == "rejected: No such supplier");
    INFO("and a late answer still counts");
    bench.answer(bench.feed() + "_response-2.txt", "C\tError\tToo late\n");
    bench.look();
    CHECK(bench.state("c") == "rejected: Too late");
  }
}

TEST_CASE("a row that a response file rejected is sent again when asked for, with the markers of what it cleared, and not by itself") {
  ResponseBench bench;
  auto item = exported_item("A");
  item.cross_references = {{"Barcode", "4006381333931", {}}};
  bench.source.put(item);
  bench.full();
  bench.answer(bench.feed() + "_response.txt", "A\tUpdated\t\nB\tUpdated\t\nC\tUpdated\t\n");
  bench.look();
  bench.source.put(exported_item("A"), bench.clock.now());  // without the barcode
  bench.delta();
  REQUIRE_THAT(bench.newest_text(), ContainsSubstring("_DELETE_"));
  bench.answer(bench.feed() + "_response.txt", "A\tError\tTry again\n");
  bench.look();
  REQUIRE(bench.state("a") == "rejected: Try again");

  CHECK(bench.later_full().counts.rows == 0);
  SECTION("by command") { REQUIRE(bench.store->proofs().resend_rejected("eu", std::nullopt, bench.clock.now()) == 1); }
  SECTION("because the item changed") { bench.source.put(exported_item("A", "12"), bench.clock.now()); }
  CHECK(bench.delta().counts.rows == 1);
  CHECK_THAT(bench.newest_text(), ContainsSubstring("_DELETE_"));
  CHECK(bench.later_full().counts.rows == 0);
}

TEST_CASE("a response file is read once, also across restarts, and again when it has grown") {
  ResponseBench bench;
  bench.full();
  const auto name = bench.feed() + "_response.txt";
  bench.answer(name, "A\tUpdated\t\n");
  CHECK(bench.look().responses.files == 1);
  CHECK(bench.look().responses.files == 0);
  bench.restart();
  CHECK(bench.look().responses.files == 0);
  CHECK(bench.place.fetched == 1);
  bench.answer(name, "A\tUpdated\t\nB\tError\tNo\n");
  CHECK(bench.look().responses.rejected == 1);
  CHECK(bench.place.fetched == 2);

  INFO("one that was taken away is forgotten");
  std::filesystem::remove(bench.answers.path() / name);
  bench.look();
  CHECK(bench.store->proofs().responses_read("eu")->empty());
}

TEST_CASE("an answer counts for the row that it answers, not for a later one of the same product") {
  ResponseBench bench;
  bench.full();
  const auto first = bench.feed();
  bench.clock.advance(1min);
  bench.source.put(exported_item("B", "12"), bench.clock.now());
  bench.delta();
  REQUIRE(bench.feed() != first);
  SECTION("by the name of the feed file in its own") {
    bench.answer(first + "_response.txt", "A\tUpdated\t\nB\tError\tThe old row\n");
    bench.look();
    CHECK(bench.state("a") == "confirmed");
    CHECK(bench.state("b") == "sent");
    bench.answer(bench.feed() + "_response.txt", "B\tUpdated\t\n");
    bench.look();
    CHECK(bench.state("b") == "confirmed");
  }
  SECTION("else by the time at which it was written") {
    bench.answer("response-17.txt", "A\tUpdated\t\nB\tError\tThe old row\n", bench.entry("a").sent_at.value() + 10s);
    bench.look();
    CHECK(bench.state("a") == "confirmed");
    CHECK(bench.state("b") == "sent");
    bench.answer("response-18.txt", "B\tError\tThe new row\n");
    bench.look();
    CHECK(bench.state("b") == "rejected: The new row");
  }
  SECTION("and where neither is known it is reported and left alone") {
    bench.place.tells_times = false;
    bench.answer("response-17.txt", "A\tUpdated\t\n");
    CHECK(bench.look().responses.files == 0);
    CHECK(bench.look().responses.unreadable == 1);
    CHECK(bench.state("a") == "sent");
  }
}

TEST_CASE("a file that is still being written waits until two looks find it equally long") {
  ResponseBench bench;
  bench.full();
  bench.place.tells_times = false;
  const auto name = bench.feed() + "_response.txt";
  bench.answer(name, "A\tUpdated\t\n");
  CHECK(bench.look().responses.files == 0);
  bench.answer(name, "A\tUpdated\t\nB\tUpd");
  CHECK(bench.look().responses.files == 0);
  CHECK(bench.place.fetched == 0);
  bench.answer(name, "A\tUpdated\t\nB\tUpdated\t\n");
  CHECK(bench.look().responses.files == 0);
  CHECK(bench.look().responses.confirmed == 2);
}

TEST_CASE("a response file that cannot be understood changes nothing, and waits for a configuration that can") {
  ResponseBench bench;
  bench.full();
  const auto name = bench.feed() + "_response.txt";
  bench.answer(name, "A\tUpdated\t\nB\tPerhaps\t\n");
  bench.answer("response-of-others.txt", "Z\tUpdated\t\n");
  auto counts = bench.look();
  CHECK(counts.responses.unreadable == 1);
  CHECK(counts.responses.files == 1);  // the others have their turn
  CHECK(bench.state("a") == "sent");
  CHECK(bench.look().responses.unreadable == 1);
  CHECK(bench.place.fetched == 2);  // and is not fetched over and over

  bench.format.error_words.emplace_back("Perhaps");
  bench.restart();
  counts = bench.look();
  CHECK(counts.responses.confirmed == 1);
  CHECK(counts.responses.rejected == 1);
  CHECK(bench.state("b") == "rejected: Perhaps");
}

TEST_CASE("a response file beyond the limit is reported and not read, and one that does not fit the names is none") {
  ResponseBench bench;
  bench.longest = 100;
  bench.restart();
  bench.full();
  bench.answer(bench.feed() + "_response.txt", "A\tError\t" + std::string(200, 'x') + "\n");
  bench.answer(bench.feed() + ".log", "A\tError\tNo\n");
  const auto counts = bench.look();
  CHECK(counts.responses.unreadable == 1);
  CHECK(counts.responses.files == 0);
  CHECK(bench.state("a") == "sent");
}

TEST_CASE("where response files cannot be fetched the round says why, and products become overdue all the same") {
  ResponseBench bench;
  bench.full();
  std::filesystem::remove_all(bench.answers.path());
  bench.clock.advance(4h);
  const auto counts = bench.look();
  REQUIRE(counts.responses_failed);
  CHECK(counts.responses_failed->code == "directory.no_such_directory");
  CHECK(counts.overdue == 3);
  CHECK(bench.confirmation->run(/*everything=*/true, {}).error().code == "confirmation.no_interface");
}
