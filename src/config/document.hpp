#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace product_sync::config {

/// A place in the file, from 1; columns count characters.
struct Position {
  int line = 0;
  int column = 0;
};

struct Entry;

/// A YAML value as it was written. Nothing is converted: `010`, `no` and `1e3` are texts. Aliases are copied out.
struct Node {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  Position at;
  std::string text;         ///< of a scalar
  bool quoted = false;      ///< the scalar is in quotes or a block, hence meant as text
  std::vector<Node> items;  ///< of a sequence
  std::vector<Entry> entries;

  /// The entry's value; null when there is none.
  [[nodiscard]] const Node* find(std::string_view key) const;

  static Node scalar(std::string text);
  static Node quoted_text(std::string text);
};

/// One key of a map, in the order of the file; the keys of a map differ from each other.
struct Entry {
  std::string key;
  Position at;
  Node value;
};

struct Document {
  std::optional<Node> root;  ///< absent when the file is no YAML at all
  std::vector<Problem> problems;
};

/// Reads one YAML document of at most 1 MiB of UTF-8. Refused with their place, because yaml-cpp accepts or bends them
/// silently: invalid UTF-8 and control characters, tabs as indentation, a second document, duplicate keys (left out of
/// the tree, so the walk goes on), merge keys, tags, keys that are no text, and aliases that blow up.
[[nodiscard]] Document parse_document(std::string_view text, const std::filesystem::path& file);

/// The tree as YAML text, two spaces a level; quoted scalars in double quotes.
[[nodiscard]] std::string to_yaml(const Node& node);

/// The tree in one line of YAML.
[[nodiscard]] std::string to_inline_yaml(const Node& node);

/// `sites.eu` and `feed` -> `sites.eu.feed`.
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view key);

inline constexpr std::size_t kLongestFile = 1U << 20U;  ///< bytes

}  // namespace product_sync::config
