// The switches that break things on purpose: LINE, the month's messages, the server, and who blocks whom. The server
// says what there is, what it is called and whether it is on; this draws it and sends what was turned.

import { byId, el, setAttr, setText, withSan } from './dom.js';

/** One switch: a checkbox over its whole row, with the sentence that explains it below. */
class Switch {
  constructor(id, explanation, turn) {
    this.title = el('span', { class: 'switch-title' });
    this.input = el('input', { type: 'checkbox', role: 'switch', 'aria-describedby': `${id}-text`, onchange: () => turn(this.input.checked) });
    this.root = el('div', { class: 'switch', id },
      el('label', {}, this.input, this.title, el('span', { class: 'knob', 'aria-hidden': 'true' })),
      explanation ? el('p', { id: `${id}-text` }, explanation) : null);
  }

  /** `on` is undefined while the server may not have heard yet what was put. */
  update(title, on) {
    setText(this.title, title);
    if (on !== undefined && this.input.checked !== on) this.input.checked = on;
  }
}

/** How many messages the month has, and how many are used. */
class Quota {
  constructor(act, choices) {
    this.used = el('p', { class: 'quota-used' });
    this.radios = new Map();
    const choice = (limit) => {
      const radio = el('input', { type: 'radio', name: 'quota', onchange: () => act({ do: 'quota', value: limit }) });
      this.radios.set(limit, radio);
      return el('label', {}, radio, el('span', {}, el('b', {}, limit === null ? 'なし' : limit.toLocaleString('ja-JP'))));
    };
    this.root = el('div', { class: 'quota' }, this.used,
      el('fieldset', { class: 'segments' }, el('legend', {}, 'LINEの月の上限（通）'), ...choices.map(choice)));
  }

  update({ used, limit }, settled) {
    const words = limit === null ? '上限なし' : `上限 ${limit.toLocaleString('ja-JP')}通`;
    setText(this.used, `今月は ${used.toLocaleString('ja-JP')}通（${words}）`);
    if (settled) for (const [value, radio] of this.radios) radio.checked = value === limit;
  }
}

export class Trouble {
  constructor(act) {
    this.act = act;
    this.switches = new Map();
    this.blocks = new Map();
    byId('mend').addEventListener('click', () => act({ do: 'mend' }));
  }

  update(state) {
    if (!this.quota) this.build(state);
    const { faults, server, quota, settled } = state;
    const said = (on) => (settled ? on : undefined);
    for (const fault of faults) this.switches.get(fault.name).update(fault.title, said(fault.on));
    this.switches.get('server').update(server.title, said(!server.on));
    this.quota.update(quota, settled);
    byId('trouble-waiting').hidden = !state.waiting;
    setText(byId('trouble-waiting'), `送れずに待っているメッセージ：${state.waiting}通`);
    this.updateBlocks(state.phones ?? [], state.block.title, said);
    const on = faults.filter((fault) => fault.on && fault.trouble).map((fault) => fault.title);
    if (!server.on) on.unshift(server.title);
    setText(byId('trouble-now'), on.length > 1 ? `${on[0]} ほか${on.length - 1}つ` : on[0] ?? 'なし');
    byId('trouble').classList.toggle('is-on', on.length > 0);
    const mend = byId('mend');
    // Whoever stands on the button is not thrown off the page by its going.
    if (!on.length && document.activeElement === mend) byId('trouble-box').querySelector('summary').focus();
    mend.hidden = on.length === 0;
  }

  /** Outside first: LINE, its messages, the server and what LINE does meanwhile, the phones. */
  build({ faults, server, quota, block }) {
    this.quota = new Quota(this.act, quota.choices);
    const make = (name, text, turn) => {
      const made = new Switch(`switch-${name}`, text, turn);
      this.switches.set(name, made);
      return made.root;
    };
    const fault = ({ name, text }) => make(name, text, (on) => this.act({ do: 'fault', name, on }));
    const isFault = (wanted) => ({ trouble }) => trouble === wanted;
    this.blockList = el('div', { role: 'group', 'aria-labelledby': 'block-title', 'aria-describedby': 'block-text' },
      el('h3', { id: 'block-title' }, block.title), el('p', { id: 'block-text' }, block.text));
    byId('trouble-list').replaceChildren(
      ...faults.filter(isFault(true)).map(fault), this.quota.root,
      make('server', server.text, (on) => this.act({ do: 'server', on: !on })),
      ...faults.filter(isFault(false)).map(fault), this.blockList);
  }

  updateBlocks(phones, title, said) {
    for (const phone of phones) {
      if (!this.blocks.has(phone.id)) {
        const turn = (on) => this.act({ do: on ? 'block' : 'unblock', phone: phone.id });
        const made = new Switch(`block-${phone.id}`, null, turn);
        setAttr(made.input, 'aria-describedby', 'block-text');
        this.blocks.set(phone.id, made);
        this.blockList.append(made.root);
      }
      this.blocks.get(phone.id).update(`${withSan(phone.name)}が${title}`, said(Boolean(phone.blocked)));
    }
  }
}
