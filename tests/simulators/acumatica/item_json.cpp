#include "item_json.hpp"

#include <algorithm>

#include "json_text.hpp"
#include "refusal.hpp"

namespace acumatica_sim {
namespace {

bool is_bare(Kind kind) { return kind == Kind::decimal || kind == Kind::integer || kind == Kind::boolean; }

/// `"Name":` when the member is to be written; false when this item leaves the empty field out.
bool open_member(std::string& out, std::string_view name, const Cell& cell, std::uint64_t roll) {
  if (!cell && roll >= 90) return false;
  out += ",\"";
  out += name;
  out += "\":";
  return true;
}

/// An empty field is `{}`, sometimes `{"value":null}`, sometimes no member (acumatica.md §2.4).
void append_field(std::string& out, std::string_view name, Kind kind, const Cell& cell, std::uint64_t roll,
                  const Cell& french = {}) {
  if (!open_member(out, name, cell, roll)) return;
  if (!cell) {
    out += roll < 80 ? "{}" : "{\"value\":null}";
    return;
  }
  out += "{\"value\":";
  if (is_bare(kind)) {
    out += *cell;
  } else {
    append_json_string(out, *cell);
  }
  if (french) out += ",\"Translations\":{\"fr\":" + json_string(*french) + "}";
  out += '}';
}

/// The languages that a field has, in the form of `$custom=View.FieldTranslations`.
std::optional<CustomValue> translations(const Item& item, std::string_view name) {
  if (name != "Item.DescrTranslations" || !item.spec().french) return std::nullopt;
  std::string text = "[{en:" + item.field("Description").value_or("") + "}";
  if (const Cell french = item.french()) text += ",{fr:" + *french + "}";
  return CustomValue{"CustomStringField", text + "]"};
}

std::uint64_t empty_form(const Item& item, std::uint64_t position) {
  return mix(item.seeded().draw(5'000) + position) % 100;
}

void append_row(std::string& out, const Row& row, std::size_t number, const DetailSpec& detail,
                const std::vector<bool>& wanted, const Item& item) {
  out += "{\"id\":\"" + row.id + "\",\"rowNumber\":" + std::to_string(number) + ",\"note\":";
  out += number % 2 == 0 ? "{\"value\":\"\"}" : "null";
  for (std::size_t i = 0; i < detail.columns.size(); ++i) {
    if (!wanted[i]) continue;
    append_field(out, detail.columns[i].name, detail.columns[i].kind, row.cells[i], empty_form(item, number * 100 + i));
  }
  out += ",\"custom\":{}}";
}

void append_details(std::string& out, const Item& item, const Shape& shape) {
  const auto& details = shape.spec->details;
  for (std::size_t i = 0; i < details.size(); ++i) {
    if (shape.detail_columns[i].empty()) continue;
    out += ",\"";
    out += details[i].name;
    out += "\":[";
    std::size_t number = 0;
    for (const Row& row : item.rows(i)) {
      if (number > 0) out += ',';
      append_row(out, row, ++number, details[i], shape.detail_columns[i], item);
    }
    out += ']';
  }
}

void append_custom_value(std::string& out, const CustomValue& value, std::uint64_t roll) {
  out += "{\"type\":";
  append_json_string(out, value.type);
  if (!value.value) {
    out += roll < 50 ? "}" : ",\"value\":null}";
    return;
  }
  out += ",\"value\":";
  const bool quoted =
      value.type == "CustomStringField" || value.type == "CustomGuidField" || value.type == "CustomDateTimeField";
  if (quoted) {
    append_json_string(out, *value.value);
  } else {
    out += *value.value;
  }
  out += '}';
}

/// `fields` sorted by `View.Field`; `append` writes the value of one and says whether there is one.
template <class Append>
void append_custom(std::string& out, const std::vector<std::string>& fields, const Append& append) {
  out += ",\"custom\":{";
  std::string_view view;
  for (const std::string& name : fields) {
    const std::size_t dot = name.find('.');
    std::string value;
    if (dot == std::string::npos || !append(value, name)) continue;
    const std::string_view this_view = std::string_view(name).substr(0, dot);
    if (this_view == view) {
      out += ',';
    } else {
      if (!view.empty()) out += "},";
      append_json_string(out, this_view);
      out += ":{";
      view = this_view;
    }
    append_json_string(out, std::string_view(name).substr(dot + 1));
    out += ':';
    out += value;
  }
  out += view.empty() ? "}" : "}}";
}

void append_links(std::string& out, const Item& item, const Shape& shape) {
  const std::string id = item.id();
  if (shape.files) {
    out += ",\"files\":[";
    std::uint64_t part = 0;
    for (const std::string& name : item.files()) {
      const std::string file_id = item.seeded().file_guid(part);
      if (part++ > 0) out += ',';
      out += "{\"id\":\"" + file_id + "\",\"filename\":";
      append_json_string(out, name);
      out += ",\"href\":";
      append_json_string(out, shape.entity_path + "/files/" + file_id);
      out += ",\"comment\":null}";
    }
    out += ']';
  }
  out += ",\"_links\":{\"self\":";
  append_json_string(out, shape.entity_path + "/" + std::string(shape.spec->name) + "/" + id);
  out += ",\"files:put\":";
  append_json_string(out,
                     shape.entity_path + "/files/" + std::string(shape.spec->files_path) + "/" + id + "/{filename}");
  out += '}';
}

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view part = list.substr(0, comma);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    part = trim_right(part);
    if (!part.empty()) parts.push_back(part);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

std::vector<bool> columns_of(const DetailSpec& detail, int release, bool wanted) {
  std::vector<bool> columns(detail.columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = wanted && detail.columns[i].since <= release;
  return columns;
}

[[noreturn]] void refuse(const Shape& shape, const std::string& parameter, std::string_view name) {
  throw Refusal(500, "The name '" + std::string(name) + "' in " + parameter + " does not exist on entity '" +
                         std::string(shape.spec->name) + "'.");
}

void parse_expand(Shape& shape, std::string_view expand) {
  for (const std::string_view name : split(expand)) {
    if (name == "files") {
      shape.files = true;
      continue;
    }
    if (name == "Translations" && shape.spec->french) {
      shape.translations = true;
      continue;
    }
    const std::string_view head = name.substr(0, name.find('/'));
    const auto detail = shape.spec->detail(head, shape.release);
    if (!detail || (head != name && name.substr(head.size()) != "/files")) refuse(shape, "$expand", name);
    shape.detail_columns[*detail] = columns_of(shape.spec->details[*detail], shape.release, true);
  }
}

void parse_select(Shape& shape, std::string_view select) {
  if (select.empty()) return;
  std::vector<std::vector<bool>> named(shape.spec->details.size());
  shape.fields.assign(shape.spec->fields.size(), false);
  for (const std::string_view name : split(select)) {
    const std::size_t slash = name.find('/');
    if (const auto field = shape.spec->field(name, shape.release)) {
      shape.fields[*field] = true;
      continue;
    }
    const auto detail = shape.spec->detail(name.substr(0, slash), shape.release);
    if (!detail) {
      if (name != "files") refuse(shape, "$select", name);
      continue;
    }
    const DetailSpec& spec = shape.spec->details[*detail];
    if (named[*detail].empty()) named[*detail] = columns_of(spec, shape.release, slash == std::string_view::npos);
    if (slash == std::string_view::npos) continue;
    const auto column = find_column(spec, name.substr(slash + 1), shape.release);
    if (!column) refuse(shape, "$select", name);
    named[*detail][*column] = true;
  }
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (!shape.detail_columns[i].empty()) shape.detail_columns[i] = named[i];
  }
}

}  // namespace

Shape Shape::parse(const EntitySpec& spec, int release, std::string entity_path, std::string_view expand,
                   std::string_view select, std::string_view custom) {
  Shape shape;
  shape.spec = &spec;
  shape.release = release;
  shape.entity_path = std::move(entity_path);
  shape.detail_columns.resize(spec.details.size());
  parse_expand(shape, expand);
  parse_select(shape, select);
  for (const std::string_view name : split(custom)) shape.custom.emplace_back(name);
  std::sort(shape.custom.begin(), shape.custom.end());
  return shape;
}

void Shape::include(const std::vector<std::size_t>& filter_fields) {
  if (fields.empty()) return;
  for (const std::size_t field : filter_fields) fields[field] = true;
}

std::vector<std::string> Shape::expanded() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < detail_columns.size(); ++i) {
    if (!detail_columns[i].empty()) names.emplace_back(spec->details[i].name);
  }
  if (files) names.emplace_back("files");
  return names;
}

void append_item(std::string& out, const Item& item, const Shape& shape) {
  out += "{\"id\":\"" + item.id() + "\",\"rowNumber\":1,\"note\":";
  out += item.seeded().index % 2 == 0 ? "{\"value\":\"\"}" : "null";
  const auto& fields = shape.spec->fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].since > shape.release || (!shape.fields.empty() && !shape.fields[i])) continue;
    const bool translated = shape.translations && fields[i].name == "Description";
    append_field(out, fields[i].name, fields[i].kind, item.cell(i), empty_form(item, i),
                 translated ? item.french() : Cell());
  }
  append_details(out, item, shape);
  append_custom(out, shape.custom, [&](std::string& value, const std::string& name) {
    auto custom = item.custom(name);
    if (!custom) custom = translations(item, name);
    if (custom) append_custom_value(value, *custom, empty_form(item, 999));
    return custom.has_value();
  });
  append_links(out, item, shape);
  out += '}';
}

