#include "catalog/list_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.hpp"
#include "catalog/decimal.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

// rithum.md §2.5
constexpr std::size_t kMostPictures = 20;
constexpr std::size_t kLongestUrl = 255;
constexpr std::size_t kLongestFileName = 100;
constexpr std::size_t kLongestPlacement = 50;

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

bool is_address(std::string_view text) {
  return same_without_case(text.substr(0, kHttps.size()), kHttps) ||
         same_without_case(text.substr(0, kHttp.size()), kHttp);
}

// An address, or `PLACEMENT=` and one.
bool has_address(std::string_view entry) {
  const auto equals = entry.find('=');
  return is_address(trim(entry)) || (equals != std::string_view::npos && is_address(trim(entry.substr(equals + 1))));
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.push_back(trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

/// Makes a list entry by entry.
class ListMaker {
 public:
  ListMaker(const Column& column, const PictureForm& pictures, const Judgement& judgement)
      : column_(column), pictures_(pictures), judgement_(judgement) {}

  Result<Value> make(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
      const std::string line = valid_utf8(entry) ? one_line(nfc(entry)) : entry;
      if (line.empty()) continue;
      if (auto added = settle(check_text(line).and_then([&] { return add_all(line); })); !added) {
        return tl::unexpected(std::move(added.error()));
      }
    }
    if (auto fits = settle(limit()); !fits) return tl::unexpected(std::move(fits.error()));
    std::string text = written();
    // An entry that is harmless in its place may be the beginning now.
    const auto fault = check_text(text);
    if (auto fine = settle(fault); !fine) return tl::unexpected(std::move(fine.error()));
    Value value{fault ? std::move(text) : std::string{}, false, std::move(notes_)};
    value.dropped = value.text.empty() && !value.notes.empty();
    return value;
  }

 private:
  /// A violation that the policy leaves out is a note; one that parks stays. An entry cut short would be another one.
  Result<void> settle(Result<void> done) {
    const Policy policy = done ? Policy::park : judgement_.policy(done.error().code);
    if (policy != Policy::drop && policy != Policy::shorten) return done;
    notes_.push_back(std::move(done.error()));
    return {};
  }

  Result<void> add_all(std::string_view line) {
    for (const std::string_view part :
         column_.type == ColumnType::pictures ? split_pictures(line) : split_at_commas(line)) {
      Result<void> added;
      if (column_.type == ColumnType::labels) added = add_label(part);
      if (column_.type == ColumnType::pictures) added = add_picture(part);
      if (column_.type == ColumnType::quantities) added = add_quantity(part);
      if (added = settle(std::move(added)); !added) return added;
    }
    return {};
  }

  // A comma may be part of an address: it separates where another entry begins behind it.
  static std::vector<std::string_view> split_pictures(std::string_view line) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    for (auto comma = line.find(','); comma != std::string_view::npos; comma = line.find(',', comma + 1)) {
      const std::string_view rest = line.substr(comma + 1);
      const bool inside_address = has_address(line.substr(start, comma - start)) && !rest.starts_with(' ') &&
                                  !has_address(rest.substr(0, rest.find(',')));
      if (inside_address) continue;
      parts.push_back(trim(line.substr(start, comma - start)));
      start = comma + 1;
    }
    parts.push_back(trim(line.substr(start)));
    return parts;
  }

  Result<void> add_label(std::string_view label) {
    if (label.empty()) return {};
    if (label.starts_with('-')) {
      return fail("value.not_a_label",
                  fmt::format("The label {} begins with a minus, by which Rithum takes a label away.", excerpt(label)),
                  "Use another label; those that an item loses are taken away by themselves.");
    }
    entries_.emplace(to_lower_ascii(label), label);
    return {};
  }

  Result<void> add_quantity(std::string_view pair) {
    const auto equals = pair.find('=');
    const std::string_view code = trim(pair.substr(0, equals));
    const auto quantity =
        Decimal::parse(equals == std::string_view::npos ? std::string_view{} : trim(pair.substr(equals + 1)));
    if (code.empty() || !quantity || !quantity->is_integer() || quantity->is_negative()) {
      return fail("value.not_a_quantity", fmt::format("{} is no quantity of a distribution center.", excerpt(pair)),
                  "Map it to CODE=quantity with a whole number, such as MAIN=12.");
    }
    if (auto known = check_reference(code); !known) return known;
    const auto [entry, is_new] = entries_.emplace(to_lower_ascii(code), fmt::format("{}={}", code, quantity->text()));
    if (is_new) return {};
    return fail("value.not_a_quantity", fmt::format("Distribution center {} has two quantities.", excerpt(code)),
                "Map each code once.");
  }

  Result<void> check_reference(std::string_view code) {
    const Names* names = judgement_.names(column_.reference);
    if (names == nullptr || names->contains(code)) return {};
    Error error = fail("value.unknown_reference",
                       fmt::format("{} is not among the distribution centers configured.", excerpt(code)),
                       "Add it under mapping.references, or map another code.")
                      .value();
    if (judgement_.policy(error.code) != Policy::send) return tl::unexpected(std::move(error));
    notes_.push_back(std::move(error));
    return {};
  }

  Result<void> add_picture(std::string_view picture) {
    if (picture.empty()) return {};
    std::string_view placement;
    const auto equals = picture.find('=');
    if (!is_address(picture) && equals != std::string_view::npos) {
      placement = trim(picture.substr(0, equals));
      picture = trim(picture.substr(equals + 1));
    }
    auto place = is_address(picture) ? make_address(picture) : make_file_name(picture);
    if (!place) return tl::unexpected(std::move(place.error()));
    if (!addresses_.insert(*place).second) return {};
    if (placement.empty() && pictures_.placement.empty()) {
      ordered_.push_back(std::move(*place));
      return {};
    }
    const std::string name = placement.empty() ? next_placement() : std::string(placement);
    if (utf16_length(name) > kLongestPlacement || !placements_.insert(to_lower_ascii(name)).second) {
      return fail("value.not_a_picture",
                  fmt::format("The placement {} is too long or taken by another picture.", excerpt(name)),
                  fmt::format("Use another, of at most {} characters.", kLongestPlacement));
    }
    ordered_.push_back(fmt::format("{}={}", name, *place));
    return {};
  }

  // `ITEMIMAGEURL3`, the first that is free.
  [[nodiscard]] std::string next_placement() const {
    for (std::size_t number = 1;; ++number) {
      std::string name = fmt::format("{}{}", pictures_.placement, number);
      if (!placements_.contains(to_lower_ascii(name))) return name;
    }
  }

  Result<std::string> make_address(std::string_view url) {
    std::string encoded;
    for (const char c : url) {
      // Commas separate entries, equals signs a placement from its address (rithum.md §2.5).
      if (c == ',' || c == '=' || c == ' ') {
        encoded += c == ',' ? "%2C" : c == '=' ? "%3D" : "%20";
      } else {
        encoded += c;
      }
    }
    if (encoded.size() > kLongestUrl) {
      return fail("value.too_long",
                  fmt::format("The address {} has {} characters; Rithum takes at most {}.", excerpt(url),
                              encoded.size(), kLongestUrl),
                  "Host the picture under a shorter address.");
    }
    if (same_without_case(url.substr(0, kHttps.size()), kHttps)) return encoded;
    Error error = fail("value.not_https", fmt::format("The address {} does not begin with https://.", excerpt(url)),
                       "Host the picture behind TLS, or set the policy not_https.")
                      .value();
    if (judgement_.policy(error.code) != Policy::send) return tl::unexpected(std::move(error));
    notes_.push_back(std::move(error));
    return encoded;
  }

  static Result<std::string> make_file_name(std::string_view name) {
    if (name.find_first_of("/\\:=") != std::string_view::npos || name.find('.') == std::string_view::npos) {
      return fail("value.not_a_picture",
                  fmt::format("{} is neither an http(s) address nor the name of a file.", excerpt(name)),
                  "Map the address of a picture that Rithum can fetch, or the name of a file uploaded before.");
    }
    if (utf16_length(name) <= kLongestFileName) return std::string(name);
    return fail("value.too_long",
                fmt::format("The file name {} has more than {} characters.", excerpt(name), kLongestFileName),
                "Shorten the file's name.");
  }

  Result<void> limit() {
    if (ordered_.size() <= kMostPictures) return {};
    auto error = fail("value.too_many",
                      fmt::format("There are {} pictures; at most {} are sent.", ordered_.size(), kMostPictures),
                      "Remove some in Acumatica, or set the policy too_many to shorten.");
    const Policy policy = judgement_.policy("value.too_many");
    if (policy == Policy::park) return error;
    ordered_.resize(policy == Policy::shorten ? kMostPictures : 0);
    notes_.push_back(std::move(error.value()));
    return {};
  }

  [[nodiscard]] std::string written() const {
    if (column_.type == ColumnType::pictures) return fmt::format("{}", fmt::join(ordered_, ","));
    std::string text;
    for (const auto& [key, entry] : entries_) text += (text.empty() ? "" : ",") + entry;
    return text;
  }

  const Column& column_;
  const PictureForm& pictures_;
  const Judgement& judgement_;
  std::map<std::string, std::string> entries_;  // labels and quantities, by what makes them the same
  std::vector<std::string> ordered_;            // pictures
  std::set<std::string> addresses_;
  std::set<std::string> placements_;
  std::vector<Error> notes_;
};

