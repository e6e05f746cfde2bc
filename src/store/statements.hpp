#pragma once

// Every SQL statement that reads or writes rows, by the part of the store that uses it; schema.cpp has the tables.

namespace product_sync::store::sql {

namespace inbox {

inline constexpr const char* kPut = R"(
INSERT INTO notification (identity, site, tenant, query, id, ticks, received, keys, keys_complete, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (identity) DO NOTHING)";

inline constexpr const char* kFindIdentity = "SELECT sequence FROM notification WHERE identity = ?1";

inline constexpr const char* kPending = R"(
SELECT sequence, received, ticks, keys, keys_complete FROM notification
WHERE site = ?1 AND pending = 1 AND sequence > ?2 ORDER BY sequence LIMIT ?3)";

inline constexpr const char* kComplete =
    "UPDATE notification SET pending = 0, run_id = ?3 WHERE sequence = ?2 AND site = ?1 AND pending = 1";

inline constexpr const char* kCountPending =
    "SELECT count(*), min(sequence) FROM notification WHERE site = ?1 AND pending = 1";
inline constexpr const char* kCountCompleted = "SELECT count(*) FROM notification WHERE site = ?1 AND pending = 0";
// Each half is the end of an index.
inline constexpr const char* kNewest = R"(
SELECT max(coalesce((SELECT max(received) FROM notification WHERE site = ?1 AND pending = 0), 0),
           coalesce((SELECT received FROM notification WHERE site = ?1 AND pending = 1 ORDER BY sequence DESC LIMIT 1), 0)))";
inline constexpr const char* kReceived = "SELECT received FROM notification WHERE sequence = ?1";

// The newest behind a place: received, sequence.
inline constexpr const char* kReceivedPending = R"(
SELECT sequence, received, query, id, keys, keys_complete, pending, run_id FROM notification
WHERE site = ?1 AND pending = 1 AND received <= ?2 AND (received, sequence) < (?2, ?3)
ORDER BY received DESC, sequence DESC LIMIT ?4)";
inline constexpr const char* kReceivedCompleted = R"(
SELECT sequence, received, query, id, keys, keys_complete, pending, run_id FROM notification
WHERE site = ?1 AND pending = 0 AND received <= ?2 AND (received, sequence) < (?2, ?3)
ORDER BY received DESC, sequence DESC LIMIT ?4)";

inline constexpr const char* kCountCompletedWithin = R"(
SELECT count(*) FROM (
  SELECT 1 FROM notification WHERE site = ?1 AND pending = 0 AND received >= ?2 AND received < ?3 LIMIT ?4))";
inline constexpr const char* kReplay = R"(
UPDATE notification SET pending = 1, run_id = ''
WHERE site = ?1 AND pending = 0 AND received >= ?2 AND received < ?3)";

// Walks from site to site by the index instead of reading all of it.
inline constexpr const char* kSitesWithCompleted = R"(
WITH RECURSIVE found (site) AS (
  SELECT min(site) FROM notification WHERE pending = 0
  UNION ALL
  SELECT (SELECT min(site) FROM notification WHERE pending = 0 AND site > found.site) FROM found
  WHERE found.site IS NOT NULL)
SELECT site FROM found WHERE site IS NOT NULL)";

inline constexpr const char* kForgetCompleted = R"(
DELETE FROM notification WHERE sequence IN (
  SELECT sequence FROM notification WHERE site = ?1 AND pending = 0 AND received < ?2 ORDER BY received LIMIT ?3))";

inline constexpr const char* kQuarantine = R"(
INSERT INTO quarantine (site, received, code, reason, at_byte, bytes, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";

// Everything from the newest row on that a cap leaves no room for, and all before it.
inline constexpr const char* kTrimQuarantine = R"(
DELETE FROM quarantine WHERE site = ?1 AND number <= (
  SELECT max(number) FROM (
    SELECT number, row_number() OVER newest AS place, sum(bytes) OVER newest AS total
    FROM quarantine WHERE site = ?1 WINDOW newest AS (ORDER BY number DESC))
  WHERE place > ?2 OR total > ?3))";

inline constexpr const char* kQuarantined = R"(
SELECT site, received, code, reason, at_byte, body FROM quarantine WHERE site = ?1 ORDER BY number DESC LIMIT ?2)";

inline constexpr const char* kCountQuarantined = "SELECT count(*) FROM quarantine WHERE site = ?1";

}  // namespace inbox

namespace consumed {

inline constexpr const char* kAdd =
    "INSERT INTO consumed (site, sequence, run_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
inline constexpr const char* kAll = "SELECT site, sequence, run_id FROM consumed ORDER BY site, sequence";
inline constexpr const char* kRemove = "DELETE FROM consumed WHERE site = ?1 AND sequence = ?2";

}  // namespace consumed

namespace ledger {

// The newest row for a SKU that a sealed file, or the caller's own, will deliver.
inline constexpr const char* kComing = R"(
SELECT s.content_hash, s.number, f.state, s.withdrawn, s.inventory_id, s.source_hash
FROM staged s JOIN outbox f ON f.id = s.file
WHERE s.sku_key = ?2 AND f.site = ?1 AND (f.state IN ('sealed', 'applying') OR f.id = ?3)
ORDER BY s.file DESC LIMIT 1)";

inline constexpr const char* kAnythingSealed = "SELECT 1 FROM outbox WHERE site = ?1 AND state IN ('sealed', 'applying') LIMIT 1";

inline constexpr const char* kKnown = R"(
SELECT content_hash, state, reason, told_parent, content IS NOT NULL, withdrawn, inventory_id, twin, source_hash
FROM product WHERE site = ?1 AND sku_key = ?2)";

inline constexpr const char* kToldOfStaged = "SELECT told FROM content WHERE number = ?1";
inline constexpr const char* kToldOfProduct = R"(
SELECT c.told FROM product p JOIN content c ON c.number = p.content WHERE p.site = ?1 AND p.sku_key = ?2)";

