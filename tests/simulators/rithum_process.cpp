#include "simulators/rithum_process.hpp"

#include <httplib.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <stdexcept>
#include <thread>

#include "support/child_process.hpp"

namespace product_sync {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(5);

/// The port in the line that the simulator prints when it is ready; 0 when it is not there yet.
int port_in(const std::filesystem::path& log) {
  constexpr std::string_view kReady = "rithum-simulator listening on http://127.0.0.1:";
  std::ifstream stream(log);
  std::string line;
  std::getline(stream, line);
  const bool whole = !stream.eof();  // a line without its newline is still being written
  return whole && line.starts_with(kReady) ? std::stoi(line.substr(kReady.size())) : 0;
}

RithumProcess::Answer to_answer(const httplib::Result& result) {
  if (!result) return {};
  return {result->status, result->get_header_value("Content-Type"), result->body};
}

}  // namespace

bool wait_until(const std::function<bool()>& holds, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

RithumProcess::RithumProcess(const std::vector<std::string>& options) : directory_("rithum") {
  for (const auto& path : {inbox(), transform_inbox(), archive(), responses()}) std::filesystem::create_directory(path);
  std::vector<std::string> command = {RITHUM_SIMULATOR,    "--pickup-ms",    "20", "--inbox", inbox(),
                                      "--transform-inbox", transform_inbox(), "--responses",     responses()};
  command.insert(command.end(), options.begin(), options.end());
  const auto log = directory_ / "log";
  process_ = start_program(command, log);
  if (wait_until([&] { return (port_ = port_in(log)) != 0; })) return;
  kill_tree(process_);
  throw std::runtime_error("rithum-simulator does not start: " + read_file(log));
}

RithumProcess::~RithumProcess() {
  if (process_ != 0) kill_tree(process_);
}

RithumProcess::Answer RithumProcess::get(const std::string& target, const Headers& headers) const {
  httplib::Client client("127.0.0.1", port_);
  const std::string path = target.starts_with(url()) ? target.substr(url().size()) : target;
  return to_answer(client.Get(path.c_str(), httplib::Headers(headers.begin(), headers.end())));
}

RithumProcess::Answer RithumProcess::post(const std::string& target, const std::string& body,
                                          const std::string& content_type, const Headers& headers) const {
  httplib::Client client("127.0.0.1", port_);
  return to_answer(
      client.Post(target.c_str(), httplib::Headers(headers.begin(), headers.end()), body, content_type.c_str()));
}

std::string RithumProcess::access_token() const {
  // base64("application:secret"), the default credentials
  const auto answer = post("/oauth2/token", "grant_type=refresh_token&refresh_token=refresh",
                           "application/x-www-form-urlencoded", {{"Authorization", "Basic YXBwbGljYXRpb246c2VjcmV0"}});
  return answer.json().at("access_token");
}

RithumProcess::Answer RithumProcess::rest(const std::string& target) const {
  return get(target, {{"Authorization", "Bearer " + access_token()}});
}

RithumProcess::Answer RithumProcess::call(const std::string& method, const std::string& target, const std::string& body,
                                          const std::string& content_type) const {
  httplib::Client client("127.0.0.1", port_);
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  request.headers = {{"Authorization", "Bearer " + access_token()}, {"Content-Type", content_type}};
  return to_answer(client.send(request));
}

void RithumProcess::behave(const nlohmann::json& behaviour) const { tell("behaviour", behaviour); }

void RithumProcess::tell(const std::string& path, const nlohmann::json& body) const {
  const auto answer = post("/control/" + path, body.dump(), "application/json");
  if (answer.status != 200) throw std::runtime_error("/control/" + path + ": " + answer.body);
}

nlohmann::json RithumProcess::deliver(const std::string& name, const std::string& content) const {
  const auto temporary = inbox() / (name + ".part");
  write_file(temporary, content);
  std::filesystem::rename(temporary, inbox() / name);
  return wait_for_file(name);
}

nlohmann::json RithumProcess::wait_for_file(const std::string& name) const {
  nlohmann::json record;
  const bool found = wait_until([&] {
    const auto files = control("files");
    for (const auto& file : files.at("files")) {
      if (file.at("name") == name) record = file;
    }
    return !record.is_null();
  });
  if (!found) throw std::runtime_error(name + " was not picked up");
  return record;
}

int RithumProcess::stop(int signal) {
  ::kill(process_, signal);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace product_sync
