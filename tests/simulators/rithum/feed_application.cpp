#include "feed_application.hpp"

#include <algorithm>
#include <set>

#include "columns.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

constexpr std::string_view kParentWord = "Parent";  // rithum.md §0.6
constexpr std::size_t kMaxComponents = 10;          // rithum.md §3.2

bool is_blank(std::string_view value) { return value.find_first_not_of(' ') == std::string_view::npos; }

bool is_relative(std::string_view quantity_type) {
  constexpr std::string_view kRelative = "RELATIVE";
  return std::ranges::equal(quantity_type, kRelative,
                            [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

Rejection reject(std::string_view reason, std::string_view column, std::string detail) {
  return {std::string(reason), std::string(column), std::move(detail)};
}

bool is_parent(const Product& product) { return value_of(product, kParentColumn) == kParentWord; }
bool is_bundle(const Product& product) { return !value_of(product, kComponentsColumn).empty(); }

}  // namespace

FeedApplication::FeedApplication(Catalogue& catalogue, const Account& account, Mode mode,
                                 const std::vector<std::string>& headers, std::uint32_t file_number)
    : catalogue_(catalogue), account_(account), mode_(mode), file_number_(file_number) {
  for (const std::string& header : headers) {
    auto column = column_index(header);
    if (column) column = field_index(*column);
    const std::string_view field = column ? columns()[*column].header : std::string_view{};
    has_quantity_column_ = has_quantity_column_ || field == kQuantityColumn || field == kDcQuantityColumn;
    bindings_.push_back({column, attribute_header(header).value_or(AttributeHeader{})});
  }
}

RowResult FeedApplication::apply(const FeedRow& row, std::int64_t now) {
  const std::uint32_t part = account_.partition_rows == 0 ? 0 : rows_++ / account_.partition_rows;
  partition_ = {file_number_, part};
  if (!row.violations.empty()) {
    const Violation& first = row.violations.front();
    return {Outcome::rejected, {std::string(to_string(first.rule)), first.header, first.detail}, false};
  }
  read_cells(row);
  if (auto fault = check_sku()) return {Outcome::rejected, *std::move(fault), false};

  RowResult result;
  const auto sku = cell(kSkuColumn);
  Product* existing = catalogue_.find(sku);
  if (existing != nullptr) {
    result.repeated = existing->last_file == file_number_;
    existing->last_file = file_number_;
  }
  // Skipped rows are by design, whatever they hold (rithum.md §1.5).
  if ((mode_ == Mode::add_only && existing != nullptr) || (mode_ == Mode::update_only && existing == nullptr)) {
    result.outcome = Outcome::skipped;
    return result;
  }
  auto fault = check_values();
  if (!fault) fault = check_attributes();
  if (!fault) fault = check_sku_type(existing);
  if (!fault) fault = check_quantity(existing);
  if (!fault) fault = check_parent(existing);
  if (!fault) fault = check_components(existing);
  if (fault) {
    result.rejection = *std::move(fault);
    return result;
  }
  Product& product = existing != nullptr ? *existing : catalogue_.create(sku, now);
  if (existing == nullptr) product.created_in = partition_;
  write(product, existing == nullptr);
  product.last_file = file_number_;
  product.updated_at = now;
  ++product.rows_applied;
  result.outcome = existing != nullptr ? Outcome::updated : Outcome::created;
  return result;
}

// Blank cells mean "leave as is" and take no further part (rithum.md §0.1).
void FeedApplication::read_cells(const FeedRow& row) {
  values_.assign(columns().size(), {});
  attributes_.clear();
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (is_blank(row.cells[i])) continue;
    const Binding& binding = bindings_[i];
    if (binding.column) {
      values_[*binding.column] = row.cells[i];
    } else if (binding.attribute.number != 0) {
      Attribute& attribute = attributes_[binding.attribute.number];
      (binding.attribute.is_name ? attribute.name : attribute.value) = row.cells[i];
    }
  }
}

std::string_view FeedApplication::cell(std::string_view header) const { return values_[*column_index(header)]; }

// The value after this row, were it applied.
std::string_view FeedApplication::effective(const Product* existing, std::string_view header) const {
  const auto value = cell(header);
  if (is_clear_marker(value)) return {};
  return value.empty() && existing != nullptr ? value_of(*existing, header) : value;
}

FeedApplication::Check FeedApplication::check_sku() const {
  const auto sku = cell(kSkuColumn);
  if (sku.empty()) return reject("sku_missing", kSkuColumn, "every row needs an Inventory Number");
  if (sku.front() == ' ' || sku.back() == ' ') {
    return reject("sku_padded", kSkuColumn, "'" + std::string(sku) + "' has blanks at an end");
  }
  return check_value(columns()[*column_index(kSkuColumn)], sku, account_);
}

FeedApplication::Check FeedApplication::check_values() const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].empty()) continue;
    if (auto fault = check_value(columns()[i], values_[i], account_)) return fault;
  }
  return std::nullopt;
}