// A judgement that is there already is not written again; one on other sources is no change to its product.
inline constexpr const char* kRecord = R"(
INSERT INTO product (site, sku_key, sku, inventory_id, state, reason_code, reason, changed_at, run_id, kind, parent, twin,
  source_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
ON CONFLICT (site, sku_key) DO UPDATE SET
  sku = excluded.sku, inventory_id = excluded.inventory_id, state = excluded.state,
  reason_code = excluded.reason_code, reason = excluded.reason,
  (changed_at, run_id) = (SELECT iif(same, changed_at, excluded.changed_at), iif(same, run_id, excluded.run_id)
    FROM (SELECT (product.state, product.reason_code, product.reason, product.kind, product.parent, product.twin) IS
      (excluded.state, excluded.reason_code, excluded.reason, excluded.kind, excluded.parent, excluded.twin) AS same)),
  kind = excluded.kind, parent = excluded.parent, twin = excluded.twin, source_hash = excluded.source_hash
WHERE (state, reason_code, reason, sku, inventory_id, kind, parent, twin, source_hash) IS NOT
  (excluded.state, excluded.reason_code, excluded.reason, excluded.sku, excluded.inventory_id, excluded.kind,
   excluded.parent, excluded.twin, excluded.source_hash))";

inline constexpr const char* kNoteSource = R"(
UPDATE product SET source_hash = ?4
WHERE site = ?1 AND sku_key = ?2 AND content_hash = ?3 AND state NOT IN ('pending', 'parked', 'not_exported'))";

inline constexpr const char* kFind = R"(
SELECT p.sku_key, p.sku, p.inventory_id, p.state, p.reason_code, p.reason, p.content_hash, p.read_at, p.sent_at,
  p.changed_at, p.run_id, p.product_id, c.told, p.kind, p.parent, p.written_id
FROM product p LEFT JOIN content c ON c.number = p.content WHERE p.site = ?1 AND p.sku_key = ?2)";

inline constexpr const char* kList = R"(
SELECT p.sku_key, p.sku, p.inventory_id, p.state, p.reason_code, p.reason, p.content_hash, p.read_at, p.sent_at,
  p.changed_at, p.run_id, p.product_id, c.told, p.kind, p.parent, p.written_id
FROM product p LEFT JOIN content c ON c.number = p.content
WHERE p.site = ?1 AND p.sku_key > ?2 AND (?3 = '%%' OR p.sku LIKE ?3 ESCAPE '\' OR p.inventory_id LIKE ?3 ESCAPE '\')
  AND (?5 = '' OR p.kind = ?5)
ORDER BY p.sku_key LIMIT ?4)";

inline constexpr const char* kListOfState = R"(
SELECT p.sku_key, p.sku, p.inventory_id, p.state, p.reason_code, p.reason, p.content_hash, p.read_at, p.sent_at,
  p.changed_at, p.run_id, p.product_id, c.told, p.kind, p.parent, p.written_id
FROM product p LEFT JOIN content c ON c.number = p.content
WHERE p.site = ?1 AND p.sku_key > ?2 AND (?3 = '%%' OR p.sku LIKE ?3 ESCAPE '\' OR p.inventory_id LIKE ?3 ESCAPE '\')
  AND (?5 = '' OR p.kind = ?5) AND p.state = ?6
ORDER BY p.sku_key LIMIT ?4)";

// Runs that carry out what an operator confirmed do not count.
inline constexpr const char* kWithdrawnSince = R"(
SELECT (SELECT count(*) FROM product p WHERE p.site = ?1 AND p.withdrawn = 1 AND p.sent_at >= ?2 AND NOT EXISTS (
    SELECT 1 FROM run r WHERE r.id = p.run_id AND r.asked_by = ?3)) +
  (SELECT count(*) FROM outbox o JOIN staged s ON s.file = o.id WHERE o.site = ?1 AND s.withdrawn = 1
    AND o.state IN ('sealed', 'applying') AND NOT EXISTS (
    SELECT 1 FROM run r WHERE r.id = o.run_id AND r.asked_by = ?3)))";

inline constexpr const char* kFamily = R"(
SELECT sku_key, sku, inventory_id, state, reason_code FROM product
WHERE site = ?1 AND parent = ?2 AND parent <> '' ORDER BY sku_key)";

inline constexpr const char* kOnChannels = R"(
SELECT sku_key, inventory_id FROM product
WHERE site = ?1 AND sku_key > ?2 AND state NOT IN ('withdrawn', 'not_exported') ORDER BY sku_key LIMIT ?3)";

inline constexpr const char* kCounts = "SELECT state, count(*) FROM product WHERE site = ?1 GROUP BY state";

}  // namespace ledger

namespace outbox {

inline constexpr const char* kOpen = "INSERT INTO outbox (site, run_id, state, created) VALUES (?1, ?2, 'writing', ?3)";

inline constexpr const char* kFile = R"(
SELECT id, site, run_id, state, name, path, row_count, bytes, sha256, attempts, last_error, next_attempt, created,
  delivered, route, sealed FROM outbox WHERE id = ?1)";
inline constexpr const char* kNext = R"(
SELECT id, site, run_id, state, name, path, row_count, bytes, sha256, attempts, last_error, next_attempt, created,
  delivered, route, sealed FROM outbox WHERE site = ?1 AND state IN ('sealed', 'applying', 'dropping') ORDER BY id LIMIT 1)";
inline constexpr const char* kCountWaiting =
    "SELECT count(*) FROM outbox WHERE site = ?1 AND state IN ('sealed', 'applying', 'dropping')";
inline constexpr const char* kList = R"(
SELECT id, site, run_id, state, name, path, row_count, bytes, sha256, attempts, last_error, next_attempt, created,
  delivered, route, sealed FROM outbox WHERE site = ?1 ORDER BY id DESC LIMIT ?2)";

inline constexpr const char* kStage = R"(
INSERT INTO staged (file, sku_key, sku, inventory_id, content_hash, read_at, kind, rank, parent, line_at, line_bytes,
  reason_code, reason, withdrawn, plan, source_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
ON CONFLICT (sku_key, file) DO NOTHING)";
inline constexpr const char* kStageContent = "INSERT INTO content (number, told) VALUES (?1, ?2)";
inline constexpr const char* kRestage = R"(
UPDATE staged SET sku = ?3, inventory_id = ?4, content_hash = ?5, read_at = ?6, kind = ?7, rank = ?8, parent = ?9,
  line_at = ?10, line_bytes = ?11, reason_code = ?12, reason = ?13, withdrawn = ?14, plan = ?15, source_hash = ?16
WHERE sku_key = ?2 AND file = ?1)";
inline constexpr const char* kRestageContent = R"(
UPDATE content SET told = ?3 WHERE number = (SELECT number FROM staged WHERE sku_key = ?2 AND file = ?1))";

