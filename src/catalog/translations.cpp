#include "catalog/translations.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::string_view kBetween = "},{";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The language at the beginning of `rest`, `fr:…`; empty when none stands there.
std::string_view language_at(std::string_view rest) {
  const auto colon = rest.find(':');
  const auto language = colon == std::string_view::npos ? std::string_view{} : rest.substr(0, colon);
  return is_language(language) ? language : std::string_view{};
}

// Where the text that `rest` begins with ends.
std::size_t end_of_text(std::string_view rest) {
  for (auto at = rest.find(kBetween); at != std::string_view::npos; at = rest.find(kBetween, at + 1)) {
    if (!language_at(rest.substr(at + kBetween.size())).empty()) return at;
  }
  return rest.size();
}

}  // namespace

bool is_language(std::string_view text) {
  constexpr std::size_t kLongest = 11;  // zh-Hant-TW and the like
  if (text.size() < 2 || text.size() > kLongest || !is_letter(text[0]) || !is_letter(text[1])) return false;
  return (text.size() == 2 || text[2] == '-' || is_letter(text[2])) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || c == '-' || (c >= '0' && c <= '9'); });
}

std::string_view translation_in(std::string_view all, std::string_view language) {
  constexpr std::string_view kBegin = "[{";
  constexpr std::string_view kEnd = "}]";
  all = trim(all);
  if (!all.starts_with(kBegin) || !all.ends_with(kEnd)) return {};
  auto rest = all.substr(kBegin.size(), all.size() - kBegin.size() - kEnd.size());
  while (true) {
    const auto its_language = language_at(rest);
    if (its_language.empty()) return {};
    rest.remove_prefix(its_language.size() + 1);
    const auto end = end_of_text(rest);
    if (same_without_case(its_language, language)) return rest.substr(0, end);
    if (end == rest.size()) return {};
    rest.remove_prefix(end + kBetween.size());
  }
}

}  // namespace product_sync::catalog
