#pragma once

#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace acumatica_sim {

/// What goes wrong on purpose; set by `--cannot-optimize`, `--order` and POST /control/behaviour. Members are the JSON
/// names.
struct BehaviourSettings {
  std::uint32_t latency_ms = 0;  ///< before every API request
  std::uint32_t fail_next = 0;   ///< the next n API requests answer fail_status
  std::uint32_t fail_status = 503;
  std::uint32_t fail_tokens_next = 0;   ///< the next n token requests answer fail_status
  std::uint32_t retry_after_s = 0;      ///< with fail_status; 0 = no header
  std::uint32_t unauthorized_next = 0;  ///< the next n API requests answer 401
  std::uint32_t cut_next = 0;           ///< the next n API replies lose their connection after cut_after_bytes
  std::uint32_t cut_after_bytes = 0;
  std::uint32_t truncate_next = 0;  ///< the next n API replies end, well formed as HTTP, after truncate_bytes of JSON
  std::uint32_t truncate_bytes = 100;
  std::uint32_t repeat_pages = 0;             ///< the next n lists answer the rows of the list before
  std::string order = "ascending";            ///< of lists: ascending or shuffled
  std::vector<std::string> cannot_optimize;   ///< lists that expand one of these answer 500
  std::uint32_t duplicate_notifications = 0;  ///< each is sent this many times more
  std::uint32_t reorder_window = 0;           ///< the next one is picked among the first n waiting
  std::uint32_t malformed_every = 0;          ///< before every n-th post a malformed body is posted
  bool hold_pushes = false;                   ///< notifications wait until this is false
};

/// How one API reply is to be spoiled.
struct Spoiled {
  std::optional<std::size_t> cut_after;
  std::optional<std::size_t> truncate_after;
};

/// The settings, shared by the routes, the push queue and the control interface. Safe for many threads.
class Behaviour {
 public:
  explicit Behaviour(BehaviourSettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] BehaviourSettings settings() const;
  /// Merges the members of `changes`; throws Refusal 400 for unknown names and wrong types.
  void change(const nlohmann::json& changes);
  [[nodiscard]] nlohmann::json as_json() const;

  /// Counts one API request: the status it must answer with, if any.
  [[nodiscard]] std::optional<std::uint32_t> next_refusal();
  /// The same for a token request.
  [[nodiscard]] std::optional<std::uint32_t> next_token_refusal();
  [[nodiscard]] Spoiled next_reply();
  [[nodiscard]] bool repeat_page();

 private:
  mutable std::mutex mutex_;
  BehaviourSettings settings_;
};

}  // namespace acumatica_sim
