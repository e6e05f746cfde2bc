#include "feed_name.hpp"

#include <algorithm>
#include <array>

namespace rithum_simulator {
namespace {

constexpr std::array<std::string_view, 4> kModeNames = {"AddUpdate", "AddOnly", "UpdateOnly", "DetectDropItems"};

struct RefusedExtension {
  std::string_view extension;
  std::string_view reason;
};
constexpr RefusedExtension kRefusedExtensions[] = {
    {"zip", "compressed files are taken by PULL only"},
    {"gz", "gzip is refused by FTP"},
    {"csv", "Rithum takes comma files; this simulator reads .txt only"},
    {"xml", "Rithum takes XML through a template; this simulator reads .txt only"},
    {"xlsx", "Rithum may take workbooks; this simulator reads .txt only"},
};

std::string extension_refusal(std::string_view extension) {
  const auto* known = std::ranges::find(kRefusedExtensions, extension, &RefusedExtension::extension);
  if (known != std::end(kRefusedExtensions)) return std::string(known->reason);
  return "'." + std::string(extension) + "' is no feed file type; .txt is expected";
}

}  // namespace

std::string_view to_string(Mode mode) { return kModeNames.at(static_cast<std::size_t>(mode)); }

std::optional<Mode> mode_from(std::string_view name) {
  const auto* found = std::ranges::find(kModeNames, name);
  if (found == kModeNames.end()) return std::nullopt;
  return static_cast<Mode>(found - kModeNames.begin());
}

FeedName read_feed_name(std::string_view name, const FeedNameSettings& settings) {
  FeedName feed{settings.default_mode, {}, {}, {}};
  for (const auto& [prefix, mode] : settings.prefixes) {
    if (!name.starts_with(prefix) || prefix.size() <= feed.prefix.size()) continue;
    feed.prefix = prefix;
    feed.mode = mode;
  }

  const auto last_dot = name.rfind('.');
  if (last_dot == std::string_view::npos) {
    feed.refusal = "the name has no extension; .txt is expected";
    return feed;
  }
  const auto extension = name.substr(last_dot + 1);
  if (extension != "txt") {
    feed.refusal = extension_refusal(extension);
    return feed;
  }
  const auto stem = name.substr(0, last_dot);
  const auto dots = std::ranges::count(stem, '.');
  if (dots > 1) {
    feed.refusal = "stray dots: only one token between dots may stand before the extension, the template code";
    return feed;
  }
  if (dots == 1) feed.template_code = stem.substr(stem.find('.') + 1);
  if (feed.template_code.empty()) {
    if (dots == 1) feed.refusal = "the template code between the dots is empty";
    if (dots == 0 && settings.template_required) feed.refusal = "this directory needs a template code in the name";
    return feed;
  }
  if (std::ranges::find(settings.template_codes, feed.template_code) == settings.template_codes.end()) {
    feed.refusal = "the account has no template '" + feed.template_code + "'";
  }
  return feed;
}

}  // namespace rithum_simulator
