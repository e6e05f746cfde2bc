#include "support/child_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

extern char** environ;

namespace product_sync {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLastOutput{5};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

[[noreturn]] void fail_with(const std::string& what, int error = errno) {
  throw std::runtime_error(what + ": " + std::strerror(error));
}

fs::path unused_stem(const fs::path& directory, const std::string& name) {
  fs::create_directories(directory);
  fs::path stem = directory / name;
  for (int number = 2; fs::exists(stem.string() + ".out"); ++number)
    stem = directory / (name + "-" + std::to_string(number));
  return stem;
}

std::vector<std::string> environment_strings(const ChildProcess::Environment& extra) {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string entry = *each;
    if (!extra.contains(entry.substr(0, entry.find('=')))) all.push_back(entry);
  }
  for (const auto& [name, value] : extra) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& each : strings) result.push_back(each.data());
  result.push_back(nullptr);
  return result;
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Spawn {
  std::vector<std::string> command;
  int output = -1;
  int errors = -1;
  std::vector<std::string> environment;
  bool dies_with_us = true;
};

/// Between fork and exec only calls that are safe after a fork of many threads are made.
pid_t spawn(Spawn what) {
  const std::vector<char*> arguments = pointers(what.command);
  const std::vector<char*> variables = pointers(what.environment);
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t process = ::fork();
  if (process != 0) ::close(in);
  if (process < 0) fail_with("cannot fork");
  if (process > 0) return process;
  if (what.dies_with_us) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(in, STDIN_FILENO);
  ::dup2(what.output, STDOUT_FILENO);
  ::dup2(what.errors, STDERR_FILENO);
  ::execvpe(arguments.front(), arguments.data(), variables.data());
  ::_exit(127);
}

/// A file to write to, closed at the end of the scope.
class OutputFile {
 public:
  OutputFile(const fs::path& path, int mode)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0644)) {
    if (descriptor_ < 0) fail_with("cannot write " + path.string());
  }
  ~OutputFile() { ::close(descriptor_); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

pid_t spawn_into(const std::vector<std::string>& command, const fs::path& output, bool dies_with_us) {
  const OutputFile file(output, O_APPEND);
  return spawn({command, file.descriptor(), file.descriptor(), environment_strings({}), dies_with_us});
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

std::string current_user() {
  const passwd* entry = ::getpwuid(::geteuid());
  if (entry == nullptr) throw std::runtime_error("the user who runs the test has no name");
  return entry->pw_name;
}

ChildProcess::ChildProcess(std::vector<std::string> argv, const fs::path& output_directory,
                           const Environment& environment) {
  const fs::path stem = unused_stem(output_directory, fs::path(argv.at(0)).filename().string());
  output_file_ = stem.string() + ".out";
  error_file_ = stem.string() + ".err";
  std::ofstream(output_file_).close();  // takes the name
  if (argv[0].find('/') != std::string::npos && ::access(argv[0].c_str(), X_OK) != 0)
    fail_with("cannot run " + argv[0]);
  int output[2];
  int stop[2];
  if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(stop, O_CLOEXEC) != 0) fail_with("pipe");
  const OutputFile errors(error_file_, O_TRUNC);
  pid_ = spawn({std::move(argv), output[1], errors.descriptor(), environment_strings(environment)});
  ::close(output[1]);
  stop_ = stop[1];
  pid_handle_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  reader_ = std::jthread([this, pipe = output[0], end = stop[0]] { read_output(pipe, end); });
}

ChildProcess::~ChildProcess() {
  if (!reap(WNOHANG)) kill_tree(pid_);
  if (pid_handle_ >= 0) ::close(pid_handle_);
  ::close(stop_);
}

void ChildProcess::read_output(int pipe, int stop) {
  std::ofstream file(output_file_, std::ios::binary);
  std::string line;
  char buffer[4096];
  pollfd watched[2]{{pipe, POLLIN, 0}, {stop, POLLIN, 0}};
  while (::poll(watched, 2, -1) > 0 && watched[0].revents != 0) {
    const ssize_t count = ::read(pipe, buffer, sizeof buffer);
    if (count <= 0) break;
    file.write(buffer, count).flush();
    const std::lock_guard lock(mutex_);
    for (ssize_t i = 0; i < count; ++i) {
      if (buffer[i] != '\n') {
        line += buffer[i];
        continue;
      }
      lines_.push_back(std::move(line));
      line.clear();
    }
    changed_.notify_all();
  }
  ::close(pipe);
  ::close(stop);
  const std::lock_guard lock(mutex_);
  if (!line.empty()) lines_.push_back(std::move(line));
  output_ended_ = true;
  changed_.notify_all();
}

std::string ChildProcess::wait_for_line(std::string_view text, std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  std::optional<std::string> found;
  const auto look = [&] {
    for (const std::string& line : lines_) {
      if (!found && line.find(text) != std::string::npos) found = line;
    }
    return found || output_ended_;
  };
  changed_.wait_for(lock, longest, look);
  if (found) return *found;
  throw std::runtime_error("no line with '" + std::string(text) + "' from process " + std::to_string(pid_) +
                           "; output: " + content(output_file_) + "; errors: " + content(error_file_));
}

void ChildProcess::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

bool ChildProcess::reap(int options) {
  if (status_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, options) != pid_) return false;
  status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

bool ChildProcess::running() { return !reap(WNOHANG); }

int ChildProcess::wait(std::chrono::milliseconds longest) {
  pollfd ended{pid_handle_, POLLIN, 0};
  if (!reap(WNOHANG)) ::poll(&ended, 1, static_cast<int>(longest.count()));
  if (!reap(WNOHANG)) {
    throw std::runtime_error("process " + std::to_string(pid_) + " did not end within " +
                             std::to_string(longest.count()) + " ms; errors: " + content(error_file_));
  }
  // What it printed may still be on its way to us; a descendant that lives on may hold the pipe open for ever.
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kLastOutput, [this] { return output_ended_; });
  return *status_;
}

std::string ChildProcess::output() const { return content(output_file_); }
std::string ChildProcess::error_output() const { return content(error_file_); }

pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
  return spawn_into(command, log, true);
}

int run_program(const std::vector<std::string>& command) {
  const pid_t process = spawn_into(command, "/dev/null", false);
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
