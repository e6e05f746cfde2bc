#include "catalog/html_allowed.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

struct ElementRule {
  GumboTag tag;
  Treatment treatment;
};

// `span` and `font` are not listed: they mean nothing without their styles.
constexpr ElementRule kElementRules[] = {
    {GUMBO_TAG_ABBR, Treatment::keep_inline},
    {GUMBO_TAG_B, Treatment::keep_inline},
    {GUMBO_TAG_BIG, Treatment::keep_inline},
    {GUMBO_TAG_CITE, Treatment::keep_inline},
    {GUMBO_TAG_CODE, Treatment::keep_inline},
    {GUMBO_TAG_DEL, Treatment::keep_inline},
    {GUMBO_TAG_EM, Treatment::keep_inline},
    {GUMBO_TAG_I, Treatment::keep_inline},
    {GUMBO_TAG_INS, Treatment::keep_inline},
    {GUMBO_TAG_MARK, Treatment::keep_inline},
    {GUMBO_TAG_Q, Treatment::keep_inline},
    {GUMBO_TAG_S, Treatment::keep_inline},
    {GUMBO_TAG_SMALL, Treatment::keep_inline},
    {GUMBO_TAG_STRONG, Treatment::keep_inline},
    {GUMBO_TAG_SUB, Treatment::keep_inline},
    {GUMBO_TAG_SUP, Treatment::keep_inline},
    {GUMBO_TAG_U, Treatment::keep_inline},
    {GUMBO_TAG_BLOCKQUOTE, Treatment::keep_block},
    {GUMBO_TAG_CAPTION, Treatment::keep_block},
    {GUMBO_TAG_DD, Treatment::keep_block},
    {GUMBO_TAG_DIV, Treatment::keep_block},
    {GUMBO_TAG_DL, Treatment::keep_block},
    {GUMBO_TAG_DT, Treatment::keep_block},
    {GUMBO_TAG_H1, Treatment::keep_block},
    {GUMBO_TAG_H2, Treatment::keep_block},
    {GUMBO_TAG_H3, Treatment::keep_block},
    {GUMBO_TAG_H4, Treatment::keep_block},
    {GUMBO_TAG_H5, Treatment::keep_block},
    {GUMBO_TAG_H6, Treatment::keep_block},
    {GUMBO_TAG_LI, Treatment::keep_block},
    {GUMBO_TAG_OL, Treatment::keep_block},
    {GUMBO_TAG_P, Treatment::keep_block},
    {GUMBO_TAG_PRE, Treatment::keep_block},
    {GUMBO_TAG_TABLE, Treatment::keep_block},
    {GUMBO_TAG_TBODY, Treatment::keep_block},
    {GUMBO_TAG_TD, Treatment::keep_block},
    {GUMBO_TAG_TFOOT, Treatment::keep_block},
    {GUMBO_TAG_TH, Treatment::keep_block},
    {GUMBO_TAG_THEAD, Treatment::keep_block},
    {GUMBO_TAG_TR, Treatment::keep_block},
    {GUMBO_TAG_UL, Treatment::keep_block},
    {GUMBO_TAG_BR, Treatment::keep_break},
    {GUMBO_TAG_HR, Treatment::keep_break},
    {GUMBO_TAG_A, Treatment::keep_link},
    {GUMBO_TAG_IMG, Treatment::keep_image},
    {GUMBO_TAG_ADDRESS, Treatment::unwrap_block},
    {GUMBO_TAG_ARTICLE, Treatment::unwrap_block},
    {GUMBO_TAG_ASIDE, Treatment::unwrap_block},
    {GUMBO_TAG_CENTER, Treatment::unwrap_block},
    {GUMBO_TAG_DETAILS, Treatment::unwrap_block},
    {GUMBO_TAG_FIELDSET, Treatment::unwrap_block},
    {GUMBO_TAG_FIGCAPTION, Treatment::unwrap_block},
    {GUMBO_TAG_FIGURE, Treatment::unwrap_block},
    {GUMBO_TAG_FOOTER, Treatment::unwrap_block},
    {GUMBO_TAG_FORM, Treatment::unwrap_block},
    {GUMBO_TAG_HEADER, Treatment::unwrap_block},
    {GUMBO_TAG_LEGEND, Treatment::unwrap_block},
    {GUMBO_TAG_MAIN, Treatment::unwrap_block},
    {GUMBO_TAG_NAV, Treatment::unwrap_block},
    {GUMBO_TAG_SECTION, Treatment::unwrap_block},
    {GUMBO_TAG_SUMMARY, Treatment::unwrap_block},
    {GUMBO_TAG_APPLET, Treatment::drop},
    {GUMBO_TAG_AUDIO, Treatment::drop},
    {GUMBO_TAG_BUTTON, Treatment::drop},
    {GUMBO_TAG_CANVAS, Treatment::drop},
    {GUMBO_TAG_EMBED, Treatment::drop},
    {GUMBO_TAG_IFRAME, Treatment::drop},
    {GUMBO_TAG_INPUT, Treatment::drop},
    {GUMBO_TAG_LINK, Treatment::drop},
    {GUMBO_TAG_META, Treatment::drop},
    {GUMBO_TAG_NOEMBED, Treatment::drop},
    {GUMBO_TAG_NOFRAMES, Treatment::drop},
    {GUMBO_TAG_NOSCRIPT, Treatment::drop},
    {GUMBO_TAG_OBJECT, Treatment::drop},
    {GUMBO_TAG_SCRIPT, Treatment::drop},
    {GUMBO_TAG_SELECT, Treatment::drop},
    {GUMBO_TAG_STYLE, Treatment::drop},
    {GUMBO_TAG_TEMPLATE, Treatment::drop},
    {GUMBO_TAG_TEXTAREA, Treatment::drop},
    {GUMBO_TAG_TITLE, Treatment::drop},
    {GUMBO_TAG_VIDEO, Treatment::drop},
};

