// rithum-simulator: Rithum as Product Sync meets it, written from rithum.md. It takes feed files from the directory
// that an SFTP or FTP server writes, applies them to a catalogue as the account's settings and the file name say, and
// answers the REST calls that read the catalogue back. `--help` lists the options; control_api.hpp the control
// interface.

#include <condition_variable>
#include <csignal>
#include <exception>
#include <iostream>
#include <mutex>
#include <stop_token>

#include "control_api.hpp"
#include "http_server.hpp"
#include "inbox_watcher.hpp"
#include "instant.hpp"
#include "job_api.hpp"
#include "jobs.hpp"
#include "options.hpp"
#include "replies.hpp"
#include "request_limits.hpp"
#include "rest_api.hpp"
#include "tokens.hpp"
#include "world.hpp"

namespace {

using namespace rithum_simulator;

/// Sends control requests to the control interface and all others, after the faults in force, to the REST interface.
class FrontDesk {
 public:
  FrontDesk(ControlApi& control, RestApi& rest, Behaviour& behaviour, RequestLimits& limits, std::stop_token stop)
      : control_(control), rest_(rest), behaviour_(behaviour), limits_(limits), stop_(std::move(stop)) {}

  HttpReply answer(const HttpRequest& request) {
    if (request.path.starts_with("/control/")) return control_.answer(request);
    const auto pass = limits_.enter(now_ms());
    if (!pass) return injected_error(429);
    const auto next = behaviour_.next(request.path);
    wait(next.latency);
    if (next.status != 0) return injected_error(next.status);
    HttpReply reply = rest_.answer(request);
    reply.cut = next.cut;
    return reply;
  }

 private:
  void wait(std::chrono::milliseconds latency) {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, stop_, latency, [] { return false; });
  }

  ControlApi& control_;
  RestApi& rest_;
  Behaviour& behaviour_;
  RequestLimits& limits_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
};

int run(const Options& options) {
  sigset_t signals;  // blocked in every thread, taken by sigwait below
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  World world;
  Behaviour behaviour(options.faults);
  Tokens tokens(options.credentials);
  RequestLimits limits(options.limits);
  FeedProcessor processor(options.account, world, options.inbox.delimiter);
  Jobs jobs;
  JobApi job_api(world, options.account, processor, options.inbox.names, jobs, limits);
  ControlApi control(world, behaviour, tokens, jobs, limits);
  RestApi rest(world, options.account, tokens, behaviour, job_api);
  std::stop_source stop;
  FrontDesk desk(control, rest, behaviour, limits, stop.get_token());
  InboxWatcher watcher(options.inbox, processor, world, behaviour);
  HttpServer server(options.port, [&desk](const HttpRequest& request) { return desk.answer(request); });
  std::cout << "rithum-simulator listening on http://127.0.0.1:" << server.port() << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  stop.request_stop();
  jobs.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  try {
    const auto options = read_options(argc, argv, exit_code);
    return options ? run(*options) : exit_code;
  } catch (const std::exception& error) {
    std::cerr << "rithum-simulator: " << error.what() << '\n';
    return 1;
  }
}
