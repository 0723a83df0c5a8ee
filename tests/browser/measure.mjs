// Measures what accessibility is made of: axe, labels, sizes of targets, the ring of the focus, and
// text that is cut off. Each measure returns what is wrong in words, or throws.

import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** axe knows of no violation. */
export async function noBarriers(page, state) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', ')}`);
  assert.deepEqual(words, [], state);
}

/** Fields without a label that stands on the page. */
export function unlabelled(page) {
  return page.evaluate(() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter((field) => ![...field.labels ?? []].some((label) => label.textContent.trim()))
    .map((field) => field.outerHTML));
}

/** Visible targets that are lower or narrower than `least` pixels. */
export function targetsBelow(page, least, selector) {
  return page.evaluate(([least, selector]) => [...document.querySelectorAll(selector)]
    .filter((target) => target.checkVisibility({ visibilityProperty: true }))
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(({ target, box }) => `${target.textContent.trim() || target.outerHTML}: ${Math.round(box.width)} x ${Math.round(box.height)}`),
  [least, selector]);
}

/** Goes through the page by keyboard; wherever the focus stands, something can be seen of it. */
export async function focusIsSeen(page, state, steps = 14) {
  await page.evaluate(() => document.activeElement?.blur());
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const here = document.activeElement;
      if (!here || here === document.body) return null;
      const ringOf = (element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
      };
      // Where a radio button is drawn by its label, the ring is there.
      const drawn = here.matches('input[type=radio]') && ringOf(here) === 0 ? here.nextElementSibling : here;
      const box = drawn.getBoundingClientRect();
      const seen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
      return { name: here.outerHTML.slice(0, 80), ring: ringOf(drawn), seen };
    });
    if (!focus) return;
    assert.ok(focus.ring >= 2, `${state}: no ring around ${focus.name}`);
    assert.ok(focus.seen, `${state}: the focus is out of sight on ${focus.name}`);
  }
}

/**
 * Texts that stick out of a box that hides the rest, out of their button, or out of the page.
 * The line of a locked phone is cut on purpose, as on a real one.
 */
export function cutTexts(page) {
  return page.evaluate(() => {
    const hides = (value) => value === 'hidden' || value === 'clip';
    const slack = 2;
    const cut = new Set();
    const judge = (text, rect) => {
      for (let box = text.parentElement; box && box !== document.body; box = box.parentElement) {
        const look = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        const wide = rect.left < edge.left - slack || rect.right > edge.right + slack;
        // The box of a glyph is higher than its ink, and may be higher than its line.
        const air = slack + rect.height * 0.15;
        const high = rect.top < edge.top - air || rect.bottom > edge.bottom + air;
        if ((wide && hides(look.overflowX)) || (high && hides(look.overflowY))
          || (box.matches('button, a.button') && (wide || high))) return `in ${box.className || box.localName}`;
        if (/auto|scroll/.test(look.overflowX + look.overflowY)) return null; // can be scrolled to
      }
      return rect.right > Math.max(innerWidth, document.documentElement.clientWidth) + slack ? 'off the page' : null;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const around = text.parentElement;
      if (!text.data.trim() || around.closest('.sr, .skip, .notice-text, .segments small, .step-title, script, noscript, legend')) continue;
      if (!around.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const rect of range.getClientRects()) {
        const where = judge(text, rect);
        if (where) cut.add(`「${text.data.trim().slice(0, 30)}」 ${where}`);
      }
    }
    return [...cut];
  });
}
