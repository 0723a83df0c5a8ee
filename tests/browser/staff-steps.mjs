// What tests of the pages for staff do again and again: the way from the link to the board, and what has to be
// true of every page.

import assert from 'node:assert/strict';
import { closeQuietly, shot } from './browser.mjs';
import { cutTexts, noBarriers, targetsBelow, unlabelled } from './measure.mjs';
import { numberOf, stepNow } from './staff-server.mjs';

/** The password of everyone at this desk. */
export const PASSWORD = 'correct horse battery staple';
// A radio button and a box are pressed by their labels.
const TARGETS = 'a:not(.skip), button, select, textarea, summary, input:not([type=hidden], [type=radio], [type=checkbox]), .choices label, .tick';

/** A size, as a part of a file name. */
export const named = ({ width, height }) => `${width}x${height}`;

/** What has to be true of every page for staff, whatever stands on it. */
export async function sound(page, name) {
  const viewport = page.viewportSize();
  await noBarriers(page, name);
  assert.deepEqual(await unlabelled(page), [], name);
  assert.deepEqual(await targetsBelow(page, 44, TARGETS), [], name);
  assert.deepEqual(await cutTexts(page), [], name);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${name}: ${content} px wide in a window of ${window} px`);
  assert.equal(await page.locator('h1').count(), 1, name);
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  await shot(page, `staff-${name}-${named(viewport)}`, { fullPage: true });
}

/** Ends a page; that a form was refused is no fault of it. */
export async function close(page) {
  page.complaints = page.complaints.filter((line) => !/status of (422|429)/.test(line));
  await closeQuietly(page);
}

/** Presses a button of the page itself. */
export const go = (page, label) => page.getByRole('main').getByRole('button', { name: label, exact: true }).click();

/** From the link to the board. Resolves with what the authenticator app holds. */
export async function welcome(page, link, look = async () => {}) {
  await page.goto(link);
  await look('welcome-1-password');
  await page.getByLabel('新しいパスワード ※必須').fill(PASSWORD);
  await page.getByLabel('新しいパスワード（もう一度）').fill(PASSWORD);
  await go(page, '次へ');
  const secret = (await page.locator('.secret').textContent()).replaceAll(' ', '');
  await page.getByRole('img', { name: '認証アプリで読み取るQRコード' }).waitFor();
  await look('welcome-2-number');
  const step = stepNow();
  await page.getByLabel('確認の番号').fill(numberOf(secret, step));
  await go(page, '次へ');
  await page.getByText('今しか見られません').waitFor();
  assert.equal(await page.locator('.codes li').count(), 10);
  await look('welcome-3-codes');
  await page.getByRole('link', { name: '残しました。対応ボードへ' }).click();
  await page.getByRole('heading', { name: '対応ボード' }).waitFor();
  return { secret, step };
}
