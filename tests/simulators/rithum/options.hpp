#pragma once

#include <optional>

#include "account.hpp"
#include "behaviour.hpp"
#include "inbox_watcher.hpp"
#include "request_limits.hpp"
#include "tokens.hpp"

namespace rithum_simulator {

/// The command line.
struct Options {
  int port = 0;
  Account account;
  InboxSettings inbox;
  Credentials credentials;
  Faults faults;
  LimitRules limits;
};

/// Reads the command line. On `--help` or an error it prints, sets `exit_code` and returns none.
[[nodiscard]] std::optional<Options> read_options(int argc, const char* const* argv, int& exit_code);

}  // namespace rithum_simulator
