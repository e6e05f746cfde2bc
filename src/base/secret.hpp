#pragma once

#include <string>
#include <string_view>

namespace product_sync {

/// A password, key or token. Never prints itself: only `reveal()` gives the text, so each use can be found.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// Compares in a time that depends on neither text (both are hashed first), for what arrives from outside.
  [[nodiscard]] bool matches(std::string_view candidate) const;

 private:
  std::string text_;
};

}  // namespace product_sync
