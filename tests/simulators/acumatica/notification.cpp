#include "notification.hpp"

#include <algorithm>
#include <array>

#include "json_text.hpp"

namespace acumatica_sim {
namespace {

void append_cell(std::string& out, const char* name, const Cell& cell) {
  out += ",\"";
  out += name;
  out += "\":";
  if (cell) {
    append_json_string(out, *cell);
  } else {
    out += "null";
  }
}

bool attribute_changed(const Change& change, const std::string& attribute) {
  const Cell before = change.before ? change.before->attribute(attribute) : std::nullopt;
  const Cell after = change.after ? change.after->attribute(attribute) : std::nullopt;
  return before != after;
}

}  // namespace

void NotificationBuilder::append_row(std::string& out, const Item& item, bool attribute_changed, std::size_t padding,
                                     Millis stamp) const {
  out += "{\"InventoryID\":";
  append_json_string(out, item.key() + std::string(padding, ' '));
  append_cell(out, "Description", item.cell(kDescription));
  append_cell(out, "ItemClass", item.cell(kItemClass));
  append_cell(out, "ItemStatus", item.cell(kItemStatus));
  out += ",\"StockItem\":true,\"InventoryItem_lastModifiedDateTime\":";
  append_json_string(out, local_text(stamp, rules_.utc_offset_minutes));
  append_cell(out, "NoteID", item.id());
  if (!rules_.attribute.empty()) {
    out += ',';
    append_json_string(out, rules_.attribute);
    out += ':';
    const Cell value = attribute_changed ? item.attribute(rules_.attribute) : std::nullopt;
    out += value ? json_string(*value) : "null";
  }
  out += '}';
}

std::uint64_t NotificationBuilder::next_ticks(Millis now) {
  std::uint64_t last = last_ticks_.load();
  std::uint64_t next = 0;
  do {  // ticks of real transactions are no round milliseconds
    next = std::max(last + 1, dotnet_ticks(now) + mix(last) % 10'000);
  } while (!last_ticks_.compare_exchange_weak(last, next));
  return next;
}

std::vector<std::string> NotificationBuilder::bodies(const std::vector<Change>& changes, Millis now) {
  const std::uint64_t number = transactions_.fetch_add(1);
  const std::uint64_t roll = mix(rules_.seed ^ mix(number));
  std::string inserted;
  std::string deleted;
  for (const Change& change : changes) {
    const bool attribute = attribute_changed(change, rules_.attribute);
    const Millis stamp = change.after ? change.after->last_modified() : now;
    if (change.after) {
      if (!inserted.empty()) inserted += ',';
      append_row(inserted, *change.after, attribute, roll % 3, stamp);
    }
    if (change.before) {
      if (!deleted.empty()) deleted += ',';
      const Millis old_stamp = number % 4 == 0 && change.after ? stamp + 3 : change.before->last_modified();
      append_row(deleted, *change.before, attribute, (roll % 3 + 1) % 3, old_stamp);
    }
  }
  const CatalogueOptions id_source{0, rules_.seed ^ 0x5eed, 0, 0, true};
  const std::string id = Seeded{&id_source, number + static_cast<std::uint64_t>(now) * 1'000}.part_guid(1);
  std::string tail = "],\"Query\":%,\"CompanyId\":" + json_string(rules_.tenant) + ",\"Id\":\"" + id +
                     "\",\"TimeStamp\":" + std::to_string(next_ticks(now)) + ",\"AdditionalInfo\":{";
  if (number % 2 == 1) tail += "\"PXPerformanceInfoStartTime\":\"" + invariant_text(now) + "\"";
  tail += "}}";
  const std::size_t mark = tail.find('%');
  std::vector<std::string> bodies;
  for (const std::string& query : rules_.queries) {
    bodies.push_back("{\"Inserted\":[" + inserted + "],\"Deleted\":[" + deleted + tail.substr(0, mark) +
                     json_string(query) + tail.substr(mark + 1));
  }
  return bodies;
}

std::string malformed_notification(std::uint64_t number) {
  static const std::array<std::string, 8> kBodies{
      "",
      "not json at all",
      R"({"Inserted":[{"InventoryID":"ITEM0000001")",
      R"([1,2,3])",
      R"({"Inserted":{},"Deleted":[],"Query":"Q","CompanyId":"T","Id":"1af4d140-5321-41f2-a2ec-50b67f577c6c","TimeStamp":1})",
      R"({"Deleted":[],"Query":"Q"})",
      R"({"Inserted":[],"Deleted":[],"Query":"Q","CompanyId":"T","Id":"no guid","TimeStamp":"soon","AdditionalInfo":{}})",
      "{\"Inserted\":[{\"InventoryID\":\"\xff\xfe\"}],\"Deleted\":[]}",
  };
  return kBodies[number % kBodies.size()];
}

}  // namespace acumatica_sim
