#include "transfer/private_key.hpp"

#include <fmt/format.h>
#include <libssh2.h>

#include <array>
#include <fstream>
#include <optional>
#include <string_view>

#include "base/base64.hpp"
#include "transfer/host_key.hpp"

namespace product_sync::transfer {
namespace {

constexpr std::size_t kLargestKeyFile = 64 * 1024;

struct PemKind {
  std::string_view label;
  std::string_view type;
};

constexpr std::array<PemKind, 5> kPemKinds{{
    {"RSA PRIVATE KEY", "ssh-rsa"},
    {"EC PRIVATE KEY", "ecdsa"},
    {"DSA PRIVATE KEY", "ssh-dss"},
    {"ENCRYPTED PRIVATE KEY", ""},
    {"PRIVATE KEY", ""},
}};

tl::unexpected<Error> unusable_key(const std::filesystem::path& file, std::string_view reason) {
  return fail("sftp.key_unreadable", fmt::format("The private key {} cannot be used: {}.", file.string(), reason),
              "Check the path and the file's permissions.");
}

tl::unexpected<Error> unsupported(const std::filesystem::path& file, std::string_view reason, std::string remedy) {
  return fail("sftp.key_unsupported", fmt::format("The private key {} {}.", file.string(), reason), std::move(remedy));
}

/// Takes a length-prefixed string off the front of `rest`.
std::optional<std::string_view> take_string(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8U | static_cast<unsigned char>(rest[i]);
  if (length > rest.size() - 4) return std::nullopt;
  const auto text = rest.substr(4, length);
  rest.remove_prefix(4 + length);
  return text;
}

/// OpenSSH's PROTOCOL.key: magic, cipher, kdf, kdf options, number of keys, public key, private part.
std::optional<PrivateKeyFacts> read_openssh(std::string_view text) {
  constexpr std::string_view kEnd = "-----END OPENSSH PRIVATE KEY-----";
  constexpr std::string_view kMagic{"openssh-key-v1\0", 15};
  text = text.substr(0, text.find(kEnd));
  std::string encoded;
  for (const char c : text) {
    if (c != '\n' && c != '\r' && c != ' ') encoded += c;
  }
  const auto body = from_base64(encoded);
  if (!body || !body->starts_with(kMagic)) return std::nullopt;
  std::string_view rest = std::string_view(*body).substr(kMagic.size());
  const auto cipher = take_string(rest);
  const auto kdf = take_string(rest);
  const auto kdf_options = take_string(rest);
  if (!cipher || !kdf || !kdf_options || rest.size() < 4) return std::nullopt;
  rest.remove_prefix(4);
  const auto public_key = take_string(rest);
  if (!public_key) return std::nullopt;
  return PrivateKeyFacts{HostKey::from_blob(std::string(*public_key)).type, *cipher != "none"};
}

}  // namespace

Result<PrivateKeyFacts> inspect_private_key(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return unusable_key(file, "the file cannot be opened");
  std::string content(kLargestKeyFile, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(in.gcount()));
  const std::string_view text = content;

  constexpr std::string_view kOpenSsh = "-----BEGIN OPENSSH PRIVATE KEY-----";
  if (const auto at = text.find(kOpenSsh); at != std::string_view::npos) {
    if (auto facts = read_openssh(text.substr(at + kOpenSsh.size()))) return *facts;
    return unusable_key(file, "it begins as an OpenSSH key but is damaged");
  }
  for (const auto& kind : kPemKinds) {
    if (text.find(fmt::format("-----BEGIN {}-----", kind.label)) == std::string_view::npos) continue;
    const bool encrypted = kind.label.starts_with("ENCRYPTED") || text.find("ENCRYPTED") != std::string_view::npos;
    return PrivateKeyFacts{std::string(kind.type), encrypted};
  }
  if (text.starts_with("PuTTY-User-Key-File")) {
    return unsupported(file, "is in PuTTY's format", "Convert it: puttygen key.ppk -O private-openssh -o key");
  }
  if (text.starts_with("ssh-") || text.starts_with("ecdsa-")) {
    return unsupported(file, "is the public half", "Name the file without .pub.");
  }
  return unsupported(file, "is in no known format", "Make one: ssh-keygen -t ed25519 -f key");
}

Result<void> check_key_type(const PrivateKeyFacts& facts, const std::filesystem::path& file,
                            bool libssh2_has_rsa_sha2) {
  constexpr std::string_view kNewKey =
      "Make an ed25519 key (ssh-keygen -t ed25519 -f key) and give its public half to the operator of the server";
  if (facts.type.empty() || facts.type == "ssh-ed25519" || facts.type.starts_with("ecdsa")) return {};
  if (facts.type != "ssh-rsa") {
    return unsupported(file, fmt::format("has the type {}, which libssh2 cannot use", facts.type),
                       fmt::format("{}.", kNewKey));
  }
  if (libssh2_has_rsa_sha2) return {};
  return unsupported(
      file,
      fmt::format("is an RSA key: libssh2 {} signs with it only by SHA-1, which servers refuse", libssh2_version(0)),
      fmt::format("{}, or run with libssh2 1.11 or newer (Debian 13, the container image).", kNewKey));
}

bool has_rsa_sha2() { return libssh2_version(0x010b00) != nullptr; }

}  // namespace product_sync::transfer
