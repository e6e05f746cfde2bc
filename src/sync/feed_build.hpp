#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "catalog/removal_guard.hpp"
#include "rithum/feed_name.hpp"
#include "rithum/feed_writer.hpp"
#include "store/store.hpp"
#include "sync/row_spool.hpp"

namespace product_sync::sync {

/// How much one feed file holds at most; 0 = no limit.
struct FileLimits {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

/// How feed files of one site are written and named. Everything outlives its users.
struct FeedPlan {
  std::string site;
  const catalog::Mapping& mapping;
  rithum::FeedOptions feed;
  rithum::FeedNaming naming;
  std::filesystem::path spool;  ///< where feed files are written, and kept after their delivery
  FileLimits limits = {};
  catalog::RemovalGuard guard = {};  ///< of withdrawals
  std::string configuration = {};  ///< of the site, as YAML without secrets: kept with what was made under it
  bool trust_sources = true;  ///< whether what SourceCheck says is followed; otherwise every item is mapped again
};

/// The feed of one run: begun with its first row and staged in the outbox row by row, in whatever order rows come; sealed
/// as one or more files in the order of a feed, or gone without a trace when destroyed. Memory is one page of rows.
class FeedBuild {
 public:
  FeedBuild(const FeedPlan& plan, const store::Run& run, store::Outbox& outbox, Clock& clock);
  ~FeedBuild();
  FeedBuild(const FeedBuild&) = delete;
  FeedBuild& operator=(const FeedBuild&) = delete;

  /// The outbox file under way; absent before the first row.
  [[nodiscard]] std::optional<store::FileId> file() const { return file_; }

  /// Errors that is_of_one_row() mean that this row cannot be sent; others may follow.
  Result<void> add(const catalog::Row& row, store::StagedRow staged);
  /// Whether add() would take the row; nothing is kept of it.
  Result<void> check(const catalog::Row& row);
  /// Stages the rows added since the last call, in one commit.
  Result<void> stage();
  /// Takes back the row of a SKU; whether there was one.
  Result<bool> take_back(const std::string& sku_key);

  struct Sealed {
    store::FileId last = 0;  ///< the files are delivered in order, this one last
    std::string names;       ///< separated by blanks
  };
  /// Writes the files and makes them deliverable, with `consumed` done in the same commit. Nothing when there are no
  /// rows; then nothing is consumed either.
  ///
  /// A run whose rows do not fit into one file never puts a parent and its children, or a component and its bundle, into
  /// the same one: Rithum splits large files, and the pieces may meet (rithum.md §1.6, §3.1).
  Result<std::optional<Sealed>> seal(const store::Consumed& consumed);

 private:
  class Parts;
  Result<void> prepare();
  Result<void> begin();
  [[nodiscard]] bool must_split() const;
  Result<void> write(Parts& parts);
  Result<void> write_kind(Parts& parts, catalog::ProductKind kind);

  const FeedPlan& plan_;
  const store::Run& run_;
  store::Outbox& outbox_;
  Clock& clock_;
  std::optional<rithum::FeedFormat> format_;
  std::optional<RowSpool> lines_;
  std::optional<store::FileId> file_;
  Instant begun_;
  std::map<catalog::ProductKind, std::uint64_t> rows_;  ///< added, those taken back included
  std::vector<store::StagedRow> unstaged_;
  bool sealed_ = false;
};

/// Whether the error of FeedBuild::add() is about that row alone: `feed.refused_value`, `feed.cells`.
[[nodiscard]] bool is_of_one_row(const Error& error);

}  // namespace product_sync::sync
