#pragma once

#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::alert {

/// What people are told.
struct Notice {
  enum class Kind { raised, reminder, recovered, test };
  Kind kind = Kind::raised;
  std::string site;  ///< empty: the installation as a whole
  std::string rule;
  std::string message;
  std::string remedy;
  Instant since;
};
[[nodiscard]] constexpr const char* to_text(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::raised: return "raised";
    case Notice::Kind::reminder: return "reminder";
    case Notice::Kind::recovered: return "recovered";
    case Notice::Kind::test: return "test";
  }
  return "raised";
}

/// A way to people.
class Channel {
 public:
  virtual ~Channel() = default;
  /// `webhook https://hooks.example.com`: for messages, without secrets.
  [[nodiscard]] virtual std::string describe() const = 0;
  virtual Result<void> tell(const Notice& notice, std::stop_token stop) = 0;
};

}  // namespace product_sync::alert
