#include "store/piped_child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

extern char** environ;

namespace product_sync::store {

PipedChild::PipedChild(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  output_ = ends[0];
  std::vector<std::string> words{STORE_CHILD};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int failed = ::posix_spawn(&pid_, STORE_CHILD, &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) throw std::runtime_error("cannot start " STORE_CHILD);
}

PipedChild::~PipedChild() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    await_end();
  }
  ::close(output_);
}

bool PipedChild::fill() {
  std::array<char, 65'536> bytes{};
  const auto count = ::read(output_, bytes.data(), bytes.size());
  if (count > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::string PipedChild::read_line() {
  while (buffer_.find('\n') == std::string::npos) {
    if (!fill()) return {};
  }
  const auto end = buffer_.find('\n');
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

std::vector<std::string> PipedChild::kill_and_drain() {
  ::kill(pid_, SIGKILL);
  await_end();
  std::vector<std::string> lines;
  for (auto line = read_line(); !line.empty(); line = read_line()) lines.push_back(std::move(line));
  return lines;
}

void PipedChild::await_end() {
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace product_sync::store
