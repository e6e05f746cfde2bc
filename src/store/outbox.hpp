#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/inbox.hpp"
#include "store/ledger.hpp"

namespace product_sync::store {

/// How a row differs from what Rithum was told before, for a person: long values are cut, and of many changes the first
/// are kept.
struct RowPlan {
  bool whole = true;  ///< Rithum is told of the product as if for the first time
  std::vector<catalog::Change> changes = {};
  std::uint64_t more = 0;  ///< changes that were not kept
};

/// One row of a feed file, with what the ledger will hold once the file is delivered.
struct StagedRow {
  std::string sku_key;
  std::string sku;
  std::string inventory_id;
  std::string content_hash;
  catalog::ToldValues told;
  Instant read_at;
  catalog::ProductKind kind = catalog::ProductKind::item;
  std::string parent = {};       ///< SKU of the variation parent
  std::string reason_code = {};  ///< a remark that the product carries while it is as this row says; may be empty
  std::string reason = {};
  bool withdrawn = false;        ///< the row withdraws the product
  RowPlan plan = {};
  std::uint64_t line_at = 0;     ///< where the row's line stands in what the caller keeps of its run
  std::uint64_t line_bytes = 0;  ///< and how long it is
  std::string source_hash = {};  ///< as in StateChange
};

/// A staged row's line, as its caller put it down.
struct StagedLine {
  std::int64_t number = 0;  ///< rises in the order of staging
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
};

/// A finished feed file on the local disk.
struct SealedFile {
  std::string name;  ///< final name at the destination
  std::filesystem::path path;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// What a run has carried on: forgotten in the same commit that makes its file deliverable.
struct Consumed {
  std::vector<Sequence> notifications;
  std::vector<std::string> retried;  ///< inventory IDs on the retry list
};

/// How a file went to Rithum.
enum class Route {
  transfer,  ///< to the site's destination
  api,       ///< through Rithum's interface, which tells the outcome later
};

/// What delivering a file brought.
struct Receipt {
  Route route = Route::transfer;
  std::string upload_token;  ///< by which the outcome is asked for; for Route::api
  std::string destination = {};  ///< where the file is now, for a person
};

/// How far a file is. docs/state_machine.md draws the transitions.
enum class FileState {
  writing,   ///< a run adds rows
  sealed,    ///< to be delivered
  applying,  ///< at its destination; its rows are being moved into the ledger
  delivered,
  dropping,  ///< given up by an operator; its items are being put on the retry list
  dropped,
};

struct OutboxFile {
  FileId id = 0;
  std::string site;
  std::string run_id;
  FileState state = FileState::writing;
  Route route = Route::transfer;  ///< once it is delivered
  SealedFile file;
  int attempts = 0;
  std::string last_error;
  std::optional<Instant> next_attempt;
  Instant created;
  std::optional<Instant> sealed;
  std::optional<Instant> delivered;
};

/// A value that a row changes or clears.
struct ChangedValue {
  std::string sku;
  std::string product_id;  ///< empty where it is not known
  std::string before;      ///< as Rithum was last told
  std::string after;       ///< empty: cleared
};

/// What delivering a file did to the ledger.
struct Applied {
  std::uint64_t rows = 0;
  /// Inventory IDs whose ledger entry came from a later read than the row just delivered: Rithum now holds the older
  /// content, so they were put on the retry list, due at once.
  std::vector<std::string> overtaken;
};

/// Feed files on their way, durably; delivered in the order of their ids within a site. A file is `writing` until it is
/// sealed; rows of a file that was never sealed do not count anywhere. Thread-safe.
class Outbox {
 public:
  virtual ~Outbox() = default;

  virtual Result<FileId> open(std::string_view site, std::string_view run_id, Instant now) = 0;
  /// A SKU staged twice in one file keeps the later row.
  virtual Result<void> stage(FileId file, std::span<const StagedRow> rows) = 0;
  /// Takes a SKU's row back; whether there was one.
  virtual Result<bool> unstage(FileId file, std::string_view sku_key) = 0;
  /// Lines of the rows of that kind behind number `after`, in the order of staging.
  virtual Result<std::vector<StagedLine>> lines(FileId file, catalog::ProductKind kind, std::int64_t after,
                                                std::size_t limit) = 0;

  /// One commit: the staged rows become deliverable as these files, their products `pending`, and what they consumed is
  /// done. The first part is `file`; the others get ids behind it, in their order. Rows go to the parts in the order of
  /// their kinds (catalog::feed_rank), then of their staging, as many to each as it says. Returns the last part's id.
  virtual Result<FileId> seal(FileId file, std::span<const SealedFile> parts, const Consumed& consumed,
                              Instant now) = 0;
  Result<FileId> seal(FileId file, const SealedFile& only, const Consumed& consumed, Instant now) {
    return seal(file, std::span(&only, 1), consumed, now);
  }
  /// Forgets a file that will not be sealed, and its rows.
  virtual Result<void> discard(FileId file) = 0;

  /// The oldest file of the site with work left: sealed, applying or dropping; whether or not its next attempt is due.
  virtual Result<std::optional<OutboxFile>> next(std::string_view site) = 0;
  /// How many files of the site have work left.
  virtual Result<std::uint64_t> waiting_count(std::string_view site) = 0;
  /// The sealed file is at its destination: its rows go into the ledger as `sent`. In as many commits as its size
  /// needs, so that neither the log nor the wait of other writers grows with it: `applying` after the first,
  /// `delivered` with the last. Goes on with a file that a killed process left `applying`; tells of the rows of this
  /// call. The first commit also remembers an upload until its outcome is known.
  virtual Result<Applied> delivered(FileId file, const Receipt& receipt, Instant now) = 0;
  Result<Applied> delivered(FileId file, Instant now) { return delivered(file, Receipt{}, now); }
  /// Gives a sealed file up: the items of its rows go on the retry list, due at once, and its products are again what
  /// Rithum was told before. In commits as delivered(); goes on with a file left `dropping`. Returns how many rows.
  virtual Result<std::uint64_t> drop(FileId file, Instant now) = 0;
  /// One commit: files that were delivered are to be delivered again, in the order of their ids. With
  /// `forget_newer`, products that later files told about lose their content hash: the next read sends them whole.
  virtual Result<void> deliver_again(std::span<const FileId> files, bool forget_newer, Instant now) = 0;
  virtual Result<void> failed(FileId file, const Error& error, Instant next_attempt, Instant now) = 0;

  virtual Result<std::optional<OutboxFile>> find(FileId file) = 0;
  /// Rows of a sealed file that change the value `key` (of catalog::ToldValues) of products that were told one.
  virtual Result<std::vector<ChangedValue>> changed_values(FileId file, std::string_view key) = 0;

  /// Lets the product carry this remark once the file is delivered, instead of the one that its row has.
  virtual Result<void> remark(FileId file, std::string_view sku_key, std::string_view code, std::string_view text) = 0;

  /// Newest first.
  virtual Result<std::vector<OutboxFile>> list(std::string_view site, std::size_t limit) = 0;
};

}  // namespace product_sync::store
