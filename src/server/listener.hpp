#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "front/front.hpp"
#include "server/access.hpp"
#include "server/http.hpp"
#include "server/worker_pool.hpp"

namespace product_sync::server {

struct ListenerOptions {
  front::Options front;
  std::function<void()> burst_begins; ///< see front::Service; both may be empty
  std::function<void()> burst_ends;
  std::size_t threads = 8;          ///< for the control API and the dashboard
  std::size_t longest_queue = 256;  ///< requests that wait for a thread of their pool
  AccessControl access = AccessControl();
};

/// Serves the route table through the front: checks who may call what, and has each route served by the threads of its
/// pool.
class Listener final : public front::Service {
 public:
  Listener(ListenerOptions options, std::vector<Route> routes, Clock& clock, Metrics& metrics, Logger& log);
  ~Listener() override;

  /// Binds and begins to accept. `listener.bind_failed` names address and cause.
  Result<void> start() { return front_.start(); }
  [[nodiscard]] std::uint16_t port(std::size_t endpoint = 0) const { return front_.port(endpoint); }
  /// See front::Front.
  void reload_certificate() { front_.reload_certificate(); }
  void streams_have_more() { front_.streams_have_more(); }
  /// Stops accepting, ends streams, lets requests under way end within the front's drain, and returns when they have.
  void stop();

  front::Verdict admit(front::RequestHead head, const front::Peer& peer) override;
  void burst_begins() override {
    if (options_.burst_begins) options_.burst_begins();
  }
  void burst_ends() override {
    if (options_.burst_ends) options_.burst_ends();
  }

 private:
  /// What is kept of a request between its head and its answer.
  struct Task;
  [[nodiscard]] std::variant<front::Admitted, Response> decide(RouteMatch& matched, front::RequestHead head,
                                                               Request request);
  void serve(const std::shared_ptr<Task>& task);
  void begin(Task& task);
  void run(Task& task);
  [[nodiscard]] Response answer(const Task& task);
  void note_change(const Task& task, int status);
  void log_fault(const Task& task, const std::exception& fault);
  [[nodiscard]] WorkerPool& pool_of(const Route& route);

  const ListenerOptions options_;
  const std::vector<Route> routes_;
  Logger& log_;
  const bool has_private_;
  WorkerPool intake_;
  WorkerPool control_;
  front::Front front_;  // last: it uses all above
};

}  // namespace product_sync::server
