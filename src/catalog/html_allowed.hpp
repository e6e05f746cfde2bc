#pragma once

#include <gumbo.h>

#include <cstdint>
#include <optional>
#include <string>

namespace product_sync::catalog {

/// What becomes of an element. The table in html_allowed.cpp is the allow list of clean_html().
enum class Treatment : std::uint8_t {
  unwrap,        ///< the tags go, what is inside stays
  unwrap_block,  ///< as unwrap, but the words before, inside and after stay apart
  drop,          ///< goes with everything inside
  keep_inline,
  keep_block,
  keep_break,  ///< `<br>`, `<hr>`
  keep_link,   ///< `<a>`, unwrapped when it has no allowed address
  keep_image,  ///< `<img>`, dropped when it has no allowed address
};

/// Elements that are not listed are unwrapped; those of SVG and MathML are dropped.
[[nodiscard]] Treatment treatment_of(const GumboElement& element);

/// The start tag with its allowed attributes; none when the element is nothing without the address that it lacks.
[[nodiscard]] std::optional<std::string> start_tag(const GumboElement& element);

}  // namespace product_sync::catalog
