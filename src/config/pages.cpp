#include <fmt/format.h>

#include <algorithm>

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/options.hpp"

/// What the option table writes: the dump of a configuration and the reference page.
namespace product_sync::config {
namespace {

Node dump_section(const Section& section, const Target& target);

Node dump_sites(const Target& target) {
  Node group;
  group.kind = Node::Kind::map;
  for (auto& site : target.config->sites) {
    group.entries.push_back({site.id, {}, dump_section(*find_section("sites.*"), {target.config, &site})});
  }
  return group;
}

Node dump_schedules(const Target& target) {
  Node group;
  group.kind = Node::Kind::map;
  for (auto& schedule : target.site->schedules) {
    const Target inner{target.config, target.site, &schedule};
    group.entries.push_back({schedule.name, {}, dump_section(*find_section("sites.*.schedules.*"), inner)});
  }
  return group;
}

Node dump_users(const Target& target) {
  Node group;
  group.kind = Node::Kind::map;
  for (auto& user : target.config->server.users) {
    const Target inner{.config = target.config, .user = &user};
    group.entries.push_back({user.name, {}, dump_section(*find_section("server.users.*"), inner)});
  }
  return group;
}

Node dump_section(const Section& section, const Target& target) {
  if (section.path == "server.users") return dump_users(target);
  if (section.path == "sites") return dump_sites(target);
  if (section.path == "sites.*.schedules") return dump_schedules(target);
  Node group;
  group.kind = Node::Kind::map;
  for (const auto& option : section.options) {
    if (auto node = option.write(target)) group.entries.push_back({option.key, {}, std::move(*node)});
  }
  for (const auto* inner : sections_in(section.path)) {
    auto node = dump_section(*inner, target);
    if (!node.entries.empty()) group.entries.push_back({std::string(last_key(inner->path)), {}, std::move(node)});
  }
  return group;
}

std::string shown_path(std::string path) {
  for (const auto* name : {"<id>", "<name>"}) {
    if (const auto star = path.find('*'); star != std::string::npos) path.replace(star, 1, name);
  }
  return path;
}

std::string in_cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

std::string code(const std::string& text) { return text.empty() ? "" : fmt::format("`{}`", text); }

void write_option(std::string& page, const Section& section, const Option& option) {
  std::string remarks = option.help;
  if (option.reloadable) remarks += " *Live.*";
  const auto initial = option.required ? "**required**" : code(default_text(section, option));
  page += fmt::format("| `{}` | {} | {} | {} | {} |\n", option.key, option.type, in_cell(option.limits),
                      in_cell(initial), in_cell(remarks));
}

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Written from the option table, src/config/options.cpp; a test compares. Do not edit by hand. -->

One YAML file, by default `config.yaml`; `config.yaml.example` shows every key in place. It is checked as a whole before anything starts: each problem is
reported with its line, column and path. Unknown and duplicate keys are problems.

- **Variables.** `${NAME}` in a value is replaced by the environment variable; one that is not set is a problem. `$${` stands for `${`.
- **Secrets.** `${NAME}`, `file:/path` (the file's contents without the last line's end) or a text in quotes. They are shown nowhere: not in messages,
  not in logs, not in dumps.
- **Durations** are a whole number and `ms`, `s`, `m`, `h` or `d`; **sizes** a whole number and `B`, `kB`, `MB`, `GB`, `TB` (powers of 1000) or `KiB`, `MiB`,
  `GiB`, `TiB` (powers of 1024). **Booleans** are `true` and `false`. Numbers have no leading zeros.
- **Paths** that are relative start at the directory of the configuration file.
- The file is read when the program starts. *Live* marks options that affect neither connections nor stored data.
)";

}  // namespace

std::string to_redacted_yaml(const Config& config) {
  auto copy = config;
  return to_yaml(dump_section(*find_section(""), {&copy}));
}

std::string reference_page() {
  std::string page(kIntroduction);
  for (const auto& section : sections()) {
    if (section.path.empty()) continue;
    page += fmt::format("\n## `{}`\n\n{}\n", shown_path(section.path), section.help);
    if (section.options.empty()) continue;
    page += "\n| key | type | range | default | meaning |\n|---|---|---|---|---|\n";
    for (const auto& option : section.options) write_option(page, section, option);
  }
  return page;
}

}  // namespace product_sync::config
