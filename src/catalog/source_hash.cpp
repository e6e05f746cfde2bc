#include "catalog/source_hash.hpp"

#include "base/digest.hpp"
#include "catalog/detail_rows.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {

std::string source_hash(const Item& item, const Needs& needs, std::string_view fingerprint) {
  std::string bytes;
  append_counted(bytes, fingerprint);
  append_counted(bytes, item.inventory_id);
  for (const std::string& field : needs.fields) append_counted(bytes, item.field(field));
  for (const std::string& path : needs.custom_fields) append_counted(bytes, column_of(item.custom_fields, path));
  if (needs.attributes) {
    append_counted(bytes, std::to_string(item.attributes.size()));
    for (const Attribute& attribute : item.attributes) {
      for (const std::string* part : {&attribute.id, &attribute.value, &attribute.label}) append_counted(bytes, *part);
    }
  }
  if (needs.cross_references) {
    append_counted(bytes, std::to_string(item.cross_references.size()));
    for (const CrossReference& reference : item.cross_references) {
      for (const std::string* part : {&reference.type, &reference.id, &reference.uom}) append_counted(bytes, *part);
    }
  }
  for (const std::string& field : needs.translations) {
    const auto texts = item.translations.find(field);
    append_counted(bytes, std::to_string(texts == item.translations.end() ? 0 : texts->second.size()));
    if (texts == item.translations.end()) continue;
    for (const auto& [language, text] : texts->second) {
      append_counted(bytes, language);
      append_counted(bytes, text);
    }
  }
  for (const auto& [detail, columns] : needs.details) {
    const auto& rows = item.detail(detail);
    append_counted(bytes, std::to_string(rows.size()));
    for (const DetailRow& row : rows) {
      for (const std::string& column : columns) append_counted(bytes, column_of(row, column));
    }
  }
  return to_hex(sha256(bytes));
}

}  // namespace product_sync::catalog
