#pragma once

#include <chrono>

#include "store/outbox.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_inbox.hpp"

namespace product_sync::store {

class SqliteOutbox final : public Outbox {
 public:
  /// Delivered files are remembered for at least `remember`.
  SqliteOutbox(SqliteDatabase& database, SqliteInbox& inbox, std::chrono::hours remember, Logger& log)
      : database_(database), inbox_(inbox), remember_(remember), log_(log) {}

  Result<FileId> open(std::string_view site, std::string_view run_id, Instant now) override;
  Result<void> stage(FileId file, std::span<const StagedRow> rows) override;
  Result<bool> unstage(FileId file, std::string_view sku_key) override;
  Result<std::vector<StagedLine>> lines(FileId file, catalog::ProductKind kind, std::int64_t after,
                                        std::size_t limit) override;
  using Outbox::seal;
  Result<FileId> seal(FileId file, std::span<const SealedFile> parts, const Consumed& consumed, Instant now) override;
  Result<void> discard(FileId file) override;
  Result<std::optional<OutboxFile>> next(std::string_view site) override;
  Result<std::uint64_t> waiting_count(std::string_view site) override;
  using Outbox::delivered;
  Result<Applied> delivered(FileId file, const Receipt& receipt, Instant now) override;
  Result<std::uint64_t> drop(FileId file, Instant now) override;
  Result<void> deliver_again(std::span<const FileId> files, bool forget_newer, Instant now) override;
  Result<void> failed(FileId file, const Error& error, Instant next_attempt, Instant now) override;
  Result<std::optional<OutboxFile>> find(FileId file) override;
  Result<std::vector<ChangedValue>> changed_values(FileId file, std::string_view key) override;
  Result<void> remark(FileId file, std::string_view sku_key, std::string_view code, std::string_view text) override;
  Result<std::vector<OutboxFile>> list(std::string_view site, std::size_t limit) override;

 private:
  SqliteDatabase& database_;
  SqliteInbox& inbox_;
  const std::chrono::hours remember_;
  Logger& log_;
};

/// Within a transaction: forgets the files of a run that were never sealed.
[[nodiscard]] Result<void> discard_unsealed(Connection& connection, std::string_view run_id);

[[nodiscard]] Result<std::optional<OutboxFile>> find_file(Connection& connection, FileId id);

}  // namespace product_sync::store
