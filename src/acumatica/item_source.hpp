#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "catalog/item.hpp"
#include "catalog/kit.hpp"

namespace product_sync::acumatica {

/// These items, by inventory ID.
struct Keys {
  std::vector<std::string> inventory_ids;
};
/// Items whose modification time is in [from, to); `to` absent = no end.
struct ModifiedBetween {
  Instant from;
  std::optional<Instant> to;
};
struct Everything {};

/// Which items to read. Push gives Keys, delta and custom ModifiedBetween, full Everything.
using Selection = std::variant<Keys, ModifiedBetween, Everything>;

/// What a read found.
struct ReadSummary {
  std::uint64_t items = 0;
  std::uint64_t requests = 0;
  std::vector<std::string> missing;                   ///< keys asked for that Acumatica does not have (404)
  std::vector<std::pair<std::string, Error>> failed;  ///< keys whose own read failed; the others were read
};

/// The current state of items, read from one Acumatica tenant within the configured share of its licence.
class ItemSource {
 public:
  virtual ~ItemSource() = default;

  /// A page of items, never empty; memory holds one page at a time. An error from it ends the read with that error.
  using PageSink = std::function<Result<void>(std::vector<catalog::Item>&& page)>;

  /// Hands every selected item to `sink` once: stock items, and those of the other entities that the catalogue is made
  /// of. A success means that the selection was read completely (but for
  /// ReadSummary::failed); an error means that it was not, whatever the sink saw. Thread-safe.
  virtual Result<ReadSummary> read(const Selection& selection, const PageSink& sink, std::stop_token stop) = 0;

  using KitSink = std::function<Result<void>(std::vector<catalog::KitSpecification>&& page)>;

  /// The same for kit specifications: every revision of the selected kits. Keys are those of kits; a kit without a
  /// specification is not among ReadSummary::missing. Nothing when the catalogue has no bundles.
  virtual Result<ReadSummary> read_kits(const Selection& selection, const KitSink& sink, std::stop_token stop) = 0;

  /// Signs in, finds the endpoint version and reads one item with everything the mapping needs. For `product-sync
  /// check`.
  virtual Result<std::string> check(std::stop_token stop) = 0;
};

}  // namespace product_sync::acumatica
