#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"

namespace acumatica_sim {

struct FilterRules {
  int release = 24;            ///< of the endpoint: decides which fields exist
  int utc_offset_minutes = 0;  ///< of the tenant: for datetimes without an offset
  bool ignore_offset = false;  ///< an instance that takes every datetime as local (acumatica.md §4 row 13)
};

/// `$filter` in the OData v3 dialect, as far as acumatica.md §2.5 knows what happens:
///   Field op literal, op = eq ne gt ge lt le; and, or, brackets; substringof('x',F), startswith(F,'x'),
///   endswith(F,'x'); 'text' with doubled quotes, numbers, true/false, datetimeoffset'...', date'...',
///   cf.Type(f='View.Field') op literal.
/// The documented traps: contains, tolower, toupper, not, a field of detail rows, an unknown name -> 500;
/// substringof(...) eq true -> silently no rows.
class Filter {
 public:
  struct Node;

  /// Throws Refusal with the status that Acumatica answers.
  static Filter parse(std::string_view text, const EntitySpec& spec, const FilterRules& rules);

  Filter();
  ~Filter();
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;

  [[nodiscard]] bool matches(const Item& item) const;

  /// Every match has one of these keys; none = the keys are not known.
  [[nodiscard]] std::optional<std::vector<std::string>> keys() const;
  /// Every match names one of these templates; none = the templates are not known.
  [[nodiscard]] std::optional<std::vector<std::string>> templates() const;
  /// Every match has a greater key; none = no lower bound. For entities with several key fields: of the first one.
  [[nodiscard]] std::optional<std::string> keys_above() const;
  /// Positions of the fields it names: they come back whatever `$select` says.
  [[nodiscard]] const std::vector<std::size_t>& fields() const { return fields_; }

 private:
  const EntitySpec* spec_ = nullptr;
  std::unique_ptr<Node> root_;  ///< null matches everything
  std::vector<std::size_t> fields_;
};

}  // namespace acumatica_sim
