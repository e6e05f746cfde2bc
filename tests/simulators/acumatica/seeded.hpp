#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "population.hpp"

namespace acumatica_sim {

/// The text of a value as it stands in JSON between its quotes (or bare); none = an empty field.
using Cell = std::optional<std::string>;

enum class Kind { text, decimal, integer, boolean, datetime, guid };

/// A detail row: cells in the order of the detail's columns.
struct Row {
  std::vector<Cell> cells;
  std::string id;  ///< GUID
};

/// The identity of a record: of a generated one, or of one that was inserted later (index above the table's size).
struct Seeded {
  const Population* population;
  Table table;
  std::uint64_t index;  ///< from 1

  [[nodiscard]] const CatalogueOptions& options() const { return population->options(); }

  /// A random number that depends on seed, table, index and `salt` alone.
  [[nodiscard]] std::uint64_t draw(std::uint64_t salt) const;
  [[nodiscard]] bool percent(std::uint64_t salt, std::uint64_t share) const { return draw(salt) % 100 < share; }

  /// Its last twelve digits hide the index, so that reading by id needs no table.
  [[nodiscard]] std::string guid() const;
  /// A GUID for a part of the record, e.g. a detail row.
  [[nodiscard]] std::string part_guid(std::uint64_t part) const;
  /// The GUID of an attached file; hides the index as guid() does.
  [[nodiscard]] std::string file_guid(std::uint64_t file) const;
  [[nodiscard]] Millis last_modified() const;  ///< base time minus 0 to 30 days
};

/// The index that a GUID of guid() or file_guid() hides; none when it is above `highest`.
[[nodiscard]] std::optional<std::uint64_t> hidden_index(const CatalogueOptions& options, std::string_view guid,
                                                        std::uint64_t highest);

/// A GUID from 64 bits and the low 48 bits of `low`.
[[nodiscard]] std::string guid_text(std::uint64_t high, std::uint64_t low);

/// printf with one number.
[[nodiscard]] std::string number_text(const char* format, std::uint64_t value);

}  // namespace acumatica_sim
