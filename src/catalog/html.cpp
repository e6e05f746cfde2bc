#include "catalog/html.hpp"

#include <gumbo.h>

#include <algorithm>
#include <csetjmp>
#include <memory_resource>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "catalog/html_allowed.hpp"
#include "catalog/html_line.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

// A parser keeps every open element on a stack and searches it for each tag: this bounds the square.
constexpr std::size_t kMostTags = 10'000;
// Each paragraph repeats all formatting that is still open before it, so memory can grow with the square as well.
constexpr std::size_t kParserBytesPerSourceByte = 256;
constexpr std::size_t kLeastParserBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostParserBytes = std::size_t{256} << 20U;

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
    Treatment treatment = treatment_of(element);
    if (treatment == Treatment::drop) return;
    const bool has_tags = treatment != Treatment::unwrap && treatment != Treatment::unwrap_block;
    const auto tag = has_tags ? start_tag(element) : std::nullopt;
    switch (treatment) {
      case Treatment::keep_image:
        if (tag) line_.image(*tag);
        return;
      case Treatment::keep_break:
        line_.block(*tag);
        return;
      case Treatment::keep_block:
        line_.block(*tag);
        break;
      case Treatment::keep_inline:
        line_.open_inline(*tag);
        break;
      case Treatment::unwrap_block:
        line_.space();
        break;
      case Treatment::keep_link:
        if (tag) {
          line_.open_inline(*tag);
        } else {
          treatment = Treatment::unwrap;
        }
        break;
      default:
        break;
    }
    open_.push_back({&element, 0, treatment, preformatted || element.tag == GUMBO_TAG_PRE});
  }

  void close(const OpenElement& open) {
    const std::string tag = std::string("</") + gumbo_normalized_tagname(open.element->tag) + ">";
    switch (open.treatment) {
      case Treatment::keep_block:
        line_.block(tag);
        break;
      case Treatment::keep_inline:
      case Treatment::keep_link:
        line_.close_inline(tag);
        break;
      case Treatment::unwrap_block:
        line_.space();
        break;
      default:
        break;
    }
  }

  HtmlLine line_;
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
  HtmlLine line;
  line.text(text);
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
  if (auto clean = clean_markup(markup)) return std::move(*clean);
  return escaped(source);
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
