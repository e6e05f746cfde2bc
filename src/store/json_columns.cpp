#include "store/json_columns.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>

#include "base/bytes.hpp"

namespace product_sync::store {
namespace {

Result<std::string> checked(std::string json) {
  if (simdjson::validate_utf8(json)) return json;
  return fail("store.not_utf8", "a value to be stored is not UTF-8 text");
}

tl::unexpected<Error> damaged(simdjson::error_code code) {
  return fail("store.corrupt", fmt::format("a stored value is not what was written: {}", simdjson::error_message(code)),
              "restore the data directory from a backup");
}

}  // namespace

Result<std::string> keys_to_json(std::span<const std::string> keys) {
  std::string json = "[";
  for (const auto& key : keys) {
    if (json.size() > 1) json += ',';
    json += json_quote(key);
  }
  return checked(std::move(json) + "]");
}

Result<std::vector<std::string>> keys_from_json(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (const auto code = parser.parse(json.data(), json.size()).get(array)) return damaged(code);
  std::vector<std::string> keys;
  for (const auto element : array) {
    std::string_view key;
    if (const auto code = element.get(key)) return damaged(code);
    keys.emplace_back(key);
  }
  return keys;
}

Result<std::string> told_to_json(const catalog::ToldValues& told) {
  std::string json = "{";
  for (const auto& [name, text] : told) {
    if (json.size() > 1) json += ',';
    json += json_quote(name);
    json += ':';
    json += json_quote(text);
  }
  return checked(std::move(json) + "}");
}

Result<catalog::ToldValues> told_from_json(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (const auto code = parser.parse(json.data(), json.size()).get(object)) return damaged(code);
  catalog::ToldValues told;
  for (const auto field : object) {
    std::string_view text;
    if (const auto code = field.value.get(text)) return damaged(code);
    told.emplace(field.key, text);
  }
  return told;
}

Result<std::string> plan_to_json(const RowPlan& plan) {
  if (plan.whole) return std::string();
  std::string json = "{\"changes\":[";
  for (const auto& change : plan.changes) {
    if (json.back() != '[') json += ',';
    json += '[';
    json += json_quote(change.key);
    json += ',';
    json += json_quote(change.before);
    json += ',';
    json += json_quote(change.after);
    json += ']';
  }
  json += fmt::format("],\"more\":{}}}", plan.more);
  return checked(std::move(json));
}

Result<RowPlan> plan_from_json(std::string_view json) {
  RowPlan plan;
  if (json.empty()) return plan;
  plan.whole = false;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (const auto code = parser.parse(json.data(), json.size()).get(object)) return damaged(code);
  simdjson::dom::array changes;
  if (const auto code = object["changes"].get(changes)) return damaged(code);
  for (const auto change : changes) {
    std::array<std::string_view, 3> texts;  // value, before, after
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (const auto code = change.at(i).get(texts[i])) return damaged(code);
    }
    plan.changes.push_back({std::string(texts[0]), std::string(texts[1]), std::string(texts[2])});
  }
  if (const auto code = object["more"].get(plan.more)) return damaged(code);
  return plan;
}

}  // namespace product_sync::store
