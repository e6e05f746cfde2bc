#include "acumatica/notification.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <deque>
#include <new>
#include <optional>
#include <unordered_set>
#include <utility>

#include "acumatica/json_fault.hpp"
#include "base/bytes.hpp"
#include "base/digest.hpp"

namespace product_sync::acumatica {
namespace {

namespace dom = simdjson::dom;
using Step = tl::expected<void, Malformed>;

/// A notification has three levels; AdditionalInfo is free to have more.
constexpr std::size_t kDeepest = 64;
/// Longest name or key, in bytes. Ours, far above any real one: they become index entries and addresses.
constexpr std::size_t kLongestText = 1000;
/// Largest body whose parser is kept for the next one; a parser holds some fifteen times the body.
constexpr std::size_t kEverydayBody = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Malformed because(std::string_view code, std::string reason, std::size_t offset = 0) {
  return {fmt::format("notification.{}", code), std::move(reason), offset};
}

tl::unexpected<Malformed> malformed(std::string_view code, std::string reason, std::size_t offset = 0) {
  return tl::unexpected(because(code, std::move(reason), offset));
}

/// How numbers stand in the document that is read.
enum class Numbers { as_numbers, as_texts };

std::string_view type_name(dom::element value, Numbers numbers) {
  switch (value.type()) {
    case dom::element_type::ARRAY:
      return "an array";
    case dom::element_type::OBJECT:
      return "an object";
    case dom::element_type::STRING:
      return numbers == Numbers::as_texts ? "a text or a number" : "a text";
    case dom::element_type::BOOL:
      return "a boolean";
    case dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Walks one parsed message, each field once and in order. Views into the parsed document are kept until take().
class MessageReader {
 public:
  MessageReader(const NotificationRules& rules, Numbers numbers) : rules_(rules), numbers_(numbers) {}

  Step read(dom::element root) {
    dom::object message;
    if (root.get(message) != simdjson::SUCCESS) {
      return malformed("not_an_object",
                       fmt::format("The body is {}; a notification is an object.", type_name(root, numbers_)));
    }
    if (auto step = read_members(message); !step) return step;
    if (seen_.none() && message.at_key("body").get(message) == simdjson::SUCCESS) {
      if (auto step = read_members(message); !step) return step;
    }
    if (seen_.none()) {
      return malformed("not_a_notification",
                       "The object has none of Inserted, Deleted, Query, CompanyId, Id, TimeStamp and AdditionalInfo.");
    }
    return {};
  }

  /// A name or key was a fraction or had an exponent: the document holds its value, but its text is lost.
  [[nodiscard]] bool lost_a_text() const { return lost_a_text_; }

  [[nodiscard]] Notification take() {
    if (!told_rows_) found_.keys_complete = false;
    return std::move(found_);
  }

 private:
  static constexpr std::size_t kMemberCount = 7;

  struct Member {
    std::string_view name;
    Step (MessageReader::*read)(std::string_view name, dom::element value);
  };
  static const std::array<Member, kMemberCount> kMembers;

  Step read_members(dom::object message) {
    for (const auto field : message) {
      const auto* const member = std::find_if(kMembers.begin(), kMembers.end(),
                                              [&](const Member& candidate) { return candidate.name == field.key; });
      if (member == kMembers.end()) continue;
      const auto place = static_cast<std::size_t>(member - kMembers.begin());
      if (seen_.test(place)) return malformed("duplicate_member", fmt::format("{} is given twice.", member->name));
      seen_.set(place);
      if (auto step = (this->*member->read)(member->name, field.value); !step) return step;
    }
    return {};
  }

  Step read_inserted(std::string_view name, dom::element value) { return read_rows(name, value, found_.inserted); }
  Step read_deleted(std::string_view name, dom::element value) { return read_rows(name, value, found_.deleted); }
  Step read_query(std::string_view name, dom::element value) { return read_name(name, value, found_.query); }
  Step read_tenant(std::string_view name, dom::element value) { return read_name(name, value, found_.tenant); }

  Step read_id(std::string_view name, dom::element value) {
    std::string id;
    if (auto step = read_name(name, value, id); !step) return step;
    found_.id = to_lower_ascii(trim(id));
    return {};
  }

  Step read_time_stamp(std::string_view name, dom::element value) {
    if (value.is_null()) return {};
    const auto text = text_of(value);
    if (!text) return wrong_type(name, value, "a whole number");
    if (lost_a_text_) return {};
    const auto digits = trim(*text);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), found_.ticks);
    if (error == std::errc{} && end == digits.data() + digits.size()) return {};
    return malformed("wrong_type", fmt::format("{} is no whole number of 64 bits.", name));
  }

  Step ignore(std::string_view, dom::element) { return {}; }

  Step read_rows(std::string_view name, dom::element value, std::size_t& count) {
    told_rows_ = true;
    if (value.is_null()) return {};
    dom::array rows;
    if (value.get(rows) != simdjson::SUCCESS) return wrong_type(name, value, "an array of rows");
    for (const auto row : rows) {
      dom::object columns;
      if (row.get(columns) != simdjson::SUCCESS) {
        return wrong_type(fmt::format("{}[{}]", name, count), row, "an object");
      }
      ++count;
      if (!read_keys(columns)) found_.keys_complete = false;
    }
    return {};
  }

  /// Whether the row named its item, in a form that can be a key.
  bool read_keys(dom::object columns) {
    bool named = false;
    bool all_readable = true;
    for (const auto column : columns) {
      const auto& names = rules_.key_columns;
      if (std::find(names.begin(), names.end(), column.key) == names.end() || column.value.is_null()) continue;
      const auto text = text_of(column.value);
      const auto key = trim_right(text.value_or(""));
      if (!text || key.size() > kLongestText || has_control_character(key)) {
        all_readable = false;
      } else if (!key.empty()) {
        named = true;
        add_key(key);
      }
    }
    return named && all_readable;
  }

  void add_key(std::string_view key) {
    if (known_keys_.contains(key)) return;
    if (found_.keys.size() >= rules_.most_keys) {
      found_.keys_complete = false;
      return;
    }
    known_keys_.insert(key);
    found_.keys.emplace_back(key);
  }

  /// CompanyId, Query or Id; null is as good as absent.
  Step read_name(std::string_view name, dom::element value, std::string& into) {
    if (value.is_null()) return {};
    const auto text = text_of(value);
    if (!text) return wrong_type(name, value, "a text");
    if (has_control_character(*text)) return malformed("bad_text", fmt::format("{} has a control character.", name));
    if (text->size() > kLongestText) {
      return malformed("bad_text", fmt::format("{} is longer than {} bytes.", name, kLongestText));
    }
    into = *text;
    return {};
  }

  /// The text of a text or number, valid as long as the document and this reader; nothing for other types.
  std::optional<std::string_view> text_of(dom::element value) {
    if (std::string_view text; value.get(text) == simdjson::SUCCESS) return text;
    if (std::int64_t number = 0; value.get(number) == simdjson::SUCCESS) return keep(fmt::to_string(number));
    if (std::uint64_t number = 0; value.get(number) == simdjson::SUCCESS) return keep(fmt::to_string(number));
    if (!value.is_double()) return std::nullopt;
    lost_a_text_ = true;
    return "";
  }

  std::string_view keep(std::string text) { return number_texts_.emplace_back(std::move(text)); }

  [[nodiscard]] Step wrong_type(std::string_view name, dom::element value, std::string_view wanted) const {
    return malformed("wrong_type", fmt::format("{} is {}; expected {}.", name, type_name(value, numbers_), wanted));
  }

  const NotificationRules& rules_;
  Numbers numbers_;
  Notification found_;
  std::bitset<kMemberCount> seen_;
  bool told_rows_ = false;  // Inserted or Deleted was there
  std::unordered_set<std::string_view> known_keys_;
  std::deque<std::string> number_texts_;  // a deque: views into it must stay valid
  bool lost_a_text_ = false;
};

const std::array<MessageReader::Member, MessageReader::kMemberCount> MessageReader::kMembers{{
    {"Inserted", &MessageReader::read_inserted},
    {"Deleted", &MessageReader::read_deleted},
    {"Query", &MessageReader::read_query},
    {"CompanyId", &MessageReader::read_tenant},
    {"Id", &MessageReader::read_id},
    {"TimeStamp", &MessageReader::read_time_stamp},
    {"AdditionalInfo", &MessageReader::ignore},
}};

/// Valid JSON with every number made a text, so that none is too large and none loses its spelling.
std::string with_numbers_as_texts(std::string_view json) {
  std::string quoted;
  quoted.reserve(json.size() + json.size() / 4);
  for (std::size_t at = 0; at < json.size();) {
    const char first = json[at];
    auto end = at + 1;
    if (first == '"') {
      while (json[end] != '"') end += json[end] == '\\' ? 2 : 1;
      ++end;
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      end = std::min(json.find_first_not_of("0123456789+-.eE", at), json.size());
      quoted += '"';
      quoted.append(json.substr(at, end - at));
      quoted += '"';
      at = end;
      continue;
    }
    quoted.append(json.substr(at, end - at));
    at = end;
  }
  return quoted;
}

/// Why simdjson refused `json`. Nothing when it is valid JSON all the same: a number needs more than 64 bits.
std::optional<Malformed> explain(simdjson::error_code error, std::string_view json) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error == simdjson::EMPTY) return because("empty", "The body is empty.");
  if (error == simdjson::DEPTH_ERROR) {
    return because("too_deep", fmt::format("The body is nested more than {} levels deep.", kDeepest));
  }
  const auto fault = find_json_fault(json);
  if (!fault) return std::nullopt;
  return because("syntax", fmt::format("The body is not JSON: {}.", fault->reason), fault->offset);
}

