#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account.hpp"
#include "catalogue.hpp"
#include "feed_name.hpp"
#include "field_rules.hpp"
#include "strict_feed_reader.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {

enum class Outcome : std::uint8_t { created, updated, skipped, rejected };

struct RowResult {
  Outcome outcome = Outcome::rejected;
  Rejection rejection;    ///< filled when rejected
  bool repeated = false;  ///< the file had a row of this SKU before
};

/// Applies the rows of one file to the catalogue by its processing mode. A row is applied whole or not at all.
class FeedApplication {
 public:
  /// `headers` are standard header names, one per cell (after a template's mapping).
  FeedApplication(Catalogue& catalogue, const Account& account, Mode mode, const std::vector<std::string>& headers,
                  std::uint32_t file_number);

  RowResult apply(const FeedRow& row, std::int64_t now);
  /// Detect Dropped Products: quantity 0 for every product that had no row in this file. Returns how many.
  std::size_t zero_missing(std::int64_t now);

 private:
  struct Binding {
    std::optional<std::size_t> column;
    AttributeHeader attribute;
  };
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  using Check = std::optional<Rejection>;

  void read_cells(const FeedRow& row);
  [[nodiscard]] std::string_view cell(std::string_view header) const;
  [[nodiscard]] std::string_view effective(const Product* existing, std::string_view header) const;
  [[nodiscard]] Check check_sku() const;
  [[nodiscard]] Check check_values() const;
  [[nodiscard]] Check check_attributes() const;
  [[nodiscard]] const Product* find_visible(std::string_view sku) const;
  [[nodiscard]] Check check_sku_type(const Product* existing) const;
  [[nodiscard]] Check check_bundle_counts(const Quantities& before, const Quantities& added) const;
  [[nodiscard]] Check check_quantity(const Product* existing) const;
  [[nodiscard]] Check check_parent(const Product* existing) const;
  [[nodiscard]] Check check_components(const Product* existing) const;
  void write(Product& product, bool is_new);
  void write_value(Product& product, std::size_t column, std::string_view value, bool is_new);

  Catalogue& catalogue_;
  const Account& account_;
  Mode mode_;
  std::uint32_t file_number_;
  std::uint32_t rows_ = 0;
  Partition partition_;  // of the row at hand
  bool has_quantity_column_ = false;
  std::vector<Binding> bindings_;
  // of the row at hand; blank cells are left out
  std::vector<std::string_view> values_;  // by column index
  std::map<std::uint32_t, Attribute> attributes_;
};

}  // namespace rithum_simulator