inline constexpr const char* kUnstage = "DELETE FROM staged WHERE sku_key = ?2 AND file = ?1";
inline constexpr const char* kUnstageContent =
    "DELETE FROM content WHERE number = (SELECT number FROM staged WHERE sku_key = ?2 AND file = ?1)";

inline constexpr const char* kLines = R"(
SELECT number, line_at, line_bytes FROM staged WHERE file = ?1 AND rank = ?2 AND number > ?3
ORDER BY number LIMIT ?4)";

inline constexpr const char* kMoveLast = R"(
UPDATE staged SET file = ?2 WHERE number IN (
  SELECT number FROM staged WHERE file = ?1 ORDER BY rank DESC, number DESC LIMIT ?3))";

inline constexpr const char* kChangedValues = R"(
SELECT s.sku, p.product_id, json_extract(old.told, ?2), coalesce(json_extract(new.told, ?2), '')
FROM staged s JOIN outbox o ON o.id = s.file JOIN product p ON p.site = o.site AND p.sku_key = s.sku_key
JOIN content old ON old.number = p.content JOIN content new ON new.number = s.number
WHERE s.file = ?1 AND json_extract(old.told, ?2) <> coalesce(json_extract(new.told, ?2), ''))";

inline constexpr const char* kRemark =
    "UPDATE staged SET reason_code = ?3, reason = ?4 WHERE file = ?1 AND sku_key = ?2";

inline constexpr const char* kSeal = R"(
UPDATE outbox SET state = 'sealed', name = ?2, path = ?3, row_count = ?4, bytes = ?5, sha256 = ?6, sealed = ?7
WHERE id = ?1)";

inline constexpr const char* kMarkPending = R"(
INSERT INTO product (site, sku_key, sku, inventory_id, state, reason_code, reason, changed_at, run_id, kind, parent,
  told_parent)
SELECT ?2, sku_key, sku, inventory_id, 'pending', reason_code, reason, ?3, ?4, kind, parent, parent
FROM staged WHERE file = ?1 ORDER BY number
ON CONFLICT (site, sku_key) DO UPDATE SET
  sku = excluded.sku, inventory_id = excluded.inventory_id, run_id = excluded.run_id,
  kind = excluded.kind, parent = excluded.parent, told_parent = excluded.told_parent, twin = '',
  changed_at = iif((state, reason_code, reason) IS ('pending', excluded.reason_code, excluded.reason), changed_at,
    excluded.changed_at),
  state = 'pending', reason_code = excluded.reason_code, reason = excluded.reason, source_hash = '')";

inline constexpr const char* kDiscardContent =
    "DELETE FROM content WHERE number IN (SELECT number FROM staged WHERE file = ?1)";
inline constexpr const char* kForgetStaged = "DELETE FROM staged WHERE file = ?1";
inline constexpr const char* kForgetSlice = "DELETE FROM staged WHERE file = ?1 AND number <= ?2";
inline constexpr const char* kForgetSliceContent =
    "DELETE FROM content WHERE number IN (SELECT number FROM staged WHERE file = ?1 AND number <= ?2)";
inline constexpr const char* kForgetFile = "DELETE FROM outbox WHERE id = ?1";
inline constexpr const char* kUnsealedOfRun = "SELECT id FROM outbox WHERE run_id = ?1 AND state = 'writing'";

// Files are worked off in slices: the staged rows up to a number, which go with their slice.
inline constexpr const char* kSliceEnd = R"(
SELECT max(number), count(*) FROM (SELECT number FROM staged WHERE file = ?1 ORDER BY number LIMIT ?2))";

inline constexpr const char* kRetryOvertaken = R"(
INSERT INTO retry (site, inventory_id, code, message, attempts, next_attempt, noted_at, run_id)
SELECT ?3, p.inventory_id, 'delivery.overtaken', 'a file with older content was delivered later', 0, ?4, ?4, ?5
FROM staged s CROSS JOIN product p ON p.site = ?3 AND p.sku_key = s.sku_key
WHERE s.file = ?1 AND s.number <= ?2 AND p.read_at > s.read_at
ON CONFLICT (site, inventory_id) DO UPDATE SET
  code = excluded.code, message = excluded.message, attempts = attempts + 1, next_attempt = excluded.next_attempt,
  noted_at = excluded.noted_at, run_id = excluded.run_id
RETURNING inventory_id)";

inline constexpr const char* kForgetOldContent = R"(
DELETE FROM content WHERE number IN (
  SELECT p.content FROM staged s CROSS JOIN product p ON p.site = ?3 AND p.sku_key = s.sku_key
  WHERE s.file = ?1 AND s.number <= ?2 AND p.content IS NOT NULL))";

// A product with another row on its way stays pending; one that was judged since its file was sealed keeps the
// judgement. The file itself is `applying` when this runs.
inline constexpr const char* kApply = R"(
INSERT INTO product (site, sku_key, sku, inventory_id, state, content_hash, content, read_at, sent_at, changed_at,
  run_id, kind, parent, told_parent, reason_code, reason, file, withdrawn, source_hash)
SELECT ?3, sku_key, sku, inventory_id, iif(withdrawn, 'withdrawn', 'sent'), content_hash, number, read_at, ?4, ?4, ?5,
  kind, parent, parent, reason_code, reason, ?1, withdrawn, source_hash
FROM staged WHERE file = ?1 AND number <= ?2 ORDER BY number
ON CONFLICT (site, sku_key) DO UPDATE SET
  content_hash = excluded.content_hash, content = excluded.content, read_at = excluded.read_at,
  sent_at = excluded.sent_at, run_id = excluded.run_id, file = excluded.file, proved_at = NULL,
  withdrawn = excluded.withdrawn,
  source_hash = iif(state IN ('parked', 'not_exported'), source_hash, excluded.source_hash),
  told_parent = iif(EXISTS (
    SELECT 1 FROM staged o JOIN outbox f ON f.id = o.file
    WHERE o.sku_key = excluded.sku_key AND f.site = ?3 AND f.state = 'sealed'), told_parent, excluded.told_parent),
  (state, reason_code, reason, changed_at) = (SELECT
    iif(stays, product.state, excluded.state), iif(stays, product.reason_code, excluded.reason_code),
    iif(stays, product.reason, excluded.reason),
    iif(stays OR product.state = excluded.state, product.changed_at, excluded.changed_at)
    FROM (SELECT product.state IN ('parked', 'not_exported') OR EXISTS (
      SELECT 1 FROM staged o JOIN outbox f ON f.id = o.file
      WHERE o.sku_key = excluded.sku_key AND f.site = ?3 AND f.state = 'sealed') AS stays)))";