dom::parser parser_of_bounded_depth() {
  constexpr std::size_t kSmallestParser = 4096;  // it grows with the body and keeps the depth
  dom::parser parser;
  if (parser.allocate(kSmallestParser, kDeepest) != simdjson::SUCCESS) throw std::bad_alloc();
  return parser;
}

tl::expected<Notification, Malformed> parse_with(dom::parser& parser, std::string_view json,
                                                 const NotificationRules& rules) {
  dom::element root;
  const auto error = parser.parse(json.data(), json.size()).get(root);
  if (error == simdjson::SUCCESS) {
    MessageReader reader(rules, Numbers::as_numbers);
    if (auto step = reader.read(root); !step) return tl::unexpected(std::move(step.error()));
    if (!reader.lost_a_text()) return reader.take();
  } else if (auto refusal = explain(error, json)) {
    return tl::unexpected(std::move(*refusal));
  }

  // Rare: a number that the document cannot hold, or holds without its text.
  const auto texts = with_numbers_as_texts(json);
  if (const auto still = parser.parse(texts).get(root); still != simdjson::SUCCESS) {
    return malformed("syntax", fmt::format("The body is not JSON: {}.", simdjson::error_message(still)));
  }
  MessageReader reader(rules, Numbers::as_texts);
  if (auto step = reader.read(root); !step) return tl::unexpected(std::move(step.error()));
  return reader.take();
}

}  // namespace

tl::expected<Notification, Malformed> parse_notification(std::string_view body, const NotificationRules& rules) {
  auto json = body;
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());
  const auto skipped = body.size() - json.size();
  if (json.empty()) return malformed("empty", "The body is empty.");
  if (json.starts_with(kByteOrderMark)) {  // both parsers would pass over it, or not, depending on their version
    return malformed("syntax", "The body has two byte order marks.", skipped + 1);
  }

  auto parsed = [&] {
    if (json.size() > kEverydayBody) {
      auto once = parser_of_bounded_depth();
      return parse_with(once, json, rules);
    }
    thread_local dom::parser kept = parser_of_bounded_depth();
    return parse_with(kept, json, rules);
  }();
  if (!parsed && parsed.error().offset > 0) parsed.error().offset += skipped;
  if (parsed && parsed->id.empty()) parsed->id = "sha256:" + to_hex(sha256(body));
  return parsed;
}

}  // namespace product_sync::acumatica
