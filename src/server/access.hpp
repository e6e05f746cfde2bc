#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.hpp"
#include "server/sessions.hpp"
#include "server/users.hpp"

namespace product_sync::server {

/// Who sent a request, and how that is known.
struct Caller {
  enum class Means { local, token, session };
  std::string user;  ///< `local` for somebody at this machine who needs no name
  Role role = Role::viewer;
  Means means = Means::local;
  std::optional<Instant> expires = {};  ///< of a session
};

/// Who may use routes that are not for everyone. While nobody is configured: whoever can only be somebody at this machine
/// who meant it, as an operator. Thread-safe.
class AccessControl {
 public:
  /// `sessions` must outlive this; null: there are none.
  explicit AccessControl(std::vector<User> users = {}, const Sessions* sessions = nullptr);

  /// The response refuses a request: 401 from strangers, 403 where the role does not suffice or a foreign page asks.
  [[nodiscard]] tl::expected<Caller, Response> admit(const Request& request, Role needed) const;

  /// The same without a role in mind, for those who only want to know.
  [[nodiscard]] tl::expected<Caller, Response> identify(const Request& request) const;

  /// The user with that name and password. Takes as long for a name that nobody has.
  [[nodiscard]] const User* sign_in(std::string_view name, std::string_view password) const;
  /// The user with that token.
  [[nodiscard]] const User* sign_in(std::string_view token) const;

 private:
  std::vector<User> users_;
  const Sessions* sessions_;
  std::optional<PasswordHash> nobodys_;  // when anybody has a password
};

/// The token of the session that the request's cookie names; empty when it names none.
[[nodiscard]] std::string_view session_token(const Request& request);
inline constexpr std::string_view kSessionCookie = "product_sync_session";

/// Whether the page behind the request, if it names one, is of this server: its Origin is the request's Host.
[[nodiscard]] bool is_own_page(const Request& request);

}  // namespace product_sync::server
