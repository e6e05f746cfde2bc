#include "store/sqlite_proofs.hpp"

#include <array>

#include "store/json_columns.hpp"
#include "store/statements.hpp"
#include "store/states.hpp"

namespace product_sync::store {
namespace {

const char* statement_of(Lack lack) {
  switch (lack) {
    case Lack::proof:
      return sql::proofs::kLackingProof;
    case Lack::late_proof:
      return sql::proofs::kLackingLateProof;
    case Lack::product_id:
      break;
  }
  return sql::proofs::kLackingId;
}

Result<std::vector<UnprovenProduct>> read_unproven(Query query) {
  std::vector<UnprovenProduct> products;
  while (query.next()) {
    UnprovenProduct product{query.text(0), query.text(1), {}, query.instant(2), query.text(3)};
    if (!query.is_null(4)) {
      auto told = told_from_json(query.view(4));
      if (!told) return tl::unexpected(told.error());
      product.told = std::move(*told);
    }
    products.push_back(std::move(product));
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return products;
}

Result<std::vector<ProductId>> read_ids(Query query) {
  std::vector<ProductId> ids;
  while (query.next()) ids.push_back({query.text(0), query.text(1), query.text(2), query.text(3)});
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return ids;
}

Result<Settled> settle_rows(Connection& connection, FileId file, std::span<const RefusedRow> refused, OtherRows others,
                            std::string_view why, Instant now) {
  Settled settled;
  for (const auto& row : refused) {
    auto done = connection.run(sql::proofs::kRefuse, file, row.sku_key, row.reason, now);
    if (!done) return tl::unexpected(done.error());
    settled.rejected += connection.changes();
  }
  if (others == OtherRows::confirmed) {
    if (auto done = connection.run(sql::proofs::kConfirmOthers, file, now); !done) return tl::unexpected(done.error());
    settled.confirmed = connection.changes();
  } else if (others == OtherRows::refused) {
    if (auto done = connection.run(sql::proofs::kRefuseOthers, file, why, now); !done) {
      return tl::unexpected(done.error());
    }
    settled.rejected += connection.changes();
  }
  for (const char* statement : {sql::proofs::kForgetUploadRows, sql::proofs::kForgetUpload}) {
    if (auto done = connection.run(statement, file); !done) return tl::unexpected(done.error());
  }
  return settled;
}

}  // namespace

Result<std::vector<Upload>> SqliteProofs::uploads(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::vector<Upload>> {
    std::vector<Upload> uploads;
    auto query = connection.query(sql::proofs::kUploads, site);
    while (query.next()) uploads.push_back({query.integer(0), query.text(1), query.instant(2)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return uploads;
  });
}

Result<Settled> SqliteProofs::settle(FileId file, std::span<const RefusedRow> refused, OtherRows others,
                                     std::string_view why, Instant now) {
  return database_.write(
      [&](Connection& connection) { return settle_rows(connection, file, refused, others, why, now); });
}

Result<std::optional<AnsweredFile>> SqliteProofs::answered_file(std::string_view site,
                                                                std::string_view response_name) {
  return database_.read([&](Connection& connection) -> Result<std::optional<AnsweredFile>> {
    std::optional<AnsweredFile> file;
    auto query = connection.query(sql::proofs::kAnsweredFile, site, response_name);
    if (query.next()) file = AnsweredFile{query.integer(0), query.flag(1)};
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return file;
  });
}

Result<Settled> SqliteProofs::settle_responded(std::string_view site, const ResponseScope& scope,
                                               std::span<const RespondedRow> rows, Instant now) {
  return database_.write([&](Connection& connection) -> Result<Settled> {
    Settled settled;
    const FileId any_file = 0;
    for (const auto& row : rows) {
      const auto file = scope.file.value_or(any_file);
      auto done = row.taken ? connection.run(sql::proofs::kConfirmResponded, site, row.sku_key, file, scope.sent_before, now)
                            : connection.run(sql::proofs::kRefuseResponded, site, row.sku_key, file, scope.sent_before, now,
                                             row.reason);
      if (!done) return tl::unexpected(done.error());
      (row.taken ? settled.confirmed : settled.rejected) += connection.changes();
    }
    return settled;
  });
}

Result<void> SqliteProofs::response_read(std::string_view site, const ResponseRead& read, Instant now) {
  return database_.write([&](Connection& connection) {
    return connection.run(sql::proofs::kResponseRead, site, read.name, read.bytes, read.rows, read.confirmed, read.rejected,
                          now);
  });
}

Result<std::map<std::string, std::uint64_t>> SqliteProofs::responses_read(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::map<std::string, std::uint64_t>> {
    std::map<std::string, std::uint64_t> files;
    auto query = connection.query(sql::proofs::kResponsesRead, site);
    while (query.next()) files.emplace(query.text(0), query.count(1));
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return files;
  });
}

Result<void> SqliteProofs::forget_responses(std::string_view site, std::span<const std::string> names) {
  if (names.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& name : names) {
      if (auto done = connection.run(sql::proofs::kForgetResponse, site, name); !done) return done;
    }
    return {};
  });
}

