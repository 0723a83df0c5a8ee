// What is printed is one sheet of A4 each, in letters that a reader of 82 can read, with the council's name, number and
// QR code on it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, launch, open, shot } from './browser.mjs';
import { startLine } from './line-server.mjs';
import { linkIn, startServe } from './staff-server.mjs';
import { close, welcome } from './staff-steps.mjs';
import { until } from './until.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const sheets = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;

/** The smallest letters on a sheet, in points; what stands above a word to be read is half as large. */
const smallest = (page, sheet = '.sheet-of-paper') => page.evaluate((sheet) => {
  const texts = document.createTreeWalker(document.querySelector(sheet), NodeFilter.SHOW_TEXT);
  let least = Infinity;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || element.closest('rt, svg, .screen')) continue;
    least = Math.min(least, parseFloat(getComputedStyle(element).fontSize) * 0.75);
  }
  return least;
}, sheet);

test('every sheet is one page of A4, and those for old people are in large letters', { timeout: 120_000 }, async (t) => {
  const line = await startLine();
  t.after(line.stop);
  const server = await startServe({ line: line.url });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'viewer')));
  // The poster shows the account, which LINE tells in a moment.
  await until('the account is known', async () => (await (await fetch(`${server.url}/healthz`)).json()).status === 'ok', 10_000);
  await page.getByRole('link', { name: '印刷物' }).click();
  await page.getByRole('heading', { name: '印刷物' }).waitFor();
  await shot(page, 'papers', { fullPage: true });
  const papers = [
    ['冷蔵庫カード', 14, 4], ['「この番号を登録してください」カード', 14, 2], ['ポスター', 14, 1],
    ['職員の手順', 11, 0], ['サーバーの手順', 11, 0],
  ];
  for (const [name, points, times] of papers) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByText('この行は印刷されません').waitFor();
    await page.emulateMedia({ media: 'print' });
    // 180 mm of paper between the margins.
    await page.setViewportSize({ width: 680, height: 1009 });
    const id = new URL(page.url()).pathname.split('/').pop();
    await shot(page, `paper-${id}`, { fullPage: true });
    const pdf = await page.pdf({ path: `tests/browser/shots/paper-${id}.pdf`, format: 'A4', preferCSSPageSize: true });
    assert.equal(sheets(pdf), 1, `${name} is one sheet`);
    assert.ok(await smallest(page) >= points, `${name}: letters of ${await smallest(page)} points`);
    const text = await page.locator('.sheet-of-paper').innerText();
    if (times > 0) assert.equal(text.split('0000-00-0000').length - 1, times, `${name} has the number`);
    assert.ok(text.includes('みどり市社会福祉協議会'), name);
    if (['number', 'poster'].includes(id)) assert.ok(await page.locator('.sheet-of-paper svg').count() > 0, `${name} has a code`);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(LAPTOP);
    await page.goBack();
  }
  await close(page);
});

test('the manuals for those who are asked and for those who watch are two sheets at most, in large letters, with hard words read', { timeout: 120_000 }, async (t) => {
  const line = await startLine();
  t.after(line.stop);
  const server = await startServe({ line: line.url });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await until('the account is known', async () => (await (await fetch(`${server.url}/healthz`)).json()).status === 'ok', 10_000);
  for (const id of ['watched', 'watching']) {
    await page.goto(`${server.url}/p/guide/${id}`);
    assert.equal(await page.locator('.guide svg').isVisible(), false, 'a telephone cannot read a code on its own screen');
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 680, height: 1009 });
    await shot(page, `guide-${id}-print`, { fullPage: true });
    const pdf = await page.pdf({ path: `tests/browser/shots/guide-${id}.pdf`, format: 'A4', preferCSSPageSize: true });
    assert.ok(sheets(pdf) <= 2, `${id}: ${sheets(pdf)} sheets`);
    assert.ok(await smallest(page, '.guide') >= 14, `${id}: letters of ${await smallest(page, '.guide')} points`);
    const text = await page.locator('.guide').innerText();
    assert.ok(text.includes('みどり市社会福祉協議会') && text.includes('0000-00-0000'), text);
    assert.ok(await page.locator('.guide svg').isVisible(), 'the code of the account');
    assert.ok(await page.locator('.guide ruby').count() > 0, 'hard words are read');
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(LAPTOP);
  }
  await close(page);
});
