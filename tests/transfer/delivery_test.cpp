// The policy above all destinations, against one that does what the test tells it.

#include "transfer/delivery.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "catch.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"
#include "transfer/local_file.hpp"

using namespace product_sync;
using namespace product_sync::transfer;
using namespace std::chrono_literals;

namespace {

/// A place in memory. `hook` sees every call before it happens ("put a.part") and may make it fail; a put that fails
/// leaves half of the file.
class MemoryDestination final : public Destination {
 public:
  std::map<std::string, std::string> files;
  std::vector<std::string> calls;
  std::function<std::optional<Error>(const std::string&)> hook;
  std::function<void()> after_rename;
  Capabilities able{.rename = true, .stat = true, .list = false, .resume = false};

  Capabilities capabilities() const override { return able; }
  std::string describe() const override { return "memory"; }

  Result<void> put(const std::filesystem::path& local, std::string_view name, const Progress&,
                   std::stop_token) override {
    const auto content = read_file(local);
    if (auto error = ask("put " + std::string(name))) {
      files[std::string(name)] = content.substr(0, content.size() / 2);
      return tl::unexpected(*error);
    }
    files[std::string(name)] = content;
    return {};
  }
  Result<std::uint64_t> get(std::string_view, const std::filesystem::path&, std::uint64_t, std::stop_token) override {
    return fail("test.unused", "A delivery reads nothing.");
  }
  Result<void> rename(std::string_view from, std::string_view to, std::stop_token) override {
    if (auto error = ask("rename " + std::string(from))) return tl::unexpected(*error);
    if (files.contains(std::string(to))) return fail("transfer.exists", "exists");
    files[std::string(to)] = std::move(files.at(std::string(from)));
    files.erase(std::string(from));
    if (after_rename) after_rename();
    return {};
  }
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token) override {
    if (auto error = ask("size " + std::string(name))) return tl::unexpected(*error);
    const auto file = files.find(std::string(name));
    if (file == files.end()) return std::nullopt;
    return file->second.size();
  }
  Result<void> remove(std::string_view name, std::stop_token) override {
    if (auto error = ask("remove " + std::string(name))) return tl::unexpected(*error);
    files.erase(std::string(name));
    return {};
  }
  Result<std::vector<RemoteFile>> list(std::stop_token) override { return std::vector<RemoteFile>{}; }
  Result<void> check(std::stop_token) override { return {}; }

 private:
  std::optional<Error> ask(const std::string& call) {
    calls.push_back(call);
    return hook ? hook(call) : std::nullopt;
  }
};

struct World {
  World() { write_file(local, content); }

  Result<Delivered> send(const DeliveryOptions& options = {.backoff = {.first = 1ms, .longest = 1ms}}) {
    return deliver(destination, local, "feed.txt", options, clock, {}, stop.get_token());
  }

  TemporaryDirectory home{"delivery"};
  std::filesystem::path local = home / "local.txt";
  std::string content = "0123456789";
  MemoryDestination destination;
  SystemClock clock;
  std::stop_source stop;
};

Error passing() { return {"test.passing", "A passing fault.", "", Retry::later, std::nullopt}; }
Error lasting() { return {"test.lasting", "A lasting fault.", "", Retry::never, std::nullopt}; }

using Files = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a file that is there already with the same size was delivered before a crash") {
  World world;
  world.destination.files["feed.txt"] = world.content;
  const auto delivered = world.send();
  REQUIRE(delivered);
  CHECK(delivered->already_there);
  CHECK(world.destination.calls == std::vector<std::string>{"size feed.txt"});
}

TEST_CASE("a file that is there with another size is not ours, and stays") {
  World world;
  world.destination.files["feed.txt"] = "other";
  const auto delivered = world.send();
  REQUIRE_FALSE(delivered);
  CHECK(delivered.error().code == "transfer.exists");
  CHECK_THAT(delivered.error().text(),
             ContainsSubstring("feed.txt") && ContainsSubstring("5 bytes") && ContainsSubstring("10"));
  CHECK(world.destination.files == Files{{"feed.txt", "other"}});
}

TEST_CASE("a remainder of a crashed delivery is replaced where the caller says that it can only be ours") {
  World world;
  world.destination.able.rename = false;
  world.destination.files["feed.txt"] = "01234";
  const auto delivered = world.send({.replace_remainder = true});
  REQUIRE(delivered);
  CHECK_FALSE(delivered->already_there);
  CHECK(world.destination.files == Files{{"feed.txt", world.content}});
}

TEST_CASE("a passing fault at any step costs an attempt and leaves the whole file") {
  World world;
  const std::string step = GENERATE("size feed.txt", "put feed.txt.part", "size feed.txt.part", "rename feed.txt.part");
  bool failed = false;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    if (failed || call != step) return std::nullopt;
    failed = true;
    return passing();
  };
  const auto delivered = world.send();
  REQUIRE(delivered);
  CHECK(delivered->attempts == 2);
  CHECK(delivered->verified);
  CHECK_FALSE(delivered->already_there);
  CHECK(world.destination.files == Files{{"feed.txt", world.content}});
}

TEST_CASE("a rename whose answer was lost is not done twice") {
  World world;
  bool lost = false;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    if (lost || call != "rename feed.txt.part") return std::nullopt;
    lost = true;
    world.destination.files["feed.txt"] = std::move(world.destination.files.at("feed.txt.part"));
    world.destination.files.erase("feed.txt.part");
    return passing();
  };
  const auto delivered = world.send();
  REQUIRE(delivered);
  CHECK(delivered->attempts == 2);
  CHECK_FALSE(delivered->already_there);
  CHECK(std::count(world.destination.calls.begin(), world.destination.calls.end(), "put feed.txt.part") == 1);
}

