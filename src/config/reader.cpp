#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>

#include "base/bytes.hpp"
#include "config/checks.hpp"
#include "config/config.hpp"
#include "config/document.hpp"
#include "config/near_miss.hpp"
#include "config/options.hpp"
#include "config/reading.hpp"
#include "config/schedules.hpp"

namespace product_sync::config {
namespace {

/// `sftp, ftp and directory`
std::string enumeration(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

constexpr std::size_t kLongestSiteId = 32;
constexpr const char* kSchedule = "sites.*.schedules.*";
constexpr const char* kUser = "server.users.*";

/// Walks the file's tree along the option table.
class Walk {
 public:
  Walk(Reading& reading, const Target& target) : reading_(reading), target_(target) {}

  /// `pattern` names the section in the table, `value` is what the file has for it.
  void section(const std::string& pattern, const Value& value) {
    if (!is_group(value)) return;
    const auto inside = sections_in(pattern);
    if (pattern == "sites") return sites(value);
    if (pattern == "sites.*.schedules") return schedules(value);
    if (pattern == "server.users") return users(value);
    choose_alternatives(inside, value);
    for (const auto& entry : value.node().entries) read_entry(pattern, value, entry);
    report_missing(pattern, inside, value);
  }

 private:
  /// An empty section is the same as one without keys.
  static bool is_group(const Value& value) {
    const auto kind = value.node().kind;
    if (kind == Node::Kind::map || kind == Node::Kind::null) return true;
    value.unexpected_secret("a group of keys");  // a password may have slipped one line up
    return false;
  }

  void sites(const Value& value) {
    if (value.node().entries.empty()) value.wrong("expected at least one site");
    for (const auto& entry : value.node().entries) {
      const auto site = value.entry(entry);
      reading_.saw(site.path(), entry.at);
      if (!is_site_id(entry.key)) {
        reading_.problem(entry.at, site.path(),
                         fmt::format("the id of a site is 1 to {} characters of a-z, 0-9 and -", kLongestSiteId));
        continue;
      }
      auto& config = target_.config->sites.emplace_back();
      config.id = entry.key;
      Walk(reading_, {target_.config, &config}).section("sites.*", site);
    }
  }

  void schedules(const Value& value) {
    auto& all = target_.site->schedules;
    for (const auto& entry : value.node().entries) {
      const auto written = value.entry(entry);
      reading_.saw(written.path(), entry.at);
      if (!has_name(entry, written, "schedule")) continue;
      auto found = std::ranges::find(all, entry.key, &ScheduleConfig::name);
      const bool is_new = found == all.end();
      if (is_new) found = all.insert(all.end(), ScheduleConfig{.name = entry.key, .timing = {}, .zone = {}});
      Walk inner(reading_, {target_.config, target_.site, &*found});
      inner.section(kSchedule, written);
      if (is_new) inner.report_options_missing(*find_section(kSchedule), {"task", "cron"}, written);
    }
  }

  void users(const Value& value) {
    for (const auto& entry : value.node().entries) {
      const auto written = value.entry(entry);
      reading_.saw(written.path(), entry.at);
      if (!has_name(entry, written, "user")) continue;
      auto& user = target_.config->server.users.emplace_back();
      user.name = entry.key;
      Walk inner(reading_, {.config = target_.config, .user = &user});
      inner.section(kUser, written);
      if (written.node().kind == Node::Kind::map || written.node().kind == Node::Kind::null) {
        inner.report_options_missing(*find_section(kUser), {"role"}, written);
      }
    }
  }

  /// Whether the entry has a name that a schedule or user can have.
  bool has_name(const Entry& entry, const Value& written, std::string_view of) {
    auto name = entry.key;
    std::ranges::replace(name, '_', '-');
    if (is_site_id(name)) return true;
    reading_.problem(entry.at, written.path(),
                     fmt::format("the name of a {} is 1 to {} characters of a-z, 0-9, - and _", of, kLongestSiteId));
    return false;
  }

  void report_options_missing(const Section& section, std::initializer_list<std::string_view> keys, const Value& value) {
    for (const auto key : keys) missing(value, key, section.find(key)->help);
  }

  static bool is_site_id(std::string_view id) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !id.empty() && id.size() <= kLongestSiteId && std::ranges::all_of(id, allowed);
  }

  void read_entry(const std::string& pattern, const Value& parent, const Entry& entry) {
    const auto value = parent.entry(entry);
    reading_.saw(value.path(), entry.at);
    const auto* here = find_section(pattern);
    if (const auto* option = here->find(entry.key)) return option->read(value, target_);
    const auto inner = join_path(pattern, entry.key);
    if (const auto* inside = entry.key == "*" ? nullptr : find_section(inner)) {
      if (inside->choose && inside->alternative.empty()) inside->choose(target_);
      return section(inner, value);
    }
    unknown_key(*here, value, entry);
  }

  void unknown_key(const Section& here, const Value& value, const Entry& entry) {
    std::vector<std::string_view> known;
    for (const auto& option : here.options) known.push_back(option.key);
    for (const auto* inner : sections_in(here.path)) known.push_back(last_key(inner->path));
    auto near_miss = nearest(entry.key, known);
    std::string message = "unknown key";
    if (near_miss.empty()) {
      for (const auto& section : sections()) {
        if (section.find(entry.key) == nullptr && last_key(section.path) != entry.key) continue;
        message += fmt::format(" here; {} belongs {}", entry.key, home_of(section, entry.key));
        break;
      }
    }
    const auto parent = value.path().substr(0, value.path().size() - entry.key.size());
    if (!near_miss.empty()) mistyped_.insert(parent + near_miss);
    reading_.problem(entry.at, value.path(), std::move(message), std::move(near_miss));
  }

  static std::string home_of(const Section& section, std::string_view key) {
    auto path = section.path;
    if (section.find(key) == nullptr) path.resize(path.size() - std::min(path.size(), key.size() + 1));
    for (const auto* name : {"<id>", "<name>"}) {
      if (const auto star = path.find('*'); star != std::string::npos) path.replace(star, 1, name);
    }
    return path.empty() ? "to the top of the file" : "under " + path;
  }

  /// Of sections that exclude each other, one must be there.
  void choose_alternatives(const std::vector<const Section*>& inside, const Value& value) {
    std::set<std::string_view> handled;
    for (const auto* first : inside) {
      if (first->alternative.empty() || !handled.insert(first->alternative).second) continue;
      std::vector<std::string> names;
      std::vector<std::string> found;
      const Section* given = nullptr;
      for (const auto* each : inside) {
        if (each->alternative != first->alternative) continue;
        names.emplace_back(last_key(each->path));
        if (value.node().find(names.back()) == nullptr) continue;
        found.push_back(names.back());
        given = each;
      }
      if (found.size() == 1) {
        given->choose(target_);
      } else {
        reading_.problem(reading_.position(value.path()), value.path(),
                         fmt::format("expected exactly one of {}, found {}", enumeration(names),
                                     found.empty() ? "none" : enumeration(found)));
      }
    }
  }

  void report_missing(const std::string& pattern, const std::vector<const Section*>& inside, const Value& value) {
    for (const auto& option : find_section(pattern)->options) {
      if (option.required) missing(value, option.key, option.help);
    }
    for (const auto* section : inside) {
      if (section->required) missing(value, last_key(section->path), section->help);
    }
  }

  void missing(const Value& value, std::string_view key, std::string_view help) {
    const auto path = join_path(value.path(), key);
    // A key that was mistyped is reported once.
    if (value.node().find(key) != nullptr || mistyped_.contains(path)) return;
    // The first sentence of the help says what belongs here.
    const auto sentence = help.substr(0, help.find(". "));
    reading_.problem(reading_.position(path), path,
                     fmt::format("missing, and required. {}{}", sentence, sentence.ends_with('.') ? "" : "."));
  }

  Reading& reading_;
  Target target_;
  std::set<std::string> mistyped_;  ///< paths that an unknown key probably meant
};

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

tl::unexpected<std::vector<Problem>> unreadable(const std::filesystem::path& file, std::string message) {
  return tl::unexpected(std::vector<Problem>{{file, 0, 0, {}, std::move(message), {}}});
}

}  // namespace

tl::expected<Config, std::vector<Problem>> parse(std::string_view text, const std::filesystem::path& file,
                                                 const Environment& environment) {
  auto document = parse_document(text, file);
  if (!document.root) return tl::unexpected(std::move(document.problems));
  Reading reading(file, environment);
  reading.add(std::move(document.problems));
  Config config;
  config.file = file;
  if (document.root->kind == Node::Kind::null)
    return unreadable(file, "is empty; config.yaml.example shows what belongs in");
  Walk(reading, {&config}).section("", Value(*document.root, "", reading));
  for (auto& site : config.sites) {
    site.mapping.arrange();
    complete_schedules(site, reading);
  }
  check_together(config, reading);
  if (reading.has_problems()) return tl::unexpected(reading.take_problems());
  return config;
}

tl::expected<Config, std::vector<Problem>> load(const std::filesystem::path& file, const Environment& environment) {
  std::error_code fault;
  if (std::filesystem::is_directory(file, fault)) return unreadable(file, "is a directory, not a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unreadable(file, "cannot be read; it must exist and be readable by this user");
  std::string text(kLongestFile + 8, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return unreadable(file, "reading it failed");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return parse(text, file, environment);
}

tl::expected<Config, std::vector<Problem>> load(const std::filesystem::path& file) {
  return load(file, process_environment);
}

}  // namespace product_sync::config
