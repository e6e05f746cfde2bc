#include "catalog/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

bool is_blank(std::string_view text) { return trim(text).empty(); }

Result<Decimal> number_of(std::string_view text) {
  auto number = Decimal::parse(trim(text));
  if (number) return number;
  return fail("value.not_a_number", fmt::format("{} is not a number that can be held exactly.", excerpt(text)),
              "Correct it in Acumatica, or map a field that holds digits with a decimal point.");
}

Result<const Measure*> unit_of(const MeasureConversion& conversion, const Scope& scope) {
  if (const auto* unit = std::get_if<const Measure*>(&conversion.from)) return *unit;
  const auto& source = std::get<Source>(conversion.from);
  std::string_view name = trim(view(source, scope));
  if (const auto found = conversion.names.find(name); found != conversion.names.end()) name = found->second;
  const Measure* unit = find_measure(name);
  if (unit != nullptr && unit->dimension == conversion.to->dimension) return unit;
  return fail("value.unknown_unit",
              fmt::format("{} holds {}, which cannot be converted to {}.", to_text(source),
                          name.empty() ? "no unit" : excerpt(name), conversion.to->name),
              "Correct the unit in Acumatica, or say what it is under \"names\" of the conversion.");
}

/// Takes the steps of an expression. Each is given a text that is not blank.
struct Stepper {
  const Scope& scope;
  Text text;

  Result<Text> operator()(const Requirement& requirement) {
    const auto reason = why_not(requirement.condition, scope);
    if (!reason) return std::move(text);
    return fail("value.requirement", fmt::format("The value {} is refused: {}.", excerpt(text.view()), *reason),
                "Correct the item in Acumatica, or the requirement in the mapping.");
  }
  Result<Text> operator()(const Lookup& lookup) {
    const auto found = lookup.table.find(text.view());
    if (found != lookup.table.end()) return Text(std::string_view(found->second));
    if (lookup.otherwise == Lookup::Otherwise::keep) return std::move(text);
    if (lookup.otherwise == Lookup::Otherwise::other) return evaluate(lookup.other, scope);
    return fail("value.not_in_table", fmt::format("{} is not in the lookup table.", excerpt(trim(text.view()))),
                "Add it to the table in the mapping, or say there what holds otherwise.");
  }
  Result<Text> operator()(const MeasureConversion& conversion) {
    const auto number = number_of(text.view());
    if (!number) return tl::unexpected(number.error());
    const auto unit = unit_of(conversion, scope);
    if (!unit) return tl::unexpected(unit.error());
    const auto converted = convert(*number, **unit, *conversion.to, MeasureConversion::kPlaces);
    if (!converted) return tl::unexpected(converted.error());
    return Text(converted->text());
  }
  Result<Text> operator()(const NumberFormat& format) {
    auto number = number_of(text.view());
    if (number && format.times) number = number->times(*format.times);
    if (!number) return tl::unexpected(number.error());
    const Decimal rounded = number->rounded(format.places, format.rounding);
    return Text(format.pad ? rounded.text(format.places) : rounded.text());
  }
  Result<Text> operator()(const DatePattern& pattern) {
    return pattern.format(text.view()).map([](std::string date) { return Text(std::move(date)); });
  }
};

Result<Text> take_steps(const Expression& expression, const Scope& scope, Text text) {
  for (const Step& step : expression.steps) {
    if (is_blank(text.view())) return Text();
    auto next = std::visit(Stepper{scope, std::move(text)}, step);
    if (!next) return next;
    text = std::move(*next);
  }
  return text;
}

// A constant is meant as it is written; what comes of an item may be padded.
std::string_view as_part(const Source& source, std::string_view text) {
  return std::holds_alternative<ConstantSource>(source) ? text : trim(text);
}

using Texts = std::vector<std::string>;

Result<void> append(Texts& texts, Result<Texts> more) {
  if (!more) return tl::unexpected(std::move(more.error()));
  std::ranges::move(*more, std::back_inserter(texts));
  return {};
}