inline constexpr const char* kArrived = R"(
UPDATE outbox SET state = 'applying', delivered = ?2, route = ?3, last_error = '', next_attempt = NULL WHERE id = ?1)";
inline constexpr const char* kGiveUp = "UPDATE outbox SET state = 'dropping', next_attempt = NULL WHERE id = ?1";
inline constexpr const char* kSetState = "UPDATE outbox SET state = ?2 WHERE id = ?1";

inline constexpr const char* kRetryDropped = R"(
INSERT INTO retry (site, inventory_id, code, message, attempts, next_attempt, noted_at, run_id)
SELECT ?3, inventory_id, 'delivery.dropped', 'the file that should have told of it was dropped', 0, ?4, ?4, ?5
FROM staged WHERE file = ?1 AND number <= ?2
ON CONFLICT (site, inventory_id) DO UPDATE SET
  code = excluded.code, message = excluded.message, next_attempt = min(next_attempt, excluded.next_attempt),
  noted_at = excluded.noted_at, run_id = excluded.run_id)";

// Told before and not about to be told by another file: what was told stands. The file itself is `dropping`.
inline constexpr const char* kNoLongerPending = R"(
UPDATE product SET state = iif(withdrawn, 'withdrawn', 'sent'), changed_at = ?4
WHERE site = ?3 AND state = 'pending' AND content_hash <> ''
  AND sku_key IN (SELECT sku_key FROM staged WHERE file = ?1 AND number <= ?2)
  AND NOT EXISTS (SELECT 1 FROM staged o JOIN outbox f ON f.id = o.file
    WHERE o.sku_key = product.sku_key AND f.site = ?3 AND f.state IN ('sealed', 'applying')))";

inline constexpr const char* kSealAgain = R"(
UPDATE outbox SET state = 'sealed', delivered = NULL, attempts = 0, last_error = '', next_attempt = NULL
WHERE id = ?1)";
inline constexpr const char* kForgetToldSince =
    "UPDATE product SET content_hash = '' WHERE site = ?1 AND content_hash <> '' AND sent_at > ?2";

inline constexpr const char* kFailed =
    "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, next_attempt = ?3 WHERE id = ?1";

// The oldest first, and not all at once: they are behind the newest and old enough.
inline constexpr const char* kPrune = R"(
DELETE FROM outbox WHERE id IN (
  SELECT id FROM outbox WHERE site = ?1 AND state IN ('delivered', 'dropped') AND id <= (
    SELECT id FROM outbox WHERE site = ?1 AND state IN ('delivered', 'dropped') ORDER BY id DESC LIMIT 1 OFFSET ?2)
  ORDER BY id LIMIT ?4) AND coalesce(delivered, created) < ?3)";

}  // namespace outbox

namespace proofs {

// A file that is delivered again has a job before.
inline constexpr const char* kStart = R"(
INSERT INTO upload (file, site, token, started) SELECT id, site, ?2, ?3 FROM outbox WHERE id = ?1
ON CONFLICT (file) DO UPDATE SET token = excluded.token, started = excluded.started)";
inline constexpr const char* kStartRows =
    "INSERT INTO upload_row (file, sku_key) SELECT file, sku_key FROM staged WHERE file = ?1";

inline constexpr const char* kUploads = "SELECT file, token, started FROM upload WHERE site = ?1 ORDER BY file";

// The outcome of a row counts while it is the last that Rithum was told of the product.
inline constexpr const char* kRefuse = R"(
UPDATE product SET state = 'rejected', reason_code = 'rithum.row_refused', reason = ?3, changed_at = ?4, proved_at = ?4
WHERE site = (SELECT site FROM upload WHERE file = ?1) AND sku_key = ?2 AND file = ?1
  AND state IN ('sent', 'overdue', 'withdrawn'))";
inline constexpr const char* kConfirmOthers = R"(
UPDATE product SET state = 'confirmed', changed_at = ?2, proved_at = ?2,
  (reason_code, reason) = (SELECT iif(late, '', reason_code), iif(late, '', reason)
    FROM (SELECT reason_code LIKE 'confirmation.%' AS late))
WHERE site = (SELECT site FROM upload WHERE file = ?1) AND sku_key IN (SELECT sku_key FROM upload_row WHERE file = ?1)
  AND file = ?1 AND state IN ('sent', 'overdue'))";
inline constexpr const char* kRefuseOthers = R"(
UPDATE product SET state = 'rejected', reason_code = 'rithum.upload_failed', reason = ?2, changed_at = ?3, proved_at = ?3
WHERE site = (SELECT site FROM upload WHERE file = ?1) AND sku_key IN (SELECT sku_key FROM upload_row WHERE file = ?1)
  AND file = ?1 AND state IN ('sent', 'overdue', 'withdrawn'))";
inline constexpr const char* kForgetUploadRows = "DELETE FROM upload_row WHERE file = ?1";
inline constexpr const char* kForgetUpload = "DELETE FROM upload WHERE file = ?1";

inline constexpr const char* kAnsweredFile = R"(
SELECT id, state = 'delivered' FROM outbox WHERE site = ?1 AND name <> ''
  AND instr(?2, substr(name, 1, instr(name || '.', '.') - 1)) > 0
ORDER BY length(name) DESC, id DESC LIMIT 1)";
inline constexpr const char* kConfirmResponded = R"(
UPDATE product SET state = 'confirmed', changed_at = ?5, proved_at = ?5,
  (reason_code, reason) = (SELECT iif(late, '', reason_code), iif(late, '', reason)
    FROM (SELECT reason_code LIKE 'confirmation.%' AS late))
WHERE site = ?1 AND sku_key = ?2 AND state IN ('sent', 'overdue')
  AND iif(?3 <> 0, file = ?3, sent_at <= ?4))";
inline constexpr const char* kRefuseResponded = R"(
UPDATE product SET state = 'rejected', reason_code = 'rithum.row_refused', reason = ?6, changed_at = ?5, proved_at = ?5
WHERE site = ?1 AND sku_key = ?2 AND state IN ('sent', 'overdue', 'withdrawn')
  AND iif(?3 <> 0, file = ?3, sent_at <= ?4))";
