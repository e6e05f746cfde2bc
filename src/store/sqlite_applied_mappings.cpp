#include "store/sqlite_applied_mappings.hpp"

#include "store/statements.hpp"

namespace product_sync::store {

Result<std::optional<AppliedMapping>> SqliteAppliedMappings::get(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::optional<AppliedMapping>> {
    std::optional<AppliedMapping> found;
    auto query = connection.query(sql::applied_mappings::kGet, site);
    while (query.next()) found = AppliedMapping{query.text(0), query.text(1), query.instant(2)};
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return found;
  });
}

Result<void> SqliteAppliedMappings::put(std::string_view site, const AppliedMapping& mapping) {
  return database_.write([&](Connection& connection) {
    return connection.run(sql::applied_mappings::kPut, site, mapping.fingerprint, mapping.configuration, mapping.at);
  });
}

}  // namespace product_sync::store
