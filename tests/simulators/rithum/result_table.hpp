#pragma once

#include <string>
#include <string_view>

#include "strict_feed_reader.hpp"
#include "world.hpp"

namespace rithum_simulator {

/// What became of each row of a file. Columns and words are not documented (rithum.md §1.7, §5.4): these are assumed.
class ResultTable {
 public:
  void add(const FeedRow& row, std::string_view sku, const RowResult& result);

  /// Tab-separated, with a header.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_ = "Row\tInventory Number\tStatus\tError Code\tError Message\n";
};

}  // namespace rithum_simulator
