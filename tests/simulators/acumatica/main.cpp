// Runs the simulator: one HTTP server on 127.0.0.1 until SIGTERM or SIGINT. What it serves, and where to look:
//   sign-in, seats (sessions.hpp), licence limits (licence.hpp), entities (schema.hpp and one *_schema.cpp for each;
//   tenant.hpp, catalogue.hpp), requests for them (entity_routes.cpp, filter.hpp, item_json.hpp, put_body.hpp), push
//   notifications (notification.hpp, push_queue.hpp), misbehaviour (behaviour.hpp), control interface
//   (control_routes.cpp, --help), generated records (population.hpp, item_generator.hpp, kit_generator.hpp).
//
// Where the reference has a gap, this was assumed; no program may depend on it:
//   - statuses: wrong password or tenant of a cookie login 500, no seat 429 (login) or 400 (token), decline 429 without
//     Retry-After, unknown $select or $expand name 500, unknown member of a PUT 400, unknown value of a list field 422
//   - exceptionType texts other than CannotOptimizeException; the .NET stack trace
//   - pushes: Content-Type, 30 s time-out, 1 s between attempts, only 2xx counts as success, no redirects
//   - a custom field that does not exist is passed over; one without a value is {"type":..} or has "value":null
//   - details that are expanded but not named in $select do not come
//   - $expand=Translations shows other languages as a PUT writes them; Path of a sales category is its names joined
//   - a matrix item without a price of its own has an empty DefaultPrice or 0
//   - PUT of Matrix rows, of files and of attribute definitions in use changes nothing elsewhere
//   - text compares without regard to ASCII case and trailing blanks

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <future>
#include <stdexcept>
#include <thread>

#include "options.hpp"
#include "routes.hpp"

namespace acumatica_sim {
namespace {

constexpr time_t kKeepAliveSeconds = 30;
constexpr std::size_t kKeepAliveRequests = 1'000'000'000;

/// Binds the server; returns its port. The library's own backlog of 5 drops bursts, and its SO_REUSEPORT lets two
/// simulators share a port (libraries.md D.1): both are put right here.
int bind(httplib::Server& server, const ProgramOptions& options) {
  int listener = -1;
  server.set_socket_options([&listener](socket_t socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    listener = socket;
  });
  int port = options.port;
  if (port == 0) {
    port = server.bind_to_any_port("127.0.0.1");
  } else if (!server.bind_to_port("127.0.0.1", port)) {
    port = -1;
  }
  if (port > 0 && listener >= 0) ::listen(listener, 1'024);
  return port;
}

int run(const ProgramOptions& options, const sigset_t& signals) {
  Site site(options.site);
  httplib::Server server;
  const std::size_t threads = options.threads;
  server.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(kKeepAliveRequests);
  server.set_keep_alive_timeout(kKeepAliveSeconds);
  mount(server, site);
  const int port = bind(server, options);
  if (port <= 0) {
    std::fprintf(stderr, "acumatica-simulator: cannot listen on 127.0.0.1:%d\n", options.port);
    return 1;
  }
  std::promise<void> ended;
  std::jthread listener([&] {
    server.listen_after_bind();
    ended.set_value();
  });
  std::printf("acumatica-simulator listening on http://127.0.0.1:%d\n", port);
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  site.stop();
  server.stop();
  // Idle kept-alive connections hold cpp-httplib's threads until they time out; nothing is stored, so none is waited
  // for.
  if (ended.get_future().wait_for(std::chrono::milliseconds{300}) == std::future_status::timeout) ::_exit(0);
  return 0;
}

}  // namespace
}  // namespace acumatica_sim

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread: all inherit it, and sigwait gets them
  const auto command = acumatica_sim::read_command_line(argc, argv);
  if (command.exit_code) return *command.exit_code;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    return acumatica_sim::run(command.options, signals);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "acumatica-simulator: %s\n", error.what());
    return 1;
  }
}
