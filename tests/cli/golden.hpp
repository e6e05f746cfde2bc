#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "config/config.hpp"
#include "family_bench.hpp"

/// Golden files, each reviewed by hand against Rithum's rules. After a wanted change, run the tests with REWRITE_GOLDEN=1
/// and review the difference.
namespace product_sync {

inline std::filesystem::path golden_path(const std::string& name) {
  return std::filesystem::path(GOLDEN_DIRECTORY) / name;
}

inline std::string golden(const std::string& name) { return read_file(golden_path(name)); }

inline void check_golden(const std::string& name, const std::string& found) {
  if (std::getenv("REWRITE_GOLDEN") != nullptr) write_file(golden_path(name), found);
  INFO(name << " should be:\n" << found);
  CHECK(golden(name) == found);
}

/// The mapping of the configuration's only site.
inline catalog::Mapping golden_mapping(const std::string& name,
                                       catalog::FamilyHeaders headers = catalog::FamilyHeaders::classic) {
  auto text = golden(name);
  constexpr std::string_view kClassic = "headers: classic";
  if (headers == catalog::FamilyHeaders::vary_by) text.replace(text.find(kClassic), kClassic.size(), "headers: vary_by");
  const auto config = config::parse(text, name, [](const auto&) { return std::optional<std::string>(); });
  if (!config) throw std::runtime_error(config.error().front().text());
  return config->sites.front().mapping;
}

/// Where those stand that are not just sent: `SKU state code: reason`.
inline std::string fates(const FamilyBench& bench) {
  std::string text;
  for (const auto& one : bench.products()) {
    if (one.state == store::ProductState::sent && one.reason_code.empty()) continue;
    text += one.sku + "  " + bench.state_of(to_lower_ascii(one.sku)) + "\n    " + one.reason + "\n";
  }
  return text;
}

}  // namespace product_sync
