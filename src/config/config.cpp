#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace product_sync::config {

const SiteConfig* Config::site(std::string_view id) const {
  const auto found = std::ranges::find(sites, id, &SiteConfig::id);
  return found == sites.end() ? nullptr : &*found;
}

std::string Problem::text() const {
  auto text = file.string();
  if (line > 0) text += fmt::format(":{}:{}", line, column);
  text += ": ";
  if (!path.empty()) text += path + ": ";
  text += message;
  // Keys come from the file and may hold anything.
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  if (!near_miss.empty()) text += fmt::format("; did you mean \"{}\"?", near_miss);
  return text;
}

}  // namespace product_sync::config
