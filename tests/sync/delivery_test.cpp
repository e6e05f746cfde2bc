// The outbox of a site on its way to the destination: after failures, after kills, and again from the archive.

#include "sync/delivery.hpp"

#include <algorithm>
#include <csignal>

#include "base/digest.hpp"
#include "catch.hpp"
#include "support/child_process.hpp"
#include "support/ftp_server.hpp"
#include "sync/resend.hpp"
#include "sync_bench.hpp"
#include "transfer/ftp_destination.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::FileState;
using store::ProductState;

namespace {

/// A site whose outbox has a large file, and a place for it.
class CrashBench {
 public:
  CrashBench() {
    std::filesystem::create_directories(files());
    reopen();
    const auto content = random_bytes(6'000'000);
    write_file(home_ / "feed.txt", content);
    const auto file = store_->outbox().open("eu", "run", clock_.now()).value();
    std::vector<store::StagedRow> rows;
    for (const std::string sku : {"A", "B", "C"}) rows.push_back({"key:" + sku, sku, "id:" + sku, "hash", {}, {}});
    REQUIRE(store_->outbox().stage(file, rows));
    REQUIRE(store_->outbox().seal(file, {"feed.txt", home_ / "feed.txt", 3, content.size(), to_hex(sha256(content))},
                                  {}, clock_.now()));
  }

  /// Delivers in another process that dies at `point`.
  void deliver_and_die(bool rename, const std::string& point, const std::vector<std::string>& where) {
    store_.reset();
    std::vector<std::string> command{CRASHING_DELIVERY, (home_ / "state").string(), rename ? "rename" : "direct",
                                     point};
    command.insert(command.end(), where.begin(), where.end());
    ChildProcess child(command, home_.path());
    const int status = child.wait(60s);
    INFO(child.error_output());
    CHECK(status == -SIGKILL);
    reopen();
  }

  Result<void> deliver(bool rename, transfer::Destination& destination) {
    sync::Delivery delivery("eu", destination, {.upload_then_rename = rename, .replace_remainder = true}, std::nullopt, *store_,
                            clock_, log_);
    return delivery.drain(std::nullopt, {});
  }

  /// Everything that the outside and the ledger hold, in words.
  std::string end_state(const std::filesystem::path& where) const {
    std::string text;
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(where)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    for (const auto& path : found) text += path.filename().string() + " " + to_hex(sha256(read_file(path))) + "\n";
    const auto products = store_->ledger().list("eu", {}).value();
    for (const auto& entry : products) {
      text += entry.sku + " " + std::string(store::to_text(entry.state)) + " " + entry.content_hash + "\n";
    }
    const auto sealed = store_->outbox().list("eu", 10).value();
    for (const auto& file : sealed) {
      text += file.file.name + (file.state == FileState::delivered ? " delivered\n" : " not delivered\n");
    }
    return text;
  }

  [[nodiscard]] std::filesystem::path files() const { return home_ / "files"; }
  Clock& clock() { return clock_; }
  Logger& log() { return log_; }

 private:
  void reopen() {
    store_.reset();
    store_ = store::open_sqlite({.directory = home_ / "state", .disk_floor = 0}, clock_, log_).value();
  }

  TemporaryDirectory home_{"crash"};
  SystemClock clock_;
  Logger log_{LogFormat::text, LogLevel::error};
  std::unique_ptr<store::Store> store_;
};

/// The result of a delivery that nothing disturbs.
std::string undisturbed() {
  CrashBench bench;
  const auto destination = transfer::make_directory({bench.files()});
  REQUIRE(bench.deliver(true, *destination));
  return bench.end_state(bench.files());
}

void remove_spooled(SyncBench& bench) {
  const auto next = bench.store->outbox().next("eu").value();
  REQUIRE(next);
  std::filesystem::remove(next->file.path);
}

}  // namespace

TEST_CASE("a process killed at any step of a delivery to a directory ends in the state of an undisturbed one") {
  CrashBench bench;
  const bool rename = GENERATE(true, false);
  const std::string point = GENERATE("put.begin", "put.half", "put.end", "rename.begin", "rename.end", "verified");
  if (!rename && point.starts_with("rename")) return;
  CAPTURE(rename, point);
  bench.deliver_and_die(rename, point, {"directory", bench.files().string()});
  const auto destination = transfer::make_directory({bench.files()});
  REQUIRE(bench.deliver(rename, *destination));
  CHECK(bench.end_state(bench.files()) == undisturbed());
}

TEST_CASE("a process killed at any step of a delivery by FTP ends in the state of an undisturbed one") {
  CrashBench bench;
  FtpServer server;
  const bool rename = GENERATE(true, false);
  const std::string point = GENERATE("put.begin", "put.half", "put.end", "rename.begin", "rename.end", "verified");
  if (!rename && point.starts_with("rename")) return;
  CAPTURE(rename, point);
  bench.deliver_and_die(
      rename, point,
      {"ftp", std::to_string(server.port()), server.user(), FtpServer::password(), server.files().string()});
  const auto destination = transfer::make_ftp({.host = "127.0.0.1",
                                               .port = server.port(),
                                               .user = server.user(),
                                               .password = Secret(FtpServer::password()),
                                               .security = transfer::FtpSecurity::plain,
                                               .directory = server.files()},
                                              bench.clock(), bench.log());
  REQUIRE(bench.deliver(rename, *destination));
  CHECK(bench.end_state(server.files()) == undisturbed());
}

