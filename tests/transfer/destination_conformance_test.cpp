// What every Destination must do. A new kind of destination, or a server that speaks it, gets a harness and joins the
// list.

#include <algorithm>

#include "catch.hpp"
#include "transfer/delivery.hpp"
#include "transfer/destination_harness.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

namespace {

using Destinations = std::tuple<DirectoryHarness, SftpHarness, ModSftpHarness, ProftpdPlain, ProftpdExplicit,
                                ProftpdImplicit, VsftpdPlain, VsftpdExplicit, VsftpdImplicit>;

constexpr std::size_t kBuffer = 2 * 1024 * 1024;

/// A local file with content that differs everywhere.
struct LocalFixture {
  TemporaryDirectory home{"local"};
  std::filesystem::path path = home / "feed.txt";
  std::string content;

  explicit LocalFixture(std::size_t bytes, unsigned seed = 1) : content(random_bytes(bytes, seed)) {
    write_file(path, content);
  }
};

std::vector<std::string> names_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a file that is put arrives byte for byte", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  // Around libssh2's packets (30,000), the directory's chunks and the window; the largest needs it to slide.
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{30'000}, std::size_t{30'001}, kBuffer - 1,
                                  kBuffer, kBuffer + 1, 2 * kBuffer, std::size_t{5} * 1024 * 1024 + 7}) {
    INFO(bytes << " bytes");
    const LocalFixture local(bytes);
    std::uint64_t last = 0;
    std::uint64_t total = bytes;
    bool rising = true;
    const auto put = destination->put(local.path, "feed.txt",
                                      [&](std::uint64_t sent, std::uint64_t of) {
                                        rising = rising && sent > last;
                                        last = sent;
                                        total = of;
                                      },
                                      {});
    REQUIRE(error_of(put) == "no error");
    CHECK(read_file(harness.files() / "feed.txt") == local.content);
    CHECK(rising);
    CHECK(last == bytes);
    CHECK(total == bytes);
    CHECK(destination->size("feed.txt", {}).value() == bytes);
  }
}

TEMPLATE_LIST_TEST_CASE("names may hold spaces, plus signs, parentheses and letters of any language", "",
                        Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const LocalFixture local(100);
  for (const std::string name : {"PRICE+SHIP FEED.PRICESHIP.csv", "MAIN DATA FEEDS(ALL).MAINDATA.csv", "Größe 尺寸.txt",
                                 "-rf", "a'b\"c`$(d).txt"}) {
    INFO(name);
    REQUIRE(error_of(destination->put(local.path, name, {}, {})) == "no error");
    CHECK(read_file(harness.files() / name) == local.content);
    CHECK(destination->size(name, {}).value() == 100U);
    CHECK(error_of(destination->remove(name, {})) == "no error");
  }
  CHECK(names_in(harness.files()).empty());
}

TEMPLATE_LIST_TEST_CASE("a name that would leave the directory is refused everywhere", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const LocalFixture local(1);
  const std::string name = GENERATE("", ".", "..", "../x", "a/b", "/etc/x", "a\nb");
  CHECK(destination->put(local.path, name, {}, {}).error().code == "transfer.bad_name");
  CHECK(destination->rename("a", name, {}).error().code == "transfer.bad_name");
  CHECK(destination->rename(name, "a", {}).error().code == "transfer.bad_name");
  CHECK(destination->size(name, {}).error().code == "transfer.bad_name");
  CHECK(destination->remove(name, {}).error().code == "transfer.bad_name");
}

