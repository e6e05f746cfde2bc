#pragma once

#include <span>
#include <string>
#include <vector>

#include "catalog/mapping.hpp"
#include "catalog/product.hpp"

namespace product_sync::catalog {

/// How an item stands before Rithum.
enum class Standing {
  sound,         ///< can be sent
  parked,        ///< should be exported and cannot be
  not_exported,  ///< the site's rules leave it out
};

/// What becomes of a product, and why when it is not sent.
struct Fate {
  Standing standing = Standing::sound;
  std::vector<Reason> reasons;
  bool withdrawable = true;  ///< of one that is left out; see NotExported
};

/// A template or a matrix item as it stands by itself, before its family is looked at.
struct FamilyMember {
  std::string inventory_id;
  Fate own;
  std::string relationship;  ///< Rithum's name; empty: none is configured
  std::string combination;   ///< of a child: its variation values
};

struct FamilyVerdict {
  Fate parent;
  std::vector<Fate> children;  ///< in the order of the members
};

/// Families go whole or not at all (rithum.md §6.1 row 6). A child that is not exported is no part of the family; one that
/// is parked parks the others, with a reason that names it. A null `parent`: Acumatica has no such template.
///
/// Codes: `family.no_template`, `family.template_not_exported`, `family.template_parked`, `family.no_relationship`,
/// `family.relationship_differs`, `family.no_child`, `family.child_parked`, `variation.duplicate`.
[[nodiscard]] FamilyVerdict judge_family(const std::string& template_id, const FamilyMember* parent,
                                         std::span<const FamilyMember> children);

/// Makes a product that was mapped from a template the family's parent: what Rithum reads of it, and no quantity.
void make_parent(Product& product, const Relationship& relationship, const Mapping& mapping);

/// Makes a product a child of `parent_sku` with these variation values.
void make_child(Product& product, std::string_view parent_sku, const Relationship& relationship,
                const std::vector<std::string>& values, const Mapping& mapping);

/// What a child takes from its parent: classification and spelling of the SKU, and inherited values that it lacks.
void inherit(Product& child, const Product& parent, const Mapping& mapping);

/// Marks a product that belongs to no family.
void make_standalone(Product& product, const Mapping& mapping);

/// Why a product cannot go out as it is, given the parent that Rithum has it under (empty: none): `family.moved`,
/// `family.left`; none when nothing stands against it.
[[nodiscard]] std::optional<Reason> moved(const std::string& inventory_id, const std::string& parent,
                                          const std::string& told_parent, const Mapping& mapping);

}  // namespace product_sync::catalog
