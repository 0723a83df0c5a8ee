// Every page of the route table is reached by links from where people begin, and is as sound as the rest: at the desk,
// on a telephone, and for everyone. A new page that nothing leads to fails here, and so does one that was never looked at.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, launch, open } from './browser.mjs';
import { Chat, startLine, wordsOf } from './line-server.mjs';
import { STORY, WATCHERS, linkIn, startServe } from './staff-server.mjs';
import { close, go, sound, welcome } from './staff-steps.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** What is no page, and the doors: each of these has tests of its own. */
const NO_PAGES = /^\/(healthz|assets\/)|\.(csv|json|vcf|png|svg)$|^\/staff\/(lists\/|login|welcome\/)|\/enter\//;

/** The addresses of all pages below `start`, as the route table has them. */
function routesBelow(start) {
  const table = readFileSync(new URL('../../src/routes.rs', import.meta.url), 'utf8');
  const paths = [...table.matchAll(/\(Method::GET, "([^"]+)"/g)].map(([, path]) => path);
  return paths.filter((path) => !NO_PAGES.test(path) && start.some((each) => path === each || path.startsWith(`${each}/`)));
}

const patternOf = (path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** Follows links until each page was seen once, and holds every one against `sound` in both sizes. */
async function walk(page, starts, below) {
  // What has no {…} in it comes first: /staff/people/new is no person.
  const routes = routesBelow(below).sort((a, b) => a.split('{').length - b.split('{').length);
  const seen = new Set();
  const waiting = [...starts];
  while (waiting.length > 0) {
    const address = waiting.shift();
    const { pathname } = new URL(address);
    const route = routes.find((path) => patternOf(path).test(pathname));
    if (!route || seen.has(route)) continue;
    seen.add(route);
    const name = `every-${route.slice(1).replaceAll('/', '-').replaceAll(/[{}]/g, '')}`;
    for (const size of [SMALL_PHONE, LAPTOP]) {
      await page.setViewportSize(size);
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200, address);
      await sound(page, name);
    }
    // What is read at four times the size on a laptop has this width (WCAG 2.2, 1.4.10).
    await page.setViewportSize({ width: 320, height: 740 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, `${name} at 320 px`);
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((link) => link.href));
    waiting.push(...links.filter((link) => link.startsWith(new URL(starts[0]).origin)));
  }
  assert.deepEqual(routes.filter((path) => !seen.has(path)), [], 'no link leads to these');
}

test('every page is reached by links and sound, in both sizes', { timeout: 300_000 }, async (t) => {
  const [kenji, michiko] = WATCHERS;
  const line = await startLine({ names: { [kenji]: 'けんじ', [michiko]: 'みちこ' } });
  t.after(line.stop);
  const server = await startServe({ data: STORY, line: line.url });
  t.after(server.stop);
  const desk = await open(browser, null, LAPTOP);
  await welcome(desk, linkIn(await server.staff('add', '鈴木', '--role', 'admin')));
  await server.staff('add', '山田', '--role', 'worker');

  // A district, a team of the office, somebody who is phoned and rests, and a word to everyone.
  await desk.goto(`${server.url}/staff/organizations`);
  await desk.getByLabel('名前').fill('中央地区');
  await go(desk, '作る');
  await desk.goto(`${server.url}/staff/teams`);
  await desk.getByLabel('チーム名').fill('中央見守り');
  await desk.getByLabel('種類').selectOption({ index: 1 });
  await desk.getByLabel('事務局が記録すること').selectOption({ index: 3 });
  await go(desk, '作る');
  await desk.getByRole('link', { name: '中央見守り' }).click();
  const code = await desk.locator('.code strong').first().textContent();
  const team = desk.url();
  await go(desk, '見守る方の招待コードを作る');
  const watching = await desk.getByRole('heading', { name: '見守る方の招待' }).locator('+ ul strong').first().textContent();
  await desk.goto(`${server.url}/staff/people/new`);
  await desk.getByLabel('呼び名').fill('うめ');
  await desk.getByLabel('電話（家）').fill('03-0000-1111');
  await desk.getByLabel('生年月日').fill('昭和15年3月2日');
  await go(desk, '登録する');
  await desk.getByRole('link', { name: 'お休みにする' }).click();
  await desk.getByLabel('相手が言ったこと').fill('昭和15年3月2日');
  await desk.getByLabel('きょうから何日間').fill('7');
  await go(desk, 'お休みにする');
  await desk.getByRole('row', { name: /うめさん/ }).waitFor();
  // Somebody else is phoned no longer, and is forgotten.
  await desk.goto(`${server.url}/staff/people/new`);
  await desk.getByLabel('呼び名').fill('ふじ');
  await desk.getByLabel('電話（家）').fill('03-0000-2222');
  await go(desk, '登録する');
  await desk.getByText('見守りを終わる').click();
  await go(desk, '次へ');
  await go(desk, '見守りを終わります');
  await desk.getByRole('link', { name: '見守りを終えた方・開示と削除' }).click();
  await desk.getByRole('link', { name: 'ふじ' }).click();
  await desk.getByRole('link', { name: '削除に進む' }).click();
  const number = new URL(desk.url()).pathname.split('/')[3];
  await desk.getByLabel(/会員番号を入れてください/).fill(number);
  await go(desk, 'この方の情報を削除します');
  await desk.getByRole('heading', { name: '個人情報の削除の記録' }).waitFor();
  const pdf = await desk.pdf({ format: 'A4', preferCSSPageSize: true });
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, 'the receipt is one sheet');
  await desk.goto(`${server.url}/staff/bulletins/new`);
  await desk.getByLabel('文面').fill('あしたは雪です。');
  await go(desk, '見え方と人数をたしかめる');
  await desk.getByRole('button', { name: /人に送る/ }).click();
  await desk.getByRole('button', { name: '取り消す' }).waitFor();

  // One who watches is watched over too, and leads a group.
  const own = new Chat(line, server, { type: 'user', userId: kenji });
  const terms = await own.press(await own.say(code), '参加する');
  const days = /"同意/.test(wordsOf(terms)) ? await own.press(terms, '同意') : terms;
  const names = wordsOf(days).includes('毎日') ? days : await own.say('けんじ');
  await own.press(await own.press(names, '毎日'), '9時');
  const other = new Chat(line, server, { type: 'user', userId: michiko });
  const joined = await other.press(await other.say(watching), '参加する');
  if (/"同意/.test(wordsOf(joined))) await other.press(joined, '同意');
  const there = new Chat(line, server, { type: 'group', groupId: `C${'c'.repeat(32)}`, userId: kenji });
  const how = await there.press(await there.join(), '代表者になる');
  await there.press(await there.press(how, '毎日'), '9時');

  const phone = await open(browser, own.link(await own.say('マイページ'), 'くわしく見る'), SMALL_PHONE);
  await phone.getByRole('button', { name: 'ひらく' }).click();
  await phone.getByLabel('この見守りについて').fill('毎朝のことばが楽しみです。');
  await go(phone, '送る');
  await walk(phone, [`${server.url}/u`], ['/u', '/m', '/g']);
  await walk(phone, [`${server.url}/p/terms`], ['/p']);
  await close(phone);

  // What stands behind a link of another address of the same page is no page of its own, and is looked at too.
  await desk.goto(team);
  await desk.getByRole('link', { name: '見守る方から外す' }).first().click();
  await desk.getByText('外すと、こうなります').waitFor();
  await go(desk, '外して、事務局が見守る').catch(() => go(desk, '見守る方から外す'));
  await desk.getByText('わけを選んでください').waitFor();
  for (const size of [SMALL_PHONE, LAPTOP]) {
    await desk.setViewportSize(size);
    await sound(desk, 'watching-2-no-reason');
  }
  await desk.getByRole('link', { name: 'やめて、もどる' }).click();
  for (const size of [SMALL_PHONE, LAPTOP]) {
    await desk.setViewportSize(size);
    await sound(desk, 'watching-1-teams');
  }

  // Of the teams the office's own is looked at, which has more to it than a family's.
  await walk(desk, [team, `${server.url}/staff`], ['/staff']);
  await close(desk);
});
