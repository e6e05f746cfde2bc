#pragma once

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/reading.hpp"
#include "config/scalars.hpp"

/// How each type of option is read from the file, described to people, and written back. A codec leaves its target as
/// it was after a problem.
namespace product_sync::config {

template <class T>
struct Codec {
  std::string type;    ///< for the reference page: `duration`
  std::string limits;  ///< for the reference page: `1s to 10m`; may be empty
  bool secret = false;
  std::function<void(const Value&, T&)> read;
  std::function<std::optional<Node>(const T&)> write;  ///< absent: the option is not set
};

/// What makes up a codec of one scalar.
template <class T>
struct ScalarForm {
  std::string type;
  std::string limits;
  std::string expected;  ///< completes "expected …"
  bool is_text = false;  ///< may stand in quotes
  std::function<std::optional<T>(const std::string&)> parse;
  std::function<Node(const T&)> write;
  std::function<std::string(const std::string&)> hint;       ///< why a text is refused; may be null
  std::function<std::string(const std::string&)> near_miss;  ///< may be null
};

template <class T>
Codec<T> scalar_codec(ScalarForm<T> form) {
  auto write = [to_node = form.write](const T& value) -> std::optional<Node> { return to_node(value); };
  auto read = [form](const Value& value, T& out) {
    const auto text = value.text(form.expected);
    if (!text) return;
    auto parsed = form.parse(*text);
    const bool spelled = form.is_text || !value.node().quoted || value.holds_variables();
    if (parsed && spelled) {
      out = std::move(*parsed);
      return;
    }
    if (parsed) return value.unexpected(form.expected, "remove the quotes");
    // Hints and near misses speak of the text as written, which a variable's value is not.
    const bool written = !value.holds_variables();
    value.unexpected(form.expected, written && form.hint ? form.hint(*text) : std::string{},
                     written && form.near_miss ? form.near_miss(*text) : std::string{});
  };
  return {form.type, form.limits, false, read, write};
}

/// A quoted text in which what the reader would take for a variable is escaped.
[[nodiscard]] Node escaped_text(std::string_view text);

/// Bounds and character set of a text.
struct TextRule {
  std::size_t shortest = 0;
  std::size_t longest = 200;
  std::string_view expected = "a text";
  bool (*allowed)(char) = nullptr;                ///< of each byte; null: everything but control characters
  bool (*accepts)(const std::string&) = nullptr;  ///< of the whole; may be null
};

[[nodiscard]] Codec<std::string> text(TextRule rule = {});
[[nodiscard]] Codec<bool> boolean();
[[nodiscard]] Codec<Address> address();
[[nodiscard]] Codec<std::optional<Address>> optional_address();
[[nodiscard]] Codec<std::vector<IpRange>> ip_ranges(std::size_t most);
[[nodiscard]] Codec<std::filesystem::path> path(std::string_view expected);
[[nodiscard]] Codec<std::uint64_t> size(std::uint64_t least, std::uint64_t most);
[[nodiscard]] Codec<std::chrono::minutes> utc_offset();
[[nodiscard]] Codec<std::string> url();
[[nodiscard]] Codec<Secret> secret(std::size_t shortest = 1);
[[nodiscard]] Codec<std::optional<Secret>> optional_secret(std::size_t shortest = 1);
/// The hash of a password, which is a secret too.
[[nodiscard]] Codec<std::optional<PasswordHash>> password_hash();
[[nodiscard]] Codec<std::vector<Secret>> secrets(std::size_t most, std::size_t shortest);
[[nodiscard]] Codec<std::vector<std::string>> text_list(std::size_t least, std::size_t most, TextRule rule);

template <class T>
Codec<T> integer(T least, T most) {
  const auto low = static_cast<std::int64_t>(least);
  const auto high = static_cast<std::int64_t>(most);
  ScalarForm<T> form;
  form.type = "whole number";
  form.limits = fmt::format("{} to {}", low, high);
  form.expected = "a whole number from " + form.limits;
  form.parse = [low, high](const std::string& text) -> std::optional<T> {
    const auto number = parse_integer(text);
    if (!number || *number < low || *number > high) return std::nullopt;
    return static_cast<T>(*number);
  };
  form.write = [](const T& value) { return Node::scalar(std::to_string(value)); };
  form.hint = [](const std::string& text) -> std::string {
    return text.size() > 1 && text.front() == '0' ? "leading zeros are refused: YAML would read them as octal" : "";
  };
  return scalar_codec<T>(std::move(form));
}

/// Why a text is no duration.
[[nodiscard]] std::string duration_hint(const std::string& text);

template <class T>
Codec<T> duration(T least, T most) {
  using std::chrono::milliseconds;
  const bool coarse = T{1} > milliseconds{1};
  ScalarForm<T> form;
  form.type = "duration";
  form.limits = fmt::format("{} to {}", format_duration(least), format_duration(most));
  form.expected = fmt::format("a duration from {}{}", form.limits,
                              coarse ? fmt::format(" in whole multiples of {}", format_duration(T{1})) : "");
  form.parse = [least, most](const std::string& text) -> std::optional<T> {
    const auto exact = parse_duration(text);
    if (!exact || *exact < least || *exact > most || *exact % T{1} != milliseconds{0}) return std::nullopt;
    return std::chrono::duration_cast<T>(*exact);
  };
  form.write = [](const T& value) { return Node::scalar(format_duration(value)); };
  form.hint = duration_hint;
  return scalar_codec<T>(std::move(form));
}

/// The name in `names` that is nearest to `text`.
[[nodiscard]] std::string nearest_choice(const std::string& text, const std::vector<std::string>& names);
/// `tab or pipe`
[[nodiscard]] std::string list_choices(const std::vector<std::string>& names);

template <class T>
Codec<T> choice(std::vector<std::pair<std::string, T>> choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) names.push_back(name);
  ScalarForm<T> form;
  form.type = "choice";
  form.limits = list_choices(names);
  form.expected = form.limits;
  form.is_text = true;
  form.parse = [choices](const std::string& text) -> std::optional<T> {
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
    }
    return std::nullopt;
  };
  form.write = [choices](const T& wanted) {
    for (const auto& [name, value] : choices) {
      if (value == wanted) return Node::scalar(name);
    }
    return Node{};
  };
  form.near_miss = [names](const std::string& text) { return nearest_choice(text, names); };
  return scalar_codec<T>(std::move(form));
}

/// A group of names, each with a choice. `type`: `map: column to choice`.
template <class T>
Codec<std::map<std::string, T>> choices_by_name(std::string_view type, std::vector<std::pair<std::string, T>> choices) {
  const auto each = choice<T>(std::move(choices));
  auto read = [each](const Value& value, std::map<std::string, T>& out) {
    if (value.node().kind != Node::Kind::map) return value.unexpected("a group of names, each with " + each.limits);
    for (const auto& entry : value.node().entries) each.read(value.entry(entry), out[entry.key]);
  };
  auto write = [each](const std::map<std::string, T>& values) -> std::optional<Node> {
    if (values.empty()) return std::nullopt;
    Node group;
    group.kind = Node::Kind::map;
    for (const auto& [name, chosen] : values) group.entries.push_back({name, {}, *each.write(chosen)});
    return group;
  };
  return {std::string(type), each.limits, false, read, write};
}

}  // namespace product_sync::config