inline constexpr const char* kResponseRead = R"(
INSERT INTO response (site, name, bytes, row_count, confirmed, rejected, read_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (site, name) DO UPDATE SET bytes = excluded.bytes, row_count = excluded.row_count,
  confirmed = excluded.confirmed, rejected = excluded.rejected, read_at = excluded.read_at)";
inline constexpr const char* kResponsesRead = "SELECT name, bytes FROM response WHERE site = ?1";
inline constexpr const char* kForgetResponse = "DELETE FROM response WHERE site = ?1 AND name = ?2";

inline constexpr const char* kLackingProof = R"(
SELECT p.sku_key, p.sku, p.sent_at, p.product_id, c.told FROM product p LEFT JOIN content c ON c.number = p.content
WHERE p.site = ?1 AND p.state = 'sent' AND p.sku_key > ?2 AND p.sent_at <= ?3
  AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.file = p.file) ORDER BY p.sku_key LIMIT ?4)";
inline constexpr const char* kLackingLateProof = R"(
SELECT p.sku_key, p.sku, p.sent_at, p.product_id, c.told FROM product p LEFT JOIN content c ON c.number = p.content
WHERE p.site = ?1 AND p.state = 'overdue' AND p.sku_key > ?2 AND p.sent_at <= ?3
  AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.file = p.file) ORDER BY p.sku_key LIMIT ?4)";
inline constexpr const char* kLackingId = R"(
SELECT p.sku_key, p.sku, p.sent_at, p.product_id, c.told FROM product p LEFT JOIN content c ON c.number = p.content
WHERE p.site = ?1 AND p.state = 'confirmed' AND p.product_id = '' AND p.sku_key > ?2 AND p.sent_at <= ?3
ORDER BY p.sku_key LIMIT ?4)";

// A finding on a product that was told of again, or is judged otherwise, brings its ID alone. A remark that was sent with
// the row outlives the proof.
inline constexpr const char* kRecord = R"(
UPDATE product SET
  product_id = iif(?7 = '', product_id, ?7), id_at = iif(?7 IN ('', product_id), id_at, ?8),
  (state, reason_code, reason, changed_at, proved_at) = (SELECT
    iif(counts AND ?4, 'confirmed', state),
    iif(counts, iif(?4, iif(late, '', reason_code), ?5), reason_code),
    iif(counts, iif(?4, iif(late, '', reason), ?6), reason),
    iif(counts AND (?4 OR reason IS NOT ?6), ?8, changed_at), iif(counts AND ?4, ?8, proved_at)
    FROM (SELECT state IN ('sent', 'overdue') AND sent_at IS ?3 AS counts,
      reason_code LIKE 'confirmation.%' AS late))
WHERE site = ?1 AND sku_key = ?2)";

inline constexpr const char* kOldestUnproven = "SELECT min(sent_at) FROM product WHERE site = ?1 AND state = 'sent'";

inline constexpr const char* kGiveUpWaiting = R"(
UPDATE product SET state = 'overdue', changed_at = ?3,
  (reason_code, reason) = (SELECT iif(seen, reason_code, 'confirmation.not_shown'),
    iif(seen, reason, 'Rithum has not shown this product since it was sent.')
    FROM (SELECT reason_code LIKE 'confirmation.%' AS seen))
WHERE site = ?1 AND state = 'sent' AND sent_at < ?2
  AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.file = product.file))";

inline constexpr const char* kVanished = R"(
UPDATE product SET state = 'overdue', reason_code = 'confirmation.vanished', changed_at = ?4, product_id = '', id_at = ?4,
  reason = 'Rithum no longer has this product, whose ID was ' || ?3 || '.'
WHERE site = ?1 AND sku_key = ?2 AND product_id = ?3 AND state = 'confirmed')";

inline constexpr const char* kProductIds = R"(
SELECT sku_key, sku, inventory_id, product_id FROM product
WHERE site = ?1 AND sku_key > ?2 AND product_id <> '' ORDER BY sku_key LIMIT ?3)";
inline constexpr const char* kUnwrittenIds = R"(
SELECT sku_key, sku, inventory_id, product_id FROM product
WHERE site = ?1 AND sku_key > ?2 AND product_id <> written_id AND product_id <> '' ORDER BY sku_key LIMIT ?3)";
inline constexpr const char* kWritten = 
    "UPDATE product SET written_id = ?3, written_at = ?4 WHERE site = ?1 AND sku_key = ?2";

inline constexpr const char* kFollowsTransfer = R"(
SELECT 1 FROM staged s JOIN outbox o ON o.id = s.file
JOIN product p ON p.site = o.site AND p.sku_key = s.sku_key JOIN outbox f ON f.id = p.file
WHERE s.file = ?1 AND f.route = 'transfer' AND p.proved_at IS NULL AND p.sent_at > ?2 LIMIT 1)";

inline constexpr const char* kRetryRejected = R"(
INSERT INTO retry (site, inventory_id, code, message, attempts, next_attempt, noted_at)
SELECT site, inventory_id, 'rejected.again', 'Rithum refused it; somebody asked for another attempt', 0, ?3, ?3
FROM product WHERE site = ?1 AND state = 'rejected' AND (?2 = '' OR sku_key = ?2)
ON CONFLICT (site, inventory_id) DO UPDATE SET
  code = excluded.code, message = excluded.message, next_attempt = excluded.next_attempt,
  noted_at = excluded.noted_at, run_id = excluded.run_id)";
inline constexpr const char* kForgetRejected = R"(
UPDATE product SET content_hash = '' WHERE site = ?1 AND state = 'rejected' AND (?2 = '' OR sku_key = ?2))";

}  // namespace proofs

namespace retries {

inline constexpr const char* kPut = R"(
INSERT INTO retry (site, inventory_id, code, message, attempts, next_attempt, noted_at, run_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (site, inventory_id) DO UPDATE SET
  code = excluded.code, message = excluded.message, attempts = attempts + 1, next_attempt = excluded.next_attempt,
  noted_at = excluded.noted_at, run_id = excluded.run_id)";
inline constexpr const char* kDue = R"(
SELECT inventory_id, code, message, attempts, next_attempt FROM retry
WHERE site = ?1 AND next_attempt <= ?2 ORDER BY next_attempt, inventory_id LIMIT ?3)";
inline constexpr const char* kList = R"(
SELECT inventory_id, code, message, attempts, next_attempt FROM retry
WHERE site = ?1 ORDER BY next_attempt, inventory_id LIMIT ?2)";
inline constexpr const char* kRemove = "DELETE FROM retry WHERE site = ?1 AND inventory_id = ?2";

