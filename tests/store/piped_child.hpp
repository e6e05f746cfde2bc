#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace product_sync::store {

/// The program store_child, with its standard output on a pipe. Killed when it goes.
class PipedChild {
 public:
  explicit PipedChild(const std::vector<std::string>& arguments);
  ~PipedChild();
  PipedChild(const PipedChild&) = delete;
  PipedChild& operator=(const PipedChild&) = delete;

  /// The next whole line of its output; empty when it has ended.
  std::string read_line();
  /// SIGKILL, then everything it had written by then: whole lines.
  std::vector<std::string> kill_and_drain();
  /// Waits until it has ended by itself.
  void await_end();

 private:
  bool fill();

  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
};

}  // namespace product_sync::store
