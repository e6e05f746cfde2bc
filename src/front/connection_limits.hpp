#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ip_address.hpp"

namespace product_sync::front {

/// How many connections there may be, in total and from one subscriber (IpAddress::network()), and which one makes room
/// for a new one: the oldest idle one, and where none is idle, the one that has been sending its request for the
/// longest. Pure; every call is O(1).
class ConnectionLimits {
 public:
  using Slot = std::uint32_t;
  enum class Phase {
    idle,       ///< between requests
    receiving,  ///< a request has begun and is not whole
    busy        ///< being answered: never makes room
  };

  ConnectionLimits(std::size_t most, std::size_t most_per_address) : most_(most), most_per_address_(most_per_address) {}

  struct Room {
    bool available = false;
    std::optional<Slot> victim;  ///< to be closed first
  };
  enum class Share { limited, unlimited };
  /// Whether a connection from there may come in. A proxy, which speaks for many, has an unlimited share of the total.
  [[nodiscard]] Room room_for(const IpAddress& address, Share share = Share::limited) const;
  /// Who goes when the machine itself has no room left.
  [[nodiscard]] std::optional<Slot> oldest() const { return oldest_of(all_); }

  void opened(Slot slot, const IpAddress& address);  ///< in phase idle
  void moved(Slot slot, Phase phase);
  void closed(Slot slot);

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t count(Phase phase) const { return all_.of[static_cast<std::size_t>(phase)].size(); }
  [[nodiscard]] std::size_t count_of(const IpAddress& address) const;

 private:
  using Queue = std::list<Slot>;
  struct Queues {
    Queue of[3];  // by phase, the oldest in front
    [[nodiscard]] std::size_t size() const { return of[0].size() + of[1].size() + of[2].size(); }
  };
  struct Entry {
    IpAddress address;
    Queues* network = nullptr;  // in networks_
    Phase phase = Phase::idle;
    Queue::iterator in_all;
    Queue::iterator in_network;
  };
  [[nodiscard]] static std::optional<Slot> oldest_of(const Queues& queues);

  std::size_t most_;
  std::size_t most_per_address_;
  std::size_t count_ = 0;
  Queues all_;
  std::unordered_map<IpAddress, Queues> networks_;
  std::vector<Entry> entries_;  // by slot
};

}  // namespace product_sync::front
