#pragma once

#include <httplib.h>

#include "site.hpp"

namespace acumatica_sim {

/// Answers one request; the path is given without the leading slash, split at `/`. Throws Refusal.
struct Request {
  Site& site;
  const httplib::Request& http;
  std::vector<std::string> path;

  [[nodiscard]] std::string parameter(const std::string& name) const;
  /// The rest of the path from `first` on, joined again: keys may hold slashes.
  [[nodiscard]] std::string rest(std::size_t first) const;
};

/// Puts all routes of the site on the server: sign-in, entities, control.
void mount(httplib::Server& server, Site& site);

void set_json(httplib::Response& response, int status, std::string body);

// The parts; each answers what begins with its own first path segment.
void answer_sign_in(const Request& request, httplib::Response& response);
void answer_entity(const Request& request, httplib::Response& response);
void answer_control(const Request& request, httplib::Response& response);

[[nodiscard]] Credentials credentials_of(const httplib::Request& request);
void set_session_cookie(httplib::Response& response, const std::string& id);

}  // namespace acumatica_sim
