#include "catalog/expression.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace product_sync::catalog {
namespace {

std::string to_text(const LookupTable& table) {
  std::string text;
  for (const auto& [from, to] : table) text += fmt::format("{}: {}, ", json_quote(from), json_quote(to));
  return "{" + text + "}";
}

/// Writes one origin or step. Texts of the configuration stand in quotes, so that no two expressions look the same.
struct Writer {
  std::string operator()(const Source& source) const { return json_quote(catalog::to_text(source)); }
  std::string operator()(const TextTemplate& text) const { return "text " + json_quote(catalog::to_text(text)); }
  std::string operator()(const Join& join) const {
    return fmt::format("join {} {}", json_quote(join.separator), catalog::to_text(join.parts));
  }
  std::string operator()(const First& first) const { return catalog::to_text(first.options); }
  std::string operator()(const Pairs& pairs) const {
    return fmt::format("pairs {} {} {}", json_quote(catalog::to_text(pairs.rows)), catalog::to_text(pairs.name),
                       catalog::to_text(pairs.value));
  }

  std::string operator()(const Requirement& requirement) const {
    return "require " + catalog::to_text(requirement.condition);
  }
  std::string operator()(const Lookup& lookup) const {
    return fmt::format("lookup {} {} {}", to_text(lookup.table), static_cast<int>(lookup.otherwise),
                       catalog::to_text(lookup.other));
  }
  std::string operator()(const MeasureConversion& conversion) const {
    const auto* unit = std::get_if<const Measure*>(&conversion.from);
    return fmt::format(
        "unit {} {} {}",
        json_quote(unit != nullptr ? std::string((*unit)->name) : catalog::to_text(std::get<Source>(conversion.from))),
        conversion.to->name, to_text(conversion.names));
  }
  std::string operator()(const NumberFormat& format) const {
    return fmt::format("number {} {} {} {}", format.times ? format.times->text() : "1", format.places,
                       static_cast<int>(format.rounding), format.pad);
  }
  std::string operator()(const DatePattern& pattern) const { return "date " + json_quote(pattern.text()); }
};

struct NeedsCollector {
  Needs& needs;

  void operator()(const Source& source) const { add_needs(source, needs); }
  void operator()(const TextTemplate& text) const {
    for (const auto& piece : text.pieces) add_needs(piece.source, needs);
  }
  void operator()(const Join& join) const { add_needs(join.parts, needs); }
  void operator()(const First& first) const { add_needs(first.options, needs); }
  void operator()(const Pairs& pairs) const {
    add_needs(pairs.rows, needs);
    add_needs(pairs.name, needs);
    add_needs(pairs.value, needs);
    needs.details[pairs.rows.detail].merge(needs.of_row);
    needs.of_row.clear();
  }

  void operator()(const Requirement& requirement) const { add_needs(requirement.condition, needs); }
  void operator()(const Lookup& lookup) const { add_needs(lookup.other, needs); }
  void operator()(const MeasureConversion& conversion) const {
    if (const auto* source = std::get_if<Source>(&conversion.from)) add_needs(*source, needs);
  }
  void operator()(const NumberFormat&) const {}
  void operator()(const DatePattern&) const {}
};

}  // namespace

std::string to_text(const Expression& expression) {
  std::string text = std::visit(Writer{}, expression.origin);
  for (const Step& step : expression.steps) text += " | " + std::visit(Writer{}, step);
  if (expression.when) text += " when " + to_text(*expression.when);
  return "(" + text + ")";
}

std::string to_text(const Sources& sources) {
  std::string text;
  for (const Expression& source : sources) text += to_text(source);
  return "[" + text + "]";
}

std::vector<std::string_view> constants(const Sources& sources) {
  std::vector<std::string_view> found;
  for (const Expression& expression : sources) {
    const auto* source = std::get_if<Source>(&expression.origin);
    const auto* constant = source == nullptr ? nullptr : std::get_if<ConstantSource>(source);
    if (constant != nullptr && expression.steps.empty()) found.push_back(constant->text);
  }
  return found;
}

void add_needs(const Expression& expression, Needs& needs) {
  if (expression.when) add_needs(*expression.when, needs);
  std::visit(NeedsCollector{needs}, expression.origin);
  for (const Step& step : expression.steps) std::visit(NeedsCollector{needs}, step);
}

void add_needs(const Sources& sources, Needs& needs) {
  for (const Expression& source : sources) add_needs(source, needs);
}

}  // namespace product_sync::catalog
