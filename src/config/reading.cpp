#include "config/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::config {
namespace {

constexpr std::string_view kReference = "${";
constexpr std::size_t kLongestSecretFile = 64U << 10U;
constexpr std::size_t kLongestQuote = 60;
/// Nobody reads more at once.
constexpr std::size_t kMostProblems = 1000;

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, allowed);
}

/// Whether a `${` stands in it that is not escaped.
bool refers(const Node& node) {
  const std::string_view text = node.text;
  for (auto at = text.find(kReference); at != std::string_view::npos; at = text.find(kReference, at + 1)) {
    if (at == 0 || text[at - 1] != '$') return true;
  }
  return std::ranges::any_of(node.items, refers) ||
         std::ranges::any_of(node.entries, [](const Entry& entry) { return refers(entry.value); });
}

std::string quote(std::string_view text) {
  const auto clipped = clip_utf8(text, kLongestQuote);
  return json_quote(clipped.size() == text.size() ? std::string(text) : std::string(clipped) + "…");
}

std::string describe(const Node& node, bool show) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::map:
      return "a group of keys";
    case Node::Kind::scalar:
      break;
  }
  if (!show) return node.text.empty() ? "an empty text" : "a text";
  return node.quoted ? "the text " + quote(node.text) : quote(node.text);
}

}  // namespace

Reading::Reading(std::filesystem::path file, Environment environment)
    : file_(std::move(file)), environment_(std::move(environment)) {}

void Reading::problem(Position at, std::string path, std::string message, std::string near_miss) {
  if (problems_.size() >= kMostProblems) return;
  problems_.push_back({file_, at.line, at.column, std::move(path), std::move(message), std::move(near_miss)});
}

std::optional<std::string> Reading::expand(const Node& scalar, const std::string& path) {
  std::string expanded;
  std::string_view rest = scalar.text;
  bool complete = true;
  for (;;) {
    const auto start = rest.find(kReference);
    expanded += rest.substr(0, start);
    if (start == std::string_view::npos) break;
    rest.remove_prefix(start + kReference.size());
    if (start > 0 && expanded.back() == '$') {  // `$${`
      expanded += '{';
      continue;
    }
    const auto end = rest.find('}');
    const auto name = std::string(rest.substr(0, end));
    if (end == std::string_view::npos || !is_variable_name(name)) {
      problem(scalar.at, path,
              "\"${\" must be followed by the name of an environment variable and \"}\"; for the characters themselves "
              "write \"$${\"");
      return std::nullopt;
    }
    rest.remove_prefix(end + 1);
    const auto value = environment_(name);
    if (!value) problem(scalar.at, path, fmt::format("the environment variable {} is not set", name));
    complete = complete && value;
    expanded += value.value_or("");
  }
  if (!complete) return std::nullopt;
  if (!catalog::valid_utf8(expanded)) {
    problem(scalar.at, path, "an environment variable that is used here holds bytes that are not UTF-8");
    return std::nullopt;
  }
  return expanded;
}

std::optional<std::string> Reading::file_contents(const Node& scalar, const std::string& path, std::string_view name) {
  const auto file = resolve(name);
  // Where variables are part of the name, it is shown as it is written.
  const auto shown = quote(scalar.text.ends_with(name) ? file.string() : scalar.text);
  std::error_code fault;
  std::ifstream stream;
  // Opening a pipe could wait for ever.
  if (std::filesystem::is_regular_file(file, fault)) stream.open(file, std::ios::binary);
  if (!stream.is_open()) {
    problem(scalar.at, path,
            fmt::format("the file {} cannot be read; it must exist and be readable by this user", shown));
    return std::nullopt;
  }
  std::string contents(kLongestSecretFile + 1, '\0');
  stream.read(contents.data(), static_cast<std::streamsize>(contents.size()));
  contents.resize(static_cast<std::size_t>(stream.gcount()));
  if (contents.size() > kLongestSecretFile) {
    problem(scalar.at, path,
            fmt::format("the file {} is larger than {}; that is no secret", shown, human_bytes(kLongestSecretFile)));
    return std::nullopt;
  }
  if (contents.ends_with('\n')) contents.pop_back();
  if (contents.ends_with('\r')) contents.pop_back();
  return contents;
}

std::filesystem::path Reading::resolve(std::string_view path) const { return file_.parent_path() / path; }

Position Reading::position(std::string path) const {
  for (;;) {
    const auto found = positions_.find(path);
    if (found != positions_.end()) return found->second;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) return {};
    path.resize(dot);
  }
}

bool Reading::sound(std::string_view path) const {
  const auto inside = [](std::string_view part, std::string_view whole) {
    return part.starts_with(whole) &&
           (part.size() == whole.size() || part[whole.size()] == '.' || part[whole.size()] == '[');
  };
  return std::ranges::none_of(problems_, [&](const Problem& each) {
    return each.path.empty() || inside(each.path, path) || inside(path, each.path);
  });
}

std::vector<Problem> Reading::take_problems() {
  std::ranges::stable_sort(problems_, {}, [](const Problem& each) { return std::tuple(each.line, each.column); });
  return std::move(problems_);
}

void Reading::add(std::vector<Problem> problems) { std::ranges::move(problems, std::back_inserter(problems_)); }

std::string in_one_sentence(const Error& error) {
  const auto unended = [](std::string text) {
    if (text.ends_with('.')) text.pop_back();
    return text;
  };
  auto remedy = unended(error.remedy);
  if (remedy.empty()) return unended(error.message);
  // Rooms below write sentences; here they become parts of one.
  if (remedy.size() > 1 && remedy[1] >= 'a' && remedy[1] <= 'z') remedy[0] = to_lower_ascii(remedy.substr(0, 1))[0];
  return unended(error.message) + "; " + remedy;
}

std::vector<Value> Value::items() const {
  if (node_->kind != Node::Kind::sequence) return {*this};
  std::vector<Value> values;
  for (std::size_t i = 0; i < node_->items.size(); ++i) {
    values.emplace_back(node_->items[i], fmt::format("{}[{}]", path_, i), *reading_);
  }
  return values;
}

Value Value::entry(const Entry& entry) const { return {entry.value, join_path(path_, entry.key), *reading_}; }

std::optional<std::string> Value::text(std::string_view expected) const {
  if (node_->kind != Node::Kind::scalar) {
    unexpected(expected);
    return std::nullopt;
  }
  return reading_->expand(*node_, path_);
}

bool Value::holds_variables() const { return refers(*node_); }

void Value::wrong(std::string message, std::string near_miss) const {
  reading_->problem(node_->at, path_, std::move(message), std::move(near_miss));
}

void Value::unexpected(std::string_view expected, std::string_view hint, std::string near_miss) const {
  const auto remark = hint.empty() ? std::string{} : fmt::format(" ({})", hint);
  wrong(fmt::format("expected {}, found {}{}", expected, describe(*node_, true), remark), std::move(near_miss));
}

void Value::unexpected_secret(std::string_view expected) const {
  wrong(fmt::format("expected {}, found {}", expected, describe(*node_, false)));
}

}  // namespace product_sync::config
