#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rithum_simulator {

/// Field values packed into one string, so that a million products fit in memory. Keys are field numbers.
class PackedValues {
 public:
  [[nodiscard]] std::optional<std::string_view> find(std::uint32_t key) const;
  void set(std::uint32_t key, std::string_view value);
  void erase(std::uint32_t key);
  void for_each(const std::function<void(std::uint32_t, std::string_view)>& visit) const;
  void compact();

 private:
  struct Place {
    std::size_t start;
    std::size_t value;
    std::size_t end;
  };
  [[nodiscard]] std::optional<Place> place_of(std::uint32_t key) const;
  std::string bytes_;  // repeated: key (4 bytes), length (4 bytes), value
};

/// A part of a file that is processed without regard to the other parts (rithum.md §1.6).
struct Partition {
  std::uint32_t file = 0;
  std::uint32_t number = 0;  ///< of the part in its file
  bool operator==(const Partition&) const = default;
};

/// One product of the account.
struct Product {
  std::string sku;  ///< as first written
  std::int32_t id = 0;
  std::uint32_t rows_applied = 0;  ///< file rows that created or updated it, ever
  std::uint32_t last_file = 0;     ///< number of the last file that had a row for it
  Partition created_in;            ///< where the row that created it stood
  bool listed = false;             ///< has a live listing: a bundle's components may not change (rithum.md §3.2)
  std::int64_t created_at = 0;     ///< milliseconds since 1970, UTC
  std::int64_t updated_at = 0;
  PackedValues values;
};

/// The account's products. SKUs are compared case-insensitively; IDs are 32-bit and ascending (rithum.md §0.11, §5.3).
/// Not thread-safe.
class Catalogue {
 public:
  [[nodiscard]] Product* find(std::string_view sku);
  [[nodiscard]] const Product* find(std::string_view sku) const;
  Product& create(std::string_view sku, std::int64_t now);
  /// All products, ascending by ID.
  [[nodiscard]] const std::vector<Product>& products() const { return products_; }
  [[nodiscard]] std::vector<Product>& products() { return products_; }
  void clear();
  [[nodiscard]] const Product* find_id(std::int64_t id) const;
  [[nodiscard]] Product* find_id(std::int64_t id);
  /// Both cost time in the number of products. False when there is no such product.
  bool remove(std::string_view sku);
  bool give_new_id(std::string_view sku);

  /// How many bundles hold a component.
  [[nodiscard]] std::uint32_t bundles_with(std::string_view component) const;
  [[nodiscard]] std::uint32_t bundles() const { return bundles_; }
  /// Notes that the components of a bundle are others now; texts as the column has them.
  void recount_components(std::string_view before, std::string_view after);

  /// Field numbers: standard columns have their index in columns(), attributes follow.
  [[nodiscard]] std::uint32_t attribute_key(std::string_view name);
  /// Empty for a standard column.
  [[nodiscard]] std::string_view attribute_name(std::uint32_t key) const;

 private:
  static constexpr std::int32_t kFirstId = 10'000'001;
  void index_from(std::size_t first);

  std::int32_t next_id_ = kFirstId;
  std::uint32_t bundles_ = 0;
  std::unordered_map<std::string, std::uint32_t> bundles_with_;  // component in lower case -> count
  std::vector<Product> products_;
  std::unordered_map<std::string, std::uint32_t> by_sku_;  // SKU in lower case -> index
  std::vector<std::string> attribute_names_;
  std::unordered_map<std::string, std::uint32_t> attribute_keys_;
};

/// The value of a standard column; empty when unset.
[[nodiscard]] std::string_view value_of(const Product& product, std::string_view header);

}  // namespace rithum_simulator
