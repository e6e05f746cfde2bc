// What the network and the server can do to an upload.

#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <stop_token>
#include <thread>

#include "catch.hpp"
#include "support/child_process.hpp"
#include "support/fault_proxy.hpp"
#include "support/simulated_clock.hpp"
#include "transfer/delivery.hpp"
#include "transfer/destination_harness.hpp"

using namespace product_sync;
using namespace product_sync::transfer;
using namespace std::chrono_literals;

namespace {

/// An SFTP server behind a proxy, a destination that goes through it, and a file to send.
struct ProxiedWorld {
  explicit ProxiedWorld(std::size_t bytes, Faults faults = {})
      : proxy(world.server.port(), faults), content(random_bytes(bytes)) {
    write_file(local, content);
  }

  SftpOptions options() const {
    auto options = world.options();
    options.port = proxy.port();
    return options;
  }
  Result<Delivered> send(Destination& destination, const DeliveryOptions& how = quick(),
                         const Progress& progress = {}) {
    return deliver(destination, local, "feed.txt", how, world.clock, progress, {});
  }
  static DeliveryOptions quick() { return {.backoff = {.first = 5ms, .longest = 50ms}}; }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(world.server.files()))
      names.push_back(entry.path().filename());
    return names;
  }
  std::string received() const { return read_file(world.server.files() / "feed.txt"); }

  SftpWorld world;
  FaultProxy proxy;
  TemporaryDirectory home{"local"};
  std::filesystem::path local = home / "feed.txt";
  std::string content;
};

}  // namespace

TEST_CASE("an upload over a line that slices everything into single bytes arrives whole") {
  ProxiedWorld world(40'000, {.slice_bytes = 1});
  const auto destination = world.world.open(world.options());
  CHECK(error_of(world.send(*destination)) == "no error");
  CHECK(world.received() == world.content);
}

TEST_CASE("an upload over a slow and distant line arrives whole") {
  ProxiedWorld world(300'000, {.bytes_per_second = 400'000, .latency = 20ms});
  const auto destination = world.world.open(world.options());
  CHECK(error_of(world.send(*destination)) == "no error");
  CHECK(world.received() == world.content);
}

TEST_CASE("a connection that is cut in mid-upload costs an attempt, not the file") {
  ProxiedWorld world(5'000'000, {.reset_after_bytes = 2'000'000, .resets = 2});
  const auto destination = world.world.open(world.options());
  const auto how = GENERATE(true, false);
  auto options = ProxiedWorld::quick();
  options.upload_then_rename = how;
  const auto delivered = world.send(*destination, options);
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->attempts == 3);
  CHECK(delivered->verified);
  CHECK(world.received() == world.content);
  CHECK(world.names() == std::vector<std::string>{"feed.txt"});
}

TEST_CASE("a server that is killed in mid-upload and comes back gets the file by a later attempt") {
  ProxiedWorld world(5'000'000);
  const auto destination = world.world.open();
  bool killed = false;
  const auto delivered = world.send(*destination, ProxiedWorld::quick(), [&](std::uint64_t sent, std::uint64_t total) {
    if (killed || sent < total / 2) return;
    killed = true;
    world.world.server.kill();
    world.world.server.start();
  });
  REQUIRE(error_of(delivered) == "no error");
  CHECK(killed);
  CHECK(delivered->attempts >= 2);
  CHECK(world.received() == world.content);
  CHECK(world.names() == std::vector<std::string>{"feed.txt"});
}

TEST_CASE("a server that stays away ends the delivery after the attempts, and the error counts them") {
  ProxiedWorld world(10, {.refuse = true});
  const auto destination = world.world.open(world.options());
  const auto delivered = world.send(*destination, {.attempts = 3, .backoff = {.first = 5ms}});
  REQUIRE_FALSE(delivered);
  CHECK(delivered.error().code == "sftp.connection_lost");
  CHECK(delivered.error().retry == Retry::later);
  CHECK_THAT(delivered.error().text(), ContainsSubstring("3 attempts"));
  CHECK(world.proxy.connections() == 3);
}

TEST_CASE("a server that takes the connection and says nothing ends by time-out") {
  ProxiedWorld world(10, {.silent = true});
  auto options = world.options();
  options.connect_timeout = 300ms;
  const auto start = std::chrono::steady_clock::now();
  const auto checked = world.world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "sftp.timeout");
  CHECK(checked.error().retry == Retry::later);
  CHECK_THAT(checked.error().text(), ContainsSubstring("sftp://") && ContainsSubstring(std::to_string(options.port)));
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("a server that falls silent in mid-upload ends by time-out, and is used again when it is back") {
  ProxiedWorld world(8'000'000);
  auto options = world.options();
  options.operation_timeout = 400ms;
  const auto destination = world.world.open(options);
  bool fell_silent = false;
  const auto put = destination->put(world.local, "feed.txt",
                                    [&](std::uint64_t sent, std::uint64_t total) {
                                      if (sent >= total / 4 && !fell_silent) world.proxy.set({.silent = true});
                                      fell_silent = fell_silent || sent >= total / 4;
                                    },
                                    {});
  REQUIRE_FALSE(put);
  CHECK(put.error().code == "sftp.timeout");
  world.proxy.set({});
  CHECK(error_of(world.send(*destination, {.backoff = {.first = 5ms}, .replace_remainder = true})) == "no error");
  CHECK(world.received() == world.content);
}

