#include "server/event_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/digest.hpp"
#include "server/json.hpp"
#include "store/states.hpp"

namespace product_sync::server {
namespace {

constexpr std::size_t kProcessBytes = 6;

/// The name of an event and what it carries.
struct Telling {
  std::string_view name;
  Json data;
};

Telling tell(const sync::RunEvent& event) {
  using Step = sync::RunEvent::Step;
  const std::string_view name = event.step == Step::started    ? "run.started"
                                : event.step == Step::progress ? "run.progress"
                                                               : "run.ended";
  return {name, to_json(event.run)};
}

Telling tell(const sync::FileEvent& event) {
  using Step = sync::FileEvent::Step;
  const auto& file = event.file;
  Json data = {{"site", file.site},
               {"id", file.id},
               {"name", file.file.name},
               {"run", file.run_id},
               {"rows", file.file.rows},
               {"bytes", file.file.bytes}};
  if (event.step == Step::dropped) return {"file.dropped", std::move(data)};
  if (event.step == Step::delivered) {
    data["route"] = store::to_text(event.route);
    return {"file.delivered", std::move(data)};
  }
  data["attempts"] = file.attempts + 1;
  data["error_code"] = event.error ? Json(event.error->code) : Json(nullptr);
  data["error"] = event.error ? Json(event.error->text()) : Json(nullptr);
  data["next_attempt"] = event.next_attempt ? Json(to_iso8601(*event.next_attempt)) : Json(nullptr);
  return {"file.failed", std::move(data)};
}

Telling tell(const sync::QueueEvent& event) {
  return {"queue",
          {{"site", event.site},
           {"new_notifications", event.new_notifications},
           {"pending_notifications", event.pending_notifications},
           {"waiting_files", event.waiting_files}}};
}

Telling tell(const sync::ScheduleEvent& event) {
  Json data = {{"site", event.site},
               {"schedule", event.schedule},
               {"occurrence", event.occurrence ? Json(to_iso8601(*event.occurrence)) : Json(nullptr)}};
  if (!event.skipped.empty()) {
    data["reason"] = event.skipped;
    return {"schedule.skipped", std::move(data)};
  }
  data["run"] = event.run_id.empty() ? Json(nullptr) : Json(event.run_id);
  data["error"] = event.error.empty() ? Json(nullptr) : Json(event.error);
  return {"schedule.started", std::move(data)};
}

/// On one line, as an event's data must be.
std::string one_line(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

EventHistory::EventHistory(std::size_t most_events, std::size_t most_bytes)
    : most_events_(most_events), most_bytes_(most_bytes), process_(random_hex(kProcessBytes)) {}

void EventHistory::add(const sync::Event& event) {
  const auto telling = std::visit([](const auto& given) { return tell(given); }, event);
  const auto lines = fmt::format("event: {}\ndata: {}\n\n", telling.name, one_line(telling.data));
  const std::lock_guard lock(mutex_);
  ++newest_;
  entries_.push_back({sync::site_of(event), id_line(newest_) + lines});
  bytes_ += entries_.back().text.size();
  while (entries_.size() > most_events_ || (bytes_ > most_bytes_ && entries_.size() > 1)) {
    bytes_ -= entries_.front().text.size();
    entries_.pop_front();
  }
}

EventHistory::Number EventHistory::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

std::optional<EventHistory::Number> EventHistory::find(std::string_view id) const {
  if (!id.starts_with(process_) || id.size() <= process_.size() || id[process_.size()] != '-') return std::nullopt;
  const auto digits = id.substr(process_.size() + 1);
  Number number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc{} || end != digits.data() + digits.size() || number > newest()) return std::nullopt;
  return number;
}

EventHistory::Number EventHistory::read(Number after, std::string_view site, std::size_t enough,
                                        std::string& to) const {
  const std::lock_guard lock(mutex_);
  auto next = std::max(after + 1, first());
  if (next > after + 1) to += missed(next - 1);
  for (; next <= newest_ && to.size() < enough; ++next) {
    const auto& entry = entries_[next - first()];
    if (site.empty() || entry.site == site) to += entry.text;
  }
  return next - 1;
}

std::string EventHistory::id_line(Number number) const { return fmt::format("id: {}-{}\n", process_, number); }

std::string EventHistory::missed(Number number) const { return id_line(number) + "event: missed\ndata: {}\n\n"; }

}  // namespace product_sync::server
