#include "catalog/html_line.hpp"

#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

// Bytes that are written as they are.
constexpr bool is_ordinary(char c) {
  return c != ' ' && c != '&' && c != '<' && c != '>' && c != '"' && !may_begin_break(c);
}

std::size_t ordinary_bytes(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  while (at < text.size() && is_ordinary(text[at])) ++at;
  return at - start;
}

}  // namespace

void HtmlLine::text(std::string_view text, bool preformatted) {
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t bytes = ordinary_bytes(text, at); bytes > 0) {
      word(text.substr(at, bytes));
      shows_something_ = true;
      at += bytes;
      continue;
    }
    const std::size_t bytes = break_at(text, at);
    if (preformatted && text[at] == '\n') {
      line_ += "<br>";
    } else if (preformatted && (bytes != 0 || text[at] == ' ')) {
      line_ += ' ';
    } else if (bytes != 0 || text[at] == ' ') {
      space();
    } else if (text.substr(at, 2) == kNoBreakSpace) {  // text, but it shows nothing
      word(kNoBreakSpace);
      ++at;
    } else {
      word(escaped(text.substr(at, 1)));
      shows_something_ = true;
    }
    at += bytes == 0 ? 1 : bytes;
  }
}

std::string_view HtmlLine::escaped(std::string_view character) const {
  switch (character.front()) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    // Readers of delimited files take an opening quotation mark for quoting (rithum.md §4).
    case '"':
      return line_.empty() ? "&quot;" : character;
    default:
      return character;
  }
}

void HtmlLine::word(std::string_view text) {
  if (space_pending_) line_ += ' ';
  space_pending_ = false;
  last_ = Last::word;
  line_ += text;
}

void HtmlLine::open_inline(std::string_view tag) {
  if (space_pending_) {
    line_ += ' ';
    last_ = Last::space;
    space_pending_ = false;
  }
  line_ += tag;
}

void HtmlLine::image(std::string_view tag) {
  open_inline(tag);
  last_ = Last::word;
  shows_something_ = true;
}

void HtmlLine::block(std::string_view tag) {
  space_pending_ = false;
  last_ = Last::block;
  line_ += tag;
}

}  // namespace product_sync::catalog
