#include "filter.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "filter_lexer.hpp"
#include "refusal.hpp"

namespace acumatica_sim {
namespace {

enum class Compare { eq, ne, gt, ge, lt, le };
enum class Function { substringof, startswith, endswith };

struct Literal {
  Kind kind = Kind::text;
  std::string text;
  Millis time = 0;
  long double number = 0;
};

constexpr std::string_view kSyntax = "Microsoft.Data.OData.ODataException";

[[noreturn]] void refuse(const std::string& text) { throw Refusal(500, text, std::string(kSyntax)); }

bool holds(Compare op, int order) {
  switch (op) {
    case Compare::eq:
      return order == 0;
    case Compare::ne:
      return order != 0;
    case Compare::gt:
      return order > 0;
    case Compare::ge:
      return order >= 0;
    case Compare::lt:
      return order < 0;
    case Compare::le:
      return order <= 0;
  }
  return false;
}

template <class T>
int three_way(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

}  // namespace

struct Filter::Node {
  enum class Type { all, any, never, compare, custom, function };
  Type type = Type::never;
  std::vector<std::unique_ptr<Node>> parts;
  std::size_t field = 0;
  Kind field_kind = Kind::text;
  std::string custom_name;
  Compare op = Compare::eq;
  Function function = Function::substringof;
  Literal literal;

  [[nodiscard]] bool matches(const Item& item) const;
  [[nodiscard]] bool matches_cell(const Cell& cell, Kind kind) const;
  [[nodiscard]] bool matches_function(const Item& item) const;
};

bool Filter::Node::matches(const Item& item) const {
  const auto part_matches = [&](const auto& part) { return part->matches(item); };
  switch (type) {
    case Type::all:
      return std::all_of(parts.begin(), parts.end(), part_matches);
    case Type::any:
      return std::any_of(parts.begin(), parts.end(), part_matches);
    case Type::never:
      return false;
    case Type::function:
      return matches_function(item);
    case Type::custom: {
      const auto value = item.custom(custom_name);
      return value && matches_cell(value->value, literal.kind);
    }
    case Type::compare:
      break;
  }
  if (item.spec().fields[field].role == Role::modified) return holds(op, three_way(item.last_modified(), literal.time));
  return matches_cell(item.cell(field), field_kind);
}

bool Filter::Node::matches_cell(const Cell& cell, Kind kind) const {
  if (!cell) return false;  // as in SQL, an empty field is neither equal nor unequal
  if (kind == Kind::datetime) return holds(op, three_way(parse_datetime(*cell, 0).value_or(0), literal.time));
  if (kind == Kind::decimal || kind == Kind::integer) {
    return holds(op, three_way(std::strtold(cell->c_str(), nullptr), literal.number));
  }
  return holds(op, collate(*cell, literal.text));
}

bool Filter::Node::matches_function(const Item& item) const {
  const Cell cell = item.cell(field);
  if (!cell) return false;
  const std::string text = folded(*cell);
  const std::string wanted = folded(literal.text);
  switch (function) {
    case Function::substringof:
      return text.find(wanted) != std::string::npos;
    case Function::startswith:
      return text.starts_with(wanted);
    case Function::endswith:
      return text.ends_with(wanted);
  }
  return false;
}

namespace {

using Node = Filter::Node;
using NodePtr = std::unique_ptr<Node>;

/// Recursive descent: any := all {or all}; all := term {and term}; term := '(' any ')' | comparison | function.
class Parser {
 public:
  Parser(std::string_view text, const EntitySpec& spec, const FilterRules& rules, std::vector<std::size_t>& fields)
      : lexer_(text), spec_(spec), rules_(rules), fields_(fields) {}

  NodePtr whole() {
    NodePtr root = joined(Node::Type::any);
    if (lexer_.peek().kind != Token::Kind::end) refuse("Syntax error at '" + lexer_.peek().text + "' in the filter.");
    return root;
  }

 private:
  NodePtr joined(Node::Type type) {
    const bool any = type == Node::Type::any;
    NodePtr first = any ? joined(Node::Type::all) : term();
    if (lexer_.peek().kind != Token::Kind::word || lexer_.peek().text != (any ? "or" : "and")) return first;
    auto node = std::make_unique<Node>();
    node->type = type;
    node->parts.push_back(std::move(first));
    while (lexer_.take_word(any ? "or" : "and")) node->parts.push_back(any ? joined(Node::Type::all) : term());
    return node;
  }

