#include "catalog/html.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

// A parser keeps every open element on a stack and searches it for each tag: this bounds the square.
constexpr std::size_t kMostTags = 20'000;
// Each paragraph repeats all formatting that is still open before it, so memory can grow with the square as well.
constexpr std::size_t kParserBytesPerSourceByte = 256;
constexpr std::size_t kLeastParserBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostParserBytes = std::size_t{256} << 20U;

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

struct ElementRule {
  GumboTag tag;
  Treatment treatment;
};

// Elements that are not listed are unwrapped: `span` and `font` mean nothing without their styles.
constexpr ElementRule kElementRules[] = {
    {GUMBO_TAG_ABBR, Treatment::keep_inline},      {GUMBO_TAG_B, Treatment::keep_inline},
    {GUMBO_TAG_BIG, Treatment::keep_inline},       {GUMBO_TAG_CITE, Treatment::keep_inline},
    {GUMBO_TAG_CODE, Treatment::keep_inline},      {GUMBO_TAG_DEL, Treatment::keep_inline},
    {GUMBO_TAG_EM, Treatment::keep_inline},        {GUMBO_TAG_I, Treatment::keep_inline},
    {GUMBO_TAG_INS, Treatment::keep_inline},       {GUMBO_TAG_MARK, Treatment::keep_inline},
    {GUMBO_TAG_Q, Treatment::keep_inline},         {GUMBO_TAG_S, Treatment::keep_inline},
    {GUMBO_TAG_SMALL, Treatment::keep_inline},     {GUMBO_TAG_STRONG, Treatment::keep_inline},
    {GUMBO_TAG_SUB, Treatment::keep_inline},       {GUMBO_TAG_SUP, Treatment::keep_inline},
    {GUMBO_TAG_U, Treatment::keep_inline},         {GUMBO_TAG_BLOCKQUOTE, Treatment::keep_block},
    {GUMBO_TAG_CAPTION, Treatment::keep_block},    {GUMBO_TAG_DD, Treatment::keep_block},
    {GUMBO_TAG_DIV, Treatment::keep_block},        {GUMBO_TAG_DL, Treatment::keep_block},
    {GUMBO_TAG_DT, Treatment::keep_block},         {GUMBO_TAG_H1, Treatment::keep_block},
    {GUMBO_TAG_H2, Treatment::keep_block},         {GUMBO_TAG_H3, Treatment::keep_block},
    {GUMBO_TAG_H4, Treatment::keep_block},         {GUMBO_TAG_H5, Treatment::keep_block},
    {GUMBO_TAG_H6, Treatment::keep_block},         {GUMBO_TAG_LI, Treatment::keep_block},
    {GUMBO_TAG_OL, Treatment::keep_block},         {GUMBO_TAG_P, Treatment::keep_block},
    {GUMBO_TAG_PRE, Treatment::keep_block},        {GUMBO_TAG_TABLE, Treatment::keep_block},
    {GUMBO_TAG_TBODY, Treatment::keep_block},      {GUMBO_TAG_TD, Treatment::keep_block},
    {GUMBO_TAG_TFOOT, Treatment::keep_block},      {GUMBO_TAG_TH, Treatment::keep_block},
    {GUMBO_TAG_THEAD, Treatment::keep_block},      {GUMBO_TAG_TR, Treatment::keep_block},
    {GUMBO_TAG_UL, Treatment::keep_block},         {GUMBO_TAG_BR, Treatment::keep_break},
    {GUMBO_TAG_HR, Treatment::keep_break},         {GUMBO_TAG_A, Treatment::keep_link},
    {GUMBO_TAG_IMG, Treatment::keep_image},        {GUMBO_TAG_ADDRESS, Treatment::unwrap_block},
    {GUMBO_TAG_ARTICLE, Treatment::unwrap_block},  {GUMBO_TAG_ASIDE, Treatment::unwrap_block},
    {GUMBO_TAG_CENTER, Treatment::unwrap_block},   {GUMBO_TAG_DETAILS, Treatment::unwrap_block},
    {GUMBO_TAG_FIELDSET, Treatment::unwrap_block}, {GUMBO_TAG_FIGCAPTION, Treatment::unwrap_block},
    {GUMBO_TAG_FIGURE, Treatment::unwrap_block},   {GUMBO_TAG_FOOTER, Treatment::unwrap_block},
    {GUMBO_TAG_FORM, Treatment::unwrap_block},     {GUMBO_TAG_HEADER, Treatment::unwrap_block},
    {GUMBO_TAG_LEGEND, Treatment::unwrap_block},   {GUMBO_TAG_MAIN, Treatment::unwrap_block},
    {GUMBO_TAG_NAV, Treatment::unwrap_block},      {GUMBO_TAG_SECTION, Treatment::unwrap_block},
    {GUMBO_TAG_SUMMARY, Treatment::unwrap_block},  {GUMBO_TAG_APPLET, Treatment::drop},
    {GUMBO_TAG_AUDIO, Treatment::drop},            {GUMBO_TAG_BUTTON, Treatment::drop},
    {GUMBO_TAG_CANVAS, Treatment::drop},           {GUMBO_TAG_EMBED, Treatment::drop},
    {GUMBO_TAG_IFRAME, Treatment::drop},           {GUMBO_TAG_INPUT, Treatment::drop},
    {GUMBO_TAG_LINK, Treatment::drop},             {GUMBO_TAG_META, Treatment::drop},
    {GUMBO_TAG_NOEMBED, Treatment::drop},          {GUMBO_TAG_NOFRAMES, Treatment::drop},
    {GUMBO_TAG_NOSCRIPT, Treatment::drop},         {GUMBO_TAG_OBJECT, Treatment::drop},
    {GUMBO_TAG_SCRIPT, Treatment::drop},           {GUMBO_TAG_SELECT, Treatment::drop},
    {GUMBO_TAG_STYLE, Treatment::drop},            {GUMBO_TAG_TEMPLATE, Treatment::drop},
    {GUMBO_TAG_TEXTAREA, Treatment::drop},         {GUMBO_TAG_TITLE, Treatment::drop},
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

// --- parsing ---------------------------------------------------------------------------------------------------------

/// Memory of one parse; everything is given back at once. gumbo's own release recurses as deep as the markup nests.
class Arena {
 public:
  explicit Arena(std::size_t limit) : left_(limit), memory_(std::size_t{16} << 10U) {}

  /// The tree of `source`; null when it does not fit. gumbo does not check for a failed allocation, so the way out of
  /// one is a jump: between it and here are only gumbo's C frames, and what they own lies in this arena.
  const GumboOutput* parse(std::string_view source) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = [](void* arena, std::size_t bytes) { return static_cast<Arena*>(arena)->allocate(bytes); };
    options.deallocator = [](void*, void*) {};
    options.userdata = this;
    options.max_errors = 0;  // recording them costs the square of their number
    options.fragment_context = GUMBO_TAG_BODY;
    if (setjmp(exhausted_) != 0) return nullptr;
    return gumbo_parse_with_options(&options, source.data(), source.size());
  }

 private:
  void* allocate(std::size_t bytes) noexcept {
    void* memory = nullptr;
    if (bytes <= left_) {
      left_ -= bytes;
      try {
        memory = memory_.allocate(bytes);
      } catch (const std::bad_alloc&) {
        memory = nullptr;
      }
    }
    if (memory == nullptr) std::longjmp(exhausted_, 1);
    return memory;
  }

  std::size_t left_;
  std::pmr::monotonic_buffer_resource memory_;
  std::jmp_buf exhausted_{};
};

