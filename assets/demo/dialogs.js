// The page's small windows (choosing a phone, telephone, date, new phone), the short notices,
// and what happens when somebody presses an action of a message.

import { byId, el, withSan } from './dom.js';

// ---- one window for everything ----

/** Opens the window. `buttons` = [{ word, main, value }]. Resolves with the value, or null when closed. */
function ask(title, body, buttons) {
  const dialog = byId('dialog');
  byId('dialog-title').textContent = title;
  byId('dialog-body').replaceChildren(...body);
  byId('dialog-buttons').replaceChildren(...buttons.map((button) => el('button', {
    class: `btn${button.main ? ' btn-main' : ''}`, type: 'submit', value: button.value ?? '', formnovalidate: !button.main,
  }, button.word)));
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue || null), { once: true });
  });
}

let toastTimer = 0;

/** A short notice at the bottom; leaves by itself. */
export function toast(text) {
  const node = byId('toast');
  node.textContent = text;
  node.classList.add('is-shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => node.classList.remove('is-shown'), 6000);
}

function field(label, help, input) {
  return el('label', { class: 'field' }, el('b', {}, label), help ? el('small', {}, help) : null, input);
}

/** Asks for the name of a new phone's owner. */
export async function askName() {
  const input = el('input', { type: 'text', maxlength: '20', required: true, autocomplete: 'off', autofocus: true });
  const answer = await ask('スマホをふやします', [field('名前（呼び名）', '例：さちこ', input)],
    [{ word: 'ふやす', main: true, value: 'yes' }, { word: 'やめる' }]);
  return answer && input.value.trim() ? input.value.trim() : null;
}

export async function askBlock(name) {
  const answer = await ask(`${withSan(name)}がブロックします`, [el('p', {}, 'このスマホに、メッセージが届かなくなります。あとで、もとに戻せます。')],
    [{ word: 'ブロックする', main: true, value: 'yes' }, { word: 'やめる' }]);
  return answer === 'yes';
}

/** Shows the phones as buttons; resolves with the id of the chosen one. */
function askPhone(title, help, phones) {
  const choice = (phone) => el('button', { class: 'pick', type: 'submit', value: phone.id },
    el('span', { class: 'avatar', 'aria-hidden': 'true' }, phone.name.slice(0, 1)),
    el('span', {}, el('b', {}, `${withSan(phone.name)}のスマホ`), el('small', {}, phone.role ?? '')));
  return ask(title, [el('p', {}, help), el('div', { class: 'picks' }, ...phones.map(choice))], [{ word: 'やめる' }]);
}

const tell = (title, text) => ask(title, [el('p', {}, text)], [{ word: 'とじる', main: true }]);

async function askDate(action) {
  const type = { date: 'date', time: 'time', datetime: 'datetime-local' }[action.mode] ?? 'date';
  const input = el('input', { type, required: true, min: action.min, max: action.max });
  input.value = action.initial ?? '';
  const answer = await ask(action.label || '日をえらびます', [field(type === 'time' ? '時刻' : '日', null, input)],
    [{ word: '決める', main: true, value: 'yes' }, { word: 'やめる' }]);
  return answer && input.value ? input.value : null;
}

// ---- actions ----

async function openUri(uri, page) {
  const prefilled = /^https:\/\/line\.me\/R\/oaMessage\/[^/?]*\/?\?(.*)$/i.exec(uri);
  if (prefilled) return openPrefilled(prefilled[1], page);
  if (/^https:\/\/line\.me\/R\/ti\/p\//i.test(uri)) {
    const id = await askPhone('どのスマホで開きますか', 'えらんだスマホが、友だち追加をします。', page.phones());
    if (id) page.act({ do: 'friend', phone: id });
    return undefined;
  }
  if (/^tel:/i.test(uri)) return tell('電話', `${uri.slice(4)} に電話をかけます（練習なので、かかりません）`);
  if (/^https?:/i.test(uri)) window.open(uri, '_blank', 'noopener,noreferrer');
  return undefined;
}

async function openPrefilled(query, page) {
  let text = query;
  try { text = decodeURIComponent(query); } catch { /* shown as it came */ }
  const id = await askPhone('どのスマホで開きますか', `えらんだスマホに「${text}」と入ります。まだ送りません。`, page.phones());
  if (id) page.fill(id, text);
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('コピーしました。');
  } catch { tell('コピー', text); }
}

/** Someone pressed action `index` of a message on a phone. `page` = { act, fill, phones }. */
export async function runAction(action, index, phoneId, messageId, page) {
  const press = { do: 'press', phone: phoneId, message: messageId, index };
  switch (action?.type) {
    case 'uri': return openUri(String(action.uri ?? ''), page);
    case 'clipboard': return copyText(String(action.clipboardText ?? ''));
    case 'camera':
    case 'cameraRoll': return page.act({ do: 'photo', phone: phoneId });
    case 'datetimepicker': {
      const value = await askDate(action);
      return value ? page.act({ ...press, value }) : undefined;
    }
    default: {
      const ok = await page.act(press);
      if (ok && action?.fillInText) page.fill(phoneId, action.fillInText);
      return undefined;
    }
  }
}
