#include "config/expression_codec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/measure.hpp"
#include "config/codecs.hpp"
#include "config/key_set.hpp"
#include "config/near_miss.hpp"
#include "config/rounding_names.hpp"

namespace product_sync::config {
namespace {

using catalog::Expression;
using catalog::Lookup;
using catalog::MeasureConversion;
using catalog::NumberFormat;
using catalog::Rounding;
using catalog::Source;
using catalog::Sources;
using catalog::Step;

constexpr std::size_t kMostSources = 100;
constexpr std::size_t kMostInTable = 10'000;
constexpr int kMostPlaces = 12;
constexpr int kPlacesOfConverted = 4;
constexpr std::string_view kSourceForms =
    "a source such as field:Description, a text such as \"{field:Description}\", a list of them, or a group of keys";
constexpr std::string_view kOneSource = "a source such as field:Description";
constexpr std::string_view kRows = "rows such as FileURLs or VendorDetails[Default=true]";

constexpr std::string_view kOrigins[] = {"from", "text", "join", "pairs"};

/// A key that says something about another.
struct Dependent {
  std::string_view key;
  std::string_view of;
};
constexpr Dependent kDependents[] = {
    {"separator", "join"}, {"name", "pairs"}, {"value", "pairs"}, {"otherwise", "lookup"}};

constexpr std::string_view kSteps[] = {"when", "require", "lookup", "unit", "number", "date"};

/// What a parser of the catalogue makes of a text of the file. The error quotes the text; what came out of a variable
/// is not shown.
template <class Parse>
auto parse_text(const Value& value, std::string_view expected, const Parse& parse)
    -> std::optional<typename decltype(parse(std::string_view{}))::value_type> {
  const auto text = value.text(expected);
  if (!text) return std::nullopt;
  auto parsed = parse(std::string_view(*text));
  if (parsed) return std::move(*parsed);
  if (value.holds_variables()) {
    value.unexpected(expected);
  } else {
    value.wrong(in_one_sentence(parsed.error()));
  }
  return std::nullopt;
}

std::optional<Source> usual_source(const Value& value, const catalog::Column& column) {
  if (!column.usual_source.empty()) return catalog::parse_source(column.usual_source).value();
  value.wrong("this column has no usual source; name one such as field:Description");
  return std::nullopt;
}

bool fits(const Value& value, const Source& source, const Surroundings& around) {
  if (around.of_rows || !std::holds_alternative<catalog::RowSource>(source)) return true;
  value.wrong("row: has a meaning only inside of pairs");
  return false;
}

std::optional<catalog::TextTemplate> read_template(const Value& value, const Surroundings& around) {
  auto text = parse_text(value, "a text with sources in braces", catalog::parse_template);
  const auto fits_here = [&](const auto& piece) { return fits(value, piece.source, around); };
  if (!text || !std::ranges::all_of(text->pieces, fits_here)) return std::nullopt;
  return text;
}

/// A group of keys of which some are read.
class Keys {
 public:
  explicit Keys(const Value& value) : value_(value) {}

  [[nodiscard]] std::optional<Value> find(std::string_view key) const {
    for (const auto& entry : value_.node().entries) {
      if (entry.key == key) return value_.entry(entry);
    }
    return std::nullopt;
  }

  /// False, and problems, when there are others.
  [[nodiscard]] bool only(const std::vector<std::string_view>& known) const {
    bool sound = true;
    for (const auto& entry : value_.node().entries) {
      if (std::ranges::find(known, entry.key) != known.end()) continue;
      value_.reading().problem(entry.at, join_path(value_.path(), entry.key), "unknown key", nearest(entry.key, known));
      sound = false;
    }
    return sound;
  }

 private:
  const Value& value_;
};

bool is_group(const Value& value, std::string_view expected) {
  if (value.node().kind == Node::Kind::map) return true;
  value.unexpected(expected);
  return false;
}

/// Reads an expression's long form, key by key.
class LongForm {
 public:
  LongForm(const Value& value, const Surroundings& around) : value_(value), keys_(value), around_(around) {}

