#include <algorithm>

#include "catalog/measure.hpp"
#include "config/codecs.hpp"
#include "config/expression_codec.hpp"
#include "config/rounding_names.hpp"

namespace product_sync::config {
namespace {

using catalog::Expression;
using catalog::Lookup;
using catalog::MeasureConversion;
using catalog::NumberFormat;
using catalog::Source;
using catalog::Sources;
using catalog::Step;

/// Adds the keys of a step or origin.
struct KeyWriter {
  Node& group;

  void operator()(const Source& source) const { add("from", escaped_text(catalog::to_text(source))); }
  void operator()(const catalog::TextTemplate& text) const { add("text", escaped_text(catalog::to_text(text))); }
  void operator()(const catalog::Join& join) const {
    add("join", list(join.parts));
    add("separator", escaped_text(join.separator));
  }
  void operator()(const catalog::First& first) const { add("from", list(first.options)); }
  void operator()(const catalog::Pairs& pairs) const {
    add("pairs", escaped_text(catalog::to_text(pairs.rows)));
    add("name", sources_node(pairs.name));
    add("value", sources_node(pairs.value));
  }

  void operator()(const catalog::Requirement& requirement) const {
    add("require", condition_node(requirement.condition));
  }
  void operator()(const Lookup& lookup) const {
    add("lookup", table_node(lookup.table));
    if (lookup.otherwise == Lookup::Otherwise::keep) add("otherwise", Node::scalar("keep"));
    if (lookup.otherwise != Lookup::Otherwise::other) return;
    add("otherwise", lookup.other.empty() ? Node::scalar("nothing") : sources_node(lookup.other));
  }
  void operator()(const MeasureConversion& conversion) const {
    Node unit = group_node();
    const auto* fixed = std::get_if<const catalog::Measure*>(&conversion.from);
    add_entry(unit, "from",
              fixed != nullptr ? Node::scalar(std::string((*fixed)->name))
                               : escaped_text(catalog::to_text(std::get<Source>(conversion.from))));
    add_entry(unit, "to", Node::scalar(std::string(conversion.to->name)));
    if (!conversion.names.empty()) add_entry(unit, "names", table_node(conversion.names));
    add("unit", std::move(unit));
  }
  void operator()(const NumberFormat& format) const {
    Node number = group_node();
    add_entry(number, "places", Node::scalar(std::to_string(format.places)));
    add_entry(number, "rounding",
              Node::scalar(std::string(std::ranges::find(kRoundings, format.rounding, &RoundingName::rounding)->name)));
    add_entry(number, "pad", Node::scalar(format.pad ? "true" : "false"));
    if (format.times) add_entry(number, "times", Node::scalar(format.times->text()));
    add("number", std::move(number));
  }
  void operator()(const catalog::DatePattern& pattern) const { add("date", escaped_text(pattern.text())); }

 private:
  void add(std::string_view key, Node value) const { add_entry(group, key, std::move(value)); }
  static Node list(const Sources& sources) {
    Node node;
    node.kind = Node::Kind::sequence;
    for (const auto& source : sources) node.items.push_back(expression_node(source));
    return node;
  }
};

}  // namespace

Node expression_node(const Expression& expression) {
  if (!expression.when && expression.steps.empty()) {
    if (const auto* source = std::get_if<Source>(&expression.origin)) return escaped_text(catalog::to_text(*source));
  }
  Node node = group_node();
  std::visit(KeyWriter{node}, expression.origin);
  if (expression.when) add_entry(node, "when", condition_node(*expression.when));
  for (const Step& step : expression.steps) std::visit(KeyWriter{node}, step);
  return node;
}

Node sources_node(const Sources& sources) {
  Node list;
  list.kind = Node::Kind::sequence;
  for (const auto& source : sources) list.items.push_back(expression_node(source));
  return list.items.size() == 1 ? list.items.front() : list;
}

Node group_node() {
  Node node;
  node.kind = Node::Kind::map;
  return node;
}

void add_entry(Node& group, std::string_view key, Node value) {
  group.entries.push_back({std::string(key), {}, std::move(value)});
}

Node table_node(const catalog::LookupTable& table) {
  Node group = group_node();
  for (const auto& [from, to] : table) add_entry(group, from, escaped_text(to));
  return group;
}

}  // namespace product_sync::config
