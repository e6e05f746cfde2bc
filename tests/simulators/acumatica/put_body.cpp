#include "put_body.hpp"

#include <algorithm>
#include <stdexcept>

#include "attribute_definitions.hpp"
#include "refusal.hpp"

namespace acumatica_sim {
namespace {

using nlohmann::json;

constexpr int kNewest = 99;

[[noreturn]] void bad(const std::string& text) {
  throw Refusal(400, text, "Newtonsoft.Json.JsonSerializationException");
}

/// A JSON scalar as a cell. Decimals keep their digits only as far as a double does; the contract has no more either.
Cell cell_of(const json& value, Kind kind, const std::string& name) {
  if (value.is_null()) return std::nullopt;
  const bool bare = kind == Kind::decimal || kind == Kind::integer;
  if (kind == Kind::boolean) {
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value == "true" || value == "false") return value.get<std::string>();
    bad("The value of '" + name + "' is not a boolean.");
  }
  if (bare && value.is_string()) {
    const json number = json::parse(value.get<std::string>(), nullptr, false);
    if (!number.is_number()) bad("The value of '" + name + "' is not a number.");
    return value.get<std::string>();
  }
  if (bare && value.is_number()) return value.dump();
  if (bare) bad("The value of '" + name + "' is not a number.");
  if (value.is_string()) {
    std::string text = value.get<std::string>();
    return text.empty() ? Cell() : Cell(std::move(text));
  }
  if (value.is_object() || value.is_array()) bad("The value of '" + name + "' is not a scalar.");
  return value.dump();
}

/// `{"value": x}`, `{}` or null.
Cell wrapped_cell(const json& field, Kind kind, const std::string& name) {
  if (field.is_null()) return std::nullopt;
  if (!field.is_object()) bad("The field '" + name + "' is not an object with a value.");
  const auto value = field.find("value");
  return value == field.end() ? std::nullopt : cell_of(*value, kind, name);
}

/// Ids or names, values or labels are accepted on write (acumatica.md §2.7); stored are id and value with their labels.
void complete_attribute(RowEdit& row, std::vector<std::string>& errors) {
  const auto written_id = row.cells.find(kAttributeID);
  if (written_id == row.cells.end() || !written_id->second) return;
  const AttributeDefinition* definition = find_attribute(*written_id->second);
  if (!definition) {
    errors.push_back("Attribute '" + *written_id->second + "' cannot be found in the system.");
    return;
  }
  row.cells[kAttributeID] = std::string(definition->id);
  row.cells[kAttributeDescription] = std::string(definition->description);
  row.cells.emplace(kIsActive, "true");
  row.cells.emplace(kRequired, "false");
  const auto value = row.cells.find(kValue);
  if (value == row.cells.end()) return;
  if (!value->second) {
    row.cells[kValueDescription] = std::nullopt;
    return;
  }
  const auto known = attribute_value(*definition, *value->second);
  if (!known) {
    errors.push_back("The value '" + *value->second + "' is not in the list of attribute '" +
                     std::string(definition->id) + "'.");
    return;
  }
  row.cells[kValue] = known->value;
  row.cells[kValueDescription] = known->label;
}

RowEdit read_row(const json& row, const EntitySpec& spec, std::size_t position, int release,
                 std::vector<std::string>& errors) {
  const DetailSpec& detail = spec.details[position];
  if (!row.is_object()) bad("A row of '" + std::string(detail.name) + "' is not an object.");
  RowEdit edit;
  for (const auto& [name, value] : row.items()) {
    if (name == "id") {
      edit.id = value.get<std::string>();
    } else if (name == "delete") {
      edit.remove = value.get<bool>();
    } else if (const auto column = find_column(detail, name, release)) {
      edit.cells[*column] = wrapped_cell(value, detail.columns[*column].kind, name);
    } else if (name != "rowNumber" && name != "note" && name != "custom") {
      bad("Unknown field '" + name + "' in '" + std::string(detail.name) + "'.");
    }
  }
  if (position == spec.attributes) complete_attribute(edit, errors);
  return edit;
}

void read_custom(const json& views, Edit& edit) {
  if (!views.is_object()) bad("'custom' is not an object.");
  for (const auto& [view, fields] : views.items()) {
    for (const auto& [name, field] : fields.items()) {
      const std::string type = field.value("type", "CustomStringField");
      const Kind kind = type == "CustomBooleanField"                               ? Kind::boolean
                        : type == "CustomDecimalField" || type == "CustomIntField" ? Kind::decimal
                                                                                   : Kind::text;
      edit.custom[view + "." + name] = {type, wrapped_cell(field, kind, name)};
    }
  }
}

void read_field(PutRequest& request, const EntitySpec& entity, std::size_t field, const json& value) {
  const FieldSpec& spec = entity.fields[field];
  Cell cell = wrapped_cell(value, spec.kind, std::string(spec.name));
  if (spec.read_only() || spec.role == Role::key) return;
  const Choices& choices = spec.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), cell.value_or("")) == choices.end()) {
    request.errors.push_back(
        {field, cell.value_or(""),
         "'" + std::string(spec.name) + "' has a value that is not in the list of allowed values."});
    return;
  }
  request.edit.fields[field] = std::move(cell);
}

