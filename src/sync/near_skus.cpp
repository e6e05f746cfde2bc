#include "sync/near_skus.hpp"

#include <algorithm>
#include <set>

#include "sync/subject.hpp"

namespace product_sync::sync {
namespace {

constexpr std::size_t kMostNear = 5;
/// Nobody mistypes a longer one; the variants below grow with its length.
constexpr std::size_t kLongestTyped = 64;
constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_./ ";

/// Everything that is one slip of the keyboard away: looked up by key, they cost less than a look through the catalogue.
std::vector<std::string> variants_of(const std::string& key) {
  std::set<std::string> variants;
  for (std::size_t at = 0; at <= key.size(); ++at) {
    for (const char c : kCharacters) {
      auto longer = key;
      longer.insert(at, 1, c);
      variants.insert(std::move(longer));
    }
    if (at == key.size()) break;
    auto shorter = key;
    variants.insert(shorter.erase(at, 1));
    for (const char c : kCharacters) {
      auto changed = key;
      changed[at] = c;
      variants.insert(std::move(changed));
    }
    if (at + 1 == key.size()) continue;
    auto swapped = key;
    std::swap(swapped[at], swapped[at + 1]);
    variants.insert(std::move(swapped));
  }
  variants.erase(key);
  return {variants.begin(), variants.end()};
}

}  // namespace

Result<std::vector<std::string>> near_skus(std::string_view site, std::string_view sku, store::Store& store) {
  const auto key = key_of(sku);
  std::vector<std::string> near;
  if (key.empty() || key.size() > kLongestTyped) return near;
  const auto known = store.ledger().known(site, variants_of(key), std::nullopt);
  if (!known) return tl::unexpected(known.error());
  for (const auto& [variant, found] : *known) {
    if (near.size() == kMostNear) return near;
    const auto entry = store.ledger().find(site, variant);
    if (!entry) return tl::unexpected(entry.error());
    if (*entry) near.push_back((*entry)->sku);
  }
  store::LedgerFilter containing;
  containing.search = key;
  containing.limit = kMostNear;
  const auto listed = store.ledger().list(site, containing);
  if (!listed) return tl::unexpected(listed.error());
  for (const auto& entry : *listed) {
    if (near.size() < kMostNear && std::ranges::find(near, entry.sku) == near.end()) near.push_back(entry.sku);
  }
  return near;
}

std::string did_you_mean(const std::vector<std::string>& skus) {
  if (skus.empty()) return {};
  std::string text = "Did you mean ";
  for (std::size_t i = 0; i < skus.size(); ++i) {
    if (i > 0) text += i + 1 == skus.size() ? " or " : ", ";
    text += skus[i];
  }
  return text += "?";
}

}  // namespace product_sync::sync
