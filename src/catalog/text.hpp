#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace product_sync::catalog {

/// Whether `text` is well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF, nothing cut off.
[[nodiscard]] bool valid_utf8(std::string_view text);

/// The length by which Rithum's limits count: UTF-16 units, since its fields are .NET strings (`Edm.String`, rithum.md
/// §2.5). An emoji counts two. `text` must be valid UTF-8.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// The number of bytes of the break that begins at `at`, 0 when none does. Breaks are the characters that may not stand
/// in a feed (rithum.md §4): C0 controls (tab, CR, LF and NUL among them), DEL, U+0085, U+2028, U+2029.
[[nodiscard]] std::size_t break_at(std::string_view text, std::size_t at);

/// False for the bytes with which no break begins: most of them, without a look at the next.
[[nodiscard]] constexpr bool may_begin_break(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2;
}

/// Whether a break stands anywhere in `text`.
[[nodiscard]] bool has_break(std::string_view text);

/// `text` on one line: each run of white space that holds a break becomes one space; both ends are trimmed. Blanks
/// alone stay as they are.
[[nodiscard]] std::string one_line(std::string_view text);

/// `text` in Unicode's normalisation form C, in which a letter and its accent are one character where there is one:
/// texts that look the same are the same bytes. `text` must be valid UTF-8.
[[nodiscard]] std::string nfc(std::string_view text);

/// At most `longest` UTF-16 units of `text`: as it is when it fits, otherwise its first words and an ellipsis, or its
/// first characters where the first word is too long by itself. `text` must be valid UTF-8, `longest` not 0.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t longest);

/// What is wrong with `text` as a cell of a feed, as the end of a sentence ("is not valid UTF-8"); none when it can be
/// written as it stands. An opening quotation mark is refused: there is no documented quoting (rithum.md §4), and a
/// reader of the CSV kind would take everything up to the next quotation mark, tabs and line ends included, as one
/// value.
[[nodiscard]] std::optional<std::string> cell_fault(std::string_view text);

/// Whether `text` is the clear marker `_DELETE_`, in any case (rithum.md §4). No value may be.
[[nodiscard]] bool is_clear_marker(std::string_view text);

/// Whether two texts are equal but for the case of ASCII letters.
[[nodiscard]] bool same_without_case(std::string_view a, std::string_view b);

/// Appends `text` with its length in front, so that no two different lists of texts make the same bytes to hash.
void append_counted(std::string& bytes, std::string_view text);

/// The beginning of `text`, in quotation marks and on one line, for messages; what is not UTF-8 is replaced by `?`.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace product_sync::catalog