inline constexpr const char* kWatermark = "SELECT at FROM watermark WHERE site = ?1";
inline constexpr const char* kAdvance = R"(
INSERT INTO watermark (site, at) VALUES (?1, ?2) ON CONFLICT (site) DO UPDATE SET at = max(at, excluded.at))";

}  // namespace retries

namespace runs {

inline constexpr const char* kBegin = R"(
INSERT INTO run (id, site, type, asked_by, range_from, range_to, dry_run, state, started)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'running', ?8))";

inline constexpr const char* kFind = R"(
SELECT id, site, type, asked_by, range_from, range_to, dry_run, state, started, finished, read_count, eligible,
  not_exported, unchanged, row_count, parked, failed, file_name, error_code, error, withdrawn, held FROM run WHERE id = ?1)";
inline constexpr const char* kList = R"(
SELECT id, site, type, asked_by, range_from, range_to, dry_run, state, started, finished, read_count, eligible,
  not_exported, unchanged, row_count, parked, failed, file_name, error_code, error, withdrawn, held FROM run
WHERE site = ?1 OR ?1 = '' ORDER BY number DESC LIMIT ?2)";
inline constexpr const char* kRunning = R"(
SELECT id, site, type, asked_by, range_from, range_to, dry_run, state, started, finished, read_count, eligible,
  not_exported, unchanged, row_count, parked, failed, file_name, error_code, error, withdrawn, held FROM run
WHERE state = 'running' ORDER BY number DESC)";

inline constexpr const char* kProgress = R"(
UPDATE run SET read_count = ?2, eligible = ?3, not_exported = ?4, unchanged = ?5, row_count = ?6, parked = ?7,
  failed = ?8, withdrawn = ?9, held = ?10 WHERE id = ?1 AND state = 'running')";
inline constexpr const char* kFinish = R"(
UPDATE run SET state = ?2, finished = ?3, file_name = ?4, error_code = ?5, error = ?6
WHERE id = ?1 AND state = 'running')";
inline constexpr const char* kInterrupt =
    "UPDATE run SET state = 'interrupted', finished = ?2 WHERE id = ?1 AND state = 'running'";

inline constexpr const char* kRequestCancel = "UPDATE run SET cancel = 1 WHERE id = ?1 AND state = 'running'";
inline constexpr const char* kCancelRequested = "SELECT cancel FROM run WHERE id = ?1";

inline constexpr const char* kPrune = R"(
DELETE FROM run WHERE site = ?1 AND type = ?2 AND state <> 'running' AND number <= (
  SELECT number FROM run WHERE site = ?1 AND type = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?3))";

}  // namespace runs

namespace applied_mappings {

inline constexpr const char* kGet = "SELECT fingerprint, configuration, at FROM applied_mapping WHERE site = ?1";
inline constexpr const char* kPut = R"(
INSERT INTO applied_mapping (site, fingerprint, configuration, at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (site) DO UPDATE SET
  fingerprint = excluded.fingerprint, configuration = excluded.configuration, at = excluded.at)";

}  // namespace applied_mappings

namespace reconciliations {

// Of all reports but the newest so many of a site.
inline constexpr const char* kForgetRows = R"(
DELETE FROM drift WHERE report IN (SELECT id FROM reconciliation WHERE site = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2))";
inline constexpr const char* kForgetFields = R"(
DELETE FROM drift_field WHERE report IN (
  SELECT id FROM reconciliation WHERE site = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2))";
inline constexpr const char* kForgetReports = R"(
DELETE FROM reconciliation WHERE id IN (
  SELECT id FROM reconciliation WHERE site = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2))";

inline constexpr const char* kBegin =
    "INSERT INTO reconciliation (site, run_id, repair, most) VALUES (?1, ?2, ?3, ?4)";
inline constexpr const char* kAdd = R"(
INSERT INTO drift (report, number, kind, sku, product_id, field, told, shown, remedy)
VALUES (?1, 1 + (SELECT coalesce(max(number), 0) FROM drift WHERE report = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8))";
inline constexpr const char* kAddField = "INSERT INTO drift_field (report, field, products) VALUES (?1, ?2, ?3)";
inline constexpr const char* kComplete = R"(
UPDATE reconciliation SET completed = ?2, shown = ?3, told = ?4, equal = ?5, on_their_way = ?6, missing = ?7,
  different = ?8, extra = ?9, to_send = ?10, left_over = ?11, rows_left_out = ?12 WHERE id = ?1)";

inline constexpr const char* kFind = R"(
SELECT id, run_id, site, repair, most, completed, shown, told, equal, on_their_way, missing, different, extra, to_send,
  left_over, rows_left_out FROM reconciliation WHERE site = ?1 AND run_id = ?2)";
inline constexpr const char* kList = R"(
SELECT id, run_id, site, repair, most, completed, shown, told, equal, on_their_way, missing, different, extra, to_send,
  left_over, rows_left_out FROM reconciliation WHERE site = ?1 ORDER BY id DESC LIMIT ?2)";
inline constexpr const char* kFields = "SELECT field, products FROM drift_field WHERE report = ?1 ORDER BY field";
inline constexpr const char* kRows = R"(
SELECT number, kind, sku, product_id, field, told, shown, remedy FROM drift
WHERE report = ?1 AND (?2 = '' OR kind = ?2) AND number > ?3 ORDER BY number LIMIT ?4)";

}  // namespace reconciliations

namespace kit_index {

inline constexpr const char* kOfKit = "SELECT component_key, facts FROM kit_component WHERE site = ?1 AND kit_id = ?2 ORDER BY component_key";
inline constexpr const char* kForget = "DELETE FROM kit_component WHERE site = ?1 AND kit_id = ?2";
inline constexpr const char* kAdd =
    "INSERT INTO kit_component (site, kit_id, component_key, facts) VALUES (?1, ?2, ?3, ?4)";
inline constexpr const char* kUses =
    "SELECT kit_id, facts FROM kit_component WHERE site = ?1 AND component_key = ?2 ORDER BY kit_id";

inline constexpr const char* kTold =
    "SELECT component_key FROM bundle_component WHERE site = ?1 AND kit_id = ?2 ORDER BY component_key";
inline constexpr const char* kUntell = "DELETE FROM bundle_component WHERE site = ?1 AND kit_id = ?2";
inline constexpr const char* kTell = "INSERT INTO bundle_component (site, kit_id, component_key) VALUES (?1, ?2, ?3)";
inline constexpr const char* kBundles = "SELECT COUNT(DISTINCT kit_id) FROM bundle_component WHERE site = ?1";
inline constexpr const char* kBundlesWith =
    "SELECT COUNT(*) FROM bundle_component WHERE site = ?1 AND component_key = ?2";

}  // namespace kit_index

