#pragma once

#include <string>

#include "base/error.hpp"
#include "cli/exit_code.hpp"
#include "store/runs.hpp"

/// How commands that run a sync tell how it went.
namespace product_sync::cli {

[[nodiscard]] ExitCode exit_code(store::RunState state);

/// Its counts, file and error, for a person.
[[nodiscard]] std::string run_text(const store::Run& run);

/// Prints why a run of the site did not begin.
ExitCode report_not_begun(const std::string& site, const Error& error);

}  // namespace product_sync::cli
