#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "catalog/mapping.hpp"
#include "rithum/product_export.hpp"
#include "rithum/product_reader.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// What a look at Rithum brought.
struct ReadBackCounts {
  std::uint64_t read = 0;       ///< products that Rithum showed
  std::uint64_t confirmed = 0;  ///< of those that lacked proof, or an ID alone
  std::uint64_t different = 0;  ///< shown with something else than they were sent with
  std::uint64_t vanished = 0;   ///< had an ID, and Rithum does not have them any more
};

/// Proves by reading that Rithum holds what it was sent, and learns the product IDs: the one proof there is for what
/// went by file. Few products are read by their SKUs, many through an export of all. Used by one thread at a time.
class ReadBack {
 public:
  struct Options {
    std::string site;
    std::chrono::seconds first_look;     ///< after a delivery
    std::size_t filtered_reads_up_to;    ///< products
  };

  ReadBack(Options options, const catalog::Mapping& mapping, rithum::ProductReader& reader,
           rithum::ProductExport& exporter, store::Store& store, Clock& clock, Logger& log);

  /// Reads what lacks proof and is due, or an ID; with `overdue`, what is overdue as well.
  Result<ReadBackCounts> round(bool overdue, std::stop_token stop);

  /// Reads every product of the profile: proof for all, the whole map of IDs, and what vanished.
  Result<ReadBackCounts> read_everything(std::stop_token stop);

 private:
  using ByKey = std::map<std::string, store::UnprovenProduct>;

  Result<ByKey> wanting(bool overdue);
  Result<void> read_some(const ByKey& products, ReadBackCounts& counts, std::stop_token stop);
  Result<void> take_batch(std::vector<rithum::ShownProduct>& batch, ReadBackCounts& counts);
  Result<void> report_vanished(std::vector<std::uint64_t> seen, ReadBackCounts& counts, std::stop_token stop);
  Result<void> verify_vanished(std::vector<store::ProductId> missing, ReadBackCounts& counts, std::stop_token stop);
  store::Finding judge(const store::UnprovenProduct& product, const rithum::ShownProduct& shown,
                       ReadBackCounts& counts);

  const Options options_;
  const rithum::Wanted wanted_;
  rithum::ProductReader& reader_;
  rithum::ProductExport& exporter_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
};

}  // namespace product_sync::sync
