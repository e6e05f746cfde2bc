#include "catalog/html_line.hpp"

#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

// Whether the byte at `at` belongs to U+00A0, which is text but shows nothing.
bool is_no_break_space(std::string_view text, std::size_t at) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  return text.substr(at, 2) == kNoBreakSpace || (at > 0 && text.substr(at - 1, 2) == kNoBreakSpace);
}

}  // namespace

void HtmlLine::text(std::string_view text, bool preformatted) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = break_at(text, at);
    if (preformatted && text[at] == '\n') {
      line_ += "<br>";
    } else if (preformatted && (bytes != 0 || text[at] == ' ')) {
      line_ += ' ';
    } else if (bytes != 0 || text[at] == ' ') {
      space();
    } else {
      word(text[at]);
      shows_something_ = shows_something_ || !is_no_break_space(text, at);
    }
    at += bytes == 0 ? 1 : bytes;
  }
}

void HtmlLine::word(char c) {
  if (space_pending_) line_ += ' ';
  space_pending_ = false;
  last_ = Last::word;
  switch (c) {
    case '&':
      line_ += "&amp;";
      break;
    case '<':
      line_ += "&lt;";
      break;
    case '>':
      line_ += "&gt;";
      break;
    // Readers of delimited files take an opening quotation mark for quoting (rithum.md §4).
    case '"':
      line_ += line_.empty() ? "&quot;" : "\"";
      break;
    default:
      line_ += c;
  }
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
