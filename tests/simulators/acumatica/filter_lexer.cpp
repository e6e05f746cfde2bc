#include "filter_lexer.hpp"

#include "refusal.hpp"

namespace acumatica_sim {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '/' || c == '-';
}

bool is_number_start(char c) { return (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

bool FilterLexer::take_word(std::string_view word) {
  if (ahead_.kind != Token::Kind::word || ahead_.text != word) return false;
  advance();
  return true;
}

std::string FilterLexer::quoted() {
  std::string text;
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c != '\'') {
      text += c;
    } else if (!rest_.empty() && rest_.front() == '\'') {
      text += c;
      rest_.remove_prefix(1);
    } else {
      return text;
    }
  }
  throw Refusal(500, "There is an unterminated string literal in the filter.", "Microsoft.Data.OData.ODataException");
}

void FilterLexer::advance() {
  while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  if (rest_.empty()) {
    ahead_ = {};
    return;
  }
  const char c = rest_.front();
  if (c == '\'') {
    ahead_ = {Token::Kind::text, quoted()};
    return;
  }
  if (c == '(' || c == ')' || c == ',' || c == '=') {
    rest_.remove_prefix(1);
    ahead_ = {c == '('   ? Token::Kind::open
              : c == ')' ? Token::Kind::close
              : c == ',' ? Token::Kind::comma
                         : Token::Kind::equals,
              std::string(1, c)};
    return;
  }
  std::size_t length = 0;
  while (length < rest_.size() && is_word(rest_[length])) ++length;
  if (length == 0) {
    throw Refusal(500, "Syntax error: character '" + std::string(1, c) + "' is not valid in the filter.",
                  "Microsoft.Data.OData.ODataException");
  }
  std::string word(rest_.substr(0, length));
  rest_.remove_prefix(length);
  if ((word == "datetimeoffset" || word == "date" || word == "datetime") && !rest_.empty() && rest_.front() == '\'') {
    ahead_ = {Token::Kind::datetime, quoted()};
    return;
  }
  ahead_ = {is_number_start(word.front()) ? Token::Kind::number : Token::Kind::word, std::move(word)};
}

}  // namespace acumatica_sim
