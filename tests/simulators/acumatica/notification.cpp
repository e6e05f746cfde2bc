#include "notification.hpp"

#include <algorithm>
#include <array>

#include "json_text.hpp"

namespace acumatica_sim {
namespace {

void append_cell(std::string& out, std::string_view name, const Cell& cell) {
  out += ',';
  append_json_string(out, name);
  out += ':';
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
  const EntitySpec& spec = item.spec();
  const std::size_t row_begins = out.size();
  for (const std::size_t key : spec.keys) {
    append_cell(out, spec.fields[key].name, item.cell(key).value_or("") + std::string(padding, ' '));
  }
  out[row_begins] = '{';
  for (const std::string_view field : spec.inquiry.fields) append_cell(out, field, item.field(field));
  if (!spec.inquiry.constant.empty()) (out += ',') += spec.inquiry.constant;
  append_cell(out, spec.inquiry.stamp, local_text(stamp, rules_.utc_offset_minutes));
  if (spec.inquiry.note_id) append_cell(out, "NoteID", item.id());
  if (spec.attributes && !rules_.attribute.empty()) {
    append_cell(out, rules_.attribute, attribute_changed ? item.attribute(rules_.attribute) : std::nullopt);
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

std::string NotificationBuilder::rows(const std::vector<const Change*>& changes, const Transaction& transaction) const {
  std::string inserted;
  std::string deleted;
  for (const Change* change : changes) {
    const bool attribute = attribute_changed(*change, rules_.attribute);
    const Millis stamp = change->after ? change->after->last_modified() : transaction.now;
    if (change->after) {
      if (!inserted.empty()) inserted += ',';
      append_row(inserted, *change->after, attribute, transaction.roll % 3, stamp);
    }
    if (change->before) {
      if (!deleted.empty()) deleted += ',';
      const bool later = transaction.number % 4 == 0 && change->after;
      const Millis old_stamp = later ? stamp + 3 : change->before->last_modified();
      append_row(deleted, *change->before, attribute, (transaction.roll % 3 + 1) % 3, old_stamp);
    }
  }
  return "\"Inserted\":[" + inserted + "],\"Deleted\":[" + deleted + "]";
}

std::vector<std::string> NotificationBuilder::queries_of(const EntitySpec& spec) const {
  const auto named = rules_.queries.find(spec.name);
  if (named != rules_.queries.end()) return named->second;
  return {std::string(spec.inquiry.name)};
}

std::vector<NotificationBuilder::Seen> NotificationBuilder::seen(const std::vector<Change>& changes) const {
  std::vector<Seen> all;
  const auto add = [&all](const std::vector<std::string>& queries, const Change& change) {
    for (const std::string& query : queries) {
      if (query.empty()) continue;
      auto found = std::find_if(all.begin(), all.end(), [&](const Seen& each) { return each.query == query; });
      if (found == all.end()) found = all.insert(all.end(), Seen{query, {}});
      found->changes.push_back(&change);
    }
  };
  for (const Change& change : changes) {
    const EntitySpec& spec = (change.after ? change.after : change.before)->spec();
    bool own = false;  // something that no inquiry of detail rows sees
    for (const std::string& touched : change.touched) {
      const auto rows_query = rules_.queries.find(std::string(spec.name) + "." + touched);
      own = own || rows_query == rules_.queries.end();
      if (rows_query != rules_.queries.end()) add(rows_query->second, change);
    }
    if (own) add(queries_of(spec), change);
  }
  return all;
}

std::vector<std::string> NotificationBuilder::bodies(const std::vector<Change>& changes, Millis now) {
  const auto queries = seen(changes);
  if (queries.empty()) return {};
  const std::uint64_t number = transactions_.fetch_add(1);
  const Transaction transaction{number, mix(rules_.seed ^ mix(number)), now};
  const std::uint64_t unique = mix(rules_.seed ^ 0x5eed) ^ mix(number + static_cast<std::uint64_t>(now) * 1'000);
  std::string tail = ",\"CompanyId\":" + json_string(rules_.tenant) + ",\"Id\":\"" + guid_text(mix(unique), unique) +
                     "\",\"TimeStamp\":" + std::to_string(next_ticks(now)) + ",\"AdditionalInfo\":{";
  if (number % 2 == 1) tail += "\"PXPerformanceInfoStartTime\":\"" + invariant_text(now) + "\"";
  tail += "}}";
  std::vector<std::string> bodies;
  for (const Seen& each : queries) {
    bodies.push_back("{" + rows(each.changes, transaction) + ",\"Query\":" + json_string(each.query) + tail);
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
