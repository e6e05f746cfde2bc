#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"
#include "sync/sent_row.hpp"

namespace product_sync::sync {

/// The steps of a product on its way, in their order.
enum class StepKind { notification, read, decision, plan, row, delivery, outcome, product_id, write_back };
[[nodiscard]] std::string_view to_text(StepKind kind);

/// Members that do not belong to the kind are empty.
struct StoryStep {
  StepKind kind = StepKind::notification;
  Instant at;
  std::string run_id;  ///< whose step it is, or whose row it is about; may be empty
  std::string text;    ///< a sentence for a person
  std::string code;    ///< of a reason or a fault
  std::uint64_t times = 1;
  std::optional<Instant> until;           ///< the last of several times
  std::vector<catalog::Change> changes;   ///< plan
  std::optional<store::FileId> file;      ///< row, delivery, outcome
  std::string file_name;                  ///< empty when it is not remembered any more
  std::optional<std::vector<SentCell>> row;  ///< row: what was sent, while the spool has the file
};

/// What became of one product, from notification to write-back, and where it stands.
struct Story {
  std::string sku;  ///< as Acumatica writes it, else as it was asked for
  std::optional<store::LedgerEntry> entry;  ///< absent: the ledger does not know it
  std::string remedy;                       ///< what a person can do about its state; empty: nothing is to be done
  std::vector<std::string> components;      ///< of a kit: keys of their SKUs
  std::vector<std::string> variations;      ///< of a parent
  std::vector<std::string> bundles;         ///< inventory IDs of the kits that hold it
  std::optional<store::RetryEntry> retry;   ///< while its item is on the retry list
  std::optional<store::OutboxFile> waiting;  ///< the file with its latest row, while that is not delivered
  std::vector<StoryStep> steps;             ///< oldest first
};

/// The SKU is found without case and blanks around. Nothing when neither the ledger nor the history knows it.
[[nodiscard]] Result<std::optional<Story>> tell_story(std::string_view site, std::string_view sku, store::Store& store);

}  // namespace product_sync::sync
