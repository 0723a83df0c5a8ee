// Draws LINE Flex messages (bubble, carousel, box, text, span, button, image, icon, separator, filler)
// as ordinary elements. Also numbers the actions of a message, in the order the server counts them.

import { el, icon } from './dom.js';

const GAP = { none: '0px', xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '16px', xxl: '20px' };
const FONT = { xxs: '.75rem', xs: '.8125rem', sm: '.875rem', md: '1rem', lg: '1.1875rem', xl: '1.375rem', xxl: '1.75rem', '3xl': '2.125rem', '4xl': '2.75rem', '5xl': '3.5rem' };
const IMAGE = { xxs: '40px', xs: '60px', sm: '80px', md: '100px', lg: '120px', xl: '140px', xxl: '160px', '3xl': '180px', '4xl': '200px', '5xl': '220px', full: '100%' };
const BORDER = { none: '0px', light: '1px', normal: '1px', 'semi-bold': '2px', medium: '3px', bold: '4px' };
const BUBBLE = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const PLACE = { top: 'flex-start', center: 'center', bottom: 'flex-end' };
const SPREAD = ['flex-start', 'center', 'flex-end', 'space-between', 'space-around', 'space-evenly'];

const list = (value) => (Array.isArray(value) ? value : []);
const colour = (value) => (/^#[0-9a-f]{3,8}$/i.test(value ?? '') ? value : null);

function length(value, table = {}) {
  if (typeof value !== 'string') return null;
  if (Object.hasOwn(table, value)) return table[value];
  return /^-?\d+(\.\d+)?(px|%)$/.test(value) ? value : null;
}

function style(node, values) {
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined) node.style[name] = value;
}

// ---- actions ----

/** All actions of a message in the agreed order; an action's place in the list is its number. */
export function actionsOf(message) {
  const found = [];
  const walk = (part) => {
    if (!part || typeof part !== 'object') return;
    if (part.action) found.push(part.action);
    list(part.contents).forEach(walk);
  };
  const walkBubble = (bubble) => [bubble.header, bubble.hero, bubble.body, bubble.footer].forEach(walk);
  if (message.type === 'flex' && message.contents) {
    if (message.contents.type === 'carousel') list(message.contents.contents).forEach(walkBubble);
    else walkBubble(message.contents);
  }
  if (message.type === 'template' && message.template) {
    found.push(...list(message.template.actions));
    list(message.template.columns).forEach((column) => found.push(...list(column.actions)));
  }
  list(message.quickReply?.items).forEach((item) => found.push(item.action));
  return found;
}

/** A link for a web address, a button for everything else. `run(action)` does the rest. */
export function actionElement(action, run, className, ...children) {
  const web = action.type === 'uri' && /^https?:/i.test(action.uri ?? '') && !/^https:\/\/line\.me\/R\//i.test(action.uri);
  if (web) return el('a', { class: className, href: action.uri, target: '_blank', rel: 'noopener noreferrer' }, ...children);
  return el('button', { class: className, type: 'button', onclick: () => run(action) }, ...children);
}

/** Makes a whole box or picture pressable with a real button laid over it. */
function addHit(node, action, run) {
  const label = action.label || node.textContent.trim().slice(0, 60) || '開く';
  const hit = actionElement(action, run, 'fx-hit');
  hit.setAttribute('aria-label', label);
  node.classList.add('fx-pressable');
  node.prepend(hit);
}

// ---- parts ----

function drawText(part, run) {
  const pressable = Boolean(part.action);
  const node = pressable ? actionElement(part.action, run, 'fx-text fx-press-text') : el('p', { class: 'fx-text' });
  const spans = list(part.contents);
  if (spans.length) spans.forEach((span) => node.append(paintText(el('span', {}, String(span.text ?? '')), span)));
  else node.append(String(part.text ?? ''));
  paintText(node, part);
  if (!part.wrap) node.classList.add('fx-nowrap');
  if (part.maxLines > 0 && part.wrap) {
    node.classList.add('fx-lines');
    node.style.webkitLineClamp = String(part.maxLines);
  }
  const lineSpacing = length(part.lineSpacing);
  if (lineSpacing) node.style.lineHeight = `calc(1.35em + ${lineSpacing})`;
  return node;
}