  std::optional<Expression> read(const std::vector<std::string_view>& others) {
    if (!check_keys(others)) return std::nullopt;
    auto origin = read_origin();
    if (!origin) return std::nullopt;
    Expression expression(std::move(*origin));
    if (const auto when = keys_.find("when")) {
      auto condition = read_condition(*when, around_);
      if (!condition) return std::nullopt;
      expression.when = std::move(*condition);
    }
    steps_ = &expression.steps;
    const bool sound = read_requirement() && read_lookup() && read_unit() && read_number() && read_date();
    if (!sound) return std::nullopt;
    return expression;
  }

 private:
  bool check_keys(const std::vector<std::string_view>& others) const {
    std::vector<std::string_view> known(std::begin(kOrigins), std::end(kOrigins));
    known.insert(known.end(), std::begin(kSteps), std::end(kSteps));
    known.insert(known.end(), others.begin(), others.end());
    for (const auto& dependent : kDependents) known.push_back(dependent.key);
    if (!keys_.only(known)) return false;
    const auto origins = std::ranges::count_if(kOrigins, [&](auto key) { return keys_.find(key).has_value(); });
    if (origins != 1) {
      value_.wrong(fmt::format("expected exactly one of the keys {}, found {}", fmt::join(kOrigins, ", "), origins));
      return false;
    }
    for (const auto& dependent : kDependents) {
      const auto key = keys_.find(dependent.key);
      if (!key || keys_.find(dependent.of)) continue;
      key->wrong(fmt::format("this key has a meaning only beside {}", dependent.of));
      return false;
    }
    return true;
  }

  std::optional<catalog::Origin> read_origin() const {
    if (const auto from = keys_.find("from")) return read_from(*from);
    if (const auto text = keys_.find("text")) {
      auto parsed = read_template(*text, around_);
      if (!parsed) return std::nullopt;
      return std::move(*parsed);
    }
    return keys_.find("join") ? read_join(*keys_.find("join")) : read_pairs(*keys_.find("pairs"));
  }

  std::optional<catalog::Origin> read_from(const Value& from) const {
    if (from.node().kind == Node::Kind::scalar) {
      auto one = read_expression(from, around_);
      if (!one) return std::nullopt;
      return std::move(one->origin);  // a scalar has no steps
    }
    auto options = read_sources(from, around_);
    if (!options) return std::nullopt;
    return catalog::First{std::move(*options)};
  }

  std::optional<catalog::Origin> read_join(const Value& join) const {
    catalog::Join made{{}, ", "};
    if (join.node().kind != Node::Kind::sequence) {
      join.unexpected("a list of what is joined");
      return std::nullopt;
    }
    auto parts = read_sources(join, around_);
    if (!parts) return std::nullopt;
    made.parts = std::move(*parts);
    if (const auto separator = keys_.find("separator")) {
      const auto text = separator->text("a text");
      if (!text) return std::nullopt;
      made.separator = *text;
    }
    return made;
  }

  std::optional<catalog::Origin> read_pairs(const Value& pairs) const {
    auto rows = parse_text(pairs, kRows, catalog::parse_detail_rows);
    const Surroundings inside{nullptr, true};
    const auto name = keys_.find("name");
    const auto paired = keys_.find("value");
    if (!name || !paired) {
      pairs.wrong("the keys name and value beside it say what each pair is made of");
      return std::nullopt;
    }
    auto names = read_sources(*name, inside);
    auto values = read_sources(*paired, inside);
    if (!rows || !names || !values) return std::nullopt;
    return catalog::Pairs{std::move(*rows), std::move(*names), std::move(*values)};
  }

  bool read_requirement() const {
    const auto require = keys_.find("require");
    if (!require) return true;
    auto condition = read_condition(*require, around_);
    if (condition) steps_->push_back(catalog::Requirement{std::move(*condition)});
    return condition.has_value();
  }

