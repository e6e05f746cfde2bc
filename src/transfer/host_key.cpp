#include "transfer/host_key.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/digest.hpp"

namespace product_sync::transfer {
namespace {

struct KeyType {
  std::string_view type;
  std::string_view algorithms;  // signature algorithms for it, best first
};

// Strongest and cheapest first.
constexpr std::array<KeyType, 5> kKeyTypes{{
    {"ssh-ed25519", "ssh-ed25519"},
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"},
    {"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"},
    {"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"},
    {"ssh-rsa", "rsa-sha2-512,rsa-sha2-256,ssh-rsa"},
}};

bool contains(const std::vector<std::string>& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

HostKey HostKey::from_blob(std::string blob) {
  HostKey key{{}, std::move(blob)};
  if (key.blob.size() < 4) return key;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8U | static_cast<unsigned char>(key.blob[i]);
  if (length <= key.blob.size() - 4) key.type = key.blob.substr(4, length);
  return key;
}

std::string HostKey::fingerprint() const {
  const auto digest = sha256(blob);
  auto text = to_base64(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
  text.erase(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

std::string host_key_algorithms(const std::vector<std::string>& first, const std::vector<std::string>& without) {
  std::string list;
  for (const bool preferred : {true, false}) {
    for (const auto& known : kKeyTypes) {
      if (contains(without, known.type) || contains(first, known.type) != preferred) continue;
      if (!list.empty()) list += ',';
      list += known.algorithms;
    }
  }
  return list;
}

}  // namespace product_sync::transfer
