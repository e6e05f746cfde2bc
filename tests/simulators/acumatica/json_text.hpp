#pragma once

#include <string>
#include <string_view>

namespace acumatica_sim {

/// Appends `text` as a JSON string with its quotes. Non-ASCII stays UTF-8, as Json.NET writes it.
void append_json_string(std::string& out, std::string_view text);

[[nodiscard]] inline std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace acumatica_sim
