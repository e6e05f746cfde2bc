#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace product_sync::store {

/// What a run keeps until everything has been read: records by list and key. On disk, in the order of their keys, and gone
/// with it; nothing of it survives a crash. For one thread.
class Scratch {
 public:
  virtual ~Scratch() = default;

  struct Record {
    std::string key;
    std::string bytes;
  };

  /// Adds or replaces.
  virtual Result<void> put(std::string_view list, std::string_view key, std::string_view bytes) = 0;
  virtual Result<std::optional<std::string>> get(std::string_view list, std::string_view key) = 0;
  /// The records behind `after` whose keys begin with `prefix`, at most `limit`.
  virtual Result<std::vector<Record>> next(std::string_view list, std::string_view prefix, std::string_view after,
                                           std::size_t limit) = 0;
};

}  // namespace product_sync::store
