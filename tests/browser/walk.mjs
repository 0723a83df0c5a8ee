// The walk of packaging/walk, which starts the machine and this: what the README tells root to type, what the page of the
// set-up asks of somebody at the council, and what people do on their phones, until the first alert. Then the machine itself.

import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { LAPTOP, launch, open, shot } from './browser.mjs';
import { Chat, startLine, wordsOf } from './line-server.mjs';
import { SECRET, linkIn } from './staff-server.mjs';
import { go, welcome } from './staff-steps.mjs';
import { until } from './until.mjs';
import { Legs, Machine, answered, ask, since } from './walk-machine.mjs';
import { tryMachine } from './walk-trials.mjs';

const [work, key, part] = process.argv.slice(2);
const URL = 'https://mimamori.example.jp';
const [ALERT_WAIT, PRACTICE_WAIT] = [200_000, 260_000];

const legs = new Legs();
const machine = new Machine(work, key);
const [yoshiko, kenji, yamada] = ['d', 'e', 'f'].map((letter) => `U${letter.repeat(32)}`);
const line = await startLine({ names: { [yoshiko]: 'よしこ', [kenji]: 'けんじ', [yamada]: 'やまだ' } });
const server = { url: URL };
const chat = (userId) => new Chat(line, server, { type: 'user', userId });

await legs.walk('the machine starts', async () => {
  await machine.answers(240);
  return `${await machine.run('. /etc/os-release && echo $PRETTY_NAME')}, ${await machine.run("awk '/MemTotal/ {print $2}' /proc/meminfo")} KiB`;
});
const link = await install();
const browser = await launch();
const page = await open(browser, null, LAPTOP, { ignoreHTTPSErrors: true });
page.setDefaultTimeout(90_000);
try {
  await setUp();
  if (part !== 'machine') {
    await firstAlert();
    await practise();
  }
  if (part !== 'life') await tryMachine({ legs, machine, line, url: URL });
} catch (problem) {
  await shot(page, 'walk-failed', { fullPage: true });
  console.error((await machine.tried('journalctl -u anshin -o cat -n 30; systemctl status anshin anshin.socket --no-pager')).said);
  throw problem;
} finally {
  await browser.close();
  line.stop();
}
console.log(`\n${legs.table()}`);

/** The two lines of the README, "Running it for real". Resolves with the link that root hands over. */
async function install() {
  await legs.walk('apt install ./anshin_0.1.0_amd64.deb', async () => {
    const told = await machine.run('cd /root && apt install -y ./anshin_*.deb', { seconds: 200 });
    assert.match(told, /not configured yet, so not started/);
  });
  await machine.standIns(line.url);
  let link;
  await legs.walk('anshin setup --domain, up to the link', async () => {
    link = linkIn(await machine.run('anshin setup --domain mimamori.example.jp --contact office@example.jp', { seconds: 120 }));
  });
  await legs.walk('a certificate, and the first page', () => answered(URL).then(() => {}));
  return link;
}

/** From the link that root hands over to an account of LINE that hears. */
async function setUp() {
  await legs.walk('password, authenticator app, codes', async () => { await welcome(page, link); });
  await legs.walk('channel id and secret, webhook, copy', async () => {
    await page.getByRole('link', { name: '準備と点検' }).first().click();
    await go(page, 'いま確かめる');
    await shot(page, 'walk-1-nothing', { fullPage: true });
    await page.getByLabel('Channel ID').fill('2008123456');
    await page.getByLabel('Channel secret').fill(SECRET);
    await go(page, 'つないで確かめる');
    await go(page, 'はい、このアカウントを使います');
    await page.getByText('LINEにつなぎました').waitFor();
    await go(page, 'Webhook URL を設定する');
    await page.getByText('LINEに、Webhook URL を設定しました').waitFor();
    assert.equal(line.endpoint, `${URL}/line/webhook`);
    for (let left = 3; left > 0; left -= 1) {
      await page.getByRole('button', { name: '確かめました' }).first().click();
      await page.getByText('記録しました').waitFor();
    }
    const copies = page.locator('.checkup li').filter({ has: page.getByRole('heading', { name: 'データの控え' }) });
    await copies.getByRole('button', { name: 'いま控えを作る' }).click();
    await page.getByText('控えを作り、読めることを確かめました').waitFor();
    await shot(page, 'walk-2-connected', { fullPage: true });
  });
  await legs.walk('name and telephone of the office', async () => {
    await page.goto(`${URL}/staff/office`);
    await shot(page, 'walk-3-office', { fullPage: true });
    await page.getByLabel('名前').first().fill('みどり市社会福祉協議会');
    await page.getByLabel('電話').first().fill('0000-00-0000');
    await page.getByRole('main').getByRole('button', { name: /保存/ }).first().click();
    await page.getByText('保存しました').waitFor();
  });
  const { code, said } = await machine.tried('anshin doctor');
  console.log(said);
  legs.note('anshin doctor', `code ${code}`, [...said.matchAll(/^\[NG\] ([^:]*)/gm)].map(([, name]) => name).join(', ') || 'nothing to do');
}

