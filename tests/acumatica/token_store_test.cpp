#include "acumatica/token_store.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "base/digest.hpp"
#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("product-sync-" + random_hex(8));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

Grant grant(const std::string& refresh_token) {
  return {"origin", Secret(refresh_token), Secret("access"), parse_iso8601("2026-11-23T10:00:00Z").value()};
}

}  // namespace

TEST_CASE("a grant comes back as it was saved, and the newest one counts") {
  const Folder folder;
  SystemClock clock;
  FileTokenStore store(folder.path / "token.json", clock);
  CHECK_FALSE(store.load().value());
  REQUIRE(store.save(grant("first")));
  REQUIRE(store.save(grant("sec\"ond\\\n")));
  const auto loaded = FileTokenStore(folder.path / "token.json", clock).load().value();
  REQUIRE(loaded);
  CHECK(loaded->refresh_token.reveal() == "sec\"ond\\\n");
  CHECK(loaded->access_token.reveal() == "access");
  CHECK(loaded->origin == "origin");
  CHECK(to_iso8601(loaded->use_until) == "2026-11-23T10:00:00Z");
}

TEST_CASE("only its owner may read the token file, and nothing else is left beside it") {
  const Folder folder;
  SystemClock clock;
  const fs::path file = folder.path / "token.json";
  std::ofstream(folder.path / "token.json.new") << "left by a crash";
  fs::permissions(folder.path / "token.json.new", fs::perms::all);
  REQUIRE(FileTokenStore(file, clock).save(grant("x")));
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK_FALSE(fs::exists(folder.path / "token.json.new"));
}

TEST_CASE("a damaged token file is an error that says what to do, not a missing grant") {
  const Folder folder;
  SystemClock clock;
  const std::string content =
      GENERATE("", "{", "{}", R"({"origin":"o","refresh_token":"r","access_token":"a","use_until":"soon"})");
  std::ofstream(folder.path / "token.json") << content;
  const auto loaded = FileTokenStore(folder.path / "token.json", clock).load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == "acumatica.token_store");
  CHECK_FALSE(loaded.error().remedy.empty());
}

TEST_CASE("a folder that is not there is an error that names the file") {
  const Folder folder;
  SystemClock clock;
  FileTokenStore store(folder.path / "missing" / "token.json", clock);
  CHECK_THAT(store.save(grant("x")).error().message, ContainsSubstring("missing/token.json"));
  CHECK(store.lock({}).error().code == "acumatica.token_store");
}

TEST_CASE("the lock is held by one at a time, and a stop request ends the wait for it") {
  const Folder folder;
  SystemClock clock;
  FileTokenStore store(folder.path / "token.json", clock);
  FileTokenStore other(folder.path / "token.json", clock);
  auto held = store.lock({});
  REQUIRE(held);
  std::string code;
  {
    std::jthread waiter([&](std::stop_token stop) { code = other.lock(stop).error().code; });
  }
  CHECK(code == "cancelled");
  auto next = std::async(std::launch::async, [&] { return other.lock({}).has_value(); });
  held->reset();
  CHECK(next.get());
}
