#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "sync/event.hpp"

namespace product_sync::server {

/// The latest events in the words of `text/event-stream`, numbered, so that each reader goes on where it stopped.
/// Bounded: the oldest make room, and a reader who was too slow is told that it missed some. Thread-safe.
class EventHistory {
 public:
  using Number = std::uint64_t;

  explicit EventHistory(std::size_t most_events = 1'000, std::size_t most_bytes = std::size_t{1} << 20U);

  void add(const sync::Event& event);

  [[nodiscard]] Number newest() const;
  /// The number behind an id of this process; absent for any other text.
  [[nodiscard]] std::optional<Number> find(std::string_view id) const;

  /// Appends to `to` the events of `site` (empty: of all) behind `after`, until it has `enough` bytes; those that are
  /// gone as one event `missed`. Returns up to where was read.
  Number read(Number after, std::string_view site, std::size_t enough, std::string& to) const;

  /// A line that sets the position of a client that has not got an event yet.
  [[nodiscard]] std::string id_line(Number number) const;
  /// The event `missed`: what was before `number` is not all told.
  [[nodiscard]] std::string missed(Number number) const;

 private:
  struct Entry {
    std::string site;
    std::string text;
  };
  /// Of the oldest entry, or of the next one when there is none.
  [[nodiscard]] Number first() const { return newest_ + 1 - entries_.size(); }

  const std::size_t most_events_;
  const std::size_t most_bytes_;
  const std::string process_;  // tells ids of this process from those of another

  mutable std::mutex mutex_;  // guards all below
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  Number newest_ = 0;
};

}  // namespace product_sync::server
