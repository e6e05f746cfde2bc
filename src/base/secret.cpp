#include "base/secret.hpp"

#include "base/accepted_secrets.hpp"

namespace product_sync {

bool Secret::matches(std::string_view candidate) const {
  return AcceptedSecrets({*this}).accepts(candidate);
}

}  // namespace product_sync
