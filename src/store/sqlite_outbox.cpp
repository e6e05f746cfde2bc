#include "store/sqlite_outbox.hpp"

#include <fmt/format.h>

#include "store/json_columns.hpp"
#include "store/statements.hpp"
#include "store/states.hpp"

namespace product_sync::store {
namespace {

// Rows of a file that one commit works off: seconds of the writer's time, some MB of the log.
constexpr std::int64_t kSlice = 20'000;
// Delivered files that are remembered per site, however old; and how many are forgotten with each delivery at most.
constexpr std::int64_t kRemembered = 1'000;
constexpr std::int64_t kFilesForgottenAtOnce = 100;

Result<OutboxFile> read_file(const Query& query) {
  const auto state = parse_file_state(query.view(3));
  if (!state) {
    return fail("store.corrupt", fmt::format("outbox file {} has a state '{}'", query.integer(0), query.view(3)),
                "restore the data directory from a backup");
  }
  OutboxFile file;
  file.id = query.integer(0);
  file.site = query.text(1);
  file.run_id = query.text(2);
  file.state = *state;
  file.file = SealedFile{query.text(4), query.text(5), query.count(6), query.count(7), query.text(8)};
  file.attempts = static_cast<int>(query.integer(9));
  file.last_error = query.text(10);
  file.next_attempt = query.optional_instant(11);
  file.created = query.instant(12);
  file.delivered = query.optional_instant(13);
  file.route = query.view(14) == to_text(Route::api) ? Route::api : Route::transfer;
  file.sealed = query.optional_instant(15);
  return file;
}

Result<std::vector<OutboxFile>> read_files(Query query) {
  std::vector<OutboxFile> files;
  while (query.next()) {
    auto file = read_file(query);
    if (!file) return tl::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return files;
}

/// The file, when it is in that state. Errors `outbox.not_found`, `outbox.not_writing`, `outbox.not_sealed`.
Result<OutboxFile> expect_file(Connection& connection, FileId id, FileState state) {
  auto files = read_files(connection.query(sql::outbox::kFile, id));
  if (!files) return tl::unexpected(files.error());
  if (files->empty()) return fail("outbox.not_found", fmt::format("the outbox has no file {}", id));
  auto& file = files->front();
  if (file.state == state) return std::move(file);
  return fail(fmt::format("outbox.not_{}", to_text(state)),
              fmt::format("file {} of the outbox is {}, not {}", id, to_text(file.state), to_text(state)));
}

/// What a row is staged with, made by its caller's thread.
struct StagedTexts {
  std::string told;
  std::string plan;
};

Result<void> stage_row(Connection& connection, FileId file, const StagedRow& row, const StagedTexts& texts) {
  const auto put = [&](const char* statement) {
    return connection.run(statement, file, row.sku_key, row.sku, row.inventory_id, row.content_hash, row.read_at,
                          catalog::to_text(row.kind), catalog::feed_rank(row.kind), row.parent, row.line_at,
                          row.line_bytes, row.reason_code, row.reason, row.withdrawn, texts.plan, row.source_hash);
  };
  if (auto staged = put(sql::outbox::kStage); !staged) return staged;
  if (connection.changes() > 0) return connection.run(sql::outbox::kStageContent, connection.last_id(), texts.told);
  if (auto staged = put(sql::outbox::kRestage); !staged) return staged;
  return connection.run(sql::outbox::kRestageContent, file, row.sku_key, texts.told);
}

Result<void> forget_file(Connection& connection, FileId id) {
  for (const char* statement : {sql::outbox::kDiscardContent, sql::outbox::kForgetStaged, sql::outbox::kForgetFile}) {
    if (auto done = connection.run(statement, id); !done) return done;
  }
  return {};
}

Result<void> consume(Connection& connection, const OutboxFile& by, const Consumed& consumed) {
  for (const auto sequence : consumed.notifications) {
    if (auto done = connection.run(sql::consumed::kAdd, by.site, sequence, by.run_id); !done) return done;
  }
  for (const auto& inventory_id : consumed.retried) {
    if (auto done = connection.run(sql::retries::kRemove, by.site, inventory_id); !done) return done;
  }
  return {};
}

Result<void> seal_one(Connection& connection, FileId id, const SealedFile& sealed, Instant now) {
  return connection.run(sql::outbox::kSeal, id, sealed.name, sealed.path.string(), sealed.rows, sealed.bytes,
                        sealed.sha256, now);
}

/// Seals `file` as the first part and gives the rows of the others to files of their own. Returns the last one's id.
Result<FileId> seal_parts(Connection& connection, const OutboxFile& file, std::span<const SealedFile> parts,
                          Instant now) {
  if (auto sealed = seal_one(connection, file.id, parts.front(), now); !sealed) return tl::unexpected(sealed.error());
  std::vector<FileId> ids{file.id};
  for (const auto& part : parts.subspan(1)) {
    if (auto made = connection.run(sql::outbox::kOpen, file.site, file.run_id, now); !made) {
      return tl::unexpected(made.error());
    }
    ids.push_back(connection.last_id());
    if (auto sealed = seal_one(connection, ids.back(), part, now); !sealed) return tl::unexpected(sealed.error());
  }
  // From the end, so that "the last rows that `file` still has" are those of the part.
  for (std::size_t i = parts.size() - 1; i > 0; --i) {
    if (auto moved = connection.run(sql::outbox::kMoveLast, file.id, ids[i], parts[i].rows); !moved) {
      return tl::unexpected(moved.error());
    }
  }
  return ids.back();
}

/// Some of a file's staged rows: those up to `last`.
struct Slice {
  std::int64_t last = 0;
  std::int64_t rows = 0;
};

Result<Slice> next_slice(Connection& connection, FileId file) {
  Slice slice;
  auto query = connection.query(sql::outbox::kSliceEnd, file, kSlice);
  while (query.next()) slice = {query.is_null(0) ? 0 : query.integer(0), query.integer(1)};
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return slice;
}

/// The file, when it is in that state or already in the one that follows; then brought there by `enter`.
template <class Enter>
Result<OutboxFile> enter_state(Connection& connection, FileId id, FileState from, FileState to, Enter enter) {
  auto file = expect_file(connection, id, to);
  if (file) return file;
  file = expect_file(connection, id, from);
  if (!file) return file;
  if (auto entered = enter(); !entered) return tl::unexpected(entered.error());
  return expect_file(connection, id, to);
}

/// Moves rows of a file that has arrived into the ledger.
Result<void> apply_slice(Connection& connection, const OutboxFile& file, const Slice& slice, Applied& applied) {
  const auto at = *file.delivered;
  if (auto done = connection.run(sql::history::kRows, file.id, slice.last, file.site); !done) return done;
  auto overtaken = connection.query(sql::outbox::kRetryOvertaken, file.id, slice.last, file.site, at, file.run_id);
  while (overtaken.next()) applied.overtaken.push_back(overtaken.text(0));
  if (auto end = overtaken.end(); !end) return end;

  if (auto done = connection.run(sql::outbox::kForgetOldContent, file.id, slice.last, file.site); !done) return done;
  if (auto done = connection.run(sql::outbox::kApply, file.id, slice.last, file.site, at, file.run_id); !done) {
    return done;
  }
  applied.rows += connection.changes();
  return connection.run(sql::outbox::kForgetSlice, file.id, slice.last);
}

/// Takes rows of a file that was given up out of everything that counts on them.
Result<void> drop_slice(Connection& connection, const OutboxFile& file, const Slice& slice, Instant now) {
  if (auto done = connection.run(sql::history::kRows, file.id, slice.last, file.site); !done) return done;
  if (auto done = connection.run(sql::outbox::kRetryDropped, file.id, slice.last, file.site, now, file.run_id); !done) {
    return done;
  }
  if (auto done = connection.run(sql::outbox::kNoLongerPending, file.id, slice.last, file.site, now); !done) return done;
  for (const char* statement : {sql::outbox::kForgetSliceContent, sql::outbox::kForgetSlice}) {
    if (auto done = connection.run(statement, file.id, slice.last); !done) return done;
  }
  return {};
}

/// Ends the work on a file whose last slice is done. Files delivered before `forget_before` need not be remembered.
Result<void> settle(Connection& connection, const OutboxFile& file, FileState state, Instant forget_before) {
  if (auto done = connection.run(sql::outbox::kSetState, file.id, to_text(state)); !done) return done;
  return connection.run(sql::outbox::kPrune, file.site, kRemembered, forget_before, kFilesForgottenAtOnce);
}

Result<void> note(Connection& connection, FileId file, FileEventKind kind, std::string_view code,
                  std::string_view text, Instant now) {
  return connection.run(sql::history::kFileEvent, file, now, to_text(kind), code, text);
}

/// The outcome of what went through the interface is asked for later.
Result<void> begin_upload(Connection& connection, FileId id, const Receipt& receipt, Instant now) {
  if (receipt.route != Route::api) return {};
  if (auto started = connection.run(sql::proofs::kStart, id, receipt.upload_token, now); !started) return started;
  return connection.run(sql::proofs::kStartRows, id);
}

Result<void> arrive(Connection& connection, FileId id, const Receipt& receipt, Instant now) {
  if (auto done = connection.run(sql::outbox::kArrived, id, now, to_text(receipt.route)); !done) return done;
  if (auto noted = note(connection, id, FileEventKind::delivered, to_text(receipt.route), receipt.destination, now);
      !noted) {
    return noted;
  }
  return begin_upload(connection, id, receipt, now);
}

/// One commit's share of a delivery; whether it was the last.
Result<bool> apply_some(Connection& connection, FileId id, const Receipt& receipt, Instant now,
                        std::chrono::hours remember, Applied& applied) {
  const auto file = enter_state(connection, id, FileState::sealed, FileState::applying,
                                [&] { return arrive(connection, id, receipt, now); });
  if (!file) return tl::unexpected(file.error());
  const auto slice = next_slice(connection, id);
  if (!slice) return tl::unexpected(slice.error());
  if (auto done = apply_slice(connection, *file, *slice, applied); !done) return tl::unexpected(done.error());
  if (slice->rows == kSlice) return false;
  if (auto done = settle(connection, *file, FileState::delivered, now - remember); !done) return tl::unexpected(done.error());
  return true;
}

Result<void> give_up(Connection& connection, FileId id, Instant now) {
  if (auto done = connection.run(sql::outbox::kGiveUp, id); !done) return done;
  return note(connection, id, FileEventKind::dropped, {}, {}, now);
}

/// One commit's share of giving a file up; whether it was the last.
Result<bool> drop_some(Connection& connection, FileId id, Instant now, std::chrono::hours remember,
                       std::uint64_t& rows) {
  const auto file = enter_state(connection, id, FileState::sealed, FileState::dropping,
                                [&] { return give_up(connection, id, now); });
  if (!file) return tl::unexpected(file.error());
  const auto slice = next_slice(connection, id);
  if (!slice) return tl::unexpected(slice.error());
  if (auto done = drop_slice(connection, *file, *slice, now); !done) return tl::unexpected(done.error());
  rows += static_cast<std::uint64_t>(slice->rows);
  if (slice->rows == kSlice) return false;
  if (auto done = settle(connection, *file, FileState::dropped, now - remember); !done) return tl::unexpected(done.error());
  return true;
}

/// Commits `share(connection, total)` after share, adding up what they did, until one says that it was the last.
template <class Total, class Share>
Result<Total> in_shares(SqliteDatabase& database, Share share) {
  Total total{};
  for (bool last = false; !last;) {
    auto after = total;  // counts only once it is committed
    const auto done = database.write([&](Connection& connection) { return share(connection, after); });
    if (!done) return tl::unexpected(done.error());
    total = std::move(after);
    last = *done;
  }
  return total;
}

}  // namespace

Result<void> discard_unsealed(Connection& connection, std::string_view run_id) {
  std::vector<FileId> files;
  {
    auto query = connection.query(sql::outbox::kUnsealedOfRun, run_id);
    while (query.next()) files.push_back(query.integer(0));
    if (auto end = query.end(); !end) return end;
  }
  for (const auto file : files) {
    if (auto done = forget_file(connection, file); !done) return done;
  }
  return {};
}

Result<std::optional<OutboxFile>> find_file(Connection& connection, FileId id) {
  auto files = read_files(connection.query(sql::outbox::kFile, id));
  if (!files) return tl::unexpected(files.error());
  if (files->empty()) return std::nullopt;
  return std::move(files->front());
}

Result<FileId> SqliteOutbox::open(std::string_view site, std::string_view run_id, Instant now) {
  return database_.write([&](Connection& connection) -> Result<FileId> {
    if (auto done = connection.run(sql::outbox::kOpen, site, run_id, now); !done) return tl::unexpected(done.error());
    return connection.last_id();
  });
}

Result<void> SqliteOutbox::stage(FileId file, std::span<const StagedRow> rows) {
  std::vector<StagedTexts> texts;  // made here, not in the one thread that writes
  texts.reserve(rows.size());
  for (const auto& row : rows) {
    auto told = told_to_json(row.told);
    if (!told) return tl::unexpected(told.error());
    auto plan = plan_to_json(row.plan);
    if (!plan) return tl::unexpected(plan.error());
    texts.push_back({std::move(*told), std::move(*plan)});
  }
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto found = expect_file(connection, file, FileState::writing); !found) return tl::unexpected(found.error());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (auto done = stage_row(connection, file, rows[i], texts[i]); !done) return done;
    }
    return {};
  });
}

