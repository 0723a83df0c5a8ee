// Entry of the demonstration page (`anshin demo`): asks the server for the state again and again,
// hands it to the clock, the story, the phones and the timeline, and sends back what was pressed.

import { byId } from './dom.js';
import { Clock, Story, Timeline } from './clock.js';
import { Phones } from './phones.js';
import { Trouble } from './trouble.js';
import { askName, toast } from './dialogs.js';

const POLL_VISIBLE = 400;
const POLL_HIDDEN = 3000;
const GIVE_UP = 6000;

let after = 0;
let run = null;
let first = true;
let failures = 0;
let timer = 0;
let polling = false;
let again = false;

// ---- talking to the server ----

const acts = { sent: 0, answered: 0 };

/** `settled`: no act was on its way meanwhile, so what this says of switches is what was last put there. */
async function getState() {
  const idle = acts.sent === acts.answered;
  const { sent } = acts;
  const state = await fetchState();
  return { ...state, settled: idle && sent === acts.sent };
}

async function fetchState() {
  const response = await fetch(`/demo/state?after=${after}`, { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP) });
  if (!response.ok) throw new DOMException(`HTTP ${response.status}`, 'NetworkError');
  return response.json();
}

/** Sends one act; shows the server's words when it says no, unless `quiet`. Resolves with true when it worked. */
async function act(body, { quiet = false } = {}) {
  acts.sent += 1;
  const answer = await post(body).catch(() => null);
  acts.answered += 1;
  poll();
  if (!answer) toast('送れませんでした。すこし待って、もう一度押してください。');
  else if (!answer.ok && !quiet) toast(answer.message || 'うまくいきませんでした。もう一度押してください。');
  return Boolean(answer?.ok);
}

async function post(body) {
  const response = await fetch('/demo/act', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(GIVE_UP),
  });
  return response.json();
}

// ---- parts of the page ----

const live = { lines: [], timer: 0 };

/** Collects what arrived for a moment, so that a screen reader says it in one go. */
function say(text) {
  live.lines.push(text);
  clearTimeout(live.timer);
  live.timer = setTimeout(() => {
    byId('live').textContent = live.lines.slice(-4).join('　');
    live.lines = [];
  }, 300);
}

const clock = new Clock(act);
const story = new Story(act);
const timeline = new Timeline();
const trouble = new Trouble(act);
const phones = new Phones({ act, say });

byId('add').addEventListener('click', async () => {
  const name = await askName();
  if (name) act({ do: 'add', name });
});

function banner(text) {
  const node = byId('banner');
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

// ---- one round ----

function startAnew() {
  after = 0;
  first = true;
  phones.clear();
  timeline.clear();
}

/** True when this state belongs to another run of the server than what the page shows. */
function restarted(state) {
  return after > 0 && (state.seq < after || (run !== null && state.run !== undefined && state.run !== run));
}

function apply(state) {
  const partial = restarted(state) && state.seq >= after;
  if (restarted(state)) startAnew();
  run = state.run ?? null;
  if (partial) { again = true; return; }
  const fresh = first;
  after = state.seq;
  first = false;
  clock.update(state);
  story.update(state.story);
  trouble.update(state);
  phones.update(state.phones ?? [], fresh);
  const { steps = [], step = 0 } = state.story ?? {};
  phones.point(step < steps.length - 1 ? steps[step].phone : null); // the last step is nobody's turn
  timeline.add(state.timeline ?? []);
}

async function poll() {
  if (polling) { again = true; return; }
  polling = true;
  clearTimeout(timer);
  do {
    again = false;
    try {
      const state = await getState();
      apply(state);
      failures = 0;
      banner('');
    } catch (problem) {
      failures += 1;
      if (!(problem instanceof TypeError || problem instanceof DOMException)) console.error(problem);
      if (failures >= 2) banner('つながるのを待っています。そのままお待ちください。');
    }
  } while (again);
  polling = false;
  timer = setTimeout(poll, document.hidden ? POLL_HIDDEN : POLL_VISIBLE * Math.min(5, 1 + failures));
}

/** The tabs stick below the clock bar, whose height depends on its words. */
new ResizeObserver(([entry]) => {
  document.documentElement.style.setProperty('--clock', `${Math.ceil(entry.target.offsetHeight)}px`);
}).observe(document.querySelector('.clock'));

document.addEventListener('visibilitychange', () => { if (!document.hidden) poll(); });
poll();
