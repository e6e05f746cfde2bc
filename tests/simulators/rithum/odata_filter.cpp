#include "odata_filter.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace rithum_simulator {
namespace {

using nlohmann::json;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

struct Token {
  enum class Kind : std::uint8_t { end, open, close, text, word } kind = Kind::end;
  std::string value;
};

/// Milliseconds since 1970 of `2026-01-01T00:00:00[.fff]Z`; none for any other form.
std::optional<std::int64_t> parse_date(const std::string& text) {
  std::tm utc{};
  int read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &utc.tm_hour,
                  &utc.tm_min, &utc.tm_sec, &read) != 6) {
    return std::nullopt;
  }
  utc.tm_year -= 1900;
  utc.tm_mon -= 1;
  std::string rest = text.substr(static_cast<std::size_t>(read));
  if (!rest.ends_with('Z')) return std::nullopt;
  rest.pop_back();
  std::int64_t milliseconds = 0;
  if (!rest.empty()) {
    if (rest.front() != '.' || rest.size() < 2 || rest.find_first_not_of("0123456789", 1) != std::string::npos) {
      return std::nullopt;
    }
    rest = (rest.substr(1) + "000").substr(0, 3);
    milliseconds = std::stoll(rest);
  }
  return static_cast<std::int64_t>(timegm(&utc)) * 1000 + milliseconds;
}

}  // namespace

/// Recursive descent: any_of := all_of ('or' all_of)*; all_of := term ('and' term)*; term := '(' any_of ')' |
/// comparison.
class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : text_(text) { advance(); }

  std::optional<Filter> parse(std::string& error) {
    Filter filter;
    filter.root_ = parse_any();
    if (error_.empty() && token_.kind != Token::Kind::end) fail("unexpected '" + token_.value + "'");
    error = error_;
    if (!error_.empty()) return std::nullopt;
    return filter;
  }

 private:
  static constexpr int kMaxDepth = 50;

  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    token_ = {};
    text_ = {};
  }

  void advance() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
    if (text_.empty()) {
      token_ = {};
    } else if (text_.front() == '(' || text_.front() == ')') {
      token_ = {text_.front() == '(' ? Token::Kind::open : Token::Kind::close, std::string(1, text_.front())};
      text_.remove_prefix(1);
    } else if (text_.front() == '\'') {
      read_quoted();
    } else {
      const auto end = std::min(text_.find_first_of(" ()'"), text_.size());
      token_ = {Token::Kind::word, std::string(text_.substr(0, end))};
      text_.remove_prefix(end);
    }
  }

  // A quote inside is doubled (rithum.md §5.3).
  void read_quoted() {
    std::string value;
    std::size_t at = 1;
    for (;; ++at) {
      if (at >= text_.size()) return fail("there is an unterminated string literal");
      if (text_[at] == '\'') {
        if (at + 1 >= text_.size() || text_[at + 1] != '\'') break;
        ++at;
      }
      value += text_[at];
    }
    text_.remove_prefix(at + 1);
    token_ = {Token::Kind::text, std::move(value)};
  }

  bool take_word(std::string_view word) {
    if (token_.kind != Token::Kind::word || token_.value != word) return false;
    advance();
    return true;
  }

  Filter::Node parse_any() { return parse_list(Filter::NodeKind::any_of, "or", &FilterParser::parse_all); }
  Filter::Node parse_all() { return parse_list(Filter::NodeKind::all_of, "and", &FilterParser::parse_term); }

  Filter::Node parse_list(Filter::NodeKind kind, std::string_view word, Filter::Node (FilterParser::*part)()) {
    Filter::Node first = (this->*part)();
    if (token_.kind != Token::Kind::word || token_.value != word) return first;
    Filter::Node list;
    list.kind = kind;
    list.children.push_back(std::move(first));
    while (take_word(word)) list.children.push_back((this->*part)());
    return list;
  }

  Filter::Node parse_term() {
    if (token_.kind != Token::Kind::open) return parse_comparison();
    if (++depth_ > kMaxDepth) fail("the filter is nested too deeply");
    advance();
    Filter::Node node = parse_any();
    if (token_.kind != Token::Kind::close) {
      fail("a closing parenthesis is missing");
    } else {
      advance();
    }
    --depth_;
    return node;
  }

  Filter::Node parse_comparison() {
    constexpr std::array<std::string_view, 6> kOperators = {"eq", "ne", "gt", "ge", "lt", "le"};
    Filter::Node node;
    node.property = token_.kind == Token::Kind::word ? find_property(token_.value) : nullptr;
    if (node.property == nullptr) {
      fail("Could not find a property named '" + token_.value + "' on type 'ChannelAdvisor.Rest.Api.Product'.");
      return node;
    }
    advance();
    const auto* found = std::ranges::find(kOperators, token_.value);
    if (token_.kind != Token::Kind::word || found == kOperators.end()) {
      fail("an operator was expected, found '" + token_.value + "'");
      return node;
    }
    node.op = static_cast<Filter::Operator>(found - kOperators.begin());
    advance();
    read_literal(node);
    return node;
  }

  void read_literal(Filter::Node& node) {
    const Token literal = token_;
    if (literal.kind != Token::Kind::text && literal.kind != Token::Kind::word) {
      return fail("a value was expected after " + std::string(node.property->name));
    }
    advance();
    if (literal.kind == Token::Kind::word && literal.value == "null") return;
    const bool quoted = literal.kind == Token::Kind::text;
    switch (node.property->type) {
      case PropertyType::date: {
        // A quoted or date-only value silently widens the window (rithum.md §5.3).
        const auto date = quoted ? std::nullopt : parse_date(literal.value);
        node.always = !date;
        if (date) node.literal = *date;
        return;
      }
      case PropertyType::text:
        node.literal = literal.value;
        break;
      case PropertyType::boolean:
        node.literal = literal.value == "true";
        break;
      case PropertyType::number: {
        const auto number = json::parse(literal.value, nullptr, false);
        if (number.is_number()) node.literal = number;
        break;
      }
    }
    const bool needs_quotes = node.property->type == PropertyType::text;
    if (quoted != needs_quotes || node.literal.is_null()) {
      fail("A binary operator with incompatible types was detected at " + std::string(node.property->name) + ".");
    }
  }

  std::string_view text_;
  Token token_;
  std::string error_;
  int depth_ = 0;
};