// `ITEMIMAGEURL1` of `ITEMIMAGEURL1=https://…`; empty for an address alone.
std::string_view placement_of(std::string_view picture) {
  const auto equals = picture.find('=');
  return equals == std::string_view::npos ? std::string_view{} : picture.substr(0, equals);
}

}  // namespace

Result<Value> make_list(const Column& column, const std::vector<std::string>& entries, const PictureForm& pictures,
                        const Judgement& judgement) {
  return ListMaker(column, pictures, judgement).make(entries);
}

std::string list_change(const Column& column, const PictureForm& pictures, std::string_view before,
                        std::string_view after) {
  std::string cell(after);
  if (before.empty()) return cell;
  const bool labels = column.type == ColumnType::labels;
  const bool emptied = column.type == ColumnType::pictures && pictures.removed == PictureForm::Removed::empty;
  if (!labels && !emptied) return cell;
  const auto name_of = [&](std::string_view entry) { return labels ? entry : placement_of(entry); };
  const auto kept = split_at_commas(after);
  for (const std::string_view entry : split_at_commas(before)) {
    const std::string_view name = name_of(entry);
    const auto same = [&](std::string_view other) { return same_without_case(name_of(other), name); };
    if (name.empty() || std::ranges::any_of(kept, same)) continue;
    cell += fmt::format("{}{}", cell.empty() ? "" : ",", labels ? fmt::format("-{}", name) : fmt::format("{}=", name));
  }
  return cell;
}

}  // namespace product_sync::catalog
