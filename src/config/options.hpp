#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/reading.hpp"

/// The one table of options. The reader, its messages, docs/configuration.md and the redacted dump all follow it: a new
/// option is a row here and a member in config.hpp. Defaults are the members' initialisers.
namespace product_sync::config {

/// What an option writes into: the configuration, and the site, schedule or user that is being read (null outside of one).
struct Target {
  Config* config = nullptr;
  SiteConfig* site = nullptr;
  ScheduleConfig* schedule = nullptr;
  UserConfig* user = nullptr;
};

struct Option {
  std::string key;  ///< within its section
  std::string type;
  std::string limits;  ///< range or choices
  bool required = false;
  bool secret = false;
  bool reloadable = false;  ///< a running service could take a change over without new connections or storage
  std::string help;
  std::function<void(const Value&, const Target&)> read;
  std::function<std::optional<Node>(const Target&)> write;  ///< secrets redacted; absent when not set or not chosen
};

/// A group of keys.
struct Section {
  std::string path;  ///< `sites.*.feed`; `*` is the id of a site, or the name of a schedule or user
  std::string help;
  bool required = false;
  std::string alternative;                    ///< sections of one parent with the same word here: exactly one is given
  /// Makes this alternative the one that is set, or sets what is absent unless the section is given; null for others.
  std::function<void(const Target&)> choose;
  std::vector<Option> options;

  [[nodiscard]] const Option* find(std::string_view key) const;
};

/// In the order of the documentation; a section stands behind the one that encloses it. The first is the file itself.
[[nodiscard]] const std::vector<Section>& sections();
[[nodiscard]] const Section* find_section(std::string_view path);
/// Directly inside `path`.
[[nodiscard]] std::vector<const Section*> sections_in(std::string_view path);

/// `sites.*.feed` -> `feed`
[[nodiscard]] std::string_view last_key(std::string_view path);

/// The default as it would stand in the file; empty when there is none.
[[nodiscard]] std::string default_text(const Section& section, const Option& option);

}  // namespace product_sync::config
