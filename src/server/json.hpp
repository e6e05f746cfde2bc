#pragma once

#include <nlohmann/json.hpp>

#include "server/http.hpp"
#include "store/store.hpp"
#include "sync/freshness.hpp"
#include "sync/plan.hpp"
#include "sync/schedule_status.hpp"
#include "sync/story.hpp"

/// The JSON forms that the API, the dashboard and the CLI's --json share.
namespace product_sync::server {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json to_json(const store::Run& run);
[[nodiscard]] Json to_json(const store::LedgerEntry& entry);
/// The entry, with what belongs to it, and the story itself.
[[nodiscard]] Json to_json(const sync::Story& story);
[[nodiscard]] Json to_json(const store::OutboxFile& file);
[[nodiscard]] Json to_json(const store::RetryEntry& entry);
[[nodiscard]] Json to_json(const store::WithdrawalPlan& plan);
[[nodiscard]] Json to_json(const store::PlannedWithdrawal& product);
[[nodiscard]] Json to_json(const store::InboxStats& stats);
[[nodiscard]] Json to_json(const store::QuarantinedBody& body);

[[nodiscard]] Json to_json(const sync::Freshness& freshness);
[[nodiscard]] Json to_json(const sync::ScheduleStatus& status);
[[nodiscard]] Json to_json(const sync::PlannedProduct& product);
[[nodiscard]] Json to_json(const sync::PlanTotals& totals);

[[nodiscard]] std::string dump(const Json& value);
[[nodiscard]] Response json_response(int status, const Json& value);

}  // namespace product_sync::server
