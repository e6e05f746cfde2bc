// What the network and the server can do to an upload by FTP.

#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <memory>
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
using Program = FtpServerOptions::Program;
using Protocol = FtpServerOptions::Protocol;

namespace {

/// An FTP server behind proxies: one for commands, and for data one for each of the two ports that the server opens.
/// They stand at another address of this machine, so that the ports can be those that the server tells.
struct ProxiedWorld {
  explicit ProxiedWorld(std::size_t bytes, FtpServerOptions served, Faults commands = {}, Faults data = {})
      : first_port(free_port_pair()),
        world(with_ports(std::move(served), first_port)),
        command_proxy(world.server.port(), commands, {.host = kProxyHost}),
        content(random_bytes(bytes)) {
    open_data(data);
    write_file(local, content);
  }

  static FtpServerOptions with_ports(FtpServerOptions served, std::uint16_t first) {
    served.first_data_port = first;
    return served;
  }
  void open_data(const Faults& faults) {
    for (std::size_t i = 0; i < data_proxies.size(); ++i) {
      const auto port = static_cast<std::uint16_t>(first_port + i);
      data_proxies[i] = std::make_unique<FaultProxy>(port, faults, ProxyAddress{kProxyHost, port});
    }
  }
  void set_data(const Faults& faults) {
    for (const auto& proxy : data_proxies) proxy->set(faults);
  }
  void close_data() {
    for (auto& proxy : data_proxies) proxy.reset();
  }

  FtpOptions options() const {
    auto options = world.options();
    options.host = kProxyHost;
    options.port = command_proxy.port();
    return options;
  }
  std::unique_ptr<Destination> open() { return world.open(options()); }
  Result<Delivered> send(Destination& destination, const DeliveryOptions& how = quick(), const Progress& progress = {},
                         std::stop_token stop = {}) {
    return deliver(destination, local, "feed.txt", how, world.clock, progress, std::move(stop));
  }
  static DeliveryOptions quick() { return {.backoff = {.first = 5ms, .longest = 50ms}}; }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(world.server.files()))
      names.push_back(entry.path().filename());
    return names;
  }
  std::string received() const { return read_file(world.server.files() / "feed.txt"); }

  static constexpr const char* kProxyHost = "127.0.0.2";
  std::uint16_t first_port;
  FtpWorld world;
  FaultProxy command_proxy;
  std::array<std::unique_ptr<FaultProxy>, 2> data_proxies;
  TemporaryDirectory home{"local"};
  std::filesystem::path local = home / "feed.txt";
  std::string content;
};

FtpServerOptions any_server() {
  return GENERATE(FtpServerOptions{.program = Program::proftpd, .protocol = Protocol::ftp},
                  FtpServerOptions{.program = Program::proftpd, .protocol = Protocol::ftp_with_tls},
                  FtpServerOptions{.program = Program::vsftpd, .protocol = Protocol::ftp},
                  FtpServerOptions{.program = Program::vsftpd, .protocol = Protocol::ftp_with_tls});
}

}  // namespace

TEST_CASE("an FTP data connection that is cut in mid-file costs an attempt, not the file") {
  ProxiedWorld world(5'000'000, any_server(), {}, {.reset_after_bytes = 2'000'000, .resets = 1});
  auto options = ProxiedWorld::quick();
  options.upload_then_rename = GENERATE(true, false);
  const auto destination = world.open();
  const auto delivered = world.send(*destination, options);
  INFO(world.world.server.log());
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->attempts > 1);
  CHECK(delivered->verified);
  CHECK(world.received() == world.content);
  CHECK(world.names() == std::vector<std::string>{"feed.txt"});
}

TEST_CASE("an FTP server that is killed in mid-file and comes back gets the file by a later attempt") {
  FtpWorld world(any_server());
  const TemporaryDirectory home("local");
  const auto content = random_bytes(8'000'000);
  write_file(home / "feed.txt", content);
  const auto destination = world.open();
  bool killed = false;
  const auto progress = [&](std::uint64_t, std::uint64_t) {
    if (std::exchange(killed, true)) return;
    world.server.kill();
    world.server.start();
  };
  const auto delivered =
      deliver(*destination, home / "feed.txt", "feed.txt", ProxiedWorld::quick(), world.clock, progress, {});
  REQUIRE(error_of(delivered) == "no error");
  CHECK(killed);
  CHECK(delivered->attempts >= 2);
  CHECK(read_file(world.server.files() / "feed.txt") == content);
  CHECK_FALSE(std::filesystem::exists(world.server.files() / "feed.txt.part"));
}

