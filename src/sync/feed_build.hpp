#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "rithum/feed_name.hpp"
#include "rithum/feed_writer.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// How feed files of one site are written and named. Everything outlives its users.
struct FeedPlan {
  std::string site;
  const catalog::Mapping& mapping;
  rithum::FeedOptions feed;
  rithum::FeedNaming naming;
  std::filesystem::path spool;  ///< where feed files are written, and kept after their delivery
};

/// The feed file of one run: begun with its first row, staged in the outbox beside it, and either sealed or gone
/// without a trace when destroyed.
class FeedBuild {
 public:
  FeedBuild(const FeedPlan& plan, const store::Run& run, store::Outbox& outbox, Clock& clock);
  ~FeedBuild();
  FeedBuild(const FeedBuild&) = delete;
  FeedBuild& operator=(const FeedBuild&) = delete;

  /// The outbox file under way; absent before the first row.
  [[nodiscard]] std::optional<store::FileId> file() const { return file_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// `feed.refused_value` and `feed.cells` mean that this row cannot be sent; others may follow.
  Result<void> add(const catalog::Row& row, store::StagedRow staged);
  /// Stages the rows added since the last call, in one commit.
  Result<void> stage();
  /// Closes the file and makes it deliverable, with `consumed` done in the same commit. At least one row was added.
  Result<void> seal(const store::Consumed& consumed);

 private:
  Result<void> begin();

  const FeedPlan& plan_;
  const store::Run& run_;
  store::Outbox& outbox_;
  Clock& clock_;
  std::string name_;
  std::optional<rithum::FeedWriter> writer_;
  std::optional<store::FileId> file_;
  std::vector<store::StagedRow> unstaged_;
  bool sealed_ = false;
};

}  // namespace product_sync::sync
