// Turns one item of a chat (any LINE message type) into a row of the chat,
// and gives the short text that is read aloud for it.

import { el, icon, shortTime } from './dom.js';
import { actionElement, drawFlex, picture } from './flex.js';

const STICKERS = ['😊', '🌸', '🍵', '🐶', '👍', '🌞'];
const WEB = /(https?:\/\/[^\s<>"'「」『』（）、。]+|tel:[0-9+-]+)/g;

/** Text with line breaks kept (by CSS) and addresses made pressable. */
function linkedText(text, run) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(WEB)) {
    pieces.push(text.slice(from, match.index));
    pieces.push(actionElement({ type: 'uri', uri: match[0] }, run, 'text-link', match[0]));
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return pieces.filter((piece) => piece !== '');
}

/** Plain text of a text or textV2 message; mentions are written as @name. */
function plainText(message, nameOf) {
  const text = String(message.text ?? '');
  if (message.type !== 'textV2') return text;
  const filled = text.replace(/\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}/g, (whole, key) => {
    if (whole === '{{') return '{';
    if (whole === '}}') return '}';
    const part = message.substitution?.[key];
    if (part?.type === 'mention') return part.mentionee?.type === 'all' ? '@みなさん' : `@${nameOf(part.mentionee?.userId) ?? 'メンバー'}`;
    return part?.type === 'emoji' ? '🙂' : '';
  });
  return filled;
}

/** What is read aloud, and shown nowhere. */
export function summary(message, nameOf) {
  const named = { sticker: 'スタンプ', image: '写真', video: '動画', audio: '声', location: '場所' }[message.type];
  const text = named ?? (['text', 'textV2'].includes(message.type) ? plainText(message, nameOf) : message.altText) ?? 'メッセージ';
  return text.length > 70 ? `${text.slice(0, 70)}…` : text;
}

function drawSticker(message) {
  const number = Number(message.stickerId) || 0;
  const face = STICKERS[number % STICKERS.length];
  return el('div', { class: 'sticker', role: 'img', 'aria-label': 'スタンプ' }, el('span', { 'aria-hidden': 'true' }, face));
}

/** A photo: the real one when it is ours, else a little landscape drawn in CSS. */
function drawPhoto(message) {
  const url = message.previewImageUrl ?? message.originalContentUrl;
  if (url) return picture(url, '写真', 'photo');
  return el('div', { class: 'photo photo-drawn', role: 'img', 'aria-label': '写真' }, el('i'), el('i'), el('i'));
}

function drawTemplate(message, run) {
  const template = message.template ?? {};
  const card = (part, actions) => el('div', { class: 'fx-bubble tp-card' },
    part.title ? el('p', { class: 'tp-title' }, part.title) : null,
    el('p', { class: 'tp-text' }, part.text ?? message.altText ?? ''),
    el('div', { class: 'tp-buttons' }, ...actions.map((action) => actionElement(action, run, 'fx-button fx-link', el('span', {}, action.label ?? '開く')))));
  const columns = template.columns ?? [template];
  return el('div', { class: 'tp' }, ...columns.map((column) => card(column, column.actions ?? [])));
}

/** A message we cannot draw must not stop the page. */
function drawBody(message, run, nameOf) {
  try {
    return drawKind(message, run, nameOf);
  } catch (problem) {
    console.error(problem);
    return el('div', { class: 'bubble' }, message.altText ?? '（ここでは表示できません）');
  }
}

function drawKind(message, run, nameOf) {
  switch (message.type) {
    case 'text':
    case 'textV2': return el('div', { class: 'bubble' }, ...linkedText(plainText(message, nameOf), run));
    case 'flex': return drawFlex(message.contents, run);
    case 'template': return drawTemplate(message, run);
    case 'sticker': return drawSticker(message);
    case 'image': return drawPhoto(message);
    case 'video': return el('div', { class: 'bubble bubble-kind' }, icon('play'), '動画');
    case 'audio': return el('div', { class: 'bubble bubble-kind' }, icon('bell'), '声のメッセージ');
    case 'location': return el('div', { class: 'bubble' }, `場所：${message.title ?? message.address ?? ''}`);
    default: return el('div', { class: 'bubble' }, message.altText ?? '（ここでは表示できません）');
  }
}

/** One row of the chat. */
export function drawItem(item, run, nameOf) {
  const message = item.message ?? {};
  if (item.from === 'note') {
    return el('li', { class: 'row row-note' }, el('p', { class: 'note' }, summary(message, nameOf)));
  }
  const mine = item.from === 'me';
  const wide = message.type === 'flex' || message.type === 'template';
  const stamp = el('time', { class: 'stamp', datetime: new Date(item.at_ms).toISOString() }, shortTime(item.at_ms));
  const who = el('span', { class: 'sr' }, mine ? '自分：' : '届いた：');
  const row = el('li', { class: `row ${mine ? 'row-me' : 'row-bot'}${wide ? ' row-wide' : ''}` }, who);
  if (!mine && message.sender?.name) row.append(el('p', { class: 'sender' }, message.sender.name));
  row.append(drawBody(message, run, nameOf), stamp);
  return row;
}

/** Quick replies: chips under the newest message only. */
export function drawQuickReplies(message, run) {
  const items = message?.quickReply?.items ?? [];
  if (!items.length) return null;
  return el('li', { class: 'quick' }, ...items.map((item) => actionElement(item.action, run, 'chip', item.action?.label ?? '')));
}
