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

// What happened to each SKU (docs/story.md). Whatever changes a product's state, its ID or its place on the retry list, this
// is where it is written down, once for each change.
constexpr const char* kLedger6 = R"(
CREATE TABLE event (
  number INTEGER PRIMARY KEY,                   -- rises with time
  site TEXT NOT NULL,
  sku_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  run_id TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL DEFAULT '',               -- a state, a product ID; `withdrawn` of a row that does so
  code TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  file INTEGER,
  read_at INTEGER,
  plan TEXT NOT NULL DEFAULT '',                -- JSON; empty: the row tells of the product as if for the first time
  times INTEGER NOT NULL DEFAULT 1,
  until INTEGER                                 -- the last of several times
) STRICT;
CREATE INDEX event_sku ON event (site, sku_key, number);

CREATE TABLE file_event (
  file INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                      -- within the file
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  times INTEGER NOT NULL DEFAULT 1,
  until INTEGER,
  PRIMARY KEY (file, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN sealed INTEGER;
ALTER TABLE staged ADD COLUMN plan TEXT NOT NULL DEFAULT '';
ALTER TABLE consumed ADD COLUMN run_id TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN id_at INTEGER;                          -- when the product ID became what it is
ALTER TABLE product ADD COLUMN written_at INTEGER;                     -- when Acumatica was told
ALTER TABLE retry ADD COLUMN noted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE retry ADD COLUMN run_id TEXT NOT NULL DEFAULT '';

-- That a row waits, and that it went out, is told by the row's own event and its file.
CREATE TRIGGER product_judged AFTER INSERT ON product
WHEN NEW.state NOT IN ('pending', 'sent', 'withdrawn') BEGIN
  INSERT INTO event (site, sku_key, at, kind, run_id, value, code, text)
  VALUES (NEW.site, NEW.sku_key, NEW.changed_at, 'state', NEW.run_id, NEW.state, NEW.reason_code, NEW.reason);
END;
CREATE TRIGGER product_moved AFTER UPDATE OF state, reason_code, reason, product_id ON product
WHEN (OLD.state, OLD.reason_code, OLD.reason, OLD.product_id) IS NOT
  (NEW.state, NEW.reason_code, NEW.reason, NEW.product_id)
BEGIN
  INSERT INTO event (site, sku_key, at, kind, run_id, value, code, text, file)
    SELECT NEW.site, NEW.sku_key, NEW.changed_at, 'state', NEW.run_id, NEW.state, NEW.reason_code, NEW.reason, NEW.file
    WHERE (OLD.state, OLD.reason_code, OLD.reason) IS NOT (NEW.state, NEW.reason_code, NEW.reason)
      AND NEW.state <> 'pending' AND NOT (OLD.state = 'pending' AND NEW.state IN ('sent', 'withdrawn'));
  INSERT INTO event (site, sku_key, at, kind, run_id, value, text)
    SELECT NEW.site, NEW.sku_key, coalesce(NEW.id_at, NEW.changed_at), 'product_id', NEW.run_id, NEW.product_id,
      OLD.product_id
    WHERE OLD.product_id <> NEW.product_id;
END;
CREATE TRIGGER product_written AFTER UPDATE OF written_id ON product WHEN OLD.written_id <> NEW.written_id BEGIN
  INSERT INTO event (site, sku_key, at, kind, run_id, value)
  VALUES (NEW.site, NEW.sku_key, coalesce(NEW.written_at, NEW.changed_at), 'written_id', NEW.run_id, NEW.written_id);
END;
CREATE TRIGGER retry_added AFTER INSERT ON retry BEGIN
  INSERT INTO event (site, sku_key, at, kind, run_id, code, text)
  VALUES (NEW.site, lower(trim(NEW.inventory_id)), NEW.noted_at, 'retry', NEW.run_id, NEW.code, NEW.message);
END;
CREATE TRIGGER retry_again AFTER UPDATE ON retry BEGIN
  INSERT INTO event (site, sku_key, at, kind, run_id, code, text)
  VALUES (NEW.site, lower(trim(NEW.inventory_id)), NEW.noted_at, 'retry', NEW.run_id, NEW.code, NEW.message);
END;
)";

// Which notifications named an item, once they were carried on: so that taking one in costs nothing more.
constexpr const char* kInbox2 = R"(
ALTER TABLE notification ADD COLUMN run_id TEXT NOT NULL DEFAULT '';    -- that carried it on
CREATE TABLE mention (
  site TEXT NOT NULL,
  sku_key TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (site, sku_key, sequence)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO mention
  SELECT n.site, lower(trim(k.value)), n.sequence FROM notification n, json_each(n.keys) k WHERE n.pending = 0;
CREATE TRIGGER notification_completed AFTER UPDATE OF pending ON notification WHEN OLD.pending = 1 AND NEW.pending = 0
BEGIN
  INSERT OR IGNORE INTO mention SELECT NEW.site, lower(trim(value)), NEW.sequence FROM json_each(NEW.keys);
END;
CREATE TRIGGER notification_forgotten AFTER DELETE ON notification BEGIN
  DELETE FROM mention WHERE site = OLD.site AND sequence = OLD.sequence
    AND sku_key IN (SELECT lower(trim(value)) FROM json_each(OLD.keys));
END;
)";

// What a product was made of when it was last settled, and the configuration under which a site was last read whole.
constexpr const char* kLedger7 = R"(
ALTER TABLE product ADD COLUMN source_hash TEXT NOT NULL DEFAULT '';  -- empty: not known
ALTER TABLE staged ADD COLUMN source_hash TEXT NOT NULL DEFAULT '';
CREATE TABLE applied_mapping (
  site TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  configuration TEXT NOT NULL,               -- YAML without secrets
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

// What comparisons of Rithum with the ledger found.
constexpr const char* kLedger8 = R"(
CREATE TABLE reconciliation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  site TEXT NOT NULL,
  run_id TEXT NOT NULL UNIQUE,
  repair INTEGER NOT NULL,
  most INTEGER NOT NULL,                       -- products that a repair sends
  completed INTEGER,
  shown INTEGER NOT NULL DEFAULT 0,
  told INTEGER NOT NULL DEFAULT 0,
  equal INTEGER NOT NULL DEFAULT 0,
  on_their_way INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  different INTEGER NOT NULL DEFAULT 0,
  extra INTEGER NOT NULL DEFAULT 0,
  to_send INTEGER NOT NULL DEFAULT 0,
  left_over INTEGER NOT NULL DEFAULT 0,
  rows_left_out INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reconciliation_site ON reconciliation (site, id);
CREATE TABLE drift_field (
  report INTEGER NOT NULL,
  field TEXT NOT NULL,
  products INTEGER NOT NULL,
  PRIMARY KEY (report, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE drift (
  report INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  sku TEXT NOT NULL,
  product_id TEXT NOT NULL,
  field TEXT NOT NULL,
  told TEXT NOT NULL,
  shown TEXT NOT NULL,
  remedy TEXT NOT NULL,
  PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;
)";

// What is remembered of each site's schedules.
constexpr const char* kLedger9 = R"(
CREATE TABLE schedule (
  site TEXT NOT NULL,
  name TEXT NOT NULL,
  active INTEGER,                              -- NULL: as the configuration says
  rule TEXT NOT NULL DEFAULT '',
  handled INTEGER,
  start_at INTEGER,
  start_occurrence INTEGER,
  run_id TEXT NOT NULL DEFAULT '',
  ended INTEGER,
  error TEXT NOT NULL DEFAULT '',
  skip_occurrence INTEGER,
  skip_code TEXT NOT NULL DEFAULT '',
  skip_reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (site, name)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* kLedger10 = R"(
CREATE TABLE alert (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  site TEXT NOT NULL,
  rule TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL,
  since INTEGER NOT NULL,
  told INTEGER,
  recovered INTEGER,                           -- NULL: it is open
  recovery_told INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (site, rule) WHERE recovered IS NULL;
)";

// What Rithum was told that bundles hold: it takes a limited number of them.
constexpr const char* kLedger11 = R"(
CREATE TABLE bundle_component (
  site TEXT NOT NULL,
  kit_id TEXT NOT NULL,
  component_key TEXT NOT NULL,
  PRIMARY KEY (site, kit_id, component_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX bundle_component_use ON bundle_component (site, component_key);
CREATE INDEX product_withdrawn ON product (site, sent_at) WHERE withdrawn = 1;
)";

constexpr const char* kRequests1 = R"(
CREATE TABLE exchange (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  site TEXT NOT NULL,
  run_id TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  peer TEXT NOT NULL,
  direction TEXT NOT NULL,
  method TEXT NOT NULL,
  target TEXT NOT NULL,
  status INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  error_code TEXT NOT NULL,
  error TEXT NOT NULL,
  elapsed INTEGER NOT NULL,                    -- milliseconds
  bytes_sent INTEGER NOT NULL,
  bytes_received INTEGER NOT NULL,
  correlation TEXT NOT NULL
) STRICT;
-- Apart, so that a look through the log does not read them.
CREATE TABLE exchange_body (
  exchange INTEGER NOT NULL,
  part TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (exchange, part)
) STRICT, WITHOUT ROWID;
)";

constexpr std::array kRequests{Migration{kRequests1}};

// Files of answers that were read, for as long as they lie where Rithum put them.
constexpr const char* kLedger12 = R"(
CREATE TABLE response (
  site TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  read_at INTEGER NOT NULL,
  PRIMARY KEY (site, name)
) STRICT, WITHOUT ROWID;
)";

constexpr std::array kInbox{Migration{kInbox1}, Migration{kInbox2}};
constexpr std::array kLedger{Migration{kLedger1}, Migration{kLedger2}, Migration{kLedger3}, Migration{kLedger4},
                             Migration{kLedger5}, Migration{kLedger6}, Migration{kLedger7}, Migration{kLedger8},
                             Migration{kLedger9}, Migration{kLedger10}, Migration{kLedger11}, Migration{kLedger12}};

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

std::span<const Migration> request_migrations() { return kRequests; }

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
