#pragma once

#include <string>
#include <thread>

#include "base/clock.hpp"
#include "store/runs.hpp"

namespace product_sync::cli {

/// Shows on standard error how a run fares, from its record in the store, until destroyed: one line that rewrites
/// itself on a terminal, a plain line every ten seconds elsewhere.
class ProgressLine {
 public:
  ProgressLine(std::string run_id, store::Runs& runs, Clock& clock);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void show(std::stop_token stop);

  const std::string run_id_;
  store::Runs& runs_;
  Clock& clock_;
  const bool terminal_;
  std::jthread thread_;
};

}  // namespace product_sync::cli
