#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>

namespace acumatica_sim {

struct SignInRules {
  std::string tenant = "MyTenant";
  std::string user = "admin";
  std::string password = "secret";
  std::string client_id;  ///< `ID@Tenant`; empty = product-sync@<tenant>
  std::string client_secret = "client-secret";
  std::uint32_t seats = 0;  ///< 0 = no limit
  bool any_tenant = false;  ///< a site with a single tenant takes any tenant name
  std::chrono::milliseconds token_life{3'600'000};
  std::chrono::seconds grant_life{30 * 24 * 3600};  ///< the refresh chain ends 30 days after the sign-in
  bool expires_in_as_text = false;
};

/// An answer of the sign-in endpoints.
struct SignInReply {
  int status = 200;
  std::string body;
  std::string session_cookie;  ///< ASP.NET_SessionId to set; empty = none
  std::string auth_cookie;     ///< .ASPXAUTH to set; empty = none
};

/// What a request carries.
struct Credentials {
  std::string bearer;
  std::string session_cookie;
  std::string auth_cookie;
};

struct Admission {
  int status = 200;            ///< 200 = let in; 401; 429 when a new session finds no seat
  std::string session_cookie;  ///< a session that was opened for this request
};

struct SessionCounts {
  std::uint32_t seats_in_use = 0;
  std::uint32_t most_seats = 0;
  std::uint64_t tokens_issued = 0;
  std::uint64_t refreshes = 0;
  std::uint64_t refresh_reuses = 0;
  std::uint64_t refused_for_seats = 0;
};

/// Sign-ins of the tenant and the API seats they hold (acumatica.md §2.2). Safe for many threads.
///   cookie login               a seat until logout
///   scope `api`                a seat until logout or until the token expires
///   `api offline_access`       one seat for the whole chain of refreshes; refresh tokens rotate: a used one is dead,
///   and
///                              using it again answers 400 invalid_grant and kills the grant
///   `api:concurrent_access`    a new session, and seat, for every request that does not replay ASP.NET_SessionId
class Sessions {
 public:
  using Form = std::multimap<std::string, std::string>;

  explicit Sessions(SignInRules rules);

  [[nodiscard]] SignInReply token(const Form& form);
  /// `tenant` none = the default tenant, silently.
  [[nodiscard]] SignInReply login(const std::string& name, const std::string& password,
                                  const std::optional<std::string>& tenant);
  void logout(const Credentials& credentials);
  [[nodiscard]] Admission admit(const Credentials& credentials);

  /// The instance forgets access tokens (and, with `all`, grants and cookie sessions too).
  void expire(bool all);
  [[nodiscard]] SessionCounts counts();

 private:
  using Clock = std::chrono::steady_clock;

  struct Grant {
    std::string scope;
    std::string session;        // ASP.NET_SessionId of its seat; empty with concurrent_access
    std::string refresh_token;  // the living one; empty without offline_access
    Clock::time_point ends;     // of the refresh chain
  };
  struct Access {
    std::uint64_t grant;
    Clock::time_point expires;
  };
  struct Session {
    std::string auth_cookie;  // of a cookie login
    std::uint64_t grant = 0;  // of a bearer
  };

  [[nodiscard]] SignInReply password_grant(const Form& form);
  [[nodiscard]] SignInReply refresh_grant(const Form& form);
  [[nodiscard]] SignInReply issue(std::uint64_t grant_id);
  [[nodiscard]] bool seat_free();
  std::string open_session(Session session);
  void end_grant(std::uint64_t grant_id);
  void sweep();
  [[nodiscard]] std::string secret(std::size_t bytes);

  SignInRules rules_;
  std::mutex mutex_;  // guards all below
  std::mt19937_64 random_;
  std::map<std::string, Session> sessions_;  // by ASP.NET_SessionId: the seats in use
  std::map<std::uint64_t, Grant> grants_;
  std::map<std::string, Access> access_;            // by access token
  std::map<std::string, std::uint64_t> refreshes_;  // by refresh token, used ones too
  std::uint64_t next_grant_ = 1;
  SessionCounts counts_;
};

}  // namespace acumatica_sim