FeedApplication::Check FeedApplication::check_attributes() const {
  std::set<std::string_view> names;
  for (const auto& [number, attribute] : attributes_) {
    const std::string header = "Attribute" + std::to_string(number) + "Name";
    if (attribute.name.empty()) return reject("attribute_without_name", header, "a value without a name");
    if (!names.insert(attribute.name).second) {
      return reject("attribute_repeated", header, "'" + std::string(attribute.name) + "' comes twice in the row");
    }
  }
  return std::nullopt;
}

FeedApplication::Check FeedApplication::check_quantity(const Product* existing) const {
  if (existing == nullptr && !has_quantity_column_) {
    return reject("new_item_without_quantity_column", kQuantityColumn,
                  "a new item needs the columns Inventory Number and Quantity in the file");
  }
  const auto quantity = cell(kQuantityColumn);
  if (quantity.starts_with('-') && !is_relative(cell(kQuantityTypeColumn))) {
    return reject("negative_quantity", kQuantityColumn, "only RELATIVE takes negative numbers");
  }
  const bool sends_quantity = !quantity.empty() || !cell(kDcQuantityColumn).empty();
  if (sends_quantity && effective(existing, kParentColumn) == kParentWord) {
    return reject("quantity_on_parent", kQuantityColumn, "a variation parent has no quantity");
  }
  return std::nullopt;
}

/// A product as this part of the file sees it: what other parts of the same file create is not there yet.
const Product* FeedApplication::find_visible(std::string_view sku) const {
  const Product* product = catalogue_.find(sku);
  const bool elsewhere =
      product != nullptr && product->created_in.file == file_number_ && product->created_in != partition_;
  return elsewhere ? nullptr : product;
}

/// The newer headers say what a product is; it must be that (rithum.md §2.3).
FeedApplication::Check FeedApplication::check_sku_type(const Product* existing) const {
  const auto type = cell(kSkuTypeColumn);
  if (type.empty()) return std::nullopt;
  const auto parent = effective(existing, kParentColumn);
  const bool bundle = !effective(existing, kComponentsColumn).empty();
  const bool fits = type == "parent"   ? parent == kParentWord
                    : type == "child"  ? !parent.empty() && parent != kParentWord
                    : type == "bundle" ? bundle
                                       : parent.empty() && !bundle;
  if (fits) return std::nullopt;
  return reject("sku_type_differs", kSkuTypeColumn, "the row does not describe a product of type " + std::string(type));
}

FeedApplication::Check FeedApplication::check_parent(const Product* existing) const {
  const auto parent_sku = effective(existing, kParentColumn);
  if (parent_sku.empty() || parent_sku == kParentWord) return std::nullopt;
  const Product* parent = find_visible(parent_sku);
  if (parent == nullptr) {
    return reject("parent_missing", kParentColumn,
                  "'" + std::string(parent_sku) + "' is neither in the account nor in an earlier row of this part");
  }
  if (!is_parent(*parent)) {
    return reject("parent_is_no_parent", kParentColumn, "'" + parent->sku + "' was not declared with 'Parent'");
  }
  if (effective(existing, kClassificationColumn) != value_of(*parent, kClassificationColumn)) {
    return reject("classification_differs_from_parent", kClassificationColumn,
                  "'" + parent->sku + "' has '" + std::string(value_of(*parent, kClassificationColumn)) + "'");
  }
  if (effective(existing, kRelationshipColumn) != value_of(*parent, kRelationshipColumn)) {
    return reject("relationship_differs_from_parent", kRelationshipColumn,
                  "'" + parent->sku + "' has '" + std::string(value_of(*parent, kRelationshipColumn)) + "'");
  }
  if (effective(existing, kVaryByColumn) != value_of(*parent, kVaryByColumn)) {
    return reject("relationship_differs_from_parent", kVaryByColumn,
                  "'" + parent->sku + "' varies by '" + std::string(value_of(*parent, kVaryByColumn)) + "'");
  }
  return std::nullopt;
}

FeedApplication::Check FeedApplication::check_components(const Product* existing) const {
  const auto text = cell(kComponentsColumn);
  if (text.empty()) return std::nullopt;
  const auto added = parse_quantities(text).value_or(Quantities{});
  for (const auto& [sku, quantity] : added) {
    const Product* component = find_visible(sku);
    if (component == nullptr) return reject("component_missing", kComponentsColumn, "'" + sku + "' does not exist");
    if (is_parent(*component) || is_bundle(*component)) {
      return reject("component_not_allowed", kComponentsColumn, "'" + sku + "' is no standalone or child item");
    }
  }
  // A file never removes components (rithum.md §3.2), so the old ones count.
  const auto present = existing == nullptr ? std::string_view{} : value_of(*existing, kComponentsColumn);
  const auto before = parse_quantities(present).value_or(Quantities{});
  auto components = before;
  merge(components, added);
  if (components.size() > kMaxComponents) {
    return reject("too_many_components", kComponentsColumn,
                  "with those it already has the bundle would have " + std::to_string(components.size()));
  }
  if (existing != nullptr && existing->listed && components != before) {
    return reject("bundle_is_listed", kComponentsColumn,
                  "components of a listed bundle cannot change: withdraw it first");
  }
  return check_bundle_counts(before, added);
}

