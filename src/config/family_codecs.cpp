#include "config/family_codecs.hpp"

#include "base/bytes.hpp"
#include "config/mapping_codecs.hpp"
#include "config/near_miss.hpp"

namespace product_sync::config {
namespace {

using catalog::Relationship;
using catalog::VariationAttribute;

constexpr std::string_view kKeys = "expected attributes, item_classes or templates";

const Codec<std::vector<std::string>>& names() {
  static const auto kNames = text_list(0, 10'000, {.shortest = 1, .longest = 100, .expected = "a name"});
  return kNames;
}

void read_variation_attributes(const Value& value, std::vector<VariationAttribute>& out) {
  static const auto kSources = sources();
  if (value.node().kind != Node::Kind::map || value.node().entries.empty()) {
    return value.unexpected("a group of Rithum attribute names, each with its source");
  }
  for (const auto& entry : value.node().entries) {
    VariationAttribute attribute{std::string(trim(entry.key)), {}};
    kSources.read(value.entry(entry), attribute.sources);
    if (!attribute.sources.empty()) out.push_back(std::move(attribute));
  }
}

void read_relationship(const Value& value, Relationship& out) {
  if (value.node().kind != Node::Kind::map) return value.unexpected("the keys attributes, item_classes and templates");
  for (const auto& entry : value.node().entries) {
    const auto part = value.entry(entry);
    if (entry.key == "attributes") {
      read_variation_attributes(part, out.attributes);
    } else if (entry.key == "item_classes") {
      names().read(part, out.item_classes);
    } else if (entry.key == "templates") {
      names().read(part, out.templates);
    } else {
      value.reading().problem(entry.at, part.path(), "unknown key; " + std::string(kKeys),
                              nearest(entry.key, {"attributes", "item_classes", "templates"}));
    }
  }
  if (value.node().find("attributes") == nullptr) {
    value.wrong("the key attributes is missing; it names the attributes in which products of a family differ");
  }
  if (value.node().find("item_classes") == nullptr && value.node().find("templates") == nullptr) {
    value.wrong("no template uses this relationship; name item_classes, templates or both");
  }
}

void read_relationships(const Value& value, std::vector<Relationship>& out) {
  if (value.node().kind != Node::Kind::map || value.node().entries.empty()) {
    return value.unexpected("a group of relationships, each by its name in Rithum");
  }
  for (const auto& entry : value.node().entries) {
    Relationship relationship{std::string(trim(entry.key)), {}, {}, {}};
    read_relationship(value.entry(entry), relationship);
    out.push_back(std::move(relationship));
  }
}

std::optional<Node> relationship_node(const Relationship& relationship) {
  static const auto kSources = sources();
  Node attributes;
  attributes.kind = Node::Kind::map;
  for (const auto& attribute : relationship.attributes) {
    if (auto node = kSources.write(attribute.sources)) {
      attributes.entries.push_back({attribute.name, {}, std::move(*node)});
    }
  }
  Node group;
  group.kind = Node::Kind::map;
  group.entries.push_back({"attributes", {}, std::move(attributes)});
  const auto add = [&](const char* key, const std::vector<std::string>& list) {
    if (list.empty()) return;
    if (auto node = names().write(list)) group.entries.push_back({key, {}, std::move(*node)});
  };
  add("item_classes", relationship.item_classes);
  add("templates", relationship.templates);
  return group;
}

}  // namespace

Codec<std::vector<Relationship>> relationships() {
  auto write = [](const std::vector<Relationship>& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    Node group;
    group.kind = Node::Kind::map;
    for (const auto& one : value) {
      if (auto node = relationship_node(one)) group.entries.push_back({one.name, {}, std::move(*node)});
    }
    return group;
  };
  return {"map: relationship name to attributes and templates", "at least 1", false, read_relationships, write};
}

}  // namespace product_sync::config
