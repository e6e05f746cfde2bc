#include "sync/judgement.hpp"

#include <utility>

#include "catalog/family.hpp"

namespace product_sync::sync {

Result<void> judge_item(const ReadItem& read, const catalog::Mapping& mapping, Assembly& assembly,
                        Outcomes& outcomes) {
  return carry_out(catalog::decide(read.item, mapping), read, mapping, assembly, outcomes);
}

Result<void> carry_out(catalog::Decision decision, const ReadItem& read, const catalog::Mapping& mapping,
                       Assembly& assembly, Outcomes& outcomes) {
  const auto& item = read.item;
  const auto* before = read.before;
  if (assembly.concerns(item)) return assembly.add(item, decision, before, read.read_at, read.twin);

  const Subject subject{read.key, item.inventory_id, item.inventory_id, catalog::ProductKind::item, {}, read.twin,
                        read.source_hash};
  if (const auto* left_out = std::get_if<catalog::NotExported>(&decision)) {
    if (auto left = outcomes.leave_out(subject, *left_out, read.read_at, before); !left) return left;
    return assembly.note(item, left_out->reason, before);
  }
  if (const auto* parked = std::get_if<catalog::Parked>(&decision)) {
    outcomes.park(subject, parked->reasons, before);
    return assembly.note(item, parked->reasons.front(), before);
  }
  auto& product = std::get<catalog::Product>(decision);
  catalog::make_standalone(product, mapping);
  const auto elsewhere =
      catalog::moved(item.inventory_id, {}, before == nullptr ? std::string{} : before->told_parent, mapping);
  if (elsewhere) {
    outcomes.park(subject, {*elsewhere}, before);
  } else if (auto sent = outcomes.send(product, read.read_at, read.source_hash, before); !sent) {
    return sent;
  }
  return assembly.note(item, elsewhere, before);
}

}  // namespace product_sync::sync
