#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// An item that has to be read again: its read failed, or a later change was overtaken by an older file.
struct RetryEntry {
  std::string inventory_id;
  std::string code;
  std::string message;
  int attempts = 0;
  Instant next_attempt;
};

/// Items that a modification-time filter will not offer again by itself (acumatica.md §2.6). Thread-safe.
class RetryList {
 public:
  virtual ~RetryList() = default;
  /// Adds or replaces by inventory ID; `attempts` of an entry already there is raised by one. `run_id` names the run that
  /// could not read them.
  virtual Result<void> put(std::string_view site, std::string_view run_id, std::span<const RetryEntry> entries,
                           Instant now) = 0;
  virtual Result<std::vector<RetryEntry>> due(std::string_view site, Instant now, std::size_t limit) = 0;
  virtual Result<std::vector<RetryEntry>> list(std::string_view site, std::size_t limit) = 0;
  virtual Result<void> remove(std::string_view site, std::span<const std::string> inventory_ids) = 0;
};

/// Up to where each site has been read: the start of its last successful run, minus the overlap. Only moves forward.
class Watermarks {
 public:
  virtual ~Watermarks() = default;
  virtual Result<std::optional<Instant>> get(std::string_view site) = 0;
  virtual Result<void> advance(std::string_view site, Instant to) = 0;
};

}  // namespace product_sync::store
