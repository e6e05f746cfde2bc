#include "tokens.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

namespace rithum_simulator {
namespace {

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string random_token() {
  std::array<unsigned char, 24> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

Tokens::Tokens(Credentials credentials)
    : credentials_(std::move(credentials)),
      expected_authorization_("Basic " + base64(credentials_.application_id + ":" + credentials_.shared_secret)) {}

std::optional<std::string> Tokens::grant(std::string_view authorization, std::string_view refresh_token,
                                         std::int64_t now) {
  if (authorization != expected_authorization_ || refresh_token != credentials_.refresh_token) return std::nullopt;
  const std::lock_guard lock(mutex_);
  std::erase_if(expiry_, [now](const auto& entry) { return entry.second <= now; });
  std::string token = random_token();
  expiry_[token] = now + credentials_.lifetime_seconds * 1000;
  return token;
}

bool Tokens::is_valid(const std::string& token, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  const auto found = expiry_.find(token);
  return found != expiry_.end() && found->second > now;
}

void Tokens::expire_all() {
  const std::lock_guard lock(mutex_);
  expiry_.clear();
}

}  // namespace rithum_simulator
