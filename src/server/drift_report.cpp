#include "server/drift_report.hpp"

#include "server/csv.hpp"

namespace product_sync::server {

Json to_json(const store::DriftReport& report, const store::Run* run) {
  const auto& counts = report.counts;
  Json fields = Json::object();
  for (const auto& [field, products] : counts.fields) fields[field] = products;
  return {{"id", report.run_id},
          {"site", report.site},
          {"repair", report.repair},
          {"most", report.most},
          {"completed", report.completed ? Json(to_iso8601(*report.completed)) : Json(nullptr)},
          {"counts",
           {{"shown", counts.shown},
            {"told", counts.told},
            {"equal", counts.equal},
            {"on_their_way", counts.on_their_way},
            {"missing", counts.missing},
            {"different", counts.different},
            {"extra", counts.extra},
            {report.repair ? "sent" : "would_send", counts.to_send},
            {"left", counts.left},
            {"rows_left_out", counts.rows_left_out}}},
          {"fields", std::move(fields)},
          {"run", run == nullptr ? Json(nullptr) : to_json(*run)}};
}

Json to_json(const store::DriftRow& row) {
  Json json = {{"number", row.number},
               {"kind", store::to_text(row.kind)},
               {"sku", row.sku},
               {"product_id", row.product_id.empty() ? Json(nullptr) : Json(row.product_id)}};
  if (row.kind == store::DriftKind::different) {
    json["field"] = row.field;
    json["told"] = row.told;
    json["shown"] = row.shown;
  }
  json["remedy"] = store::to_text(row.remedy);
  return json;
}

std::string drift_csv_header() {
  std::string csv;
  add_csv_line(csv, {"site", "kind", "sku", "product_id", "field", "told", "shown", "remedy"});
  return csv;
}

std::string drift_csv(std::string_view site, const store::DriftRow& row) {
  std::string csv;
  add_csv_line(csv, {site, store::to_text(row.kind), row.sku, row.product_id, row.field, row.told, row.shown,
                     store::to_text(row.remedy)});
  return csv;
}

}  // namespace product_sync::server