Result<bool> SqliteOutbox::unstage(FileId file, std::string_view sku_key) {
  return database_.write([&](Connection& connection) -> Result<bool> {
    if (auto found = expect_file(connection, file, FileState::writing); !found) return tl::unexpected(found.error());
    for (const char* statement : {sql::outbox::kUnstageContent, sql::outbox::kUnstage}) {
      if (auto done = connection.run(statement, file, sku_key); !done) return tl::unexpected(done.error());
    }
    return connection.changes() > 0;
  });
}

Result<std::vector<StagedLine>> SqliteOutbox::lines(FileId file, catalog::ProductKind kind, std::int64_t after,
                                                    std::size_t limit) {
  return database_.read([&](Connection& connection) -> Result<std::vector<StagedLine>> {
    std::vector<StagedLine> lines;
    auto query = connection.query(sql::outbox::kLines, file, catalog::feed_rank(kind), after, limit);
    while (query.next()) lines.push_back({query.integer(0), query.count(1), query.count(2)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return lines;
  });
}

Result<FileId> SqliteOutbox::seal(FileId id, std::span<const SealedFile> parts, const Consumed& consumed,
                                  Instant now) {
  auto last = database_.write([&](Connection& connection) -> Result<FileId> {
    auto file = expect_file(connection, id, FileState::writing);
    if (!file) return tl::unexpected(file.error());
    if (auto put = connection.run(sql::outbox::kMarkPending, id, file->site, now, file->run_id); !put) {
      return tl::unexpected(put.error());
    }
    auto sealed = seal_parts(connection, *file, parts, now);
    if (!sealed) return sealed;
    if (auto done = consume(connection, *file, consumed); !done) return tl::unexpected(done.error());
    return sealed;
  });
  if (!last || consumed.notifications.empty()) return last;
  // It is done already; who asks for pending notifications carries over what stays behind here.
  if (auto carried = inbox_.carry_over(); !carried) log_.warning("store.carry_over_failed", carried.error().text());
  return last;
}

Result<void> SqliteOutbox::discard(FileId file) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto found = expect_file(connection, file, FileState::writing); !found) return tl::unexpected(found.error());
    return forget_file(connection, file);
  });
}

