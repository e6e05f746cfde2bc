#include "rithum/feed_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::rithum {
namespace {

using catalog::Cell;
using catalog::CellKind;
using catalog::excerpt;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSkuHeader = "Inventory Number";
constexpr std::string_view kClassificationHeader = "Classification";
constexpr std::string_view kQuantityHeader = "Quantity";
constexpr std::string_view kQuantityTypeHeader = "Quantity Update Type";
constexpr std::string_view kNoneMoreType = "RELATIVE";
constexpr std::string_view kNoneMore = "0";

Result<void> check(const FeedOptions& options) {
  if (options.delimiter != '\t' && options.delimiter != '|') {
    return fail("feed.options",
                fmt::format("Rithum's .txt feeds have no delimiter {}.", excerpt({&options.delimiter, 1})),
                "Use a tab or |, as set in the account.");
  }
  if (options.clear_marker != "_DELETE_" && options.clear_marker != "_Delete_") {
    return fail("feed.options",
                fmt::format("{} is not a clear marker that Rithum knows.", excerpt(options.clear_marker)),
                "Use _DELETE_ or _Delete_.");
  }
  return {};
}

}  // namespace

/// One line in the making.
class FeedLine {
 public:
  explicit FeedLine(const FeedFormat& format) : format_(format), options_(format.options_) {}

  Result<void> add_headers() {
    std::vector<std::string> headers{std::string(kSkuHeader)};
    if (options_.quantity_for_new) {
      headers.emplace_back(kQuantityTypeHeader);
      headers.emplace_back(kQuantityHeader);
    }
    const auto& places = format_.places_;
    for (std::size_t i = 0; i < format_.columns_; ++i) headers.push_back(places[i].name);
    headers.emplace_back(kClassificationHeader);
    for (std::size_t i = format_.columns_; i < places.size(); ++i) {
      headers.push_back(fmt::format("Attribute{}Name", i - format_.columns_ + 1));
      headers.push_back(fmt::format("Attribute{}Value", i - format_.columns_ + 1));
    }
    for (const std::string& header : headers) {
      if (auto added = add_text(header, header); !added) return added;
    }
    return {};
  }

  Result<void> add_row(const catalog::Row& row) {
    const auto& places = format_.places_;
    if (auto added = add_text(row.sku.text(), kSkuHeader); !added) return added;
    if (auto added = add_quantity(row); !added) return added;
    for (std::size_t i = 0; i < format_.columns_; ++i) {
      const auto cell = new_quantity(row, i);
      if (auto added = add_cell(cell ? *cell : row.cells[i], places[i].name); !added) return added;
    }
    if (auto added = add_text(row.classification, kClassificationHeader); !added) return added;
    for (std::size_t i = format_.columns_; i < places.size(); ++i) {
      // Name and value are blank together: a name without a value could be read as an attribute that is empty, while a
      // blank pair says nothing. The position stays, so that all rows have the same cells (rithum.md §2.5, §4).
      const bool blank = row.cells[i].kind == CellKind::unchanged;
      if (auto added = add_text(blank ? std::string_view{} : places[i].name, places[i].name); !added) return added;
      if (auto added = add_cell(row.cells[i], places[i].name); !added) return added;
    }
    return {};
  }

  std::string take() {
    text_ += options_.line_ending == LineEnding::crlf ? "\r\n" : "\n";
    return std::move(text_);
  }

 private:
  // One cell. The catalogue has made every value fit for a feed; this is the last look before a row could break.
  Result<void> add_text(std::string_view text, std::string_view column) {
    auto fault = text.empty() ? std::nullopt : catalog::cell_fault(text);
    if (!fault && text.find(options_.delimiter) != std::string_view::npos) {
      fault = fmt::format("holds the feed's delimiter {}", excerpt({&options_.delimiter, 1}));
    }
    if (fault) {
      return fail(
          "feed.refused_value", fmt::format("The value {} of column \"{}\" {}.", excerpt(text), column, *fault),
          "Change the text in Acumatica; if it holds the delimiter, another delimiter can be set in the account.");
    }
    if (started_) text_ += options_.delimiter;
    started_ = true;
    text_ += text;
    return {};
  }

