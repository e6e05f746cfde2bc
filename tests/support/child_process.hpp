#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace product_sync {

/// The name of the user who runs the test. Throws std::runtime_error.
[[nodiscard]] std::string current_user();

/// A program that a test starts and ends by its id. Its standard output and error go to two files; the destructor kills
/// it with all of its descendants, and the kernel kills it if the thread that started it ends first.
class ChildProcess {
 public:
  using Environment = std::map<std::string, std::string>;

  /// Starts `argv` with this process's environment, `environment` on top. Output goes to `<name>.out` and `<name>.err`
  /// in `output_directory`; `name` is the program's file name and a number where it is taken. Throws
  /// std::runtime_error.
  ChildProcess(std::vector<std::string> argv, const std::filesystem::path& output_directory,
               const Environment& environment = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Waits for the first line of standard output (those already printed count) that contains `text`. Throws
  /// std::runtime_error with what was printed when the deadline passes or the program ends first.
  std::string wait_for_line(std::string_view text, std::chrono::milliseconds longest = std::chrono::seconds{20});

  void terminate() const { signal(15); }  ///< SIGTERM
  void kill() const { signal(9); }        ///< SIGKILL
  void signal(int number) const;

  /// Waits for its end: the exit code, or minus the signal's number. Throws std::runtime_error when it runs on.
  int wait(std::chrono::milliseconds longest = std::chrono::seconds{20});
  [[nodiscard]] bool running();

  [[nodiscard]] const std::filesystem::path& output_file() const { return output_file_; }
  [[nodiscard]] const std::filesystem::path& error_file() const { return error_file_; }
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string error_output() const;

 private:
  void read_output(int pipe, int stop);
  bool reap(int options);

  std::filesystem::path output_file_;
  std::filesystem::path error_file_;
  pid_t pid_ = -1;
  int pid_handle_ = -1;
  int stop_ = -1;              // closing it ends the reader, even if a grandchild keeps the output open
  std::optional<int> status_;  // once it ended

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool output_ended_ = false;
  std::jthread reader_;  // last: it uses all above
};

/// Starts a program whose output goes to `log`; it dies with the calling thread. Throws when it cannot.
[[nodiscard]] pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log);

/// Runs a program to its end; its exit status, 127 when it is not there. Its output goes nowhere.
[[nodiscard]] int run_program(const std::vector<std::string>& command);

/// Kills a process and all of its descendants, and waits for the process.
void kill_tree(pid_t process);

/// A shell command that is run at the end of the scope, and also when the test crashes or is killed before: for what
/// must not outlive it on the machine.
class LastWill {
 public:
  explicit LastWill(const std::string& command);
  ~LastWill();
  LastWill(const LastWill&) = delete;
  LastWill& operator=(const LastWill&) = delete;

 private:
  std::FILE* heir_;  // a shell that acts when this pipe closes
};

/// A port of the loopback interface that is free right now.
[[nodiscard]] std::uint16_t free_port();

/// Whether something accepts connections there.
[[nodiscard]] bool port_is_open(std::uint16_t port);

}  // namespace product_sync
