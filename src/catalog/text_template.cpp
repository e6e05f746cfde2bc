#include "catalog/text_template.hpp"

#include <fmt/format.h>

#include <utility>

#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

auto malformed(std::string_view text, std::string_view what) {
  return fail("template.malformed", fmt::format("The text {} {}.", excerpt(text), what),
              "Write sources in braces, such as \"{field:Description} - {attribute:COLOR.label}\", and {{ or }} for a "
              "brace.");
}

std::string with_doubled_braces(std::string_view text) {
  std::string doubled;
  for (const char c : text) doubled.append(c == '{' || c == '}' ? 2 : 1, c);
  return doubled;
}

}  // namespace

Result<TextTemplate> parse_template(std::string_view text) {
  TextTemplate made;
  std::string literal;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool brace = c == '{' || c == '}';
    if (!brace || text.substr(at + 1, 1) == text.substr(at, 1)) {
      literal += c;
      if (brace) ++at;
      continue;
    }
    if (c == '}') return malformed(text, "has a brace that closes nothing");
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) return malformed(text, "has a brace that is not closed");
    auto source = parse_source(text.substr(at + 1, close - at - 1));
    if (!source) return tl::unexpected(std::move(source.error()));
    made.pieces.push_back({std::exchange(literal, {}), std::move(*source)});
    at = close;
  }
  if (made.pieces.empty()) return malformed(text, "names no source");
  made.after = std::move(literal);
  return made;
}

std::string to_text(const TextTemplate& text) {
  std::string form;
  for (const auto& piece : text.pieces) form += with_doubled_braces(piece.before) + "{" + to_text(piece.source) + "}";
  return form + with_doubled_braces(text.after);
}

bool looks_like_template(std::string_view text) {
  const std::string_view before_colon = text.substr(0, text.find(':'));
  const auto brace = before_colon.find('{');
  return brace != std::string_view::npos && (brace == 0 || before_colon[brace - 1] != '$');
}

}  // namespace product_sync::catalog
