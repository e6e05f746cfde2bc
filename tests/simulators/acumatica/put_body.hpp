#pragma once

#include <nlohmann/json.hpp>

#include "catalogue.hpp"
#include "item_json.hpp"

namespace acumatica_sim {

/// A PUT as understood: what to change on which item, and what the system refuses (acumatica.md §2.9).
struct PutRequest {
  std::string key;  ///< of the key fields written; empty when one lacks
  std::string id;
  Edit edit;
  std::vector<FieldError> errors;
  std::vector<std::string> record_errors;
};

/// Reads the JSON of a PUT: `Field: {"value":...}`, detail arrays, `custom`. Throws Refusal 400 for text that is not
/// JSON, for members that the contract does not have, and for values of the wrong type.
[[nodiscard]] PutRequest read_put(const std::string& body, const EntitySpec& spec, int release);

/// The short form of the control interface: `"Field": value`, `"Attributes": {"BRAND": "ACME"}`,
/// `"custom": {"View.Field": value}`; other details as in a PUT. `{key}` and `{n}` in text are replaced.
[[nodiscard]] Edit read_set(const nlohmann::json& set, const EntitySpec& spec, const std::string& key,
                            std::uint64_t number);

}  // namespace acumatica_sim