function paintText(node, part) {
  style(node, {
    fontSize: length(part.size, FONT),
    color: colour(part.color),
    fontWeight: part.weight === 'bold' ? '700' : null,
    fontStyle: part.style === 'italic' ? 'italic' : null,
    textDecoration: { underline: 'underline', 'line-through': 'line-through' }[part.decoration] ?? null,
    textAlign: { start: 'left', center: 'center', end: 'right' }[part.align] ?? null,
  });
  return node;
}

function drawButton(part, run) {
  const kind = ['primary', 'secondary'].includes(part.style) ? part.style : 'link';
  const action = part.action ?? {};
  const node = actionElement(action, run, `fx-button fx-${kind}`, el('span', {}, action.label || '開く'));
  if (part.height === 'sm') node.classList.add('fx-short');
  if (kind === 'link') style(node, { color: colour(part.color) });
  else style(node, { backgroundColor: colour(part.color) });
  return node;
}

function aspect(part) {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(part.aspectRatio ?? '');
  return match ? `${match[1]} / ${match[2]}` : '1 / 1';
}

/** A picture from our own server; anything else (or a broken one) becomes a quiet drawing. */
export function picture(url, alt, className) {
  const frame = el('span', { class: `picture ${className ?? ''}` });
  const drawing = () => { frame.classList.add('is-drawn'); frame.replaceChildren(icon('photo'), el('span', { class: 'sr' }, alt)); };
  let own = null;
  try { own = new URL(url, location.href); } catch { /* drawn below */ }
  if (own && (own.origin === location.origin || own.protocol === 'data:')) {
    frame.append(el('img', { src: own.href, alt, loading: 'lazy', onerror: drawing }));
  } else drawing();
  return frame;
}

function drawImage(part, run, hero) {
  const node = picture(part.url, '', `fx-image${part.aspectMode === 'cover' ? ' fx-cover' : ''}`);
  style(node, {
    width: hero ? '100%' : length(part.size ?? 'md', IMAGE),
    aspectRatio: aspect(part),
    backgroundColor: colour(part.backgroundColor),
    alignSelf: { start: 'flex-start', center: 'center', end: 'flex-end' }[part.align ?? 'center'],
  });
  if (part.action) addHit(node, part.action, run);
  return node;
}

function drawBox(part, run) {
  const layout = ['horizontal', 'baseline'].includes(part.layout) ? part.layout : 'vertical';
  const node = el('div', { class: `fx-box fx-${layout}` });
  const gradient = part.background?.type === 'linearGradient' ? part.background : null;
  style(node, {
    backgroundColor: colour(part.backgroundColor),
    borderRadius: length(part.cornerRadius, GAP),
    borderWidth: length(part.borderWidth, BORDER),
    borderColor: colour(part.borderColor),
    width: length(part.width), height: length(part.height),
    maxWidth: length(part.maxWidth), maxHeight: length(part.maxHeight),
    padding: length(part.paddingAll, GAP),
    justifyContent: SPREAD.includes(part.justifyContent) ? part.justifyContent : null,
    alignItems: SPREAD.includes(part.alignItems) ? part.alignItems : null,
  });
  if (gradient && colour(gradient.startColor) && colour(gradient.endColor)) {
    const angle = /^\d+(\.\d+)?deg$/.test(gradient.angle ?? '') ? gradient.angle : '0deg';
    node.style.backgroundImage = `linear-gradient(${angle}, ${gradient.startColor}, ${gradient.endColor})`;
  }
  style(node, {
    paddingTop: length(part.paddingTop, GAP), paddingBottom: length(part.paddingBottom, GAP),
    paddingLeft: length(part.paddingStart, GAP), paddingRight: length(part.paddingEnd, GAP),
  });
  if ((part.borderWidth || part.borderColor) && part.borderWidth !== 'none') {
    node.style.borderStyle = 'solid';
    if (!part.borderWidth) node.style.borderWidth = '1px';
  }
  list(part.contents).forEach((child, index) => node.append(placeChild(drawPart(child, run), child, part, layout, index)));
  if (part.action) addHit(node, part.action, run);
  return node;
}