Result<std::vector<UnprovenProduct>> SqliteProofs::lacking(std::string_view site, Lack lack, std::string_view after_key,
                                                           Instant sent_before, std::size_t limit) {
  return database_.read([&](Connection& connection) {
    return read_unproven(connection.query(statement_of(lack), site, after_key, sent_before, limit));
  });
}

Result<std::optional<Instant>> SqliteProofs::oldest_unproven(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::optional<Instant>> {
    auto query = connection.query(sql::proofs::kOldestUnproven, site);
    const auto oldest = query.next() ? query.optional_instant(0) : std::nullopt;
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return oldest;
  });
}

Result<void> SqliteProofs::record(std::string_view site, std::span<const Finding> findings, Instant now) {
  if (findings.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& finding : findings) {
      auto done = connection.run(sql::proofs::kRecord, site, finding.sku_key, finding.sent_at, finding.confirmed,
                                 finding.reason_code, finding.reason, finding.product_id, now);
      if (!done) return done;
    }
    return {};
  });
}

Result<std::uint64_t> SqliteProofs::give_up_waiting(std::string_view site, Instant sent_before, Instant now) {
  return database_.write([&](Connection& connection) -> Result<std::uint64_t> {
    if (auto done = connection.run(sql::proofs::kGiveUpWaiting, site, sent_before, now); !done) {
      return tl::unexpected(done.error());
    }
    return connection.changes();
  });
}

Result<void> SqliteProofs::vanished(std::string_view site, const ProductId& product, Instant now) {
  return database_.write([&](Connection& connection) {
    return connection.run(sql::proofs::kVanished, site, product.sku_key, product.id, now);
  });
}

Result<std::vector<ProductId>> SqliteProofs::product_ids(std::string_view site, std::string_view after_key,
                                                         std::size_t limit) {
  return database_.read([&](Connection& connection) {
    return read_ids(connection.query(sql::proofs::kProductIds, site, after_key, limit));
  });
}

Result<std::vector<ProductId>> SqliteProofs::unwritten_ids(std::string_view site, std::string_view after_key,
                                                           std::size_t limit) {
  return database_.read([&](Connection& connection) {
    return read_ids(connection.query(sql::proofs::kUnwrittenIds, site, after_key, limit));
  });
}

Result<void> SqliteProofs::written(std::string_view site, std::span<const ProductId> products, Instant now) {
  if (products.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& product : products) {
      auto done = connection.run(sql::proofs::kWritten, site, product.sku_key, product.id, now);
      if (!done) return done;
    }
    return {};
  });
}

Result<bool> SqliteProofs::follows_unproven_transfer(FileId sealed, Instant since) {
  return database_.read([&](Connection& connection) -> Result<bool> {
    auto query = connection.query(sql::proofs::kFollowsTransfer, sealed, since);
    const bool found = query.next();
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return found;
  });
}

Result<std::uint64_t> SqliteProofs::resend_rejected(std::string_view site, std::optional<std::string_view> sku_key,
                                                    Instant now) {
  return database_.write([&](Connection& connection) -> Result<std::uint64_t> {
    const auto key = sku_key.value_or(std::string_view{});
    if (auto done = connection.run(sql::proofs::kRetryRejected, site, key, now); !done) {
      return tl::unexpected(done.error());
    }
    if (auto done = connection.run(sql::proofs::kForgetRejected, site, key); !done) return tl::unexpected(done.error());
    return connection.changes();
  });
}

}  // namespace product_sync::store