  bool read_lookup() const {
    const auto lookup = keys_.find("lookup");
    if (!lookup) return true;
    auto table = read_table(*lookup, "a group of texts, each with what replaces it");
    if (!table) return false;
    Lookup step;
    step.table = std::move(*table);
    if (const auto otherwise = keys_.find("otherwise")) {
      const bool is_word = otherwise->node().kind == Node::Kind::scalar;
      const auto& word = otherwise->node().text;
      if (is_word && (word == "keep" || word == "nothing")) {
        step.otherwise = word == "keep" ? Lookup::Otherwise::keep : Lookup::Otherwise::other;
      } else {
        auto other = read_sources(*otherwise, around_);
        if (!other) return false;
        step.otherwise = Lookup::Otherwise::other;
        step.other = std::move(*other);
      }
    }
    steps_->push_back(std::move(step));
    return true;
  }

  bool read_unit() const {
    const auto unit = keys_.find("unit");
    if (!unit) return true;
    if (!is_group(*unit, "the keys from and to")) return false;
    const Keys keys(*unit);
    if (!keys.only({"from", "to", "names"})) return false;
    const auto from = keys.find("from");
    const auto to = keys.find("to");
    if (!from || !to) {
      unit->wrong("the keys from and to say between which units it converts");
      return false;
    }
    MeasureConversion step;
    step.to = read_unit_name(*to);
    if (step.to == nullptr || !read_unit_from(*from, step)) return false;
    if (const auto names = keys.find("names")) {
      auto table = read_table(*names, "a group of unit names, each with the unit that it means");
      if (!table || !are_units(*names, *table)) return false;
      step.names = std::move(*table);
    }
    steps_->push_back(std::move(step));
    if (!keys_.find("number")) {
      steps_->push_back(NumberFormat{std::nullopt, kPlacesOfConverted, Rounding::half_up, false});
    }
    return true;
  }

  static bool are_units(const Value& names, const catalog::LookupTable& table) {
    bool sound = true;
    for (const auto& entry : names.node().entries) {
      if (catalog::find_measure(table.find(entry.key)->second) != nullptr) continue;
      names.entry(entry).unexpected(unit_forms());
      sound = false;
    }
    return sound;
  }

  static std::string unit_forms() {
    std::string forms;
    for (const auto& unit : catalog::measures()) {
      forms += fmt::format("{}{}", forms.empty() ? "one of " : ", ", unit.name);
    }
    return forms;
  }

  static const catalog::Measure* read_unit_name(const Value& value) {
    const auto expected = unit_forms();
    const auto name = value.text(expected);
    if (!name) return nullptr;
    const auto* unit = catalog::find_measure(*name);
    if (unit == nullptr) value.unexpected(expected);
    return unit;
  }

  bool read_unit_from(const Value& from, MeasureConversion& step) const {
    const bool is_source = from.node().kind == Node::Kind::scalar && from.node().text.find(':') != std::string::npos;
    if (is_source) {
      auto source = read_source(from, around_);
      if (source) step.from = std::move(*source);
      return source.has_value();
    }
    const auto* unit = read_unit_name(from);
    if (unit == nullptr) return false;
    step.from = unit;
    if (unit->dimension == step.to->dimension) return true;
    from.wrong(fmt::format("{} cannot be converted to {}", unit->name, step.to->name));
    return false;
  }

  bool read_number() const {
    static const auto kPlaces = integer<int>(0, kMostPlaces);
    static const auto kPad = boolean();
    const auto number = keys_.find("number");
    if (!number) return true;
    NumberFormat step;
    step.places = -1;
    if (number->node().kind == Node::Kind::scalar) {
      kPlaces.read(*number, step.places);
    } else {
      if (!is_group(*number, "the number of digits behind the point, or the keys places, rounding, pad and times")) {
        return false;
      }
      const Keys keys(*number);
      if (!keys.only({"places", "rounding", "pad", "times"})) return false;
      const auto places = keys.find("places");
      if (!places) {
        number->wrong("the key places is missing; it says how many digits stand behind the point");
        return false;
      }
      kPlaces.read(*places, step.places);
      if (const auto pad = keys.find("pad")) kPad.read(*pad, step.pad);
      if (!read_rounding(keys, step) || !read_factor(keys, step)) return false;
    }
    if (step.places < 0) return false;
    steps_->push_back(step);
    return true;
  }

