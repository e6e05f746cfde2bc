#include "sync/spool.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <set>
#include <system_error>

#include "base/digest.hpp"

namespace product_sync::sync {
namespace {

namespace fs = std::filesystem;

/// More undelivered files than this means that nothing was delivered for weeks; then nothing is removed either.
constexpr std::size_t kMostUndelivered = 10'000;

constexpr std::size_t kChunk = 256 * 1024;

}  // namespace

Result<void> check_spooled(const store::OutboxFile& file) {
  const auto& sealed = file.file;
  const auto remedy = fmt::format(
      "Put the file back from a backup, or give it up with \"product-sync files drop {}\": its items are then read "
      "again.",
      file.id);
  std::ifstream in(sealed.path, std::ios::binary);
  if (!in) {
    return fail(
        "spool.file_lost",
        fmt::format("The feed file {} of site {} is not at {} any more.", sealed.name, file.site, sealed.path.string()),
        remedy);
  }
  Sha256Stream digest;
  std::uint64_t bytes = 0;
  std::array<char, kChunk> chunk{};
  while (in.read(chunk.data(), chunk.size()), in.gcount() > 0) {
    digest.add({chunk.data(), static_cast<std::size_t>(in.gcount())});
    bytes += static_cast<std::uint64_t>(in.gcount());
  }
  if (!in.bad() && bytes == sealed.bytes && to_hex(digest.finish()) == sealed.sha256) return {};
  return fail("spool.file_damaged",
              fmt::format("The feed file {} of site {} at {} is not what was written there ({} bytes instead of {}, or "
                          "another SHA-256).",
                          sealed.name, file.site, sealed.path.string(), bytes, sealed.bytes),
              remedy);
}

Result<std::uint64_t> remove_old_files(const fs::path& spool, std::string_view site, std::chrono::hours keep,
                                       store::Store& store) {
  const auto files = store.outbox().list(site, kMostUndelivered);
  if (!files) return tl::unexpected(files.error());
  std::set<std::string> undelivered;
  for (const auto& file : *files) {
    const bool done = file.state == store::FileState::delivered || file.state == store::FileState::dropped;
    if (!done) undelivered.insert(file.file.name);
  }
  if (undelivered.size() == kMostUndelivered) return 0;

  std::error_code failure;
  std::uint64_t removed = 0;
  const auto oldest = fs::file_time_type::clock::now() - keep;
  for (fs::directory_iterator entry(spool, failure), end; !failure && entry != end; entry.increment(failure)) {
    std::error_code gone;  // a file that vanishes meanwhile is as good as removed
    const auto written = entry->last_write_time(gone);
    if (gone || written > oldest || undelivered.contains(entry->path().filename().string())) continue;
    if (fs::remove(entry->path(), gone)) ++removed;
  }
  if (failure) {
    return fail("spool.unreadable", fmt::format("{} cannot be read: {}.", spool.string(), failure.message()),
                "Make it readable and writable for the user Product Sync runs as.");
  }
  return removed;
}

}  // namespace product_sync::sync
