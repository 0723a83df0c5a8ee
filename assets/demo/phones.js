// The phones: one PhoneView per person (lock-screen line, chat, rich menu, text field)
// and the tabs that choose a phone on a small screen.

import { byId, dayLabel, el, icon, setAttr, setText, shortTime, withSan } from './dom.js';
import { actionsOf } from './flex.js';
import { drawItem, drawQuickReplies, summary } from './messages.js';
import { askBlock, runAction } from './dialogs.js';

const KEEP_ITEMS = 300;
const narrow = matchMedia('(max-width: 47.5em)');

class PhoneView {
  constructor(phone, page) {
    this.id = phone.id;
    this.page = page;
    this.unread = 0;
    this.stick = true;
    this.touchedAt = -Infinity;
    this.started = false;
    this.panel = 'menu';
    this.newest = null;
    this.day = '';
    this.build(phone);
  }

  // ---- building ----

  build(phone) {
    const field = `say-${this.id}`;
    this.avatar = el('span', { class: 'avatar', 'aria-hidden': 'true' });
    this.name = el('h2', { class: 'phone-name' });
    this.role = el('span', { class: 'role' });
    this.state = el('span', { class: 'state' });
    this.flag = el('span', { class: 'phone-flag', hidden: true }, 'いまはここ');
    this.notice = this.buildNotice();
    this.list = el('ol', { class: 'chat-list' }, el('li', { class: 'chat-empty' }, 'まだメッセージはありません。'));
    this.chat = el('div', { class: 'chat', tabindex: '0', role: 'group' }, this.list);
    this.jump = el('button', { type: 'button', class: 'jump', hidden: true, onclick: () => this.toEnd() }, icon('down'), '新しいメッセージ');
    this.input = el('input', { id: field, type: 'text', autocomplete: 'off', maxlength: '1000', placeholder: 'ここに書く' });
    this.inputLabel = el('label', { class: 'sr', for: field });
    this.menuButton = el('button', { type: 'button', class: 'tool', 'aria-label': 'メニュー', onclick: () => this.showPanel('menu') }, icon('menu'));
    this.moreButton = el('button', { type: 'button', class: 'tool', 'aria-label': 'スタンプ・写真・ブロック', onclick: () => this.showPanel('more') }, icon('plus'));
    this.composer = el('form', { class: 'composer', onsubmit: (event) => this.send(event) },
      this.menuButton, this.moreButton, this.inputLabel, this.input, el('button', { type: 'submit', class: 'send' }, '送る'));
    this.friendBar = el('div', { class: 'bar', hidden: true }, el('p', {}, 'まだ友だちではありません。'),
      el('button', { type: 'button', class: 'btn btn-main', onclick: () => this.act('friend') }, '友だち追加'));
    this.blockBar = el('div', { class: 'bar bar-block', hidden: true }, el('p', {}, 'ブロック中です。メッセージは届きません。'),
      el('button', { type: 'button', class: 'btn', onclick: () => this.act('unblock') }, 'ブロックをやめる'));
    this.menu = el('div', { class: 'menu', role: 'group' });
    this.more = this.buildMore();
    this.screen = el('div', { class: 'screen' },
      el('div', { class: 'phone-head' }, this.avatar, el('div', { class: 'phone-who' }, this.name, this.role), this.state, this.flag),
      this.notice, el('div', { class: 'chat-wrap' }, this.chat, this.jump),
      this.friendBar, this.blockBar, this.composer, this.menu, this.more);
    this.root = el('section', { class: 'phone', id: `phone-${this.id}` }, this.screen);
    this.watchScroll();
    this.update(phone);
    this.showPanel('menu', true);
  }

  buildNotice() {
    this.noticeTime = el('span', { class: 'notice-time' });
    this.noticeText = el('p', { class: 'notice-text' });
    this.noticeCard = el('div', { class: 'notice-card' }, icon('bell'), this.noticeText, this.noticeTime);
    return el('div', { class: 'notice', role: 'group' }, this.noticeCard);
  }

