#include "schema.hpp"

#include <algorithm>

#include "collation.hpp"

namespace acumatica_sim {
namespace {

template <class Specs>
std::optional<std::size_t> position(const Specs& specs, std::string_view name, int release) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].name == name && specs[i].since <= release) return i;
  }
  return std::nullopt;
}

EntitySpec indexed(EntitySpec spec) {
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    if (spec.fields[i].role == Role::key) spec.keys.push_back(i);
  }
  spec.parent = spec.field("TemplateItemID");
  const auto attributes = spec.detail("Attributes");
  if (attributes && find_column(spec.details[*attributes], "Value", 99)) spec.attributes = attributes;
  return spec;
}

}  // namespace

std::optional<std::size_t> EntitySpec::field(std::string_view field_name, int release) const {
  return position(fields, field_name, release);
}

std::optional<std::size_t> EntitySpec::detail(std::string_view detail_name, int release) const {
  return position(details, detail_name, release);
}

const CustomSpec* EntitySpec::custom_field(std::string_view view_and_name) const {
  const auto found =
      std::find_if(custom.begin(), custom.end(), [&](const auto& each) { return each.name == view_and_name; });
  return found == custom.end() ? nullptr : &*found;
}

std::string EntitySpec::generated_key(const Seeded& seeded) const {
  std::string key;
  for (const std::size_t field : keys) {
    if (!key.empty()) key += kKeyJoint;
    key += fields[field].generate(seeded).value_or("");
  }
  return key;
}

std::string EntitySpec::key_from_path(std::string_view path) const {
  std::string key(trim_right(path));
  const std::size_t slash = key.rfind('/');
  if (keys.size() > 1 && slash != std::string::npos) key[slash] = kKeyJoint;
  return key;
}

std::string EntitySpec::key_as_path(std::string_view key) const {
  std::string path(key);
  std::replace(path.begin(), path.end(), kKeyJoint, '/');
  return path;
}

std::string EntitySpec::key_part(std::string_view key, std::size_t n) {
  for (; n > 0; --n) key.remove_prefix(std::min(key.find(kKeyJoint), key.size() - 1) + 1);
  return std::string(key.substr(0, key.find(kKeyJoint)));
}

std::optional<std::size_t> find_column(const DetailSpec& detail, std::string_view name, int release) {
  return position(detail.columns, name, release);
}

const std::vector<EntitySpec>& entity_schemas() {
  static const std::vector<EntitySpec> kSchemas{
      indexed(stock_item_schema()), indexed(non_stock_item_schema()), indexed(template_schema()), indexed(kit_schema()),
      indexed(attribute_schema()),  indexed(item_class_schema()),     indexed(category_schema())};
  return kSchemas;
}

const EntitySpec& schema_of(Table table) { return entity_schemas()[static_cast<std::size_t>(table)]; }

}  // namespace acumatica_sim