TEST_CASE("a lasting fault ends the delivery at once and nothing is left") {
  World world;
  const std::string step = GENERATE("put feed.txt.part", "size feed.txt.part", "rename feed.txt.part");
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    return call == step ? std::optional(lasting()) : std::nullopt;
  };
  const auto delivered = world.send();
  REQUIRE_FALSE(delivered);
  CHECK(delivered.error().code == "test.lasting");
  CHECK(world.destination.files.empty());
  CHECK(std::count(world.destination.calls.begin(), world.destination.calls.end(), step) == 1);
}

TEST_CASE("a broken remainder under the final name is removed before the pause, not after it") {
  World world;
  world.destination.able.rename = false;
  int puts = 0;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    return call == "put feed.txt" && ++puts == 1 ? std::optional(passing()) : std::nullopt;
  };
  REQUIRE(world.send());
  CHECK(world.destination.calls == std::vector<std::string>{"size feed.txt", "put feed.txt", "remove feed.txt",
                                                            "size feed.txt", "put feed.txt", "size feed.txt"});
  CHECK(world.destination.files == Files{{"feed.txt", world.content}});
}

TEST_CASE("a remainder that could not be removed at once is removed by the next attempt") {
  World world;
  world.destination.able.rename = false;
  int puts = 0;
  int removes = 0;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    const bool fails = (call == "put feed.txt" && ++puts == 1) || (call == "remove feed.txt" && ++removes == 1);
    return fails ? std::optional(passing()) : std::nullopt;
  };
  REQUIRE(world.send());
  CHECK(removes == 2);
  CHECK(world.destination.files == Files{{"feed.txt", world.content}});
}

TEST_CASE("a size that is wrong is an error, tried again, and never renamed") {
  World world;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    if (call == "size feed.txt.part") world.destination.files["feed.txt.part"] += "!";
    return std::nullopt;
  };
  const auto delivered = world.send({.attempts = 2, .backoff = {.first = 1ms}});
  REQUIRE_FALSE(delivered);
  CHECK(delivered.error().code == "transfer.size_mismatch");
  CHECK_THAT(delivered.error().text(), ContainsSubstring("10 bytes were sent") && ContainsSubstring("11 bytes"));
  CHECK(world.destination.files.empty());
}

TEST_CASE("a file that the receiver took at once counts as delivered") {
  World world;
  world.destination.after_rename = [&] { world.destination.files.clear(); };
  const auto delivered = world.send();
  REQUIRE(delivered);
  CHECK(delivered->verified);  // its size was right under the temporary name
  CHECK(delivered->attempts == 1);
}

TEST_CASE("where renaming is refused the temporary file goes and the final name is used, in the same attempt") {
  World world;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    if (!call.starts_with("rename")) return std::nullopt;
    return Error{"transfer.rename_refused", "Refused.", "", Retry::never, std::nullopt};
  };
  const auto delivered = world.send();
  REQUIRE(delivered);
  CHECK(delivered->attempts == 1);
  CHECK(world.destination.files == Files{{"feed.txt", world.content}});
}

TEST_CASE("what could not be cleaned up is named in the error") {
  World world;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    return call.starts_with("size feed.txt") && !call.ends_with(".part") ? std::nullopt : std::optional(lasting());
  };
  const auto delivered = world.send();
  REQUIRE_FALSE(delivered);
  CHECK_THAT(delivered.error().text(), ContainsSubstring("\"feed.txt.part\" may be left"));
}

TEST_CASE("the pauses grow, and the other side's wish comes first") {
  World world;
  SimulatedClock clock;
  int puts = 0;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    if (!call.starts_with("put")) return std::nullopt;
    auto error = passing();
    if (++puts == 2) error.retry_after = 1h;
    return error;
  };
  std::optional<Result<Delivered>> delivered;
  const DeliveryOptions options{.attempts = 3, .backoff = {.first = 10s, .jitter = 0.0}};
  std::jthread worker([&] { delivered = deliver(world.destination, world.local, "feed.txt", options, clock, {}, {}); });
  clock.await_waiters(1);
  CHECK(puts == 1);
  clock.advance(10s);
  while (puts < 2) std::this_thread::yield();
  clock.await_waiters(1);
  clock.advance(59min);
  clock.await_waiters(1);
  CHECK(puts == 2);
  clock.advance(1min);
  worker.join();
  CHECK(puts == 3);
  CHECK(delivered->error().code == "test.passing");
  CHECK_THAT(delivered->error().text(), ContainsSubstring("3 attempts"));
}

TEST_CASE("a delivery that is cancelled in a pause ends at once and leaves nothing") {
  World world;
  SimulatedClock clock;
  world.destination.hook = [&](const std::string& call) -> std::optional<Error> {
    return call.starts_with("put") ? std::optional(passing()) : std::nullopt;
  };
  std::optional<Result<Delivered>> delivered;
  std::jthread worker(
      [&] { delivered = deliver(world.destination, world.local, "feed.txt", {}, clock, {}, world.stop.get_token()); });
  clock.await_waiters(1);
  world.stop.request_stop();
  worker.join();
  CHECK(delivered->error().retry == Retry::cancelled);
  CHECK(world.destination.files.empty());
}

TEST_CASE("a local file that grows or shrinks while it is read is an error") {
  World world;
  auto file = LocalFile::open(world.local).value();
  std::vector<char> space(4);
  REQUIRE(file.read(space).value() == 4);
  const std::string changed = GENERATE("0123", "0123456789-and-more");
  write_file(world.local, changed);
  Result<std::size_t> count = 1;
  while (count && *count > 0) count = file.read(space);
  REQUIRE_FALSE(count);
  CHECK(count.error().code == "transfer.local_changed");
}
