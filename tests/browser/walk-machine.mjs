// The machine of packaging/walk: what root types there, how long each leg takes, and webhooks that keep coming meanwhile.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { request } from 'node:https';
import { createConnection } from 'node:net';
import { performance } from 'node:perf_hooks';
import { SECRET } from './staff-server.mjs';
import { until } from './until.mjs';

/** An emulated processor does about ten TLS handshakes a second. */
const HELLO_EVERY_MS = 300;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Seconds since a moment of the monotonic clock, with one digit. */
export const since = (start) => Math.round((performance.now() - start) / 100) / 10;

/** What was walked: a row for each leg, told as it ends. */
export class Legs {
  rows = [];

  /** Does something, and writes down how long it took; what it returns is a remark. */
  async walk(name, act) {
    const start = performance.now();
    const remark = (await act()) ?? '';
    this.note(name, `${since(start).toFixed(1)} s`, remark);
  }

  note(name, figure, remark = '') {
    this.rows.push([name, figure, remark]);
    console.log(`${figure.padStart(10)}  ${name}${remark && `: ${remark}`}`);
  }

  /** The table, as it stands in packaging/TRIED.md. */
  table() {
    return ['| leg | took | remark |', '|---|---|---|', ...this.rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
  }
}

/** The machine, as root sees it over SSH. */
export class Machine {
  constructor(work, key) {
    this.monitor = `${work}/monitor`;
    this.ssh = ['-i', key, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR',
      '-o', 'ControlMaster=auto', '-o', `ControlPath=${work}/ssh`, '-o', 'ControlPersist=60', '-o', 'ConnectTimeout=3', '-o', 'ServerAliveInterval=2', '-o', 'ServerAliveCountMax=3'];
  }

  /** Runs a command line; resolves with its code and everything it said. A terminal, if the command wants one. */
  async tried(line, { input = '', terminal = false, seconds = 60 } = {}) {
    const child = spawn('ssh', [...this.ssh, terminal ? '-tt' : '-T', 'root@127.0.0.1', line], { stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill(), seconds * 1000);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => { said += chunk; });
    // Whoever does not read is not written to.
    child.stdin.on('error', () => {});
    if (!terminal) child.stdin.end(input);
    const code = await new Promise((resolve) => { child.on('close', resolve); });
    clearTimeout(timer);
    return { code, said };
  }

  /** The same, for what must not fail; resolves with what was said. */
  async run(line, options) {
    const { code, said } = await this.tried(line, options);
    if (code !== 0) throw new Error(`${line}: ended with ${code}: ${said}`);
    return said.trimEnd();
  }

  /** `systemctl edit`, with somebody who types these lines where its comment says. */
  async edit(unit, lines) {
    const editor = '#!/bin/sh\nfor file; do sed -i "/^### Anything between here/r /tmp/typed" "$file"; done\n';
    await this.run('cat >/tmp/typed', { input: `${lines.join('\n')}\n` });
    await this.run('cat >/tmp/editor && chmod 755 /tmp/editor', { input: editor });
    return this.run(`SYSTEMD_EDITOR=/tmp/editor systemctl edit ${unit}`, { terminal: true });
  }

  /** What no real machine needs: LINE and the authority for certificates are stand-ins here. */
  async standIns(line) {
    const at = `http://line.example.jp:${/:(\d+)$/.exec(line)[1]}`;
    const keys = {
      api_base: at, data_api_base: at,
      directory_url: 'https://authority.example.jp:14000/dir', directory_ca: '/etc/anshin/acme-ca.pem',
    };
    const edits = Object.entries(keys).map(([key, value]) => `-e 's|^#\\?${key} = .*|${key} = "${value}"|'`);
    await this.run(`cp /root/root.pem /etc/anshin/acme-ca.pem && sed -i ${edits.join(' ')} /etc/anshin/anshin.toml`);
  }

  /** Waits until somebody can log in. */
  answers(seconds) {
    return until('the machine answers', async () => (await this.tried('true', { seconds: 5 })).code === 0, seconds * 1000);
  }

  /** What systemd knows of a unit. */
  async shows(unit, property) { return (await this.run(`systemctl show -P ${property} ${unit}`)).trim(); }

  /** Which start of the machine this is. */
  boot() { return this.run('cat /proc/sys/kernel/random/boot_id'); }

  /** The power goes, and comes back. */
  async cutPower() {
    const monitor = createConnection(this.monitor);
    monitor.on('data', () => {});
    monitor.write('system_reset\n');
    await pause(300);
    monitor.end();
  }
}

/** One request on a connection of its own; resolves with its status and body. */
export function ask(url, { method = 'GET', headers = {}, body = '', seconds = 30 } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false, timeout: seconds * 1000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
      answer.on('end', () => resolve({ status: answer.statusCode, text })).on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${seconds} s`))).on('error', reject);
    asked.end(body);
  });
}

/** How long until the service answers, asked anew whenever it is refused. */
export async function answered(url, seconds = 120) {
  const start = performance.now();
  await until('the service answers', async () => (await ask(`${url}/healthz`, { seconds: 10 })).status === 200, seconds * 1000);
  return since(start);
}

/** Signed webhooks of strangers who say hello, a few a second and each on a connection of its own, until `stop`. */
export class Hello {
  sent = 0;

  faults = [];

  waits = [];

  tokens = [];

  constructor(line, url, bot) {
    Object.assign(this, { line, url, bot });
    this.mark = Math.floor(Math.random() * 1e6);
    this.under = new Set();
    this.timer = setInterval(() => {
      const one = this.once().finally(() => this.under.delete(one));
      this.under.add(one);
    }, HELLO_EVERY_MS);
  }

  async once() {
    const number = `${this.mark}${String(this.sent += 1).padStart(6, '0')}`;
    const replyToken = `hello-${number}`;
    const body = JSON.stringify({ destination: this.bot, events: [{
      type: 'message', mode: 'active', timestamp: Date.now(), replyToken, webhookEventId: `01HELLO${number.padStart(19, '0')}`,
      source: { type: 'user', userId: `U${number.padStart(32, '0')}` }, deliveryContext: { isRedelivery: false },
      message: { type: 'text', id: number, quoteToken: 'q', text: 'こんにちは' },
    }] });
    const headers = { 'content-type': 'application/json', 'x-line-signature': createHmac('sha256', SECRET).update(body).digest('base64') };
    const start = performance.now();
    try {
      const { status } = await ask(`${this.url}/line/webhook`, { method: 'POST', headers, body });
      if (status !== 200) throw new Error(`status ${status}`);
      this.tokens.push(replyToken);
      this.waits.push(performance.now() - start);
    } catch (problem) {
      this.faults.push(problem.message);
    }
  }

  /** Ends it; resolves with a sentence about what became of them. */
  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.under);
    const replied = () => {
      const to = new Set(this.line.said.map((said) => said.to));
      return this.tokens.filter((token) => to.has(token)).length;
    };
    await until('every greeting is answered', () => replied() === this.tokens.length, 20_000).catch(() => {});
    this.lost = this.tokens.length - replied();
    const longest = Math.round(Math.max(...this.waits));
    return `${this.sent} webhooks, ${this.faults.length} refused, ${this.lost} without their reply, longest wait ${longest} ms`;
  }
}
