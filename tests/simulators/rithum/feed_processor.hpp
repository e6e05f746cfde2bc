#pragma once

#include <functional>
#include <iosfwd>
#include <mutex>
#include <stop_token>
#include <string_view>

#include "account.hpp"
#include "strict_feed_reader.hpp"
#include "world.hpp"

namespace rithum_simulator {

/// Applies files to the catalogue, one after the other, wherever they came from (rithum.md §1.6). Thread-safe.
class FeedProcessor {
 public:
  /// Told of each row: its SKU as written, and what became of it.
  using RowObserver = std::function<void(const FeedRow&, std::string_view, const RowResult&)>;

  FeedProcessor(const Account& account, World& world, char delimiter)
      : account_(account), world_(world), delimiter_(delimiter) {}

  /// A record with the next number, of a file that is to be processed.
  [[nodiscard]] FileRecord next_record();
  /// Reads the file to its end, applies its rows unless its name or header forbids it, and keeps the record.
  FileRecord process(std::istream& stream, FileRecord record, const std::stop_token& stop,
                     const RowObserver& observer = {});

 private:
  void read(std::istream& stream, FileRecord& record, const std::stop_token& stop, const RowObserver& observer);
  void apply_rows(StrictFeedReader& reader, const std::vector<std::string>& headers, FileRecord& record,
                  const std::stop_token& stop, const RowObserver& observer);

  const Account& account_;
  World& world_;
  const char delimiter_;
  std::mutex in_turn_;
};

}  // namespace rithum_simulator