// --- writing ---------------------------------------------------------------------------------------------------------

/// Writes text and tags on one line with single spaces.
class LineWriter {
 public:
  void text(std::string_view text, bool preformatted) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t bytes = break_at(text, at);
      if (preformatted && text[at] == '\n') {
        line_ += "<br>";
      } else if (preformatted && (bytes != 0 || text[at] == ' ')) {
        line_ += ' ';
      } else if (bytes != 0 || text[at] == ' ') {
        space();
      } else {
        word(text[at]);
        const bool no_break_space = text.substr(at, 2) == "\xC2\xA0" || (at > 0 && text.substr(at - 1, 2) == "\xC2\xA0");
        shows_something_ = shows_something_ || !no_break_space;
      }
      at += bytes == 0 ? 1 : bytes;
    }
  }

  void space() { space_pending_ = last_ == Last::word; }

  void open_inline(std::string_view tag) {
    if (space_pending_) {
      line_ += ' ';
      last_ = Last::space;
      space_pending_ = false;
    }
    line_ += tag;
  }
  void image(std::string_view tag) {
    open_inline(tag);
    last_ = Last::word;
    shows_something_ = true;
  }
  // A space at the end of an inline element moves behind it.
  void close_inline(std::string_view tag) { line_ += tag; }

  // Spaces around blocks and line breaks have no meaning.
  void block(std::string_view tag) {
    space_pending_ = false;
    last_ = Last::block;
    line_ += tag;
  }

  std::string take() { return shows_something_ ? std::move(line_) : std::string{}; }

 private:
  enum class Last : std::uint8_t { block, space, word };

  void word(char c) {
    if (space_pending_) line_ += ' ';
    space_pending_ = false;
    last_ = Last::word;
    switch (c) {
      case '&': line_ += "&amp;"; break;
      case '<': line_ += "&lt;"; break;
      case '>': line_ += "&gt;"; break;
      // Readers of delimited files take an opening quotation mark for quoting (rithum.md §4).
      case '"': line_ += line_.empty() ? "&quot;" : "\""; break;
      default: line_ += c;
    }
  }

  std::string line_;
  Last last_ = Last::block;
  bool space_pending_ = false;
  bool shows_something_ = false;
};

