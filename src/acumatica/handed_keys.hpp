#pragma once

#include <cstdint>
#include <deque>
#include <string_view>

namespace product_sync::acumatica {

/// Remembers which items a read has handed on, in eight bytes each, so that a read that must start over hands none on
/// twice. Keys are compared without trailing blanks and by a 64-bit hash: among a million items the chance that any two
/// share one is below one in ten million.
class HandedKeys {
 public:
  void add(std::string_view key);
  /// Makes the keys added so far findable.
  void seal();
  /// Whether `key` was added before the last seal().
  [[nodiscard]] bool contains(std::string_view key) const;
  [[nodiscard]] std::size_t size() const { return hashes_.size(); }

 private:
  std::deque<std::uint64_t> hashes_;  // grows without copying; [0, sealed_) is sorted
  std::size_t sealed_ = 0;
};

}  // namespace product_sync::acumatica
