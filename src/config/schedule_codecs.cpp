#include "config/schedule_codecs.hpp"

namespace product_sync::config {
namespace {

using schedule::Blackout;
using schedule::BlackoutWindow;
using schedule::CronExpression;
using schedule::TimeZone;

template <class T>
std::string fault_of(const Result<T>& result) {
  return result ? std::string{} : in_one_sentence(result.error());
}

}  // namespace

Codec<schedule::Task> task() {
  std::vector<std::pair<std::string, schedule::Task>> choices;
  for (const auto& form : schedule::tasks()) choices.emplace_back(form.name, form.task);
  return choice<schedule::Task>(std::move(choices));
}

Codec<CronExpression> cron_expression() {
  ScalarForm<CronExpression> form;
  form.type = "cron expression";
  form.limits = "see docs/schedules.md";
  form.expected = "a cron expression such as \"30 2 * * MON-FRI\"";
  form.is_text = true;
  form.parse = [](const std::string& text) -> std::optional<CronExpression> {
    auto parsed = CronExpression::parse(text);
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
  };
  form.write = [](const CronExpression& cron) { return Node::quoted_text(cron.text()); };
  form.hint = [](const std::string& text) { return fault_of(CronExpression::parse(text)); };
  auto codec = scalar_codec<CronExpression>(std::move(form));
  codec.write = [write = codec.write](const CronExpression& cron) {
    return cron.text().empty() ? std::nullopt : write(cron);
  };
  return codec;
}

Codec<TimeZone> time_zone() {
  ScalarForm<TimeZone> form;
  form.type = "time zone";
  form.expected = "a time zone such as Europe/Berlin";
  form.is_text = true;
  form.parse = [](const std::string& text) -> std::optional<TimeZone> {
    auto found = TimeZone::find(text);
    return found ? std::optional(std::move(*found)) : std::nullopt;
  };
  form.write = [](const TimeZone& zone) { return Node::scalar(zone.name()); };
  form.hint = [](const std::string& text) { return fault_of(TimeZone::find(text)); };
  return scalar_codec<TimeZone>(std::move(form));
}

Codec<std::optional<TimeZone>> optional_time_zone() {
  const auto one = time_zone();
  auto read = [one](const Value& value, std::optional<TimeZone>& out) {
    TimeZone zone;
    one.read(value, zone);
    out = std::move(zone);
  };
  auto write = [one](const std::optional<TimeZone>& zone) { return zone ? one.write(*zone) : std::nullopt; };
  return {one.type, one.limits, false, read, write};
}

Codec<Blackout> blackout() {
  constexpr std::size_t kMost = 50;
  const auto texts =
      text_list(0, kMost, {.shortest = 1, .longest = 100, .expected = "hours such as \"MON-FRI 08:00-18:00\""});
  auto read = [texts](const Value& value, Blackout& out) {
    std::vector<std::string> written;
    texts.read(value, written);
    std::vector<BlackoutWindow> windows;
    for (std::size_t i = 0; i < written.size(); ++i) {
      auto window = BlackoutWindow::parse(written[i]);
      if (!window) return value.items()[i].wrong(in_one_sentence(window.error()));
      windows.push_back(std::move(*window));
    }
    auto made = Blackout::of(std::move(windows));
    if (!made) return value.wrong(in_one_sentence(made.error()));
    out = std::move(*made);
  };
  auto write = [texts](const Blackout& hours) {
    std::vector<std::string> written;
    for (const auto& window : hours.windows()) written.push_back(window.text);
    return texts.write(written);
  };
  return {"list of hours", "see docs/schedules.md", false, read, write};
}

std::string schedules_help() {
  std::string help =
      "What the site does by itself while `serve` runs, beside taking notifications. Each key is the name of a schedule, 1 to "
      "32 characters of `a-z`, `0-9`, `-` and `_`. From the start, and switched off, there are";
  const auto forms = schedule::tasks();
  for (std::size_t i = 0; i < forms.size(); ++i) {
    help += fmt::format("{} `{}` (`{}`: {})", i == 0 ? "" : i + 1 == forms.size() ? " and" : ",", forms[i].name,
                        forms[i].default_cron, forms[i].help);
  }
  return help + "; `id_refresh` and `reconcile` only with `rithum`. See docs/schedules.md.";
}

}  // namespace product_sync::config
