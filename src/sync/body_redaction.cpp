#include "sync/body_redaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::sync {
namespace {

constexpr std::string_view kHidden = "***";

/// Fields of both systems' sign-ins, and what else is called like a secret.
constexpr std::array<std::string_view, 9> kSecretFields{
    "password",      "client_secret",    "shared_secret", "secret",   "refresh_token",
    "access_token", "client_assertion", "authorization", "id_token",
};

/// A shorter text would be found in innocent ones.
constexpr std::size_t kShortestSecret = 4;

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '-';
}

struct Span {
  std::size_t begin;
  std::size_t end;
};

/// Where a JSON string ends that begins behind its quote; the end of the text when it is cut off.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

/// The value that follows a field's name in JSON or in a form; nothing when none does.
std::optional<Span> value_behind(std::string_view text, std::size_t at) {
  const auto skip_blanks = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) ++at;
  };
  if (at < text.size() && text[at] == '=') {
    ++at;
    return Span{at, std::min(text.find_first_of("& \t\r\n\"", at), text.size())};
  }
  if (at < text.size() && text[at] == '"') ++at;
  skip_blanks();
  if (at >= text.size() || text[at] != ':') return std::nullopt;
  ++at;
  skip_blanks();
  if (at < text.size() && text[at] == '"') return Span{at + 1, end_of_string(text, at + 1)};
  return Span{at, std::min(text.find_first_of(",}] \t\r\n", at), text.size())};
}

std::string hide_fields(std::string_view text) {
  const auto lower = to_lower_ascii(text);
  std::vector<Span> hidden;
  for (const auto name : kSecretFields) {
    for (auto at = lower.find(name); at != std::string::npos; at = lower.find(name, at + name.size())) {
      const auto end = at + name.size();
      if (at > 0 && is_of_name(text[at - 1])) continue;
      if (end < text.size() && is_of_name(text[end])) continue;
      if (const auto value = value_behind(text, end)) hidden.push_back(*value);
    }
  }
  std::ranges::sort(hidden, {}, &Span::begin);
  std::string clean;
  std::size_t done = 0;
  for (const auto& span : hidden) {
    if (span.begin < done) continue;  // within one that is hidden already
    clean.append(text.substr(done, span.begin - done)).append(kHidden);
    done = span.end;
  }
  clean.append(text.substr(done));
  return clean;
}

std::size_t longest(std::span<const Secret> secrets) {
  std::size_t bytes = 0;
  for (const auto& secret : secrets) bytes = std::max(bytes, secret.reveal().size());
  return bytes;
}

}  // namespace

std::string without_secrets(std::string text, std::span<const Secret> secrets) {
  for (const auto& secret : secrets) {
    const auto& hidden = secret.reveal();
    if (hidden.size() < kShortestSecret) continue;
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + kHidden.size())) {
      text.replace(at, hidden.size(), kHidden);
    }
  }
  return text;
}

std::string redacted_body(std::string_view body, std::span<const Secret> secrets, std::size_t bytes) {
  // A secret that lies across the cut must be seen as a whole.
  const auto seen = clip_utf8(body, bytes + longest(secrets));
  if (!catalog::valid_utf8(seen)) return fmt::format("[{} bytes that are no text]", body.size());
  auto text = without_secrets(hide_fields(seen), secrets);
  const bool cut = seen.size() < body.size() || text.size() > bytes;
  text.resize(clip_utf8(text, bytes).size());
  if (cut) text.append(fmt::format(" [cut: {} bytes in all]", body.size()));
  return text;
}

}  // namespace product_sync::sync
