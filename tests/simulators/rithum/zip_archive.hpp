#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rithum_simulator {

/// A ZIP archive of one file, as bytes. Throws std::runtime_error when it cannot be made.
[[nodiscard]] std::string zip_of(const std::string& name, std::string_view content);

/// The content of the one file in an archive; none when the bytes are no archive of exactly one.
[[nodiscard]] std::optional<std::string> unzip(std::string_view archive);

}  // namespace rithum_simulator
