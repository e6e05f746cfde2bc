#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "store/runs.hpp"
#include "sync/plan.hpp"

namespace product_sync::cli {

/// Which forms of a plan are wanted, and where.
struct PlanForms {
  bool json = false;            ///< on standard output, instead of a table
  std::string csv = {};         ///< a file; `-`: standard output, instead of anything else; empty: none
  std::uint64_t most = 0;       ///< products in the table; 0 = all
};

/// Values that only one of two configurations maps.
struct MappedKeys {
  std::vector<std::string> no_longer = {};
  std::vector<std::string> newly = {};
};

/// Writes plans while they are made, so that memory does not grow with them.
class PlanReport {
 public:
  /// Error code `plan.unwritable`.
  [[nodiscard]] static Result<PlanReport> open(const PlanForms& forms);

  void add(std::string_view site, const sync::PlannedProduct& product);
  /// The totals of the site since the last call, and how its run ended. `title`: `Plan of site eu`.
  void end(const store::Run& run, std::string_view title, const MappedKeys& keys = {});
  /// Error code `plan.unwritable` when something could not be written.
  Result<void> close();

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  PlanReport(const PlanForms& forms, File csv) : forms_(forms), csv_(std::move(csv)) {}
  [[nodiscard]] bool table() const { return !forms_.json && forms_.csv != "-"; }
  void write(std::FILE* file, std::string_view text);

  PlanForms forms_;
  File csv_;
  sync::PlanTotals totals_;
  std::uint64_t shown_ = 0;
  bool failed_ = false;
};

}  // namespace product_sync::cli