Result<std::optional<OutboxFile>> SqliteOutbox::next(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::optional<OutboxFile>> {
    auto files = read_files(connection.query(sql::outbox::kNext, site));
    if (!files) return tl::unexpected(files.error());
    if (files->empty()) return std::nullopt;
    return std::move(files->front());
  });
}

Result<std::uint64_t> SqliteOutbox::waiting_count(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::uint64_t> {
    auto waiting = connection.query(sql::outbox::kCountWaiting, site);
    const auto count = waiting.next() ? waiting.count(0) : 0;
    if (auto end = waiting.end(); !end) return tl::unexpected(end.error());
    return count;
  });
}

Result<Applied> SqliteOutbox::delivered(FileId file, const Receipt& receipt, Instant now) {
  return in_shares<Applied>(database_, [&](Connection& connection, Applied& applied) {
    return apply_some(connection, file, receipt, now, remember_, applied);
  });
}

Result<std::uint64_t> SqliteOutbox::drop(FileId file, Instant now) {
  return in_shares<std::uint64_t>(database_, [&](Connection& connection, std::uint64_t& rows) {
    return drop_some(connection, file, now, remember_, rows);
  });
}

Result<void> SqliteOutbox::deliver_again(std::span<const FileId> files, bool forget_newer, Instant now) {
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto id : files) {
      const auto file = expect_file(connection, id, FileState::delivered);
      if (!file) return tl::unexpected(file.error());
      if (auto done = connection.run(sql::outbox::kSealAgain, id); !done) return done;
      if (auto noted = note(connection, id, FileEventKind::again, {}, {}, now); !noted) return noted;
      if (!forget_newer) continue;
      if (auto done = connection.run(sql::outbox::kForgetToldSince, file->site, file->delivered); !done) return done;
    }
    return {};
  });
}

