// The staff's way in, in a real browser: by the link to password and second factor, out, in again,
// and to the board; on a council's computer and on a telephone, with the keyboard alone, and on paper.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, launch, open, shot } from './browser.mjs';
import { cutTexts, focusIsSeen } from './measure.mjs';
import { STORY, WATCHERS, block, linkIn, numberOf, startServe, stepNow } from './staff-server.mjs';
import { PASSWORD, close, go, named, sound, welcome } from './staff-steps.mjs';

let browser;
let largeText;
let server;
before(async () => {
  browser = await launch();
  largeText = await launch({ text: 32 });
  server = await startServe();
});
after(async () => {
  await browser.close();
  await largeText.close();
  await server.stop();
});

for (const viewport of [LAPTOP, SMALL_PHONE]) {
  test(`from the link to the board, out and in again at ${named(viewport)}`, { timeout: 120_000 }, async () => {
    const name = `山田 花子 ${viewport.width}`;
    const link = linkIn(await server.staff('add', name, '--role', 'admin'));
    const page = await open(browser, null, viewport);
    const look = (what) => sound(page, what);
    await page.goto(link);
    await page.getByLabel('新しいパスワード ※必須').fill('password1234');
    await page.getByLabel('新しいパスワード（もう一度）').fill('password');
    await go(page, '次へ');
    await page.getByText('＊上のパスワードとちがいます').waitFor();
    await look('welcome-1-refused');
    const app = await welcome(page, link, look);
    await page.getByText('対応が必要な方はいません').waitFor();
    await look('board-all-clear');
    await page.getByRole('link', { name: '自動で新しくしない' }).click();
    await page.getByText('自動では新しくなりません').waitFor();
    await page.getByRole('link', { name: '自分の設定' }).click();
    await look('me');
    await page.getByRole('link', { name: '職員', exact: true }).click();
    await look('accounts');
    await page.getByRole('button', { name: 'ログアウト' }).click();
    await page.getByRole('heading', { name: '職員のログイン' }).waitFor();
    await look('login');
    await logIn(page, name, 'wrong password of 12', '000000');
    await page.getByRole('alert').getByText('ログインできませんでした').waitFor();
    await look('login-refused');
    // The number that was used for the account works no more; the next one does, half a minute early too.
    await logIn(page, name, PASSWORD, numberOf(app.secret, Math.max(app.step + 1, stepNow())));
    await page.getByRole('heading', { name: '対応ボード' }).waitFor();
    await close(page);
  });
}

async function logIn(page, name, password, number) {
  await page.getByLabel('名前').fill(name);
  await page.getByLabel('パスワード').fill(password);
  await page.getByLabel('確認の番号').fill(number);
  await go(page, 'ログイン');
}

test('a link that was used, and a page without a log-in', { timeout: 60_000 }, async () => {
  const link = linkIn(await server.staff('add', '鈴木', '--role', 'viewer'));
  const first = await open(browser, null, LAPTOP);
  await welcome(first, link);
  assert.equal(await first.getByRole('link', { name: '職員', exact: true }).count(), 0, 'a viewer sees no accounts');
  await close(first);
  const page = await open(browser, null, LAPTOP);
  assert.equal((await page.goto(link)).status(), 404);
  await page.getByRole('heading', { name: 'このリンクは使えません' }).waitFor();
  await sound(page, 'welcome-gone');
  await page.goto(`${server.url}/staff`);
  await page.getByText('ログインしていないか、時間がたった').waitFor();
  page.complaints = page.complaints.filter((line) => !line.includes('status of 404'));
  await close(page);
});

test('with the keyboard alone', { timeout: 60_000 }, async () => {
  const link = linkIn(await server.staff('add', '佐藤', '--role', 'worker'));
  const page = await open(browser, link, LAPTOP);
  await focusIsSeen(page, 'welcome');
  const type = async (...texts) => {
    for (const text of texts) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
  };
  await page.getByLabel('新しいパスワード ※必須').focus();
  await type(PASSWORD, PASSWORD);
  await page.locator('.secret').waitFor();
  const secret = (await page.locator('.secret').textContent()).replaceAll(' ', '');
  await page.getByLabel('確認の番号').focus();
  await type(numberOf(secret, stepNow()));
  await page.locator('.codes').waitFor();
  await page.goto(`${server.url}/staff`);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip', 'the first stop jumps over the menu');
  await focusIsSeen(page, 'board');
  await page.goto(`${server.url}/staff/me`);
  await focusIsSeen(page, 'me', 20);
  await close(page);
});

test('the board with people on it, on a screen, on a telephone, with large text and on paper', { timeout: 120_000 }, async (t) => {
  const own = await startServe({ data: STORY });
  t.after(own.stop);
  // With nobody left who can be told, the case comes to the office.
  await block(own.url, WATCHERS);
  const link = linkIn(await own.staff('add', '山田', '--role', 'worker'));
  const page = await open(browser, null, LAPTOP);
  await welcome(page, link);
  const yoshiko = page.locator('.case', { hasText: 'よしこさん' }).first();
  await yoshiko.getByText('お返事がありません').waitFor();
  await yoshiko.getByText('けんじさん').first().waitFor();
  assert.match(await page.title(), /^（\d+）対応ボード/);
  await sound(page, 'board');
  assert.ok((await page.locator('.numbers').boundingBox()).y < 400, 'the numbers are in sight at once');
  await page.setViewportSize(SMALL_PHONE);
  await sound(page, 'board');
  const state = await page.context().storageState();
  await page.setViewportSize(LAPTOP);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.menu').isVisible(), false, 'the menu is not printed');
  await shot(page, 'staff-board-print', { fullPage: true });
  await close(page);
  const large = await open(largeText, `${own.url}/staff`, SMALL_PHONE, { storageState: state });
  await large.getByText('よしこさん').first().waitFor();
  assert.deepEqual(await cutTexts(large), []);
  await shot(large, 'staff-board-text-200', { fullPage: true });
  await close(large);
});
