#include "server/listener.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::server {
namespace {

constexpr int kBacklog = 1'024;
constexpr std::chrono::seconds kReadTimeout{10};
constexpr std::chrono::seconds kWriteTimeout{10};

bool is_loopback(std::string_view peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

/// Without its port: `[::1]:8080` -> `::1`.
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, std::min(host.find(':'), host.size()));
}

/// Whether a request can only have come from somebody at this machine who meant it: a loopback peer, no proxy in
/// between, and no foreign web page behind it (its Origin, or a Host name that merely resolves to loopback, would show
/// that).
bool is_local_operator(const Request& request) {
  if (!is_loopback(request.peer)) return false;
  if (!request.header("x-forwarded-for").empty() || !request.header("forwarded").empty()) return false;
  const auto host = host_name(request.header("host"));
  if (host != "localhost" && !is_loopback(host)) return false;
  const auto origin = request.header("origin");
  return origin.empty() || origin == fmt::format("http://{}", request.header("host"));
}

std::optional<std::uint64_t> content_length(const Request& request) {
  const auto text = request.header("content-length");
  std::uint64_t length = 0;
  const auto end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, length);
  if (text.empty() || failure != std::errc{} || stopped != end) return std::nullopt;
  return length;
}

Response too_large(std::uint64_t limit) {
  return problem(413, "request.too_large", fmt::format("The body is larger than {}.", human_bytes(limit)),
                 "For notifications raise the site's notifications.longest_body.");
}

/// The head, in our own words; the body is read later, under the route's limit.
Request head_of(const httplib::Request& from) {
  Request request;
  request.method = from.method == "HEAD" ? "GET" : from.method;
  request.path = from.path;
  request.peer = from.remote_addr;
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  for (const auto& [name, value] : from.headers) request.headers.emplace(to_lower_ascii(name), value);
  return request;
}

void write(Response response, httplib::Response& to) {
  to.status = response.status;
  for (const auto& [name, value] : response.headers) to.set_header(name, value);
  to.set_header("X-Content-Type-Options", "nosniff");
  to.set_header("Cache-Control", "no-store");
  to.set_content(std::move(response.body), response.content_type.c_str());
}

}  // namespace

struct Listener::Impl {
  Impl(ListenerOptions listener_options, std::vector<Route> route_table, Logger& logger)
      : options(std::move(listener_options)), routes(std::move(route_table)), log(logger) {
    server.new_task_queue = [threads = options.threads] { return new httplib::ThreadPool(threads); };
    server.set_tcp_nodelay(true);
    // One request a connection: cpp-httplib 0.11 would take what is left of a refused body for the next request.
    server.set_keep_alive_max_count(1);
    server.set_read_timeout(kReadTimeout);
    server.set_write_timeout(kWriteTimeout);
    server.set_payload_max_length(longest_body() + 1);
    server.set_socket_options([this](socket_t socket) {
      listening_socket = socket;  // cpp-httplib's default would also set SO_REUSEPORT: two processes on one port
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server.set_exception_handler([this](const auto& request, auto& response, std::exception_ptr thrown) {
      failed(request, response, std::move(thrown));
    });
    server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (request.method == "POST") return httplib::Server::HandlerResponse::Unhandled;
      write(answer(head_of(request), nullptr), response);
      return httplib::Server::HandlerResponse::Handled;
    });
    server.Post(".*", [this](const httplib::Request& request, httplib::Response& response,
                             const httplib::ContentReader& body) { write(answer(head_of(request), &body), response); });
  }

  [[nodiscard]] std::uint64_t longest_body() const {
    std::uint64_t longest = 0;
    for (const auto& route : routes) longest = std::max(longest, route.longest_body);
    return longest;
  }

