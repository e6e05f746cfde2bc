#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/document.hpp"

namespace product_sync::config {

/// One reading of a file: where its problems are collected and its `${NAME}` and `file:` are resolved. Messages quote
/// the file as it is written, never what a variable or file holds.
class Reading {
 public:
  Reading(std::filesystem::path file, Environment environment);

  void problem(Position at, std::string path, std::string message, std::string near_miss = {});

  /// `text` with each `${NAME}` replaced, and `$${` by `${`. Absent after a problem.
  [[nodiscard]] std::optional<std::string> expand(const Node& scalar, const std::string& path);
  /// What stands in the file that `name` names, without the last line's end. Absent after a problem.
  [[nodiscard]] std::optional<std::string> file_contents(const Node& scalar, const std::string& path,
                                                         std::string_view name);
  /// Relative paths start at the directory of the configuration.
  [[nodiscard]] std::filesystem::path resolve(std::string_view path) const;

  /// Notes where the key `path` stands, for problems that are found when everything is read.
  void saw(const std::string& path, Position at) { positions_.emplace(path, at); }
  /// Where it stands, or the nearest enclosing key that does.
  [[nodiscard]] Position position(std::string path) const;
  /// Whether the key is there.
  [[nodiscard]] bool has(const std::string& path) const { return positions_.contains(path); }
  /// Whether nothing was wrong at `path`, inside or around it.
  [[nodiscard]] bool sound(std::string_view path) const;

  [[nodiscard]] bool has_problems() const { return !problems_.empty(); }
  /// In the order of the file.
  [[nodiscard]] std::vector<Problem> take_problems();
  void add(std::vector<Problem> problems);

 private:
  std::filesystem::path file_;
  Environment environment_;
  std::vector<Problem> problems_;
  std::map<std::string, Position> positions_;
};

/// `message; remedy`
[[nodiscard]] std::string in_one_sentence(const Error& error);

/// One value of the file on its way into a member.
class Value {
 public:
  Value(const Node& node, std::string path, Reading& reading)
      : node_(&node), path_(std::move(path)), reading_(&reading) {}

  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Reading& reading() const { return *reading_; }

  /// The values of a sequence, or the value itself.
  [[nodiscard]] std::vector<Value> items() const;
  [[nodiscard]] Value entry(const Entry& entry) const;

  /// The scalar's text with variables replaced; absent after a problem that says what was `expected`.
  [[nodiscard]] std::optional<std::string> text(std::string_view expected) const;
  /// Whether something in it comes from the environment.
  [[nodiscard]] bool holds_variables() const;

  /// `message` here.
  void wrong(std::string message, std::string near_miss = {}) const;
  /// `expected …, found …`, and a hint if there is one.
  void unexpected(std::string_view expected, std::string_view hint = {}, std::string near_miss = {}) const;
  /// The same for secrets: what was found is described, not shown.
  void unexpected_secret(std::string_view expected) const;

 private:
  const Node* node_;
  std::string path_;
  Reading* reading_;
};

}  // namespace product_sync::config
