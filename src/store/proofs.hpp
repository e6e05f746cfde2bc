#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/ledger.hpp"

namespace product_sync::store {

/// A file that Rithum took through its interface and has not finished with.
struct Upload {
  FileId file = 0;
  std::string token;
  Instant started;
};

/// A row that Rithum refused.
struct RefusedRow {
  std::string sku_key;
  std::string reason;
};

/// What is known of the rows of an upload that were not refused by name.
enum class OtherRows { confirmed, refused, unknown };

/// What became of an upload's rows. Rows whose product was told of again meanwhile are in neither count: a later row
/// decides.
struct Settled {
  std::uint64_t confirmed = 0;
  std::uint64_t rejected = 0;
};

/// A feed file that another one answers.
struct AnsweredFile {
  FileId id = 0;
  bool in_ledger = false;  ///< all of its rows are
};

/// Which rows a file that answers feed files can be about.
struct ResponseScope {
  std::optional<FileId> file;  ///< those of this file alone
  Instant sent_before;         ///< else those that were delivered until then
};

struct RespondedRow {
  std::string sku_key;
  bool taken = false;
  std::string reason;  ///< of a row that was not
};

/// A file of answers that was read.
struct ResponseRead {
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  std::uint64_t confirmed = 0;
  std::uint64_t rejected = 0;
};

/// What a product still lacks.
enum class Lack {
  proof,       ///< `sent`
  late_proof,  ///< `overdue`
  product_id,  ///< `confirmed` by an upload's outcome, which names no IDs
};

struct UnprovenProduct {
  std::string sku_key;
  std::string sku;
  catalog::ToldValues told;
  Instant sent_at;
  std::string product_id;
};

/// What reading a product back has shown. It counts only if the product was not told of again since `sent_at`.
struct Finding {
  std::string sku_key;
  Instant sent_at;
  bool confirmed = false;  ///< else the state stays, with the reason
  std::string reason_code;
  std::string reason;
  std::string product_id;  ///< empty: the one that is known stays
};

struct ProductId {
  std::string sku_key;
  std::string sku;
  std::string inventory_id;
  std::string id;
};

/// The end of each SKU's story: what Rithum took, refused, or never showed, and the product IDs it gave. Thread-safe.
class Proofs {
 public:
  virtual ~Proofs() = default;

  /// Oldest first.
  virtual Result<std::vector<Upload>> uploads(std::string_view site) = 0;
  /// Ends an upload, in one commit. `why` is the reason of other rows that are refused.
  virtual Result<Settled> settle(FileId file, std::span<const RefusedRow> refused, OtherRows others,
                                 std::string_view why, Instant now) = 0;

  /// The file of the site whose name, up to its first dot, is part of `response_name`.
  virtual Result<std::optional<AnsweredFile>> answered_file(std::string_view site, std::string_view response_name) = 0;
  /// One commit. A row counts while its product waits for proof of what it was last told.
  virtual Result<Settled> settle_responded(std::string_view site, const ResponseScope& scope,
                                           std::span<const RespondedRow> rows, Instant now) = 0;
  virtual Result<void> response_read(std::string_view site, const ResponseRead& read, Instant now) = 0;
  /// Names and sizes of those that are remembered.
  virtual Result<std::map<std::string, std::uint64_t>> responses_read(std::string_view site) = 0;
  virtual Result<void> forget_responses(std::string_view site, std::span<const std::string> names) = 0;

  /// Products that lack something, were sent before `sent_before`, and are not part of an upload under way; by SKU key,
  /// those behind `after_key`.
  virtual Result<std::vector<UnprovenProduct>> lacking(std::string_view site, Lack lack, std::string_view after_key,
                                                       Instant sent_before, std::size_t limit) = 0;
  /// When the product was sent that has waited for its proof the longest; absent: none waits.
  virtual Result<std::optional<Instant>> oldest_unproven(std::string_view site) = 0;
  virtual Result<void> record(std::string_view site, std::span<const Finding> findings, Instant now) = 0;
  /// `sent` products without proof since `sent_before` become `overdue`. The number of them.
  virtual Result<std::uint64_t> give_up_waiting(std::string_view site, Instant sent_before, Instant now) = 0;
  /// Rithum does not have this product any more: it is `overdue` for that reason, and its ID is forgotten.
  virtual Result<void> vanished(std::string_view site, const ProductId& product, Instant now) = 0;

  /// By SKU key, those behind `after_key`.
  virtual Result<std::vector<ProductId>> product_ids(std::string_view site, std::string_view after_key,
                                                     std::size_t limit) = 0;
  /// IDs that Acumatica has not been told, or not as they are now.
  virtual Result<std::vector<ProductId>> unwritten_ids(std::string_view site, std::string_view after_key,
                                                       std::size_t limit) = 0;
  virtual Result<void> written(std::string_view site, std::span<const ProductId> products, Instant now) = 0;

  /// Whether a sealed file has a product whose last row went by file after `since` and was not proven: Rithum may
  /// collect that file after anything that is sent through the interface now.
  virtual Result<bool> follows_unproven_transfer(FileId sealed, Instant since) = 0;

  /// Rejected products, or the one, are sent again by the next run: what was told is no longer taken for known, and
  /// their items are on the retry list, due at once. The number of them.
  virtual Result<std::uint64_t> resend_rejected(std::string_view site, std::optional<std::string_view> sku_key,
                                                Instant now) = 0;
};

}  // namespace product_sync::store
