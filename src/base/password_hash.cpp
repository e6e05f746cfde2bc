#include "base/password_hash.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>
#include <stdexcept>

#include "base/base64.hpp"

namespace product_sync {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kKeyBytes = 32;
// Of OpenSSL's own bookkeeping too.
constexpr std::uint64_t kMostMemory = 272ULL << 20U;
constexpr std::string_view kPrefix = "$scrypt$";

std::string unpadded_base64(std::string_view bytes) {
  auto text = to_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

/// Takes the text up to `end`, and `end`, off `rest`; nothing when there is none.
std::optional<std::string_view> take_until(std::string_view& rest, char end) {
  const auto at = rest.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return taken;
}

/// `ln=15` with the name `ln`, from 1 to `most`.
bool read_cost(std::optional<std::string_view> text, std::string_view name, std::uint64_t most, std::uint64_t& cost) {
  if (!text || !text->starts_with(name) || text->size() <= name.size() || (*text)[name.size()] != '=') return false;
  const auto digits = text->substr(name.size() + 1);
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), cost);
  return fault == std::errc{} && end == digits.data() + digits.size() && cost >= 1 && cost <= most;
}

}  // namespace

PasswordHash PasswordHash::of(std::string_view password) {
  PasswordHash hash;
  hash.salt_.resize(kSaltBytes);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(hash.salt_.data()), static_cast<int>(kSaltBytes)) != 1) {
    throw std::runtime_error("no random bytes from OpenSSL");
  }
  hash.key_ = hash.derive(password);
  return hash;
}

std::optional<PasswordHash> PasswordHash::parse(std::string_view text) {
  constexpr std::uint64_t kMostLogN = 20;
  constexpr std::uint64_t kMostBlocks = 32;
  constexpr std::uint64_t kMostLanes = 16;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  PasswordHash hash;
  auto costs = take_until(text, '$').value_or(std::string_view{});
  const bool known = read_cost(take_until(costs, ','), "ln", kMostLogN, hash.costs_.log_n) &&
                     read_cost(take_until(costs, ','), "r", kMostBlocks, hash.costs_.r) &&
                     read_cost(costs, "p", kMostLanes, hash.costs_.p);
  constexpr std::uint64_t kBlockBytes = 128;
  if (!known || (kBlockBytes * hash.costs_.r << hash.costs_.log_n) > (256ULL << 20U)) return std::nullopt;
  const auto salt = from_base64(take_until(text, '$').value_or(std::string_view{}));
  const auto key = from_base64(text);
  if (!salt || !key || salt->size() < kSaltBytes || key->size() != kKeyBytes) return std::nullopt;
  hash.salt_ = *salt;
  hash.key_ = *key;
  return hash;
}

std::string PasswordHash::text() const {
  return fmt::format("{}ln={},r={},p={}${}${}", kPrefix, costs_.log_n, costs_.r, costs_.p, unpadded_base64(salt_),
                     unpadded_base64(key_));
}

bool PasswordHash::matches(std::string_view password) const {
  const auto key = derive(password);
  return CRYPTO_memcmp(key.data(), key_.data(), key_.size()) == 0;
}

std::string PasswordHash::derive(std::string_view password) const {
  std::string key(kKeyBytes, '\0');
  const int done = EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt_.data()),
                                  salt_.size(), 1ULL << costs_.log_n, costs_.r, costs_.p, kMostMemory,
                                  reinterpret_cast<unsigned char*>(key.data()), key.size());
  if (done != 1) throw std::runtime_error("OpenSSL cannot derive a key from a password");
  return key;
}

}  // namespace product_sync
