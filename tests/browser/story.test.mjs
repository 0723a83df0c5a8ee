// The story that the demonstration tells, played in a browser: by hand, and by its own buttons.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, closeQuietly, launch, shot } from './browser.mjs';
import { MANAGERS, openDemo } from './demo-page.mjs';
import { startDemo } from './demo-server.mjs';
import { until } from './until.mjs';

const ALL_CLEAR = 'よしこさんは無事です';
const STEPS = ['朝の確認', '返事がない', 'もう3時間', 'だれが行く', 'おそい返事', '無事'];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A page over a server of its own, at the beginning of the story. */
async function begin(t, options) {
  const server = await startDemo(options);
  t.after(server.stop);
  const demo = await openDemo(browser, server.url, LAPTOP);
  await demo.seesStep(1, STEPS[0]);
  return demo;
}

async function silenceUntilAlert(demo) {
  await demo.next();
  await demo.seesArrived('よしこ', 'よしこさん、おはようございます。');
  await demo.seesNotification('よしこ', 'げんきですか？ ボタンを押してください（よしこさん）');
  await demo.seesEvent('よしこさんに「げんきですか」と聞きました');
  await demo.seesStep(2, STEPS[1]);
  await shot(demo.page, 'story-2-asked');

  await demo.next();
  await demo.seesArrived('よしこ', '2回目のおたずね');
  await demo.seesArrived('よしこ', '正午までに返事がないと、見守る方に知らせます。');
  await demo.seesNotification('よしこ', 'お返事がまだです');
  await demo.seesEvent('よしこさんに、もう一度聞きました');
  await demo.seesStep(3, STEPS[2]);
  await shot(demo.page, 'story-3-asked-again');

  await demo.next();
  for (const name of MANAGERS) {
    await demo.seesArrived(name, 'よしこさんのお返事がありません');
    await demo.seesNotification(name, 'お返事がありません：よしこさん。確認をお願いします');
    await demo.seesEvent(`${name}さんに知らせました`);
  }
  await demo.seesEvent('よしこさんのお返事がありません');
  await demo.seesStep(4, STEPS[3]);
  await shot(demo.page, 'story-4-alert');
}

test('the story, pressed by hand from the question to the all-clear', { timeout: 60_000 }, async (t) => {
  const demo = await begin(t);
  await shot(demo.page, 'story-1-morning');
  await silenceUntilAlert(demo);

  await demo.press('けんじ', '対応します');
  await demo.seesArrived('けんじ', 'ありがとうございます。お願いします');
  await demo.seesArrived('みちこ', 'けんじさんが対応します');
  await demo.seesNotification('みちこ', 'けんじさんが対応します');
  await demo.seesEvent('けんじさんが対応します');
  await demo.seesStep(5, STEPS[4]);
  await shot(demo.page, 'story-5-claimed');

  await demo.press('みちこ', '対応します');
  await demo.seesArrived('みちこ', 'もう、けんじさんが対応しています');
  await demo.seesStep(5, STEPS[4]);

  await demo.press('よしこ', 'げんきです');
  await demo.seesArrived('よしこ', 'お返事ありがとうございます');
  await demo.seesArrived('よしこ', 'けんじさん、みちこさんにも「無事」と知らせました。');
  for (const name of MANAGERS) {
    await demo.seesArrived(name, ALL_CLEAR);
    await demo.seesNotification(name, '無事です：よしこさんからお返事がありました');
  }
  await demo.seesEvent('知らせを受けた2人に「無事」と伝えました');
  await demo.seesStep(6, STEPS[5]);
  await shot(demo.page, 'story-6-all-clear');

  await pressingAgainChangesNothing(demo);
  await shot(demo.page, 'story-6-pressed-again');
  await closeQuietly(demo.page);
});

async function pressingAgainChangesNothing(demo) {
  const answers = await demo.arrived('よしこ', '').count();
  await demo.press('よしこ', 'げんきです');
  await demo.seesArrived('よしこ', '', answers + 1);
  assert.match(await demo.arrived('よしこ', '').last().innerText(), /もう受け取っています|お元気で何よりです/);
  await demo.press('けんじ', '対応します');
  await demo.seesArrived('けんじ', 'この件は、もう終わっています');
  for (const name of MANAGERS) await demo.seesArrived(name, ALL_CLEAR, 1);
  await demo.seesArrived('よしこ', 'お返事ありがとうございます', 1);
  await demo.seesEvent('よしこさんがボタンを押しました');
  await demo.seesStep(6, STEPS[5]);
  assert.equal(await demo.events.filter({ hasText: 'と伝えました' }).count(), 1);
}

test('the story plays itself, can be stopped, and goes on step by step', { timeout: 90_000 }, async (t) => {
  const demo = await begin(t);
  const play = demo.page.locator('#story-play');
  const step = demo.page.locator('#story-next');
  await play.click();
  await until('the story plays', async () => assert.match(await play.textContent(), /お話を止める/));
  await demo.seesStep(2, STEPS[1]);
  await demo.seesStep(3, STEPS[2]);
  await shot(demo.page, 'story-plays-itself');
  await play.click();
  await until('the story stands', async () => assert.match(await play.textContent(), /お話を見る/));

  for (const [index, title] of STEPS.entries()) {
    if (index < 3) continue;
    await step.click();
    await demo.seesStep(index + 1, title);
  }
  for (const name of MANAGERS) await demo.seesArrived(name, ALL_CLEAR, 1);

  // At the end the same buttons lead to the beginning, without a word about trouble.
  assert.equal(await step.textContent(), 'はじめに戻る');
  await step.click();
  await demo.seesStep(1, STEPS[0]);
  await step.click();
  await demo.seesStep(2, STEPS[1]);
  assert.equal(await demo.page.locator('#toast.is-shown').count(), 0);
  await closeQuietly(demo.page);
});

test('a quick answer ends the round, and nobody is alarmed', { timeout: 30_000 }, async (t) => {
  const demo = await begin(t);
  await demo.next();
  await demo.seesStep(2, STEPS[1]);
  await demo.press('よしこ', 'げんきです');
  await demo.seesArrived('よしこ', 'お返事を受け取りました。');
  await demo.seesEvent('よしこさんからお返事がありました');
  await demo.seesStep(1, STEPS[0]);
  for (const name of MANAGERS) await demo.seesArrived(name, 'お返事がありません', 0);
  await shot(demo.page, 'story-answered-at-once');
  await closeQuietly(demo.page);
});