  [[nodiscard]] Response answer(Request request, const httplib::ContentReader* body) const {
    auto matched = match(routes, request.method, request.path);
    if (matched.route == nullptr) {
      if (matched.path_known) return problem(405, "request.method", "This address does not take that method.");
      return problem(404, "request.path", "There is nothing at this address.");
    }
    request.path_values = std::move(matched.path_values);
    const auto& route = *matched.route;
    if (auto refused = check_access(route, request)) return std::move(*refused);
    if (route.admit) {
      if (auto refused = route.admit(request)) return std::move(*refused);
    }
    if (body != nullptr) {
      if (auto refused = read_body(route, *body, request)) return std::move(*refused);
    }
    return route.handle(request);
  }

  [[nodiscard]] std::optional<Response> check_access(const Route& route, const Request& request) const {
    if (route.access == Access::everyone) return std::nullopt;
    if (!options.operator_token) {
      if (is_local_operator(request)) return std::nullopt;
      return problem(403, "access.local_only", "Without an operator token this address answers local requests only.",
                     "Set server.operator_token and send it as Authorization: Bearer.");
    }
    constexpr std::string_view kScheme = "Bearer ";
    const auto given = request.header("authorization");
    if (given.starts_with(kScheme) && options.operator_token->matches(given.substr(kScheme.size())))
      return std::nullopt;
    auto response =
        problem(401, "access.token", "The operator token is missing or wrong.", "Send it as Authorization: Bearer.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }

  [[nodiscard]] static std::optional<Response> read_body(const Route& route, const httplib::ContentReader& body,
                                                         Request& request) {
    const auto coding = request.header("content-encoding");
    if (!coding.empty() && coding != "identity") {
      return problem(415, "request.coding", "Compressed bodies are not taken here.", "Send the body as it is.");
    }
    if (content_length(request).value_or(0) > route.longest_body) return too_large(route.longest_body);
    bool over = false;
    const bool whole = body([&](const char* data, std::size_t size) {
      over = request.body.size() + size > route.longest_body;
      if (!over) request.body.append(data, size);
      return !over;
    });
    if (over) return too_large(route.longest_body);
    if (!whole) return problem(400, "request.incomplete", "The body ended before it was complete.");
    return std::nullopt;
  }

  /// An exception is a fault of ours: its text goes to the log and never to the client.
  void failed(const httplib::Request& request, httplib::Response& response, std::exception_ptr thrown) const {
    std::string what = "unknown exception";
    try {
      std::rethrow_exception(std::move(thrown));
    } catch (const std::exception& error) {
      what = error.what();
    } catch (...) {
    }
    log.error("listener.failed", what, {{"method", request.method}, {"path", request.path}});
    write(problem(500, "internal", "Product Sync failed to answer; its log has the cause."), response);
  }

  ListenerOptions options;
  std::vector<Route> routes;
  Logger& log;
  httplib::Server server;
  socket_t listening_socket = INVALID_SOCKET;
  std::uint16_t port = 0;
  std::jthread thread;
};

Listener::Listener(ListenerOptions options, std::vector<Route> routes, Logger& log)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(routes), log)) {}

Listener::~Listener() { stop(); }

std::uint16_t Listener::port() const { return impl_->port; }

Result<void> Listener::start() {
  auto& impl = *impl_;
  const auto& options = impl.options;
  int port = options.port;
  const bool bound = port == 0 ? (port = impl.server.bind_to_any_port(options.host)) > 0
                               : impl.server.bind_to_port(options.host, port);
  if (!bound) {
    return fail("listener.bind_failed", fmt::format("Cannot listen on {}:{}.", options.host, options.port),
                "Another program may have the port, or the address is not this machine's: see server.listen.");
  }
  ::listen(impl.listening_socket, kBacklog);  // the library's own backlog is 5
  impl.port = static_cast<std::uint16_t>(port);
  impl.thread = std::jthread([&impl] {
    if (!impl.server.listen_after_bind()) impl.log.error("listener.ended", "The listener ended by itself.");
  });
  while (!impl.server.is_running()) std::this_thread::yield();  // stop() before this moment would be forgotten
  return {};
}

void Listener::stop() {
  impl_->server.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace product_sync::server
