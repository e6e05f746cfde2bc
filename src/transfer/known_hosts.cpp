#include "transfer/known_hosts.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/base64.hpp"
#include "base/bytes.hpp"

namespace product_sync::transfer {
namespace {

std::string hmac_sha1(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

/// `|1|<base64 salt>|<base64 HMAC-SHA1 of the name>`
bool hashed_name_matches(std::string_view field, std::string_view name) {
  field.remove_prefix(3);
  const auto bar = field.find('|');
  if (bar == std::string_view::npos) return false;
  const auto salt = from_base64(field.substr(0, bar));
  const auto hash = from_base64(field.substr(bar + 1));
  return salt && hash && hmac_sha1(*salt, name) == *hash;
}

bool pattern_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == name[n] && pattern[p] != '*'))) {
      ++p;
      ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::optional<KnownHostKey> read_line(const std::string& line, std::string_view name) {
  std::istringstream words(line);
  std::string field;
  if (!(words >> field) || field.front() == '#') return std::nullopt;
  KnownHostKey known;
  if (field.front() == '@') {
    if (field != "@revoked") return std::nullopt;
    known.revoked = true;
    words >> field;
  }
  std::string type;
  std::string encoded;
  if (!(words >> type >> encoded) || !host_field_matches(field, name)) return std::nullopt;
  const auto blob = from_base64(encoded);
  if (!blob) return std::nullopt;
  known.key = HostKey::from_blob(*blob);
  if (known.key.type != type) return std::nullopt;
  return known;
}

}  // namespace

bool host_field_matches(std::string_view field, std::string_view name) {
  if (field.starts_with("|1|")) return hashed_name_matches(field, name);
  bool matched = false;
  while (!field.empty()) {
    const auto comma = field.find(',');
    auto pattern = field.substr(0, comma);
    field.remove_prefix(comma == std::string_view::npos ? field.size() : comma + 1);
    const bool negated = pattern.starts_with('!');
    if (negated) pattern.remove_prefix(1);
    if (!pattern_matches(to_lower_ascii(pattern), name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

Result<std::vector<KnownHostKey>> read_known_hosts(const std::filesystem::path& file, const std::string& host,
                                                   std::uint16_t port) {
  std::ifstream in(file);
  if (!in) {
    return fail("sftp.known_hosts_unreadable", fmt::format("The known_hosts file {} cannot be read.", file.string()),
                "Check the path and the file's permissions, or pin the host key by its fingerprint.");
  }
  const auto plain = to_lower_ascii(host);
  const auto name = port == 22 ? plain : fmt::format("[{}]:{}", plain, port);
  std::vector<KnownHostKey> keys;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (auto known = read_line(line, name)) {
      known->line = number;
      keys.push_back(std::move(*known));
    }
  }
  return keys;
}

}  // namespace product_sync::transfer
