#include "config/codecs.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/text.hpp"
#include "config/near_miss.hpp"

namespace product_sync::config {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool satisfies(const std::string& text, const TextRule& rule) {
  const auto length = count_characters(text);
  if (length < rule.shortest || length > rule.longest) return false;
  if (std::ranges::any_of(text, is_control)) return false;
  if (rule.allowed != nullptr && !std::ranges::all_of(text, rule.allowed)) return false;
  return rule.accepts == nullptr || text.empty() || rule.accepts(text);
}

std::string length_limits(const TextRule& rule) {
  return fmt::format("{} to {} characters", rule.shortest, rule.longest);
}

std::string boolean_hint(const std::string& text) {
  static constexpr std::string_view kOther[] = {"yes", "no", "on", "off", "y", "n", "true", "false"};
  return std::ranges::find(kOther, to_lower_ascii(text)) == std::end(kOther)
             ? ""
             : "yes, no, on, off and capitals are refused: YAML versions differ about them";
}

constexpr std::string_view kSecretForms = "${VARIABLE}, file:/path or a text in quotes";
constexpr std::string_view kFilePrefix = "file:";

/// A secret in any of its forms; absent after a problem.
std::optional<Secret> read_secret(const Value& value, std::size_t shortest) {
  const auto& node = value.node();
  if (node.kind != Node::Kind::scalar) {
    value.unexpected_secret(kSecretForms);
    return std::nullopt;
  }
  const bool from_file = node.text.starts_with(kFilePrefix);
  if (!from_file && !node.quoted && !value.holds_variables()) {
    value.wrong(fmt::format("a secret is {}; this one stands without quotes", kSecretForms));
    return std::nullopt;
  }
  auto text = value.reading().expand(node, value.path());
  if (text && from_file)
    text = value.reading().file_contents(node, value.path(), std::string_view(*text).substr(kFilePrefix.size()));
  if (!text) return std::nullopt;
  if (!catalog::valid_utf8(*text)) {
    value.wrong("the secret is not UTF-8");
    return std::nullopt;
  }
  if (std::ranges::any_of(*text, is_control)) {
    value.wrong("the secret holds a line end or another control character; it must be a single line of text");
    return std::nullopt;
  }
  if (text->size() < shortest) {
    value.wrong(text->empty() ? "the secret is empty"
                              : fmt::format("the secret is shorter than {} characters", shortest));
    return std::nullopt;
  }
  return Secret(std::move(*text));
}

std::optional<Node> redacted(const Secret& secret) {
  if (secret.empty()) return std::nullopt;
  return Node::quoted_text("[redacted]");
}

std::string secret_limits(std::size_t shortest) {
  return shortest > 1 ? fmt::format("at least {} characters", shortest) : "";
}

/// A list of what `one` reads. `things` and `each` are for people.
template <class T>
Codec<std::vector<T>> list_of(Codec<T> one, std::size_t least, std::size_t most, std::string_view things,
                              const std::string& each) {
  const auto expected = fmt::format("a list of {} to {} {}", least, most, things);
  auto read = [=](const Value& value, std::vector<T>& out) {
    if (value.node().kind != Node::Kind::sequence) return value.unexpected(expected);
    const auto items = value.items();
    if (items.size() < least || items.size() > most) {
      return value.wrong(fmt::format("expected {}, found {}", expected, items.size()));
    }
    std::vector<T> found(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) one.read(items[i], found[i]);
    out = std::move(found);
  };
  auto write = [one](const std::vector<T>& value) -> std::optional<Node> {
    Node list;
    list.kind = Node::Kind::sequence;
    for (const auto& item : value) list.items.push_back(one.write(item).value_or(Node{}));
    return list;
  };
  return {fmt::format("list of {}", things), fmt::format("{} to {}, each {}", least, most, each), false, read, write};
}

}  // namespace

Node escaped_text(std::string_view text) {
  std::string escaped;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (text.starts_with("${")) escaped += '$';
    escaped += text.front();
  }
  return Node::quoted_text(std::move(escaped));
}

std::string duration_hint(const std::string& text) {
  const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (digits) return "the unit is missing: ms, s, m, h or d";
  return parse_duration(text) ? "" : "write a whole number and ms, s, m, h or d, such as 15s";
}

