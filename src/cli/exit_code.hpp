#pragma once

namespace product_sync::cli {

/// What a container job can act on. README.md and `product-sync --help` list them; keep all three alike.
enum class ExitCode : int {
  ok = 0,
  failed = 1,         ///< a run failed, a connection check failed, or the program could not start
  configuration = 2,  ///< the configuration file or the command line is wrong
  partial = 3,        ///< the run ended, but some items failed, were parked, or have drifted
  conflict = 4,       ///< such a run is already alive, or another process does the same
  cancelled = 5,      ///< the run was asked to end
};

/// The graver of two, for commands that do several things.
[[nodiscard]] constexpr ExitCode worse(ExitCode a, ExitCode b) {
  constexpr auto gravity = [](ExitCode code) {
    switch (code) {
      case ExitCode::ok:
        return 0;
      case ExitCode::partial:
        return 1;
      case ExitCode::cancelled:
        return 2;
      case ExitCode::conflict:
        return 3;
      case ExitCode::failed:
        return 4;
      case ExitCode::configuration:
        return 5;
    }
    return 5;
  };
  return gravity(a) >= gravity(b) ? a : b;
}

}  // namespace product_sync::cli
