#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/kind.hpp"
#include "catalog/product.hpp"

namespace product_sync::catalog {

/// What Rithum was last told of a product: values by ValueMapping::key(), `Classification` among them. An absent key was
/// never told, or was a list that lost all of its entries; an empty value was told once, and cleared.
using ToldValues = TextMap;

/// One cell that a row changes.
struct Change {
  std::string key;
  std::string before;
  std::string after;  ///< empty: the value is cleared
};

enum class CellKind {
  unchanged,  ///< blank in the feed: Rithum keeps what it has (rithum.md §4)
  set,
  clear,  ///< the clear marker
};

struct Cell {
  CellKind kind = CellKind::unchanged;
  std::string text;
};

/// A row of the feed: the product and one cell for each ValueMapping.
struct Row {
  Sku sku;
  std::string classification;
  std::vector<Cell> cells;
  bool maybe_new = false;  ///< Rithum has not shown yet that it holds the product
  ProductKind kind = ProductKind::item;
};

/// The difference between a product and what Rithum was told.
struct Difference {
  std::vector<Change> changes;  ///< what a person wants to see; empty when Rithum already knows everything
  Row row;                      ///< every current value, and a marker for each that was ever cleared
  ToldValues told;              ///< what Rithum will have been told once the row is delivered
};

/// `told` is null for a product that Rithum has never been told of. A value that became empty is a change only where
/// its mapping is clearable; elsewhere Rithum keeps it, and so does `told`.
[[nodiscard]] Difference compare(const Product& product, const Mapping& mapping, const ToldValues* told);

/// Stable content hash of the product as mapped: equal hashes mean that compare() has nothing new to find.
[[nodiscard]] std::string content_hash(const Product& product, const Mapping& mapping);

}  // namespace product_sync::catalog
