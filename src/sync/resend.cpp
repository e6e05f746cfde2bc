#include "sync/resend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/time.hpp"
#include "sync/spool.hpp"

namespace product_sync::sync {
namespace {

using store::FileState;
using store::OutboxFile;

constexpr std::size_t kMostFiles = 10'000;  // more than the outbox remembers

bool is_meant(const OutboxFile& file, std::string_view which) {
  return std::to_string(file.id) == which || file.file.name == which || file.run_id == which;
}

/// At the destination, whether or not the ledger knows already.
bool went_out(const OutboxFile& file) {
  return file.state == FileState::delivered || file.state == FileState::applying;
}

tl::unexpected<Error> newer_sent(const OutboxFile& oldest, const std::vector<OutboxFile>& newer) {
  const auto& last = newer.back();
  return fail("files.newer_sent",
              fmt::format("{} newer {} went out after {}, the last {} at {}: older values would win in Rithum.",
                          newer.size(), newer.size() == 1 ? "file" : "files", oldest.file.name, last.file.name,
                          last.delivered ? to_iso8601(*last.delivered) : "this moment"),
              "Send the newer ones again behind it (--with-newer), or insist (--force): then each product that a newer "
              "file told of is sent whole when it is next read, by the next full sync at the latest.");
}

}  // namespace

Result<std::vector<OutboxFile>> resend(std::string_view site, std::string_view which, NewerFiles newer,
                                       store::Store& store, Instant now) {
  auto files = store.outbox().list(site, kMostFiles);
  if (!files) return tl::unexpected(std::move(files.error()));
  std::reverse(files->begin(), files->end());  // oldest first
  std::vector<OutboxFile> chosen;
  std::vector<OutboxFile> sent_since;
  for (auto& file : *files) {
    if (is_meant(file, which)) {
      chosen.push_back(std::move(file));
    } else if (!chosen.empty() && went_out(file)) {
      sent_since.push_back(std::move(file));
    }
  }
  if (chosen.empty()) {
    return fail("files.not_found", fmt::format("Site {} has no file, and no run with files, \"{}\".", site, which),
                "\"product-sync files list\" shows them, with their ids and runs.");
  }
  if (newer == NewerFiles::refuse && !sent_since.empty()) return newer_sent(chosen.front(), sent_since);
  if (newer == NewerFiles::along) {
    std::move(sent_since.begin(), sent_since.end(), std::back_inserter(chosen));
    std::ranges::sort(chosen, {}, &OutboxFile::id);
  }
  std::vector<store::FileId> ids;
  for (const auto& file : chosen) {
    if (file.state != FileState::delivered) {
      return fail("files.not_delivered", fmt::format("{} has not been delivered yet.", file.file.name),
                  "It goes out by itself, or can be dropped.");
    }
    if (auto sound = check_spooled(file); !sound) {
      return fail(sound.error().code, sound.error().message,
                  "It cannot be sent again; a full sync sends what differs.");
    }
    ids.push_back(file.id);
  }
  if (auto done = store.outbox().deliver_again(ids, newer == NewerFiles::ignore, now); !done) {
    return tl::unexpected(done.error());
  }
  return chosen;
}

}  // namespace product_sync::sync
