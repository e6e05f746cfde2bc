#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "filter.hpp"
#include "item_json.hpp"

namespace acumatica_sim {

struct ListQuery {
  Filter filter;
  Shape shape;
  Catalogue::Order order = Catalogue::Order::ascending;
  std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t skip = 0;
};

/// Writes the JSON array of a list piece by piece, so that a reply needs no more memory than a piece.
class ListReader {
 public:
  ListReader(const Catalogue& catalogue, ListQuery query);

  /// Appends the next piece, about `bytes` long; false when that was the last one.
  bool read(std::string& out, std::size_t bytes);
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  void add_children();
  bool read_keys(std::string& out, std::size_t bytes);
  bool read_scan(std::string& out, std::size_t bytes);
  /// Writes the item if it is one of the wanted; false when the list is complete.
  bool take(std::string& out, const Item& item);

  const Catalogue& catalogue_;
  ListQuery query_;
  std::optional<std::vector<std::string>> keys_;
  std::size_t next_key_ = 0;
  Catalogue::Place place_;
  bool begun_ = false;
  std::uint64_t skipped_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace acumatica_sim
