// A morning at the desk in a real browser: a case that came to the office, from the board to its end; and a
// team that is set up, with its leaflet on paper.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, SMALL_PHONE, launch, open, shot } from './browser.mjs';
import { focusIsSeen } from './measure.mjs';
import { STORY, WATCHERS, block, invite, linkIn, startServe } from './staff-server.mjs';
import { close, go, sound, welcome } from './staff-steps.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** The same page on a council's computer and on a telephone. */
async function looked(page, name) {
  await sound(page, name);
  await page.setViewportSize(SMALL_PHONE);
  await sound(page, name);
  await page.setViewportSize(LAPTOP);
}

/** The number of pages of a PDF. */
const sheets = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;

test('a case from the board to its end', { timeout: 120_000 }, async (t) => {
  const server = await startServe({ data: STORY });
  t.after(server.stop);
  await block(server.url, WATCHERS);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'worker')));
  await page.getByRole('link', { name: 'よしこさん' }).first().click();
  await page.getByRole('heading', { name: 'よしこさん', level: 1 }).waitFor();
  await page.getByText('電話番号が登録されていません').waitFor();
  await looked(page, 'case-new');
  await focusIsSeen(page, 'case', 12);

  await page.getByRole('link', { name: '連絡先を見る・直す' }).click();
  await page.getByLabel('氏名').fill('架空 よし子');
  await page.getByLabel('生年月日').fill('昭和15年2月31日');
  await page.getByLabel('電話（家）').fill('０３－００００－００００');
  const first = page.getByRole('group', { name: '1番目に電話する人' });
  await first.getByLabel('名前').fill('架空 一郎');
  await first.getByLabel('続柄・関係').fill('長男');
  await first.getByLabel('電話', { exact: true }).fill('090-0000-0000');
  await go(page, '保存する');
  await page.getByText('＊この日付はありません').waitFor();
  assert.equal(await page.getByLabel('氏名').inputValue(), '架空 よし子', 'what was typed stays');
  await looked(page, 'contacts-refused');
  await page.getByLabel('生年月日').fill('昭和15年3月2日');
  await go(page, '保存する');
  await page.getByRole('status').getByText('保存しました').waitFor();
  await looked(page, 'contacts');
  await page.getByRole('link', { name: 'よしこさん のページへもどる' }).click();
  await page.getByText('1940年3月2日').waitFor();
  await looked(page, 'person');

  await page.getByRole('link', { name: '電話リスト' }).click();
  await page.getByRole('link', { name: '090-0000-0000' }).waitFor();
  await looked(page, 'calls');
  assert.equal(sheets(await page.pdf({ path: 'tests/browser/shots/staff-calls.pdf', preferCSSPageSize: true })), 1, 'the list of calls fits on paper');

  // Somebody phones: who is it about?
  await page.getByRole('link', { name: '利用者', exact: true }).click();
  await looked(page, 'people');
  await focusIsSeen(page, 'people', 14);
  await page.getByLabel('さがす').fill('ｶｸｳ');
  await page.getByLabel('さがす').press('Enter');
  await page.getByText('あてはまる方はいません').waitFor();
  await looked(page, 'people-nobody');
  await page.getByLabel('さがす').fill('0000');
  await page.getByText('しぼりこむ').click();
  await page.getByLabel('年代').selectOption({ label: '80代' });
  await go(page, 'この条件で表示する');
  await page.getByText('架空 よし子').waitFor();
  assert.match(page.url(), /q=0000&.*age=80/, 'the address can be kept');
  await looked(page, 'people-narrowed');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSVで書き出す' }).click()]);
  assert.match(file.suggestedFilename(), /^利用者-\d{4}-\d{2}-\d{2}\.csv$/);
  await page.getByRole('row', { name: /架空 よし子/ }).getByRole('link').click();
  await page.getByRole('link', { name: 'お休みにする' }).click();
  await page.getByLabel('相手が言ったこと').fill('昭和15年3月3日');
  await page.getByLabel('きょうから何日間').fill('7');
  await go(page, 'お休みにする');
  await page.getByText('＊登録されている内容と合いません').waitFor();
  await looked(page, 'rest-refused');
  await page.goto(`${server.url}/staff/rests`);
  await page.getByText('お休みの方はいません').waitFor();
  await looked(page, 'rests-empty');

  await page.goto(`${server.url}/staff`);
  await page.getByRole('link', { name: 'よしこさん' }).first().click();
  const numbers = await page.locator('.calls .phone').allTextContents();
  assert.deepEqual(numbers, ['03-0000-0000', '090-0000-0000'], 'the person first, then who is close');
  assert.equal(await page.locator('.calls .phone').first().getAttribute('href'), 'tel:0300000000');
  const mine = page.getByRole('button', { name: '事務局で対応します' });
  if (await mine.count()) await mine.click();
  await go(page, '記録する');
  await page.getByText('＊結果をえらんでください').waitFor();
  await page.getByLabel('結果').selectOption({ label: '出ない・不在' });
  await page.getByLabel('内容').fill('2回かけたが出ない。');
  await page.getByLabel('次にすること').fill('となりの人に電話');
  await go(page, '記録する');
  await page.getByText('電話 ／ 本人 ／ 出ない・不在').waitFor();
  await looked(page, 'case-noted');

  await page.getByLabel('死亡').check();
  await go(page, '終わりにする');
  await page.getByRole('heading', { name: '見守りを終わりにしますか？' }).waitFor();
  await page.getByText('架空 よし子').waitFor();
  await looked(page, 'case-sure');
  await page.getByRole('link', { name: 'やめて、もどる' }).click();
  await page.getByLabel('押し忘れ').check();
  await go(page, '終わりにする');
  await page.getByText('この対応は終わりました').waitFor();
  await looked(page, 'case-over');
  await close(page);
});

