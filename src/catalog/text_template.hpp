#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/source.hpp"

namespace product_sync::catalog {

/// `"{field:Description} - {attribute:COLOR.label}"`: texts and sources in turn. `{{` and `}}` stand for braces.
struct TextTemplate {
  struct Piece {
    std::string before;  ///< what stands between the source before and this one
    Source source;
  };
  std::vector<Piece> pieces;
  std::string after;
};

/// Error codes `template.malformed` and those of parse_source. There is at least one source.
[[nodiscard]] Result<TextTemplate> parse_template(std::string_view text);

/// The form that parse_template reads.
[[nodiscard]] std::string to_text(const TextTemplate& text);

/// Whether `text` is meant for a template rather than a source: a brace opens before the first colon, and it is not
/// that of a `${VARIABLE}`.
[[nodiscard]] bool looks_like_template(std::string_view text);

}  // namespace product_sync::catalog
