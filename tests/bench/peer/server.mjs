// The peer: Express, LINE's own SDK and SQLite, doing the same honest job for a webhook: verify the
// signature, drop what was seen before, store the answer durably, then 200.
//
// Arguments: the port, the file, the channel secret, how many members to register.

import { middleware } from '@line/bot-sdk';
import Database from 'better-sqlite3';
import express from 'express';

const [port, file, channelSecret, members] = process.argv.slice(2);

const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE IF NOT EXISTS members (
    user TEXT PRIMARY KEY, name TEXT NOT NULL, round_at INTEGER, last_answer_at INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY, user TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL
  );
`);

const addMember = db.prepare('INSERT OR IGNORE INTO members (user, name) VALUES (?, ?)');
db.transaction(() => {
  for (let n = 0; n < Number(members); n++) {
    addMember.run(`U${n.toString(16).padStart(32, '0')}`, `member ${n}`);
  }
})();

const note = db.prepare('INSERT OR IGNORE INTO seen (id, at) VALUES (?, ?)');
const answered = db.prepare(
  'UPDATE members SET round_at = NULL, last_answer_at = max(coalesce(last_answer_at, 0), ?) WHERE user = ?',
);
const keep = db.prepare('INSERT INTO answers (user, at, data) VALUES (?, ?, ?)');
const take = db.transaction((events) => {
  for (const event of events) {
    if (event.type !== 'postback' || event.source?.type !== 'user') continue;
    if (note.run(event.webhookEventId, event.timestamp).changes === 0) continue;
    answered.run(event.timestamp, event.source.userId);
    keep.run(event.source.userId, event.timestamp, event.postback.data);
  }
});

const app = express();
app.disable('x-powered-by');
app.post('/line/webhook', middleware({ channelSecret }), (request, response) => {
  take(request.body.events);
  response.status(200).end();
});
const count = db.prepare('SELECT count(*) AS answers FROM answers');
app.get('/healthz', (_request, response) => response.json({ status: 'ok', ...count.get() }));
app.listen(Number(port), '127.0.0.1');
