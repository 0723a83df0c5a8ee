// Two stories from their beginning to their end, with the server that is shipped and something that is LINE to it: one
// day of somebody at the desk, and the life of a group. Time runs faster; nothing else is different.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, launch, open } from './browser.mjs';
import { Chat, startLine, wordsOf } from './line-server.mjs';
import { linkIn, startServe } from './staff-server.mjs';
import { close, go, sound, welcome } from './staff-steps.mjs';
import { until } from './until.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** Ten minutes a second: what waits for hours is over in seconds. */
const FAST = { ANSHIN_TRAINING__CLOCK_SPEED: '600' };

/** The first full hour in Japan to which a question can still be set: it comes at least an hour from now. */
async function nextHour(server) {
  const { now } = await (await fetch(`${server.url}/healthz`)).json();
  return (new Date(Date.parse(now) + 125 * 60_000).getUTCHours() + 9) % 24;
}

/** Chooses an hour, among the first that are offered or behind the button with all of them. */
async function chooseHour(chat, offered, hour) {
  const all = wordsOf(offered).includes(`"${hour}時`) ? offered : await chat.press(offered, 'ほかの');
  return chat.press(all, `${hour}時`);
}

/** The calls that the report of a month shows. */
async function phoned(page) {
  const row = page.getByRole('row', { name: /^電話/ });
  return await row.count() === 0 ? 0 : Number((await row.first().textContent()).replace(/[^0-9]/g, ''));
}

test('one day at the desk: log-in, case, calls, outcome, bulletin, report', { timeout: 150_000 }, async (t) => {
  const yoshiko = `U${'d'.repeat(32)}`;
  const line = await startLine({ names: { [yoshiko]: 'よしこ' } });
  t.after(line.stop);
  const more = { ...FAST, ANSHIN_CHECK__RESEND_AFTER: '20m', ANSHIN_CHECK__ALERT_AFTER: '20m' };
  const server = await startServe({ line: line.url, more });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'worker')));

  // Yesterday a team of the office was set up, and よしこ joined it by its leaflet.
  await page.goto(`${server.url}/staff/teams`);
  await page.getByLabel('チーム名').fill('中央見守り');
  await page.getByLabel('種類').selectOption({ index: 1 });
  await page.getByLabel('事務局が記録すること').selectOption({ index: 3 });
  await go(page, '作る');
  await page.getByRole('link', { name: '中央見守り' }).click();
  const code = await page.locator('.code strong').first().textContent();
  const chat = new Chat(line, server, { type: 'user', userId: yoshiko });
  const terms = await chat.press(await chat.say(code), '参加する');
  await chat.press(terms, '同意');
  const hours = await chat.press(await chat.say('よしこ'), '毎日');
  const ready = await chooseHour(chat, hours, await nextHour(server));
  assert.match(wordsOf(ready), /登録の続きをお願いします/);

  // She is asked twice and answers neither. What came in stands first on the board.
  await chat.pushed('げんきですか', 30_000);
  const here = page.getByRole('main').getByRole('link', { name: 'よしこさん' });
  await until('she stands on the board', async () => {
    await page.goto(`${server.url}/staff`);
    return await here.count() > 0;
  }, 30_000);
  await sound(page, 'day-board');
  await here.click();
  await go(page, '事務局で対応します');

  // Whom to phone is asked of somebody who knows, written down, and stands on the list of calls.
  await page.getByRole('link', { name: '連絡先を見る・直す' }).click();
  await page.getByLabel('氏名').fill('架空 よし子');
  await page.getByLabel('電話（家）').fill('03-0000-0000');
  const first = page.getByRole('group', { name: '1番目に電話する人' });
  await first.getByLabel('名前').fill('架空 一郎');
  await first.getByLabel('電話 ※必須', { exact: true }).fill('090-0000-0000');
  await go(page, '保存する');
  await page.getByRole('status').getByText('保存しました').waitFor();
  await page.getByRole('link', { name: '電話リスト' }).click();
  await page.getByRole('link', { name: '090-0000-0000' }).waitFor();
  await page.getByRole('row', { name: /架空 よし子/ }).getByRole('link', { name: '対応ボードに出ています' }).click();

  // Two calls: nobody, then the son.
  for (const [party, result, text] of [['本人', '出ない・不在', '2回かけた。'], ['近親者', 'つながった・会えた', '長男と話した。旅行中。']]) {
    await page.getByLabel('相手').selectOption({ label: party });
    await page.getByLabel('結果').selectOption({ label: result });
    await page.getByLabel('内容').fill(text);
    await go(page, '記録する');
    await page.getByText(text).waitFor();
  }
  await page.getByLabel('旅行').check();
  await go(page, '終わりにする');
  await page.getByText('この対応は終わりました').waitFor();
  await sound(page, 'day-case');

  // A word to everyone.
  await page.getByRole('link', { name: 'お知らせ', exact: true }).click();
  await page.getByRole('link', { name: 'お知らせを書く' }).click();
  await page.getByLabel('文面').fill('あしたは雪です。出かけるときは気をつけてください。');
  await go(page, '見え方と人数をたしかめる');
  await page.getByRole('button', { name: '1人に送る' }).click();
  await chat.pushed('あしたは雪です', 30_000);
  await until('it is over', async () => {
    await page.reload();
    return await page.getByText('送りました').count() > 0;
  }, 30_000);
  const arrived = line.said.filter(({ messages }) => wordsOf(messages).includes('あしたは雪です'));
  assert.deepEqual(arrived.map(({ to }) => to), [yoshiko], 'once each');
  await sound(page, 'day-bulletin');

  // The month, as the town hall wants it. On its last evening the day goes on in the next one.
  await page.getByRole('link', { name: '月次報告' }).click();
  await page.getByRole('row', { name: /^旅行/ }).waitFor();
  const calls = await phoned(page);
  if (calls < 2) {
    await page.locator('a[rel=prev]').click();
    await page.locator('a[rel=next]').waitFor();
    assert.equal(calls + await phoned(page), 2, 'two calls, in one month or in two');
    await page.locator('a[rel=next]').click();
    await page.getByRole('row', { name: /^旅行/ }).waitFor();
  } else {
    assert.equal(calls, 2);
  }
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('main').getByRole('link', { name: 'CSV' }).click()]);
  assert.match(file.suggestedFilename(), /\.csv$/);
  await sound(page, 'day-report');
  await page.getByRole('button', { name: 'ログアウト' }).click();
  await page.getByRole('heading', { name: '職員のログイン' }).waitFor();
  await close(page);
});

