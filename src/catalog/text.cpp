#include "catalog/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/bytes.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::size_t kExcerptBytes = 60;

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// The well-formed byte sequences of UTF-8 (Unicode, table 3-7): first byte, second byte, length.
struct Sequence {
  unsigned first_from, first_to, second_from, second_to;
  std::size_t bytes;
};
constexpr Sequence kSequences[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

// Bytes of the well-formed character at `at`, 0 when there is none.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  if (first < 0x80) return 1;
  for (const Sequence& sequence : kSequences) {
    if (first < sequence.first_from || first > sequence.first_to) continue;
    if (text.size() - at < sequence.bytes) return 0;
    const unsigned second = byte_at(text, at + 1);
    if (second < sequence.second_from || second > sequence.second_to) return 0;
    for (std::size_t i = 2; i < sequence.bytes; ++i) {
      if ((byte_at(text, at + i) & 0xC0U) != 0x80U) return 0;
    }
    return sequence.bytes;
  }
  return 0;
}

}  // namespace

bool valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (byte_at(text, at) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t bytes = character_bytes(text, at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) ++units;  // every first byte is a character
    if (byte >= 0xF0U) ++units;            // one above U+FFFF takes a second unit
  }
  return units;
}

std::size_t break_at(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  if (first < 0x20 || first == 0x7F) return 1;
  if (first == 0xC2 && text.size() - at >= 2 && byte_at(text, at + 1) == 0x85) return 2;
  const bool separator = first == 0xE2 && text.size() - at >= 3 && byte_at(text, at + 1) == 0x80 &&
                         (byte_at(text, at + 2) == 0xA8 || byte_at(text, at + 2) == 0xA9);
  return separator ? 3 : 0;
}

bool has_break(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (may_begin_break(text[at]) && break_at(text, at) != 0) return true;
  }
  return false;
}

std::string one_line(std::string_view text) {
  if (!has_break(text)) return std::string(trim(text));
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    bool broken = false;
    while (at < text.size()) {
      const std::size_t bytes = break_at(text, at);
      if (bytes == 0 && text[at] != ' ') break;
      broken = broken || bytes != 0;
      at += bytes == 0 ? 1 : bytes;
    }
    if (broken) {
      line += ' ';
    } else {
      line.append(text, start, at - start);
    }
    const std::size_t word = at;
    while (at < text.size() && text[at] != ' ' && break_at(text, at) == 0) ++at;
    line.append(text, word, at - word);
  }
  line.erase(trim_right(line).size());
  line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
  return line;
}

std::string nfc(std::string_view text) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return std::string(text);
  utf8proc_uint8_t* composed = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(composed, std::free);
  if (length < 0) return std::string(text);  // no memory: as good as it came
  return {reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length)};
}

std::string shortened(std::string_view text, std::size_t longest) {
  if (utf16_length(text) <= longest) return std::string(text);
  std::size_t end = 0;        // of what fits beside the ellipsis, which is one unit
  std::size_t last_word = 0;  // where the last whole word in it ends
  for (std::size_t units = 0; end < text.size();) {
    const std::size_t bytes = std::max<std::size_t>(character_bytes(text, end), 1);
    units += utf16_length(text.substr(end, bytes));
    if (text[end] == ' ') last_word = end;
    if (units + 1 > longest) break;
    end += bytes;
  }
  std::string_view kept = text.substr(0, last_word > 0 ? last_word : end);
  while (!kept.empty() && std::string_view(" ,;:-").find(kept.back()) != std::string_view::npos) kept.remove_suffix(1);
  return std::string(kept) + "…";
}

std::optional<std::string> cell_fault(std::string_view text) {
  if (!valid_utf8(text)) return "is not valid UTF-8";
  if (has_break(text)) return "holds a control character or line break";
  if (text.starts_with('"')) return "begins with a quotation mark, which readers of delimited files take for quoting";
  if (is_clear_marker(text)) return "is the marker that tells Rithum to clear a field";
  return std::nullopt;
}

bool is_clear_marker(std::string_view text) { return same_without_case(text, "_delete_"); }

bool same_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

void append_counted(std::string& bytes, std::string_view text) {
  bytes += std::to_string(text.size());
  bytes += ':';
  bytes += text;
}

std::string excerpt(std::string_view text) {
  std::string shown = "\"";
  for (std::size_t at = 0; at < text.size();) {
    if (shown.size() > kExcerptBytes) {
      shown += "…";
      break;
    }
    const std::size_t bytes = character_bytes(text, at);
    if (bytes == 0) {
      shown += '?';
    } else if (break_at(text, at) != 0) {
      shown += ' ';
    } else {
      shown.append(text, at, bytes);
    }
    at += bytes == 0 ? 1 : bytes;
  }
  return shown + "\"";
}

}  // namespace product_sync::catalog
