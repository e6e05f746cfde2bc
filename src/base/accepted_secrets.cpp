#include "base/accepted_secrets.hpp"

#include <openssl/crypto.h>

namespace product_sync {

AcceptedSecrets::AcceptedSecrets(const std::vector<Secret>& secrets) {
  for (const auto& secret : secrets) digests_.push_back(sha256(secret.reveal()));
}

bool AcceptedSecrets::accepts(std::string_view presented) const {
  const auto digest = sha256(presented);
  bool known = false;
  for (const auto& each : digests_) {  // no early end
    const bool same = CRYPTO_memcmp(each.data(), digest.data(), digest.size()) == 0;
    known = known || same;
  }
  return known;
}

}  // namespace product_sync