test('the life of a group: invited, led, asked, missed, called, complete', { timeout: 150_000 }, async (t) => {
  const [ken, hana] = [`U${'a'.repeat(32)}`, `U${'b'.repeat(32)}`];
  const line = await startLine({ names: { [ken]: 'けん', [hana]: 'はな' } });
  t.after(line.stop);
  const more = { ...FAST, ANSHIN_CHECK__GROUP_REPORT_AFTER: '60m' };
  const server = await startServe({ line: line.url, more });
  t.after(server.stop);
  const group = `C${'c'.repeat(32)}`;
  const inGroup = (userId) => new Chat(line, server, { type: 'group', groupId: group, ...(userId && { userId }) });
  const [kenThere, hanaThere, itself] = [inGroup(ken), inGroup(hana), inGroup()];

  const intro = await itself.join();
  assert.match(wordsOf(intro), /代表の方を1人決めて/);
  const how = await kenThere.press(intro, '代表者になる');
  const hours = await kenThere.press(how, '毎日');
  const ready = await chooseHour(kenThere, hours, await nextHour(server));
  assert.match(wordsOf(ready), /毎日/);
  await hanaThere.press(intro, '参加します');

  const question = await itself.pushed('げんきですか', 60_000);
  const nth = await kenThere.press(question, 'げんきです');
  assert.match(wordsOf(nth), /1番目/);

  // Who leads looks at the page from their own chat: the order of presses, and who has not yet.
  const own = new Chat(line, server, { type: 'user', userId: ken });
  const page = await open(browser, own.link(await own.say('マイページ'), 'ページを開く'), SMALL_PHONE, { isMobile: true, hasTouch: true });
  await page.getByRole('button', { name: 'ひらく' }).click();
  await page.getByRole('heading', { name: /つながりグループ/ }).waitFor();
  await page.getByText('まだの方').first().waitFor();
  await sound(page, 'group-page');
  await page.getByRole('button', { name: '書いた方も、お返事ありにする' }).click();
  await page.getByText('グループに何か書いた方も').waitFor();

  // An hour later (23 in earnest) the group hears who is missing; somebody calls, and she answers late.
  const missing = await itself.pushed('まだの方', 60_000);
  assert.match(wordsOf(missing), /はな/);
  assert.doesNotMatch(wordsOf(missing), /けん/);
  assert.match(wordsOf(await kenThere.press(missing, 'わたしが連絡します')), /けんさん/);
  assert.match(wordsOf(await hanaThere.press(question, 'げんきです')), /全員そろいました|お返事ありがとう/);
  await page.reload();
  await page.getByText('全員そろいました').waitFor();
  await sound(page, 'group-page-complete');
  await close(page);

  // The office sees how it stands, and no word of theirs.
  const desk = await open(browser, null, LAPTOP);
  await welcome(desk, linkIn(await server.staff('add', '山田', '--role', 'viewer')));
  await desk.getByRole('link', { name: 'グループ', exact: true }).click();
  await desk.getByText('全員そろいました').waitFor();
  await desk.getByText('けんさん').waitFor();
  await sound(desk, 'group-at-the-desk');
  await close(desk);
});
