#include "response_writer.hpp"

#include <fstream>
#include <iostream>
#include <system_error>

namespace rithum_simulator {

ResponseWriter::ResponseWriter(std::filesystem::path directory, std::string feed_name, std::uint32_t partition_rows)
    : directory_(std::move(directory)),
      stem_(std::filesystem::path(feed_name).stem().string()),
      partition_rows_(partition_rows) {}

void ResponseWriter::add(const FeedRow& row, std::string_view sku, const RowResult& result) {
  if (parts_.empty() || (partition_rows_ != 0 && rows_ % partition_rows_ == 0)) parts_.emplace_back();
  ++rows_;
  parts_.back().add(row, sku, result);
}

void ResponseWriter::write() const {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto name = stem_ + "_response" + (i == 0 ? "" : "-" + std::to_string(i + 1)) + ".txt";
    const auto unfinished = directory_ / ("." + name);
    std::ofstream(unfinished, std::ios::binary) << parts_[i].text();
    std::error_code error;
    std::filesystem::rename(unfinished, directory_ / name, error);
    if (error) std::cerr << "rithum-simulator: cannot write " << name << ": " << error.message() << '\n';
  }
}

}  // namespace rithum_simulator