std::optional<Filter> Filter::parse(std::string_view text, std::string& error) {
  return FilterParser(text).parse(error);
}

bool Filter::matches(const Node& node, const Values& values) {
  const auto child_matches = [&](const Node& child) { return matches(child, values); };
  switch (node.kind) {
    case NodeKind::all_of:
      return std::ranges::all_of(node.children, child_matches);
    case NodeKind::any_of:
      return std::ranges::any_of(node.children, child_matches);
    case NodeKind::comparison:
      return node.always || compare(node, values(*node.property));
  }
  return false;
}

bool Filter::compare(const Node& node, json value) {
  json literal = node.literal;
  if (value.is_null() || literal.is_null()) {
    const bool equal = value.is_null() == literal.is_null();
    return (node.op == Operator::eq && equal) || (node.op == Operator::ne && !equal);
  }
  if (node.property->type == PropertyType::date) value = parse_date(value.get<std::string>()).value_or(0);
  if (node.property->type == PropertyType::text) {  // SKUs compare case-insensitively, the rest is taken to
    value = lower(value.get<std::string>());
    literal = lower(literal.get<std::string>());
  }
  switch (node.op) {
    case Operator::eq:
      return value == literal;
    case Operator::ne:
      return value != literal;
    case Operator::gt:
      return value > literal;
    case Operator::ge:
      return value >= literal;
    case Operator::lt:
      return value < literal;
    case Operator::le:
      return value <= literal;
  }
  return false;
}

std::optional<std::vector<std::string>> Filter::skus(const Node& node) {
  if (node.kind == NodeKind::comparison) {
    const bool names_sku = node.property->name == "Sku" && node.op == Operator::eq && node.literal.is_string();
    if (!names_sku) return std::nullopt;
    return std::vector{node.literal.get<std::string>()};
  }
  std::vector<std::string> all;
  for (const Node& child : node.children) {
    auto some = skus(child);
    if (node.kind == NodeKind::all_of && some) return some;
    if (node.kind == NodeKind::any_of && !some) return std::nullopt;
    if (some) all.insert(all.end(), some->begin(), some->end());
  }
  if (node.kind == NodeKind::all_of) return std::nullopt;
  return all;
}

}  // namespace rithum_simulator