TEST_CASE("an FTP control connection in single bytes, and data over a slow and distant line, arrive whole") {
  ProxiedWorld world(300'000, any_server(), {.slice_bytes = 1, .latency = 2ms},
                     {.bytes_per_second = 600'000, .latency = 10ms});
  CHECK(error_of(world.send(*world.open())) == "no error");
  CHECK(world.received() == world.content);
}

TEST_CASE("an FTP server that hangs up on every connection ends the delivery after the attempts") {
  ProxiedWorld world(10, {}, {.refuse = true});
  const auto delivered = world.send(*world.open(), {.attempts = 3, .backoff = {.first = 5ms}});
  REQUIRE_FALSE(delivered);
  CHECK(delivered.error().code == "ftp.connection_lost");
  CHECK(delivered.error().retry == Retry::later);
  CHECK_THAT(delivered.error().text(), ContainsSubstring("3 attempts"));
}

TEST_CASE("an FTP server that takes the connection and says nothing ends by time-out") {
  ProxiedWorld world(10, {}, {.silent = true});
  auto options = world.options();
  options.connect_timeout = 200ms;
  const auto checked = world.world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "ftp.timeout");
  CHECK(checked.error().retry == Retry::later);
  CHECK_THAT(checked.error().text(), ContainsSubstring("ftp://") && ContainsSubstring(std::to_string(options.port)));
}

TEST_CASE("an FTP data connection that stalls ends by time-out, and later the file arrives") {
  ProxiedWorld world(80'000'000, any_server());  // more than all buffers on the way hold
  auto options = world.options();
  options.operation_timeout = 500ms;
  bool stalled = false;
  const auto stall = [&](std::uint64_t, std::uint64_t) {
    if (!std::exchange(stalled, true)) world.set_data({.bytes_per_second = 1});
  };
  const auto put = world.world.open(options)->put(world.local, "feed.txt.part", stall, {});
  REQUIRE_FALSE(put);
  CHECK(put.error().code == "ftp.timeout");
  world.close_data();  // the stalled connection ends, and with it vsftpd's lock on the file
  world.open_data({});
  CHECK(error_of(world.open()->put(world.local, "feed.txt.part", {}, {})) == "no error");
  CHECK(std::filesystem::file_size(world.world.server.files() / "feed.txt.part") == world.content.size());
}

TEST_CASE("a stop request ends a wait for a silent FTP server at once") {
  ProxiedWorld world(10, {}, {.silent = true});
  const auto destination = world.open();
  std::stop_source stop;
  const std::jthread stopper([&] {
    while (world.command_proxy.connections() == 0) std::this_thread::yield();
    stop.request_stop();
  });
  CHECK(destination->check(stop.get_token()).error().retry == Retry::cancelled);
}

TEST_CASE("a stop request ends the wait for the reply behind a file that was sent whole") {
  ProxiedWorld world(100'000, {.program = GENERATE(Program::proftpd, Program::vsftpd)}, {}, {.bytes_per_second = 1});
  const auto destination = world.open();
  std::stop_source stop;
  const auto progress = [&](std::uint64_t sent, std::uint64_t total) {
    if (sent == total) stop.request_stop();
  };
  const auto put = destination->put(world.local, "feed.txt.part", progress, stop.get_token());
  REQUIRE_FALSE(put);
  CHECK(put.error().retry == Retry::cancelled);
}

TEST_CASE("the limits of an FTP server go by the given clock") {
  ProxiedWorld world(10, {}, {.silent = true});
  SimulatedClock clock;
  auto options = world.options();
  options.connect_timeout = 1h;
  const auto destination = make_ftp(options, clock, world.world.logger);
  const std::jthread mover([&] {
    while (world.command_proxy.connections() == 0) std::this_thread::yield();
    clock.advance(3h);
  });
  CHECK(destination->check({}).error().code == "ftp.timeout");
}

TEST_CASE("FTP data connections that are refused are told apart from a server that is away") {
  ProxiedWorld world(10, any_server());
  world.close_data();
  const auto put = world.open()->put(world.local, "feed.txt", {}, {});
  CHECK_THAT(error_of(put), ContainsSubstring("ftp.data_connection_failed") && ContainsSubstring("passive"));
  CHECK(put.error().retry == Retry::later);

  auto options = world.options();
  options.port = free_port();
  const auto refused = world.world.open(options)->check({});
  CHECK_THAT(error_of(refused), ContainsSubstring("ftp.connect_failed"));
  CHECK(refused.error().retry == Retry::later);
  options.host = "no-such-host.invalid";
  CHECK_THAT(error_of(world.world.open(options)->check({})), ContainsSubstring("ftp.host_not_found"));
}

TEST_CASE("an FTP connection that died while it was idle is replaced without a failed attempt") {
  ProxiedWorld world(1'000, any_server());
  const auto destination = world.open();
  REQUIRE(error_of(destination->check({})) == "no error");
  world.world.server.kill();
  world.world.server.start();
  const auto delivered = world.send(*destination);
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->attempts == 1);
}

TEST_CASE("no upload in a row of many with TLS loses the end of its file") {
  FtpWorld world({.program = Program::vsftpd, .protocol = Protocol::ftp_with_tls});
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", random_bytes(2 * 1024 * 1024));
  const auto destination = world.open();
  for (int i = 0; i < 20; ++i) REQUIRE(error_of(destination->put(home / "feed.txt", "feed.txt", {}, {})) == "no error");
}

TEST_CASE("several files in a row arrive by one FTP destination") {
  FtpWorld world(any_server());
  const TemporaryDirectory home("local");
  const auto destination = world.open();
  for (const std::string name : {"one.txt", "two.txt", "three.txt"}) {
    write_file(home / name, name + random_bytes(100'000));
    const auto delivered = deliver(*destination, home / name, name, {.attempts = 1}, world.clock, {}, {});
    INFO(world.server.log());
    REQUIRE(error_of(delivered) == "no error");
    CHECK(read_file(world.server.files() / name) == read_file(home / name));
  }
  CHECK(destination->list({}).value().size() == 3);
}

TEST_CASE("where an FTP server forbids renaming the file goes straight to its final name") {
  const bool vsftpd = GENERATE(true, false);
  FtpWorld world({.program = vsftpd ? Program::vsftpd : Program::proftpd,
                  .settings = {vsftpd ? "cmds_denied=RNFR,RNTO" : "<Limit RNFR RNTO>\nDenyAll\n</Limit>"}});
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", "content");
  const auto destination = world.open();
  const auto delivered = deliver(*destination, home / "feed.txt", "feed.txt", {}, world.clock, {}, {});
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->verified);
  CHECK(delivered->attempts == 1);
  CHECK(read_file(world.server.files() / "feed.txt") == "content");
  CHECK_FALSE(std::filesystem::exists(world.server.files() / "feed.txt.part"));
  CHECK_FALSE(destination->capabilities().rename);
  CHECK(error_of(destination->check({})) == "no error");
}

TEST_CASE("a broken file under its final name is removed before an FTP server that forbids renaming gets it again") {
  ProxiedWorld world(3'000'000, {.settings = {"<Limit RNFR RNTO>\nDenyAll\n</Limit>"}});
  const auto destination = world.open();
  REQUIRE(error_of(destination->check({})) == "no error");  // learns it
  world.set_data({.reset_after_bytes = 1'000'000, .resets = 1});
  const auto delivered = world.send(*destination);
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->attempts == 2);
  CHECK(world.received() == world.content);
  CHECK(world.names() == std::vector<std::string>{"feed.txt"});
}

TEST_CASE("where an FTP server tells no sizes a file is delivered, and is not called verified") {
  FtpWorld world({.program = Program::vsftpd, .settings = {"cmds_denied=SIZE"}});
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", "content");
  const auto destination = world.open();
  const auto delivered = deliver(*destination, home / "feed.txt", "feed.txt", {}, world.clock, {}, {});
  REQUIRE(error_of(delivered) == "no error");
  CHECK_FALSE(delivered->verified);
  CHECK_FALSE(destination->capabilities().stat);
  CHECK(read_file(world.server.files() / "feed.txt") == "content");
}

TEST_CASE("a full disk on an FTP server is told, and nothing is left there") {
  FtpWorld world(any_server());
  const auto disk = world.server.files() / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    WARN("not tested here: a small disk needs the right to mount one");
    return;
  }
  const LastWill unmount("umount -l " + disk.string());
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", random_bytes(8'000'000));
  auto options = world.options();
  options.directory = disk;
  const auto destination = world.open(options);
  const auto delivered = deliver(*destination, home / "feed.txt", "feed.txt", {.attempts = 1}, world.clock, {}, {});
  REQUIRE_FALSE(delivered);
  CHECK_THAT(delivered.error().text(), ContainsSubstring("feed.txt") && ContainsSubstring("full disk"));
  CHECK(delivered.error().retry == Retry::later);
  CHECK(std::filesystem::is_empty(disk));
}