test('a bulletin is written, looked at, sent and taken back', { timeout: 120_000 }, async (t) => {
  const server = await startServe({ data: STORY });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'worker')));
  await page.getByRole('link', { name: 'お知らせ', exact: true }).click();
  await page.getByText('まだお知らせを送っていません').waitFor();
  await looked(page, 'bulletins-empty');
  await page.getByRole('link', { name: 'お知らせを書く' }).click();
  await go(page, '見え方と人数をたしかめる');
  await page.getByText('＊文面を書いてください').waitFor();
  await looked(page, 'bulletin-refused');
  await page.getByLabel('種類').selectOption({ label: '一斉確認の訓練' });
  await page.getByLabel('文面').fill('きょうは防災訓練の日です。\n地震があったと思って、答えてください。');
  await go(page, '見え方と人数をたしかめる');
  await page.getByRole('region', { name: 'LINEでの見え方' }).getByText('助けがいる').waitFor();
  await looked(page, 'bulletin-preview');
  await focusIsSeen(page, 'bulletin-preview', 14);
  await go(page, '書き直す');
  assert.match(await page.getByLabel('文面').inputValue(), /防災訓練の日です。\n地震/, 'what was typed stays');
  await go(page, '見え方と人数をたしかめる');
  await page.getByRole('button', { name: /^\d+人に送る$/ }).click();
  await page.getByText('秒で送りはじめます').waitFor();
  await looked(page, 'bulletin-waiting');
  await go(page, '取り消す');
  await page.getByText('取り消しました').waitFor();
  await looked(page, 'bulletin-taken-back');
  await page.getByRole('link', { name: 'お知らせの一覧へ' }).click();
  await page.getByRole('link', { name: 'きょうは防災訓練の日です。' }).waitFor();
  await looked(page, 'bulletins');
  await close(page);
});

test('numbers are seen, and the report of a month is one sheet of paper', { timeout: 120_000 }, async (t) => {
  const server = await startServe({ data: STORY });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'admin')));
  await page.getByRole('link', { name: '統計', exact: true }).click();
  await page.getByRole('heading', { name: '年代（いま）' }).waitFor();
  await looked(page, 'statistics');
  await page.getByRole('link', { name: '月次報告', exact: true }).click();
  await page.getByRole('heading', { name: '安否確認' }).waitFor();
  await looked(page, 'report');
  assert.equal(sheets(await page.pdf({ preferCSSPageSize: true })), 1, 'one sheet of paper');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSVで書き出す' }).click()]);
  assert.match(file.suggestedFilename(), /^月次報告-\d{4}-\d{2}\.csv$/);
  await page.getByRole('link', { name: '操作記録', exact: true }).click();
  await page.getByText('登録を終えた').waitFor();
  await looked(page, 'log');
  await close(page);
});

test('the month\'s messages are seen', { timeout: 60_000 }, async (t) => {
  const server = await startServe({ data: STORY });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'viewer')));
  await page.getByRole('link', { name: 'LINEと通数' }).click();
  await page.getByText('通数が足りなくなったときの順番').waitFor();
  await looked(page, 'line');
  await close(page);
});