std::string schema_record(const Catalogue& catalogue, const Shape& shape) {
  std::string out = R"({"id":"00000000-0000-0000-0000-000000000000","rowNumber":1,"note":null)";
  for (const FieldSpec& field : shape.spec->fields) {
    if (field.since <= shape.release) out += ",\"" + std::string(field.name) + "\":{}";
  }
  for (const DetailSpec& detail : shape.spec->details) {
    if (detail.since <= shape.release) out += ",\"" + std::string(detail.name) + "\":[]";
  }
  const auto declared = catalogue.custom_fields();
  std::vector<std::string> names;
  for (const auto& [name, type] : declared) names.push_back(name);
  append_custom(out, names, [&](std::string& value, const std::string& name) {
    value = "{\"type\":" + json_string(declared.at(name)) + "}";
    return true;
  });
  return out + "}";
}

std::string record_with_errors(const EntitySpec& spec, std::string_view key, const std::vector<FieldError>& errors,
                               const std::vector<std::string>& record_errors) {
  std::string out = "{\"" + std::string(spec.fields[spec.keys.front()].name) +
                    "\":{\"value\":" + json_string(EntitySpec::key_part(key, 0)) + "}";
  for (const FieldError& each : errors) {
    out += ",\"" + std::string(spec.fields[each.field].name) + "\":{\"value\":" + json_string(each.written) +
           ",\"error\":" + json_string(each.reason) + "}";
  }
  std::string all;
  for (const std::string& each : record_errors) all += (all.empty() ? "" : " ") + each;
  if (!all.empty()) out += ",\"error\":" + json_string(all);
  return out + "}";
}

}  // namespace acumatica_sim