  NodePtr term() {
    constexpr std::size_t kDeepest = 100;
    if (++depth_ > kDeepest) refuse("The filter is nested too deeply.");
    NodePtr node = lexer_.peek().kind == Token::Kind::open ? bracketed() : simple();
    --depth_;
    return node;
  }

  NodePtr bracketed() {
    lexer_.take();
    NodePtr node = joined(Node::Type::any);
    expect(Token::Kind::close, ")");
    return node;
  }

  NodePtr simple() {
    const Token name = lexer_.take();
    if (name.kind != Token::Kind::word) refuse("A field name is expected in the filter, found '" + name.text + "'.");
    if (name.text == "not") refuse("The operator 'not' is not supported.");
    if (name.text.starts_with("cf.")) return custom(name.text);
    if (lexer_.peek().kind == Token::Kind::open) return function(name.text);
    auto node = std::make_unique<Node>();
    node->type = Node::Type::compare;
    node->field = field(name.text);
    node->field_kind = spec_.fields[node->field].kind;
    node->op = compare_op();
    node->literal = literal(node->field_kind, name.text);
    return node;
  }

  NodePtr function(const std::string& name) {
    constexpr std::array<std::string_view, 3> kNames{"substringof", "startswith", "endswith"};
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) refuse("The function '" + name + "' is not supported.");
    auto node = std::make_unique<Node>();
    node->type = Node::Type::function;
    node->function = static_cast<Function>(found - kNames.begin());
    expect(Token::Kind::open, "(");
    const bool text_first = node->function == Function::substringof;
    if (text_first) node->literal = literal(Kind::text, name);
    if (text_first) expect(Token::Kind::comma, ",");
    node->field = field(lexer_.take().text);
    if (!text_first) expect(Token::Kind::comma, ",");
    if (!text_first) node->literal = literal(Kind::text, name);
    expect(Token::Kind::close, ")");
    if (lexer_.take_word("eq")) {  // silently no rows (acumatica.md §2.5)
      lexer_.take();
      node->type = Node::Type::never;
    }
    return node;
  }

  /// cf.String(f='View.Field') op literal
  NodePtr custom(const std::string& type) {
    auto node = std::make_unique<Node>();
    node->type = Node::Type::custom;
    expect(Token::Kind::open, "(");
    if (!lexer_.take_word("f")) refuse("cf: the argument f is expected.");
    expect(Token::Kind::equals, "=");
    const Token name = lexer_.take();
    if (name.kind != Token::Kind::text) refuse("cf: a field name in quotes is expected.");
    node->custom_name = name.text;
    expect(Token::Kind::close, ")");
    node->op = compare_op();
    const Kind kind = type == "cf.Boolean"                       ? Kind::boolean
                      : type == "cf.Decimal" || type == "cf.Int" ? Kind::decimal
                                                                 : Kind::text;
    node->literal = literal(kind, name.text);
    return node;
  }

  std::size_t field(const std::string& name) {
    const std::string head = name.substr(0, name.find('/'));
    if (spec_.detail(head, rules_.release)) {
      refuse("Filtering by a field of the detail entity '" + head + "' is not supported.");
    }
    const auto found = spec_.field(name, rules_.release);
    if (!found) refuse("Could not find a property named '" + name + "' on type '" + std::string(spec_.name) + "'.");
    fields_.push_back(*found);
    return *found;
  }

  Compare compare_op() {
    constexpr std::array<std::string_view, 6> kOps{"eq", "ne", "gt", "ge", "lt", "le"};
    const Token token = lexer_.take();
    const auto found = std::find(kOps.begin(), kOps.end(), token.text);
    if (token.kind != Token::Kind::word || found == kOps.end()) {
      refuse("A comparison operator is expected in the filter, found '" + token.text + "'.");
    }
    return static_cast<Compare>(found - kOps.begin());
  }