/** Space before, share of the width, and position of one child inside its box. */
function placeChild(node, child, parent, layout, index) {
  const across = layout !== 'vertical';
  const gap = index === 0 ? null : length(child.margin ?? parent.spacing, GAP);
  if (gap) node.style[across ? 'marginLeft' : 'marginTop'] = gap;
  const fixed = child.type === 'icon' || child.type === 'separator' || (child.type === 'box' && child.width);
  const share = Number.isFinite(child.flex) ? child.flex : (across && !fixed ? 1 : 0);
  if (share > 0) node.style.flex = across ? `${share} ${share} 0px` : `${share} 0 auto`;
  else node.style.flex = across && child.type === 'text' ? '0 1 auto' : '0 0 auto';
  if (across && child.gravity) node.style.alignSelf = PLACE[child.gravity] ?? '';
  if (child.position === 'absolute') node.style.position = 'absolute';
  style(node, {
    top: length(child.offsetTop, GAP), bottom: length(child.offsetBottom, GAP),
    left: length(child.offsetStart, GAP), right: length(child.offsetEnd, GAP),
  });
  return node;
}

function drawSeparator(part) {
  const node = el('div', { class: 'fx-separator' });
  style(node, { backgroundColor: colour(part.color) });
  return node;
}

function drawPart(part, run) {
  switch (part?.type) {
    case 'box': return drawBox(part, run);
    case 'text': return drawText(part, run);
    case 'button': return drawButton(part, run);
    case 'image': return drawImage(part, run, false);
    case 'icon': return picture(part.url, '', 'fx-icon');
    case 'separator': return drawSeparator(part);
    case 'video': return picture(part.previewUrl, '動画', 'fx-image');
    default: return el('span', { class: part?.type === 'filler' ? 'fx-filler' : 'fx-empty' });
  }
}

function drawBlock(bubble, name, run) {
  const part = bubble[name];
  if (!part) return null;
  const look = bubble.styles?.[name] ?? {};
  const block = el('div', { class: `fx-block fx-${name}` });
  style(block, { backgroundColor: colour(look.backgroundColor) });
  if (look.separator) block.append(drawSeparator({ color: look.separatorColor }));
  const content = name === 'hero' && part.type === 'image' ? drawImage(part, run, true) : drawPart(part, run);
  block.append(content);
  return block;
}

function drawBubble(bubble, run) {
  const node = el('div', { class: 'fx-bubble' });
  node.style.width = `${BUBBLE[bubble.size] ?? BUBBLE.mega}px`;
  node.append(...['header', 'hero', 'body', 'footer'].map((name) => drawBlock(bubble, name, run)).filter(Boolean));
  return node;
}

function drawCarousel(carousel, run) {
  const bubbles = list(carousel.contents).map((bubble) => drawBubble(bubble, run));
  const track = el('div', { class: 'fx-track', tabindex: '0', role: 'group', 'aria-label': `カード${bubbles.length}枚。横に動かせます` }, ...bubbles);
  const count = el('span', { class: 'fx-count' }, `1 / ${bubbles.length}`);
  const current = () => {
    if (track.scrollLeft + track.clientWidth >= track.scrollWidth - 4) return bubbles.length - 1;
    return Math.max(0, bubbles.findIndex((bubble) => bubble.offsetLeft + bubble.offsetWidth / 2 > track.scrollLeft));
  };
  const go = (step) => {
    const target = bubbles[Math.min(bubbles.length - 1, Math.max(0, current() + step))];
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    track.scrollTo({ left: target.offsetLeft, behavior: calm ? 'auto' : 'smooth' });
  };
  track.addEventListener('scroll', () => { count.textContent = `${current() + 1} / ${bubbles.length}`; }, { passive: true });
  const arrow = (name, label, step) => el('button', { type: 'button', class: 'fx-arrow', 'aria-label': label, onclick: () => go(step) }, icon(name));
  return el('div', { class: 'fx-carousel' }, track,
    bubbles.length > 1 ? el('div', { class: 'fx-arrows' }, arrow('left', '前のカード', -1), count, arrow('right', '次のカード', 1)) : null);
}

/** The body of a Flex message. `run(action)` is called when something in it is pressed. */
export function drawFlex(contents, run) {
  if (contents?.type === 'carousel') return drawCarousel(contents, run);
  return drawBubble(contents ?? {}, run);
}
