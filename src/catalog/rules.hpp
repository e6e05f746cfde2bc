#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "catalog/column.hpp"
#include "catalog/lookup.hpp"

namespace product_sync::catalog {

/// What becomes of a value that breaks a rule.
enum class Policy : std::uint8_t {
  park,     ///< the product waits until item or mapping change
  shorten,  ///< a text ends with an ellipsis at a word, a list keeps its first entries
  drop,     ///< the value is left out, and Rithum keeps what it has; of a list, the entry alone
  send,     ///< the value is sent as it is
};
inline constexpr Policy kPolicies[] = {Policy::park, Policy::shorten, Policy::drop, Policy::send};
[[nodiscard]] std::string_view to_text(Policy policy);
/// Null when there is none of that name.
[[nodiscard]] const Policy* find_policy(std::string_view name);

/// A rule that values or bundles may break, by the code of its violation.
struct Rule {
  std::string_view code;  ///< `value.too_long`
  bool can_shorten = false;
  bool can_send = false;
  std::string_view help;  ///< what it asks, for docs/columns.md

  [[nodiscard]] std::string_view name() const { return code.substr(code.find('.') + 1); }
  /// Whether it is about one value, which can be left out; else about the whole product.
  [[nodiscard]] bool is_of_a_value() const { return code.starts_with("value."); }
  [[nodiscard]] bool allows(Policy policy) const;
};

inline constexpr std::string_view kTooManyBundles = "bundle.too_many_bundles";
inline constexpr std::string_view kComponentInTooMany = "bundle.component_in_too_many";

[[nodiscard]] std::span<const Rule> rules();
/// What parks or ends the export of a product whatever the configuration says, by the code of its reason.
struct FixedRule {
  std::string_view code;
  std::string_view help;  ///< what is wrong, for docs/columns.md
};
[[nodiscard]] std::span<const FixedRule> fixed_rules();

/// By its code or name; null when there is none.
[[nodiscard]] const Rule* find_rule(std::string_view code_or_name);

/// Policies by the name of their rule; what is not named parks.
using Policies = std::map<std::string, Policy, std::less<>>;

/// Names that exist in Rithum; an empty set is not checked against.
using Names = std::set<std::string, LessWithoutCase>;
struct References {
  Names classifications;
  Names suppliers;
  Names relationships;
  Names distribution_centers;
};

/// How violations of one value are settled. A column's own policies go before the site's. What it was made of must
/// outlive it; made of nothing, it is the strictest: every violation parks, and no reference is checked.
class Judgement {
 public:
  Judgement() = default;
  Judgement(const Policies& own, const Policies& site, const References& references)
      : own_(&own), site_(&site), references_(&references) {}

  [[nodiscard]] Policy policy(std::string_view code) const;
  /// Null when nothing is to be checked against.
  [[nodiscard]] const Names* names(Reference reference) const;

 private:
  const Policies* own_ = nullptr;
  const Policies* site_ = nullptr;
  const References* references_ = nullptr;
};

}  // namespace product_sync::catalog
