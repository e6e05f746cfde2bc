#pragma once

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "catalogue.hpp"

namespace acumatica_sim {

struct NotificationRules {
  /// Names of inquiries by `Entity` or `Entity.Detail`: one notification each, same Id. An entity that is not named has
  /// the inquiry of its schema.
  std::map<std::string, std::vector<std::string>, std::less<>> queries;
  std::string tenant = "MyTenant";
  std::string attribute = "BRAND";  ///< tracked attribute: the name of its column
  int utc_offset_minutes = 0;       ///< datetimes in rows are local, without offset
  std::uint64_t seed = 1;
};

/// Builds push notifications as acumatica.md §1.1-1.3 describes them, the surprises included:
///   - the attribute column is null in both rows when the attribute did not change
///   - key columns are padded with blanks, differently in Inserted and in Deleted
///   - for every fourth transaction the Deleted row carries a later stamp than the Inserted one (sample S1)
///   - TimeStamp: .NET ticks, UTC, rising with each transaction
///   - AdditionalInfo: `{}`, or PXPerformanceInfoStartTime for every second transaction
class NotificationBuilder {
 public:
  explicit NotificationBuilder(NotificationRules rules) : rules_(std::move(rules)) {}

  /// The bodies for one transaction that made these changes in one table: one per query that sees any of them.
  [[nodiscard]] std::vector<std::string> bodies(const std::vector<Change>& changes, Millis now);

 private:
  struct Transaction {
    std::uint64_t number;
    std::uint64_t roll;
    Millis now;
  };
  void append_row(std::string& out, const Item& item, bool attribute_changed, std::size_t padding, Millis stamp) const;
  /// `"Inserted":[..],"Deleted":[..]`
  [[nodiscard]] std::string rows(const std::vector<const Change*>& changes, const Transaction& transaction) const;
  /// What of the changes each inquiry sees.
  struct Seen {
    std::string query;
    std::vector<const Change*> changes;
  };
  [[nodiscard]] std::vector<Seen> seen(const std::vector<Change>& changes) const;
  [[nodiscard]] std::vector<std::string> queries_of(const EntitySpec& spec) const;
  [[nodiscard]] std::uint64_t next_ticks(Millis now);

  const NotificationRules rules_;
  std::atomic<std::uint64_t> transactions_{0};
  std::atomic<std::uint64_t> last_ticks_{0};
};

/// Bodies that no receiver may take for a notification, in turn by `number`.
[[nodiscard]] std::string malformed_notification(std::uint64_t number);

}  // namespace acumatica_sim
