// Small helpers shared by every part of the demonstration page:
// building elements (text nodes only, never markup from data), icons, Japanese dates and times.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/** Builds an element. `props` are attributes; `on…` are listeners; children are nodes or plain text. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An icon of the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Writes text only when it changed, so that the page stays quiet for assistive technology. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttr(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** 「よしこ」→「よしこさん」, but never 「よしこさんさん」. */
export const withSan = (name) => (/(さん|様|さま|先生)$/.test(name) ? name : `${name}さん`);

// ---- dates ----

let zone = 'Asia/Tokyo';
let formatter = null;

export function setZone(name) {
  if (name === zone && formatter) return;
  const make = (timeZone) => new Intl.DateTimeFormat('ja-JP', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    weekday: 'short', hour: 'numeric', minute: 'numeric',
  });
  zone = name;
  try { formatter = make(name); } catch { formatter = make('Asia/Tokyo'); }
}

function parts(ms) {
  if (!formatter) setZone(zone);
  const found = {};
  for (const part of formatter.formatToParts(ms)) found[part.type] = part.value;
  return { month: found.month, day: found.day, week: found.weekday, hour: Number(found.hour) % 24, minute: Number(found.minute) };
}

export const hourOf = (ms) => parts(ms).hour;

/** 11月22日（日） */
export function dayLabel(ms) {
  const p = parts(ms);
  return `${p.month}月${p.day}日（${p.week}）`;
}

/** 午前9時, 午前9時5分 or 正午; `fixed` always writes two digits of minutes (for the running clock). */
export function timeLabel(ms, fixed = false) {
  const p = parts(ms);
  const half = p.hour < 12 ? '午前' : '午後';
  if (!fixed && p.hour === 12 && p.minute === 0) return '正午';
  if (fixed) return `${half}${p.hour % 12}時${String(p.minute).padStart(2, '0')}分`;
  return `${half}${p.hour % 12}時${p.minute ? `${p.minute}分` : ''}`;
}

/** 9:05, beside a message. */
export function shortTime(ms) {
  const p = parts(ms);
  return `${p.hour}:${String(p.minute).padStart(2, '0')}`;
}

/** あと23時間 */
export function untilLabel(ms) {
  const minutes = Math.max(0, Math.round(ms / 60000));
  if (minutes < 1) return 'もうすぐ';
  if (minutes < 60) return `あと${minutes}分`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `あと${hours}時間` : `あと${Math.round(hours / 24)}日`;
}
