#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace product_sync::rithum {

/// How the files look in which Rithum answers what came by file. Nothing of it is documented (rithum.md §1.7): of each
/// list of columns the first one that a file has counts; columns and words are compared without case.
struct ResponseFormat {
  std::vector<std::string> sku_columns{"Inventory Number", "InventoryNumber", "SKU"};
  /// None: a row with a message was refused, one without was taken.
  std::vector<std::string> status_columns{"Status", "Result"};
  std::vector<std::string> message_columns{"Error Message", "ErrorMessage", "Errors", "Error", "Message"};
  std::vector<std::string> success_words{"Success", "Succeeded", "OK", "Complete", "Completed",
                                         "Created", "Added", "Updated", "Unchanged"};
  std::vector<std::string> error_words{"Error", "Errors", "Fail", "Failed", "Failure", "Invalid", "Rejected", "Skipped"};
};

struct ResponseRow {
  std::string sku;
  bool taken = false;
  std::string reason;  ///< Rithum's words, or the status; for a row that was not taken
};

/// Reads a response file: delimited text, or a ZIP archive with one. `name` is what it is called in messages. Strict,
/// for a wrong reading would call a refused product confirmed: `rithum.bad_response` for a file without the columns, a
/// row without a SKU or with a status of neither list, and a file without a row; beside it what `on_row` gives,
/// `rithum.bad_table` and `rithum.bad_archive`. How many rows.
[[nodiscard]] Result<std::uint64_t> read_response_file(const std::filesystem::path& file, const std::string& name,
                                                       const ResponseFormat& format,
                                                       const std::function<Result<void>(ResponseRow&&)>& on_row);

}  // namespace product_sync::rithum
