#include "support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

extern char** environ;

namespace product_sync {
namespace {

namespace fs = std::filesystem;

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

/// What the child's file descriptors and signals are to be; both objects are freed on every way out.
class SpawnSettings {
 public:
  SpawnSettings(int output, const fs::path& errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  int spawn(pid_t& pid, std::vector<std::string>& argv, std::vector<std::string>& environment) {
    return posix_spawnp(&pid, argv.front().c_str(), &actions_, &attributes_, pointers(argv).data(),
                        pointers(environment).data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> argv, const fs::path& output_directory,
                           const Environment& environment) {
  const fs::path stem = unused_stem(output_directory, fs::path(argv.at(0)).filename().string());
  output_file_ = stem.string() + ".out";
  error_file_ = stem.string() + ".err";
  std::ofstream(output_file_).close();  // takes the name
  if (argv[0].find('/') != std::string::npos && ::access(argv[0].c_str(), X_OK) != 0)
    fail_with("cannot run " + argv[0]);
  constexpr const char* kSetpriv = "/usr/bin/setpriv";  // keeps the process id: it execs the program
  if (::access(kSetpriv, X_OK) == 0) argv.insert(argv.begin(), {kSetpriv, "--pdeathsig", "KILL"});

  int ends[2];
  int stop[2];
  if (::pipe2(ends, O_CLOEXEC) != 0 || ::pipe2(stop, O_CLOEXEC) != 0) fail_with("pipe");
  stop_ = stop[1];
  std::vector<std::string> variables = environment_strings(environment);
  const int error = SpawnSettings(ends[1], error_file_).spawn(pid_, argv, variables);
  ::close(ends[1]);
  if (error != 0) {
    for (const int each : {ends[0], stop[0], stop[1]}) ::close(each);
    fail_with("cannot start " + argv.back(), error);
  }
  pid_handle_ = ::pidfd_open(pid_, 0);
  reader_ = std::jthread([this, pipe = ends[0], end = stop[0]] { read_output(pipe, end); });
}

ChildProcess::~ChildProcess() {
  if (!reap(WNOHANG)) {
    kill();
    reap(0);
  }
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
  return *status_;
}

std::string ChildProcess::output() const { return content(output_file_); }
std::string ChildProcess::error_output() const { return content(error_file_); }

}  // namespace product_sync
