#pragma once

#include <optional>

#include "site.hpp"

namespace acumatica_sim {

struct ProgramOptions {
  int port = 0;  ///< 0 = any free one
  std::size_t threads = 64;
  SiteOptions site;
};

/// Reads the command line; an exit code when the program has to end (help was printed, or a complaint).
struct CommandLine {
  ProgramOptions options;
  std::optional<int> exit_code;
};
[[nodiscard]] CommandLine read_command_line(int argc, const char* const* argv);

}  // namespace acumatica_sim
