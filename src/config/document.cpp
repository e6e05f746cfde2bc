#include "config/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::config {
namespace {

/// Aliases make a short file a huge tree: these bound the tree, whatever the file's size.
constexpr std::size_t kMostNodes = 100'000;
constexpr std::size_t kMostText = 8U << 20U;
constexpr std::size_t kDeepest = 32;

/// The first fault that makes the rest of the file unreadable.
struct Stop {
  Position at;
  std::string message;
};

/// Thrown through yaml-cpp's parser, caught in parse_document.
class StopParsing : public std::exception {
 public:
  explicit StopParsing(Stop stop) : stop_(std::move(stop)) {}
  [[nodiscard]] const Stop& stop() const { return stop_; }
  [[nodiscard]] const char* what() const noexcept override { return stop_.message.c_str(); }

 private:
  Stop stop_;
};

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

int count_columns(std::string_view text) {
  return static_cast<int>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The bytes in front of the first that are not UTF-8.
std::size_t valid_prefix(std::string_view line) {
  std::vector<std::size_t> starts;  // of characters: only these prefixes may be cut
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U) starts.push_back(i);
  }
  const auto valid = [&](std::size_t start) { return catalog::valid_utf8(line.substr(0, start)); };
  const auto bad = std::ranges::partition_point(starts, valid);
  return bad == starts.begin() ? 0 : *std::prev(bad);
}

bool is_refused(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r') || c == 0x7F; }

/// What yaml-cpp would swallow: it takes byte 4 for the end of the file, and any bytes for text.
std::optional<Stop> find_bad_character(const std::vector<std::string_view>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = lines[i];
    const auto at = [&](std::size_t bytes) {
      return Position{static_cast<int>(i) + 1, count_columns(line.substr(0, bytes)) + 1};
    };
    if (!catalog::valid_utf8(line)) return Stop{at(valid_prefix(line)), "is not UTF-8 here; save the file as UTF-8"};
    if (const auto control = std::ranges::find_if(line, is_refused); control != line.end()) {
      return Stop{
          at(static_cast<std::size_t>(control - line.begin())),
          fmt::format("a control character (0x{:02x}) has no place in the file", static_cast<unsigned>(*control))};
    }
    const auto margin = line.substr(0, line.find_first_not_of(" \t\r"));
    const auto tab = margin.find('\t');
    const bool blank = margin.size() == line.size() || line[margin.size()] == '#';
    if (tab != std::string_view::npos && !blank) return Stop{at(tab), "is indented with a tab; indent with spaces"};
  }
  return std::nullopt;
}

struct Weight {
  std::size_t nodes = 0;
  std::size_t text = 0;

  Weight& operator+=(Weight other) {
    nodes += other.nodes;
    text += other.text;
    return *this;
  }
};

Weight weigh(const Node& node) {
  Weight weight{1, node.text.size()};
  for (const auto& item : node.items) weight += weigh(item);
  for (const auto& entry : node.entries) {
    weight += weigh(entry.value);
    weight += {0, entry.key.size()};
  }
  return weight;
}

/// Behind `text[0]`, the opening quote; npos when the text does not end in `text`.
std::size_t end_of_quoted(std::string_view text) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return std::string_view::npos;
}

/// What is wrong with a scalar that is spelled as `written`, which goes to the end of its line. No value here needs
/// several lines, and a text that runs on, or a key without a colon, may hold a secret: neither is let into a message.
std::optional<std::string> spelling_fault(std::string_view written, const std::string& value, bool is_key) {
  const auto skip = [&](std::size_t count) { written.remove_prefix(std::min(count, written.size())); };
  if (written.starts_with('&')) {
    skip(written.find_first_of(" \t"));
    skip(written.find_first_not_of(" \t"));
  }
  if (written.starts_with('!')) return "YAML tags such as !!str are not used here; remove the tag";
  if (written.starts_with('|') || written.starts_with('>')) {
    return "a text must stand on one line; | and > are not used here";
  }
  const bool quoted = written.starts_with('"') || written.starts_with('\'');
  const auto end = quoted ? end_of_quoted(written) : value.size();
  if (quoted && end == std::string_view::npos) return "the closing quote is missing; a text must end on its line";
  if (!quoted && !written.starts_with(value)) {
    return "this text runs on into the next line; a text must end on its line, and a key needs a colon";
  }
  skip(end);
  skip(written.find_first_not_of(" \t"));
  if (is_key && !written.starts_with(':')) return "expected a key with a colon and a blank behind it";
  return std::nullopt;
}

