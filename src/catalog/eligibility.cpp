#include "catalog/eligibility.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "catalog/evaluation.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

NotExported not_exported(const Item& item, std::string_view code, std::string_view because) {
  return {{std::string(code), fmt::format("Item {} is not exported because {}.", excerpt(item.inventory_id), because)}};
}

std::optional<NotExported> class_lost(const Item& item, const ExportConditions& conditions) {
  const std::string_view item_class = trim(item.field("ItemClass"));
  if (item_class.empty()) {
    return not_exported(item, "class.unmapped", "it has no item class: give it one in Acumatica");
  }
  if (conditions.classifications.contains(item_class)) return std::nullopt;
  return not_exported(item, "class.unmapped",
                      fmt::format("item class {} is not mapped to a Rithum classification: add it under "
                                  "mapping.classifications",
                                  excerpt(item_class)));
}

std::optional<NotExported> box_lost(const Item& item, const ExportConditions& conditions) {
  const auto box = evaluate(conditions.active, item);
  const std::string_view text = box ? trim(box->view()) : std::string_view{};
  if (parse_boolean(text).value_or(false)) return std::nullopt;
  return not_exported(item, "box.not_ticked",
                      fmt::format("its \"Active on Rithum\" box is not ticked ({}): tick it in Acumatica",
                                  text.empty() ? "it is empty" : "it holds " + excerpt(text)));
}

}  // namespace

Eligibility judge(const Item& item, const ExportConditions& conditions) {
  if (auto lost = class_lost(item, conditions)) return std::move(*lost);
  if (auto lost = box_lost(item, conditions)) return std::move(*lost);

  // An item without a status says nothing against it.
  const std::string_view status = trim(item.field("ItemStatus"));
  if (conditions.withdrawn_statuses.contains(status)) {
    return not_exported(item, "status.not_exported",
                        fmt::format("its status is {}: change it in Acumatica, or the rule under "
                                    "mapping.withdrawn_statuses",
                                    excerpt(status)));
  }
  if (!status.empty() && !conditions.exported_statuses.contains(status)) {
    return StatusUnknown{
        {"status.unknown", fmt::format("Item {}: its status {} is neither among mapping.exported_statuses nor among "
                                       "mapping.withdrawn_statuses. Add it to one of them.",
                                       excerpt(item.inventory_id), excerpt(status))}};
  }

  const auto failed = conditions.when ? why_not(*conditions.when, item) : std::nullopt;
  if (!failed) return std::monostate{};
  return not_exported(item, "filter.not_met",
                      fmt::format("{}: correct the item in Acumatica, or the condition mapping.export_when", *failed));
}

void add_needs(const ExportConditions& conditions, Needs& needs) {
  for (const char* field : {"ItemClass", "ItemStatus"}) needs.add_field(field);
  add_needs(conditions.active, needs);
  if (conditions.when) add_needs(*conditions.when, needs);
}

}  // namespace product_sync::catalog
