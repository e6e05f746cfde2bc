#pragma once

#include <string>
#include <variant>

#include "base/secret.hpp"

namespace product_sync::acumatica {

/// A Connected Application (SM303010) with the flow Resource Owner Password.
struct PasswordGrant {
  std::string client_id;  ///< as generated; `@Tenant` is appended when it is not there
  Secret client_secret;
  std::string user;
  Secret password;
};

/// A Connected Application with the flow Authorization Code, already authorised by a person; the program renews from
/// there.
struct RefreshTokenGrant {
  std::string client_id;
  Secret client_secret;
  Secret refresh_token;  ///< the first one; newer ones are kept in the token store
};

/// Name and password at `/entity/auth/login`: holds a seat until signed out, and is announced to go (acumatica.md
/// §2.2).
struct CookieLogin {
  std::string user;
  Secret password;
  std::string branch;  ///< may be empty
  std::string locale;  ///< may be empty
};

using Credentials = std::variant<PasswordGrant, RefreshTokenGrant, CookieLogin>;

}  // namespace product_sync::acumatica