/// The key fields joined; empty when one of them lacks.
std::string key_of(const json& record, const EntitySpec& spec) {
  std::string key;
  for (const std::size_t field : spec.keys) {
    const std::string name(spec.fields[field].name);
    const auto written = record.find(name);
    const Cell cell = written == record.end() ? Cell() : wrapped_cell(*written, spec.fields[field].kind, name);
    if (!cell || trim_right(*cell).empty()) return {};
    if (!key.empty()) key += kKeyJoint;
    key += trim_right(*cell);
  }
  return key;
}

std::string filled(std::string text, const std::string& key, std::uint64_t number) {
  for (const auto& [mark, value] :
       {std::pair<std::string, std::string>{"{key}", key}, {"{n}", std::to_string(number)}}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

std::string custom_type(const EntitySpec& spec, const std::string& name, const json& value) {
  if (const CustomSpec* known = spec.custom_field(name)) return std::string(known->type);
  if (value.is_boolean()) return "CustomBooleanField";
  return value.is_number() ? "CustomDecimalField" : "CustomStringField";
}

void set_detail(Edit& edit, const EntitySpec& spec, std::size_t detail, const json& value) {
  std::vector<std::string> errors;
  if (value.is_array()) {
    for (const json& row : value) edit.details[detail].push_back(read_row(row, spec, detail, kNewest, errors));
  } else {
    for (const auto& [id, text] : value.items()) {
      const json row{{"AttributeID", {{"value", id}}}, {"Value", {{"value", text}}}};
      edit.details[detail].push_back(read_row(row, spec, detail, kNewest, errors));
    }
  }
  if (!errors.empty()) bad(errors.front());
}

}  // namespace

PutRequest read_put(const std::string& body, const EntitySpec& spec, int release) try {
  const json record = json::parse(body);
  if (!record.is_object()) bad("The body is not an object.");
  PutRequest request;
  request.key = key_of(record, spec);
  for (const auto& [name, value] : record.items()) {
    if (name == "id") {
      request.id = value.get<std::string>();
    } else if (name == "custom") {
      read_custom(value, request.edit);
    } else if (const auto field = spec.field(name, release)) {
      read_field(request, spec, *field, value);
    } else if (const auto detail = spec.detail(name, release)) {
      for (const json& row : value) {
        request.edit.details[*detail].push_back(read_row(row, spec, *detail, release, request.record_errors));
      }
    } else if (name != "rowNumber" && name != "note" && name != "delete" && name != "_links" && name != "files") {
      bad("Unknown field '" + name + "' on entity '" + std::string(spec.name) + "'.");
    }
  }
  return request;
} catch (const json::exception& error) {
  bad(error.what());
}

Edit read_set(const json& set, const EntitySpec& spec, const std::string& key, std::uint64_t number) try {
  Edit edit;
  for (const auto& [name, written] : set.items()) {
    json value = written;
    if (value.is_string()) value = filled(value.get<std::string>(), key, number);
    if (name == "custom") {
      for (const auto& [custom, each] : value.items()) {
        const std::string type = custom_type(spec, custom, each);
        edit.custom[custom] = {type, cell_of(each, type == "CustomBooleanField" ? Kind::boolean : Kind::text, custom)};
      }
    } else if (const auto field = spec.field(name, kNewest)) {
      edit.fields[*field] = cell_of(value, spec.fields[*field].kind, name);
    } else if (const auto detail = spec.detail(name, kNewest)) {
      set_detail(edit, spec, *detail, value);
    } else {
      bad("Unknown field '" + name + "'.");
    }
  }
  return edit;
} catch (const json::exception& error) {
  bad(error.what());
}

}  // namespace acumatica_sim
