#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>

#include "rithum/account.hpp"
#include "rithum/job.hpp"
#include "rithum/product_reader.hpp"
#include "rithum/shown_product.hpp"

namespace product_sync::rithum {

/// All products of a profile through `ProductExport`: one job, one archive with one table, read in flat memory
/// (rithum.md §5.3). Where Rithum refuses the job, the products are read page by page instead.
class ProductExport {
 public:
  struct Options {
    std::filesystem::path directory{};                 ///< where the archive lies meanwhile
    std::chrono::milliseconds poll{15'000};            ///< between two looks at the job
    std::chrono::milliseconds deadline{45 * 60'000};  ///< for the job; ten minutes are usual
  };

  ProductExport(Options options, Account& account)
      : options_(std::move(options)), account_(account), reader_(account) {}

  /// Errors beside those of the account: `rithum.job_failed`, `rithum.job_overdue`, `rithum.bad_archive`,
  /// `rithum.incomplete` where the export brought fewer products than Rithum counts.
  Result<void> read_all(const Wanted& wanted, const ProductSink& sink, std::stop_token stop);

 private:
  Result<Job> start(const Wanted& wanted, std::stop_token stop);
  Result<Job> wait(Job job, std::stop_token stop);
  Result<void> read_table(const std::filesystem::path& file, const ProductSink& sink, std::uint64_t expected);

  const Options options_;
  Account& account_;
  ProductReader reader_;
};

}  // namespace product_sync::rithum
