#include "acumatica/handed_keys.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include "base/bytes.hpp"

namespace product_sync::acumatica {

static_assert(sizeof(std::size_t) == sizeof(std::uint64_t));

namespace {
std::uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(trim_right(key)); }
}  // namespace

void HandedKeys::add(std::string_view key) { hashes_.push_back(hash_of(key)); }

void HandedKeys::seal() {
  std::sort(hashes_.begin(), hashes_.end());
  sealed_ = hashes_.size();
}

bool HandedKeys::contains(std::string_view key) const {
  const auto end = std::next(hashes_.begin(), static_cast<std::ptrdiff_t>(sealed_));
  return std::binary_search(hashes_.begin(), end, hash_of(key));
}

}  // namespace product_sync::acumatica
