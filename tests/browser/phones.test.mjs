// What else people do on the phones of the demonstration: stickers, texts, blocking, a newcomer with
// an invitation link, the speed of the clock, and a server that goes away.

import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { LAPTOP, closeQuietly, launch, shot } from './browser.mjs';
import { MANAGERS, openDemo } from './demo-page.mjs';
import { startDemo } from './demo-server.mjs';
import { until } from './until.mjs';

let browser;
let server;
let demo;
before(async () => { browser = await launch(); });
after(() => browser.close());
beforeEach(async () => {
  server = await startDemo();
  demo = await openDemo(browser, server.url, LAPTOP);
});
afterEach(async () => {
  await demo.page.context().close();
  await server.stop();
});

test('a sticker is an answer, and so is a kind word', { timeout: 30_000 }, async () => {
  await demo.next();
  await demo.seesArrived('よしこ', 'よしこさん、おはようございます。');
  await demo.pressMore('よしこ', 'スタンプ');
  await until('the sticker stands in the chat', async () => assert.equal(await demo.phone('よしこ').locator('.row-me .sticker').count(), 1));
  await demo.seesEvent('よしこさんからお返事がありました');
  await demo.seesArrived('よしこ', 'お元気と記録しました。');
  await shot(demo.page, 'phones-sticker');

  await demo.next();
  await demo.seesArrived('よしこ', 'よしこさん、おはようございます。', 2);
  await demo.type('よしこ', '元気だよ');
  await until('the text stands in the chat', async () => assert.equal(await demo.sent('よしこ', '元気だよ').count(), 1));
  await demo.seesArrived('よしこ', 'お返事を受け取りました。');
  assert.equal(await demo.phone('よしこ').getByLabel('よしこさんが書く文').inputValue(), '');
  await closeQuietly(demo.page);
});

test('the menu answers early, and explains itself', { timeout: 30_000 }, async () => {
  await demo.pressMenu('よしこ', 'げんきです');
  await demo.seesArrived('よしこ', '先に受け取りました。');
  await demo.pressMenu('よしこ', 'ほかのこと');
  await demo.seesArrived('よしこ', 'すぐに人が来るサービスではありません。急ぐときは119へ。');
  const picture = demo.phone('よしこ').locator('.menu img');
  await until('the menu is the picture that people see in LINE', async () => {
    assert.deepEqual(await picture.evaluate((image) => [image.naturalWidth, image.naturalHeight]), [2500, 1686]);
  });
  await shot(demo.page, 'phones-usage');
  await closeQuietly(demo.page);
});

test('a block is told to those who watch, and taken back', { timeout: 30_000 }, async () => {
  await demo.pressMore('よしこ', 'ブロック');
  await shot(demo.page, 'phones-block-question');
  await demo.answer('ブロックする');
  const bar = demo.phone('よしこ').getByText('ブロック中です。メッセージは届きません。');
  await bar.waitFor();
  for (const name of MANAGERS) {
    await demo.seesArrived(name, 'よしこさんに届かなくなりました');
    await demo.seesNotification(name, '届かなくなりました');
  }
  await demo.seesEvent('よしこさんに届かなくなりました');
  await shot(demo.page, 'phones-blocked');

  await demo.phone('よしこ').getByRole('button', { name: 'ブロックをやめる' }).click();
  await bar.waitFor({ state: 'hidden' });
  await demo.seesArrived('よしこ', 'おかえりなさい');
  for (const name of MANAGERS) await demo.seesArrived(name, 'よしこさんに、また届くようになりました');
  await demo.seesEvent('よしこさんに、また届きます');
  await shot(demo.page, 'phones-unblocked');
  await closeQuietly(demo.page);
});

test('a newcomer gets a phone and joins by the link of an invitation', { timeout: 60_000 }, async () => {
  await demo.page.getByRole('button', { name: 'スマホをふやす' }).click();
  await demo.page.locator('dialog').getByLabel('名前（呼び名）').fill('さちこ');
  await shot(demo.page, 'phones-add');
  await demo.answer('ふやす');
  await demo.phone('さちこ').waitFor();
  await demo.phone('さちこ').getByRole('button', { name: '友だち追加' }).click();
  await demo.seesArrived('さちこ', 'どちらで使いますか？');

  await demo.pressMenu('よしこ', 'ほかのこと');
  await demo.seesArrived('よしこ', 'すぐに人が来るサービスではありません。急ぐときは119へ。');
  await demo.press('よしこ', '招待する');
  await demo.seesArrived('よしこ', 'どなたを招待しますか？', 3);
  await demo.press('よしこ', '見守られる方を招待');
  const link = demo.phone('よしこ').locator('.row-bot').last().locator('.text-link', { hasText: 'oaMessage' });
  await link.click();
  await shot(demo.page, 'phones-whose-phone');
  await demo.answer('さちこさんのスマホ');
  const field = demo.phone('さちこ').getByLabel('さちこさんが書く文');
  await until('the field holds the code', async () => assert.match(await field.inputValue(), /^招待コード [0-9A-Z]{4}-[0-9A-Z]{4}$/));
  await shot(demo.page, 'phones-code-in-field');
  await demo.send('さちこ');

  await demo.seesArrived('さちこ', '参加しますか？');
  await demo.press('さちこ', '参加する');
  await demo.seesArrived('さちこ', '約束ごとを読んでください');
  await demo.press('さちこ', '同意してはじめる');
  await demo.seesArrived('さちこ', 'お名前（呼び名）を送ってください');
  await demo.type('さちこ', 'さちこ');
  await demo.seesArrived('さちこ', '何日ごとに聞きますか？');
  await demo.press('さちこ', 'ではじめる');
  await demo.seesArrived('さちこ', '準備ができました');
  for (const name of MANAGERS) await demo.seesArrived(name, 'さちこさんが参加しました');
  await demo.seesEvent('さちこさんが参加しました');
  await until('the role stands under the name', async () => assert.match(await demo.phone('さちこ').locator('.role').textContent(), /見守られる方/));
  await shot(demo.page, 'phones-joined');
  await closeQuietly(demo.page);
});

test('the clock goes as fast as one likes', { timeout: 30_000 }, async () => {
  const speed = (name) => demo.page.getByRole('group', { name: '時計の速さ' }).getByRole('radio', { name });
  assert.ok(await speed(/^1×/).isChecked());
  await speed(/^3600×/).check();
  await demo.seesEvent('よしこさんに「げんきですか」と聞きました');
  await speed(/^1×/).check();
  await until('the server has heard it', async () => {
    const state = await (await fetch(`${server.url}/demo/state?after=0`)).json();
    assert.equal(state.speed, 1);
  });
  await shot(demo.page, 'phones-after-fast-clock');
  await closeQuietly(demo.page);
});

test('when the server goes, the page waits calmly', { timeout: 30_000 }, async () => {
  assert.deepEqual(demo.page.complaints, []);
  await server.stop();
  await demo.page.getByRole('status').getByText('つながるのを待っています。そのままお待ちください。').waitFor();
  await shot(demo.page, 'phones-server-gone');
  // What was there stays readable.
  assert.ok(await demo.phone('けんじ').locator('.row').count() > 5);
});
