#include "acumatica/token_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::acumatica {
namespace {

/// A lock held by another process is asked for again after this: flock cannot wait and be cancelled.
constexpr std::chrono::milliseconds kLockPause{50};

class File {
 public:
  File(const std::filesystem::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

/// flock goes when the descriptor is closed, also by a crash.
class FileLock final : public TokenStore::Lock {
 public:
  explicit FileLock(const std::filesystem::path& path) : file(path, O_RDWR | O_CREAT) {}
  File file;
};

tl::unexpected<Error> store_error(std::string_view doing, const std::filesystem::path& path) {
  return fail("acumatica.token_store",
              fmt::format("{} the token file {} failed: {}.", doing, path.string(), std::strerror(errno)),
              "The program's user must be able to write this file and its folder.");
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string to_json(const Grant& grant) {
  return fmt::format("{{\"origin\":{},\"refresh_token\":{},\"access_token\":{},\"use_until\":{}}}\n",
                     json_quote(grant.origin), json_quote(grant.refresh_token.reveal()),
                     json_quote(grant.access_token.reveal()), json_quote(to_iso8601(grant.use_until)));
}

std::optional<Grant> from_json(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string(text)).get(root) != simdjson::SUCCESS) return std::nullopt;
  const auto member = [&](std::string_view name) -> std::optional<std::string> {
    std::string_view value;
    if (root[name].get_string().get(value) != simdjson::SUCCESS) return std::nullopt;
    return std::string(value);
  };
  const auto origin = member("origin");
  const auto refresh = member("refresh_token");
  const auto access = member("access_token");
  const auto until = parse_iso8601(member("use_until").value_or(""));
  if (!origin || !refresh || !access || !until) return std::nullopt;
  return Grant{*origin, Secret(*refresh), Secret(*access), *until};
}

}  // namespace

FileTokenStore::FileTokenStore(std::filesystem::path file, Clock& clock) : file_(std::move(file)), clock_(clock) {}

Result<std::unique_ptr<TokenStore::Lock>> FileTokenStore::lock(std::stop_token stop) {
  std::filesystem::path path = file_;
  path += ".lock";
  auto lock = std::make_unique<FileLock>(path);
  if (!lock->file.is_open()) return store_error("Locking", path);
  while (::flock(lock->file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return store_error("Locking", path);
    if (clock_.sleep(kLockPause, stop) == WaitEnd::stopped) return cancelled("Waiting for the token file");
  }
  return lock;
}

Result<std::optional<Grant>> FileTokenStore::load() {
  std::ifstream in(file_, std::ios::binary);
  if (!in) {
    if (!std::filesystem::exists(file_)) return std::nullopt;
    return store_error("Reading", file_);
  }
  std::ostringstream text;
  text << in.rdbuf();
  auto grant = from_json(text.str());
  if (!grant) {
    return fail("acumatica.token_store", fmt::format("The token file {} is damaged.", file_.string()),
                "Delete it; with the refresh-token grant also put a new refresh token into the configuration.");
  }
  return grant;
}

Result<void> FileTokenStore::save(const Grant& grant) {
  std::filesystem::path temporary = file_;
  temporary += ".new";
  std::filesystem::path folder = file_.parent_path();
  if (folder.empty()) folder = ".";
  {
    const File out(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!out.is_open() || ::fchmod(out.get(), 0600) != 0) return store_error("Writing", temporary);
    if (!write_all(out.get(), to_json(grant)) || ::fsync(out.get()) != 0) return store_error("Writing", temporary);
  }
  if (::rename(temporary.c_str(), file_.c_str()) != 0) return store_error("Replacing", file_);
  const File directory(folder, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.get()) != 0) return store_error("Syncing the folder of", file_);
  return {};
}

}  // namespace product_sync::acumatica
