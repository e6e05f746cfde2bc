#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

/// A small configuration that tests take for their start, and what became of it.
namespace product_sync::config {

/// One site `eu` with everything that must be there. Each line is found in it once.
[[nodiscard]] std::string small_configuration();

/// `text` with its one occurrence of `part` replaced.
[[nodiscard]] std::string replaced(std::string text, std::string_view part, std::string_view replacement);

/// CLIENT_SECRET, PASSWORD and EMPTY are set.
[[nodiscard]] std::optional<std::string> test_environment(const std::string& name);

/// Reads `text` as `config.yaml`.
[[nodiscard]] tl::expected<Config, std::vector<Problem>> read(std::string_view text);

/// All problems, a line each; empty when there is none.
[[nodiscard]] std::string problems_of(std::string_view text);

}  // namespace product_sync::config
