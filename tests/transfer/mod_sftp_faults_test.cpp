// What the network and the server can do to an upload by SFTP to proftpd, whose SFTP is its own (mod_sftp).

#include <sys/mount.h>

#include "catch.hpp"
#include "support/child_process.hpp"
#include "support/fault_proxy.hpp"
#include "transfer/delivery.hpp"
#include "transfer/destination_harness.hpp"

using namespace product_sync;
using namespace product_sync::transfer;
using namespace std::chrono_literals;

namespace {

struct ModSftpWorld {
  explicit ModSftpWorld(std::size_t bytes, std::vector<std::string> settings = {})
      : harness(std::move(settings)), content(random_bytes(bytes)) {
    write_file(local, content);
  }

  Result<Delivered> send(Destination& destination, int attempts = 5) {
    const DeliveryOptions how{.attempts = attempts, .backoff = {.first = 5ms, .longest = 50ms}};
    return deliver(destination, local, "feed.txt", how, harness.clock(), {}, {});
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(harness.files())) found.push_back(entry.path().filename());
    return found;
  }
  [[nodiscard]] std::string received() const { return read_file(harness.files() / "feed.txt"); }

  ModSftpHarness harness;
  TemporaryDirectory home{"local"};
  std::filesystem::path local = home / "feed.txt";
  std::string content;
};

}  // namespace

TEST_CASE("an upload to proftpd's SFTP that is cut in mid-file, or goes over a slow line, arrives whole") {
  const auto faults = GENERATE(Faults{.reset_after_bytes = 400'000, .resets = 2},
                               Faults{.bytes_per_second = 400'000, .latency = 20ms});
  ModSftpWorld world(faults.reset_after_bytes > 0 ? 1'000'000 : 200'000);
  FaultProxy proxy(world.harness.server().port(), faults);
  auto options = world.harness.options();
  options.port = proxy.port();
  const auto destination = world.harness.open(options);
  const auto delivered = world.send(*destination);
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->attempts == (faults.reset_after_bytes > 0 ? 3 : 1));
  CHECK(delivered->verified);
  CHECK(world.received() == world.content);
  CHECK(world.names() == std::vector<std::string>{"feed.txt"});
}

TEST_CASE("where proftpd's SFTP forbids renaming the file goes straight to its final name") {
  ModSftpWorld world(1'000, {"<Limit RNFR RNTO>\nDenyAll\n</Limit>"});
  const auto destination = world.harness.open();
  const auto delivered = world.send(*destination, 1);
  REQUIRE(error_of(delivered) == "no error");
  CHECK(delivered->verified);
  CHECK(world.received() == world.content);
  CHECK(world.names() == std::vector<std::string>{"feed.txt"});
  CHECK_FALSE(destination->capabilities().rename);
}

TEST_CASE("another key of proftpd's SFTP is refused before any sign-in") {
  ModSftpWorld world(10);
  auto options = world.harness.options();
  options.host_key_fingerprints = {"SHA256:" + std::string(43, 'A')};
  const auto checked = world.harness.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "sftp.host_key_changed");
  CHECK_THAT(checked.error().text(), ContainsSubstring(world.harness.server().fingerprint()));
  CHECK(world.names().empty());
}

TEST_CASE("a full disk behind proftpd's SFTP is told, and nothing is left there") {
  ModSftpWorld world(4'000'000);
  const auto disk = world.harness.files() / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    WARN("not tested here: a small disk needs the right to mount one");
    return;
  }
  const LastWill unmount("umount -l " + disk.string());
  auto options = world.harness.options();
  options.directory = disk;
  const auto destination = world.harness.open(options);
  const auto delivered = world.send(*destination, 1);
  CHECK_THAT(error_of(delivered), ContainsSubstring("feed.txt") && ContainsSubstring("disk"));
  CHECK(delivered.error().retry == Retry::later);
  CHECK(std::filesystem::is_empty(disk));
}
