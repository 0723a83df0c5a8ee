// Starts `anshin serve` on a free loopback port with a data file of its own, and runs `anshin staff`
// beside it. What should be LINE refuses every connection: pages for staff need none.

import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './until.mjs';

const BINARY = process.env.ANSHIN_BIN
  ?? fileURLToPath(new URL('../../target/x86_64-unknown-linux-gnu/debug/anshin', import.meta.url));
const START_MS = 30_000;
const STEP_SECONDS = 30;

/** The middle of a family's story: an alert that somebody took up. */
export const STORY = fileURLToPath(new URL('../fixtures/db/v0001.redb', import.meta.url));

/** Those who watch in that story. */
export const WATCHERS = ['U32dd2e26617d93b1b62aeb3b41e481f3', 'U7dd532f401025c6a33c92b722f4ecac3'];

/** The secret of the channel. */
export const SECRET = '5f0e2c9a1b7d43f6a8e4c0d2b6917f35';

/** LINE says that these people blocked the account. */
export const block = (url, users) => tell(url, 'unfollow', users.map((userId) => ({ type: 'user', userId })));

/** LINE says that the account was invited into these groups. */
export const invite = (url, groups) => tell(url, 'join', groups.map((groupId) => ({ type: 'group', groupId })));

async function tell(url, type, sources) {
  const events = sources.map((source, n) => ({
    type,
    mode: 'active',
    timestamp: Date.now(),
    source,
    webhookEventId: `01TELL${String(Date.now()).padStart(19, '0')}${n}`,
    deliveryContext: { isRedelivery: false },
  }));
  const body = JSON.stringify({ destination: 'U8e742f61d673b39c7fff3cecb7536ef0', events });
  const signature = createHmac('sha256', SECRET).update(body).digest('base64');
  const headers = { 'content-type': 'application/json', 'x-line-signature': signature };
  const answer = await fetch(`${url}/line/webhook`, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}`);
}

/**
 * Resolves with `{ url, staff, anshin, stop }`; `data` is a file to begin with, `line` the address of what is LINE to it, `more`
 * further settings.
 */
export async function startServe({ data, line = 'http://127.0.0.1:9', more = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'anshin-staff-'));
  const path = join(folder, 'anshin.redb');
  if (data) copyFileSync(data, path);
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = {
    LANG: 'C',
    ANSHIN_SERVER__LISTEN: url.slice('http://'.length),
    ANSHIN_SERVER__PUBLIC_URL: url,
    ANSHIN_STORE__PATH: path,
    ANSHIN_LINE__CHANNEL_ID: '2008123456',
    ANSHIN_LINE__CHANNEL_SECRET: SECRET,
    ANSHIN_LINE__API_BASE: line,
    ANSHIN_LINE__DATA_API_BASE: line,
    ANSHIN_OFFICE__NAME: 'みどり市社会福祉協議会',
    ANSHIN_OFFICE__PHONE: '0000-00-0000',
    ...more,
  };
  const child = spawn(BINARY, ['serve', '--config', '/dev/null'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  // Should a test end without stop(), the server still goes with it.
  const last = () => child.kill('SIGKILL');
  process.once('exit', last);
  ended.then(() => process.off('exit', last), () => {});
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => { said += chunk; });
  try {
    await until('the server runs', () => said.includes('anshin is running'), START_MS);
  } catch (problem) {
    child.kill('SIGKILL');
    throw problem;
  }
  const run = promisify(execFile);
  const staff = async (...args) => (await run(BINARY, ['staff', '--config', '/dev/null', ...args], { env })).stdout;
  /** Any other command beside the server; resolves with its code and what it said. */
  const anshin = async (...args) => run(BINARY, [...args, '--config', '/dev/null'], { env }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
  return { url, staff, anshin, stop };
}

/** A port that nothing listens on just now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The link that `anshin staff add` and `reset` print on a line of its own. */
export const linkIn = (printed) => /^http\S+\/staff\/welcome\/\S+$/m.exec(printed)[0];

/** The half minute in which the authenticator app of this moment is. */
export const stepNow = () => Math.floor(Date.now() / 1000 / STEP_SECONDS);

/** What an authenticator app shows for a secret (RFC 6238). */
export function numberOf(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const bits = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(bits % 1_000_000).padStart(6, '0');
}

function base32(text) {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