TEST_CASE("a stop request ends a wait for a silent server at once") {
  ProxiedWorld world(10, {.silent = true});
  const auto destination = world.world.open(world.options());
  std::stop_source stop;
  const std::jthread stopper([&] {
    while (world.proxy.connections() == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK(destination->check(stop.get_token()).error().retry == Retry::cancelled);
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("the limits go by the given clock") {
  ProxiedWorld world(10, {.silent = true});
  SimulatedClock clock;
  auto options = world.options();
  options.connect_timeout = 1h;
  const auto destination = make_sftp(options, clock, world.world.logger);
  const std::jthread mover([&] {
    while (world.proxy.connections() == 0) std::this_thread::yield();
    clock.advance(2h);
  });
  CHECK(destination->check({}).error().code == "sftp.timeout");
}

TEST_CASE("a port where nobody listens and a host without address are told apart") {
  ProxiedWorld world(10);
  auto options = world.options();
  options.port = free_port();
  const auto refused = world.world.open(options)->check({});
  CHECK(refused.error().code == "sftp.connect_failed");
  CHECK_THAT(refused.error().text(), ContainsSubstring("127.0.0.1") && ContainsSubstring("Connection refused"));
  CHECK(refused.error().retry == Retry::later);
  options.host = "no-such-host.invalid";
  CHECK(world.world.open(options)->check({}).error().code == "sftp.host_not_found");
}

TEST_CASE("all addresses of a host are tried") {
  ProxiedWorld world(10);
  auto options = world.options();
  options.host = "localhost";  // ::1 first where it is known, and the server listens on 127.0.0.1 only
  const auto checked = world.world.open(options)->check({});
  CHECK(checked.has_value());
}

TEST_CASE("a connection that died while it was idle is replaced without a failed attempt") {
  ProxiedWorld world(1000);
  const auto destination = world.world.open(world.options());
  REQUIRE(destination->check({}));
  world.proxy.set({.refuse = true});
  while (destination->size("x", {})) std::this_thread::yield();  // until the cut is felt
  world.proxy.set({});
  const auto delivered = world.send(*destination);
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->attempts == 1);
}

TEST_CASE("where renaming is forbidden the file goes straight to its final name") {
  SftpWorld world({.sftp_arguments = "-P rename,posix-rename"});
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", "content");
  const auto destination = world.open();
  const auto delivered = deliver(*destination, home / "feed.txt", "feed.txt", {}, world.clock, {}, {});
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->verified);
  CHECK(read_file(world.server.files() / "feed.txt") == "content");
  CHECK_FALSE(std::filesystem::exists(world.server.files() / "feed.txt.part"));
  CHECK_FALSE(destination->capabilities().rename);
}

TEST_CASE("check learns that renaming is forbidden and succeeds all the same") {
  SftpWorld world({.sftp_arguments = "-P rename,posix-rename"});
  const auto destination = world.open();
  CHECK(destination->capabilities().rename);
  CHECK(destination->check({}));
  CHECK_FALSE(destination->capabilities().rename);
  CHECK(std::filesystem::is_empty(world.server.files()));
}

TEST_CASE("where the server tells no sizes a file is delivered, and is not called verified") {
  SftpWorld world({.sftp_arguments = "-P stat,lstat,fstat"});
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", "content");
  const auto destination = world.open();
  const auto delivered = deliver(*destination, home / "feed.txt", "feed.txt", {}, world.clock, {}, {});
  REQUIRE(error_of(delivered) == "no error");
  CHECK_FALSE(delivered->verified);
  CHECK_FALSE(destination->capabilities().stat);
  CHECK(read_file(world.server.files() / "feed.txt") == "content");
}

TEST_CASE("a full disk on the server is told as one") {
  SftpWorld world;
  const auto disk = world.server.files() / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    WARN("not tested here: a small disk needs the right to mount one");
    return;
  }
  const LastWill unmount("umount -l " + disk.string());
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", random_bytes(4'000'000));
  auto options = world.options();
  options.directory = disk;
  const auto destination = world.open(options);
  const auto delivered = deliver(*destination, home / "feed.txt", "feed.txt", {.attempts = 1}, world.clock, {}, {});
  CHECK_THAT(error_of(delivered), ContainsSubstring("sftp.disk_full") && ContainsSubstring("feed.txt"));
  CHECK(std::filesystem::is_empty(disk));
}
