#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "store/history.hpp"
#include "store/ledger.hpp"
#include "store/outbox.hpp"
#include "store/reconciliations.hpp"
#include "store/request_log.hpp"
#include "store/runs.hpp"

namespace product_sync::store {

/// States and their words, and which state may follow which. docs/state_machine.md draws the same.
template <class State>
using StateNames = std::span<const std::pair<State, std::string_view>>;

[[nodiscard]] StateNames<ProductState> product_state_names();
[[nodiscard]] StateNames<FileState> file_state_names();
[[nodiscard]] StateNames<RunState> run_state_names();
[[nodiscard]] StateNames<RunType> run_type_names();

[[nodiscard]] std::string_view to_text(FileState state);
[[nodiscard]] std::string_view to_text(Route route);
[[nodiscard]] std::string_view to_text(FileEventKind kind);
[[nodiscard]] std::optional<FileState> parse_file_state(std::string_view text);
[[nodiscard]] std::optional<RunState> parse_run_state(std::string_view text);
[[nodiscard]] std::optional<EventKind> parse_event_kind(std::string_view text);
[[nodiscard]] std::optional<FileEventKind> parse_file_event_kind(std::string_view text);

/// No `from`: the first state of a product. Staying in a state is no transition.
[[nodiscard]] bool may_follow(std::optional<ProductState> from, ProductState to);
[[nodiscard]] bool may_follow(RunState from, RunState to);

}  // namespace product_sync::store