/// All texts of an origin.
struct AllOf {
  const Scope& scope;

  Result<Texts> operator()(const Source& source) const {
    Texts texts;
    for_each_text(source, scope, [&](std::string_view text) { texts.emplace_back(as_part(source, text)); });
    return texts;
  }
  Result<Texts> operator()(const TextTemplate& text) const {
    std::string made;
    bool any = false;
    for (const auto& piece : text.pieces) {
      const std::string_view part = view(piece.source, scope);
      any = any || !part.empty();
      made.append(piece.before).append(as_part(piece.source, part));
    }
    return any ? Texts{made + text.after} : Texts{};
  }
  Result<Texts> operator()(const Join& join) const {
    Texts texts;
    for (const Expression& part : join.parts) {
      if (auto added = append(texts, evaluate_all(part, scope)); !added) return tl::unexpected(added.error());
    }
    return texts;
  }
  Result<Texts> operator()(const First& first) const {
    for (const Expression& option : first.options) {
      auto texts = evaluate_all(option, scope);
      if (!texts || !texts->empty()) return texts;
    }
    return Texts{};
  }
  Result<Texts> operator()(const Pairs& pairs) const {
    Texts texts;
    for (const DetailRow& row : scope.item.detail(pairs.rows.detail)) {
      if (!has(pairs.rows, row, scope.item)) continue;
      const Scope here(scope.item, &row);
      const auto name = evaluate(pairs.name, here);
      if (!name) return tl::unexpected(name.error());
      const auto value = evaluate(pairs.value, here);
      if (!value) return tl::unexpected(value.error());
      if (is_blank(name->view()) || is_blank(value->view())) continue;
      texts.push_back(fmt::format("{}={}", trim(name->view()), trim(value->view())));
    }
    return texts;
  }
};

/// One text of an origin.
struct OneOf {
  const Scope& scope;

  Result<Text> operator()(const Source& source) const { return Text(view(source, scope)); }
  Result<Text> operator()(const First& first) const { return evaluate(first.options, scope); }
  Result<Text> operator()(const TextTemplate& text) const { return joined(AllOf{scope}(text), ""); }
  Result<Text> operator()(const Join& join) const { return joined(AllOf{scope}(join), join.separator); }
  Result<Text> operator()(const Pairs& pairs) const { return joined(AllOf{scope}(pairs), ","); }

 private:
  static Result<Text> joined(const Result<Texts>& texts, std::string_view separator) {
    if (!texts) return tl::unexpected(texts.error());
    return Text(fmt::format("{}", fmt::join(*texts, separator)));
  }
};

bool applies(const Expression& expression, const Scope& scope) {
  return !expression.when || holds(*expression.when, scope);
}

}  // namespace

Result<Text> evaluate(const Expression& expression, const Scope& scope) {
  if (!applies(expression, scope)) return Text();
  auto text = std::visit(OneOf{scope}, expression.origin);
  if (!text || expression.steps.empty()) return text;
  return take_steps(expression, scope, std::move(*text));
}

Result<Text> evaluate(const Sources& sources, const Scope& scope) {
  for (const Expression& source : sources) {
    auto text = evaluate(source, scope);
    if (!text || !is_blank(text->view())) return text;
  }
  return Text();
}

Result<Texts> evaluate_all(const Expression& expression, const Scope& scope) {
  if (!applies(expression, scope)) return Texts{};
  auto texts = std::visit(AllOf{scope}, expression.origin);
  if (!texts || expression.steps.empty()) return texts;
  Texts made;
  for (const std::string& text : *texts) {
    auto one = take_steps(expression, scope, Text(std::string_view(text)));
    if (!one) return tl::unexpected(one.error());
    if (!is_blank(one->view())) made.emplace_back(one->view());
  }
  return made;
}

}  // namespace product_sync::catalog
