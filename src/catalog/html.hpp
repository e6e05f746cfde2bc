#pragma once

#include <string>
#include <string_view>

namespace product_sync::catalog {

/// `source` as HTML that may stand in a feed: one line; only the elements and attributes that html.cpp lists; no
/// scripts, styles, comments, and no addresses but http(s), mailto and tel; without the style block that Acumatica's
/// editor writes between `/* RTE style begin */` and `/* RTE style end */` (rithum.md §4). White space becomes single
/// spaces. A source without any tag is plain text: its line breaks become `<br>`. Markup that shows neither text nor
/// image, such as an editor leaves behind when its text is deleted, is empty.
///
/// The same source always gives the same text. Time and memory are bounded by the length of the source: markup that no
/// honest description has (over 10,000 tags, or formatting that multiplies) is reduced to its text. `source` must be
/// valid UTF-8.
[[nodiscard]] std::string clean_html(std::string_view source);

}  // namespace product_sync::catalog
