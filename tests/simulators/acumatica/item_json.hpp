#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"

namespace acumatica_sim {

/// What of a record a request asked for: `$expand`, `$select`, `$custom` and the endpoint's release (acumatica.md
/// §2.5).
///   - details come only when expanded; with `$select` they must be named there as well (`Detail` or `Detail/Column`)
///   - `custom` holds only what `$custom` asks; fields that do not exist are passed over in silence
///   - `$expand=Translations` adds the other languages to multilingual fields, in the form that a PUT has (assumed);
///     `$custom=Item.DescrTranslations` gives them as `[{en:..},{fr:..}]`
///   - names that do not exist in `$select` or `$expand` are refused with 500
struct Shape {
  const EntitySpec* spec = nullptr;
  int release = 24;
  std::string entity_path;                        ///< `/entity/Default/24.200.001`, for links
  std::vector<bool> fields;                       ///< empty = all
  std::vector<std::vector<bool>> detail_columns;  ///< per detail; empty = not wanted
  std::vector<std::string> custom;                ///< `View.Field`
  bool files = false;
  bool translations = false;

  static Shape parse(const EntitySpec& spec, int release, std::string entity_path, std::string_view expand,
                     std::string_view select, std::string_view custom);

  /// Fields named by the filter come back anyway.
  void include(const std::vector<std::size_t>& filter_fields);
  /// Names of the details that are expanded.
  [[nodiscard]] std::vector<std::string> expanded() const;
};

/// Appends the record.
void append_item(std::string& out, const Item& item, const Shape& shape);

/// The record of `$adHocSchema`: every field empty, every custom field with its type.
[[nodiscard]] std::string schema_record(const Catalogue& catalogue, const Shape& shape);

/// Fields of a PUT that the system refused: (field name, reason). Rendered as `"error"` beside the value.
struct FieldError {
  std::size_t field;
  std::string written;
  std::string reason;
};
[[nodiscard]] std::string record_with_errors(const EntitySpec& spec, std::string_view key,
                                             const std::vector<FieldError>& errors,
                                             const std::vector<std::string>& record_errors);

}  // namespace acumatica_sim