std::string attribute_text(std::string_view value) {
  std::string text;
  for (const char c : one_line(value)) {
    switch (c) {
      case '&': text += "&amp;"; break;
      case '<': text += "&lt;"; break;
      case '>': text += "&gt;"; break;
      case '"': text += "&quot;"; break;
      default: text += c;
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

/// The start tag with its allowed attributes; none when the element is nothing without the address it lacks.
std::optional<std::string> start_tag(const GumboElement& element, Treatment treatment) {
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

/// An element that is being written: its children from `next` on are still to come.
struct OpenElement {
  const GumboElement* element;
  unsigned next = 0;
  Treatment treatment = Treatment::unwrap;
  bool preformatted = false;
};

/// Writes the tree below `root`, without recursion: markup may nest deeper than a thread's stack.
class TreeWriter {
 public:
  std::string write(const GumboElement& root) {
    open_.push_back({&root});
    while (!open_.empty()) {
      OpenElement& top = open_.back();
      if (top.next == top.element->children.length) {
        close(top);
        open_.pop_back();
        continue;
      }
      const auto* child = static_cast<const GumboNode*>(top.element->children.data[top.next++]);
      if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE) {
        line_.text(child->v.text.text, top.preformatted);
      } else if (child->type == GUMBO_NODE_ELEMENT) {
        open(child->v.element, top.preformatted);
      }
    }
    return line_.take();
  }

 private:
  void open(const GumboElement& element, bool preformatted) {
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML) return;  // SVG, MathML
    Treatment treatment = kTreatments[element.tag];
    if (treatment == Treatment::drop) return;
    const bool has_tags = treatment != Treatment::unwrap && treatment != Treatment::unwrap_block;
    const auto tag = has_tags ? start_tag(element, treatment) : std::nullopt;
    switch (treatment) {
      case Treatment::keep_image:
        if (tag) line_.image(*tag);
        return;
      case Treatment::keep_break: line_.block(*tag); return;
      case Treatment::keep_block: line_.block(*tag); break;
      case Treatment::keep_inline: line_.open_inline(*tag); break;
      case Treatment::unwrap_block: line_.space(); break;
      case Treatment::keep_link:
        if (tag) {
          line_.open_inline(*tag);
        } else {
          treatment = Treatment::unwrap;
        }
        break;
      default: break;
    }
    open_.push_back({&element, 0, treatment, preformatted || element.tag == GUMBO_TAG_PRE});
  }

  void close(const OpenElement& open) {
    const std::string tag = std::string("</") + gumbo_normalized_tagname(open.element->tag) + ">";
    switch (open.treatment) {
      case Treatment::keep_block: line_.block(tag); break;
      case Treatment::keep_inline:
      case Treatment::keep_link: line_.close_inline(tag); break;
      case Treatment::unwrap_block: line_.space(); break;
      default: break;
    }
  }

  LineWriter line_;
  std::vector<OpenElement> open_;
};

/// The markup cleaned; none when it does not fit into the parser's memory.
std::optional<std::string> clean_markup(std::string_view source) {
  const std::size_t most_useful = kMostParserBytes / kParserBytesPerSourceByte;
  Arena arena(kLeastParserBytes + std::min(source.size(), most_useful) * kParserBytesPerSourceByte);
  const GumboOutput* output = arena.parse(source);
  if (output == nullptr) return std::nullopt;
  return TreeWriter().write(output->root->v.element);
}

// --- the source ------------------------------------------------------------------------------------------------------

std::string without_editor_styles(std::string_view source) {
  constexpr std::string_view kBegin = "/* RTE style begin */";
  constexpr std::string_view kEnd = "/* RTE style end */";
  std::string kept;
  for (;;) {
    const auto begin = source.find(kBegin);
    const auto end = begin == std::string_view::npos ? begin : source.find(kEnd, begin);
    if (end == std::string_view::npos) return kept.append(source);
    kept.append(source.substr(0, begin));
    source.remove_prefix(end + kEnd.size());
  }
}

// Whether a tag, end tag, comment or declaration begins at the `<` that stands at `at`.
bool tag_at(std::string_view source, std::size_t at) {
  if (at + 1 >= source.size()) return false;
  const char next = source[at + 1];
  return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!' || next == '?';
}

bool has_tag(std::string_view source) {
  const auto last_end = source.rfind('>');
  if (last_end == std::string_view::npos) return false;
  for (auto at = source.find('<'); at < last_end; at = source.find('<', at + 1)) {
    if (tag_at(source, at)) return true;
  }
  return false;
}

// Every tag by a space, and scripts and styles whole: what is left has no markup but character references.
std::string without_tags(std::string_view source) {
  std::string text;
  std::size_t at = 0;
  while (at < source.size()) {
    const auto begin = source.find('<', at);
    text.append(source.substr(at, begin - at));
    if (begin == std::string_view::npos) break;
    text += ' ';
    at = begin + 1;
    if (!tag_at(source, begin)) {
      text += "&lt;";
      continue;
    }
    const std::string name = to_lower_ascii(source.substr(at, 6));
    std::size_t end = source.find('>', begin);
    if (name.starts_with("script")) end = std::min(source.find("</script", begin), source.size());
    if (name.starts_with("style")) end = std::min(source.find("</style", begin), source.size());
    if (end != std::string_view::npos) at = end + (source.substr(end, 1) == ">" ? 1 : 0);
  }
  return text;
}

std::string escaped(std::string_view text) {
  LineWriter line;
  line.text(text, false);
  return line.take();
}

std::string clean_plain_text(std::string_view source) {
  std::string markup;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t bytes = break_at(source, at);
    const bool carriage_return_of_pair = source.substr(at, 2) == "\r\n";
    const bool line_end = bytes > 1 || source[at] == '\n' || source[at] == '\r';
    if (line_end && !carriage_return_of_pair) {
      markup += "<br>";
    } else if (bytes != 0) {
      markup += ' ';
    } else if (source[at] == '<') {
      markup += "&lt;";
    } else {
      markup += source[at];
    }
    at += bytes == 0 ? 1 : bytes;
  }
  return clean_markup(markup).value_or(escaped(source));
}

}  // namespace

std::string clean_html(std::string_view source) {
  const std::string kept = without_editor_styles(source);
  const std::string_view text = trim(kept);
  if (text.find('<') == text.npos && text.find('&') == text.npos && !has_break(text)) return escaped(text);
  if (!has_tag(text)) return clean_plain_text(text);
  if (static_cast<std::size_t>(std::ranges::count(text, '<')) <= kMostTags) {
    if (auto clean = clean_markup(text)) return std::move(*clean);
  }
  return clean_plain_text(one_line(without_tags(text)));
}

}  // namespace product_sync::catalog