TEMPLATE_LIST_TEST_CASE("put replaces a longer file of the same name completely", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  REQUIRE(destination->put(LocalFixture(50'000, 1).path, "feed.txt", {}, {}));
  const LocalFixture shorter(10, 2);
  REQUIRE(destination->put(shorter.path, "feed.txt", {}, {}));
  CHECK(read_file(harness.files() / "feed.txt") == shorter.content);
}

TEMPLATE_LIST_TEST_CASE("rename moves a file, and never over another", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  write_file(harness.files() / "a.part", "new");
  REQUIRE(error_of(destination->rename("a.part", "a.txt", {})) == "no error");
  CHECK(names_in(harness.files()) == std::vector<std::string>{"a.txt"});

  write_file(harness.files() / "b.part", "newer");
  const auto over = destination->rename("b.part", "a.txt", {});
  CHECK(over.error().code == "transfer.exists");
  CHECK_THAT(over.error().text(), ContainsSubstring("a.txt"));
  CHECK(over.error().retry == Retry::never);
  CHECK(read_file(harness.files() / "a.txt") == "new");
  CHECK(read_file(harness.files() / "b.part") == "newer");
}

TEMPLATE_LIST_TEST_CASE("renaming what is not there fails and says so", "", Destinations) {
  TestType harness;
  const auto renamed = harness.open()->rename("missing.part", "a.txt", {});
  CHECK_THAT(renamed.error().code, ContainsSubstring("no_such_file"));
  CHECK_THAT(renamed.error().text(), ContainsSubstring("missing.part"));
}

TEMPLATE_LIST_TEST_CASE("a file that is fetched arrives byte for byte, over what was there", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const TemporaryDirectory home("fetched");
  const auto local = home / "fetched.txt";
  write_file(local, random_bytes(100'000, 2));
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{30'001}, kBuffer + 7}) {
    INFO(bytes << " bytes");
    const auto content = random_bytes(bytes, 3);
    write_file(harness.files() / "Antwort (1) für + alle.txt", content);
    const auto fetched = destination->get("Antwort (1) für + alle.txt", local, kBuffer + 7, {});
    REQUIRE(error_of(fetched) == "no error");
    CHECK(*fetched == bytes);
    CHECK(read_file(local) == content);
  }
  CHECK(names_in(harness.files()).size() == 1);
}

TEMPLATE_LIST_TEST_CASE("no more of a file is fetched than is wanted", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const TemporaryDirectory home("fetched");
  write_file(harness.files() / "long.txt", random_bytes(kBuffer, 4));
  const auto fetched = destination->get("long.txt", home / "fetched.txt", 1'000, {});
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == "transfer.too_large");
  CHECK_THAT(fetched.error().text(), ContainsSubstring("long.txt"));
  CHECK(std::filesystem::file_size(home / "fetched.txt") <= 1'000);

  INFO("and the destination can be used again");
  write_file(harness.files() / "short.txt", "short");
  REQUIRE(error_of(destination->get("short.txt", home / "fetched.txt", 1'000, {})) == "no error");
  CHECK(read_file(home / "fetched.txt") == "short");
}

TEMPLATE_LIST_TEST_CASE("fetching what is not there, has a bad name, or has no place here fails and says so", "",
                        Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const TemporaryDirectory home("fetched");
  const auto missing = destination->get("missing.txt", home / "fetched.txt", 1'000, {});
  REQUIRE_FALSE(missing);
  CHECK_THAT(missing.error().code, ContainsSubstring("no_such_file"));
  CHECK_THAT(missing.error().text(), ContainsSubstring("missing.txt"));
  CHECK(destination->get("../x", home / "fetched.txt", 1'000, {}).error().code == "transfer.bad_name");
  write_file(harness.files() / "there.txt", "there");
  CHECK(destination->get("there.txt", home / "missing" / "x", 1'000, {}).error().code == "transfer.local_unwritable");
  std::stop_source stop;
  stop.request_stop();
  CHECK(destination->get("there.txt", home / "fetched.txt", 1'000, stop.get_token()).error().retry == Retry::cancelled);
}

TEMPLATE_LIST_TEST_CASE("a missing file has no size and removing it is fine", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const auto size = destination->size("missing.txt", {});
  REQUIRE(error_of(size) == "no error");
  CHECK_FALSE(size->has_value());
  CHECK(error_of(destination->remove("missing.txt", {})) == "no error");
}

TEMPLATE_LIST_TEST_CASE("list tells the files with their sizes and leaves out directories", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  CHECK(destination->list({}).value().empty());
  write_file(harness.files() / "one.txt", "1");
  write_file(harness.files() / "three (x).txt", "333");
  std::filesystem::create_directory(harness.files() / "directory");
  auto files = destination->list({}).value();
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "one.txt");
  CHECK(files[0].bytes == 1);
  CHECK(files[1].name == "three (x).txt");
  CHECK(files[1].bytes == 3);
  CHECK(files[0].modified.has_value() == TestType::kTellsTimes);
  if (!files[0].modified) return;
  CHECK(std::chrono::abs(*files[0].modified - SystemClock{}.now()) < std::chrono::minutes(5));
}

TEMPLATE_LIST_TEST_CASE("list tells of more files than fit one answer", "", Destinations) {
  TestType harness;
  for (int i = 0; i < 450; ++i) write_file(harness.files() / (std::string(150, 'x') + std::to_string(i)), "");
  CHECK(harness.open()->list({}).value().size() == 450);
}

TEMPLATE_LIST_TEST_CASE("an unfinished delivery is never seen under its final name", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const LocalFixture local(6 * 1024 * 1024);
  SystemClock clock;
  std::vector<std::string> half_way;
  const auto progress = [&](std::uint64_t sent, std::uint64_t total) {
    if (half_way.empty() && sent >= total / 2) half_way = names_in(harness.files());
  };
  const auto delivered = deliver(*destination, local.path, "feed.txt", {}, clock, progress, {});
  REQUIRE(error_of(delivered) == "no error");
  CHECK(half_way == std::vector<std::string>{"feed.txt.part"});
  CHECK(names_in(harness.files()) == std::vector<std::string>{"feed.txt"});
  CHECK(read_file(harness.files() / "feed.txt") == local.content);
  CHECK(delivered->verified);
  CHECK(delivered->bytes == local.content.size());
  CHECK(delivered->attempts == 1);
  CHECK_FALSE(delivered->already_there);
}

TEMPLATE_LIST_TEST_CASE("a delivery that is cancelled half-way leaves nothing behind", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const LocalFixture local(6 * 1024 * 1024);
  const bool by_rename = GENERATE(true, false);
  SystemClock clock;
  std::stop_source stop;
  std::size_t seen_half_way = 0;
  const auto progress = [&](std::uint64_t sent, std::uint64_t total) {
    if (sent < total / 2) return;
    seen_half_way = names_in(harness.files()).size();
    stop.request_stop();
  };
  const auto delivered = deliver(*destination, local.path, "feed.txt", {.upload_then_rename = by_rename}, clock,
                                 progress, stop.get_token());
  REQUIRE_FALSE(delivered);
  CHECK(delivered.error().code == "cancelled");
  CHECK(delivered.error().retry == Retry::cancelled);
  CHECK(seen_half_way == 1);
  CHECK(names_in(harness.files()).empty());

  INFO("and the destination can be used again");
  CHECK(error_of(deliver(*destination, local.path, "feed.txt", {}, clock, {}, {})) == "no error");
  CHECK(read_file(harness.files() / "feed.txt") == local.content);
}

TEMPLATE_LIST_TEST_CASE("a directory that takes no files gives the error permission_denied", "", Destinations) {
  TestType harness;
  const LocalFixture local(10);
  typename TestType::Denied denied(harness);
  const auto put = denied.destination().put(local.path, "feed.txt", {}, {});
  REQUIRE_FALSE(put);
  CHECK_THAT(put.error().code, ContainsSubstring("permission_denied"));
  CHECK(put.error().retry == Retry::never);
  CHECK_THAT(put.error().text(), ContainsSubstring("feed.txt"));
  CHECK_FALSE(put.error().remedy.empty());
  const auto checked = denied.destination().check({});
  REQUIRE_FALSE(checked);
  CHECK_THAT(checked.error().code, ContainsSubstring("permission_denied"));
}

TEMPLATE_LIST_TEST_CASE("a directory that is not there gives the error no_such_directory", "", Destinations) {
  TestType harness;
  const LocalFixture local(10);
  const auto destination = harness.open_missing();
  const auto must_name_it = [](const Error& error) {
    CHECK_THAT(error.code, ContainsSubstring("no_such_directory"));
    CHECK_THAT(error.text(), ContainsSubstring("missing"));
    CHECK(error.retry == Retry::never);
  };
  must_name_it(destination->put(local.path, "feed.txt", {}, {}).error());
  must_name_it(destination->list({}).error());
  must_name_it(destination->check({}).error());
}

TEMPLATE_LIST_TEST_CASE("a local file that cannot be read is told apart from trouble at the destination", "",
                        Destinations) {
  TestType harness;
  const auto put = harness.open()->put("/nowhere/feed.txt", "feed.txt", {}, {});
  CHECK(put.error().code == "transfer.local_unreadable");
  CHECK_THAT(put.error().text(), ContainsSubstring("/nowhere/feed.txt"));
}

TEMPLATE_LIST_TEST_CASE("check proves that files can come and go, and leaves none", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  CHECK(error_of(destination->check({})) == "no error");
  CHECK(names_in(harness.files()).empty());
  CHECK(destination->capabilities().rename);
  CHECK(destination->capabilities().stat);
}

TEMPLATE_LIST_TEST_CASE("work that is asked to stop before it begins does nothing", "", Destinations) {
  TestType harness;
  const auto destination = harness.open();
  const LocalFixture local(10);
  std::stop_source stop;
  stop.request_stop();
  CHECK(destination->put(local.path, "feed.txt", {}, stop.get_token()).error().retry == Retry::cancelled);
  SystemClock clock;
  CHECK(deliver(*destination, local.path, "feed.txt", {}, clock, {}, stop.get_token()).error().retry ==
        Retry::cancelled);
  CHECK(names_in(harness.files()).empty());
}
