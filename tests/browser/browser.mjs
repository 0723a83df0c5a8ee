// Opens Chromium as someone in Japan would see it, keeps screenshots, and collects everything that
// the browser complains about, so that each test can demand silence.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const SHOTS = fileURLToPath(new URL('./shots/', import.meta.url));

export const LAPTOP = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };
export const SMALL_PHONE = { width: 360, height: 740 };

/** A browser for one test file; close it in `after`. `text` = the size of text in its settings (usual: 16). */
export const launch = ({ text = 16 } = {}) => chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    `--blink-settings=defaultFontSize=${text}`],
});

/** A fresh page. `page.complaints` fills with what the browser does not like. */
export async function open(browser, url, viewport, options = {}) {
  const context = await browser.newContext({
    viewport, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce', ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.complaints = [];
  page.on('pageerror', (problem) => page.complaints.push(`script: ${problem.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') page.complaints.push(`console: ${line.text()} (${line.location().url})`);
  });
  page.on('requestfailed', (request) => {
    // A question that the page itself took back is no fault.
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') page.complaints.push(`request: ${request.url()} ${why}`);
  });
  if (url) await page.goto(url);
  return page;
}

/** Ends a page, and demands that the browser had nothing to complain about. */
export async function closeQuietly(page) {
  await page.context().close();
  assert.deepEqual(page.complaints, [], 'the browser complained');
}

export async function shot(page, name, options = {}) {
  mkdirSync(SHOTS, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${SHOTS}${name}.png`, animations: 'disabled', ...options });
}
