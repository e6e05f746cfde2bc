#include "sessions.hpp"

#include <algorithm>

#include "json_text.hpp"
#include "refusal.hpp"

namespace acumatica_sim {
namespace {

// "error text contains `API Login Limit`, not always status 429" (acumatica.md §2.2)
constexpr const char* kNoSeat =
    "API Login Limit: the maximum number of API users allowed by the license has been reached.";

std::string field(const Sessions::Form& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

SignInReply oauth_error(const std::string& error, const std::string& description = {}) {
  SignInReply reply;
  reply.status = 400;
  reply.body = "{\"error\":" + json_string(error);
  if (!description.empty()) reply.body += ",\"error_description\":" + json_string(description);
  reply.body += "}";
  return reply;
}

SignInReply login_error(int status, const std::string& text) {
  SignInReply reply;
  reply.status = status;
  reply.body = error_body(Refusal(status, text));
  return reply;
}

/// Whether `scope`, a list separated by blanks, names `wanted`.
bool has_scope(const std::string& scope, const std::string& wanted) {
  return (" " + scope + " ").find(" " + wanted + " ") != std::string::npos;
}

bool known_scopes(const std::string& scope) {
  std::size_t at = 0;
  bool any = false;
  while (at < scope.size()) {
    const std::size_t blank = std::min(scope.find(' ', at), scope.size());
    const std::string name = scope.substr(at, blank - at);
    if (!name.empty() && name != "api" && name != "offline_access" && name != "api:concurrent_access") return false;
    any |= name == "api" || name == "api:concurrent_access";
    at = blank + 1;
  }
  return any;
}

}  // namespace

Sessions::Sessions(SignInRules rules) : rules_(std::move(rules)), random_(std::random_device{}()) {
  if (rules_.client_id.empty()) rules_.client_id = "product-sync@" + rules_.tenant;
}

std::string Sessions::secret(std::size_t bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  while (text.size() < bytes * 2) text += kHex[random_() % 16];
  return text;
}

bool Sessions::seat_free() {
  if (rules_.seats == 0 || sessions_.size() < rules_.seats) return true;
  ++counts_.refused_for_seats;
  return false;
}

std::string Sessions::open_session(Session session) {
  const std::string id = secret(12);
  sessions_.emplace(id, std::move(session));
  counts_.most_seats = std::max(counts_.most_seats, static_cast<std::uint32_t>(sessions_.size()));
  return id;
}

/// Closes what time has closed: expired tokens, sessions of `api` tokens without refresh, chains that reached their
/// end.
void Sessions::sweep() {
  const auto now = Clock::now();
  for (auto grant = grants_.begin(); grant != grants_.end();) {
    const std::uint64_t id = (grant++)->first;
    const auto alive = std::any_of(access_.begin(), access_.end(), [&](const auto& each) {
      return each.second.grant == id && each.second.expires > now;
    });
    const Grant& it = grants_.at(id);
    if (it.refresh_token.empty() ? !alive : it.ends <= now) end_grant(id);
  }
  std::erase_if(access_, [&](const auto& each) { return each.second.expires <= now; });
}

void Sessions::end_grant(std::uint64_t grant_id) {
  std::erase_if(access_, [&](const auto& each) { return each.second.grant == grant_id; });
  if (!has_scope(grants_.at(grant_id).scope, "api:concurrent_access")) {  // those must be signed out one by one
    std::erase_if(sessions_, [&](const auto& each) { return each.second.grant == grant_id; });
  }
  std::erase_if(refreshes_, [&](const auto& each) { return each.second == grant_id; });
  grants_.erase(grant_id);
}

SignInReply Sessions::token(const Form& form) {
  const std::lock_guard lock(mutex_);
  sweep();
  if (field(form, "client_id") != rules_.client_id || field(form, "client_secret") != rules_.client_secret) {
    return oauth_error("invalid_client");
  }
  const std::string type = field(form, "grant_type");
  if (type == "password") return password_grant(form);
  if (type == "refresh_token") return refresh_grant(form);
  return oauth_error("unsupported_grant_type");  // client_credentials is not offered (acumatica.md §2.2)
}

SignInReply Sessions::password_grant(const Form& form) {
  if (field(form, "username") != rules_.user || field(form, "password") != rules_.password) {
    return oauth_error("invalid_grant", "Invalid credentials. Please try again.");
  }
  const std::string scope = field(form, "scope");
  if (!known_scopes(scope)) return oauth_error("invalid_scope");
  const bool concurrent = has_scope(scope, "api:concurrent_access");
  if (!concurrent && !seat_free()) return oauth_error("invalid_grant", kNoSeat);
  const std::uint64_t id = next_grant_++;
  Grant grant{scope, {}, {}, Clock::now() + rules_.grant_life};
  if (!concurrent) grant.session = open_session({{}, id});
  grants_.emplace(id, std::move(grant));
  return issue(id);
}

SignInReply Sessions::refresh_grant(const Form& form) {
  const auto found = refreshes_.find(field(form, "refresh_token"));
  if (found == refreshes_.end()) return oauth_error("invalid_grant");
  const std::uint64_t id = found->second;
  if (grants_.at(id).refresh_token != found->first) {  // a token that was used before: the whole grant dies
    ++counts_.refresh_reuses;
    end_grant(id);
    return oauth_error("invalid_grant");
  }
  ++counts_.refreshes;
  return issue(id);
}

SignInReply Sessions::issue(std::uint64_t grant_id) {
  Grant& grant = grants_.at(grant_id);
  const std::string access = secret(32);
  access_[access] = {grant_id, Clock::now() + rules_.token_life};
  ++counts_.tokens_issued;
  const auto seconds = std::max<std::int64_t>(1, rules_.token_life.count() / 1000);
  const std::string quote = rules_.expires_in_as_text ? "\"" : "";
  SignInReply reply;
  reply.body = "{\"access_token\":\"" + access + "\",\"expires_in\":" + quote + std::to_string(seconds) + quote +
               ",\"token_type\":\"Bearer\"";
  if (has_scope(grant.scope, "offline_access")) {
    grant.refresh_token = secret(32);
    refreshes_[grant.refresh_token] = grant_id;
    reply.body += ",\"refresh_token\":\"" + grant.refresh_token + "\"";
  }
  reply.body += ",\"scope\":" + json_string(grant.scope) + "}";
  return reply;
}

SignInReply Sessions::login(const std::string& name, const std::string& password,
                            const std::optional<std::string>& tenant) {
  const std::lock_guard lock(mutex_);
  sweep();
  if (name != rules_.user || password != rules_.password)
    return login_error(500, "Invalid credentials. Please try again.");
  if (tenant && !tenant->empty() && *tenant != rules_.tenant && !rules_.any_tenant) {
    return login_error(500, "Invalid tenant: " + *tenant);
  }
  if (!seat_free()) return login_error(429, kNoSeat);
  SignInReply reply;
  reply.status = 204;
  reply.auth_cookie = secret(48);
  reply.session_cookie = open_session({reply.auth_cookie, 0});
  return reply;
}

void Sessions::logout(const Credentials& credentials) {
  const std::lock_guard lock(mutex_);
  if (const auto access = access_.find(credentials.bearer); access != access_.end()) {
    const std::uint64_t id = access->second.grant;
    if (has_scope(grants_.at(id).scope, "api:concurrent_access")) {
      sessions_.erase(credentials.session_cookie);
    } else {
      end_grant(id);
    }
    return;
  }
  const auto session = sessions_.find(credentials.session_cookie);
  if (session != sessions_.end() && session->second.auth_cookie == credentials.auth_cookie) sessions_.erase(session);
}

Admission Sessions::admit(const Credentials& credentials) {
  const std::lock_guard lock(mutex_);
  if (credentials.bearer.empty()) {
    const auto session = sessions_.find(credentials.session_cookie);
    const bool known = session != sessions_.end() && session->second.grant == 0 &&
                       session->second.auth_cookie == credentials.auth_cookie;
    return {known ? 200 : 401, {}};
  }
  const auto access = access_.find(credentials.bearer);
  if (access == access_.end() || access->second.expires <= Clock::now()) return {401, {}};
  const std::uint64_t id = access->second.grant;
  if (!has_scope(grants_.at(id).scope, "api:concurrent_access")) return {200, {}};
  const auto session = sessions_.find(credentials.session_cookie);
  if (session != sessions_.end() && session->second.grant == id) return {200, {}};
  if (!seat_free()) return {429, {}};
  return {200, open_session({{}, id})};
}

void Sessions::expire(bool all) {
  const std::lock_guard lock(mutex_);
  if (!all) {
    const auto past = Clock::now();
    for (auto& [token, access] : access_) access.expires = past;
    return;
  }
  access_.clear();
  grants_.clear();
  refreshes_.clear();
  sessions_.clear();
}

SessionCounts Sessions::counts() {
  const std::lock_guard lock(mutex_);
  sweep();
  SessionCounts counts = counts_;
  counts.seats_in_use = static_cast<std::uint32_t>(sessions_.size());
  return counts;
}

}  // namespace acumatica_sim