test('groups are seen, and how one begins', { timeout: 120_000 }, async (t) => {
  const server = await startServe();
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'viewer')));
  await page.getByRole('link', { name: 'グループ' }).click();
  await page.getByText('グループは、まだありません').waitFor();
  await looked(page, 'groups-empty');
  await invite(server.url, [`C${'0123456789abcdef'.repeat(2)}`]);
  await page.reload();
  await page.getByRole('cell', { name: '日と時刻がまだ決まっていません' }).waitFor();
  await looked(page, 'groups');
  await close(page);
});

test('a team is set up, and its leaflet is one sheet of paper', { timeout: 120_000 }, async (t) => {
  const server = await startServe();
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'worker')));
  await page.getByRole('link', { name: '団体・地区' }).click();
  await looked(page, 'organizations-empty');
  await page.getByLabel('団体・地区の名前').fill('中央地区民生委員');
  await go(page, '作る');
  await page.getByRole('cell', { name: '0チーム' }).waitFor();
  await page.getByRole('link', { name: 'チーム', exact: true }).click();
  await page.getByText('まだチームがありません').waitFor();
  await page.getByLabel('チーム名').fill('中央町会');
  await page.getByLabel('団体・地区').selectOption({ label: '中央地区民生委員' });
  await page.getByLabel('時刻').selectOption('21');
  const late = await page.getByLabel('時刻').locator('option:checked').textContent();
  assert.match(late, /翌々日の0時ごろ/, 'the hour shows when an alert would come');
  await page.getByLabel('時刻').selectOption('8');
  await page.getByLabel('事務局が記録すること').selectOption({ label: '氏名・住所・電話・近親者まで' });
  await page.getByLabel('どんな方のためのチームですか').fill('みどり市に住んでいる方');
  await looked(page, 'teams-empty');
  await go(page, '作る');
  await page.getByRole('link', { name: '中央町会' }).click();
  await go(page, '見守る方の招待コードを作る');
  await looked(page, 'team');
  await page.getByRole('link', { name: 'チラシを印刷する' }).click();
  await page.getByRole('heading', { name: 'げんきですか？' }).waitFor();
  const qr = page.getByRole('img', { name: '招待のQRコード' });
  assert.ok(await qr.evaluate((image) => image.complete && image.naturalWidth > 0), 'the QR code is there');
  await looked(page, 'leaflet');
  await page.emulateMedia({ media: 'print' });
  // 180 mm of paper between the margins.
  await page.setViewportSize({ width: 680, height: 1009 });
  await shot(page, 'staff-leaflet-print', { fullPage: true });
  await page.setViewportSize(LAPTOP);
  assert.equal(sheets(await page.pdf({ format: 'A4', preferCSSPageSize: true })), 1, 'one sheet');
  await page.emulateMedia({ media: 'screen' });
  await page.goBack();
  await page.getByRole('link', { name: '使用申出書を印刷する' }).click();
  await page.getByRole('heading', { name: '使用申出書' }).waitFor();
  await looked(page, 'form');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 680, height: 1009 });
  await shot(page, 'staff-form-print', { fullPage: true });
  assert.equal(sheets(await page.pdf({ format: 'A4', preferCSSPageSize: true })), 1, 'one sheet');
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize(LAPTOP);
  await page.goto(`${server.url}/staff/organizations`);
  await page.getByRole('link', { name: '中央地区民生委員' }).click();
  await page.getByRole('link', { name: '中央町会' }).waitFor();
  await looked(page, 'organization');
  await close(page);
});

