#pragma once

#include <filesystem>
#include <span>

#include "base/error.hpp"
#include "store/sqlite_connection.hpp"

namespace product_sync::store {

/// One step of a schema. Steps are numbered from 1 by their place in the list; `PRAGMA user_version` is the number of
/// the last one done. A step that was released never changes: a change is a new step at the end.
struct Migration {
  const char* sql;
};

/// Notifications have a database of their own, so that intake never waits for a bulk write to the ledger.
[[nodiscard]] std::span<const Migration> inbox_migrations();
/// So has the request log, which may be lost without harm.
[[nodiscard]] std::span<const Migration> request_migrations();
/// Everything else.
[[nodiscard]] std::span<const Migration> ledger_migrations();

/// Does the steps that are missing, each in a transaction. `store.newer_schema` for a database of a later program.
[[nodiscard]] Result<void> migrate(Connection& connection, const std::filesystem::path& file,
                                   std::span<const Migration> migrations);

}  // namespace product_sync::store
