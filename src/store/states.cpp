#include "store/states.hpp"

#include <algorithm>

namespace product_sync::store {
namespace {

using enum ProductState;

constexpr std::array kProductStates{
    std::pair{pending, std::string_view("pending")},     std::pair{sent, std::string_view("sent")},
    std::pair{confirmed, std::string_view("confirmed")}, std::pair{rejected, std::string_view("rejected")},
    std::pair{overdue, std::string_view("overdue")},     std::pair{parked, std::string_view("parked")},
    std::pair{not_exported, std::string_view("not_exported")},
    std::pair{withdrawn, std::string_view("withdrawn")},
};

constexpr std::array kFileStates{
    std::pair{FileState::writing, std::string_view("writing")},
    std::pair{FileState::sealed, std::string_view("sealed")},
    std::pair{FileState::applying, std::string_view("applying")},
    std::pair{FileState::delivered, std::string_view("delivered")},
    std::pair{FileState::dropping, std::string_view("dropping")},
    std::pair{FileState::dropped, std::string_view("dropped")},
};

constexpr std::array kRunStates{
    std::pair{RunState::running, std::string_view("running")},
    std::pair{RunState::succeeded, std::string_view("succeeded")},
    std::pair{RunState::partial, std::string_view("partial")},
    std::pair{RunState::failed, std::string_view("failed")},
    std::pair{RunState::cancelled, std::string_view("cancelled")},
    std::pair{RunState::interrupted, std::string_view("interrupted")},
};

constexpr std::array kRunTypes{
    std::pair{RunType::full, std::string_view("full")},
    std::pair{RunType::delta, std::string_view("delta")},
    std::pair{RunType::custom, std::string_view("custom")},
    std::pair{RunType::push, std::string_view("push")},
    std::pair{RunType::reconcile, std::string_view("reconcile")},
};

constexpr std::array kPeers{
    std::pair{Peer::acumatica, std::string_view("acumatica")},
    std::pair{Peer::rithum, std::string_view("rithum")},
    std::pair{Peer::destination, std::string_view("destination")},
};

constexpr std::array kDirections{
    std::pair{Direction::outgoing, std::string_view("outgoing")},
    std::pair{Direction::incoming, std::string_view("incoming")},
};

constexpr std::array kDriftKinds{
    std::pair{DriftKind::missing, std::string_view("missing")},
    std::pair{DriftKind::different, std::string_view("different")},
    std::pair{DriftKind::extra, std::string_view("extra")},
};

constexpr std::array kRemedies{
    std::pair{Remedy::would_send, std::string_view("would_send")},
    std::pair{Remedy::sent, std::string_view("sent")},
    std::pair{Remedy::beyond_most, std::string_view("beyond_most")},
    std::pair{Remedy::report_only, std::string_view("report_only")},
    std::pair{Remedy::not_in_order, std::string_view("not_in_order")},
    std::pair{Remedy::untouched, std::string_view("untouched")},
};

constexpr std::array kEventKinds{
    std::pair{EventKind::state, std::string_view("state")},
    std::pair{EventKind::unchanged, std::string_view("unchanged")},
    std::pair{EventKind::row, std::string_view("row")},
    std::pair{EventKind::retry, std::string_view("retry")},
    std::pair{EventKind::product_id, std::string_view("product_id")},
    std::pair{EventKind::written_id, std::string_view("written_id")},
};

constexpr std::array kFileEventKinds{
    std::pair{FileEventKind::failed, std::string_view("failed")},
    std::pair{FileEventKind::delivered, std::string_view("delivered")},
    std::pair{FileEventKind::dropped, std::string_view("dropped")},
    std::pair{FileEventKind::again, std::string_view("again")},
};

struct ProductTransition {
  std::optional<ProductState> from;
  ProductState to;
};

constexpr std::array kProductTransitions{
    // a file with its row is sealed
    ProductTransition{{}, pending},
    ProductTransition{sent, pending},
    ProductTransition{confirmed, pending},
    ProductTransition{rejected, pending},
    ProductTransition{overdue, pending},
    ProductTransition{parked, pending},
    ProductTransition{not_exported, pending},
    ProductTransition{withdrawn, pending},
    // the file is delivered
    ProductTransition{pending, sent},
    ProductTransition{confirmed, sent},
    ProductTransition{rejected, sent},
    ProductTransition{overdue, sent},
    ProductTransition{withdrawn, sent},
    ProductTransition{pending, withdrawn},
    ProductTransition{sent, withdrawn},
    ProductTransition{confirmed, withdrawn},
    ProductTransition{rejected, withdrawn},
    ProductTransition{overdue, withdrawn},
    // ... or dropped: only what Rithum was told before counts, which is the same transition
    // Rithum answers, or does not
    ProductTransition{sent, confirmed},
    ProductTransition{sent, rejected},
    ProductTransition{sent, overdue},
    ProductTransition{overdue, confirmed},
    ProductTransition{overdue, rejected},
    ProductTransition{confirmed, overdue},
    ProductTransition{withdrawn, rejected},
    // a run judges the item
    ProductTransition{{}, parked},
    ProductTransition{pending, parked},
    ProductTransition{sent, parked},
    ProductTransition{confirmed, parked},
    ProductTransition{rejected, parked},
    ProductTransition{overdue, parked},
    ProductTransition{not_exported, parked},
    ProductTransition{withdrawn, parked},
    ProductTransition{{}, not_exported},
    ProductTransition{pending, not_exported},
    ProductTransition{sent, not_exported},
    ProductTransition{confirmed, not_exported},
    ProductTransition{rejected, not_exported},
    ProductTransition{overdue, not_exported},
    ProductTransition{parked, not_exported},
    ProductTransition{withdrawn, not_exported},
    ProductTransition{parked, withdrawn},
    // ... and finds that it may be exported again, with the content that Rithum holds
    ProductTransition{parked, sent},
    ProductTransition{not_exported, sent},
};

template <class Names, class State>
std::string_view word_of(const Names& names, State state) {
  const auto found = std::ranges::find(names, state, [](const auto& name) { return name.first; });
  return found == names.end() ? std::string_view{} : found->second;
}

template <class Names>
auto state_of(const Names& names, std::string_view text) -> std::optional<decltype(names[0].first)> {
  const auto found = std::ranges::find(names, text, [](const auto& name) { return name.second; });
  if (found == names.end()) return std::nullopt;
  return found->first;
}

}  // namespace

StateNames<ProductState> product_state_names() { return kProductStates; }
StateNames<FileState> file_state_names() { return kFileStates; }
StateNames<RunState> run_state_names() { return kRunStates; }
StateNames<RunType> run_type_names() { return kRunTypes; }

std::string_view to_text(ProductState state) { return word_of(kProductStates, state); }
std::string_view to_text(FileState state) { return word_of(kFileStates, state); }
std::string_view to_text(Route route) { return route == Route::api ? "api" : "transfer"; }
std::string_view to_text(EventKind kind) { return word_of(kEventKinds, kind); }
std::string_view to_text(FileEventKind kind) { return word_of(kFileEventKinds, kind); }
std::string_view to_text(RunState state) { return word_of(kRunStates, state); }
std::string_view to_text(RunType type) { return word_of(kRunTypes, type); }
std::string_view to_text(Peer peer) { return word_of(kPeers, peer); }
std::string_view to_text(Direction direction) { return word_of(kDirections, direction); }
std::string_view to_text(DriftKind kind) { return word_of(kDriftKinds, kind); }
std::string_view to_text(Remedy remedy) { return word_of(kRemedies, remedy); }

std::optional<ProductState> parse_product_state(std::string_view text) { return state_of(kProductStates, text); }
std::optional<FileState> parse_file_state(std::string_view text) { return state_of(kFileStates, text); }
std::optional<RunState> parse_run_state(std::string_view text) { return state_of(kRunStates, text); }
std::optional<EventKind> parse_event_kind(std::string_view text) { return state_of(kEventKinds, text); }
std::optional<FileEventKind> parse_file_event_kind(std::string_view text) { return state_of(kFileEventKinds, text); }
std::optional<RunType> parse_run_type(std::string_view text) { return state_of(kRunTypes, text); }
std::optional<Peer> parse_peer(std::string_view text) { return state_of(kPeers, text); }
std::optional<Direction> parse_direction(std::string_view text) { return state_of(kDirections, text); }
std::optional<DriftKind> parse_drift_kind(std::string_view text) { return state_of(kDriftKinds, text); }
std::optional<Remedy> parse_remedy(std::string_view text) { return state_of(kRemedies, text); }

bool may_follow(std::optional<ProductState> from, ProductState to) {
  return std::ranges::any_of(kProductTransitions,
                             [&](const auto& known) { return known.from == from && known.to == to; });
}

bool may_follow(RunState from, RunState to) { return from == RunState::running && to != RunState::running; }

}  // namespace product_sync::store
