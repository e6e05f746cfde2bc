#include "sync/feed_build.hpp"

#include <fmt/format.h>

#include <array>
#include <system_error>
#include <utility>

namespace product_sync::sync {
namespace {

using catalog::ProductKind;

constexpr std::size_t kLinesAtOnce = 2'000;

/// What may stand in one file of several, in the order of a feed.
struct Group {
  std::array<std::optional<ProductKind>, 2> kinds;
};
constexpr std::array kGroups{
    Group{{ProductKind::parent, ProductKind::item}},
    Group{{ProductKind::child, std::nullopt}},
    Group{{ProductKind::kit, std::nullopt}},
};

}  // namespace

/// The files of one feed while they are written. Those that were not handed over are removed.
class FeedBuild::Parts {
 public:
  Parts(const FeedBuild& build, bool split) : build_(build), split_(split) {}
  ~Parts() {
    std::error_code ignored;  // the files belong to nobody; a leftover only costs disk
    for (const auto& part : finished_) std::filesystem::remove(part.path, ignored);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  Result<void> append(std::string_view line) {
    if (writer_ && split_ && is_full(line.size())) {
      if (auto closed = close(); !closed) return closed;
    }
    if (!writer_) {
      if (auto opened = open(); !opened) return opened;
    }
    return writer_->append_line(line);
  }

  /// Whatever follows goes into another file, when there are several.
  Result<void> end_group() { return split_ && writer_ ? close() : Result<void>{}; }

  Result<void> close() {
    if (!writer_) return {};
    auto file = writer_->finish();
    if (!file) return tl::unexpected(std::move(file.error()));
    finished_.push_back({file->path.filename().string(), file->path, file->rows, file->bytes, file->sha256});
    writer_.reset();
    return {};
  }

  [[nodiscard]] const std::vector<store::SealedFile>& finished() const { return finished_; }
  void hand_over() { finished_.clear(); }

 private:
  [[nodiscard]] bool is_full(std::size_t next) const {
    const auto& limits = build_.plan_.limits;
    return (limits.rows > 0 && writer_->rows() >= limits.rows) ||
           (limits.bytes > 0 && writer_->rows() > 0 && writer_->bytes() + next > limits.bytes);
  }

  Result<void> open() {
    auto part = fmt::format("{}-{}", build_.run_.id, *build_.file_);
    // Names sort in the order of delivery, should several files lie there at once.
    if (split_) part += fmt::format("-{:04}", finished_.size() + 1);
    auto name = rithum::feed_name(build_.plan_.naming,
                                  {build_.plan_.site, std::string(store::to_text(build_.run_.what.type)),
                                   build_.begun_, std::move(part)});
    if (!name) return tl::unexpected(std::move(name.error()));
    auto writer = rithum::FeedWriter::create(build_.plan_.spool / *name, *build_.format_);
    if (!writer) return tl::unexpected(std::move(writer.error()));
    writer_.emplace(std::move(*writer));
    return {};
  }

  const FeedBuild& build_;
  const bool split_;
  std::optional<rithum::FeedWriter> writer_;
  std::vector<store::SealedFile> finished_;
};

FeedBuild::FeedBuild(const FeedPlan& plan, const store::Run& run, store::Outbox& outbox, Clock& clock)
    : plan_(plan), run_(run), outbox_(outbox), clock_(clock) {}

FeedBuild::~FeedBuild() {
  if (sealed_ || !file_) return;
  // Should this fail, the run's end or the next start discards what its unsealed file left behind.
  static_cast<void>(outbox_.discard(*file_));
}

Result<void> FeedBuild::prepare() {
  if (format_) return {};
  if (auto named = rithum::check(plan_.naming); !named) return named;
  auto format = rithum::FeedFormat::create(plan_.mapping, plan_.feed);
  if (!format) return tl::unexpected(std::move(format.error()));
  format_.emplace(std::move(*format));
  return {};
}

Result<void> FeedBuild::begin() {
  if (auto prepared = prepare(); !prepared) return prepared;
  auto lines = RowSpool::create(plan_.spool);
  if (!lines) return tl::unexpected(std::move(lines.error()));
  begun_ = clock_.now();
  const auto file = outbox_.open(plan_.site, run_.id, begun_);
  if (!file) return tl::unexpected(file.error());
  lines_.emplace(std::move(*lines));
  file_ = *file;
  return {};
}

Result<void> FeedBuild::add(const catalog::Row& row, store::StagedRow staged) {
  if (!file_) {
    if (auto begun = begin(); !begun) return begun;
  }
  const auto line = format_->line(row);
  if (!line) return tl::unexpected(line.error());
  const auto at = lines_->append(*line);
  if (!at) return tl::unexpected(at.error());
  staged.line_at = *at;
  staged.line_bytes = line->size();
  ++rows_[staged.kind];
  unstaged_.push_back(std::move(staged));
  return {};
}

Result<void> FeedBuild::check(const catalog::Row& row) {
  if (auto prepared = prepare(); !prepared) return prepared;
  const auto line = format_->line(row);
  if (!line) return tl::unexpected(line.error());
  return {};
}

Result<void> FeedBuild::stage() {
  if (unstaged_.empty()) return {};
  if (auto staged = outbox_.stage(*file_, unstaged_); !staged) return staged;
  unstaged_.clear();
  return {};
}

Result<bool> FeedBuild::take_back(const std::string& sku_key) {
  if (!file_) return false;
  if (auto staged = stage(); !staged) return tl::unexpected(staged.error());
  return outbox_.unstage(*file_, sku_key);
}

Result<void> FeedBuild::write_kind(Parts& parts, ProductKind kind) {
  std::int64_t after = 0;
  while (true) {
    const auto lines = outbox_.lines(*file_, kind, after, kLinesAtOnce);
    if (!lines) return tl::unexpected(lines.error());
    for (const auto& line : *lines) {
      const auto text = lines_->read(line.at, line.bytes);
      if (!text) return tl::unexpected(text.error());
      if (auto written = parts.append(*text); !written) return written;
    }
    if (lines->size() < kLinesAtOnce) return {};
    after = lines->back().number;
  }
}

Result<void> FeedBuild::write(Parts& parts) {
  for (const auto& group : kGroups) {
    for (const auto& kind : group.kinds) {
      if (!kind || !rows_.contains(*kind)) continue;
      if (auto written = write_kind(parts, *kind); !written) return written;
    }
    if (auto ended = parts.end_group(); !ended) return ended;
  }
  return parts.close();
}

bool FeedBuild::must_split() const {
  std::uint64_t rows = 0;
  for (const auto& [kind, count] : rows_) rows += count;
  const auto& limits = plan_.limits;
  return (limits.rows > 0 && rows > limits.rows) || (limits.bytes > 0 && lines_->bytes() > limits.bytes);
}

Result<std::optional<FeedBuild::Sealed>> FeedBuild::seal(const store::Consumed& consumed) {
  if (!file_) return std::nullopt;
  if (auto staged = stage(); !staged) return tl::unexpected(staged.error());
  Parts parts(*this, must_split());
  if (auto written = write(parts); !written) return tl::unexpected(written.error());
  if (parts.finished().empty()) return std::nullopt;  // every row was taken back
  const auto last = outbox_.seal(*file_, parts.finished(), consumed, clock_.now());
  if (!last) return tl::unexpected(last.error());
  Sealed sealed{*last, {}};
  for (const auto& part : parts.finished()) {
    if (!sealed.names.empty()) sealed.names += ' ';
    sealed.names += part.name;
  }
  parts.hand_over();
  sealed_ = true;
  return sealed;
}

bool is_of_one_row(const Error& error) { return error.code == "feed.refused_value" || error.code == "feed.cells"; }

}  // namespace product_sync::sync
