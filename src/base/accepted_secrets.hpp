#pragma once

#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/secret.hpp"

namespace product_sync {

/// The secrets that open one door: several of them while one replaces another. Holds only their digests.
class AcceptedSecrets {
 public:
  explicit AcceptedSecrets(const std::vector<Secret>& secrets);

  /// Whether what somebody presented is one of them, in a time that depends on none of the texts: it is hashed, and its
  /// digest compared with all others.
  [[nodiscard]] bool accepts(std::string_view presented) const;

 private:
  std::vector<Sha256> digests_;
};

}  // namespace product_sync
