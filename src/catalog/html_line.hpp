#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace product_sync::catalog {

/// HTML in the making: text and tags on one line, text escaped, white space as single spaces where it has a meaning.
class HtmlLine {
 public:
  /// White space of preformatted text is kept; its line ends become `<br>`.
  void text(std::string_view text, bool preformatted = false);
  /// Keeps the words before and after apart.
  void space() { space_pending_ = last_ == Last::word; }

  void open_inline(std::string_view tag);
  void close_inline(std::string_view tag) { line_ += tag; }  // a space at the end of the element moves behind it
  void image(std::string_view tag);
  /// The start or end tag of a block, or a line break: spaces around it have no meaning.
  void block(std::string_view tag);

  /// The line; empty when it would show neither text nor image.
  [[nodiscard]] std::string take() { return shows_something_ ? std::move(line_) : std::string{}; }

 private:
  enum class Last : std::uint8_t { block, space, word };
  [[nodiscard]] std::string_view escaped(std::string_view character) const;
  void word(std::string_view text);

  std::string line_;
  Last last_ = Last::block;
  bool space_pending_ = false;
  bool shows_something_ = false;
};

}  // namespace product_sync::catalog
