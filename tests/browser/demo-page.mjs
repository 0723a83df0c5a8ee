// The page of `anshin demo` as a person uses it: phones by their owner's name, what stands on them,
// what can be pressed, the clock bar, the story and the list of events.

import assert from 'node:assert/strict';
import { open } from './browser.mjs';
import { until } from './until.mjs';

export const ALL = ['よしこ', 'けんじ', 'みちこ'];
export const MANAGERS = ['けんじ', 'みちこ'];

/** Opens the page and waits until all phones are there and the clock runs. */
export async function openDemo(browser, url, viewport, options) {
  const page = await open(browser, `${url}/demo`, viewport, options);
  const demo = new DemoPage(page);
  await until('the phones appear', async () => {
    assert.ok(await page.locator('.phone').count() >= ALL.length);
    assert.match(await page.locator('#next-date').textContent(), /午前9時/);
  });
  return demo;
}

export class DemoPage {
  constructor(page) {
    this.page = page;
    this.events = page.locator('.event');
    this.hint = page.locator('#hint');
  }

  phone(name) { return this.page.locator(`section.phone[aria-label="${name}さんのスマホ"]`); }

  /** Messages that arrived on a phone and contain `text`. */
  arrived(name, text) { return this.phone(name).locator('.row-bot', { hasText: text }); }

  /** Messages that the owner sent. */
  sent(name, text) { return this.phone(name).locator('.row-me', { hasText: text }); }

  notification(name) { return this.phone(name).locator('.notice-text'); }

  /** On a narrow page one phone is shown at a time. */
  async show(name) {
    const tab = this.page.locator('.tab', { hasText: `${name}さん` });
    if (await tab.isVisible()) await tab.click();
  }

  async seesArrived(name, text, count = 1) {
    await until(`「${text}」 on the phone of ${name}, ${count} times`, async () => {
      assert.equal(await this.arrived(name, text).count(), count);
    });
  }

  async seesNotification(name, text) {
    await until(`the locked phone of ${name} shows 「${text}」`, async () => {
      assert.match(await this.notification(name).textContent(), new RegExp(text));
    });
  }

  async seesEvent(text) {
    await until(`the events say 「${text}」`, async () => assert.ok(await this.events.filter({ hasText: text }).count() > 0));
  }

  /** The story stands at this step (1 to 6), and the hint has this title. */
  async seesStep(number, title) {
    await until(`the story stands at step ${number}`, async () => {
      const now = this.page.locator('.step.is-now');
      assert.equal(await now.locator('.step-title').textContent(), title);
      assert.equal(await this.page.locator('.step.is-done').count(), number - 1);
      assert.equal(await this.page.locator('#hint-title').textContent(), title);
      assert.match(await this.page.locator('#hint-count').textContent(), new RegExp(`${number} / 6`));
    }, 30_000);
  }

  /** Presses the newest button with this label in the chat of a phone. */
  async press(name, label) {
    await this.show(name);
    await this.phone(name).locator('.chat button', { hasText: label }).last().click();
  }

  async pressMenu(name, label) {
    await this.show(name);
    const menu = this.phone(name).locator('.menu');
    if (await menu.isHidden()) await this.phone(name).getByRole('button', { name: 'メニュー' }).click();
    await menu.getByRole('button', { name: label }).click();
  }

  /** Opens the row with sticker, photo and block, and presses one of them. */
  async pressMore(name, label) {
    await this.show(name);
    const more = this.phone(name).locator('.more');
    if (await more.isHidden()) await this.phone(name).getByRole('button', { name: 'スタンプ・写真・ブロック' }).click();
    await more.getByRole('button', { name: label }).click();
  }

  async type(name, text) {
    await this.show(name);
    await this.phone(name).getByLabel(`${name}さんが書く文`).fill(text);
    await this.send(name);
  }

  async send(name) { await this.phone(name).getByRole('button', { name: '送る' }).click(); }

  /** Presses 「次の出来事まで」 and waits until that event is over. */
  async next() {
    const date = this.page.locator('#next-date');
    const before = await date.textContent();
    await this.page.getByRole('button', { name: '次の出来事まで' }).click();
    await until('the next event is another', async () => assert.notEqual(await date.textContent(), before));
  }

  /** Presses 「次の出来事まで」 until something is so; each time looks at what followed before the next press. */
  async nextUntil(what, check) {
    const button = this.page.getByRole('button', { name: '次の出来事まで' });
    const looked = () => this.page.waitForResponse('**/demo/state?*');
    await until(what, async () => {
      try {
        return await check();
      } catch (problem) {
        await Promise.all([this.page.waitForResponse('**/demo/act'), button.click()]);
        await looked(); // may have been asked before the press
        await looked();
        throw problem;
      }
    }, 40_000);
  }

  async setSpeed(speed) { await this.page.getByRole('radio', { name: new RegExp(`^${speed}×`) }).check(); }

  // ---- the switches that break things ----

  switch(name) { return this.page.getByRole('switch', { name }); }

  async openTrouble() {
    const list = this.page.locator('#trouble-list');
    if (await list.isHidden()) await this.page.locator('#trouble-box summary').click();
    await list.waitFor();
  }

  /** Turns a switch, and waits until the server has done it. */
  async turn(name, on) {
    await this.openTrouble();
    await Promise.all([this.page.waitForResponse('**/demo/act'), this.switch(name).setChecked(on)]);
    await this.seesSwitch(name, on);
  }

  async seesSwitch(name, on) {
    await until(`the switch ${name} is ${on ? 'on' : 'off'}`, async () => assert.equal(await this.switch(name).isChecked(), on));
  }

  /** Presses a button of the open window. */
  async answer(label) { await this.page.locator('dialog[open]').getByRole('button', { name: label }).click(); }
}
