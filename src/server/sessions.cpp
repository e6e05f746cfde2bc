#include "server/sessions.hpp"

#include <algorithm>

namespace product_sync::server {
namespace {

constexpr std::size_t kTokenBytes = 32;

}  // namespace

std::string Sessions::begin(const User& user) {
  auto token = random_hex(kTokenBytes);
  const std::lock_guard lock(mutex_);
  make_room();
  sessions_[sha256(token)] = {user.name, user.role, clock_.now() + limits_.lifetime};
  return token;
}

std::optional<Session> Sessions::find(std::string_view token) const {
  const auto digest = sha256(token);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(digest);
  if (found == sessions_.end() || found->second.expires <= clock_.now()) return std::nullopt;
  return found->second;
}

void Sessions::end(std::string_view token) {
  const auto digest = sha256(token);
  const std::lock_guard lock(mutex_);
  sessions_.erase(digest);
}

void Sessions::make_room() {
  std::erase_if(sessions_, [now = clock_.now()](const auto& each) { return each.second.expires <= now; });
  if (sessions_.size() < limits_.most) return;
  const auto ends_first = [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; };
  sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), ends_first));
}

}  // namespace product_sync::server
