#include "base/secret.hpp"

#include <openssl/crypto.h>

#include "base/digest.hpp"

namespace product_sync {

bool Secret::matches(std::string_view candidate) const {
  const auto ours = sha256(text_);
  const auto theirs = sha256(candidate);
  return CRYPTO_memcmp(ours.data(), theirs.data(), ours.size()) == 0;
}

}  // namespace product_sync
