#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/password_hash.hpp"
#include "base/secret.hpp"

namespace product_sync::server {

/// What somebody may do: each role also what those before it may.
enum class Role {
  viewer,    ///< look at everything
  operator_  ///< start, change and stop
};
[[nodiscard]] constexpr std::string_view to_text(Role role) { return role == Role::viewer ? "viewer" : "operator"; }

/// Somebody who may use the control API and the dashboard.
struct User {
  std::string name;
  Role role = Role::viewer;
  std::optional<PasswordHash> password = {};
  std::optional<Secret> token = {};  ///< for programs: as `Authorization: Bearer`
};

}  // namespace product_sync::server
