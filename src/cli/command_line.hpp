#pragma once

namespace product_sync::cli {

/// The whole program: reads the command line, loads the configuration, runs the subcommand. Returns the exit code.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace product_sync::cli
