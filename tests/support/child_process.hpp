#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace product_sync {

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