TEST_CASE("a feed file lost from the spool is named, and dropping it has its items sent after all") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  CHECK(bench.full().error_code == "test.broken");
  remove_spooled(bench);
  bench.destination.broken = false;
  const auto drained = bench.delivery->drain(std::nullopt, {});
  REQUIRE_FALSE(drained);
  CHECK(drained.error().code == "spool.file_lost");
  const auto file = **bench.store->outbox().next("eu");
  CHECK_THAT(drained.error().text(), ContainsSubstring(file.file.name) &&
                                         ContainsSubstring("product-sync files drop " + std::to_string(file.id)));
  CHECK(file.last_error == drained.error().text());

  CHECK(bench.delivery->drop(file.id).value() == 1);
  const auto retried = bench.site_sync->retry_due({});
  REQUIRE(retried);
  CHECK((*retried)->counts.rows == 1);
  REQUIRE(bench.delivered().size() == 1);
  CHECK_THAT(bench.text_of(bench.delivered()[0]), ContainsSubstring("Product A"));
  CHECK(bench.entry("a").state == ProductState::sent);
}

TEST_CASE("a feed file that changed in the spool is never sent") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  bench.full();
  const auto path = (*bench.store->outbox().next("eu"))->file.path;
  auto text = read_file(path);
  text.back() = '!';
  write_file(path, text);
  bench.destination.broken = false;
  CHECK(bench.delivery->drain(std::nullopt, {}).error().code == "spool.file_damaged");
  CHECK(bench.delivered().empty());
}

TEST_CASE("a file is dropped by its own site only") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  bench.full();
  const auto id = (*bench.store->outbox().next("eu"))->id;
  sync::Delivery other("us", bench.destination, {}, std::nullopt, *bench.store, bench.clock, bench.log);
  CHECK(other.drop(id).error().code == "outbox.not_found");
  CHECK(bench.delivery->drop(id + 1).error().code == "outbox.not_found");
  CHECK((*bench.store->outbox().find(id))->state == FileState::sealed);
}

TEST_CASE("a delivered file is sent again from the archive by its id, its name or its run") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  const auto run = bench.full();
  const auto name = bench.delivered().at(0);
  const auto text = bench.text_of(name);
  const auto file = bench.store->outbox().list("eu", 1)->at(0);
  const std::string which = GENERATE("id", "name", "run");
  std::filesystem::remove(bench.directory() / "rithum" / name);  // Rithum has taken it

  const auto resent = sync::resend("eu",
                                   which == "id"     ? std::to_string(file.id)
                                   : which == "name" ? name
                                                     : run.id,
                                   sync::NewerFiles::refuse, *bench.store, bench.clock.now());
  REQUIRE(resent);
  REQUIRE(resent->size() == 1);
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  CHECK(bench.text_of(name) == text);
  CHECK(bench.entry("a").state == ProductState::sent);
}

TEST_CASE("an archived file that newer ones followed is refused, or goes out with them, or alone when insisted on") {
  SyncBench bench;
  bench.source.put(exported_item("A", "10"));
  bench.full();
  bench.clock.advance(1h);
  bench.source.put(exported_item("A", "20"));
  bench.full();
  const auto names = bench.delivered();
  REQUIRE(names.size() == 2);
  for (const auto& name : names) std::filesystem::remove(bench.directory() / "rithum" / name);

  const auto refused = sync::resend("eu", names[0], sync::NewerFiles::refuse, *bench.store, bench.clock.now());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "files.newer_sent");
  CHECK_THAT(refused.error().text(), ContainsSubstring(names[1]) && ContainsSubstring("older values would win"));
  CHECK_FALSE(*bench.store->outbox().next("eu"));

  SECTION("with the newer ones") {
    CHECK(sync::resend("eu", names[0], sync::NewerFiles::along, *bench.store, bench.clock.now())->size() == 2);
    REQUIRE(bench.delivery->drain(std::nullopt, {}));
    CHECK(bench.delivered() == names);
  }
  SECTION("alone, and the next full sync puts the newer values back") {
    CHECK(sync::resend("eu", names[0], sync::NewerFiles::ignore, *bench.store, bench.clock.now())->size() == 1);
    REQUIRE(bench.delivery->drain(std::nullopt, {}));
    CHECK(bench.delivered() == std::vector{names[0]});
    bench.clock.advance(1h);
    CHECK(bench.full().counts.rows == 1);
    CHECK_THAT(bench.text_of(bench.delivered().back()), ContainsSubstring("20"));
  }
}

TEST_CASE("what cannot be sent again is told with its reason") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.full();
  const auto file = bench.store->outbox().list("eu", 1)->at(0);
  const auto resend = [&](const std::string& which) {
    const auto result = sync::resend("eu", which, sync::NewerFiles::refuse, *bench.store, bench.clock.now());
    return result ? std::string("sent") : result.error().code;
  };
  CHECK(resend("nothing of that name") == "files.not_found");
  write_file(file.file.path, "something else");
  CHECK(resend(file.file.name) == "spool.file_damaged");
  std::filesystem::remove(file.file.path);
  CHECK(resend(file.file.name) == "spool.file_lost");

  bench.source.put(exported_item("B"));
  bench.destination.broken = true;
  bench.full();
  CHECK(resend((*bench.store->outbox().next("eu"))->file.name) == "files.not_delivered");
}