Result<void> SqliteOutbox::failed(FileId file, const Error& error, Instant next_attempt, Instant now) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto found = expect_file(connection, file, FileState::sealed); !found) return tl::unexpected(found.error());
    if (auto done = connection.run(sql::outbox::kFailed, file, error.text(), next_attempt); !done) return done;
    const auto text = error.text();
    if (auto done = connection.run(sql::history::kFileFailedAgain, file, now, error.code, text); !done) return done;
    if (connection.changes() > 0) return {};
    return note(connection, file, FileEventKind::failed, error.code, text, now);
  });
}

Result<std::optional<OutboxFile>> SqliteOutbox::find(FileId file) {
  return database_.read([&](Connection& connection) { return find_file(connection, file); });
}

Result<std::vector<ChangedValue>> SqliteOutbox::changed_values(FileId file, std::string_view key) {
  return database_.read([&](Connection& connection) -> Result<std::vector<ChangedValue>> {
    std::vector<ChangedValue> changes;
    auto query = connection.query(sql::outbox::kChangedValues, file, fmt::format("$.\"{}\"", key));
    while (query.next()) changes.push_back({query.text(0), query.text(1), query.text(2), query.text(3)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return changes;
  });
}

Result<void> SqliteOutbox::remark(FileId file, std::string_view sku_key, std::string_view code, std::string_view text) {
  return database_.write([&](Connection& connection) -> Result<void> {
    return connection.run(sql::outbox::kRemark, file, sku_key, code, text);
  });
}

Result<std::vector<OutboxFile>> SqliteOutbox::list(std::string_view site, std::size_t limit) {
  return database_.read(
      [&](Connection& connection) { return read_files(connection.query(sql::outbox::kList, site, limit)); });
}

}  // namespace product_sync::store
