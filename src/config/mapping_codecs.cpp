#include "config/mapping_codecs.hpp"

#include <algorithm>
#include <map>

#include "base/bytes.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"
#include "config/near_miss.hpp"

namespace product_sync::config {
namespace {

using catalog::Source;
using catalog::Sources;
using catalog::ValueMapping;

constexpr std::size_t kMostSources = 16;
constexpr std::size_t kLongestName = 100;
constexpr std::string_view kSourceForms = "a source such as field:Description, or a list of sources";
constexpr std::string_view kOneSource = "a source such as field:Description";
constexpr std::string_view kValueForms =
    "a source such as field:Description, a list of sources, or the keys from and clearable";

std::optional<Source> read_source(const Value& value, std::string_view expected) {
  const auto text = value.text(expected);
  if (!text) return std::nullopt;
  auto source = catalog::parse_source(*text);
  if (source) return std::move(*source);
  // The error quotes the text; what came out of a variable is not shown.
  if (value.holds_variables()) {
    value.unexpected(expected);
  } else {
    value.wrong(in_one_sentence(source.error()));
  }
  return std::nullopt;
}

Sources read_sources(const Value& value, std::string_view expected) {
  const auto items = value.items();
  if (items.empty() || items.size() > kMostSources) {
    value.wrong(fmt::format("expected 1 to {} sources, found {}", kMostSources, items.size()));
    return {};
  }
  Sources sources;
  for (const auto& item : items) {
    if (auto source = read_source(item, item.path() == value.path() ? expected : kOneSource))
      sources.push_back(std::move(*source));
  }
  return sources.size() == items.size() ? sources : Sources{};
}

Node sources_node(const Sources& sources) {
  Node list;
  list.kind = Node::Kind::sequence;
  for (const auto& source : sources) list.items.push_back(escaped_text(catalog::to_text(source)));
  return list.items.size() == 1 ? list.items.front() : list;
}

/// A constant that the column can never hold.
void check_constants(const Value& value, const ValueMapping& mapping) {
  for (const auto& source : mapping.sources) {
    const auto* constant = std::get_if<catalog::ConstantSource>(&source);
    if (constant == nullptr) continue;
    const auto made = catalog::make_value(*mapping.column, constant->text);
    if (made) continue;
    value.wrong(value.holds_variables() ? "the column refuses the constant"
                                        : "the constant: " + in_one_sentence(made.error()));
  }
}

/// The long form: `{from: …, clearable: true}`.
void read_keyed_value(const Value& value, ValueMapping& out) {
  static const auto kBoolean = boolean();
  bool has_from = false;
  for (const auto& entry : value.node().entries) {
    const auto part = value.entry(entry);
    if (entry.key == "from") {
      has_from = true;
      out.sources = read_sources(part, kSourceForms);
    } else if (entry.key == "clearable") {
      kBoolean.read(part, out.clearable);
      if (out.clearable && !out.column->clearable)
        part.wrong("Rithum never lets this column be cleared; remove the key");
    } else {
      value.reading().problem(entry.at, part.path(), "unknown key; expected from or clearable",
                              nearest(entry.key, {"from", "clearable"}));
    }
  }
  if (!has_from) value.wrong("the key from is missing; it names the source of the value");
}

/// False when there were problems.
bool read_value_mapping(const Value& value, ValueMapping& out) {
  if (value.node().kind == Node::Kind::map) {
    read_keyed_value(value, out);
  } else {
    out.sources = read_sources(value, kValueForms);
  }
  if (out.sources.empty()) return false;
  check_constants(value, out);
  return true;
}

std::optional<Node> value_mappings_node(const std::vector<ValueMapping>& values, bool attributes) {
  Node group;
  group.kind = Node::Kind::map;
  for (const auto& value : values) {
    if (value.is_attribute != attributes) continue;
    Node node = sources_node(value.sources);
    if (value.clearable) {
      Node keyed;
      keyed.kind = Node::Kind::map;
      keyed.entries.push_back({"from", {}, std::move(node)});
      keyed.entries.push_back({"clearable", {}, Node::scalar("true")});
      node = std::move(keyed);
    }
    group.entries.push_back({value.name, {}, std::move(node)});
  }
  if (group.entries.empty()) return std::nullopt;
  return group;
}

/// Reports keys that differ only in what is not compared.
class KeySet {
 public:
  /// False, and a problem, when an equal key was added before.
  bool add(const Value& value, const Entry& entry, std::string_view key) {
    const auto [first, is_new] = lines_.emplace(to_lower_ascii(trim(key)), entry.at.line);
    if (!is_new) {
      value.reading().problem(
          entry.at, join_path(value.path(), entry.key),
          fmt::format("the same name stands on line {} already (case does not count)", first->second));
    }
    return is_new;
  }

 private:
  std::map<std::string, int> lines_;
};

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

void read_columns(const Value& value, std::vector<ValueMapping>& out) {
  if (!is_map(value, "a group of column headers, each with its source")) return;
  KeySet seen;
  for (const auto& entry : value.node().entries) {
    const auto* column = catalog::find_column(trim(entry.key));
    if (column == nullptr) {
      unknown_column(value, entry);
      continue;
    }
    if (!seen.add(value, entry, entry.key)) continue;
    ValueMapping mapping{std::string(column->name), column, false, {}, false};
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

void read_attributes(const Value& value, std::vector<ValueMapping>& out) {
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

Codec<Sources> sources() {
  auto read = [](const Value& value, Sources& out) {
    auto found = read_sources(value, kSourceForms);
    if (!found.empty()) out = std::move(found);
  };
  auto write = [](const Sources& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    return sources_node(value);
  };
  return {"source or list of sources", fmt::format("1 to {}", kMostSources), false, read, write};
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
  auto write = [](const std::vector<ValueMapping>& values) { return value_mappings_node(values, false); };
  return {"map: column header to source", "", false, read_columns, write};
}

Codec<std::vector<ValueMapping>> attributes() {
  auto write = [](const std::vector<ValueMapping>& values) { return value_mappings_node(values, true); };
  return {"map: attribute name to source", "", false, read_attributes, write};
}

}  // namespace product_sync::config