  buildMore() {
    const tool = (name, word, run, extra = '') => el('button', { type: 'button', class: `more-tool ${extra}`, onclick: run }, icon(name), word);
    return el('div', { class: 'more', hidden: true },
      tool('smile', 'スタンプ', () => this.act('sticker')),
      tool('photo', '写真', () => this.act('photo')),
      tool('block', 'ブロックする', async () => { if (await askBlock(this.data.name)) this.act('block'); }, 'more-block'));
  }

  // ---- what the server says ----

  update(phone) {
    this.data = phone;
    const owner = withSan(phone.name);
    setText(this.avatar, phone.name.slice(0, 1));
    setText(this.name, owner);
    setAttr(this.name, 'title', owner);
    setText(this.role, phone.role ?? '');
    this.role.hidden = !phone.role;
    this.root.classList.toggle('is-member', (phone.role ?? '').includes('見守られる'));
    setAttr(this.root, 'aria-label', `${owner}のスマホ`);
    setAttr(this.chat, 'aria-label', `${owner}のメッセージ`);
    setAttr(this.notice, 'aria-label', `${owner}の待ち受け画面に出るお知らせ`);
    setText(this.inputLabel, `${owner}が書く文`);
    this.updateState(phone);
    this.updateNotice(phone.notification);
    this.updateMenu(phone);
  }

  updateState(phone) {
    const blocked = Boolean(phone.blocked);
    setText(this.state, blocked ? 'ブロック中' : phone.friend ? '' : '友だちではない');
    this.state.hidden = !this.state.textContent;
    this.root.classList.toggle('is-blocked', blocked);
    this.blockBar.hidden = !blocked;
    this.friendBar.hidden = blocked || phone.friend;
    this.composer.hidden = blocked;
    this.applyPanel();
  }

  updateNotice(notification) {
    const seq = notification ? notification.seq : 0;
    if (this.noticeSeq === seq) return;
    const fresh = this.noticeSeq !== undefined && seq > 0;
    this.noticeSeq = seq;
    this.notice.classList.toggle('is-empty', !notification);
    setText(this.noticeText, notification ? notification.text : 'お知らせはありません');
    setText(this.noticeTime, notification ? shortTime(notification.at_ms) : '');
    if (!fresh) return;
    this.noticeCard.classList.remove('is-new');
    void this.noticeCard.offsetWidth; // lets the fade start again
    this.noticeCard.classList.add('is-new');
  }

  updateMenu(phone) {
    const key = JSON.stringify([phone.menu, phone.menu_image]);
    if (key === this.menuKey) return;
    this.menuKey = key;
    const areas = phone.menu ?? [];
    const stage = el('div', { class: `menu-stage${phone.menu_image ? ' has-image' : ''}` });
    if (phone.menu_image) stage.append(this.menuImage(phone.menu_image, stage));
    else stage.style.height = `${Math.max(1, new Set(areas.map((area) => area.y)).size) * 3.125}rem`;
    areas.forEach((area) => stage.append(this.menuArea(area)));
    setAttr(this.menu, 'aria-label', `${withSan(phone.name)}のメニュー`);
    this.menu.replaceChildren(stage);
    this.applyPanel();
  }

  menuImage(url, stage) {
    const fit = (event) => {
      const { naturalWidth, naturalHeight } = event.target;
      if (!naturalHeight) return;
      stage.style.aspectRatio = `${naturalWidth} / ${naturalHeight}`;
      stage.style.width = `min(100%, calc(var(--menu-max) * ${naturalWidth / naturalHeight}))`;
    };
    const broken = (event) => { stage.classList.remove('has-image'); event.target.remove(); };
    return el('img', { src: url, alt: '', onload: fit, onerror: broken });
  }

