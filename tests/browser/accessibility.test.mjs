// Can everybody use the pages? axe finds nothing in any state, every field has a label, focus can be
// seen, targets are large, and nothing is cut when text or page are twice the size.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, launch, open, shot } from './browser.mjs';
import { openDemo } from './demo-page.mjs';
import { startDemo } from './demo-server.mjs';
import { invitation } from './invitation.mjs';
import { cutTexts, focusIsSeen, noBarriers, targetsBelow, unlabelled } from './measure.mjs';

const TARGET = 44;

let browser;
let largeText;
let server;
let publicPages;
before(async () => {
  browser = await launch();
  largeText = await launch({ text: 32 });
  server = await startDemo();
  const { path } = await invitation(server.url);
  publicPages = { invitation: path, terms: '/p/terms', privacy: '/p/privacy', accessibility: '/p/accessibility', 'guide-watched': '/p/guide/watched', 'guide-watching': '/p/guide/watching', 'invitation-gone': '/i/ABCD2345', 'not-found': '/nowhere' };
});
after(async () => {
  await browser.close();
  await largeText.close();
  await server.stop();
});

const close = (page) => page.context().close();

for (const viewport of [SMALL_PHONE, LAPTOP]) {
  test(`public pages at ${viewport.width} px: no barriers, large targets, visible focus`, { timeout: 60_000 }, async () => {
    for (const [name, path] of Object.entries(publicPages)) {
      const page = await open(browser, server.url + path, viewport);
      await noBarriers(page, name);
      assert.deepEqual(await unlabelled(page), [], name);
      assert.deepEqual(await targetsBelow(page, TARGET, 'a:not(.skip), button'), [], name);
      await focusIsSeen(page, name);
      await close(page);
    }
  });
}

test('public pages with text twice the size on a small phone', { timeout: 60_000 }, async () => {
  for (const [name, path] of Object.entries(publicPages)) {
    const page = await open(largeText, server.url + path, SMALL_PHONE);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).fontSize), '36px');
    assert.deepEqual(await cutTexts(page), [], name);
    await shot(page, `text-200-${name}-360x740`, { fullPage: true });
    await close(page);
  }
});

test('the demonstration in every state: no barriers, labels, targets', { timeout: 120_000 }, async (t) => {
  const own = await startDemo();
  t.after(own.stop);
  const demo = await openDemo(browser, own.url, LAPTOP);
  const { page } = demo;
  const sound = async (state) => {
    await noBarriers(page, state);
    assert.deepEqual(await unlabelled(page), [], state);
    // A link inside a sentence is as high as its line; everything else is a target of its own.
    assert.deepEqual(await targetsBelow(page, TARGET, 'button:not(.text-link), a:not(.skip, .text-link), input:not([type=radio]), .segments span'), [], state);
  };
  await sound('morning');
  await focusIsSeen(page, 'morning');
  for (let event = 0; event < 3; event += 1) await demo.next();
  await demo.seesStep(4, 'だれが行く');
  await sound('alert');
  await demo.press('けんじ', '対応します');
  await demo.seesArrived('けんじ', 'ありがとうございます。お願いします');
  await demo.press('よしこ', 'げんきです');
  await demo.seesStep(6, '無事');
  await sound('all-clear');
  await demo.openTrouble();
  await sound('switches');
  await demo.turn('LINEが止まる', true);
  await demo.turn('サーバーを止める', true);
  await sound('in trouble');
  await page.getByRole('button', { name: 'すべて、もとに戻す' }).click();
  await demo.seesSwitch('サーバーを止める', false);
  await windowsAndPanels(demo, sound);
  await close(page);
});

async function windowsAndPanels(demo, sound) {
  const { page } = demo;
  await demo.pressMore('よしこ', 'ブロック');
  await sound('question before a block');
  await demo.answer('ブロックする');
  await demo.seesArrived('みちこ', 'よしこさんに届かなくなりました');
  await sound('blocked');
  await page.getByRole('button', { name: 'スマホをふやす' }).click();
  await sound('window for a new phone');
  await page.locator('dialog').getByLabel('名前（呼び名）').fill('さちこ');
  await demo.answer('ふやす');
  await demo.phone('さちこ').waitFor();
  await sound('four phones');
}

test('the demonstration on a small phone: no barriers', { timeout: 60_000 }, async () => {
  const demo = await openDemo(browser, server.url, SMALL_PHONE);
  await noBarriers(demo.page, 'one phone at a time');
  assert.deepEqual(await targetsBelow(demo.page, TARGET, 'button:not(.text-link), input:not([type=radio]), .segments span'), []);
  await focusIsSeen(demo.page, 'one phone at a time');
  await demo.openTrouble();
  await noBarriers(demo.page, 'switches on a phone');
  assert.deepEqual(await targetsBelow(demo.page, TARGET, 'button:not(.text-link), summary, input:not([type=radio]), .segments span'), []);
  await focusIsSeen(demo.page, 'switches on a phone', 30);
  await close(demo.page);
});

for (const viewport of [LAPTOP, SMALL_PHONE]) {
  test(`the demonstration with text twice the size at ${viewport.width} px`, { timeout: 60_000 }, async () => {
    const demo = await openDemo(largeText, server.url, viewport);
    const { page } = demo;
    await shot(page, `text-200-demo-${viewport.width}x${viewport.height}`, { fullPage: true });
    assert.deepEqual(await cutTexts(page), []);
    await demo.openTrouble();
    await shot(page, `text-200-switches-${viewport.width}x${viewport.height}`, { fullPage: true });
    assert.deepEqual(await cutTexts(page), []);
    await close(page);
  });
}

test('the demonstration with everything twice the size', { timeout: 60_000 }, async () => {
  const demo = await openDemo(browser, server.url, { width: 683, height: 384 }, { deviceScaleFactor: 2 });
  const { page } = demo;
  await shot(page, 'zoom-200-demo-1366x768');
  assert.deepEqual(await cutTexts(page), []);
  await demo.openTrouble();
  assert.deepEqual(await cutTexts(page), []);
  await close(page);
});
