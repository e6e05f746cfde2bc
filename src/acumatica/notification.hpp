#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace product_sync::acumatica {

/// What to take out of a notification.
struct NotificationRules {
  /// Columns that name the item of a row, spelled as Acumatica sends them (acumatica.md §1.6). Each one that a row has
  /// gives a key: a row of a kit query may name the kit and its component.
  std::vector<std::string> key_columns{"InventoryID"};
  std::size_t most_keys = 100'000;
};

/// A push notification as a hint: which items to read again (acumatica.md §1). Values of rows are never kept.
struct Notification {
  std::string tenant;  ///< CompanyId, as sent; empty when absent
  std::string query;   ///< as sent; empty when absent
  /// Lower case, trimmed. A message without one gets `sha256:` and the digest of its body, so that repeats still match.
  std::string id;
  std::uint64_t ticks = 0;  ///< TimeStamp, all 64 bits (acumatica.md §1.2); 0 when absent
  /// Of Inserted and Deleted rows: trimmed on the right, each once, in order of appearance.
  std::vector<std::string> keys;
  /// False when `keys` may not name every item that changed: a row had no key, or one that cannot be a key (a control
  /// character, a boolean, …), there were more than most_keys, or the message has neither Inserted nor Deleted. The
  /// reader must then fall back to a read by modification time.
  bool keys_complete = true;
  std::size_t inserted = 0;  ///< rows
  std::size_t deleted = 0;   ///< rows
};

/// Why a body is no notification. Codes: `notification.empty`, `.syntax`, `.too_deep`, `.not_an_object`,
/// `.not_a_notification`, `.duplicate_member`, `.wrong_type`, `.bad_text`.
struct Malformed {
  std::string code;
  std::string reason;      ///< a sentence that names the member; never repeats values of the body
  std::size_t offset = 0;  ///< byte of the body, counted from 1; 0 when the reason is not tied to one
};

/// Reads the body of a notification. All of it must be valid JSON, also the parts that are not looked at.
///
/// Tolerated, since field experience has it (acumatica.md §1.3, §1.9): a byte order mark, unknown members and columns,
/// any member absent or null, TimeStamp as text, numbers as names and keys (their exact text is taken), zero characters
/// in values that are not keys, and the form `{"body":{…}}` in which a relay passes the message on (sample S4).
///
/// Refused: a member of the message given twice (which one is meant is a guess), rows that are not objects, control
/// characters or more than 1,000 bytes in CompanyId, Query or Id, nesting deeper than 64.
///
/// Memory is at most a fixed multiple of the body, and none of a large body's is kept. Thread-safe; throws only
/// std::bad_alloc.
[[nodiscard]] tl::expected<Notification, Malformed> parse_notification(std::string_view body,
                                                                       const NotificationRules& rules);

}  // namespace product_sync::acumatica
