#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "rithum/account.hpp"
#include "rithum/job.hpp"

namespace product_sync::rithum {

/// What became of one row of a feed file.
struct RowOutcome {
  std::string sku;
  std::string error;  ///< empty: taken
};

/// Feed files through `ProductUpload` (rithum.md §5.4): the same file as by FTP, and an answer for each.
class ProductUpload {
 public:
  struct Options {
    std::filesystem::path directory{};         ///< where result files lie meanwhile
    std::string import_type = "AddUpdate";     ///< never the account's default, which may drop products
    std::string template_code{};               ///< empty: standard headers
    std::uint64_t longest_file = 128'000'000;  ///< bytes (rithum.md §5.2)
    /// Headers of the result file, which Rithum does not document: the first of each list that is there counts.
    std::vector<std::string> sku_columns{"Inventory Number", "InventoryNumber", "SKU"};
    std::vector<std::string> error_columns{"Error Message", "ErrorMessage", "Errors", "Error", "Message"};
    std::vector<std::string> status_columns{"Status", "Result"};
  };

  ProductUpload(Options options, Account& account) : options_(std::move(options)), account_(account) {}

  /// Hands a file over. Content is absolute, so that a repetition after a lost answer does no harm. Errors beside the
  /// account's: `rithum.too_large`.
  Result<Job> start(const std::filesystem::path& file, std::stop_token stop);
  Result<Job> look(const std::string& token, std::stop_token stop);

  /// What the job's result file says of the rows it names. Error `rithum.bad_table` when it has none of the expected
  /// columns.
  Result<std::vector<RowOutcome>> outcomes(const Job& job, std::stop_token stop);

 private:
  const Options options_;
  Account& account_;
};

}  // namespace product_sync::rithum
