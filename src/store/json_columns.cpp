#include "store/json_columns.hpp"

#include <fmt/format.h>
#include <simdjson.h>

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

}  // namespace product_sync::store
