#include "store/sqlite_ledger.hpp"

#include <fmt/format.h>

#include "store/json_columns.hpp"
#include "store/runs.hpp"
#include "store/statements.hpp"
#include "store/states.hpp"

namespace product_sync::store {
namespace {

Result<ProductState> read_state(std::string_view text) {
  if (const auto state = parse_product_state(text)) return *state;
  return fail("store.corrupt", fmt::format("the ledger holds a product state '{}', which does not exist", text),
              "restore the data directory from a backup");
}

bool is_judged(ProductState state) { return state == ProductState::parked || state == ProductState::not_exported; }

/// A row that a file not delivered yet has for a SKU.
struct ComingRow {
  std::string content_hash;
  std::int64_t number = 0;
  bool sealed = false;
  bool withdrawn = false;
  std::string inventory_id;
  std::string source_hash;
};

Result<std::optional<ComingRow>> find_coming(Connection& connection, std::string_view site, std::string_view sku_key,
                                             std::optional<FileId> own_file) {
  std::optional<ComingRow> row;
  auto query = connection.query(sql::ledger::kComing, site, sku_key, own_file.value_or(0));
  while (query.next()) {
    row = ComingRow{query.text(0), query.integer(1), query.view(2) != to_text(FileState::writing), query.flag(3),
                    query.text(4), query.text(5)};
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return row;
}

Result<std::optional<Known>> find_product(Connection& connection, std::string_view site, std::string_view sku_key) {
  std::optional<Known> known;
  auto query = connection.query(sql::ledger::kKnown, site, sku_key);
  while (query.next()) {
    auto state = read_state(query.view(1));
    if (!state) return tl::unexpected(state.error());
    known = Known{query.text(0), *state, query.text(2), query.text(3),
                  query.flag(4), query.flag(5), query.text(6), query.text(7), query.text(8)};
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return known;
}

Result<bool> has_sealed(Connection& connection, std::string_view site) {
  auto query = connection.query(sql::ledger::kAnythingSealed, site);
  const bool found = query.next();
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return found;
}

/// What is known of one SKU; `coming` says whether files that are not delivered have to be looked at.
Result<std::optional<Known>> find_known(Connection& connection, std::string_view site, std::string_view sku_key,
                                        bool coming, std::optional<FileId> own_file) {
  auto known = find_product(connection, site, sku_key);
  if (!known || !coming) return known;
  auto row = find_coming(connection, site, sku_key, own_file);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return known;
  // A row of the caller's own file makes the product pending, as its sealing will. A sealed one did so already, and
  // what was judged since stands.
  if (!*known || !(*row)->sealed) {
    *known = Known{};
    (*known)->inventory_id = std::move((*row)->inventory_id);
  }
  (*known)->was_told = true;
  (*known)->withdrawn = (*row)->withdrawn;
  (*known)->content_hash = std::move((*row)->content_hash);
  if (!is_judged((*known)->state)) (*known)->source_hash = std::move((*row)->source_hash);
  return known;
}

Result<LedgerEntry> read_entry(const Query& query) {
  auto state = read_state(query.view(3));
  if (!state) return tl::unexpected(state.error());
  LedgerEntry entry;
  entry.sku = query.text(1);
  entry.inventory_id = query.text(2);
  entry.state = *state;
  entry.reason_code = query.text(4);
  entry.reason = query.text(5);
  entry.content_hash = query.text(6);
  entry.read_at = query.optional_instant(7);
  entry.sent_at = query.optional_instant(8);
  entry.changed_at = query.instant(9);
  entry.run_id = query.text(10);
  entry.product_id = query.text(11);
  const auto kind = catalog::parse_product_kind(query.view(13));
  if (!kind) {
    return fail("store.corrupt", fmt::format("the ledger holds a product kind '{}', which does not exist", query.view(13)),
                "restore the data directory from a backup");
  }
  entry.kind = *kind;
  entry.parent = query.text(14);
  entry.written_id = query.text(15);
  if (query.is_null(12)) return entry;
  auto told = told_from_json(query.view(12));
  if (!told) return tl::unexpected(told.error());
  entry.told = std::move(*told);
  return entry;
}

Result<void> note_unchanged(Connection& connection, std::string_view site, std::string_view run_id,
                            std::span<const std::string> sku_keys, Instant now) {
  for (const auto& key : sku_keys) {
    if (auto done = connection.run(sql::history::kUnchangedAgain, site, key, now, run_id); !done) return done;
    if (connection.changes() > 0) continue;
    if (auto done = connection.run(sql::history::kUnchanged, site, key, now, run_id); !done) return done;
  }
  return {};
}

Result<std::optional<LedgerEntry>> find_entry(Connection& connection, std::string_view site,
                                              std::string_view sku_key) {
  std::optional<LedgerEntry> found;
  auto query = connection.query(sql::ledger::kFind, site, sku_key);
  while (query.next()) {
    auto entry = read_entry(query);
    if (!entry) return tl::unexpected(entry.error());
    found = std::move(*entry);
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return found;
}

/// `text` anywhere, with the wildcards of LIKE taken as plain characters.
std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

Result<std::map<std::string, Known>> SqliteLedger::known(std::string_view site, std::span<const std::string> sku_keys,
                                                         std::optional<FileId> own_file) {
  return database_.read([&](Connection& connection) -> Result<std::map<std::string, Known>> {
    const auto sealed = has_sealed(connection, site);
    if (!sealed) return tl::unexpected(sealed.error());
    std::map<std::string, Known> found;
    for (const auto& key : sku_keys) {
      auto known = find_known(connection, site, key, *sealed || own_file.has_value(), own_file);
      if (!known) return tl::unexpected(known.error());
      if (*known) found.insert_or_assign(key, std::move(**known));
    }
    return found;
  });
}

Result<std::optional<catalog::ToldValues>> SqliteLedger::told(std::string_view site, std::string_view sku_key,
                                                              std::optional<FileId> own_file) {
  using Told = std::optional<catalog::ToldValues>;
  const auto read = [](Query query) -> Result<Told> {
    Told told;
    while (query.next()) {
      auto values = told_from_json(query.view(0));
      if (!values) return tl::unexpected(values.error());
      told = std::move(*values);
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return told;
  };
  return database_.read([&](Connection& connection) -> Result<Told> {
    auto coming = find_coming(connection, site, sku_key, own_file);
    if (!coming) return tl::unexpected(coming.error());
    if (*coming) return read(connection.query(sql::ledger::kToldOfStaged, (*coming)->number));
    return read(connection.query(sql::ledger::kToldOfProduct, site, sku_key));
  });
}

Result<void> SqliteLedger::record(std::string_view site, std::string_view run_id, std::span<const StateChange> changes,
                                  std::span<const std::string> unchanged, Instant now) {
  if (changes.empty() && unchanged.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& change : changes) {
      if (auto done = connection.run(sql::ledger::kRecord, site, change.sku_key, change.sku, change.inventory_id,
                                     to_text(change.state), change.reason_code, change.reason, now, run_id,
                                     catalog::to_text(change.kind), change.parent, change.twin, change.source_hash);
          !done) {
        return done;
      }
    }
    return note_unchanged(connection, site, run_id, unchanged, now);
  });
}

Result<void> SqliteLedger::note_sources(std::string_view site, std::span<const SourceNote> notes) {
  if (notes.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& note : notes) {
      if (auto done = connection.run(sql::ledger::kNoteSource, site, note.sku_key, note.content_hash, note.source_hash);
          !done) {
        return done;
      }
    }
    return {};
  });
}

Result<std::optional<LedgerEntry>> SqliteLedger::find(std::string_view site, std::string_view sku_key) {
  return database_.read([&](Connection& connection) { return find_entry(connection, site, sku_key); });
}

Result<std::map<std::string, LedgerEntry>> SqliteLedger::find(std::string_view site,
                                                              std::span<const std::string> sku_keys) {
  return database_.read([&](Connection& connection) -> Result<std::map<std::string, LedgerEntry>> {
    std::map<std::string, LedgerEntry> found;
    for (const auto& key : sku_keys) {
      auto entry = find_entry(connection, site, key);
      if (!entry) return tl::unexpected(entry.error());
      if (*entry) found.insert_or_assign(key, std::move(**entry));
    }
    return found;
  });
}

Result<std::uint64_t> SqliteLedger::withdrawn_since(std::string_view site, Instant since) {
  return database_.read([&](Connection& connection) -> Result<std::uint64_t> {
    auto query = connection.query(sql::ledger::kWithdrawnSince, site, since, kConfirmedWithdrawals);
    const std::uint64_t count = query.next() ? query.count(0) : 0;
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return count;
  });
}

Result<std::vector<Relative>> SqliteLedger::family(std::string_view site, std::string_view parent_sku) {
  return database_.read([&](Connection& connection) -> Result<std::vector<Relative>> {
    std::vector<Relative> relatives;
    auto query = connection.query(sql::ledger::kFamily, site, parent_sku);
    while (query.next()) {
      auto state = read_state(query.view(3));
      if (!state) return tl::unexpected(state.error());
      relatives.push_back({query.text(0), query.text(1), query.text(2), *state, query.text(4)});
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return relatives;
  });
}

Result<std::vector<LedgerEntry>> SqliteLedger::list(std::string_view site, const LedgerFilter& filter) {
  const auto pattern = like_pattern(filter.search);
  const auto state = filter.state ? to_text(*filter.state) : std::string_view{};
  const auto kind = filter.kind ? catalog::to_text(*filter.kind) : std::string_view{};
  return database_.read([&](Connection& connection) -> Result<std::vector<LedgerEntry>> {
    std::vector<LedgerEntry> entries;
    auto query = filter.state
                     ? connection.query(sql::ledger::kListOfState, site, filter.after_key, pattern, filter.limit, kind,
                                        state)
                     : connection.query(sql::ledger::kList, site, filter.after_key, pattern, filter.limit, kind);
    while (query.next()) {
      auto entry = read_entry(query);
      if (!entry) return tl::unexpected(entry.error());
      entries.push_back(std::move(*entry));
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return entries;
  });
}

Result<std::vector<Owner>> SqliteLedger::on_channels(std::string_view site, std::string_view after_key,
                                                     std::size_t limit) {
  return database_.read([&](Connection& connection) -> Result<std::vector<Owner>> {
    std::vector<Owner> owners;
    auto query = connection.query(sql::ledger::kOnChannels, site, after_key, limit);
    while (query.next()) owners.push_back({query.text(0), query.text(1)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return owners;
  });
}

Result<std::map<ProductState, std::uint64_t>> SqliteLedger::counts(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::map<ProductState, std::uint64_t>> {
    std::map<ProductState, std::uint64_t> counts;
    auto query = connection.query(sql::ledger::kCounts, site);
    while (query.next()) {
      auto state = read_state(query.view(0));
      if (!state) return tl::unexpected(state.error());
      counts.emplace(*state, query.count(1));
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return counts;
  });
}

}  // namespace product_sync::store
