#include "support/scripted_http_server.hpp"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace product_sync {
namespace {

using Route = std::pair<std::string, std::string>;  // method, path

constexpr std::chrono::seconds kLongestAwait{10};

bool same_name(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string ScriptedHttpServer::Request::header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

struct ScriptedHttpServer::Impl {
  httplib::Server server;
  int port = 0;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::map<Route, std::deque<Reply>> queued;
  std::map<Route, Answer> standing;
  std::vector<Request> seen;
  std::jthread thread;

  Answer answer_for(const Route& route) {
    auto& queue = queued[route];
    if (!queue.empty()) {
      Reply next = std::move(queue.front());
      queue.pop_front();
      return [next](const Request&) { return next; };
    }
    const auto found = standing.find(route);
    if (found != standing.end()) return found->second;
    return [](const Request& request) { return Reply{404, "no script for " + request.path}; };
  }

  void handle(const httplib::Request& in, httplib::Response& out) {
    Request request{in.method, in.path, in.target, in.body, {in.headers.begin(), in.headers.end()}, in.remote_port};
    std::unique_lock lock(mutex);
    const Answer answer = answer_for({in.method, in.path});
    seen.push_back(request);
    changed.notify_all();
    lock.unlock();
    const Reply reply = answer(request);
    lock.lock();
    if (reply.hang) changed.wait(lock, [&] { return stopping; });
    lock.unlock();

    out.status = reply.status;
    for (const auto& [name, value] : reply.headers) out.set_header(name.c_str(), value.c_str());
    if (!reply.cut) {
      if (!reply.body.empty()) out.set_content(reply.body, reply.content_type.c_str());
      return;
    }
    out.set_content_provider(reply.body.size() + 1000, reply.content_type.c_str(),
                             [body = reply.body](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                               if (offset == 0) sink.write(body.data(), body.size());
                               return false;
                             });
  }
};

ScriptedHttpServer::ScriptedHttpServer() : impl_(std::make_unique<Impl>()) {
  Impl& impl = *impl_;
  impl.server.new_task_queue = [] { return new httplib::ThreadPool(32); };
  impl.server.set_tcp_nodelay(true);
  impl.server.set_keep_alive_timeout(2);
  const auto handler = [&impl](const httplib::Request& in, httplib::Response& out) { impl.handle(in, out); };
  impl.server.Get(".*", handler).Post(".*", handler).Put(".*", handler).Delete(".*", handler);
  impl.port = impl.server.bind_to_any_port("127.0.0.1");
  impl.thread = std::jthread([&impl] { impl.server.listen_after_bind(); });
}

ScriptedHttpServer::~ScriptedHttpServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  while (!impl_->server.is_running()) std::this_thread::yield();  // stop() before listen() would be lost
  impl_->server.stop();
}

std::string ScriptedHttpServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(impl_->port) + path;
}

void ScriptedHttpServer::once(const std::string& method, const std::string& path, Reply reply) {
  const std::lock_guard lock(impl_->mutex);
  impl_->queued[{method, path}].push_back(std::move(reply));
}

void ScriptedHttpServer::always(const std::string& method, const std::string& path, Reply reply) {
  always(method, path, [reply = std::move(reply)](const Request&) { return reply; });
}

void ScriptedHttpServer::always(const std::string& method, const std::string& path, Answer answer) {
  const std::lock_guard lock(impl_->mutex);
  impl_->standing[{method, path}] = std::move(answer);
}

std::vector<ScriptedHttpServer::Request> ScriptedHttpServer::requests() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->seen;
}

std::vector<ScriptedHttpServer::Request> ScriptedHttpServer::requests(const std::string& method,
                                                                      const std::string& path) const {
  std::vector<Request> matching;
  for (Request& request : requests()) {
    if (request.method == method && request.path == path) matching.push_back(std::move(request));
  }
  return matching;
}

bool ScriptedHttpServer::await(const std::string& method, const std::string& path, std::size_t count) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, kLongestAwait, [&] {
    return static_cast<std::size_t>(std::count_if(impl_->seen.begin(), impl_->seen.end(), [&](const Request& r) {
             return r.method == method && r.path == path;
           })) >= count;
  });
}

}  // namespace product_sync
