#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "catalog/bundle.hpp"
#include "catalog/column.hpp"
#include "catalog/eligibility.hpp"
#include "catalog/expression.hpp"
#include "catalog/list_value.hpp"
#include "catalog/needs.hpp"
#include "catalog/rules.hpp"
#include "catalog/variation.hpp"
#include "catalog/withdrawal_rules.hpp"

namespace product_sync::catalog {

/// What gives a value: the sources of its mapping, what the product is in a family or a bundle, or its withdrawal alone.
enum class ValueRole {
  mapped,
  relationship_name,
  vary_by,
  parent_sku,
  sku_type,
  variation,
  bundle_components,
  withdrawal
};

/// One value of a product: a column of the feed, or a named attribute, and where it comes from.
struct ValueMapping {
  std::string name;      ///< the column's classic header, or the attribute's name in Rithum
  const Column* column;  ///< rules of the value; attribute_column() for an attribute
  bool is_attribute = false;
  Sources sources;
  bool clearable = false;  ///< an emptied value is sent as the clear marker; otherwise it stays as it was in Rithum
  int repetition = 1;      ///< of a repeatable column: which of its places in a row this is
  Policies policies = {};  ///< of violations; what is not named follows the site's
  PictureForm pictures = {};
  ValueRole role = ValueRole::mapped;
  std::shared_ptr<const Column> own = nullptr;  ///< holds `column` when it is one of the account's own

  /// The key of this value in the ledger: the column's header, `Ship Zone Name (2)` where it is repeated, or
  /// `attribute:` and the name.
  [[nodiscard]] std::string key() const;
};

/// How items of one site become products. `values` is in feed order: columns as in columns(), the account's own as
/// configured, those of families, bundles and withdrawals, then attributes as configured.
struct Mapping {
  ExportConditions conditions;
  std::vector<ValueMapping> values;
  Policies policies = {};  ///< of violations, unless the value has its own
  References references = {};
  std::optional<VariationRules> variations = {};  ///< absent: matrix items are not exported, and templates not read
  std::optional<BundleRules> bundles = {};        ///< absent: kits are not exported, and their specifications not read
  WithdrawalRules withdrawal = {};                ///< of products that are no longer exported
  bool non_stock_items = false;                   ///< whether non-stock items are read and exported too

  /// Everything that the conditions and values read, plus what eligibility itself looks at.
  [[nodiscard]] Needs needs() const;

  /// Changes whenever the mapping would treat some item differently. Hexadecimal SHA-256.
  [[nodiscard]] std::string fingerprint() const;

  /// Completes `values` by those of families, bundles and withdrawals and puts them into feed order; attributes keep their
  /// order among themselves.
  void arrange();

  /// Everything that is wrong with this mapping: values twice, a clear marker where none is allowed, a Quantity without
  /// its type, constants that their column refuses, ... Empty when it can be used. Error codes `mapping.*`.
  [[nodiscard]] std::vector<Error> check() const;
};

}  // namespace product_sync::catalog
