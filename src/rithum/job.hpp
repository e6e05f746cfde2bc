#pragma once

#include <array>
#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "rithum/account.hpp"

namespace product_sync::rithum {

/// Where a job of Rithum's stands.
enum class JobPhase {
  running,
  complete,
  partial,  ///< some rows failed
  failed,   ///< nothing can be said about its rows
};

/// Statuses that uploads and exports share (rithum.md §5.4). One that is not among them counts as running: whoever
/// waits has a deadline.
[[nodiscard]] JobPhase phase_of(std::string_view status);

/// Every status that Rithum documents.
[[nodiscard]] std::array<std::string_view, 18> known_statuses();

/// An upload or an export, as Rithum last described it.
struct Job {
  std::string token;
  std::string status;
  std::string result_url;  ///< empty while there is no result file

  [[nodiscard]] JobPhase phase() const { return phase_of(status); }
};

/// Reads the description. Error `rithum.unexpected_reply`. `what` begins the sentence: `An upload`.
[[nodiscard]] Result<Job> parse_job(std::string_view what, const std::string& body);

/// Asks for the state of the job `token` of `resource` (`ProductUpload`, `ProductExport`).
[[nodiscard]] Result<Job> look_at_job(Account& account, std::string_view resource, const std::string& token,
                                      Account::Kind kind, std::stop_token stop);

}  // namespace product_sync::rithum
