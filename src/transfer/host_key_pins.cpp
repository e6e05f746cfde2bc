#include "transfer/host_key_pins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/bytes.hpp"

namespace product_sync::transfer {
namespace {

/// The line that a person puts into the configuration to trust `key`.
std::string configuration_line(const HostKey& key) {
  return fmt::format("host_keys: [\"{}\"]", key.fingerprint());
}

std::string list_of(const std::vector<HostKey>& keys) {
  std::string text;
  for (const auto& key : keys) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key.type, key.fingerprint());
  }
  return text;
}

}  // namespace

Result<HostKeyPins> HostKeyPins::load(const std::vector<std::string>& fingerprints, const std::filesystem::path& file,
                                      const std::string& host, std::uint16_t port) {
  HostKeyPins pins;
  pins.server_ = fmt::format("{}:{}", host, port);
  pins.file_ = file.string();
  for (const auto& text : fingerprints) {
    constexpr std::string_view kPrefix = "SHA256:";
    const auto trimmed = trim(text);
    const auto digest =
        trimmed.starts_with(kPrefix) ? from_base64(trimmed.substr(kPrefix.size())) : std::optional<std::string>{};
    if (!digest || digest->size() != sizeof(Sha256)) {
      return fail("sftp.fingerprint_malformed",
                  fmt::format("{} is not a host key fingerprint in OpenSSH's form.", json_quote(text)),
                  fmt::format("Write SHA256: and 43 characters of base64, as `ssh-keyscan -p {} {} | ssh-keygen -lf -` "
                              "prints it.",
                              port, host));
    }
    pins.fingerprints_.push_back({std::string(trimmed), *digest});
  }
  if (file.empty()) return pins;
  auto known = read_known_hosts(file, host, port);
  if (!known) return tl::unexpected(known.error());
  pins.known_ = std::move(*known);
  return pins;
}

KeyVerdict HostKeyPins::judge(const HostKey& key) const {
  const auto same_key = [&](const KnownHostKey& known) { return known.key == key; };
  const auto revoked = [&](const KnownHostKey& known) { return known.revoked && same_key(known); };
  if (std::any_of(known_.begin(), known_.end(), revoked)) return KeyVerdict::revoked;
  if (std::any_of(known_.begin(), known_.end(), same_key)) return KeyVerdict::trusted;
  const auto digest = sha256(key.blob);
  const std::string_view digest_text(reinterpret_cast<const char*>(digest.data()), digest.size());
  const auto same_digest = [&](const Fingerprint& pin) { return pin.digest == digest_text; };
  if (std::any_of(fingerprints_.begin(), fingerprints_.end(), same_digest)) return KeyVerdict::trusted;
  const auto valid = [](const KnownHostKey& known) { return !known.revoked; };
  const bool pinned = !fingerprints_.empty() || std::any_of(known_.begin(), known_.end(), valid);
  return pinned ? KeyVerdict::changed : KeyVerdict::unknown;
}

std::vector<std::string> HostKeyPins::known_types() const {
  std::vector<std::string> types;
  for (const auto& known : known_) {
    if (!known.revoked) types.push_back(known.key.type);
  }
  return types;
}

std::string HostKeyPins::pinned_text() const {
  std::string text;
  for (const auto& pin : fingerprints_) text += fmt::format("{}{}", text.empty() ? "" : ", ", pin.text);
  for (const auto& known : known_) {
    if (known.revoked) continue;
    text += fmt::format("{}{} {} ({} line {})", text.empty() ? "" : ", ", known.key.type, known.key.fingerprint(),
                        file_, known.line);
  }
  return text;
}

Error HostKeyPins::refusal(const std::vector<HostKey>& offered, KeyVerdict verdict) const {
  if (verdict == KeyVerdict::revoked) {
    return {"sftp.host_key_revoked",
            fmt::format("{} showed a host key that {} marks as revoked: {}. Nothing was sent, no sign-in was tried.",
                        server_, file_, list_of(offered)),
            "Do not connect before the operator of the server has put in a new key.", Retry::never, std::nullopt};
  }
  if (verdict == KeyVerdict::changed) {
    return {"sftp.host_key_changed",
            fmt::format("THE HOST KEY OF {} IS NOT THE PINNED ONE. It showed {}; pinned: {}. Nothing was sent, no "
                        "sign-in was tried.",
                        server_, list_of(offered), pinned_text()),
            fmt::format("Somebody may stand between you and the server. Ask its operator; only if they confirm the new "
                        "key, replace the pin by: {}",
                        configuration_line(offered.front())),
            Retry::never, std::nullopt};
  }
  return {
      "sftp.host_key_unknown",
      fmt::format("{} showed a host key that nobody has confirmed: {}. Nothing was sent, no sign-in was tried.",
                  server_, list_of(offered)),
      fmt::format("Compare it with what the operator of the server publishes; if it is the same, put this line into "
                  "the configuration of the destination: {}",
                  configuration_line(offered.front())),
      Retry::never, std::nullopt};
}

}  // namespace product_sync::transfer
