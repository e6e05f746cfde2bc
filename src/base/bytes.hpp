#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace product_sync {

/// `text` without trailing spaces. Acumatica pads keys, and differently in one message (acumatica.md §1.3).
[[nodiscard]] std::string_view trim_right(std::string_view text);

/// `text` without white space at either end.
[[nodiscard]] std::string_view trim(std::string_view text);

/// ASCII letters in lower case; other bytes as they are.
[[nodiscard]] std::string to_lower_ascii(std::string_view text);

/// `1.5 MiB`, for people.
[[nodiscard]] std::string human_bytes(std::uint64_t count);

/// `text` as a JSON string literal, quotes included. Bytes that are not UTF-8 must have been refused before.
[[nodiscard]] std::string json_quote(std::string_view text);

/// The beginning of `text` for a message: at most `bytes` bytes, white space at its ends gone, control characters as
/// blanks.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t bytes);

/// Cuts `text` to at most `bytes` bytes without splitting a UTF-8 character.
[[nodiscard]] std::string_view clip_utf8(std::string_view text, std::size_t bytes);

}  // namespace product_sync
