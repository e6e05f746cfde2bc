#include "config/mapping_codecs.hpp"

#include <algorithm>
#include <iterator>

#include "base/bytes.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"
#include "config/expression_codec.hpp"
#include "config/key_set.hpp"
#include "config/near_miss.hpp"

namespace product_sync::config {
namespace {

using catalog::Expression;
using catalog::Policies;
using catalog::Policy;
using catalog::ValueMapping;
using Removed = catalog::PictureForm::Removed;

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestPlacement = 40;
constexpr std::size_t kMostNames = 10'000;

/// Keys of a value beside those of its expression.
const std::vector<std::string_view> kValueKeys{"clearable", "violations", "placement", "removed"};

/// And those of a column of the account's own, which say what the table of columns says of others.
const std::vector<std::string_view> kOwnColumnKeys{"clearable", "violations", "placement", "removed", "type", "longest"};

const std::vector<std::string_view>& keys_beside_expression(const ValueMapping& value) {
  return value.own ? kOwnColumnKeys : kValueKeys;
}

/// A constant that the column can never hold.
void check_constants(const Value& value, const ValueMapping& mapping) {
  for (const auto constant : catalog::constants(mapping.sources)) {
    const auto made = catalog::make_value(*mapping.column, constant);
    if (made || catalog::Judgement(mapping.policies, {}, {}).policy(made.error().code) != Policy::park) continue;
    value.wrong(value.holds_variables() ? "the column refuses the constant"
                                        : "the constant: " + in_one_sentence(made.error()));
  }
}

std::string policy_names(const catalog::Rule& rule) {
  std::vector<std::string> names;
  for (const Policy policy : catalog::kPolicies) {
    if (rule.allows(policy)) names.emplace_back(catalog::to_text(policy));
  }
  return list_choices(names);
}

enum class PoliciesOf { site, value };

/// Of one value, only rules that values can break are named.
void read_policies(const Value& value, Policies& out, PoliciesOf whose) {
  if (value.node().kind != Node::Kind::map) return value.unexpected("a group of rules, each with its policy");
  for (const auto& entry : value.node().entries) {
    const auto* rule = catalog::find_rule(entry.key);
    const auto written = value.entry(entry);
    const auto fits = [whose](const catalog::Rule& one) { return whose == PoliciesOf::site || one.is_of_a_value(); };
    if (rule == nullptr || rule->name() != entry.key || !fits(*rule)) {
      std::vector<std::string_view> names;
      for (const auto& each : catalog::rules()) {
        if (fits(each)) names.push_back(each.name());
      }
      value.reading().problem(entry.at, written.path(), "there is no such rule", nearest(entry.key, names));
      continue;
    }
    const auto text = written.text(policy_names(*rule));
    if (!text) continue;
    const Policy* found = catalog::find_policy(*text);
    if (found == nullptr || !rule->allows(*found)) {
      written.unexpected(policy_names(*rule));
      continue;
    }
    out.insert_or_assign(entry.key, *found);
  }
}

std::optional<Node> policies_node(const Policies& policies) {
  if (policies.empty()) return std::nullopt;
  Node group = group_node();
  for (const auto& [rule, policy] : policies) {
    add_entry(group, rule, Node::scalar(std::string(catalog::to_text(policy))));
  }
  return group;
}

const Codec<Removed>& removed_codec() {
  static const auto kCodec = choice<Removed>({{"keep", Removed::keep}, {"empty", Removed::empty}});
  return kCodec;
}

/// The keys that say how the value is told, not what it is made of.
void read_telling(const Value& value, ValueMapping& out) {
  static const auto kBoolean = boolean();
  static const auto kPlacement = text({.longest = kLongestPlacement, .expected = "the beginning of placement names"});
  const bool pictures = out.column->type == catalog::ColumnType::pictures;
  for (const auto& entry : value.node().entries) {
    const auto part = value.entry(entry);
    if (entry.key == "clearable") {
      kBoolean.read(part, out.clearable);
      if (out.clearable && !out.column->clearable)
        part.wrong("Rithum never lets this column be cleared; remove the key");
    }
    if (entry.key == "violations") read_policies(part, out.policies, PoliciesOf::value);
    if (entry.key != "placement" && entry.key != "removed") continue;
    if (!pictures) {
      part.wrong("this key has a meaning only for pictures");
    } else if (entry.key == "removed") {
      removed_codec().read(part, out.pictures.removed);
    } else {
      kPlacement.read(part, out.pictures.placement);
    }
  }
}

/// False when there were problems.
bool read_value_mapping(const Value& value, ValueMapping& out) {
  const Surroundings around{out.is_attribute ? nullptr : out.column, false};
  const bool long_form = value.node().kind == Node::Kind::map;
  if (long_form) read_telling(value, out);
  // A list under `from` and nothing else about it: the first counts that makes a value of the column.
  const auto& entries = value.node().entries;
  const auto& others = keys_beside_expression(out);
  const auto of_expression = [&](const Entry& entry) { return std::ranges::find(others, entry.key) == others.end(); };
  const auto* from = value.node().find("from");
  if (from != nullptr && std::ranges::count_if(entries, of_expression) == 1) {
    const auto list = value.entry(*std::ranges::find(entries, "from", &Entry::key));
    if (auto sources = read_sources(list, around)) out.sources = std::move(*sources);
  } else if (long_form) {
    if (auto expression = read_long_form(value, around, others)) out.sources.push_back(std::move(*expression));
  } else if (auto sources = read_sources(value, around)) {
    out.sources = std::move(*sources);
  }
  if (out.sources.empty()) return false;
  check_constants(value, out);
  return true;
}

using catalog::ColumnType;

const Codec<ColumnType>& own_type_codec() {
  static const auto kCodec = choice<ColumnType>({{"text", ColumnType::text},
                                                 {"html", ColumnType::html},
                                                 {"money", ColumnType::money},
                                                 {"decimal", ColumnType::decimal},
                                                 {"integer", ColumnType::integer},
                                                 {"boolean", ColumnType::boolean}});
  return kCodec;
}

const Codec<std::size_t>& own_longest_codec() {
  static const auto kCodec = integer<std::size_t>(0, 1'000'000);
  return kCodec;
}

Node value_mapping_node(const ValueMapping& value) {
  const catalog::PictureForm usual;
  Node telling = group_node();
  if (value.own && value.own->type != ColumnType::text) {
    add_entry(telling, "type", *own_type_codec().write(value.own->type));
  }
  if (value.own && value.own->longest > 0) add_entry(telling, "longest", *own_longest_codec().write(value.own->longest));
  if (value.clearable) add_entry(telling, "clearable", Node::scalar("true"));
  if (auto policies = policies_node(value.policies)) add_entry(telling, "violations", std::move(*policies));
  if (value.pictures.placement != usual.placement) {
    add_entry(telling, "placement", escaped_text(value.pictures.placement));
  }
  if (value.pictures.removed != usual.removed) {
    add_entry(telling, "removed", *removed_codec().write(value.pictures.removed));
  }
  Node node = sources_node(value.sources);
  if (telling.entries.empty()) return node;
  if (node.kind != Node::Kind::map) {
    Node keyed = group_node();
    add_entry(keyed, "from", std::move(node));
    node = std::move(keyed);
  }
  std::ranges::move(telling.entries, std::back_inserter(node.entries));
  return node;
}

std::string shown_name(const ValueMapping& value) { return value.is_attribute ? value.name : value.key(); }

/// Under which option a value stands.
enum class Place { columns, own_columns, attributes };
Place place_of(const ValueMapping& value) {
  if (value.is_attribute) return Place::attributes;
  return value.own ? Place::own_columns : Place::columns;
}

std::optional<Node> value_mappings_node(const std::vector<ValueMapping>& values, Place place) {
  Node group;
  group.kind = Node::Kind::map;
  for (const auto& value : values) {
    if (value.role != catalog::ValueRole::mapped) continue;  // the feed's own: it follows from other options
    if (place_of(value) == place) add_entry(group, shown_name(value), value_mapping_node(value));
  }
  if (group.entries.empty()) return std::nullopt;
  return group;
}

bool is_map(const Value& value, std::string_view expected) {
  if (value.node().kind == Node::Kind::map) return true;
  value.unexpected(expected);
  return false;
}

void unknown_column(const Value& value, const Entry& entry) {
  const auto path = join_path(value.path(), entry.key);
  if (catalog::is_written_by_feed(trim(entry.key))) {
    value.reading().problem(entry.at, path,
                            "the feed fills this column itself; remove it (the SKU is the item's inventory ID, the "
                            "classification comes from mapping.classifications)");
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& column : catalog::columns()) names.push_back(column.name);
  value.reading().problem(entry.at, path,
                          "Rithum has no such column; a value without a column of its own is mapped "
                          "under attributes",
                          nearest(entry.key, names));
}

/// `Ship Zone Name (2)`: a column of the shipping group in its second place.
struct ColumnPlace {
  const catalog::Column* column = nullptr;
  int repetition = 1;
};

ColumnPlace find_place(std::string_view key) {
  key = trim(key);
  if (const auto* column = catalog::find_column(key)) return {column, 1};
  const auto open = key.rfind('(');
  if (open == std::string_view::npos || !key.ends_with(')')) return {};
  const auto repetition = parse_integer(key.substr(open + 1, key.size() - open - 2));
  const auto* column = catalog::find_column(trim(key.substr(0, open)));
  const bool fits = column != nullptr && column->is_repeatable && repetition && *repetition >= 2 &&
                    *repetition <= catalog::kMostRepetitions;
  return fits ? ColumnPlace{column, static_cast<int>(*repetition)} : ColumnPlace{};
}

void read_columns(const Value& value, std::vector<ValueMapping>& out) {
  if (!is_map(value, "a group of column headers, each with its source")) return;
  KeySet seen;
  for (const auto& entry : value.node().entries) {
    const auto place = find_place(entry.key);
    if (place.column == nullptr) {
      unknown_column(value, entry);
      continue;
    }
    if (!seen.add(value, entry, entry.key)) continue;
    ValueMapping mapping{std::string(place.column->name), place.column, false, {}, false, place.repetition};
    if (read_value_mapping(value.entry(entry), mapping)) out.push_back(std::move(mapping));
  }
}

bool is_name(const Value& value, const Entry& entry) {
  const auto name = trim(entry.key);
  const auto fault = name.empty() ? "is empty" : catalog::cell_fault(name);
  if (!fault && name.size() <= kLongestName) return true;
  value.reading().problem(entry.at, join_path(value.path(), entry.key),
                          "this name " + fault.value_or(fmt::format("is longer than {} bytes", kLongestName)));
  return false;
}

/// What an own column's cells may hold.
std::shared_ptr<const catalog::Column> read_own_column(const Value& value, std::string header) {
  auto type = ColumnType::text;
  std::size_t longest = 0;
  if (value.node().kind == Node::Kind::map) {
    for (const auto& entry : value.node().entries) {
      if (entry.key == "type") own_type_codec().read(value.entry(entry), type);
      if (entry.key == "longest") own_longest_codec().read(value.entry(entry), longest);
    }
  }
  return catalog::own_column(std::move(header), type, longest);
}

void read_own_columns(const Value& value, std::vector<ValueMapping>& out) {
  if (!is_map(value, "a group of headers that the account maps in its template, each with its source")) return;
  KeySet seen;
  for (const auto& entry : value.node().entries) {
    if (!is_name(value, entry) || !seen.add(value, entry, entry.key)) continue;
    const std::string header(trim(entry.key));
    if (!catalog::may_be_own_header(header)) {
      value.reading().problem(entry.at, join_path(value.path(), entry.key),
                              "this cannot be a header of the account's own: Rithum takes none that begins with a digit, "
                              "and its standard columns stand under columns");
      continue;
    }
    ValueMapping mapping{header, nullptr, false, {}, false};
    mapping.own = read_own_column(value.entry(entry), header);
    mapping.column = mapping.own.get();
    if (read_value_mapping(value.entry(entry), mapping)) out.push_back(std::move(mapping));
  }
}

void read_attribute_columns(const Value& value, std::vector<ValueMapping>& out) {
  if (!is_map(value, "a group of Rithum attribute names, each with its source")) return;
  KeySet seen;
  for (const auto& entry : value.node().entries) {
    if (!is_name(value, entry) || !seen.add(value, entry, entry.key)) continue;
    ValueMapping mapping{std::string(trim(entry.key)), &catalog::attribute_column(), true, {}, false};
    if (read_value_mapping(value.entry(entry), mapping)) out.push_back(std::move(mapping));
  }
}

void read_classifications(const Value& value, catalog::TextMap& out) {
  static const auto kName =
      text({.shortest = 1, .longest = kLongestName, .expected = "the name of a Rithum classification"});
  if (!is_map(value, "a group of item classes, each with its Rithum classification")) return;
  if (value.node().entries.empty()) return value.wrong("no item class is mapped, so that nothing would be exported");
  KeySet seen;
  for (const auto& entry : value.node().entries) {
    if (!is_name(value, entry) || !seen.add(value, entry, entry.key)) continue;
    const auto classification = value.entry(entry);
    auto& name = out[std::string(trim(entry.key))];
    kName.read(classification, name);
    if (const auto fault = catalog::cell_fault(name)) classification.wrong("the classification " + *fault);
  }
}

}  // namespace

Codec<catalog::Sources> sources() {
  auto read = [](const Value& value, catalog::Sources& out) {
    if (auto found = read_sources(value, {})) out = std::move(*found);
  };
  auto write = [](const catalog::Sources& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    return sources_node(value);
  };
  return {"value", "see docs/mapping.md", false, read, write};
}

Codec<std::optional<catalog::Condition>> condition() {
  auto read = [](const Value& value, std::optional<catalog::Condition>& out) {
    if (auto found = read_condition(value, {})) out = std::move(*found);
  };
  auto write = [](const std::optional<catalog::Condition>& value) -> std::optional<Node> {
    if (!value) return std::nullopt;
    return condition_node(*value);
  };
  return {"condition", "see docs/mapping.md", false, read, write};
}

Codec<Policies> policies() {
  auto read = [](const Value& value, Policies& out) { read_policies(value, out, PoliciesOf::site); };
  return {"map: rule to policy", "rules: docs/columns.md", false, read, policies_node};
}

Codec<std::set<catalog::WithdrawalStep>> withdrawal_steps() {
  using Step = catalog::WithdrawalStep;
  std::vector<std::pair<std::string, Step>> words;
  for (const auto step : {Step::quantity_zero, Step::blocked, Step::label}) words.emplace_back(to_text(step), step);
  const auto one = choice<Step>(std::move(words));
  auto read = [one](const Value& value, std::set<Step>& out) {
    if (value.node().kind != Node::Kind::sequence) return value.unexpected("a list of " + one.limits);
    std::set<Step> steps;
    for (const auto& item : value.items()) {
      Step step = Step::label;
      one.read(item, step);
      steps.insert(step);
    }
    out = std::move(steps);
  };
  auto write = [one](const std::set<Step>& steps) -> std::optional<Node> {
    Node list;
    list.kind = Node::Kind::sequence;
    for (const auto step : steps) list.items.push_back(one.write(step).value_or(Node{}));
    return list;
  };
  return {"list of choices", one.limits, false, read, write};
}

Codec<catalog::Names> names(std::string_view what) {
  const TextRule rule{.shortest = 1, .longest = kLongestName, .expected = what};
  const auto list = text_list(0, kMostNames, rule);
  auto read = [list](const Value& value, catalog::Names& out) {
    std::vector<std::string> texts;
    list.read(value, texts);
    if (value.node().kind == Node::Kind::sequence) out = {texts.begin(), texts.end()};
  };
  auto write = [list](const catalog::Names& value) { return list.write({value.begin(), value.end()}); };
  return {"list of texts", list.limits, false, read, write};
}

Codec<catalog::TextMap> classifications() {
  auto write = [](const catalog::TextMap& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    Node group;
    group.kind = Node::Kind::map;
    for (const auto& [name, classification] : value) group.entries.push_back({name, {}, escaped_text(classification)});
    return group;
  };
  return {"map: item class to classification", "at least 1", false, read_classifications, write};
}

Codec<std::vector<ValueMapping>> columns() {
  auto write = [](const std::vector<ValueMapping>& values) { return value_mappings_node(values, Place::columns); };
  return {"map: column header to value", "see docs/mapping.md", false, read_columns, write};
}

Codec<std::vector<ValueMapping>> own_columns() {
  auto write = [](const std::vector<ValueMapping>& values) { return value_mappings_node(values, Place::own_columns); };
  return {"map: header to value", "see docs/mapping.md", false, read_own_columns, write};
}

Codec<std::vector<ValueMapping>> attributes() {
  auto write = [](const std::vector<ValueMapping>& values) { return value_mappings_node(values, Place::attributes); };
  return {"map: attribute name to value", "see docs/mapping.md", false, read_attribute_columns, write};
}

}  // namespace product_sync::config
