#include "sync/feed_build.hpp"

#include <system_error>
#include <utility>

namespace product_sync::sync {

FeedBuild::FeedBuild(const FeedPlan& plan, const store::Run& run, store::Outbox& outbox, Clock& clock)
    : plan_(plan), run_(run), outbox_(outbox), clock_(clock) {}

FeedBuild::~FeedBuild() {
  if (sealed_ || !file_) return;
  writer_.reset();  // removes the unfinished file
  // Should this fail, the run's end or the next start discards what its unsealed file left behind.
  static_cast<void>(outbox_.discard(*file_));
}

Result<void> FeedBuild::begin() {
  const auto now = clock_.now();
  auto name = rithum::feed_name(plan_.naming, {plan_.site, std::string(store::to_text(run_.what.type)), now, run_.id});
  if (!name) return tl::unexpected(std::move(name.error()));
  auto writer = rithum::FeedWriter::create(plan_.spool / *name, plan_.mapping, plan_.feed);
  if (!writer) return tl::unexpected(std::move(writer.error()));
  const auto file = outbox_.open(plan_.site, run_.id, now);
  if (!file) return tl::unexpected(file.error());
  name_ = std::move(*name);
  writer_.emplace(std::move(*writer));
  file_ = *file;
  return {};
}

Result<void> FeedBuild::add(const catalog::Row& row, store::StagedRow staged) {
  if (!file_) {
    if (auto begun = begin(); !begun) return begun;
  }
  if (auto written = writer_->append(row); !written) return written;
  unstaged_.push_back(std::move(staged));
  return {};
}

Result<void> FeedBuild::stage() {
  if (unstaged_.empty()) return {};
  if (auto staged = outbox_.stage(*file_, unstaged_); !staged) return staged;
  unstaged_.clear();
  return {};
}

Result<void> FeedBuild::seal(const store::Consumed& consumed) {
  if (auto staged = stage(); !staged) return staged;
  auto written = writer_->finish();
  if (!written) return tl::unexpected(std::move(written.error()));
  const store::SealedFile sealed{name_, written->path, written->rows, written->bytes, written->sha256};
  if (auto done = outbox_.seal(*file_, sealed, consumed, clock_.now()); !done) {
    std::error_code ignored;  // the file belongs to nobody now; a leftover only costs disk
    std::filesystem::remove(written->path, ignored);
    return done;
  }
  sealed_ = true;
  return {};
}

}  // namespace product_sync::sync
