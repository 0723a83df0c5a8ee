// The pages that people open from their chat, on a telephone: the demonstration's people press the buttons that
// lead there, and do there what they came for. Each page is looked at, and measured for who cannot see it well.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, closeQuietly, launch, open, shot } from './browser.mjs';
import { openDemo } from './demo-page.mjs';
import { startDemo } from './demo-server.mjs';
import { cutTexts, focusIsSeen, noBarriers, targetsBelow, unlabelled } from './measure.mjs';
import { until } from './until.mjs';

const TARGET = 44;

let browser;
let largeText;
before(async () => {
  browser = await launch();
  largeText = await launch({ text: 32 });
});
after(async () => {
  await browser.close();
  await largeText.close();
});

/** The newest link with this label in the chat of a phone. */
async function linked(demo, name, label) {
  const link = demo.phone(name).locator('.chat a', { hasText: label }).last();
  await link.waitFor();
  return link.getAttribute('href');
}

/** Opens a link as the telephone of its owner would, and presses its one button. */
async function enter(url, { from = browser, name } = {}) {
  const page = await open(from, url, SMALL_PHONE, { isMobile: true, hasTouch: true });
  if (name) await looks(page, name);
  await page.getByRole('button', { name: 'ひらく' }).click();
  await page.waitForURL((address) => !address.pathname.includes('/enter/'));
  return page;
}