std::string nearest_choice(const std::string& text, const std::vector<std::string>& names) {
  return nearest(text, {names.begin(), names.end()});
}

std::string list_choices(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
    list += names[i];
  }
  return list;
}

Codec<std::string> text(TextRule rule) {
  ScalarForm<std::string> form;
  form.type = "text";
  form.limits = length_limits(rule);
  // Where the whole has a form of its own, its length says nothing.
  form.expected =
      rule.accepts != nullptr ? std::string(rule.expected) : fmt::format("{} of {}", rule.expected, form.limits);
  form.is_text = true;
  form.parse = [rule](const std::string& written) -> std::optional<std::string> {
    if (!satisfies(written, rule)) return std::nullopt;
    return written;
  };
  form.write = escaped_text;
  auto codec = scalar_codec<std::string>(std::move(form));
  codec.write = [](const std::string& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    return escaped_text(value);
  };
  return codec;
}

Codec<bool> boolean() {
  ScalarForm<bool> form;
  form.type = "boolean";
  form.limits = "true or false";
  form.expected = form.limits;
  form.parse = parse_boolean;
  form.write = [](bool value) { return Node::scalar(value ? "true" : "false"); };
  form.hint = boolean_hint;
  return scalar_codec<bool>(std::move(form));
}

Codec<Address> address() {
  ScalarForm<Address> form;
  form.type = "address";
  form.limits = "host:port; port 0 = any free one";
  form.expected = "an address such as 127.0.0.1:8080 or [::1]:8080";
  form.is_text = true;
  form.parse = parse_address;
  form.write = [](const Address& value) { return Node::quoted_text(format_address(value)); };
  form.hint = [](const std::string& written) -> std::string {
    if (written.starts_with(':')) return "for every address of the machine write 0.0.0.0 before the colon";
    return written.find(':') == std::string::npos ? "the port is missing" : "";
  };
  return scalar_codec<Address>(std::move(form));
}

Codec<std::filesystem::path> path(std::string_view expected) {
  Codec<std::filesystem::path> codec;
  codec.type = "path";
  codec.read = [expected](const Value& value, std::filesystem::path& out) {
    const auto written = value.text(expected);
    if (!written) return;
    if (written->empty() || std::ranges::any_of(*written, is_control)) return value.unexpected(expected);
    out = value.reading().resolve(*written);
  };
  codec.write = [](const std::filesystem::path& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    return escaped_text(value.string());
  };
  return codec;
}

Codec<std::uint64_t> size(std::uint64_t least, std::uint64_t most) {
  ScalarForm<std::uint64_t> form;
  form.type = "size";
  form.limits = fmt::format("{} to {}", format_size(least), format_size(most));
  form.expected = "a size from " + form.limits;
  form.parse = [least, most](const std::string& written) -> std::optional<std::uint64_t> {
    const auto bytes = parse_size(written);
    if (!bytes || *bytes < least || *bytes > most) return std::nullopt;
    return bytes;
  };
  form.write = [](std::uint64_t value) { return Node::scalar(format_size(value)); };
  form.hint = [](const std::string& written) -> std::string {
    return parse_size(written) ? "" : "write a whole number and B, kB, MB, GB, KiB, MiB or GiB, such as 32MB";
  };
  return scalar_codec<std::uint64_t>(std::move(form));
}

Codec<std::chrono::minutes> utc_offset() {
  ScalarForm<std::chrono::minutes> form;
  form.type = "UTC offset";
  form.limits = "-14:00 to +14:00";
  form.expected = "a UTC offset such as +02:00, -05:00 or Z";
  form.is_text = true;
  form.parse = parse_utc_offset;
  form.write = [](const std::chrono::minutes& value) { return Node::quoted_text(format_utc_offset(value)); };
  return scalar_codec<std::chrono::minutes>(std::move(form));
}

