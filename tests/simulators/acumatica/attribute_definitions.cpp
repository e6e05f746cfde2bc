#include "attribute_definitions.hpp"

#include <algorithm>

#include "collation.hpp"

namespace acumatica_sim {
namespace {

std::vector<std::string> forty(const std::string& before, const std::string& after) {
  std::vector<std::string> texts;
  for (int i = 1; i <= 40; ++i) texts.push_back(before + (i < 10 ? "0" : "") + std::to_string(i) + after);
  return texts;
}

std::vector<AttributeDefinition::Choice> choices(const std::vector<std::string>& ids,
                                                 const std::vector<std::string>& labels) {
  std::vector<AttributeDefinition::Choice> all;
  for (std::size_t i = 0; i < ids.size(); ++i) all.push_back({ids[i], labels[i]});
  return all;
}

}  // namespace

const std::vector<AttributeDefinition>& attribute_definitions() {
  using Control = AttributeDefinition::Control;
  static const std::vector<std::string> kShades = forty("SH", "");
  static const std::vector<std::string> kShadeLabels = forty("Shade ", " / \"matt\"");
  static const std::vector<AttributeDefinition> kDefinitions{
      {"BRAND",
       "Brand",
       Control::combo,
       {{"ACME", "Acme Tools"},
        {"NORDIC", "Nordic Light"},
        {"KIDO", "Kidō & Søns"},
        {"PLAIN", "Plain"},
        {"OMEGA", "Omega \"O\""}}},
      {"MANUFACTURER", "Manufacturer", Control::text, {}},
      {"COLOR",
       "Color",
       Control::combo,
       {{"RED", "Red"}, {"BLUE", "Blue"}, {"GREEN", "Green"}, {"BLK", "Black"}, {"WHT", "White"}}},
      {"SIZE", "Size", Control::combo, {{"S", "Small"}, {"M", "Medium"}, {"L", "Large"}, {"XL", "Extra Large"}}},
      {"FEATURES",
       "Features",
       Control::multi,
       {{"WIFI", "Wi-Fi"}, {"BT", "Bluetooth"}, {"USB", "USB-C"}, {"BAT", "Battery"}}},
      {"FBA", "Allowed for FBA", Control::checkbox, {{"0", "False"}, {"1", "True"}}},
      {"MATERIAL",
       "Material",
       Control::combo,
       {{"COTTON", "Cotton & more"}, {"LINEN", "Leinen, weiß"}, {"SILK", "Silk \"pure\""}, {"WOOL", "Wool"}}},
      {"SHADE", "Shade", Control::combo, choices(kShades, kShadeLabels)},
  };
  return kDefinitions;
}

const AttributeDefinition* find_attribute(std::string_view id_or_description) {
  for (const AttributeDefinition& each : attribute_definitions()) {
    if (collate(each.id, id_or_description) == 0 || collate(each.description, id_or_description) == 0) return &each;
  }
  return nullptr;
}

std::optional<AttributeValue> attribute_value(const AttributeDefinition& definition, std::string_view written) {
  if (definition.control == AttributeDefinition::Control::text)
    return AttributeValue{std::string(written), std::string(written)};
  if (definition.control == AttributeDefinition::Control::multi) {
    AttributeValue all;  // ids are joined with "," and labels with ", " (acumatica.md §2.7)
    while (!written.empty()) {
      const std::size_t comma = std::min(written.find(','), written.size());
      std::string_view part = written.substr(0, comma);
      while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
      written.remove_prefix(std::min(comma + 1, written.size()));
      const AttributeDefinition single{definition.id, definition.description, AttributeDefinition::Control::combo,
                                       definition.choices};
      const auto one = attribute_value(single, part);
      if (!one) return std::nullopt;
      all.value += (all.value.empty() ? "" : ",") + one->value;
      all.label += (all.label.empty() ? "" : ", ") + one->label;
    }
    return all;
  }
  for (const AttributeDefinition::Choice& choice : definition.choices) {
    if (collate(choice.id, written) == 0 || collate(choice.label, written) == 0) {
      return AttributeValue{std::string(choice.id), std::string(choice.label)};
    }
  }
  return std::nullopt;
}

}  // namespace acumatica_sim
