#include "support/child_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace product_sync {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

pid_t spawn(const std::vector<std::string>& command, const char* output, bool dies_with_us) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t process = ::fork();
  if (process < 0) throw std::runtime_error("cannot fork");
  if (process > 0) return process;
  if (dies_with_us) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int in = ::open("/dev/null", O_RDONLY);
  const int out = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

std::vector<pid_t> children_of(pid_t process) {
  const auto id = std::to_string(process);
  std::ifstream in("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; in >> child;) children.push_back(child);
  return children;
}

/// From the top down, each stopped before it is looked at, so that none is born unseen.
void stop_tree(pid_t process, std::vector<pid_t>& stopped) {
  ::kill(process, SIGSTOP);
  stopped.push_back(process);
  for (const pid_t child : children_of(process)) stop_tree(child, stopped);
}

}  // namespace

pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
  return spawn(command, log.c_str(), true);
}

int run_program(const std::vector<std::string>& command) {
  const pid_t process = spawn(command, "/dev/null", false);
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void kill_tree(pid_t process) {
  std::vector<pid_t> all;
  stop_tree(process, all);
  for (const pid_t member : all) ::kill(member, SIGKILL);
  ::waitpid(process, nullptr, 0);
}

LastWill::LastWill(const std::string& command)
    : heir_(::popen(("trap '' INT TERM HUP; cat >/dev/null; " + command + " >/dev/null 2>&1").c_str(), "we")) {
  if (heir_ == nullptr) throw std::runtime_error("cannot start a shell");
}

LastWill::~LastWill() { ::pclose(heir_); }

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t length = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool port_is_open(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(port);
  const bool open = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return open;
}

}  // namespace product_sync
