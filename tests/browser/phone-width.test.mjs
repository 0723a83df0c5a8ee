// The demonstration and the public pages on phones, and the public pages on a council's computer:
// nothing runs off the side, the big things are big, and the browser has nothing to complain about.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, PHONE, SMALL_PHONE, closeQuietly, launch, open, shot } from './browser.mjs';
import { ALL, openDemo } from './demo-page.mjs';
import { startDemo } from './demo-server.mjs';
import { invitation } from './invitation.mjs';
import { until } from './until.mjs';

const OFFICE_PHONE = '0000-00-0000';

let browser;
let server;
before(async () => {
  browser = await launch();
  server = await startDemo();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const named = ({ width, height }) => `${width}x${height}`;

async function nothingRunsOffTheSide(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}

for (const viewport of [PHONE, SMALL_PHONE]) {
  test(`the demonstration shows one phone at a time at ${named(viewport)}`, { timeout: 60_000 }, async (t) => {
    const own = await startDemo();
    t.after(own.stop);
    const demo = await openDemo(browser, own.url, viewport, { hasTouch: true, isMobile: true });
    const { page } = demo;
    for (const name of ALL) {
      await demo.show(name);
      for (const other of ALL) assert.equal(await demo.phone(other).isVisible(), other === name);
      await nothingRunsOffTheSide(page);
    }
    await demo.show('よしこ');
    await shot(page, `demo-${named(viewport)}-1-morning`);
    for (let event = 0; event < 3; event += 1) await demo.next();
    const unread = page.locator('.tab', { hasText: 'けんじさん' }).locator('.tab-dot');
    await until('the tab of けんじ counts what he has not seen', async () => assert.match(await unread.textContent(), /^1/));
    await shot(page, `demo-${named(viewport)}-2-unread`);
    await demo.press('けんじ', '対応します');
    await demo.seesArrived('けんじ', 'ありがとうございます。お願いします');
    await unread.waitFor({ state: 'hidden' });
    await shot(page, `demo-${named(viewport)}-3-claimed`);
    await demo.press('よしこ', 'げんきです');
    await demo.seesArrived('よしこ', 'お返事ありがとうございます');
    await nothingRunsOffTheSide(page);
    await shot(page, `demo-${named(viewport)}-4-all-clear`);
    await shot(page, `demo-${named(viewport)}-5-whole-page`, { fullPage: true });
    await closeQuietly(page);
  });
}

for (const viewport of [SMALL_PHONE, LAPTOP]) {
  test(`the invitation page at ${named(viewport)}`, { timeout: 30_000 }, async () => {
    const { path, code } = await invitation(server.url);
    const page = await open(browser, server.url + path, viewport);
    await hasFrame(page, '見守りへの招待');
    await page.getByText('よしこさんのチーム').waitFor();
    await page.getByText('見守られる方としての招待です。').waitFor();
    const button = page.getByRole('link', { name: 'LINEで開く' });
    const box = await button.boundingBox();
    assert.ok(box.height >= 56, `the button is ${box.height} px high`);
    assert.ok(box.y + box.height <= viewport.height, 'the button is in sight without scrolling');
    const target = decodeURIComponent(await button.getAttribute('href'));
    assert.equal(target, `https://line.me/R/oaMessage/@123abcde/?招待コード ${code}`);
    await page.getByText(code, { exact: true }).waitFor();
    const qr = page.getByRole('img', { name: '招待のQRコード' });
    await until('the QR code is a picture', async () => assert.ok(await qr.evaluate((image) => image.complete && image.naturalWidth > 0)));
    assert.ok((await qr.boundingBox()).width >= 180);
    await shot(page, `invitation-${named(viewport)}`);
    await shot(page, `invitation-${named(viewport)}-whole-page`, { fullPage: true });
    await closeQuietly(page);
  });

  test(`terms, privacy and a wrong address at ${named(viewport)}`, { timeout: 30_000 }, async () => {
    for (const [path, title, name] of [['/p/terms', '利用規約', 'terms'], ['/p/privacy', '個人情報の扱い', 'privacy'],
      ['/i/ABCD2345', 'このページは使えません', 'invitation-gone'], ['/nowhere', 'このページは使えません', 'not-found']]) {
      const page = await open(browser, null, viewport);
      const answer = await page.goto(server.url + path);
      const gone = !path.startsWith('/p/');
      assert.equal(answer.status(), gone ? 404 : 200);
      await hasFrame(page, title);
      await shot(page, `${name}-${named(viewport)}`);
      if (!gone) await shot(page, `${name}-${named(viewport)}-whole-page`, { fullPage: true });
      // Chromium itself reports the status of a page that is not there.
      if (gone) page.complaints = page.complaints.filter((line) => !line.includes('status of 404'));
      await closeQuietly(page);
    }
  });
}

/** What stands on every public page: one heading, whom it is from, whom to phone, Japanese, no sideways scroll. */
async function hasFrame(page, title) {
  assert.equal(await page.locator('h1').count(), 1);
  assert.equal(await page.locator('h1').textContent(), title);
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  await page.getByRole('banner').getByText('みどり市社会福祉協議会').waitFor();
  const phone = page.getByRole('contentinfo').getByRole('link', { name: OFFICE_PHONE });
  assert.equal(await phone.getAttribute('href'), 'tel:0000000000');
  assert.ok((await phone.boundingBox()).height >= 44);
  await nothingRunsOffTheSide(page);
  const size = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main p')).fontSize));
  assert.ok(size >= 18, `the text is ${size} px`);
}

test('the QR code can also be fetched as a file, and the pages keep their policy', { timeout: 30_000 }, async () => {
  const { path } = await invitation(server.url);
  for (const [file, type] of [['qr.png', 'image/png'], ['qr.svg', 'image/svg+xml']]) {
    const answer = await fetch(`${server.url}${path}/${file}`);
    assert.equal(answer.headers.get('content-type'), type);
    assert.ok((await answer.arrayBuffer()).byteLength > 200);
  }
  for (const page of [path, '/p/terms', '/demo', '/nowhere']) {
    const policy = (await fetch(server.url + page)).headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
  }
  assert.equal((await (await fetch(`${server.url}/healthz`)).json()).status, 'ok');
});
