#include "config/near_miss.hpp"

#include <algorithm>
#include <limits>

#include "base/bytes.hpp"
#include "base/edit_distance.hpp"

namespace product_sync::config {
namespace {

constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();
/// Nobody mistypes more than this, and the distance takes length times length.
constexpr std::size_t kLongest = 64;
/// A near word of a longer name is weaker evidence than a near name.
constexpr std::size_t kWordPenalty = 2;

std::string normal_form(std::string_view text) {
  auto normal = to_lower_ascii(text);
  std::ranges::replace_if(
      normal, [](char c) { return c == '-' || c == ' '; }, '_');
  return normal;
}

/// The distance when it is small for texts of this length, else kFar.
std::size_t near_distance(std::string_view wrong, std::string_view candidate) {
  const auto shorter = std::min(wrong.size(), candidate.size());
  const auto allowed = std::clamp<std::size_t>(shorter / 3, shorter < 2 ? 0 : 1, 3);
  const auto distance = edit_distance(wrong, candidate);
  return distance <= allowed ? distance : kFar;
}

std::size_t near_word_distance(std::string_view wrong, std::string_view candidate) {
  constexpr std::size_t kShortestWord = 4;
  constexpr std::size_t kShortestBeginning = 3;
  const bool begins = candidate.starts_with(wrong) || candidate.find("_" + std::string(wrong)) != candidate.npos;
  if (wrong.size() >= kShortestBeginning && begins) return kWordPenalty;
  std::size_t best = kFar;
  while (!candidate.empty()) {
    const auto word = candidate.substr(0, candidate.find('_'));
    if (word.size() >= kShortestWord) best = std::min(best, near_distance(wrong, word));
    candidate.remove_prefix(std::min(candidate.size(), word.size() + 1));
  }
  return best == kFar ? kFar : best + kWordPenalty;
}

}  // namespace

std::string nearest(std::string_view wrong, const std::vector<std::string_view>& candidates) {
  if (wrong.empty() || wrong.size() > kLongest) return {};
  const auto meant = normal_form(wrong);
  std::size_t best = kFar;
  std::string_view best_candidate;
  for (const auto candidate : candidates) {
    const auto normal = normal_form(candidate);
    const auto distance = std::min(near_distance(meant, normal), near_word_distance(meant, normal));
    if (distance < best) {
      best = distance;
      best_candidate = candidate;
    }
  }
  return std::string(best_candidate);
}

}  // namespace product_sync::config
