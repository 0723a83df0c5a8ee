// What LINE is to the server, as far as a day at the desk and the life of a group need it: takes messages, hands out
// names, and tells the server what people do. Knows nothing of how the server is built: buttons are pressed by what
// stands on them.

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SECRET } from './staff-server.mjs';
import { until } from './until.mjs';

const BOT = 'U8e742f61d673b39c7fff3cecb7536ef0';

/** Starts it; `names` are those of people by their id, `size` is how many are in a group. */
export async function startLine({ names = {}, size = 2 } = {}) {
  const line = { names, size, said: [] };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const [status, answer] = answerTo(line, request.method, request.url, body);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  line.url = `http://127.0.0.1:${server.address().port}`;
  line.stop = () => { server.closeAllConnections(); server.close(); };
  return line;
}

function answerTo(line, method, path, body) {
  if (path === '/oauth2/v3/token') {
    if (new URLSearchParams(body).get('client_secret') !== SECRET) return [400, { error: 'invalid_client' }];
    return [200, { access_token: 'token', token_type: 'Bearer', expires_in: 899 }];
  }
  if (path === '/v2/bot/channel/webhook/endpoint' && method === 'PUT') line.endpoint = JSON.parse(body).endpoint;
  if (path === '/v2/bot/channel/webhook/endpoint' && method === 'GET' && line.endpoint) return [200, { endpoint: line.endpoint, active: true }];
  if (path === '/v2/bot/user/all/richmenu' && line.menu) return [200, { richMenuId: 'richmenu-1' }];
  if (path === '/v2/bot/user/all/richmenu/richmenu-1') line.menu = true;
  if (path === '/v2/bot/info') {
    return [200, { userId: BOT, basicId: '@123abcde', displayName: 'みどり市', chatMode: 'bot', markAsReadMode: 'auto' }];
  }
  if (path === '/v2/bot/message/push' || path === '/v2/bot/message/reply') {
    const { to, replyToken, messages } = JSON.parse(body);
    line.said.push({ to: to ?? replyToken, messages });
    return [200, { sentMessages: messages.map((_, n) => ({ id: `${line.said.length}${n}` })) }];
  }
  if (path === '/v2/bot/channel/webhook/test') {
    return [200, { success: true, timestamp: new Date().toISOString(), statusCode: 200, reason: 'OK', detail: '200' }];
  }
  if (path === '/v2/bot/message/quota') return [200, { type: 'limited', value: 5000 }];
  if (path === '/v2/bot/message/quota/consumption') return [200, { totalUsage: 120 }];
  if (path.endsWith('/members/count')) return [200, { count: line.size }];
  const profile = /\/(?:profile|member)\/(U\w+)$/.exec(path);
  if (profile) return [200, { userId: profile[1], displayName: line.names[profile[1]] ?? 'だれか' }];
  if (path === '/v2/bot/richmenu/list') return [200, { richmenus: [] }];
  if (path === '/v2/bot/richmenu' && method === 'POST') return [200, { richMenuId: 'richmenu-1' }];
  return method === 'GET' ? [404, { message: 'Not found' }] : [200, {}];
}

/** Every button in some messages, with what it does. */
function buttons(messages) {
  const found = [];
  const look = (part) => {
    if (Array.isArray(part)) part.forEach(look);
    else if (part && typeof part === 'object') {
      if (part.type === 'postback' || part.type === 'uri') found.push(part);
      Object.values(part).forEach(look);
    }
  };
  look(messages);
  return found;
}

/** All words in some messages. */
export const wordsOf = (messages) => JSON.stringify(messages);

let events = 0;

/** Somebody who acts in a chat: their own, or that of a group. */
export class Chat {
  constructor(line, server, source) {
    this.line = line;
    this.server = server;
    this.source = source;
    this.to = source.groupId ?? source.userId;
  }

  /** Tells the server of an event; resolves with what it replied, if it did. */
  async tell(event) {
    const { now } = await (await fetch(`${this.server.url}/healthz`)).json();
    events += 1;
    const replyToken = `token-${events}`;
    const common = {
      mode: 'active',
      timestamp: Date.parse(now),
      source: this.source,
      webhookEventId: `01${String(events).padStart(24, '0')}`,
      deliveryContext: { isRedelivery: false },
    };
    const body = JSON.stringify({ destination: BOT, events: [{ ...common, replyToken, ...event }] });
    const signature = createHmac('sha256', SECRET).update(body).digest('base64');
    const headers = { 'content-type': 'application/json', 'x-line-signature': signature };
    const answer = await fetch(`${this.server.url}/line/webhook`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}`);
    return until(`an answer to ${JSON.stringify(event)}`, () => this.line.said.find(({ to }) => to === replyToken)?.messages ?? false);
  }

  join() { return this.tell({ type: 'join' }); }

  say(text) { return this.tell({ type: 'message', message: { type: 'text', id: '1', quoteToken: 'q', text } }); }

  /** Presses the button with these words in some messages. */
  press(messages, words) {
    const postbacks = buttons(messages).filter(({ type }) => type === 'postback');
    const button = postbacks.find(({ label }) => label === words) ?? postbacks.find(({ label }) => label.includes(words));
    if (!button) throw new Error(`no button ${words} in ${wordsOf(messages)}`);
    return this.tell({ type: 'postback', postback: { data: button.data } });
  }

  /** The address behind a link. */
  link(messages, words) {
    return buttons(messages).find(({ type, label }) => type === 'uri' && label.includes(words)).uri;
  }

  /** The newest message that was pushed here with these words in it. */
  pushed(words, timeout) {
    return until(`「${words}」`, () => this.line.said.filter(({ to }) => to === this.to)
      .map(({ messages }) => messages).findLast((messages) => wordsOf(messages).includes(words)) ?? false, timeout);
  }
}