/** A team, somebody in it, somebody who watches; and a cry for help. */
async function firstAlert() {
  let member;
  let watcher;
  await legs.walk('a team with its codes', async () => {
    await page.goto(`${URL}/staff/teams`);
    await page.getByLabel('チーム名').fill('中央町会');
    await go(page, '作る');
    await page.getByRole('link', { name: '中央町会' }).click();
    await go(page, '見守る方の招待コードを作る');
    // The one that serves many stands first; the other is for one who watches.
    const codes = async () => (await page.getByRole('main').textContent()).match(/\b\w{4}-\w{4}\b/g);
    [member, watcher] = await until('both codes', async () => { const found = await codes(); return found.length === 2 && found; });
    await shot(page, 'walk-4-team', { fullPage: true });
  });
  const [her, him] = [chat(yoshiko), chat(kenji)];
  await legs.walk('somebody who watches joins', async () => {
    await him.press(await him.press(await him.say(watcher), '参加する'), '同意');
    await him.say('けんじ');
    // The test alert may come with the answer or behind it.
    await him.press(await said('受け取れます'), '受け取れます');
  });
  await legs.walk('somebody who lives alone joins', async () => {
    await her.press(await her.press(await her.say(member), '参加する'), '同意');
    const ready = await her.press(await her.say('よしこ'), 'ではじめる');
    assert.match(wordsOf(ready), /準備ができました/);
    const tried = await her.press(ready, 'ためしに');
    assert.match(wordsOf(await her.press(tried, 'げんきです')), /じょうずに押せました/);
    await him.pushed('よしこさんが参加しました');
  });
  await legs.walk('「こまった」 and nothing after it: alert after two minutes', async () => {
    const start = performance.now();
    await her.say('こまった');
    const alert = await him.pushed('対応します', ALERT_WAIT);
    const waited = since(start);
    assert.match(wordsOf(alert), /よしこさん/);
    await page.goto(`${URL}/staff`);
    await shot(page, 'walk-5-board', { fullPage: true });
    const claimed = await him.press(alert, '対応します');
    await her.pushed('けんじさんが対応します');
    const over = await him.press(claimed, '無事でした');
    return `the alert came ${waited} s after the press; ${wordsOf(over).includes('わけ') ? 'a reason is asked' : 'over'}`;
  });
}

/** The newest message with these words, to whomever it went. */
function said(words) {
  return until(`「${words}」`, () => line.said.map(({ messages }) => messages).findLast((messages) => wordsOf(messages).includes(words)) ?? false);
}

/** The round of practice, led by the page. */
async function practise() {
  await legs.walk('the led practice, with two minutes of silence', async () => {
    await page.goto(`${URL}/staff/practice`);
    await go(page, '練習を始める');
    const phone = chat(yamada);
    const asked = await phone.say(await page.locator('.code strong').textContent());
    await phone.press(asked, 'げんきです');
    await page.getByText('答えずに、待ってください').waitFor();
    const start = performance.now();
    const alert = await phone.pushed('対応します', PRACTICE_WAIT);
    const waited = since(start);
    await page.getByText('「対応します」を押してください').waitFor();
    await shot(page, 'walk-6-practice', { fullPage: true });
    await phone.press(await phone.press(alert, '対応します'), '押し忘れ');
    await page.getByText('終わりまで練習しました').waitFor();
    return `silent for ${waited} s`;
  });
  assert.equal((await ask(`${URL}/healthz`)).status, 200);
}
