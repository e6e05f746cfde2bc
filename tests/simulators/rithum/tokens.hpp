#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace rithum_simulator {

struct Credentials {
  std::string application_id = "application";
  std::string shared_secret = "secret";
  std::string refresh_token = "refresh";
  std::int64_t lifetime_seconds = 3600;  // rithum.md §5.1
};

/// Issues and checks access tokens. Thread-safe.
class Tokens {
 public:
  explicit Tokens(Credentials credentials);

  /// A new access token for a correct Basic header and refresh token; none otherwise.
  [[nodiscard]] std::optional<std::string> grant(std::string_view authorization, std::string_view refresh_token,
                                                 std::int64_t now);
  [[nodiscard]] bool is_valid(const std::string& token, std::int64_t now);
  void expire_all();
  [[nodiscard]] std::int64_t lifetime_seconds() const { return credentials_.lifetime_seconds; }

 private:
  const Credentials credentials_;
  std::string expected_authorization_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> expiry_;  // token -> milliseconds since 1970
};

}  // namespace rithum_simulator