  Result<void> add_cell(const Cell& cell, std::string_view column) {
    if (cell.kind == CellKind::set) return add_text(cell.text, column);
    if (auto added = add_text({}, column); !added) return added;
    if (cell.kind == CellKind::clear) text_ += options_.clear_marker;
    return {};
  }

  Result<void> add_quantity(const catalog::Row& row) {
    if (!options_.quantity_for_new) return {};
    const bool none_more = says_none_more(row);
    if (auto added = add_text(none_more ? kNoneMoreType : "", kQuantityTypeHeader); !added) return added;
    return add_text(none_more ? kNoneMore : "", kQuantityHeader);
  }

  /// What a column that is there for withdrawals says of a row that may be new.
  std::optional<Cell> new_quantity(const catalog::Row& row, std::size_t place) const {
    const auto& where = format_.places_[place];
    if (!format_.fills_quantity_ || !where.for_withdrawals || !says_none_more(row)) return std::nullopt;
    if (row.cells[place].kind != CellKind::unchanged) return std::nullopt;
    if (where.name == kQuantityTypeHeader) return Cell{CellKind::set, std::string(kNoneMoreType)};
    if (where.name == kQuantityHeader) return Cell{CellKind::set, std::string(kNoneMore)};
    return std::nullopt;
  }

  static bool says_none_more(const catalog::Row& row) {
    return row.maybe_new && !catalog::has_no_quantity(row.kind);
  }

  const FeedFormat& format_;
  const FeedOptions& options_;
  std::string text_;
  bool started_ = false;
};

FeedFormat::FeedFormat(std::vector<Place> places, FeedOptions options)
    : places_(std::move(places)), options_(std::move(options)) {
  const auto first_attribute = std::ranges::find(places_, true, &Place::is_attribute);
  columns_ = static_cast<std::size_t>(first_attribute - places_.begin());
  const auto quantity = std::ranges::find(places_, kQuantityHeader, &Place::name);
  if (quantity == places_.end()) return;
  fills_quantity_ = options_.quantity_for_new && quantity->for_withdrawals;
  options_.quantity_for_new = false;
}

Result<FeedFormat> FeedFormat::create(const catalog::Mapping& mapping, FeedOptions options) {
  if (auto checked = check(options); !checked) return tl::unexpected(checked.error());
  std::vector<Place> places;
  for (const auto& value : mapping.values) {
    places.push_back({value.name, value.is_attribute, value.role == catalog::ValueRole::withdrawal});
  }
  if (!std::ranges::is_partitioned(places, [](const Place& place) { return !place.is_attribute; })) {
    return fail("feed.mapping", "The mapping has a column behind an attribute.", "Call Mapping::arrange() first.");
  }
  return FeedFormat(std::move(places), std::move(options));
}

Result<std::string> FeedFormat::header() const {
  FeedLine line(*this);
  if (auto added = line.add_headers(); !added) return tl::unexpected(added.error());
  auto text = line.take();
  if (options_.byte_order_mark) text.insert(0, kByteOrderMark);
  return text;
}

Result<std::string> FeedFormat::line(const catalog::Row& row) const {
  if (row.cells.size() != places_.size()) {
    return fail("feed.cells", fmt::format("The row of SKU {} has {} cells, and its mapping has {} values.",
                                          excerpt(row.sku.text()), row.cells.size(), places_.size()));
  }
  FeedLine line(*this);
  if (auto added = line.add_row(row); !added) {
    added.error().message = fmt::format("SKU {}: {}", excerpt(row.sku.text()), added.error().message);
    return tl::unexpected(added.error());
  }
  return line.take();
}

}  // namespace product_sync::rithum
