#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "server/users.hpp"

namespace product_sync::server {

/// One sign-in of somebody at a browser.
struct Session {
  std::string user;
  Role role = Role::viewer;
  Instant expires;
};

/// Who is signed in, for as long as this process lives. Of the tokens only digests are kept. Thread-safe.
class Sessions {
 public:
  struct Limits {
    std::chrono::minutes lifetime{12 * 60};
    std::size_t most = 1'000;  ///< the one that ends first makes room for a new one
  };
  Sessions(Limits limits, Clock& clock) : limits_(limits), clock_(clock) {}

  /// Returns the token that opens it.
  [[nodiscard]] std::string begin(const User& user);
  /// Nothing when there is none, or it has expired.
  [[nodiscard]] std::optional<Session> find(std::string_view token) const;
  void end(std::string_view token);

 private:
  void make_room();

  const Limits limits_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<Sha256, Session> sessions_;  // guarded by mutex_
};

}  // namespace product_sync::server