/// Builds the tree from yaml-cpp's events, which give the place of each key, unlike its nodes.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::vector<std::string_view> lines, const std::filesystem::path& file)
      : lines_(std::move(lines)), file_(file) {}

  std::optional<Node> take_root() { return std::move(root_); }
  std::vector<Problem> take_problems() { return std::move(problems_); }

  /// Columns of yaml-cpp count bytes.
  Position position(const YAML::Mark& mark) const {
    const auto line = line_text(mark.line);
    const auto before = line.substr(0, line.size() - rest_of_line(mark).size());
    return {mark.line + 1, count_columns(before) + 1};
  }

  /// Why YAML may have failed on that line.
  std::string hint(const YAML::Mark& mark) const {
    if (rest_of_line(mark).starts_with('*')) return " (a text that begins with * must stand in quotes)";
    const auto line = line_text(mark.line);
    const bool in_braces = line.find("${") != std::string_view::npos && line.find_first_of("[{") < line.find("${");
    return in_braces ? " (inside { } and [ ], ${NAME} must stand in quotes)" : "";
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!std::exchange(started_, true)) return;
    const bool marker = rest_of_line(mark).starts_with("---");
    throw StopParsing({position(mark), marker ? "a second YAML document starts here; the file must hold one"
                                              : "unexpected text behind the end of the configuration"});
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    begin(mark, "", anchor, Node::Kind::null);
    end();
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (auto fault = spelling_fault(rest_of_line(mark), value, expects_key())) {
      throw StopParsing({position(mark), std::move(*fault)});
    }
    begin(mark, tag, anchor, Node::Kind::scalar);
    frames_.back().node.text = value;
    frames_.back().node.quoted = tag == "!";
    end();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { end(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) throw StopParsing({position(mark), "an alias cannot be a key here"});
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw StopParsing({position(mark), "this alias stands inside the value that it names"});
    }
    const auto& [node, weight] = found->second;
    add_weight(weight, mark);
    Node copy = node;
    copy.at = position(mark);
    add(std::move(copy));
  }

 private:
  /// A value that is being built. In a map, keys and values alternate.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    std::map<std::string, int> key_lines;
    std::optional<Entry> key;  ///< read, its value not yet
    bool leave_out = false;    ///< of a duplicate or refused key: the value is dropped
  };

  std::string_view line_text(int line) const {
    if (line < 0 || static_cast<std::size_t>(line) >= lines_.size()) return {};
    return lines_[static_cast<std::size_t>(line)];
  }

  std::string_view rest_of_line(const YAML::Mark& mark) const {
    const auto line = line_text(mark.line);
    return line.substr(std::min(line.size(), static_cast<std::size_t>(std::max(mark.column, 0))));
  }

  void add_weight(Weight weight, const YAML::Mark& mark) {
    weight_ += weight;
    if (weight_.nodes > kMostNodes || weight_.text > kMostText) {
      throw StopParsing({position(mark), fmt::format("aliases repeat too much: more than {} values or {} of text",
                                                     kMostNodes, human_bytes(kMostText))});
    }
  }

  void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    if (!tag.empty() && tag != "!" && tag != "?") {
      throw StopParsing({position(mark), "YAML tags such as !!str are not used here; remove the tag"});
    }
    if (frames_.size() >= kDeepest) {
      throw StopParsing({position(mark), fmt::format("values are nested more than {} levels deep", kDeepest)});
    }
    add_weight({1, 0}, mark);
    Frame frame;
    frame.node.kind = kind;
    frame.node.at = position(mark);
    frame.anchor = anchor;
    frames_.push_back(std::move(frame));
  }

  void end() {
    auto frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.anchor != 0) anchors_[frame.anchor] = {frame.node, weigh(frame.node)};
    add(std::move(frame.node));
  }

  bool expects_key() const {
    return !frames_.empty() && frames_.back().node.kind == Node::Kind::map && !frames_.back().key;
  }

  void add(Node node) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& parent = frames_.back();
    if (parent.node.kind == Node::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      begin_entry(parent, std::move(node));
    } else {
      parent.key->value = std::move(node);
      if (!parent.leave_out) parent.node.entries.push_back(std::move(*parent.key));
      parent.key.reset();
    }
  }

  void begin_entry(Frame& parent, Node key) {
    parent.key = Entry{key.text, key.at, {}};
    parent.leave_out = false;
    if (key.kind != Node::Kind::scalar) {
      refuse(parent, "a key must be a text; put it in quotes if it is meant as one");
    } else if (key.text == "<<" && !key.quoted) {
      refuse(parent, "YAML merge keys are not applied; repeat the keys, or use an alias for a whole value");
    } else if (const auto [first, is_new] = parent.key_lines.emplace(key.text, key.at.line); !is_new) {
      refuse(parent, fmt::format("duplicate key; it stands on line {} already", first->second));
    }
  }

  void refuse(Frame& parent, std::string message) {
    parent.leave_out = true;
    problems_.push_back({file_, parent.key->at.line, parent.key->at.column, current_path(), std::move(message), {}});
  }

  std::string current_path() const {
    std::string path;
    for (const auto& frame : frames_) {
      if (frame.key && !frame.key->key.empty()) path = join_path(path, frame.key->key);
      if (frame.node.kind == Node::Kind::sequence) path += fmt::format("[{}]", frame.node.items.size());
    }
    return path;
  }

  std::vector<std::string_view> lines_;
  const std::filesystem::path& file_;
  bool started_ = false;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, std::pair<Node, Weight>> anchors_;
  Weight weight_;
  std::optional<Node> root_;
  std::vector<Problem> problems_;
};

