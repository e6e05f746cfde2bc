#include "sync/spool.hpp"

#include <fmt/format.h>

#include <set>
#include <system_error>

namespace product_sync::sync {
namespace {

namespace fs = std::filesystem;

/// More undelivered files than this means that nothing was delivered for weeks; then nothing is removed either.
constexpr std::size_t kMostUndelivered = 10'000;

}  // namespace

Result<std::uint64_t> remove_old_files(const fs::path& spool, std::string_view site, std::chrono::hours keep,
                                       store::Store& store) {
  const auto files = store.outbox().list(site, kMostUndelivered);
  if (!files) return tl::unexpected(files.error());
  std::set<std::string> undelivered;
  for (const auto& file : *files) {
    if (file.state != store::FileState::delivered) undelivered.insert(file.file.name);
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