test('somebody without LINE is written down, phoned, and many come from a file', { timeout: 120_000 }, async (t) => {
  const server = await startServe();
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '山田', '--role', 'worker')));
  await page.getByRole('link', { name: '電話リスト' }).click();
  await page.getByText('まだ登録されていません').waitFor();
  await looked(page, 'calls-empty');
  await page.getByRole('link', { name: 'LINEを使わない方を登録する' }).click();
  await page.getByText('先に、見守りのチーム').waitFor();
  await page.getByRole('link', { name: 'チームへ' }).click();
  await page.getByLabel('チーム名').fill('電話見守り');
  await page.getByLabel('種類').selectOption({ index: 1 });
  await page.getByLabel('事務局が記録すること').selectOption({ index: 3 });
  await go(page, '作る');
  await page.goto(`${server.url}/staff/people/new`);
  await page.getByLabel('呼び名').fill('うめ');
  await go(page, '登録する');
  await page.getByRole('alert').getByText('電話番号を書いてください').waitFor();
  await looked(page, 'newcomer-refused');
  await page.getByLabel('氏名').fill('見本 うめ');
  await page.getByLabel('電話（家）').fill('03-0000-1111');
  await go(page, '登録する');
  await page.getByText('電話（LINEを使わない方）').waitFor();
  await page.getByText('見守りを終わる').click();
  await page.getByText('電話する日と時刻を変える').click();
  await looked(page, 'person-phoned');

  await page.goto(`${server.url}/staff/people/import`);
  await looked(page, 'import');
  const file = (text) => ({ name: '名簿.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByLabel('CSVファイル').setInputFiles(file('呼び名,電話（家）,生年月日\nまつ,312345678,昭和99年9月9日\n'));
  await go(page, '内容を確かめる');
  await page.getByText('先頭の0がありません').waitFor();
  await looked(page, 'import-faults');
  await page.getByRole('link', { name: 'やめて、もどる' }).click();
  await page.getByLabel('または、表をコピーして、ここに貼る').fill('呼び名\t電話（家）\t住所\nまつ\t03-0000-3333\tみどり市北1\nきく\t03-0000-4444\t\n');
  await go(page, '内容を確かめる');
  await page.getByText('この内容で登録しますか？').waitFor();
  await looked(page, 'import-preview');
  await go(page, '2人を登録する');
  await page.getByText('2人を登録しました').waitFor();
  await looked(page, 'import-done');
  await go(page, '登録を取り消す');
  await page.getByText('取り消しました').waitFor();
  await close(page);
});

test('an account is made for one district, and sees nothing else', { timeout: 120_000 }, async (t) => {
  const server = await startServe({ data: STORY });
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '鈴木', '--role', 'admin')));
  await page.goto(`${server.url}/staff/organizations`);
  await page.getByLabel('団体・地区の名前').fill('中央地区');
  await go(page, '作る');
  await page.getByRole('link', { name: '職員', exact: true }).click();
  await page.getByLabel('名前').fill('山田');
  await page.getByLabel('担当する範囲').selectOption({ index: 1 });
  await go(page, '登録してリンクを出す');
  await page.getByText('＊団体・地区を1つ以上選んでください').waitFor();
  await looked(page, 'accounts-refused');
  await page.getByLabel('中央地区').check();
  await go(page, '登録してリンクを出す');
  await page.getByText('山田さんの登録リンク').waitFor();
  await looked(page, 'account-link');
  const link = await page.getByLabel('登録リンク').inputValue();
  await page.getByRole('link', { name: '職員の一覧へもどる' }).click();
  await page.getByRole('link', { name: '山田' }).click();
  await looked(page, 'account');
  await close(page);
  const other = await open(browser, null, LAPTOP);
  await welcome(other, link);
  assert.equal(await other.getByRole('link', { name: '月次報告' }).count(), 0);
  await other.getByText('対応が必要な方はいません').waitFor();
  await close(other);
});

test('the service gets a name, a colour and a picture, and new terms', { timeout: 120_000 }, async (t) => {
  const server = await startServe();
  t.after(server.stop);
  const page = await open(browser, null, LAPTOP);
  await welcome(page, linkIn(await server.staff('add', '鈴木', '--role', 'admin')));
  await page.getByRole('link', { name: '組織の設定' }).click();
  await page.getByLabel('名前').fill('みどり市見守りサービス');
  await page.getByLabel('問い合わせ先と時間').fill('福祉課（内線12）平日 8時30分から17時15分');
  await page.getByLabel('ボタンとリンクの色').fill('#06C755');
  await go(page, '保存する');
  const said = await page.locator('#colour-fault').textContent();
  await looked(page, 'office-refused');
  await page.getByLabel('ボタンとリンクの色').fill(/#[0-9a-f]{6}/.exec(said)[0]);
  const banner = await page.screenshot({ clip: { x: 0, y: 0, width: 800, height: 120 } });
  await page.getByLabel('ページの上に出す画像').setInputFiles({ name: 'banner.png', mimeType: 'image/png', buffer: banner });
  await go(page, '保存する');
  await page.getByRole('status').getByText('保存しました').waitFor();
  await looked(page, 'office');
  await page.getByRole('main').getByRole('link', { name: '規約と個人情報の文' }).click();
  await looked(page, 'terms');
  await go(page, '内容を確かめる');
  await page.getByText('あとから直せません').waitFor();
  await looked(page, 'terms-preview');
  await go(page, '新しい版を出す');
  await page.getByRole('link', { name: /第2版/ }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.ok(await page.locator('.banner').evaluate((img) => img.naturalWidth > 0), 'the picture is seen');
  await looked(page, 'public-terms');
  await close(page);
});