  menuArea(area) {
    const press = () => (area.uri
      ? runAction({ type: 'uri', uri: area.uri }, 0, this.id, null, this.page)
      : this.page.act({ do: 'menu', phone: this.id, index: area.index }));
    const button = el('button', { type: 'button', class: `menu-area${area.w > 0.9 ? ' is-wide' : ''}`, onclick: press }, el('span', {}, area.label));
    Object.assign(button.style, { left: `${area.x * 100}%`, top: `${area.y * 100}%`, width: `${area.w * 100}%`, height: `${area.h * 100}%` });
    return button;
  }

  /** Adds new messages; returns those that came from outside, for reading aloud. */
  addItems(items) {
    if (!items.length) return [];
    this.list.querySelector('.chat-empty')?.remove();
    this.quick?.remove();
    const atEnd = this.stick || items.some((item) => item.from === 'me');
    items.forEach((item) => this.addItem(item));
    while (this.list.children.length > KEEP_ITEMS) this.list.firstChild.remove();
    this.addQuickReplies();
    const arrived = this.started ? items.filter((item) => item.from === 'bot') : [];
    if (atEnd) this.toEnd();
    else if (arrived.length) this.jump.hidden = false;
    if (arrived.length) this.pulse();
    this.started = true;
    return arrived;
  }

  addItem(item) {
    const day = dayLabel(item.at_ms);
    if (day !== this.day) this.list.append(el('li', { class: 'row row-day' }, el('p', { class: 'day' }, day)));
    this.day = day;
    const row = drawItem(item, this.runner(item), this.page.nameOf);
    if (this.started) row.classList.add('is-new');
    this.list.append(row);
    if (item.from !== 'note') this.newest = item;
  }

  addQuickReplies() {
    this.quick = this.newest ? drawQuickReplies(this.newest.message, this.runner(this.newest)) : null;
    if (this.quick) this.list.append(this.quick);
  }

  /** Calls the right thing when an action of this message is pressed. */
  runner(item) {
    const actions = actionsOf(item.message ?? {});
    return (action) => runAction(action, actions.indexOf(action), this.id, item.id, this.page);
  }

  // ---- what the person at the page does ----

  act(what) { return this.page.act({ do: what, phone: this.id }); }

  async send(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) { this.input.focus(); return; }
    if (await this.page.act({ do: 'say', phone: this.id, text })) this.input.value = '';
  }

  fill(text) {
    this.input.value = text;
    this.root.scrollIntoView({ block: 'nearest', inline: 'center' });
    this.input.focus({ preventScroll: true });
    this.composer.classList.remove('is-filled');
    void this.composer.offsetWidth;
    this.composer.classList.add('is-filled');
  }

  showPanel(name, first = false) {
    this.panel = this.panel === name && !first ? 'none' : name;
    this.applyPanel();
  }

  applyPanel() {
    const blocked = Boolean(this.data?.blocked);
    const hasMenu = Boolean(this.data?.menu?.length);
    this.menu.hidden = blocked || !hasMenu || this.panel !== 'menu';
    this.more.hidden = blocked || this.panel !== 'more';
    this.menuButton.hidden = !hasMenu;
    setAttr(this.menuButton, 'aria-expanded', String(!this.menu.hidden));
    setAttr(this.moreButton, 'aria-expanded', String(!this.more.hidden));
  }

  // ---- scrolling and showing ----

  watchScroll() {
    const touched = () => { this.touchedAt = performance.now(); };
    for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown']) this.chat.addEventListener(kind, touched, { passive: true });
    this.chat.addEventListener('scroll', () => {
      const { scrollTop, scrollHeight, clientHeight } = this.chat;
      if (scrollHeight - scrollTop - clientHeight < 48) this.stick = true;
      else if (performance.now() - this.touchedAt < 2500) this.stick = false; // a person scrolled, not the layout
      if (this.stick) this.jump.hidden = true;
    }, { passive: true });
    const keep = () => { if (this.stick) this.toEnd(); };
    const observer = new ResizeObserver(keep);
    observer.observe(this.chat);
    observer.observe(this.list);
  }

  toEnd() {
    this.stick = true;
    this.jump.hidden = true;
    this.chat.scrollTop = this.chat.scrollHeight;
  }

  pulse() {
    this.root.classList.remove('is-ringing');
    void this.root.offsetWidth;
    this.root.classList.add('is-ringing');
  }
}

