#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "sync/plan.hpp"

namespace product_sync::server {

/// The plans of dry runs that were asked for through the API: on disk, a line of JSON for each product, until newer ones
/// need the room. Thread-safe.
class PlanArchive {
 public:
  struct Limits {
    std::size_t plans = 10;
    std::uint64_t plan_bytes = 64ULL << 20U;  ///< the rest of a longer plan is left out
  };

  /// `directory` is made when it is first needed.
  explicit PlanArchive(std::filesystem::path directory) : PlanArchive(std::move(directory), Limits{}) {}
  PlanArchive(std::filesystem::path directory, Limits limits);

  /// A plan in the making; gone when it is destroyed without a name.
  class Draft {
   public:
    virtual ~Draft() = default;
    /// Where its products go, for as long as somebody holds it.
    [[nodiscard]] virtual sync::PlanSink sink() = 0;
    /// Keeps it as the plan of that run, from now on readable, and forgets the oldest that are too many.
    virtual Result<void> keep(std::string_view run_id) = 0;
  };
  /// Error code `plan.unwritable`.
  [[nodiscard]] Result<std::unique_ptr<Draft>> begin();

  struct Page {
    std::vector<std::string> lines;  ///< JSON objects
    std::uint64_t next = 0;          ///< where the next page begins
    bool last = false;               ///< nothing stands behind these lines, so far
    bool cut = false;                ///< the plan was longer than is kept
  };
  /// At most `limit` lines from a place on that was the `next` of another page, or 0. Error codes `plan.not_found`,
  /// `plan.bad_place`.
  [[nodiscard]] Result<Page> read(std::string_view run_id, std::uint64_t from, std::size_t limit) const;

 private:
  class File;

  const std::filesystem::path directory_;
  const Limits limits_;
};

}  // namespace product_sync::server
