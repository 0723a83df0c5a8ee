// Starts `anshin demo` on a free loopback port, waits until it prints its address, and ends it.
// The binary is the one in ANSHIN_BIN, else the debug build of this repository.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BINARY = process.env.ANSHIN_BIN
  ?? fileURLToPath(new URL('../../target/x86_64-unknown-linux-gnu/debug/anshin', import.meta.url));
const START_MS = 30_000;

/** Resolves with `{ url, stop }`. At speed 1 the clock moves only as fast as the test itself. */
export async function startDemo({ speed = 1 } = {}) {
  const args = ['demo', '--listen', '127.0.0.1:0', '--speed', String(speed)];
  const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  // Should a test end without stop(), the server still goes with it.
  const last = () => child.kill('SIGKILL');
  process.once('exit', last);
  ended.then(() => process.off('exit', last), () => {});
  try {
    return { url: await printedAddress(child), stop };
  } catch (problem) {
    child.kill('SIGKILL');
    throw problem;
  }
}

function printedAddress(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`no address after ${START_MS} ms; it said: ${said}`)), START_MS);
    const look = (chunk) => {
      said += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (!address) return;
      clearTimeout(late);
      resolve(address[0]);
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', (chunk) => { said += chunk; });
    child.once('error', (problem) => { clearTimeout(late); reject(problem); });
    child.once('exit', (code) => { clearTimeout(late); reject(new Error(`ended with ${code}; it said: ${said}`)); });
  });
}