FeedApplication::Check FeedApplication::check_bundle_counts(const Quantities& before, const Quantities& added) const {
  if (before.empty() && catalogue_.bundles() >= account_.max_bundles) {
    return reject("too_many_bundles", kComponentsColumn,
                  "the account has " + std::to_string(catalogue_.bundles()) + " bundles");
  }
  for (const auto& [sku, quantity] : added) {
    const bool is_new = std::ranges::find(before, sku, &Quantities::value_type::first) == before.end();
    if (!is_new || catalogue_.bundles_with(sku) < account_.max_bundles_per_component) continue;
    return reject("component_in_too_many_bundles", kComponentsColumn,
                  "'" + sku + "' is in " + std::to_string(catalogue_.bundles_with(sku)) + " bundles");
  }
  return std::nullopt;
}

void FeedApplication::write(Product& product, bool is_new) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (!values_[i].empty() && columns()[i].header != kSkuColumn) write_value(product, i, values_[i], is_new);
  }
  for (const auto& [number, attribute] : attributes_) {
    if (attribute.value.empty()) continue;
    const auto key = catalogue_.attribute_key(attribute.name);
    if (is_clear_marker(attribute.value)) {
      product.values.erase(key);
    } else {
      product.values.set(key, attribute.value);
    }
  }
  product.values.compact();
}

void FeedApplication::write_value(Product& product, std::size_t column, std::string_view value, bool is_new) {
  const auto key = static_cast<std::uint32_t>(column);
  const std::string present(product.values.find(key).value_or(""));
  if (is_clear_marker(value)) {
    product.values.erase(key);
    return;
  }
  const Kind kind = columns()[column].kind;
  const bool in_bundle = !cell(kComponentsColumn).empty() || is_bundle(product);
  if (in_bundle && (kind == Kind::quantity || kind == Kind::dc_quantities)) return;  // computed (rithum.md §2.5)
  std::string text(value);
  switch (kind) {
    case Kind::ignored:
    case Kind::quantity_type:
    case Kind::dc_list_type:
    case Kind::sku_type:
      return;  // instructions, not values
    case Kind::labels:
      text = merge_labels(present, value);
      break;
    case Kind::quantity: {
      // The type counts from the second load on (rithum.md §2.5).
      const bool adds = !is_new && is_relative(cell(kQuantityTypeColumn));
      const auto base = adds ? parse_whole(present).value_or(0) : 0;
      text = std::to_string(base + parse_whole(value).value_or(0));
      break;
    }
    case Kind::dc_quantities: {
      auto quantities = parse_quantities(present).value_or(Quantities{});
      // `completedclist`: the listed DCs are the full list; that the others fall to zero is read from its name.
      if (cell(kDcListTypeColumn) == "completedclist") {
        for (auto& entry : quantities) entry.second = 0;
      }
      merge(quantities, parse_quantities(value).value_or(Quantities{}));
      text = to_text(quantities);
      break;
    }
    case Kind::components: {
      auto components = parse_quantities(present).value_or(Quantities{});
      merge(components, parse_quantities(value).value_or(Quantities{}));
      text = to_text(components);
      catalogue_.recount_components(present, text);
      break;
    }
    case Kind::pictures: {
      auto pictures = present.empty() ? Pictures{} : parse_pictures(present).pictures;
      merge(pictures, parse_pictures(value).pictures);
      text = to_text(pictures);
      break;
    }
    default:
      break;
  }
  product.values.set(key, text);
}

std::size_t FeedApplication::zero_missing(std::int64_t now) {
  const auto quantity_key = static_cast<std::uint32_t>(*column_index(kQuantityColumn));
  const auto dc_key = static_cast<std::uint32_t>(*column_index(kDcQuantityColumn));
  std::size_t zeroed = 0;
  for (Product& product : catalogue_.products()) {
    if (product.last_file == file_number_ || is_parent(product) || is_bundle(product)) continue;
    product.values.set(quantity_key, "0");
    if (const auto dcs = product.values.find(dc_key)) {
      auto quantities = parse_quantities(*dcs).value_or(Quantities{});
      for (auto& entry : quantities) entry.second = 0;
      product.values.set(dc_key, to_text(quantities));
    }
    product.updated_at = now;
    ++zeroed;
  }
  return zeroed;
}

}  // namespace rithum_simulator
