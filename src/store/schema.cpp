#include "store/schema.hpp"

#include <fmt/format.h>

#include <array>

namespace product_sync::store {
namespace {

// Times are microseconds since 1970 (UTC), states are the words of to_text().

constexpr const char* kInbox1 = R"(
CREATE TABLE notification (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- AUTOINCREMENT: a number is never given twice
  identity BLOB NOT NULL,                      -- 16 bytes: hash of site, tenant, query, id
  site TEXT NOT NULL,
  tenant TEXT NOT NULL,
  query TEXT NOT NULL,
  id TEXT NOT NULL,
  ticks INTEGER NOT NULL,
  received INTEGER NOT NULL,
  keys TEXT NOT NULL,                          -- JSON array of texts
  keys_complete INTEGER NOT NULL,
  pending INTEGER NOT NULL DEFAULT 1,
  body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX notification_identity ON notification (identity);
-- `pending` stands in both so that counting never opens a row.
CREATE INDEX notification_pending ON notification (site, sequence, pending) WHERE pending = 1;
CREATE INDEX notification_completed ON notification (site, received, pending) WHERE pending = 0;

CREATE TABLE quarantine (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  site TEXT NOT NULL,
  received INTEGER NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_byte INTEGER NOT NULL,
  bytes INTEGER NOT NULL,                      -- of the body
  body BLOB NOT NULL
) STRICT;
CREATE INDEX quarantine_site ON quarantine (site, number, bytes);

CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL) STRICT;
)";

constexpr const char* kLedger1 = R"(
CREATE TABLE product (
  number INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  sku_key TEXT NOT NULL,
  sku TEXT NOT NULL,
  inventory_id TEXT NOT NULL,
  state TEXT NOT NULL,
  reason_code TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  content_hash TEXT NOT NULL DEFAULT '',       -- empty: Rithum was never told of it
  content INTEGER,                             -- number of what Rithum was told
  read_at INTEGER,
  sent_at INTEGER,
  changed_at INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  product_id TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX product_key ON product (site, sku_key);
CREATE INDEX product_state ON product (site, state, sku_key);

-- Told values are written once, when they are staged; delivery only moves the reference from `staged` to `product`.
CREATE TABLE content (
  number INTEGER PRIMARY KEY,                  -- the staged row's
  told TEXT NOT NULL                           -- JSON object of texts
) STRICT;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  site TEXT NOT NULL,
  run_id TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  path TEXT NOT NULL DEFAULT '',
  row_count INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  next_attempt INTEGER,
  created INTEGER NOT NULL,
  delivered INTEGER
) STRICT;
CREATE INDEX outbox_state ON outbox (site, state, id);
CREATE INDEX outbox_site ON outbox (site, id);
CREATE INDEX outbox_unsealed ON outbox (run_id) WHERE state = 'writing';

CREATE TABLE staged (
  number INTEGER PRIMARY KEY AUTOINCREMENT,    -- AUTOINCREMENT: also the number of its content, which outlives it
  file INTEGER NOT NULL REFERENCES outbox (id),
  sku_key TEXT NOT NULL,
  sku TEXT NOT NULL,
  inventory_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  read_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX staged_key ON staged (sku_key, file);
CREATE INDEX staged_file ON staged (file, number);

-- Notifications that a sealed file consumed, until the inbox has been told.
CREATE TABLE consumed (
  site TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (site, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE retry (
  site TEXT NOT NULL,
  inventory_id TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt INTEGER NOT NULL,
  PRIMARY KEY (site, inventory_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX retry_due ON retry (site, next_attempt, inventory_id);

CREATE TABLE watermark (site TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  site TEXT NOT NULL,
  type TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  range_from INTEGER,
  range_to INTEGER,
  dry_run INTEGER NOT NULL,
  state TEXT NOT NULL,
  started INTEGER NOT NULL,
  finished INTEGER,
  read_count INTEGER NOT NULL DEFAULT 0,
  eligible INTEGER NOT NULL DEFAULT 0,
  not_exported INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  row_count INTEGER NOT NULL DEFAULT 0,
  parked INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  file_name TEXT NOT NULL DEFAULT '',
  error_code TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  cancel INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX run_site ON run (site, type, number);
CREATE INDEX run_running ON run (site, type, number) WHERE state = 'running';

CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL) STRICT;
)";

// Families and bundles: what kind of product a row is about, and where its line stands until its file is written.
constexpr const char* kLedger2 = R"(
ALTER TABLE product ADD COLUMN kind TEXT NOT NULL DEFAULT 'item';
ALTER TABLE product ADD COLUMN parent TEXT NOT NULL DEFAULT '';      -- SKU of the variation parent
ALTER TABLE product ADD COLUMN told_parent TEXT NOT NULL DEFAULT ''; -- the one that Rithum was, or will be, told
ALTER TABLE staged ADD COLUMN kind TEXT NOT NULL DEFAULT 'item';
ALTER TABLE staged ADD COLUMN rank INTEGER NOT NULL DEFAULT 1;       -- place of the kind in a feed
ALTER TABLE staged ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE staged ADD COLUMN reason_code TEXT NOT NULL DEFAULT '';  -- a remark on a row that is sent
ALTER TABLE staged ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE staged ADD COLUMN line_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staged ADD COLUMN line_bytes INTEGER NOT NULL DEFAULT 0;
)";

// Which kits hold an item, with a digest of what their bundles depend on in it; the members of a family.
constexpr const char* kLedger3 = R"(
CREATE TABLE kit_component (
  site TEXT NOT NULL,
  component_key TEXT NOT NULL,
  kit_id TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (site, component_key, kit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kit_component_kit ON kit_component (site, kit_id);
CREATE INDEX product_parent ON product (site, parent, sku_key) WHERE parent <> '';
)";

// Proof that Rithum holds what it was told, and the product IDs it gives.
constexpr const char* kLedger4 = R"(
ALTER TABLE product ADD COLUMN file INTEGER;                          -- of the outbox: the last that told Rithum of it
ALTER TABLE product ADD COLUMN proved_at INTEGER;                     -- when Rithum showed or refused that
ALTER TABLE product ADD COLUMN written_id TEXT NOT NULL DEFAULT '';   -- the product ID as Acumatica was told
CREATE INDEX product_without_id ON product (site, sku_key) WHERE state = 'confirmed' AND product_id = '';
CREATE INDEX product_unwritten ON product (site, sku_key) WHERE product_id <> written_id;

ALTER TABLE outbox ADD COLUMN route TEXT NOT NULL DEFAULT 'transfer';

-- Files that Rithum took through its interface, until it tells their outcome.
CREATE TABLE upload (
  file INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  token TEXT NOT NULL,
  started INTEGER NOT NULL
) STRICT;
CREATE TABLE upload_row (
  file INTEGER NOT NULL,
  sku_key TEXT NOT NULL,
  PRIMARY KEY (file, sku_key)
) STRICT, WITHOUT ROWID;
)";

// Products that are taken off the channels, and the plans that wait for an operator; items that share a SKU.
constexpr const char* kLedger5 = R"(
ALTER TABLE staged ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;   -- whether the row withdraws its product
ALTER TABLE product ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;  -- whether the last row that was delivered did
ALTER TABLE product ADD COLUMN twin TEXT NOT NULL DEFAULT '';         -- inventory ID of another item with the same SKU
ALTER TABLE run ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE TABLE withdrawal_plan (
  site TEXT NOT NULL,
  id TEXT NOT NULL,                            -- digest of its SKUs
  confirmed INTEGER,                           -- when; NULL: it is held
  products INTEGER NOT NULL,
  known INTEGER NOT NULL,                      -- products that Rithum was told of, when it was made
  run_id TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE withdrawal (
  site TEXT NOT NULL,
  plan TEXT NOT NULL,
  sku_key TEXT NOT NULL,
  sku TEXT NOT NULL,
  inventory_id TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (site, plan, sku_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_product ON withdrawal (site, sku_key);
)";

constexpr std::array kInbox{Migration{kInbox1}};
constexpr std::array kLedger{Migration{kLedger1}, Migration{kLedger2}, Migration{kLedger3}, Migration{kLedger4},
                            Migration{kLedger5}};

constexpr const char* kReadVersion = "PRAGMA user_version";

Result<std::size_t> version_of(Connection& connection) {
  auto query = connection.query(kReadVersion);
  const std::size_t version = query.next() ? query.count(0) : 0;
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return version;
}

}  // namespace

std::span<const Migration> inbox_migrations() { return kInbox; }

std::span<const Migration> ledger_migrations() { return kLedger; }

Result<void> migrate(Connection& connection, const std::filesystem::path& file, std::span<const Migration> migrations) {
  auto version = version_of(connection);
  if (!version) return tl::unexpected(version.error());
  if (*version > migrations.size()) {
    return fail("store.newer_schema",
                fmt::format("database {} has schema {}, and this program knows schemas up to {}", file.string(),
                            *version, migrations.size()),
                "start the later version of the program that wrote it, or restore a backup made before that one");
  }
  for (; *version < migrations.size(); ++*version) {
    const auto script = fmt::format("BEGIN IMMEDIATE;\n{}\n;PRAGMA user_version = {};\nCOMMIT;",
                                    migrations[*version].sql, *version + 1);
    if (auto done = connection.script(script); !done) {
      if (connection.in_transaction()) (void)connection.script("ROLLBACK");
      return done;
    }
  }
  return {};
}

}  // namespace product_sync::store
