#pragma once

#include "store/ledger.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteLedger final : public Ledger {
 public:
  explicit SqliteLedger(SqliteDatabase& database) : database_(database) {}

  Result<std::map<std::string, Known>> known(std::string_view site, std::span<const std::string> sku_keys,
                                             std::optional<FileId> own_file) override;
  Result<std::optional<catalog::ToldValues>> told(std::string_view site, std::string_view sku_key,
                                                  std::optional<FileId> own_file) override;
  using Ledger::record;
  Result<void> record(std::string_view site, std::string_view run_id, std::span<const StateChange> changes,
                      std::span<const std::string> unchanged, Instant now) override;
  Result<void> note_sources(std::string_view site, std::span<const SourceNote> notes) override;
  Result<std::optional<LedgerEntry>> find(std::string_view site, std::string_view sku_key) override;
  Result<std::map<std::string, LedgerEntry>> find(std::string_view site,
                                                  std::span<const std::string> sku_keys) override;
  Result<std::uint64_t> withdrawn_since(std::string_view site, Instant since) override;
  Result<std::vector<Relative>> family(std::string_view site, std::string_view parent_sku) override;
  Result<std::vector<LedgerEntry>> list(std::string_view site, const LedgerFilter& filter) override;
  Result<std::vector<Owner>> on_channels(std::string_view site, std::string_view after_key,
                                         std::size_t limit) override;
  Result<std::map<ProductState, std::uint64_t>> counts(std::string_view site) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
