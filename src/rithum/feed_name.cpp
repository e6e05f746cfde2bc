#include "rithum/feed_name.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/bytes.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::size_t kLongestName =
    200;  // file systems take 255 bytes; a destination may add a suffix while it uploads
constexpr std::size_t kLongestPart = 40;
constexpr std::size_t kLongestRun = 60;  // never cut in practice: what makes the name unique stands at its end

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Spaces, `+` and parentheses are seen in names that work (rithum.md §1.4).
bool may_stand_in_prefix(char c) { return is_plain(c) || std::string_view(" +()").find(c) != std::string_view::npos; }

std::string plain(std::string_view text, std::size_t longest = kLongestPart) {
  std::string name(text.substr(0, longest));
  std::ranges::replace_if(
      name, [](char c) { return !is_plain(c); }, '_');
  return name;
}

// `20260901T101530Z`: no colon and, above all, no dot.
std::string compact_time(Instant instant) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(instant));
}

Result<void> check_prefix(std::string_view prefix) {
  if (prefix.size() > kLongestPart || !std::ranges::all_of(prefix, may_stand_in_prefix)) {
    return fail("feed.name", fmt::format("feed.mode_prefix {} cannot begin a file name.", json_quote(prefix)),
                "Use up to 40 letters, digits, blanks and - _ + ( ); a dot would select a template.");
  }
  const std::string lower = to_lower_ascii(prefix);
  if (lower.find("detect") != std::string::npos && lower.find("drop") != std::string::npos) {
    return fail("feed.name", fmt::format("feed.mode_prefix {} asks for Detect Dropped Products.", json_quote(prefix)),
                "That method sets every product that is not in a file to quantity 0; use the prefix of another one.");
  }
  return {};
}

}  // namespace

Result<void> check(const FeedNaming& naming) {
  if (naming.mode_prefix.empty() && !naming.account_default_is_safe) {
    return fail(
        "feed.name",
        "Without feed.mode_prefix the account's default processing method decides what a feed does; if that is "
        "Detect Dropped Products, every product that is not in the file goes to quantity 0.",
        "Set feed.mode_prefix to the account's prefix for All or Updates Only, or set feed.account_default_is_safe "
        "to true once somebody has looked up the default.");
  }
  if (auto checked = check_prefix(naming.mode_prefix); !checked) return checked;
  if (naming.template_code.size() > kLongestPart || !std::ranges::all_of(naming.template_code, is_plain)) {
    return fail("feed.name",
                fmt::format("feed.template_code {} is not a template's code.", json_quote(naming.template_code)),
                "Use the code that Rithum shows for the template: up to 40 letters, digits, - and _.");
  }
  return {};
}

Result<std::string> feed_name(const FeedNaming& naming, const FeedIdentity& identity) {
  if (auto checked = check(naming); !checked) return tl::unexpected(checked.error());
  std::string name = fmt::format("{}{}-{}-{}-{}", naming.mode_prefix, plain(identity.site), plain(identity.kind),
                                 compact_time(identity.started), plain(identity.run, kLongestRun));
  if (!naming.template_code.empty()) name += "." + naming.template_code;
  name += ".txt";
  if (name.size() > kLongestName) {
    return fail("feed.name", fmt::format("The feed name {} is longer than {} characters.", name, kLongestName));
  }
  return name;
}

}  // namespace product_sync::rithum
