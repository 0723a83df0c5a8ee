// From an empty server to one that is set up, as somebody does it who is no engineer: one link, two values, and what is
// to be done said by name.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, launch, open } from './browser.mjs';
import { Chat, startLine, wordsOf } from './line-server.mjs';
import { SECRET, linkIn, startServe } from './staff-server.mjs';
import { close, go, sound, welcome } from './staff-steps.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const NOTHING = { ANSHIN_LINE__CHANNEL_ID: '', ANSHIN_LINE__CHANNEL_SECRET: '' };

/** A point of the set-up, by its name. */
const point = (page, name) => page.locator('.checkup li').filter({ has: page.getByRole('heading', { name }) });

async function both(page, name) {
  for (const size of [SMALL_PHONE, LAPTOP]) {
    await page.setViewportSize(size);
    await sound(page, name);
  }
}

async function fill(page, id, secret) {
  await page.getByLabel('Channel ID').fill(id);
  await page.getByLabel('Channel secret').fill(secret);
  await go(page, 'つないで確かめる');
}

test('one link and two values lead from nothing to an account that hears', { timeout: 120_000 }, async (t) => {
  const line = await startLine();
  t.after(line.stop);
  const server = await startServe({ line: line.url, more: NOTHING });
  t.after(server.stop);

  const { code, stdout } = await server.anshin('setup');
  assert.equal(code, 0);
  const page = await open(browser, undefined, LAPTOP);
  await welcome(page, linkIn(stdout));
  await page.getByRole('link', { name: '準備と点検' }).first().click();
  await page.getByText('まだ確かめていません').waitFor();
  await go(page, 'いま確かめる');
  await point(page, 'LINEのアカウント').getByText('まだ、つないでいません').waitFor();
  await both(page, 'setup-1-nothing');

  await fill(page, '20081234', 'too short');
  await page.getByText('英数字32けたです').first().waitFor();
  assert.equal(await page.getByLabel('Channel ID').inputValue(), '20081234', 'what was right stays');
  assert.equal(await page.getByLabel('Channel secret').inputValue(), '', 'the secret is not shown again');
  await fill(page, '2008123456', 'f'.repeat(32));
  await page.getByText('LINEが、この2つの値を知りません').waitFor();
  await both(page, 'setup-2-refused');
  await fill(page, ' 2008123456 ', ` ${SECRET} `);
  await page.getByText('このアカウントでよいですか').waitFor();
  await page.getByText('@123abcde').waitFor();
  await both(page, 'setup-3-is-it-this');
  await go(page, 'はい、このアカウントを使います');
  await page.getByText('LINEにつなぎました').waitFor();

  await go(page, 'Webhook URL を設定する');
  await page.getByText('LINEに、Webhook URL を設定しました').waitFor();
  assert.equal(line.endpoint, `${server.url}/line/webhook`);
  await point(page, 'お返事を受け取る').getByText('よし', { exact: true }).waitFor();
  for (let left = 3; left > 0; left -= 1) {
    assert.equal(await page.getByRole('button', { name: '確かめました' }).count(), left);
    await page.getByRole('button', { name: '確かめました' }).first().click();
    await page.getByText('記録しました').waitFor();
  }
  await point(page, 'データの控え').getByRole('button', { name: 'いま控えを作る' }).click();
  await page.getByText('控えを作り、読めることを確かめました').waitFor();
  await both(page, 'setup-4-connected');

  // The same at the command line, and the way back in.
  const told = await server.anshin('doctor');
  assert.match(told.stdout, /\[ok\] account on LINE: connected as みどり市 \(@123abcde\)/);
  assert.match(told.stdout, /\[ok\] webhook URL/);
  assert.ok(!told.stdout.includes(SECRET));
  const again = await server.anshin('setup');
  assert.match(again.stdout, /log in and open the page.*\n.*\/staff\/setup/);
  await page.goto(`${server.url}/staff/log`);
  await page.getByText('LINEのアカウントをつないだ').waitFor();
  await close(page);
});

test('where the values stand in the configuration they cannot be entered, and what is missing stands on the board', { timeout: 60_000 }, async (t) => {
  const line = await startLine();
  t.after(line.stop);
  const server = await startServe({ line: line.url, more: { ANSHIN_OFFICE__PHONE: '' } });
  t.after(server.stop);
  const page = await open(browser, undefined, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'admin')));
  await page.goto(`${server.url}/staff/setup`);
  await page.getByText('サーバーの設定ファイルで決まっています').waitFor();
  assert.equal(await page.getByLabel('Channel secret').count(), 0);
  await go(page, 'いま確かめる');
  await point(page, '事務局の名前と電話').getByText('直してください').waitFor();
  // What staff cannot set stands apart, and leads to how it is done.
  await point(page, 'メール').getByText('サーバーの担当の人に頼むこと').waitFor();
  await both(page, 'setup-5-server');
  await point(page, 'メール').getByRole('link', { name: '設定の変えかた' }).click();
  await page.getByRole('heading', { name: 'サーバーの担当の人へ：設定の変えかた' }).waitFor();
  assert.equal(new URL(page.url()).hash, '#change');
  const { code, stdout, stderr } = await server.anshin('doctor');
  assert.equal(code, 1);
  assert.match(stdout, /\[NG\] name and telephone of the office/);
  assert.match(stderr, /to do/);
  await page.goto(`${server.url}/staff`);
  await page.getByText(/準備と点検で、直すことが\d+つあります/).waitFor();
  await page.getByRole('link', { name: '準備と点検へ' }).click();
  await page.getByRole('heading', { name: '準備と点検', level: 1 }).waitFor();
  await close(page);
});

test('a round of practice is led from the QR code on, and the page follows the phone by itself', { timeout: 90_000 }, async (t) => {
  const line = await startLine();
  t.after(line.stop);
  const server = await startServe({ line: line.url });
  t.after(server.stop);
  const page = await open(browser, undefined, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'admin')));
  await page.goto(`${server.url}/staff/setup`);
  await go(page, 'いま確かめる');
  await point(page, '練習').getByRole('link', { name: '練習のページへ' }).click();
  await page.getByRole('heading', { name: '練習する', level: 1 }).waitFor();
  await both(page, 'practice-1-before');
  await go(page, '練習を始める');
  await page.getByRole('img', { name: '練習のQRコード' }).waitFor();
  const typed = await page.locator('.code strong').textContent();
  await both(page, 'practice-2-invited');

  const phone = new Chat(line, server, { type: 'user', userId: 'Uabcdef0123456789abcdef0123456789' });
  const asked = await phone.say(typed);
  assert.match(wordsOf(asked), /れんしゅう/);
  // Nobody presses anything here.
  await page.getByText('「げんきです」を押してください').waitFor();
  await both(page, 'practice-3-asked');
  await phone.press(asked, 'げんきです');
  await page.getByText('答えずに、待ってください').waitFor();
  await both(page, 'practice-4-silent');
  await page.getByRole('link', { name: '止める' }).click();
  await page.getByText('この画面は、止まっています').waitFor();
  await both(page, 'practice-5-still');
  await go(page, '練習をやめる');
  await page.getByText('練習をやめました').waitFor();
  await both(page, 'practice-6-stopped');
  await close(page);
});
