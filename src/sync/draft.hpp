#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "catalog/bundle.hpp"
#include "catalog/family.hpp"
#include "catalog/kit.hpp"
#include "catalog/units.hpp"
#include "catalog/comparison.hpp"
#include "sync/subject.hpp"

namespace product_sync::sync {

/// An item as it stands by itself, kept until its family or its components are known.
struct Draft {
  Subject subject;
  std::string template_id;  ///< inventory ID of the template; of a template its own
  catalog::Fate own;
  std::string relationship;
  std::string combination;
  std::string classification;
  std::vector<std::string> values;  ///< of a sound one
  std::vector<std::size_t> left_out;
  std::vector<catalog::Reason> notes;
  catalog::Units units;
  Instant read_at;
};

/// What an item that was read has to wait with. `told_parent` is the SKU of the parent that Rithum has it under.
[[nodiscard]] Draft make_draft(const catalog::Item& item, const catalog::Decision& decision,
                               const catalog::Mapping& mapping, const std::string& told_parent, Instant read_at);

/// A member of a family as catalog::judge_family() wants it.
[[nodiscard]] catalog::FamilyMember member_of(const Draft& draft);
/// The product that a sound draft was made from.
[[nodiscard]] Result<catalog::Product> product_of(const Draft& draft);

// As bytes for store::Scratch; what decode_*() is given was written by the encode_*() of the same program.

[[nodiscard]] std::string encode(const Draft& draft);
[[nodiscard]] Result<Draft> decode_draft(std::string_view bytes);
[[nodiscard]] std::string encode(const catalog::Fate& fate);
[[nodiscard]] Result<catalog::Fate> decode_fate(std::string_view bytes);
[[nodiscard]] std::string encode(const catalog::ComponentFacts& facts);
[[nodiscard]] Result<catalog::ComponentFacts> decode_facts(std::string_view bytes);
[[nodiscard]] std::string encode(const catalog::KitSpecification& kit);
[[nodiscard]] Result<catalog::KitSpecification> decode_kit(std::string_view bytes);

}  // namespace product_sync::sync
