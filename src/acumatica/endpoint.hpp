#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::acumatica {

/// A contract-based endpoint: `Default`, `24.200.001`.
struct Endpoint {
  std::string name;
  std::string version;

  /// `entity/Default/24.200.001`
  [[nodiscard]] std::string path() const;
};

/// The oldest version with LastModifiedDateTime on items (acumatica.md §3.2).
inline constexpr std::string_view kOldestVersion = "24.200.001";

/// Picks from the answer to `GET /entity`, in either of its documented forms: the endpoint `name` in exactly
/// `wanted_version`, or where that is empty in its newest version that is not older than kOldestVersion. Error
/// `acumatica.endpoint_missing`, naming those found; `acumatica.unexpected_reply`.
[[nodiscard]] Result<Endpoint> choose_endpoint(std::string_view reply, std::string_view name,
                                               std::string_view wanted_version);

}  // namespace product_sync::acumatica
