#include "server/listener.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "server/httplib_writer.hpp"

namespace product_sync::server {
namespace {

// Parsing more than this takes long enough to be noticed by the other connections.
constexpr std::size_t kLargestAtOnce = std::size_t{64} * 1024;
constexpr std::size_t kIntakeThreads = 2;
constexpr std::string_view kShedRetryAfter = "2";
constexpr std::string_view kNoRoute = "none";

/// Takes the fields out of the head.
Request request_of(front::RequestHead& head, const front::Peer& peer) {
  Request request;
  request.method = head.method == "HEAD" ? "GET" : head.method;
  request.path = head.path();
  request.query = parse_query(head.query());
  request.headers = std::move(head.fields);
  request.peer = peer;
  return request;
}

Response no_route(const RouteMatch& matched) {
  if (matched.other_methods.empty()) return problem(404, "request.path", "There is nothing at this address.");
  auto response = problem(405, "request.method", "This address does not take that method.");
  response.headers.emplace_back("Allow", fmt::format("{}", fmt::join(matched.other_methods, ", ")));
  return response;
}

Response too_large(std::uint64_t limit) {
  return problem(413, "request.too_large", fmt::format("The body is larger than {}.", human_bytes(limit)),
                 "For notifications raise the site's notifications.longest_body.");
}

Response busy() {
  auto response = problem(503, "server.busy", "Too many requests wait to be served.", "Send it again later.");
  response.headers.emplace_back("Retry-After", kShedRetryAfter);
  return response;
}

}  // namespace

struct Listener::Task {
  const Route& route;
  front::RequestHead head;  // but for its fields, which are the request's
  Request request;
  std::optional<Reply> reply;
};

Listener::Listener(ListenerOptions options, std::vector<Route> routes, Clock& clock, Metrics& metrics, Logger& log)
    : options_(std::move(options)),
      routes_(std::move(routes)),
      log_(log),
      has_private_(std::ranges::any_of(options_.front.endpoints, &front::Endpoint::is_private)),
      intake_(kIntakeThreads, options_.longest_queue),
      control_(options_.threads, options_.longest_queue),
      front_(options_.front, *this, clock, metrics, log) {
  const auto show_queue = [&metrics](const char* name, const WorkerPool& pool) {
    metrics.gauge("product_sync_http_queue", "Requests that wait for a thread, by pool.", {{"pool", name}},
                  [&pool] { return static_cast<double>(pool.waiting()); });
  };
  show_queue("intake", intake_);
  show_queue("control", control_);
}

Listener::~Listener() { stop(); }

void Listener::stop() {
  front_.stop();
  intake_.stop();
  control_.stop();
}

front::Verdict Listener::admit(front::RequestHead head, const front::Peer& peer) {
  auto request = request_of(head, peer);
  auto matched = match(routes_, request.method, request.path);
  const bool sees_all = !has_private_ || peer.is_private;
  if (matched.route == nullptr) return {kNoRoute, no_route(sees_all ? matched : RouteMatch{})};
  if (!sees_all && matched.route->pool != Pool::intake) return {kNoRoute, no_route({})};
  return {matched.route->pattern, decide(matched, std::move(head), std::move(request))};
}

std::variant<front::Admitted, Response> Listener::decide(RouteMatch& matched, front::RequestHead head,
                                                         Request request) {
  const auto& route = *matched.route;
  request.path_values = std::move(matched.path_values);
  if (route.access == Access::operators) {
    const auto needed = route.method == "GET" ? Role::viewer : Role::operator_;
    auto caller = options_.access.admit(request, needed);
    if (!caller) return std::move(caller.error());
    request.user = std::move(caller->user);
  }
  if (route.admit) {
    if (auto refused = route.admit(request)) return std::move(*refused);
  }
  if (head.content_length.value_or(0) > route.longest_body) return too_large(route.longest_body);
  if (route.pool == Pool::intake && !head.is_framed()) {
    return problem(411, "request.length_required", "A notification has a body: say how long it is.");
  }
  const auto task = std::make_shared<Task>(Task{route, std::move(head), std::move(request), std::nullopt});
  return front::Admitted{route.longest_body, [this, task](std::string body, Reply reply) {
                           task->request.body = std::move(body);
                           task->reply.emplace(std::move(reply));
                           serve(task);
                         }};
}

void Listener::serve(const std::shared_ptr<Task>& task) {
  const bool at_once = task->route.begin && task->request.body.size() <= kLargestAtOnce;
  if (at_once) return begin(*task);
  const bool taken = pool_of(task->route).submit([this, task] { task->route.begin ? begin(*task) : run(*task); });
  if (!taken) task->reply->send(busy());
}

void Listener::begin(Task& task) {
  try {
    task.route.begin(std::move(task.request), std::move(*task.reply));
  } catch (const std::exception& fault) {
    log_fault(task, fault);  // the reply answers by itself
  }
}

void Listener::run(Task& task) {
  int status = 0;
  std::string code;
  const auto handle = [&] {
    auto response = answer(task);
    status = response.status;
    code = std::move(response.code);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  };
  auto bytes = write_with_httplib(task.head, task.request.headers, task.reply->keep_alive(), handle);
  note_change(task, status);
  task.reply->send(front::WrittenResponse{status, std::move(code), std::move(bytes)});
}

/// What people do is traced to them.
void Listener::note_change(const Task& task, int status) {
  if (task.request.user.empty() || task.request.method == "GET") return;
  log_.info("api.changed", fmt::format("{}: {} {}", task.request.user, task.request.method, task.head.path()),
            {{"status", status}, {"address", task.request.peer.address.text()}});
}

Response Listener::answer(const Task& task) {
  try {
    return task.route.handle(task.request);
  } catch (const std::exception& fault) {
    log_fault(task, fault);
    return front::internal_error();
  }
}

/// An exception is a fault of ours: its text goes to the log and never to the client.
void Listener::log_fault(const Task& task, const std::exception& fault) {
  log_.error("listener.failed", fault.what(), {{"method", task.head.method}, {"path", task.head.path()}});
}

WorkerPool& Listener::pool_of(const Route& route) { return route.pool == Pool::intake ? intake_ : control_; }

}  // namespace product_sync::server