/// Problems that leave nothing to walk.
Document stopped(const std::filesystem::path& file, Stop stop) {
  return {std::nullopt, {{file, stop.at.line, stop.at.column, {}, std::move(stop.message), {}}}};
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &found->value;
}

Node Node::scalar(std::string text) {
  Node node;
  node.kind = Kind::scalar;
  node.text = std::move(text);
  return node;
}

Node Node::quoted_text(std::string text) {
  auto node = scalar(std::move(text));
  node.quoted = true;
  return node;
}

Document parse_document(std::string_view text, const std::filesystem::path& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kLongestFile) {
    return stopped(file, {{}, fmt::format("is larger than {}; that is no configuration", human_bytes(kLongestFile))});
  }
  auto lines = split_lines(text);
  if (auto bad = find_bad_character(lines)) return stopped(file, std::move(*bad));

  TreeBuilder builder(std::move(lines), file);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const StopParsing& stop) {
    return stopped(file, stop.stop());
  } catch (const YAML::Exception& fault) {
    // Behind a colon yaml-cpp may quote the file (0.8: the name of an anchor), which may be a secret.
    const auto reason = std::string_view(fault.msg).substr(0, fault.msg.find(": "));
    return stopped(file, {builder.position(fault.mark),
                          fmt::format("is not valid YAML: {}{}", reason, builder.hint(fault.mark))});
  } catch (const std::exception& fault) {
    return stopped(file, {{}, fmt::format("cannot be read as YAML: {}", fault.what())});
  }
  Document document{builder.take_root(), builder.take_problems()};
  if (!document.root) document.root.emplace();
  return document;
}

std::string join_path(std::string_view parent, std::string_view key) {
  return parent.empty() ? std::string(key) : fmt::format("{}.{}", parent, key);
}

namespace {

/// Keys of the program's own and the like stand without quotes.
std::string key_text(const std::string& key) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  const bool safe = !key.empty() && key.front() >= 'a' && key.front() <= 'z' && std::ranges::all_of(key, plain);
  return safe && key != "null" ? key : json_quote(key);
}

void write_block(std::string& out, const Node& node, std::size_t indent) {
  const std::string margin(indent, ' ');
  for (const auto& entry : node.entries) {
    out += margin + key_text(entry.key) + ":";
    const bool block = !entry.value.entries.empty();
    if (block) {
      out += "\n";
      write_block(out, entry.value, indent + 2);
    } else {
      out += " " + to_inline_yaml(entry.value) + "\n";
    }
  }
}

}  // namespace

std::string to_yaml(const Node& node) {
  std::string out;
  write_block(out, node, 0);
  return out;
}

std::string to_inline_yaml(const Node& node) {
  std::string inner;
  const auto add = [&](const std::string& part) { inner += (inner.empty() ? "" : ", ") + part; };
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return node.quoted ? json_quote(node.text) : node.text;
    case Node::Kind::map:
      for (const auto& entry : node.entries) add(key_text(entry.key) + ": " + to_inline_yaml(entry.value));
      return "{" + inner + "}";
    case Node::Kind::sequence:
      break;
  }
  for (const auto& item : node.items) add(to_inline_yaml(item));
  return "[" + inner + "]";
}

}  // namespace product_sync::config
