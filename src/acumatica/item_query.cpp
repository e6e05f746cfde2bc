#include "acumatica/item_query.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "net/url.hpp"

namespace product_sync::acumatica {
namespace {

template <class Names>
std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : ",").append(name);
  return text;
}

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

}  // namespace

ItemQuery::ItemQuery(std::string entity_url, const catalog::Needs& wanted, const Entity& entity)
    : entity_url_(std::move(entity_url)), keys_(joined(entity.keys)) {
  const auto needs = entity.own_needs(wanted);
  std::vector<std::string> select(entity.keys.begin(), entity.keys.end());
  std::vector<std::string> expand;
  for (const std::string& field : needs.fields) add_once(select, field);
  if (needs.attributes) {
    expand.emplace_back("Attributes");
    for (const char* column : {"AttributeID", "Value", "ValueDescription"})
      select.push_back(std::string("Attributes/") + column);
  }
  if (needs.cross_references) {
    expand.emplace_back("CrossReferences");
    for (const char* column : {"AlternateType", "AlternateID", "UOM"})
      select.push_back(std::string("CrossReferences/") + column);
  }
  if (!needs.translations.empty()) expand.emplace_back("Translations");
  for (const auto& [detail, columns] : needs.details) {
    expand.push_back(detail);
    for (const std::string& column : columns) select.push_back(detail + "/" + column);
  }
  std::vector<std::string> custom;
  for (const std::string& field : needs.custom_fields) add_once(custom, field);
  select_ = joined(select);
  expand_ = joined(expand);
  custom_ = joined(custom);
}

std::string ItemQuery::list(const ListRange& range, const ListShape& shape) const {
  net::QueryBuilder query;
  if (shape.select) query.add("$select", shape.details ? select_ : keys_);
  if (shape.details && !expand_.empty()) query.add("$expand", expand_);
  if (shape.details && !custom_.empty()) query.add("$custom", custom_);
  if (!range.filter.empty()) query.add("$filter", range.filter);
  if (range.top > 0) query.add("$top", std::to_string(range.top));
  if (range.skip > 0) query.add("$skip", std::to_string(range.skip));
  return query.append_to(entity_url_);
}

std::string ItemQuery::by_key(std::string_view key, bool select) const {
  net::QueryBuilder query;
  if (select) query.add("$select", select_);
  if (!expand_.empty()) query.add("$expand", expand_);
  if (!custom_.empty()) query.add("$custom", custom_);
  std::string url = entity_url_;
  for (const std::string& part : key_parts(key)) url = net::join_url(url, net::percent_encode(part));
  return query.append_to(url);
}

bool fits_a_path(std::string_view inventory_id) {
  return inventory_id != "." && inventory_id != ".." &&
         inventory_id.find_first_of("/\\<>*%&:?#+\"") == std::string_view::npos;
}

std::string both(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  return a + " and " + b;
}

}  // namespace product_sync::acumatica
