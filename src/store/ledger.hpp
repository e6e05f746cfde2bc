#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "catalog/comparison.hpp"

namespace product_sync::store {

/// Identity of a file in the outbox.
using FileId = std::int64_t;

/// Where a product stands. docs/state_machine.md draws the transitions.
enum class ProductState {
  pending,       ///< a row is in the outbox, not delivered yet
  sent,          ///< delivered; no proof from Rithum yet
  confirmed,     ///< Rithum has shown that it holds what was sent
  rejected,      ///< Rithum refused the row; see the reason
  overdue,       ///< delivered, and Rithum has not shown it in time; see the reason
  parked,        ///< should be exported and cannot be; see the reason
  not_exported,  ///< the site's rules do not export it
  withdrawn,     ///< no longer exported, and Rithum was told so; see the reason
};
[[nodiscard]] std::string_view to_text(ProductState state);
[[nodiscard]] std::optional<ProductState> parse_product_state(std::string_view text);

/// Everything the ledger knows of one SKU of a site.
struct LedgerEntry {
  std::string sku;
  std::string inventory_id;
  ProductState state = ProductState::pending;
  std::string reason_code;
  std::string reason;
  catalog::ToldValues told;
  std::string content_hash;
  std::optional<Instant> read_at;  ///< when the item was read that `told` was made from
  std::optional<Instant> sent_at;
  Instant changed_at;  ///< when the state or the reason last changed
  std::string run_id;  ///< the run that last changed the entry
  std::string product_id;
  catalog::ProductKind kind = catalog::ProductKind::item;
  std::string parent;  ///< SKU of the variation parent; empty: none
  std::string written_id = {};  ///< the product ID as Acumatica was told
};

/// What a comparison needs to know first.
struct Known {
  std::string content_hash;  ///< empty: Rithum was never told of it
  ProductState state = ProductState::pending;
  std::string reason;
  std::string told_parent = {};  ///< SKU of the variation parent that Rithum was, or will be, told; empty: none
  bool was_told = false;           ///< Rithum was, or will be, told of it
  bool withdrawn = false;          ///< the last of that withdraws it
  std::string inventory_id = {};
  std::string twin = {};  ///< inventory ID of another item with the same SKU; empty: none
  /// Of the item when it was last settled as `state` and `content_hash` have it; empty: not known.
  std::string source_hash = {};
};

/// A judgement on an item that sends no row.
struct StateChange {
  std::string sku_key;
  std::string sku;
  std::string inventory_id;
  ProductState state;
  std::string reason_code;
  std::string reason;
  catalog::ProductKind kind = catalog::ProductKind::item;
  std::string parent = {};
  std::string twin = {};  ///< inventory ID of another item with the same SKU
  std::string source_hash = {};  ///< of the item that was judged; empty: its outcome depends on others too
};

/// Whose product it is.
struct Owner {
  std::string sku_key;
  std::string inventory_id;
};

/// An item that was found to be as Rithum was told.
struct SourceNote {
  std::string sku_key;
  std::string content_hash;  ///< what Rithum was told
  std::string source_hash;
};

/// A product under a variation parent.
struct Relative {
  std::string sku_key;
  std::string sku;
  std::string inventory_id;
  ProductState state = ProductState::pending;
  std::string reason_code;
};

struct LedgerFilter {
  std::optional<ProductState> state;
  std::string search;     ///< part of the SKU or inventory ID, without case; empty = all
  std::string after_key;  ///< cursor: SKU keys behind this one
  std::size_t limit = 100;
  std::optional<catalog::ProductKind> kind = {};
};

/// What Rithum was last told, per site and SKU. SKUs are found by catalog::Sku::key(). Thread-safe.
class Ledger {
 public:
  virtual ~Ledger() = default;

  /// The newest content that Rithum was told or will be told by a sealed file of the outbox, or by `own_file`, a file
  /// still being written by the caller. Unknown SKUs are absent.
  virtual Result<std::map<std::string, Known>> known(std::string_view site, std::span<const std::string> sku_keys,
                                                     std::optional<FileId> own_file) = 0;

  /// The values behind known(), by the same rule; absent when Rithum was never told.
  virtual Result<std::optional<catalog::ToldValues>> told(std::string_view site, std::string_view sku_key,
                                                          std::optional<FileId> own_file) = 0;

  /// Records states; `told`, hash and product ID stay. In the same commit, `unchanged` go into the history: SKU keys of
  /// products that the run found as Rithum knows them.
  virtual Result<void> record(std::string_view site, std::string_view run_id, std::span<const StateChange> changes,
                              std::span<const std::string> unchanged, Instant now) = 0;
  Result<void> record(std::string_view site, std::string_view run_id, std::span<const StateChange> changes,
                      Instant now) {
    return record(site, run_id, changes, {}, now);
  }

  /// Notes of what products were made, while they stand as they were compared: not where meanwhile Rithum was told
  /// something else, or something else was judged.
  virtual Result<void> note_sources(std::string_view site, std::span<const SourceNote> notes) = 0;

  virtual Result<std::optional<LedgerEntry>> find(std::string_view site, std::string_view sku_key) = 0;
  /// Several at once; unknown ones are absent.
  virtual Result<std::map<std::string, LedgerEntry>> find(std::string_view site,
                                                          std::span<const std::string> sku_keys) = 0;
  /// The products that were last judged to be variations of a parent, in the order of their SKU keys.
  virtual Result<std::vector<Relative>> family(std::string_view site, std::string_view parent_sku) = 0;
  /// In the order of the SKU keys.
  virtual Result<std::vector<LedgerEntry>> list(std::string_view site, const LedgerFilter& filter) = 0;
  /// The number of products that were withdrawn since then, or will be by rows on their way, without an operator's word.
  virtual Result<std::uint64_t> withdrawn_since(std::string_view site, Instant since) = 0;

  /// The products that are neither withdrawn nor left out, in the order of their SKU keys, those behind `after_key`.
  virtual Result<std::vector<Owner>> on_channels(std::string_view site, std::string_view after_key,
                                                 std::size_t limit) = 0;
  virtual Result<std::map<ProductState, std::uint64_t>> counts(std::string_view site) = 0;
};

}  // namespace product_sync::store
