#pragma once

#include <stop_token>
#include <string>

#include "acumatica/session.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/curl_http_client.hpp"
#include "support/scripted_http_server.hpp"
#include "support/simulated_clock.hpp"

namespace product_sync::acumatica {

/// What a session needs: a real client, and a scripted server in the place of Acumatica.
struct SessionFixture {
  ScriptedHttpServer server;
  SimulatedClock clock;
  Logger logger{LogFormat::text, LogLevel::error};
  net::CurlRuntime runtime;
  SystemClock real_clock;
  net::CurlHttpClient client{{}, real_clock};

  /// The header that authorize() adds, or the code of its error.
  static std::string authorized(Session& session, const std::string& header) {
    net::HttpRequest request;
    const auto outcome = session.authorize(request, {});
    if (!outcome) return outcome.error().code;
    for (const net::Header& candidate : request.headers) {
      if (candidate.name == header) return candidate.value;
    }
    return "no header";
  }

  static net::HttpResponse status(int code) {
    net::HttpResponse response;
    response.status = code;
    return response;
  }
};

}  // namespace product_sync::acumatica
