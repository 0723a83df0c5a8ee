// Everything around the phones: the clock bar, the story with its steps and hint,
// and the list of what happened and why.

import { byId, dayLabel, el, hourOf, icon, setAttr, setText, setZone, shortTime, timeLabel, untilLabel } from './dom.js';

// ---- clock bar ----

export class Clock {
  constructor(act) {
    this.state = null;
    this.got = 0;
    byId('next').addEventListener('click', () => { if (this.state?.next) act({ do: 'next' }); });
    for (const radio of document.querySelectorAll('input[name="speed"]')) {
      radio.addEventListener('change', () => act({ do: 'speed', value: Number(radio.value) }));
    }
    setInterval(() => this.tick(), 200);
  }

  update(state) {
    setZone(state.zone || 'Asia/Tokyo');
    this.state = state;
    this.got = performance.now();
    if (state.settled) for (const radio of document.querySelectorAll('input[name="speed"]')) radio.checked = Number(radio.value) === state.speed;
    this.tick();
  }

  /** Between two answers of the server the clock runs on by itself, but never past the next event. */
  tick() {
    if (!this.state) return;
    const { now_ms: now, speed, next } = this.state;
    const passed = Math.min(performance.now() - this.got, 1200) * (speed || 0);
    const limit = next && next.at_ms > now ? next.at_ms : Infinity;
    const shown = Math.min(now + passed, limit);
    const hour = hourOf(shown);
    setText(byId('now-day'), dayLabel(shown));
    setText(byId('now-time'), timeLabel(shown, true));
    setAttr(byId('now-icon'), 'href', hour >= 6 && hour < 18 ? '#i-sun' : '#i-moon');
    this.showNext(shown);
  }

  showNext(shown) {
    const { next } = this.state;
    const day = next && dayLabel(next.at_ms) === dayLabel(shown) ? 'きょう' : next && dayLabel(next.at_ms);
    const words = next ? next.what : 'いまは、予定がありません';
    setText(byId('next-when'), next ? untilLabel(next.at_ms - shown) : '');
    setText(byId('next-date'), next ? `${day} ${timeLabel(next.at_ms)}` : '');
    setText(byId('next-what'), words);
    setAttr(byId('next'), 'aria-disabled', String(!next));
    setAttr(byId('next'), 'title', words);
  }
}

// ---- story ----

export class Story {
  constructor(act) {
    this.playing = false;
    this.over = false;
    this.key = '';
    // At its end the story goes back to the beginning; the server calls that "no further step".
    const onward = () => act({ do: 'story_next' }, { quiet: this.over });
    byId('story-play').addEventListener('click', async () => {
      if (this.over && !this.playing) await onward();
      act({ do: 'story', play: !this.playing });
    });
    byId('story-next').addEventListener('click', onward);
  }

  update(story) {
    const steps = story?.steps ?? [];
    const step = story?.step ?? -1;
    this.playing = Boolean(story?.playing);
    this.over = steps.length > 0 && step >= steps.length - 1;
    setText(byId('story-word'), this.playing ? 'お話を止める' : this.over ? 'もう一度見る' : 'お話を見る');
    setText(byId('story-next'), this.over ? 'はじめに戻る' : 'ひとつ進む');
    setAttr(byId('story-icon'), 'href', this.playing ? '#i-stop' : '#i-play');
    byId('steps').hidden = steps.length === 0;
    const key = JSON.stringify([step, steps]);
    if (key === this.key) return;
    this.key = key;
    this.showSteps(steps, step);
    this.showHint(steps, step);
  }

  showSteps(steps, now) {
    byId('step-list').replaceChildren(...steps.map((step, index) => {
      const place = index < now ? 'is-done' : index === now ? 'is-now' : '';
      return el('li', { class: `step ${place}`, title: step.title, 'aria-current': index === now ? 'step' : null },
        el('span', { class: 'step-number' }, index < now ? icon('check') : String(index + 1), index < now ? el('span', { class: 'sr' }, 'おわり：') : null),
        el('span', { class: 'step-title' }, step.title));
    }));
  }

  showHint(steps, now) {
    const current = steps[now];
    const over = steps.length > 0 && now >= steps.length;
    setText(byId('hint-count'), current ? `お話 ${now + 1} / ${steps.length}` : 'お話');
    setText(byId('hint-title'), current?.title ?? (over ? 'お話はおわりです' : 'ようこそ'));
    setText(byId('hint-text'), current?.text ?? (over
      ? '自由に押してみてください。'
      : '「お話を見る」を押すと、はじめから終わりまで見られます。自分で押してもだいじょうぶです。'));
  }
}

// ---- what happened ----

const KINDS = {
  ask: ['質問', 'ask'], answer: ['返事', 'smile'], resend: ['もう一度', 'again'], alert: ['お知らせ', 'alert'],
  claim: ['対応', 'hand'], clear: ['無事', 'heart'], join: ['参加', 'plus'], trouble: ['困りごと', 'alert'],
  trial: ['ためし', 'plug'], clock: ['時計', 'clock'], info: ['メモ', 'note'],
};
const KEEP_ENTRIES = 300;

export class Timeline {
  constructor() {
    this.list = byId('log-list');
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.day = '';
    this.heading = null;
    this.started = false;
    byId('log-empty').hidden = false;
  }

  /** Newest on top, under a heading for each day. */
  add(entries) {
    for (const entry of entries) this.addOne(entry);
    while (this.list.children.length > KEEP_ENTRIES) this.list.lastChild.remove();
    if (entries.length) byId('log-empty').hidden = true;
    this.started = true;
  }

  addOne(entry) {
    const day = dayLabel(entry.at_ms);
    if (day !== this.day) {
      this.heading = el('li', { class: 'log-day' }, day);
      this.list.prepend(this.heading);
      this.day = day;
    }
    const kind = Object.hasOwn(KINDS, entry.kind) ? entry.kind : 'info';
    const [word, symbol] = KINDS[kind];
    this.heading.after(el('li', { class: `event kind-${kind}${this.started ? ' is-new' : ''}` },
      el('p', { class: 'event-head' }, el('span', { class: 'tag' }, icon(symbol), word),
        el('time', { datetime: new Date(entry.at_ms).toISOString() }, shortTime(entry.at_ms))),
      el('p', { class: 'event-text' }, entry.text ?? ''),
      entry.why ? el('p', { class: 'event-why' }, entry.why) : null));
  }
}
