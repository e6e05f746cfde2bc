#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace product_sync {

/// What is kept of a password: a salted scrypt hash (RFC 7914) with its own costs. As text
/// `$scrypt$ln=15,r=8,p=3$SALT$KEY`, salt and key in base64 without padding.
class PasswordHash {
 public:
  /// Of a new password, with a fresh salt. Takes some tenths of a second and 32 MiB, as each matches() does.
  [[nodiscard]] static PasswordHash of(std::string_view password);

  /// Nothing when the text is no hash, or one that would cost more than 256 MiB or minutes to compare.
  [[nodiscard]] static std::optional<PasswordHash> parse(std::string_view text);

  [[nodiscard]] std::string text() const;

  /// In a time that does not depend on the password.
  [[nodiscard]] bool matches(std::string_view password) const;

 private:
  struct Costs {
    std::uint64_t log_n = 15;
    std::uint64_t r = 8;
    std::uint64_t p = 3;
  };
  [[nodiscard]] std::string derive(std::string_view password) const;

  Costs costs_;
  std::string salt_;
  std::string key_;
};

}  // namespace product_sync