Codec<std::string> url() {
  Codec<std::string> codec;
  codec.type = "URL";
  codec.limits = "http:// or https://";
  codec.read = [](const Value& value, std::string& out) {
    static constexpr std::string_view kExpected = "a URL such as https://erp.example.com/AcumaticaERP";
    const auto written = value.text(kExpected);
    if (!written) return;
    // What stands before an @ may be a password: not quoted.
    if (written->find('@') != std::string::npos) {
      return value.wrong("a URL must not hold a user or password; they have keys of their own");
    }
    const auto parsed = parse_url(*written);
    if (!parsed) {
      const bool has_scheme = written->starts_with("http://") || written->starts_with("https://");
      return value.unexpected(kExpected, has_scheme ? "no query, fragment or blanks" : "it starts with https://");
    }
    out = parsed->text;
  };
  codec.write = [](const std::string& value) -> std::optional<Node> {
    if (value.empty()) return std::nullopt;
    return escaped_text(value);
  };
  return codec;
}

Codec<Secret> secret(std::size_t shortest) {
  auto read = [shortest](const Value& value, Secret& out) {
    if (auto found = read_secret(value, shortest)) out = std::move(*found);
  };
  return {"secret", secret_limits(shortest), true, read, redacted};
}

Codec<std::optional<Secret>> optional_secret(std::size_t shortest) {
  auto read = [shortest](const Value& value, std::optional<Secret>& out) {
    if (auto found = read_secret(value, shortest)) out = std::move(found);
  };
  auto write = [](const std::optional<Secret>& value) { return value ? redacted(*value) : std::nullopt; };
  return {"secret", secret_limits(shortest), true, read, write};
}

Codec<std::optional<PasswordHash>> password_hash() {
  auto read = [](const Value& value, std::optional<PasswordHash>& out) {
    const auto text = read_secret(value, 1);
    if (!text) return;
    if (auto hash = PasswordHash::parse(text->reveal())) {
      out = std::move(hash);
    } else {
      value.wrong("this is not the hash of a password; \"product-sync hash-password\" makes one");
    }
  };
  auto write = [](const std::optional<PasswordHash>& value) { return value ? redacted(Secret(value->text())) : std::nullopt; };
  return {"hash of a password", "", true, read, write};
}

Codec<std::vector<Secret>> secrets(std::size_t most, std::size_t shortest) {
  const auto expected = fmt::format("a list of 0 to {} secrets", most);
  auto read = [=](const Value& value, std::vector<Secret>& out) {
    if (value.node().kind != Node::Kind::sequence) return value.unexpected_secret(expected);
    const auto items = value.items();
    if (items.size() > most) return value.wrong(fmt::format("expected {}, found {}", expected, items.size()));
    std::vector<Secret> found;
    for (const auto& item : items) {
      if (auto one = read_secret(item, shortest)) found.push_back(std::move(*one));
    }
    if (found.size() == items.size()) out = std::move(found);
  };
  auto write = [](const std::vector<Secret>& value) -> std::optional<Node> {
    Node list;
    list.kind = Node::Kind::sequence;
    for (const auto& each : value) list.items.push_back(redacted(each).value_or(Node{}));
    return list;
  };
  return {"list of secrets", fmt::format("0 to {}, each {}", most, secret_limits(shortest)), true, read, write};
}

Codec<std::vector<std::string>> text_list(std::size_t least, std::size_t most, TextRule rule) {
  return list_of(text(rule), least, most, "texts", length_limits(rule));
}

Codec<std::optional<Address>> optional_address() {
  const auto one = address();
  auto read = [one](const Value& value, std::optional<Address>& out) {
    Address found;
    one.read(value, found);
    if (!found.host.empty()) out = std::move(found);
  };
  auto write = [one](const std::optional<Address>& value) { return value ? one.write(*value) : std::nullopt; };
  return {one.type, one.limits, false, read, write};
}

Codec<std::vector<IpRange>> ip_ranges(std::size_t most) {
  ScalarForm<IpRange> form;
  form.expected = "an IP address or a range such as 10.0.0.0/8";
  form.is_text = true;
  form.parse = [](const std::string& text) { return IpRange::parse(text); };
  form.write = [](const IpRange& range) { return Node::quoted_text(range.text()); };
  form.hint = [](const std::string& written) -> std::string {
    return written.find('/') == std::string::npos ? "" : "bits behind the prefix must be zero";
  };
  return list_of(scalar_codec<IpRange>(std::move(form)), 0, most, "IP ranges", "an address or address/prefix");
}

}  // namespace product_sync::config
