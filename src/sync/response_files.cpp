#include "sync/response_files.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "rithum/result_file.hpp"
#include "sync/subject.hpp"

namespace product_sync::sync {
namespace {

/// Rows that one commit settles.
constexpr std::size_t kRowsPerCommit = 1'000;
/// Files that one round reads; the next one goes on.
constexpr std::size_t kFilesPerRound = 200;
/// A file that was not written to for so long is whole, as is one that two looks found equally long.
constexpr std::chrono::minutes kStill{1};

/// Whether the file is among these, with the size it has.
bool has_size(const std::map<std::string, std::uint64_t>& sizes, const transfer::RemoteFile& file) {
  const auto found = sizes.find(file.name);
  return found != sizes.end() && found->second == file.bytes;
}

/// What is being waited for comes before what has been lying there.
std::vector<const transfer::RemoteFile*> newest_first(const std::map<std::string, transfer::RemoteFile>& files) {
  std::vector<const transfer::RemoteFile*> sorted;
  for (const auto& [name, file] : files) sorted.push_back(&file);
  std::ranges::sort(sorted, [](const auto* one, const auto* other) {
    return std::tie(one->modified, one->name) > std::tie(other->modified, other->name);
  });
  return sorted;
}

}  // namespace

ResponseFiles::ResponseFiles(Options options, transfer::Destination& place, store::Store& store, Clock& clock,
                             Logger& log)
    : options_(std::move(options)), place_(place), store_(store), clock_(clock), log_(log) {}

Result<ResponseCounts> ResponseFiles::round(std::stop_token stop) {
  const auto present = look(stop);
  if (!present) return tl::unexpected(present.error());
  const auto read = store_.proofs().responses_read(options_.site);
  if (!read) return tl::unexpected(read.error());
  if (auto forgotten = remember_only(*present, *read); !forgotten) return tl::unexpected(forgotten.error());

  ResponseCounts counts;
  std::size_t taken = 0;
  for (const auto* file : newest_first(*present)) {
    if (has_size(unreadable_, *file)) ++counts.unreadable;
    if (has_size(*read, *file) || has_size(unreadable_, *file) || !is_whole(*file)) continue;
    if (++taken > kFilesPerRound) break;
    if (auto done = take(*file, counts, stop); !done) return tl::unexpected(done.error());
  }
  seen_.clear();
  for (const auto& [name, file] : *present) seen_.emplace(name, file.bytes);
  return counts;
}

/// The files whose names fit.
Result<ResponseFiles::Listing> ResponseFiles::look(std::stop_token stop) {
  auto files = place_.list(std::move(stop));
  if (!files) return tl::unexpected(files.error());
  Listing fitting;
  for (auto& file : *files) {
    if (::fnmatch(options_.names.c_str(), file.name.c_str(), FNM_PERIOD) != 0) continue;
    auto name = file.name;
    fitting.insert_or_assign(std::move(name), std::move(file));
  }
  return fitting;
}

/// What was read has to be remembered for as long as it lies there, and no longer.
Result<void> ResponseFiles::remember_only(const Listing& present, const std::map<std::string, std::uint64_t>& read) {
  std::vector<std::string> gone;
  for (const auto& [name, bytes] : read) {
    if (!present.contains(name)) gone.push_back(name);
  }
  return store_.proofs().forget_responses(options_.site, gone);
}

bool ResponseFiles::is_whole(const transfer::RemoteFile& file) const {
  if (has_size(seen_, file)) return true;
  return file.modified && *file.modified + kStill <= clock_.now();
}

/// Errors of the file itself are told, and leave the others their turn; of the place and of the store they are returned.
Result<void> ResponseFiles::take(const transfer::RemoteFile& file, ResponseCounts& counts, std::stop_token stop) {
  const auto cannot_read = [&](const Error& error) {
    ++counts.unreadable;
    unreadable_[file.name] = file.bytes;
    log_.error("response_file.unreadable", error.text(),
               {{"site", options_.site}, {"file", file.name}, {"code", error.code}});
  };
  const auto scope = scope_of(file);
  if (!scope && scope.error().code != "response_file.unknown_age") return tl::unexpected(scope.error());
  if (!scope) return cannot_read(scope.error()), Result<void>{};
  if (!*scope) return {};
  const rithum::ResultFile local(options_.directory);
  const auto fetched = place_.get(file.name, local.path(), options_.longest, std::move(stop));
  if (!fetched && fetched.error().code != "transfer.too_large") return tl::unexpected(fetched.error());
  if (!fetched) return cannot_read(fetched.error()), Result<void>{};
  if (*fetched != file.bytes) return {};  // it grows: the next look finds it with its new size

  // Read as a whole before the first row counts.
  const auto fault = rithum::read_response_file(local.path(), file.name, options_.format, [](auto&&) { return Result<void>{}; });
  if (!fault) return cannot_read(fault.error()), Result<void>{};
  auto read = settle(local.path(), file, **scope);
  if (!read) return tl::unexpected(read.error());
  if (auto kept = store_.proofs().response_read(options_.site, *read, clock_.now()); !kept) return kept;
  ++counts.files;
  counts.confirmed += read->confirmed;
  counts.rejected += read->rejected;
  report(*read);
  return {};
}

/// Which rows the file can be about.
Result<std::optional<store::ResponseScope>> ResponseFiles::scope_of(const transfer::RemoteFile& file) {
  const auto answered = store_.proofs().answered_file(options_.site, file.name);
  if (!answered) return tl::unexpected(answered.error());
  if (*answered && !(*answered)->in_ledger) return std::optional<store::ResponseScope>{};
  if (*answered) return std::optional(store::ResponseScope{(*answered)->id, {}});
  if (file.modified) return std::optional(store::ResponseScope{std::nullopt, *file.modified});
  return fail("response_file.unknown_age",
              fmt::format("The response file {} of site {} has no feed file's name in its own, and {} does not tell when it "
                          "was written: it may be about rows that were sent before those that wait for an answer.",
                          file.name, options_.site, place_.describe()),
              "Narrow confirmation.response_files.names to the files that belong to feed files.");
}

Result<store::ResponseRead> ResponseFiles::settle(const std::filesystem::path& local, const transfer::RemoteFile& file,
                                                  const store::ResponseScope& scope) {
  store::ResponseRead read{file.name, file.bytes, 0, 0, 0};
  std::vector<store::RespondedRow> batch;
  const auto flush = [&]() -> Result<void> {
    const auto settled = store_.proofs().settle_responded(options_.site, scope, batch, clock_.now());
    if (!settled) return tl::unexpected(settled.error());
    read.confirmed += settled->confirmed;
    read.rejected += settled->rejected;
    batch.clear();
    return {};
  };
  const auto rows =
      rithum::read_response_file(local, file.name, options_.format, [&](rithum::ResponseRow&& row) -> Result<void> {
        batch.push_back({key_of(row.sku), row.taken, std::move(row.reason)});
        return batch.size() < kRowsPerCommit ? Result<void>{} : flush();
      });
  if (!rows) return tl::unexpected(rows.error());
  if (auto last = flush(); !last) return tl::unexpected(last.error());
  read.rows = *rows;
  return read;
}

void ResponseFiles::report(const store::ResponseRead& read) {
  const auto text = fmt::format("The response file {} of site {} has {} rows: {} products confirmed, {} rejected.", read.name,
                                options_.site, read.rows, read.confirmed, read.rejected);
  if (read.rejected > 0) {
    log_.warning("response_file.read", text, {{"site", options_.site}, {"file", read.name}});
  } else {
    log_.info("response_file.read", text, {{"site", options_.site}, {"file", read.name}});
  }
}

}  // namespace product_sync::sync
