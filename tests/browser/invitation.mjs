// Gets a working invitation out of a running demonstration, as somebody would by chat: よしこ asks
// for one, and the text that arrives on her phone holds the address of its page and the code.

import assert from 'node:assert/strict';
import { until } from './until.mjs';

/** Resolves with `{ path, code }`, such as `/i/K7M42QXY` and `K7M4-2QXY`. */
export async function invitation(url) {
  const state = async () => (await fetch(`${url}/demo/state?after=0`)).json();
  const act = async (body) => {
    const answer = await fetch(`${url}/demo/act`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    assert.ok((await answer.json()).ok, `refused: ${JSON.stringify(body)}`);
  };
  const { phones: [{ id: phone }], seq } = await state();
  const arrived = (what, find) => until(what, async () => {
    const { phones: [{ items }] } = await state();
    return items.filter((item) => item.seq > seq && item.from === 'bot').findLast(find) ?? false;
  });
  await act({ do: 'say', phone, text: '招待' });
  const choice = await arrived('the choice of an invitation', ({ message }) => message.altText === 'どなたを招待しますか？');
  await act({ do: 'press', phone, message: choice.id, index: 0 });
  const { message: { text } } = await arrived('the invitation', ({ message }) => message.text?.includes('/i/'));
  return { path: /\/i\/\w+/.exec(text)[0], code: /招待コード (\w{4}-\w{4})/.exec(text)[1] };
}