  static bool read_rounding(const Keys& keys, NumberFormat& step) {
    const auto rounding = keys.find("rounding");
    if (!rounding) return true;
    const auto name = rounding->text("half_up, half_even, up or down");
    if (!name) return false;
    const auto* found = std::ranges::find(kRoundings, *name, &RoundingName::name);
    if (found == std::end(kRoundings)) {
      rounding->unexpected("half_up, half_even, up or down");
      return false;
    }
    step.rounding = found->rounding;
    return true;
  }

  static bool read_factor(const Keys& keys, NumberFormat& step) {
    const auto times = keys.find("times");
    if (!times) return true;
    auto factor = parse_text(*times, "a number such as 1.19", catalog::Decimal::parse);
    if (factor) step.times = *factor;
    return factor.has_value();
  }

  bool read_date() const {
    const auto date = keys_.find("date");
    if (!date) return true;
    auto pattern = parse_text(*date, "a form of dates such as MM/dd/yyyy", catalog::DatePattern::parse);
    if (pattern) steps_->push_back(std::move(*pattern));
    return pattern.has_value();
  }

  const Value& value_;
  const Keys keys_;
  const Surroundings& around_;
  std::vector<Step>* steps_ = nullptr;
};

}  // namespace

std::optional<Source> read_source(const Value& value, const Surroundings& around) {
  if (value.node().kind == Node::Kind::scalar && value.node().text == "default" && around.column != nullptr) {
    return usual_source(value, *around.column);
  }
  auto source = parse_text(value, kOneSource, catalog::parse_source);
  if (!source || !fits(value, *source, around)) return std::nullopt;
  return source;
}

std::optional<Expression> read_expression(const Value& value, const Surroundings& around) {
  switch (value.node().kind) {
    case Node::Kind::map:
      return read_long_form(value, around, {});
    case Node::Kind::sequence: {
      auto options = read_sources(value, around);
      if (!options) return std::nullopt;
      return Expression(catalog::First{std::move(*options)});
    }
    case Node::Kind::scalar:
      if (catalog::looks_like_template(value.node().text)) {
        auto text = read_template(value, around);
        if (!text) return std::nullopt;
        return Expression(std::move(*text));
      }
      break;
    case Node::Kind::null:
      value.unexpected(kSourceForms);
      return std::nullopt;
  }
  auto source = read_source(value, around);
  if (!source) return std::nullopt;
  return Expression(std::move(*source));
}

std::optional<Sources> read_sources(const Value& value, const Surroundings& around) {
  const auto items = value.items();
  if (items.empty() || items.size() > kMostSources) {
    value.wrong(fmt::format("expected 1 to {} sources, found {}", kMostSources, items.size()));
    return std::nullopt;
  }
  Sources sources;
  for (const auto& item : items) {
    if (auto source = read_expression(item, around)) sources.push_back(std::move(*source));
  }
  if (sources.size() != items.size()) return std::nullopt;
  return sources;
}

std::optional<Expression> read_long_form(const Value& value, const Surroundings& around,
                                         const std::vector<std::string_view>& others) {
  return LongForm(value, around).read(others);
}

std::optional<catalog::LookupTable> read_table(const Value& value, std::string_view expected) {
  if (!is_group(value, expected)) return std::nullopt;
  const auto& entries = value.node().entries;
  if (entries.empty() || entries.size() > kMostInTable) {
    value.wrong(fmt::format("expected 1 to {} entries, found {}", kMostInTable, entries.size()));
    return std::nullopt;
  }
  catalog::LookupTable table;
  KeySet seen;
  bool sound = true;
  for (const auto& entry : entries) {
    const auto text = value.entry(entry).text("a text");
    sound = seen.add(value, entry, entry.key) && text && sound;
    if (text) table.emplace(entry.key, *text);
  }
  if (!sound) return std::nullopt;
  return table;
}

}  // namespace product_sync::config
