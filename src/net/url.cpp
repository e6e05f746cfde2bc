#include "net/url.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace product_sync::net {
namespace {

constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

constexpr std::array<std::string_view, 12> kSecretParameters{"access_token",     "api_key",       "apikey", "assertion",
                                                             "client_assertion", "client_secret", "code",   "key",
                                                             "password",         "refresh_token", "secret", "token"};

void encode_into(std::string& out, std::string_view text, std::string_view also_plain) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos || also_plain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 0x0FU];
  }
}

std::string without_user_info(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  const auto host = scheme + 3;
  const auto authority_end = std::min(url.find_first_of("/?#", host), url.size());
  const auto at = url.substr(host, authority_end - host).rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, host)).append(url.substr(host + at + 1));
}

bool is_secret(std::string_view name) {
  return std::find(kSecretParameters.begin(), kSecretParameters.end(), to_lower_ascii(name)) != kSecretParameters.end();
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  encode_into(out, text, {});
  return out;
}

std::string join_url(std::string_view base, std::string_view path) {
  while (!base.empty() && base.back() == '/') base.remove_suffix(1);
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  return std::string(base).append("/").append(path);
}

std::string redacted(std::string_view url) {
  const std::string plain = without_user_info(url);
  const auto question = plain.find('?');
  if (question == std::string::npos) return plain;

  std::string out = plain.substr(0, question + 1);
  std::string_view rest = std::string_view(plain).substr(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    const bool hide = equals != std::string_view::npos && is_secret(pair.substr(0, equals));
    out.append(hide ? pair.substr(0, equals + 1) : pair);
    if (hide) out += "***";
    if (end < rest.size()) out += '&';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

QueryBuilder& QueryBuilder::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  encode_into(text_, name, "$");
  text_ += '=';
  encode_into(text_, value, {});
  return *this;
}

std::string QueryBuilder::append_to(std::string_view url) const {
  return text_.empty() ? std::string(url) : std::string(url).append("?").append(text_);
}

}  // namespace product_sync::net
