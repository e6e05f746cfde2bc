#pragma once

#include <string>
#include <string_view>

namespace acumatica_sim {

struct Token {
  enum class Kind { end, word, text, number, datetime, open, close, comma, equals };
  Kind kind = Kind::end;
  std::string text;  ///< of text and datetime: the content, with doubled quotes made single
};

/// Splits a `$filter` into tokens, one ahead. Throws Refusal on text that is none.
class FilterLexer {
 public:
  explicit FilterLexer(std::string_view text) : rest_(text) { advance(); }

  [[nodiscard]] const Token& peek() const { return ahead_; }
  Token take() {
    Token taken = std::move(ahead_);
    advance();
    return taken;
  }
  /// Takes the token if it is this word.
  bool take_word(std::string_view word);

 private:
  void advance();
  std::string quoted();

  std::string_view rest_;
  Token ahead_;
};

}  // namespace acumatica_sim
