#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// In what a product in Rithum is not as Rithum was told.
enum class DriftKind {
  missing,    ///< Rithum was told of it, and does not have it
  different,  ///< a value is not the one it was told
  extra,      ///< Rithum has it, and this site knows nothing of it
};
[[nodiscard]] std::string_view to_text(DriftKind kind);
[[nodiscard]] std::optional<DriftKind> parse_drift_kind(std::string_view text);

/// What is done about it.
enum class Remedy {
  would_send,    ///< a repair sends it again
  sent,          ///< this one did
  beyond_most,   ///< a repair would, were it allowed more products
  report_only,   ///< by the policy of the column, or of missing products
  not_in_order,  ///< its item is parked: nothing of it is sent before it is in order
  untouched,     ///< nothing is ever done about what is not of this site
};
[[nodiscard]] std::string_view to_text(Remedy remedy);
[[nodiscard]] std::optional<Remedy> parse_remedy(std::string_view text);

/// One value of one product, or a whole product.
struct DriftRow {
  std::int64_t number = 0;  ///< within its report, from 1 on
  DriftKind kind = DriftKind::different;
  std::string sku;
  std::string product_id;  ///< empty where it is not known
  std::string field;       ///< of DriftKind::different: the ledger's key of the value
  std::string told;        ///< long values are cut
  std::string shown;
  Remedy remedy = Remedy::report_only;
};

/// Products, unless it says otherwise.
struct DriftCounts {
  std::uint64_t shown = 0;  ///< that Rithum has in the profile
  std::uint64_t told = 0;   ///< that the site owns: Rithum was told of them, and they are exported
  std::uint64_t equal = 0;
  std::uint64_t on_their_way = 0;  ///< not as told yet, and no drift: waiting, unproven, or changed meanwhile
  std::uint64_t missing = 0;
  std::uint64_t different = 0;
  std::uint64_t extra = 0;
  std::uint64_t to_send = 0;                         ///< that the repair sent; without one, that it would send
  std::uint64_t left = 0;                            ///< missing or different, and not sent
  std::uint64_t rows_left_out = 0;                   ///< of the report, which had no room for them
  std::map<std::string, std::uint64_t> fields = {};  ///< how many products differ in a value
  friend bool operator==(const DriftCounts&, const DriftCounts&) = default;
};

using ReportId = std::int64_t;

/// What one comparison of Rithum with the ledger found.
struct DriftReport {
  ReportId id = 0;
  std::string run_id;
  std::string site;
  bool repair = false;
  std::uint64_t most = 0;            ///< products that a repair sends
  std::optional<Instant> completed;  ///< absent: under way, or broken off
  DriftCounts counts;
};

/// Reports of comparisons, the latest ones of each site. Thread-safe.
class Reconciliations {
 public:
  virtual ~Reconciliations() = default;

  /// A new report of a run; the oldest of the site are forgotten.
  virtual Result<ReportId> begin(std::string_view site, std::string_view run_id, bool repair, std::uint64_t most) = 0;
  /// Adds rows, whose numbers follow those before.
  virtual Result<void> add(ReportId report, std::span<const DriftRow> rows) = 0;
  virtual Result<void> complete(ReportId report, const DriftCounts& counts, Instant now) = 0;

  /// By its run; absent when there is none.
  virtual Result<std::optional<DriftReport>> find(std::string_view site, std::string_view run_id) = 0;
  /// Newest first.
  virtual Result<std::vector<DriftReport>> list(std::string_view site, std::size_t limit) = 0;
  /// Rows behind number `after`, of one kind or of all.
  virtual Result<std::vector<DriftRow>> rows(ReportId report, std::optional<DriftKind> kind, std::int64_t after,
                                             std::size_t limit) = 0;
};

}  // namespace product_sync::store