// ---- all phones ----

export class Phones {
  /** `page` = { act(body) → Promise<bool>, say(text) for the live region }. */
  constructor(page) {
    this.box = byId('phones');
    this.tabs = byId('tabs');
    this.add = byId('add');
    this.views = new Map();
    this.buttons = new Map();
    this.active = null;
    this.say = page.say;
    this.page = {
      act: page.act,
      phones: () => [...this.views.values()].map((view) => view.data),
      nameOf: (id) => this.views.get(id)?.data.name,
      fill: (id, text) => { this.choose(id); this.views.get(id)?.fill(text); },
    };
    narrow.addEventListener('change', () => this.choose(this.active));
  }

  clear() {
    for (const view of this.views.values()) view.root.remove();
    this.tabs.replaceChildren();
    this.views.clear();
    this.buttons.clear();
    this.active = null;
  }

  update(phones, first) {
    const present = new Set(phones.map((phone) => phone.id));
    for (const id of [...this.views.keys()]) if (!present.has(id)) this.remove(id);
    const fresh = phones.filter((phone) => !this.views.has(phone.id));
    fresh.forEach((phone) => this.create(phone));
    phones.forEach((phone) => this.updateOne(phone));
    document.body.classList.toggle('is-many', phones.length > 3);
    if (!this.views.has(this.active) && phones.length) this.choose(phones[0].id);
    if (!first && fresh.length) this.reveal(fresh[fresh.length - 1].id);
  }

  create(phone) {
    const view = new PhoneView(phone, this.page);
    this.views.set(phone.id, view);
    this.box.insertBefore(view.root, this.add);
    const dot = el('span', { class: 'tab-dot', hidden: true });
    const button = el('button', { type: 'button', class: 'tab', onclick: () => this.reveal(phone.id) }, el('span', { class: 'tab-name' }, withSan(phone.name)), dot);
    this.buttons.set(phone.id, { button, dot });
    this.tabs.append(button);
  }

  updateOne(phone) {
    const view = this.views.get(phone.id);
    view.update(phone);
    const arrived = view.addItems(phone.items ?? []);
    if (!arrived.length) return;
    const words = arrived.slice(-2).map((item) => summary(item.message ?? {}, this.page.nameOf)).join('。');
    this.say(`${withSan(phone.name)}のスマホに届きました。${words}`);
    if (narrow.matches && phone.id !== this.active) this.setUnread(phone.id, view.unread + arrived.length);
  }

  setUnread(id, count) {
    const view = this.views.get(id);
    const { dot } = this.buttons.get(id);
    view.unread = count;
    dot.hidden = count === 0;
    dot.replaceChildren(String(Math.min(count, 99)), el('span', { class: 'sr' }, '件 まだ見ていません'));
  }

  choose(id) {
    if (!this.views.has(id)) return;
    this.active = id;
    for (const [key, view] of this.views) {
      const on = key === id;
      view.root.classList.toggle('is-active', on);
      this.buttons.get(key).button.setAttribute('aria-current', String(on));
    }
    this.setUnread(id, 0);
    if (!narrow.matches) for (const key of this.views.keys()) this.setUnread(key, 0);
    if (this.views.get(id).stick) this.views.get(id).toEnd();
  }

  reveal(id) {
    this.choose(id);
    if (narrow.matches) this.views.get(id).root.scrollIntoView({ block: 'nearest' });
    this.box.scrollLeft = this.views.get(id).root.offsetLeft - this.box.offsetLeft - 4;
  }

  remove(id) {
    this.views.get(id).root.remove();
    this.buttons.get(id).button.remove();
    this.views.delete(id);
    this.buttons.delete(id);
  }

  /** Marks the phone on which the story goes on (null = none). */
  point(id) {
    for (const [key, view] of this.views) {
      view.flag.hidden = key !== id;
      view.root.classList.toggle('is-next', key === id);
    }
  }
}
