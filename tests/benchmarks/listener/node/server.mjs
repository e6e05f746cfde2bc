// The intake as a good Node developer would write it, to measure Product Sync's beside: node:http, better-sqlite3, one
// commit for all requests that wait (WAL, synchronous FULL), answered after it.
// usage: node server.mjs PORT DATABASE [--no-commit]
import crypto from 'node:crypto';
import http from 'node:http';
import Database from 'better-sqlite3';

const [port, file, mode] = process.argv.slice(2);
const commits = mode !== '--no-commit';
const secret = Buffer.from('listener-secret');

let begin, insert, commit;
if (commits) {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE notification (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT');
  begin = database.prepare('BEGIN IMMEDIATE');
  insert = database.prepare('INSERT OR IGNORE INTO notification (id, body) VALUES (?, ?)');
  commit = database.prepare('COMMIT');
}

const waiting = [];

function flush() {
  const batch = waiting.splice(0);
  begin.run();
  for (const each of batch) each.sequence = insert.run(each.id, each.body).lastInsertRowid;
  commit.run();
  for (const each of batch) answer(each.response, 200, {id: each.id, sequence: Number(each.sequence)});
}

function answer(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body)});
  response.end(body);
}

function isAuthorized(request) {
  const given = Buffer.from(request.headers['x-product-sync-secret'] ?? '');
  return given.length === secret.length && crypto.timingSafeEqual(given, secret);
}

function take(response, body) {
  let notification;
  try {
    notification = JSON.parse(body);
  } catch {
    return answer(response, 400, {code: 'notification.syntax'});
  }
  if (!commits) return answer(response, 200, {id: notification.Id, sequence: 0});
  if (waiting.push({response, id: notification.Id, body}) === 1) setImmediate(flush);
}

const server = http.createServer((request, response) => {
  if (!isAuthorized(request)) return answer(response, 401, {code: 'intake.unauthorized'});
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => take(response, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
});
server.keepAliveTimeout = 60_000;
server.listen({port: Number(port), host: '127.0.0.1', backlog: 1024});
