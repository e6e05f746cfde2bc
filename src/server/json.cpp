#include "server/json.hpp"

#include "schedule/cron_words.hpp"
#include "store/states.hpp"

namespace product_sync::server {
namespace {

Json optional_time(const std::optional<Instant>& instant) {
  return instant ? Json(to_iso8601(*instant)) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string_view name_of(store::FileState state) {
  switch (state) {
    case store::FileState::writing:
      return "writing";
    case store::FileState::sealed:
      return "waiting";
    case store::FileState::applying:
      return "recording";
    case store::FileState::delivered:
      return "delivered";
    case store::FileState::dropping:
      return "dropping";
    case store::FileState::dropped:
      return "dropped";
  }
  return "unknown";
}

Json changes_json(const std::vector<catalog::Change>& changes) {
  Json list = Json::array();
  for (const auto& change : changes) {
    list.push_back({{"field", change.key}, {"before", change.before}, {"after", change.after}});
  }
  return list;
}

Json row_json(const std::optional<std::vector<sync::SentCell>>& row) {
  if (!row) return nullptr;
  Json list = Json::array();
  for (const auto& cell : *row) list.push_back({{"column", cell.column}, {"text", cell.text}});
  return list;
}

/// Members that every step has, then those of its kind.
Json to_json(const sync::StoryStep& step) {
  Json json{{"at", to_iso8601(step.at)},
            {"kind", sync::to_text(step.kind)},
            {"run", text_or_null(step.run_id)},
            {"code", text_or_null(step.code)},
            {"text", step.text},
            {"times", step.times},
            {"until", optional_time(step.until)}};
  if (step.file) json["file"] = {{"id", *step.file}, {"name", text_or_null(step.file_name)}};
  if (step.kind == sync::StepKind::plan) json["changes"] = changes_json(step.changes);
  if (step.kind == sync::StepKind::row) json["row"] = row_json(step.row);
  return json;
}

}  // namespace

Json to_json(const store::Run& run) {
  const auto& counts = run.counts;
  return {{"id", run.id},
          {"site", run.what.site},
          {"type", store::to_text(run.what.type)},
          {"trigger", run.what.trigger},
          {"from", optional_time(run.what.from)},
          {"to", optional_time(run.what.to)},
          {"dry_run", run.what.dry_run},
          {"state", store::to_text(run.state)},
          {"started", to_iso8601(run.started)},
          {"finished", optional_time(run.finished)},
          {"counts",
           {{"read", counts.read},
            {"eligible", counts.eligible},
            {"not_exported", counts.not_exported},
            {"unchanged", counts.unchanged},
            {"rows", counts.rows},
            {"parked", counts.parked},
            {"failed", counts.failed},
            {"withdrawn", counts.withdrawn},
            {"held", counts.held}}},
          {"file", text_or_null(run.file_name)},
          {"error_code", text_or_null(run.error_code)},
          {"error", text_or_null(run.error)}};
}

Json to_json(const store::LedgerEntry& entry) {
  Json told = Json::object();
  for (const auto& [key, value] : entry.told) told[key] = value;
  return {{"sku", entry.sku},
          {"inventory_id", entry.inventory_id},
          {"kind", catalog::to_text(entry.kind)},
          {"parent", text_or_null(entry.parent)},
          {"state", store::to_text(entry.state)},
          {"reason_code", text_or_null(entry.reason_code)},
          {"reason", text_or_null(entry.reason)},
          {"product_id", text_or_null(entry.product_id)},
          {"product_id_in_acumatica", text_or_null(entry.written_id)},
          {"read", optional_time(entry.read_at)},
          {"sent", optional_time(entry.sent_at)},
          {"changed", to_iso8601(entry.changed_at)},
          {"run", text_or_null(entry.run_id)},
          {"values", std::move(told)}};
}

Json to_json(const sync::Story& story) {
  Json json = story.entry ? to_json(*story.entry) : Json{{"sku", story.sku}, {"state", nullptr}};
  json["remedy"] = text_or_null(story.remedy);
  json["components"] = story.components;
  json["variations"] = story.variations;
  json["bundles"] = story.bundles;
  json["retry"] = story.retry ? to_json(*story.retry) : Json(nullptr);
  json["waiting_file"] = story.waiting ? to_json(*story.waiting) : Json(nullptr);
  json["story"] = Json::array();
  for (const auto& step : story.steps) json["story"].push_back(to_json(step));
  return json;
}

Json to_json(const store::OutboxFile& file) {
  return {{"id", file.id},
          {"name", file.file.name},
          {"run", file.run_id},
          {"state", name_of(file.state)},
          {"route", file.state == store::FileState::delivered ? Json(store::to_text(file.route)) : Json(nullptr)},
          {"rows", file.file.rows},
          {"bytes", file.file.bytes},
          {"sha256", file.file.sha256},
          {"attempts", file.attempts},
          {"last_error", text_or_null(file.last_error)},
          {"next_attempt", optional_time(file.next_attempt)},
          {"created", to_iso8601(file.created)},
          {"delivered", optional_time(file.delivered)}};
}

Json to_json(const store::RetryEntry& entry) {
  return {{"inventory_id", entry.inventory_id},
          {"code", entry.code},
          {"message", entry.message},
          {"attempts", entry.attempts},
          {"next_attempt", to_iso8601(entry.next_attempt)}};
}

Json to_json(const store::WithdrawalPlan& plan) {
  return {{"id", plan.id},
          {"state", plan.confirmed ? "confirmed" : "held"},
          {"products", plan.products},
          {"known", plan.known},
          {"run", plan.run_id},
          {"created", to_iso8601(plan.created)},
          {"confirmed", optional_time(plan.confirmed)}};
}

Json to_json(const store::PlannedWithdrawal& product) {
  return {{"sku", product.sku},
          {"inventory_id", product.inventory_id},
          {"reason_code", product.reason_code},
          {"reason", product.reason}};
}

Json to_json(const store::InboxStats& stats) {
  return {{"pending", stats.pending},
          {"oldest_pending", optional_time(stats.oldest_pending)},
          {"stored", stats.stored},
          {"quarantined", stats.quarantined}};
}

Json to_json(const store::QuarantinedBody& body) {
  return {{"received", to_iso8601(body.received)},
          {"code", body.code},
          {"reason", body.reason},
          {"offset", body.offset},
          {"body", body.body}};
}

Json to_json(const sync::Freshness& freshness) {
  return {{"oldest_undelivered", optional_time(freshness.undelivered)}, {"oldest_unproven", optional_time(freshness.unproven)}};
}

Json to_json(const sync::ScheduleStatus& status) {
  const auto& one = status.schedule;
  const auto& timing = one.timing;
  const auto time = [](const std::optional<Instant>& at) { return at ? Json(to_iso8601(*at)) : Json(nullptr); };
  Json blackout = Json::array();
  for (const auto& window : timing.blackout.windows()) blackout.push_back(window.text);
  const auto words = schedule::in_words(timing.cron);
  Json json = {{"site", one.site},
               {"name", one.name},
               {"task", schedule::to_text(one.task)},
               {"active", status.active},
               {"switched_by_operator", status.state.active.has_value()},
               {"cron", timing.cron.text()},
               {"description", words.empty() ? Json(nullptr) : Json(words)},
               {"zone", timing.zone.name()},
               {"jitter_seconds", timing.jitter.count()},
               {"blackout", std::move(blackout)},
               {"next", time(status.next)},
               {"next_local", status.next ? Json(timing.zone.format(*status.next)) : Json(nullptr)},
               {"last", nullptr},
               {"skipped", nullptr}};
  if (const auto& start = status.state.start) {
    json["last"] = {{"started", to_iso8601(start->at)},
                    {"occurrence", time(start->occurrence)},
                    {"sync", start->run_id.empty() ? Json(nullptr) : Json(start->run_id)},
                    {"outcome", status.outcome()},
                    {"error", status.error().empty() ? Json(nullptr) : Json(status.error())}};
  }
  if (const auto& skip = status.state.skip) {
    json["skipped"] = {{"occurrence", to_iso8601(skip->occurrence)}, {"code", skip->code}, {"reason", skip->reason}};
  }
  return json;
}

Json to_json(const sync::PlannedProduct& product) {
  Json reasons = Json::array();
  for (const auto& reason : product.reasons) reasons.push_back({{"code", reason.code}, {"text", reason.text}});
  return {{"sku", product.sku},
          {"kind", catalog::to_text(product.kind)},
          {"parent", text_or_null(product.parent)},
          {"state", sync::to_text(product.state)},
          {"changes", changes_json(product.changes)},
          {"reasons", std::move(reasons)}};
}

Json to_json(const sync::PlanTotals& totals) {
  Json products = Json::object();
  for (const auto& [state, count] : totals.products) products[std::string(sync::to_text(state))] = count;
  Json fields = Json::object();
  for (const auto& [field, count] : totals.fields) fields[field] = count;
  Json reasons = Json::object();
  for (const auto& [code, count] : totals.reasons) reasons[code] = count;
  return {{"products", std::move(products)}, {"fields", std::move(fields)}, {"reasons", std::move(reasons)}};
}

// A quarantined body may be any bytes: what is not UTF-8 is shown as U+FFFD.
std::string dump(const Json& value) { return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Response json_response(int status, const Json& value) { return {status, "application/json", dump(value), {}}; }

}  // namespace product_sync::server
