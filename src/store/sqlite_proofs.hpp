#pragma once

#include "store/proofs.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteProofs final : public Proofs {
 public:
  explicit SqliteProofs(SqliteDatabase& database) : database_(database) {}

  Result<std::vector<Upload>> uploads(std::string_view site) override;
  Result<Settled> settle(FileId file, std::span<const RefusedRow> refused, OtherRows others,
                         std::string_view why, Instant now) override;
  Result<std::optional<AnsweredFile>> answered_file(std::string_view site, std::string_view response_name) override;
  Result<Settled> settle_responded(std::string_view site, const ResponseScope& scope,
                                   std::span<const RespondedRow> rows, Instant now) override;
  Result<void> response_read(std::string_view site, const ResponseRead& read, Instant now) override;
  Result<std::map<std::string, std::uint64_t>> responses_read(std::string_view site) override;
  Result<void> forget_responses(std::string_view site, std::span<const std::string> names) override;
  Result<std::vector<UnprovenProduct>> lacking(std::string_view site, Lack lack, std::string_view after_key,
                                               Instant sent_before, std::size_t limit) override;
  Result<std::optional<Instant>> oldest_unproven(std::string_view site) override;
  Result<void> record(std::string_view site, std::span<const Finding> findings, Instant now) override;
  Result<std::uint64_t> give_up_waiting(std::string_view site, Instant sent_before, Instant now) override;
  Result<void> vanished(std::string_view site, const ProductId& product, Instant now) override;
  Result<std::vector<ProductId>> product_ids(std::string_view site, std::string_view after_key,
                                             std::size_t limit) override;
  Result<std::vector<ProductId>> unwritten_ids(std::string_view site, std::string_view after_key,
                                               std::size_t limit) override;
  Result<void> written(std::string_view site, std::span<const ProductId> products, Instant now) override;
  Result<bool> follows_unproven_transfer(FileId sealed, Instant since) override;
  Result<std::uint64_t> resend_rejected(std::string_view site, std::optional<std::string_view> sku_key,
                                        Instant now) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
