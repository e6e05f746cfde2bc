#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/retries.hpp"

namespace product_sync::store {

/// What happened to a SKU. docs/story.md says who writes each down, and when.
enum class EventKind {
  state,       ///< it was judged, or Rithum's answer came: a state with its reason
  unchanged,   ///< its item was read because of a notification, and Rithum knows it so already
  row,         ///< a run made a row of it; the row is in a file
  retry,       ///< its item has to be read again, for a reason
  product_id,  ///< Rithum's ID became known, changed or was forgotten
  written_id,  ///< Acumatica was told the ID
};
[[nodiscard]] std::string_view to_text(EventKind kind);

/// Members that do not belong to the kind are empty.
struct Event {
  EventKind kind = EventKind::state;
  Instant at;
  std::string run_id;             ///< whose doing it is, or whose row it is about; may be empty
  std::string value;              ///< state; `withdrawn` of a row that does so; product ID, empty when it was forgotten
  std::string code;               ///< of the reason or remark
  std::string text;               ///< the reason or remark; of a product ID: the one before
  FileId file = 0;                ///< row, state: the file it is about
  std::optional<Instant> read_at;  ///< row: when its item was read, or a moment before
  RowPlan plan;                   ///< row
  std::uint64_t times = 1;        ///< unchanged: several in a row are one event
  std::optional<Instant> until;   ///< the last of them
};

/// What happened to a file, and so to each of its rows.
enum class FileEventKind {
  failed,     ///< it could not be delivered; several failures with one code are one event
  delivered,  ///< `text` says where to
  dropped,    ///< an operator gave it up
  again,      ///< an operator has it delivered once more
};

struct FileEvent {
  FileEventKind kind = FileEventKind::failed;
  Instant at;
  std::string code;
  std::string text;
  std::uint64_t times = 1;
  std::optional<Instant> until;
};

struct FileHistory {
  OutboxFile file;
  std::vector<FileEvent> events;  ///< oldest first
};

/// A notification that named the item.
struct Mention {
  Sequence sequence = 0;
  Instant received;
  std::string query;  ///< the push query of Acumatica
  std::string id;     ///< Acumatica's own
  std::string run_id;  ///< that carried it on; empty while it is pending, or when that was not kept
  bool pending = false;
};

/// Everything that is kept of one SKU's past.
struct ProductHistory {
  std::vector<Mention> mentions;        ///< oldest first; the latest of them when they are many
  std::vector<Event> events;            ///< oldest first; rows that wait in the outbox among them
  std::map<FileId, FileHistory> files;  ///< those that events name and that are still remembered
  std::optional<RetryEntry> retry;      ///< while its item is on the retry list

  [[nodiscard]] bool empty() const { return mentions.empty() && events.empty() && !retry; }
};

/// The past of each SKU. It is written in the commits that make it so, by the other parts of the store. Thread-safe.
class History {
 public:
  virtual ~History() = default;

  virtual Result<ProductHistory> of(std::string_view site, std::string_view sku_key) = 0;

  /// Forgets events from before `before`, and all but the newest `per_product` of a SKU: in small commits, beside which
  /// others write. Returns how many.
  virtual Result<std::uint64_t> forget(Instant before, std::uint64_t per_product) = 0;
};

}  // namespace product_sync::store
