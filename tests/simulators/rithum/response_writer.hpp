#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "result_table.hpp"

namespace rithum_simulator {

/// Answers to a file that came by transfer: one response file for each part that it was split into, in a directory from
/// which the sender can fetch them. Where they are, and what they are called, is not documented (rithum.md §1.7).
class ResponseWriter {
 public:
  /// Parts of `partition_rows` rows; 0: there is one.
  ResponseWriter(std::filesystem::path directory, std::string feed_name, std::uint32_t partition_rows);

  void add(const FeedRow& row, std::string_view sku, const RowResult& result);

  /// Writes those there are: `NAME_response.txt`, with `NAME_response-2.txt` and so on for further parts, where NAME is
  /// the feed file's without its extension.
  void write() const;

 private:
  const std::filesystem::path directory_;
  const std::string stem_;
  const std::uint32_t partition_rows_;
  std::uint32_t rows_ = 0;
  std::vector<ResultTable> parts_;
};

}  // namespace rithum_simulator
