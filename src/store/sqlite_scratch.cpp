#include "store/sqlite_scratch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "store/statements.hpp"

namespace product_sync::store {
namespace {

// One transaction that never ends, without a journal: pages go to the file when the cache is full, and nothing is ever
// undone.
constexpr const char* kSetUp = R"(
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-8000;
BEGIN;
CREATE TABLE record (list TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (list, key)) STRICT;
)";

}  // namespace

Result<std::unique_ptr<Scratch>> SqliteScratch::open(const std::filesystem::path& directory) {
  std::string path = (directory / "scratch-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0) {
    return fail("store.unwritable", fmt::format("cannot make a file in {}: {}", directory.string(), std::strerror(errno)),
                "make the data directory writable for this user, or name another one");
  }
  ::close(descriptor);
  auto connection = Connection::open_scratch(path, kSetUp);
  ::unlink(path.c_str());  // nobody finds it, and a crash leaves nothing behind
  if (!connection) return tl::unexpected(connection.error());
  return std::unique_ptr<Scratch>(new SqliteScratch(std::move(*connection)));
}

Result<void> SqliteScratch::put(std::string_view list, std::string_view key, std::string_view bytes) {
  return connection_->run(sql::scratch::kPut, list, key, Blob{bytes});
}

Result<std::optional<std::string>> SqliteScratch::get(std::string_view list, std::string_view key) {
  std::optional<std::string> found;
  auto query = connection_->query(sql::scratch::kGet, list, key);
  while (query.next()) found = query.text(0);
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return found;
}

Result<std::vector<Scratch::Record>> SqliteScratch::next(std::string_view list, std::string_view prefix,
                                                         std::string_view after, std::size_t limit) {
  std::vector<Record> records;
  // Behind every key with the prefix: no text in UTF-8 has the byte FF.
  auto query = connection_->query(sql::scratch::kNext, list, std::string(prefix), std::string(prefix) + "\xFF",
                                  after, limit);
  while (query.next()) records.push_back({query.text(0), query.text(1)});
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return records;
}

}  // namespace product_sync::store
