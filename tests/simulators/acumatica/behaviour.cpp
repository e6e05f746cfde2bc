#include "behaviour.hpp"

#include "refusal.hpp"

namespace acumatica_sim {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(BehaviourSettings, latency_ms, fail_next, fail_status, fail_tokens_next,
                                                retry_after_s, unauthorized_next, cut_next, cut_after_bytes,
                                                truncate_next, truncate_bytes, repeat_pages, order, cannot_optimize,
                                                duplicate_notifications, reorder_window, malformed_every, hold_pushes)

namespace {

/// True, and one less, while `left` lasts.
bool spend(std::uint32_t& left) {
  if (left == 0) return false;
  --left;
  return true;
}

}  // namespace

BehaviourSettings Behaviour::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

void Behaviour::change(const nlohmann::json& changes) try {
  const std::lock_guard lock(mutex_);
  nlohmann::json all = settings_;
  if (!changes.is_object()) throw Refusal(400, "behaviour: an object is expected");
  for (const auto& [name, value] : changes.items()) {
    if (!all.contains(name)) throw Refusal(400, "behaviour: unknown setting '" + name + "'");
    if (all[name].is_number() && !value.is_number_unsigned()) {
      throw Refusal(400, "behaviour: '" + name + "' must be a number from 0");
    }
    all[name] = value;
  }
  if (all["order"] != "ascending" && all["order"] != "shuffled") {
    throw Refusal(400, "behaviour: 'order' must be ascending or shuffled");
  }
  settings_ = all.get<BehaviourSettings>();
} catch (const nlohmann::json::exception& error) {
  throw Refusal(400, std::string("behaviour: ") + error.what());
}

nlohmann::json Behaviour::as_json() const { return settings(); }

std::optional<std::uint32_t> Behaviour::next_refusal() {
  const std::lock_guard lock(mutex_);
  if (spend(settings_.unauthorized_next)) return 401;
  if (spend(settings_.fail_next)) return settings_.fail_status;
  return std::nullopt;
}

std::optional<std::uint32_t> Behaviour::next_token_refusal() {
  const std::lock_guard lock(mutex_);
  return spend(settings_.fail_tokens_next) ? std::optional(settings_.fail_status) : std::nullopt;
}

Spoiled Behaviour::next_reply() {
  const std::lock_guard lock(mutex_);
  Spoiled spoiled;
  if (spend(settings_.cut_next)) {
    spoiled.cut_after = settings_.cut_after_bytes;
  } else if (spend(settings_.truncate_next)) {
    spoiled.truncate_after = settings_.truncate_bytes;
  }
  return spoiled;
}

bool Behaviour::repeat_page() {
  const std::lock_guard lock(mutex_);
  return spend(settings_.repeat_pages);
}

}  // namespace acumatica_sim