namespace withdrawals {

inline constexpr const char* kAdd = R"(
INSERT INTO withdrawal (site, plan, sku_key, sku, inventory_id, reason_code, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (site, plan, sku_key) DO UPDATE SET
  sku = excluded.sku, inventory_id = excluded.inventory_id, reason_code = excluded.reason_code, reason = excluded.reason)";
inline constexpr const char* kHold = R"(
INSERT INTO withdrawal_plan (site, id, products, known, run_id, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (site, id) DO UPDATE SET known = excluded.known, run_id = excluded.run_id)";
inline constexpr const char* kForgetHeld =
    "DELETE FROM withdrawal_plan WHERE site = ?1 AND id <> ?2 AND confirmed IS NULL";
inline constexpr const char* kForgetUnplanned = R"(
DELETE FROM withdrawal WHERE site = ?1 AND plan <> ?2
  AND plan NOT IN (SELECT id FROM withdrawal_plan WHERE site = ?1))";
inline constexpr const char* kPlans = R"(
SELECT id, confirmed, products, known, run_id, created FROM withdrawal_plan WHERE site = ?1 ORDER BY created, id)";
inline constexpr const char* kProducts = R"(
SELECT sku_key, sku, inventory_id, reason_code, reason FROM withdrawal
WHERE site = ?1 AND plan = ?2 AND sku_key > ?3 ORDER BY sku_key LIMIT ?4)";
inline constexpr const char* kConfirm =
    "UPDATE withdrawal_plan SET confirmed = ?3 WHERE site = ?1 AND id = ?2 AND confirmed IS NULL";
inline constexpr const char* kForget = "DELETE FROM withdrawal_plan WHERE site = ?1 AND id = ?2";
inline constexpr const char* kForgetProducts = "DELETE FROM withdrawal WHERE site = ?1 AND plan = ?2";
inline constexpr const char* kIsConfirmed = R"(
SELECT 1 FROM withdrawal w JOIN withdrawal_plan p ON p.site = w.site AND p.id = w.plan
WHERE w.site = ?1 AND w.sku_key = ?2 AND p.confirmed IS NOT NULL LIMIT 1)";

}  // namespace withdrawals

namespace history {

// Rows that are moved into the ledger: those of the slice up to a number.
inline constexpr const char* kRows = R"(
INSERT INTO event (site, sku_key, at, kind, run_id, value, code, text, file, read_at, plan)
SELECT ?3, s.sku_key, coalesce(o.sealed, o.created), 'row', o.run_id, iif(s.withdrawn, 'withdrawn', ''), s.reason_code,
  s.reason, ?1, s.read_at, s.plan
FROM staged s JOIN outbox o ON o.id = s.file WHERE s.file = ?1 AND s.number <= ?2 ORDER BY s.number)";

inline constexpr const char* kUnchangedAgain = R"(
UPDATE event SET times = times + 1, until = ?3, run_id = ?4
WHERE number = (SELECT max(number) FROM event WHERE site = ?1 AND sku_key = ?2) AND kind = 'unchanged')";
inline constexpr const char* kUnchanged =
    "INSERT INTO event (site, sku_key, at, kind, run_id) VALUES (?1, ?2, ?3, 'unchanged', ?4)";

// A failure like the last one is one more of it. A file's events are few: what fails differently each time ends at 100.
inline constexpr const char* kFileFailedAgain = R"(
UPDATE file_event SET times = times + 1, until = ?2, text = ?4
WHERE file = ?1 AND number = (SELECT max(number) FROM file_event WHERE file = ?1) AND kind = 'failed' AND code = ?3)";
inline constexpr const char* kFileEvent = R"(
INSERT INTO file_event (file, number, at, kind, code, text)
SELECT ?1, last + 1, ?2, ?3, ?4, ?5 FROM (SELECT coalesce(max(number), 0) AS last FROM file_event WHERE file = ?1)
WHERE ?3 <> 'failed' OR last < 100)";

inline constexpr const char* kEvents = R"(
SELECT kind, at, run_id, value, code, text, file, read_at, plan, times, until FROM event
WHERE site = ?1 AND sku_key = ?2 ORDER BY number)";
inline constexpr const char* kWaitingRows = R"(
SELECT 'row', coalesce(o.sealed, o.created), o.run_id, iif(s.withdrawn, 'withdrawn', ''), s.reason_code, s.reason, o.id,
  s.read_at, s.plan, 1, NULL
FROM staged s JOIN outbox o ON o.id = s.file
WHERE s.sku_key = ?2 AND o.site = ?1 AND o.state <> 'writing' ORDER BY o.id)";
inline constexpr const char* kFileEvents =
    "SELECT kind, at, code, text, times, until FROM file_event WHERE file = ?1 ORDER BY number";
inline constexpr const char* kRetry = R"(
SELECT inventory_id, code, message, attempts, next_attempt FROM retry
WHERE site = ?1 AND lower(trim(inventory_id)) = ?2 LIMIT 1)";

inline constexpr const char* kMentions = R"(
SELECT n.sequence, n.received, n.query, n.id, n.run_id, n.pending
FROM mention m JOIN notification n ON n.sequence = m.sequence
WHERE m.site = ?1 AND m.sku_key = ?2 ORDER BY m.sequence DESC LIMIT ?3)";
inline constexpr const char* kPendingMentions = R"(
SELECT sequence, received, query, id, run_id, pending FROM notification
WHERE site = ?1 AND pending = 1 AND EXISTS (SELECT 1 FROM json_each(keys) WHERE lower(trim(value)) = ?2)
ORDER BY sequence DESC LIMIT ?3)";

inline constexpr const char* kForgetOld = R"(
DELETE FROM event WHERE number IN (SELECT number FROM event ORDER BY number LIMIT ?2) AND at < ?1)";
// Where a walk over the index ends that takes so many events at once.
inline constexpr const char* kWalk = R"(
SELECT site, sku_key, count(*) FROM (
  SELECT site, sku_key FROM event WHERE (site, sku_key) > (?1, ?2) ORDER BY site, sku_key LIMIT ?3)
