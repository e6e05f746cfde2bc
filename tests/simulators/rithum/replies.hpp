#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "http_server.hpp"

namespace rithum_simulator {

inline constexpr std::string_view kDeniedText = "Authorization has been denied for this request.";

[[nodiscard]] HttpReply json_reply(const nlohmann::json& body);
/// An error of the OData layer: `{"error":{"code":"","message":"…"}}` (rithum.md §5.7).
[[nodiscard]] HttpReply odata_error(int status, const std::string& message);
/// An error of the layer below it: `{"$id":"1","Message":"…"}` (rithum.md §5.7).
[[nodiscard]] HttpReply message_reply(int status, const std::string& message);
/// The body that comes with an injected status, in the shape that status has (rithum.md §5.1, §5.2, §5.7).
[[nodiscard]] HttpReply injected_error(int status);

[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace rithum_simulator
