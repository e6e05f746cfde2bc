#include "server/answers.hpp"

#include <algorithm>
#include <charconv>

namespace product_sync::server {
namespace {

constexpr std::size_t kMostListed = 1'000;

}  // namespace

Response store_failed(const Error& error) { return problem(error.retry == Retry::later ? 503 : 500, error); }

std::size_t limit_of(const Request& request) {
  const auto text = request.parameter("limit");
  std::size_t limit = 100;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return std::clamp<std::size_t>(limit, 1, kMostListed);
}

}  // namespace product_sync::server