constexpr auto kTreatments = [] {
  std::array<Treatment, GUMBO_TAG_LAST + 1> treatments{};
  for (const ElementRule& rule : kElementRules) treatments[rule.tag] = rule.treatment;
  return treatments;
}();

struct AttributeRule {
  GumboTag tag;
  std::string_view name;
};
constexpr AttributeRule kAttributeRules[] = {
    {GUMBO_TAG_A, "href"},     {GUMBO_TAG_A, "title"},    {GUMBO_TAG_ABBR, "title"}, {GUMBO_TAG_IMG, "src"},
    {GUMBO_TAG_IMG, "alt"},    {GUMBO_TAG_IMG, "title"},  {GUMBO_TAG_IMG, "width"},  {GUMBO_TAG_IMG, "height"},
    {GUMBO_TAG_OL, "start"},   {GUMBO_TAG_TD, "colspan"}, {GUMBO_TAG_TD, "rowspan"}, {GUMBO_TAG_TH, "colspan"},
    {GUMBO_TAG_TH, "rowspan"},
};
constexpr std::string_view kLinkSchemes[] = {"https:", "http:", "mailto:", "tel:"};
constexpr std::string_view kImageSchemes[] = {"https:", "http:"};

std::string attribute_text(std::string_view value) {
  std::string text;
  for (const char c : one_line(value)) {
    switch (c) {
      case '&':
        text += "&amp;";
        break;
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '"':
        text += "&quot;";
        break;
      default:
        text += c;
    }
  }
  return text;
}

// The address as browsers read it, without control characters; none unless its scheme is allowed.
std::optional<std::string> allowed_address(std::string_view value, std::span<const std::string_view> schemes) {
  std::string address;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t bytes = break_at(value, at);
    if (bytes == 0) address += value[at];
    at += bytes == 0 ? 1 : bytes;
  }
  const std::string lower = to_lower_ascii(trim(address));
  if (std::ranges::none_of(schemes, [&](std::string_view scheme) { return lower.starts_with(scheme); })) return {};
  return std::string(trim(address));
}

}  // namespace

Treatment treatment_of(const GumboElement& element) {
  return element.tag_namespace == GUMBO_NAMESPACE_HTML ? kTreatments[element.tag] : Treatment::drop;
}

std::optional<std::string> start_tag(const GumboElement& element) {
  const Treatment treatment = treatment_of(element);
  std::string tag = std::string("<") + gumbo_normalized_tagname(element.tag);
  bool has_address = treatment != Treatment::keep_link && treatment != Treatment::keep_image;
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
    const std::string_view name = attribute.name;
    const auto allowed = [&](const AttributeRule& rule) { return rule.tag == element.tag && rule.name == name; };
    if (std::ranges::none_of(kAttributeRules, allowed)) continue;
    std::string value = attribute.value;
    if (name == "href" || name == "src") {
      auto address = name == "href" ? allowed_address(value, kLinkSchemes) : allowed_address(value, kImageSchemes);
      if (!address) continue;
      value = std::move(*address);
      has_address = true;
    }
    tag += ' ';
    tag += name;
    tag += "=\"" + attribute_text(value) + "\"";
  }
  if (!has_address) return std::nullopt;
  return tag + ">";
}

}  // namespace product_sync::catalog
