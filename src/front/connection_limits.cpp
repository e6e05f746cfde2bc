#include "front/connection_limits.hpp"

#include <iterator>

namespace product_sync::front {
namespace {

constexpr std::size_t index(ConnectionLimits::Phase phase) { return static_cast<std::size_t>(phase); }

}  // namespace

std::optional<ConnectionLimits::Slot> ConnectionLimits::oldest_of(const Queues& queues) {
  for (const auto phase : {Phase::idle, Phase::receiving}) {
    if (const auto& queue = queues.of[index(phase)]; !queue.empty()) return queue.front();
  }
  return std::nullopt;
}

ConnectionLimits::Room ConnectionLimits::room_for(const IpAddress& address, Share share) const {
  const auto network = networks_.find(address.network());
  if (share == Share::limited && network != networks_.end() && network->second.size() >= most_per_address_) {
    const auto victim = oldest_of(network->second);
    return {victim.has_value(), victim};
  }
  if (count_ < most_) return {true, std::nullopt};
  const auto victim = oldest();
  return {victim.has_value(), victim};
}

void ConnectionLimits::opened(Slot slot, const IpAddress& address) {
  if (entries_.size() <= slot) entries_.resize(slot + 1);
  auto& entry = entries_[slot];
  entry = {address.network(), nullptr, Phase::idle, {}, {}};
  entry.network = &networks_[entry.address];
  const auto append = [&](Queues& queues) {
    auto& idle = queues.of[index(Phase::idle)];
    return idle.insert(idle.end(), slot);
  };
  entry.in_all = append(all_);
  entry.in_network = append(*entry.network);
  ++count_;
}

void ConnectionLimits::moved(Slot slot, Phase phase) {
  auto& entry = entries_[slot];
  if (entry.phase == phase) return;
  const auto move = [&](Queues& queues, Queue::iterator position) {
    auto& target = queues.of[index(phase)];
    target.splice(target.end(), queues.of[index(entry.phase)], position);
  };
  move(all_, entry.in_all);
  move(*entry.network, entry.in_network);
  entry.phase = phase;
}

void ConnectionLimits::closed(Slot slot) {
  const auto& entry = entries_[slot];
  all_.of[index(entry.phase)].erase(entry.in_all);
  entry.network->of[index(entry.phase)].erase(entry.in_network);
  if (entry.network->size() == 0) networks_.erase(entry.address);
  --count_;
}

std::size_t ConnectionLimits::count_of(const IpAddress& address) const {
  const auto network = networks_.find(address.network());
  return network == networks_.end() ? 0 : network->second.size();
}

}  // namespace product_sync::front