GROUP BY site, sku_key ORDER BY site, sku_key)";
inline constexpr const char* kForgetBeyond = R"(
DELETE FROM event WHERE number IN (
  SELECT number FROM event WHERE site = ?1 AND sku_key = ?2 ORDER BY number DESC LIMIT -1 OFFSET ?3))";

}  // namespace history

namespace scratch {

inline constexpr const char* kPut = R"(
INSERT INTO record (list, key, bytes) VALUES (?1, ?2, ?3) ON CONFLICT (list, key) DO UPDATE SET bytes = excluded.bytes)";
inline constexpr const char* kGet = "SELECT bytes FROM record WHERE list = ?1 AND key = ?2";
inline constexpr const char* kNext = R"(
SELECT key, bytes FROM record WHERE list = ?1 AND key >= ?2 AND key < ?3 AND key > ?4 ORDER BY key LIMIT ?5)";

}  // namespace scratch

namespace schedules {

inline constexpr const char* kKnow =
    "INSERT INTO schedule (site, name) VALUES (?1, ?2) ON CONFLICT (site, name) DO NOTHING";
inline constexpr const char* kGet = R"(
SELECT active, rule, handled, start_at, start_occurrence, run_id, ended, error, skip_occurrence, skip_code, skip_reason
FROM schedule WHERE site = ?1 AND name = ?2)";
inline constexpr const char* kSwitch = "UPDATE schedule SET active = ?3 WHERE site = ?1 AND name = ?2";
inline constexpr const char* kUnswitch = "UPDATE schedule SET active = NULL WHERE site = ?1 AND name = ?2";
inline constexpr const char* kHandled = "UPDATE schedule SET rule = ?3, handled = ?4 WHERE site = ?1 AND name = ?2";
inline constexpr const char* kStarted = R"(
UPDATE schedule SET handled = coalesce(?3, handled), start_occurrence = ?3, start_at = ?4, run_id = ?5, ended = ?6, error = ?7
WHERE site = ?1 AND name = ?2)";
inline constexpr const char* kEnded =
    "UPDATE schedule SET ended = ?4, error = ?5 WHERE site = ?1 AND name = ?2 AND start_at = ?3";
inline constexpr const char* kSkipped = R"(
UPDATE schedule SET handled = ?3, skip_occurrence = ?3, skip_code = ?4, skip_reason = ?5 WHERE site = ?1 AND name = ?2)";

}  // namespace schedules

namespace alerts {

inline constexpr const char* kRaise = R"(
INSERT INTO alert (site, rule, message, remedy, since) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site, rule) WHERE recovered IS NULL DO UPDATE SET message = excluded.message, remedy = excluded.remedy)";
inline constexpr const char* kRecover =
    "UPDATE alert SET recovered = ?3 WHERE site = ?1 AND rule = ?2 AND recovered IS NULL";
inline constexpr const char* kTold = R"(
UPDATE alert SET told = iif(recovered IS NULL, ?2, told), recovery_told = iif(recovered IS NULL, NULL, ?2)
WHERE number = ?1)";
inline constexpr const char* kList = R"(
SELECT number, site, rule, message, remedy, since, told, recovered, recovery_told FROM alert
WHERE ?1 = 0 OR recovered IS NULL ORDER BY number DESC LIMIT ?2)";
inline constexpr const char* kForget = "DELETE FROM alert WHERE recovered < ?1";

}  // namespace alerts

namespace request_log {

inline constexpr const char* kAdd = R"(
INSERT INTO exchange (at, site, run_id, trace_id, peer, direction, method, target, status, failed, error_code, error,
  elapsed, bytes_sent, bytes_received, correlation)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))";
inline constexpr const char* kAddBody = "INSERT INTO exchange_body (exchange, part, text) VALUES (?1, ?2, ?3)";

inline constexpr const char* kList = R"(
SELECT number, at, site, run_id, trace_id, peer, direction, method, target, status, failed, error_code, error, elapsed,
  bytes_sent, bytes_received, correlation, EXISTS (SELECT 1 FROM exchange_body WHERE exchange = number)
FROM exchange
WHERE number < ?1 AND (?2 = '' OR site = ?2) AND (?3 = '' OR run_id = ?3) AND (?4 = '' OR trace_id = ?4)
  AND (?5 = '' OR peer = ?5) AND (?6 = '' OR direction = ?6) AND (?7 = '' OR method = ?7 COLLATE NOCASE)
  AND (?9 = 0 OR status BETWEEN ?8 AND ?9) AND (?10 = 0 OR failed = 1) AND at >= ?11 AND at < ?12 AND elapsed >= ?13
  AND bytes_sent + bytes_received >= ?14
  AND (?15 = '' OR instr(lower(target), ?15) > 0 OR instr(lower(error), ?15) > 0 OR instr(lower(error_code), ?15) > 0
    OR instr(lower(correlation), ?15) > 0
    OR EXISTS (SELECT 1 FROM exchange_body WHERE exchange = number AND instr(lower(text), ?15) > 0))
ORDER BY number DESC LIMIT ?16)";
inline constexpr const char* kBodies = "SELECT part, text FROM exchange_body WHERE exchange = ?1";

inline constexpr const char* kUsedBytes = R"(
SELECT (pages.page_count - free.freelist_count) * size.page_size
FROM pragma_page_count AS pages, pragma_freelist_count AS free, pragma_page_size AS size)";
inline constexpr const char* kOldest = "SELECT min(number) FROM exchange";
// The highest of the oldest entries, up to some of them, that are older than a time.
inline constexpr const char* kOlder = R"(
SELECT max(number) FROM (SELECT number FROM (SELECT number, at FROM exchange ORDER BY number LIMIT ?2) WHERE at < ?1))";
inline constexpr const char* kForgetBodies = "DELETE FROM exchange_body WHERE exchange < ?1";
inline constexpr const char* kForget = "DELETE FROM exchange WHERE number < ?1";

}  // namespace request_log

namespace probe {

inline constexpr const char* kWrite =
    "INSERT INTO probe (one, token) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET token = excluded.token";
inline constexpr const char* kRead = "SELECT token FROM probe WHERE one = 1";

}  // namespace probe

}  // namespace product_sync::store::sql