/** A page as it is, and what is wrong with it for whoever sees, hears or touches it otherwise. */
async function looks(page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${name} is ${content} px wide in a window of ${window} px`);
  assert.equal(await page.locator('h1').count(), 1, name);
  await shot(page, `pages-${name}`, { fullPage: true });
  await noBarriers(page, name);
  assert.deepEqual(await unlabelled(page), [], name);
  assert.deepEqual(await targetsBelow(page, TARGET, 'a:not(.skip), button, select, input:not([type=hidden], [type=radio], [type=checkbox]), .choices label, .tick'), [], name);
  await focusIsSeen(page, name);
}

async function visit(page, path, name) {
  await page.goto(new URL(path, page.url()).href);
  await looks(page, name);
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** The demonstration, with よしこ's own page open. */
async function ownPage(t, options) {
  const server = await startDemo();
  t.after(server.stop);
  const demo = await openDemo(browser, server.url, LAPTOP);
  await demo.type('よしこ', 'マイページ');
  const url = await linked(demo, 'よしこ', 'くわしく見る・直す');
  return { demo, page: await enter(url, options), url };
}

test('who is watched over opens her page from the chat, and changes there what is hers', { timeout: 120_000 }, async (t) => {
  const { demo, page, url } = await ownPage(t, { name: 'enter' });
  await page.getByRole('heading', { name: 'よしこさんのページ' }).waitFor();
  await looks(page, 'own');
  await visit(page, '/u/time', 'time');
  await page.getByLabel('何日ごと').selectOption('2日ごと');
  await page.getByLabel('何時').selectOption({ label: '8時（知らせは次の日11時）' });
  await press(page, 'この日と時刻にする');
  await page.getByText('変えました。').waitFor();
  await page.getByText('2日ごと 8時').waitFor();
  await demo.seesArrived('けんじ', 'よしこさんに聞く日と時刻が変わりました');

  await visit(page, '/u/rest', 'rest');
  await press(page, '次へ');
  await page.getByText('きょうから30日までの日を選んでください。').waitFor();
  await looks(page, 'rest-unchosen');
  await page.getByRole('radio', { name: /^1週間/ }).check();
  await page.getByLabel('わけ').selectOption('旅行・外出');
  await press(page, '次へ');
  await looks(page, 'rest-sure');
  await press(page, 'お休みにする');
  await page.getByText('までお休みです。').waitFor();
  await demo.seesArrived('みちこ', 'までお休みです');
  await looks(page, 'own-resting');
  await page.getByRole('link', { name: 'お休みを終わる' }).click();
  await looks(page, 'rest-end');
  await press(page, 'お休みを終わる');

  await visit(page, '/u/about', 'about');
  await page.getByRole('radio', { name: '氏名・住所・電話・近親者まで' }).check();
  await press(page, 'これでよい');
  await demo.seesArrived('けんじ', '氏名・住所・電話・近親者を書いてよい');
  await page.getByLabel('電話（家）').fill('03-0000-1234');
  await page.locator('#address').fill('みどり市みどり町1-2-3');
  await press(page, '保存する');
  await page.getByText('変えました。').waitFor();
  await looks(page, 'about-written');
  await visit(page, '/u/leave', 'leave');

  // The link has done its work: nobody else gets in by it.
  const other = await open(browser, url, SMALL_PHONE);
  await press(other, 'ひらく');
  await other.getByRole('heading', { name: 'このリンクは、もう使えません' }).waitFor();
  await looks(other, 'gone');
  await other.context().close();
  // Chromium itself reports the status of a form that was not taken.
  page.complaints = page.complaints.filter((line) => !line.includes('status of 422'));
  const stranger = await open(browser, `${new URL(url).origin}/u`, SMALL_PHONE);
  await looks(stranger, 'nobody');
  await stranger.context().close();
  await closeQuietly(page);
  await closeQuietly(demo.page);
});

test('who goes finds the numbers to phone on a page, and says there what it was', { timeout: 120_000 }, async (t) => {
  const { demo, page: own } = await ownPage(t);
  await own.goto(new URL('/u/about', own.url()).href);
  await own.getByRole('radio', { name: '氏名・住所・電話・近親者まで' }).check();
  await press(own, 'これでよい');
  await own.getByLabel('電話（家）').fill('03-0000-1234');
  await own.getByLabel('名前', { exact: true }).first().fill('となりの林さん');
  await own.getByLabel('電話', { exact: true }).first().fill('090-0000-5678');
  await press(own, '保存する');
  await own.getByText('変えました。').waitFor();
  await closeQuietly(own);

  for (let event = 0; event < 3; event += 1) await demo.next();
  await demo.seesArrived('けんじ', 'よしこさんのお返事がありません');
  await demo.press('けんじ', '対応します');
  const page = await enter(await linked(demo, 'けんじ', '電話番号・手順を見る'));
  await page.getByText('けんじさんが対応しています。').waitFor();
  await looks(page, 'case');
  const first = page.locator('.calls a').first();
  assert.equal(await first.getAttribute('href'), 'tel:0300001234');
  await page.getByRole('radio', { name: '死亡' }).check();
  await press(page, '知らせて、終わりにする');
  await looks(page, 'case-sure');
  await page.getByRole('link', { name: 'やめて、もどる' }).click();
  await page.getByRole('radio', { name: '押し忘れ' }).check();
  await press(page, '知らせて、終わりにする');
  await page.getByText('この件は終わりました：押し忘れ').waitFor();
  await looks(page, 'case-over');
  await demo.seesArrived('みちこ', 'よしこさんの件は、終わりました');

  await page.getByRole('link', { name: 'いまのようす' }).click();
  await page.getByRole('link', { name: /よしこさん/ }).first().waitFor();
  await looks(page, 'watching');
  await page.getByRole('link', { name: /よしこさん/ }).first().click();
  await looks(page, 'person');
  await page.getByRole('link', { name: '連絡先を見る・書く' }).click();
  await looks(page, 'contacts');
  await page.getByRole('link', { name: 'マイページ' }).click();
  await looks(page, 'own-of-who-watches');
  await page.getByRole('link', { name: 'よしこさんのチーム' }).click();
  await press(page, '見守られる方を招待する');
  await page.getByText('何人でも使えます').first().waitFor();
  await looks(page, 'team');
  await closeQuietly(page);
  await closeQuietly(demo.page);
});

test('with text twice the size nothing on these pages is cut', { timeout: 60_000 }, async (t) => {
  const { page } = await ownPage(t, { from: largeText });
  for (const [path, name] of [['/u', 'own'], ['/u/time', 'time'], ['/u/rest', 'rest'], ['/u/about', 'about'], ['/u/leave', 'leave']]) {
    await page.goto(new URL(path, page.url()).href);
    await until(`${name} is there`, async () => assert.equal(await page.locator('h1').count(), 1));
    assert.deepEqual(await cutTexts(page), [], name);
    await shot(page, `pages-text-200-${name}`, { fullPage: true });
  }
  await page.context().close();
});