  Literal literal(Kind kind, const std::string& name) {
    const Token token = lexer_.take();
    Literal result{kind, token.text, 0, 0};
    bool fits = false;
    switch (kind) {
      case Kind::text:
      case Kind::guid:
        fits = token.kind == Token::Kind::text;
        break;
      case Kind::boolean:
        fits = token.text == "true" || token.text == "false";
        break;
      case Kind::decimal:
      case Kind::integer:
        fits = token.kind == Token::Kind::number;
        result.number = std::strtold(token.text.c_str(), nullptr);
        break;
      case Kind::datetime:
        fits = token.kind == Token::Kind::datetime && read_time(token.text, result.time);
        break;
    }
    if (!fits) refuse("The literal '" + token.text + "' does not fit '" + name + "'.");
    return result;
  }

  bool read_time(std::string text, Millis& time) const {
    if (rules_.ignore_offset && text.size() > 19) {
      const std::size_t cut = text.find_first_of("Z+-", 19);
      if (cut != std::string::npos) text.resize(cut);
    }
    const auto parsed = parse_datetime(text, rules_.utc_offset_minutes);
    if (parsed) time = *parsed;
    return parsed.has_value();
  }

  void expect(Token::Kind kind, const char* what) {
    const Token token = lexer_.take();
    if (token.kind != kind)
      refuse("'" + std::string(what) + "' is expected in the filter, found '" + token.text + "'.");
  }

  FilterLexer lexer_;
  const EntitySpec& spec_;
  const FilterRules& rules_;
  std::vector<std::size_t>& fields_;
  std::size_t depth_ = 0;
};

bool compares(const Node& node, std::size_t field, std::initializer_list<Compare> ops) {
  return node.type == Node::Type::compare && node.field == field &&
         std::find(ops.begin(), ops.end(), node.op) != ops.end();
}

/// The values that `field` has in every match; none = not known.
std::optional<std::vector<std::string>> values_of(const Node& node, std::size_t field) {
  if (compares(node, field, {Compare::eq})) return std::vector{node.literal.text};
  if (node.type == Node::Type::never) return std::vector<std::string>{};
  if (node.type == Node::Type::all) {
    for (const NodePtr& part : node.parts) {
      if (auto values = values_of(*part, field)) return values;
    }
    return std::nullopt;
  }
  if (node.type != Node::Type::any) return std::nullopt;
  std::vector<std::string> all;
  for (const NodePtr& part : node.parts) {
    auto values = values_of(*part, field);
    if (!values) return std::nullopt;
    all.insert(all.end(), std::make_move_iterator(values->begin()), std::make_move_iterator(values->end()));
  }
  return all;
}

std::optional<std::string> bound_of(const Node& node, const EntitySpec& spec) {
  const bool several = spec.keys.size() > 1;  // then a value is less than each key that begins with it
  if (compares(node, spec.keys.front(), {Compare::gt})) return node.literal.text;
  if (several && compares(node, spec.keys.front(), {Compare::eq, Compare::ge})) return node.literal.text;
  if (node.type != Node::Type::all) return std::nullopt;
  for (const NodePtr& part : node.parts) {
    if (auto bound = bound_of(*part, spec)) return bound;
  }
  return std::nullopt;
}

/// Sorted, each once.
std::optional<std::vector<std::string>> in_order(std::optional<std::vector<std::string>> values) {
  if (!values) return values;
  std::sort(values->begin(), values->end(), CollationLess{});
  values->erase(
      std::unique(values->begin(), values->end(), [](const auto& a, const auto& b) { return collate(a, b) == 0; }),
      values->end());
  return values;
}

}  // namespace

Filter::Filter() = default;
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

Filter Filter::parse(std::string_view text, const EntitySpec& spec, const FilterRules& rules) {
  Filter filter;
  filter.spec_ = &spec;
  if (text.empty()) return filter;
  filter.root_ = Parser(text, spec, rules, filter.fields_).whole();
  return filter;
}

bool Filter::matches(const Item& item) const { return !root_ || root_->matches(item); }

std::optional<std::vector<std::string>> Filter::keys() const {
  if (!root_ || spec_->keys.size() > 1) return std::nullopt;
  return in_order(values_of(*root_, spec_->keys.front()));
}

std::optional<std::vector<std::string>> Filter::templates() const {
  if (!root_ || !spec_->parent) return std::nullopt;
  return in_order(values_of(*root_, *spec_->parent));
}

std::optional<std::string> Filter::keys_above() const { return root_ ? bound_of(*root_, *spec_) : std::nullopt; }

}  // namespace acumatica_sim
