#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace product_sync::acumatica {

/// Where and why a text is not JSON.
struct JsonFault {
  std::size_t offset =
      0;               ///< the byte at which reading stopped, counted from 1; one past the end when the text breaks off
  std::string reason;  ///< valid UTF-8, of bounded length, and free of the text itself
};

/// The first fault of `text`, or nothing when it is JSON. simdjson refuses a document without saying where; this second
/// reader does, at a tenth of the speed, so ask it only about a text that was refused already. Nesting costs a bit a
/// level, a byte order mark counts as three bytes. Thread-safe.
[[nodiscard]] std::optional<JsonFault> find_json_fault(std::string_view text);

}  // namespace product_sync::acumatica
