//! A script of what people do, played against the real rules, data file, wheel and outbox over the modelled LINE. No
//! rule panics, LINE refuses nothing of ours, the world comes to rest, and whoever is watched has a timer.
//!
//! A line is an act: who (a digit), what (a letter) and with what. `0f` becomes a friend or unblocks, `0b` blocks, `0s
//! text` says, `0k` sends a sticker, `0t 3` taps the third button from the newest, `0d 3 2026-12-24` picks a day on it,
//! `0p bw` presses a button with these words, sealed as ours. The same in the group: `0g text`, `0h 3`, `0q gj.7`, `0c`
//! comes, `0o` goes, `0i` invites the account, `0x` removes it. `0l 12` LINE fails twice, `0r` the server starts anew, `0w 90`
//! ninety minutes pass, and `0j {…}` is a body from LINE as it stands, with `$0` for a user, `$g` for the group and `$t`
//! for the time.

use std::collections::VecDeque;
use std::time::Duration;

use anshin::domain::decision::{Outgoing, Reply};
use anshin::domain::event::{Event, GroupNews, TimeLook, Upkeep};
use anshin::domain::fact::Fact;
use anshin::domain::id::{Address, Way};
use anshin::domain::invitation::Mint;
use anshin::domain::rules::Rules;
use anshin::domain::time::Moment;
use anshin::engine::Engine;
use anshin::keeper::walk;
use anshin::line::client::PACE;
use anshin::line::signature::Secrets;
use anshin::line::{call, postback, render, wire};
use anshin::locale::Voice;
use anshin::mail;
use anshin::outbox::Outcome;
use anshin::outbox::queue::{Queue, Turn};
use anshin::platform::{Answer, ApiRequest, Host, Platform, Settings, Trouble, sign};
use anshin::store::{Row, Store};
use anshin::timer::task as timer;
use anshin::timer::wheel::Wheel;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const SECRET: [u8; 32] = [42; 32];
const PEOPLE: usize = 6;
const LINES_MAX: usize = 120;

/// Sunday evening, 2026-11-22 in Tokyo.
const START_S: i64 = 1_795_341_600;

/// A script lasts so long at most.
const SPAN_MAX: Duration = Duration::from_secs(21 * 86_400);
const WAIT_MINUTES_MAX: u64 = 7 * 24 * 60;

/// Rounds of work at one moment before the world runs in circles.
const ROUNDS_MAX: usize = 2_000;

pub(crate) fn run(bytes: &[u8]) {
    let Ok(script) = std::str::from_utf8(bytes) else { return };
    let mut world = World::new();
    for line in script.lines().take(LINES_MAX) {
        world.act(line);
        world.settle();
        world.check(line);
    }
}

struct World {
    now: Moment,
    store: Store,
    platform: Platform,
    users: Vec<String>,
    group: String,
    secrets: Secrets,
    voice: Voice,
    mint: Mint,
    running: Running,
    /// Presses that nobody made on a telephone.
    forged: u64,
    /// A body came that LINE would not have sent.
    strange: bool,
    /// Entries of the journal that were looked at.
    read_up_to: u64,
}

/// What is gone when the server stops.
struct Running {
    engine: Engine,
    wheel: Wheel,
    line: Queue,
    mail: Queue,
    replies: VecDeque<Reply>,
}

impl Running {
    fn start(store: &Store, voice: &Voice, now: Moment) -> Self {
        let reading = store.read().expect("a view");
        let seal = Mint::new(&SECRET);
        let voice = voice.clone();
        let render = Box::new(move |outgoing: &Outgoing, _: Moment| match &outgoing.to {
            Address::Line(_) => render::push_body(&outgoing.to, &outgoing.messages, &voice, &seal),
            Address::Mail(_) => Vec::new(),
        });
        let mut engine =
            Engine::new(store.clone(), Rules::default(), render).expect("a writer over the file");
        let last_at = reading.journal_last().expect("the journal").map(|entry| entry.at);
        let started =
            [Event::Upkeep(Upkeep::Started { last_at, time: TimeLook::Proven }), beat(now)];
        engine.commit(now, &started).expect("a commit");
        let reading = store.read().expect("a view");
        let mut wheel = timer::wheel(now);
        reading.timers(|id, due_at| timer::set(&mut wheel, id, Some(due_at))).expect("timers");
        let [line, mail] = [PACE, mail::PACE].map(|pace| Queue::new(pace, now));
        let mut running = Self { engine, wheel, line, mail, replies: VecDeque::new() };
        reading.rows().expect("rows").iter().for_each(|row| running.queue(row.to.way()).offer(row));
        running
    }

    fn queue(&mut self, way: Way) -> &mut Queue {
        match way {
            Way::Line => &mut self.line,
            Way::Mail => &mut self.mail,
        }
    }

    fn commit(&mut self, now: Moment, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        let published = self.engine.commit(now, events).expect("a commit");
        for (id, due_at) in published.timers {
            timer::set(&mut self.wheel, id, due_at);
        }
        for way in Way::ALL {
            published.withdrawn.iter().for_each(|id| self.queue(way).withdraw(*id));
        }
        published.rows.iter().for_each(|row| self.queue(row.to.way()).offer(row));
        self.replies.extend(published.replies);
    }
}

/// The server says that it lives and hears.
fn beat(now: Moment) -> Event {
    Event::Upkeep(Upkeep::Beat { alive_at: now, webhook_at: None, time: TimeLook::Steady })
}

impl World {
    fn new() -> Self {
        let mut platform = Platform::new(Settings { quota_messages: None, ..Settings::default() });
        let users: Vec<String> =
            (0..PEOPLE).map(|n| platform.add_user(&format!("人{n}"))).collect();
        let in_group: Vec<&str> = users.iter().take(3).map(String::as_str).collect();
        let group = platform.add_group("つどい", &in_group);
        let voice = Voice {
            org: "みどり市社協".to_owned(),
            phone: Some("0120-000-000".to_owned()),
            public_url: "https://mimamori.example.jp".to_owned(),
            basic_id: Some(platform.settings().basic_id.clone()),
            ..Voice::default()
        };
        let secrets = Secrets::new([platform.settings().channel_secret.as_str()]);
        let store = Store::in_memory(SECRET).expect("a data file");
        let now = Moment::from_seconds(START_S);
        let running = Running::start(&store, &voice, now);
        let mint = Mint::new(&SECRET);
        Self {
            now,
            store,
            platform,
            users,
            group,
            secrets,
            voice,
            mint,
            running,
            forged: 0,
            strange: false,
            read_up_to: 0,
        }
    }

    // --- what people do ------------------------------------------------------------------------

    fn act(&mut self, line: &str) {
        let mut signs = line.chars();
        let (Some(who), Some(what)) = (signs.next(), signs.next()) else { return };
        let Some(user) = who.to_digit(10).and_then(|n| self.users.get(n as usize)).cloned() else {
            return;
        };
        let with = signs.as_str().trim();
        let number = with.split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        let (now, group) = (self.now.millis(), self.group.clone());
        match what {
            'f' if self.platform.phone(&user).is_some_and(|phone| phone.blocked) => {
                self.platform.unblock(now, &user);
            }
            'f' => self.platform.add_friend(now, &user),
            'b' => self.platform.block(now, &user),
            's' => self.platform.say(now, &user, with),
            'k' => self.platform.send_sticker(now, &user),
            't' => self.tap(&user, number, None),
            'd' => self.tap(&user, number, with.split(' ').nth(1)),
            'p' => self.press(&json!({"type": "user", "userId": user}), with),
            'g' => self.platform.say_in(now, &group, &user, with),
            'h' => self.tap_in_group(&user, number),
            'q' => {
                let source = json!({"type": "group", "groupId": group, "userId": user});
                self.press(&source, with);
            }
            'c' => self.platform.come(now, &group, &[&user]),
            'o' => self.platform.go(now, &group, &user),
            'i' => drop(self.platform.invite_account(now, &group)),
            'x' => self.platform.remove_account(now, &group),
            'l' => self.fail(number),
            'r' => self.running = Running::start(&self.store, &self.voice, self.now),
            'w' => self.wait(Duration::from_secs(60 * number.min(WAIT_MINUTES_MAX))),
            'j' => self.raw(with),
            _ => {}
        }
    }

    /// The next messages meet a trouble at LINE: the ones say how many, the tens which.
    fn fail(&mut self, number: u64) {
        let trouble = match number / 10 % 6 {
            0 => Trouble::RefuseBefore(500),
            1 => Trouble::FailAfter(500),
            2 => Trouble::LoseAnswer,
            3 => Trouble::DropConnection,
            4 => Trouble::RateLimited,
            _ => Trouble::MonthlyLimit,
        };
        let count = u32::try_from(number % 10).unwrap_or(0);
        self.platform.faults.next("/v2/bot/message", count, trouble);
    }

    /// Taps the button with this place, counted over all messages from the newest on.
    fn tap(&mut self, user: &str, place: u64, day: Option<&str>) {
        let Some(phone) = self.platform.phone(user) else { return };
        let buttons = phone.items.iter().rev().flat_map(|item| {
            item.actions().into_iter().map(|view| (item.id.clone(), view.index)).collect::<Vec<_>>()
        });
        let Some((item, index)) = buttons.take(100).nth(place as usize % 100) else { return };
        let now = self.now.millis();
        // A button that cannot be pressed, a day that cannot be picked: nothing happens.
        let _ = match day {
            Some(day) => self.platform.press_datetime(now, user, &item, index, day),
            None => self.platform.press(now, user, &item, index),
        };
    }

    fn tap_in_group(&mut self, user: &str, place: u64) {
        let Some(chat) = self.platform.group(&self.group) else { return };
        let buttons = chat.items.iter().rev().flat_map(|shown| {
            let views = shown.item.actions().into_iter();
            views.map(|view| (shown.item.id.clone(), view.index)).collect::<Vec<_>>()
        });
        let Some((item, index)) = buttons.take(100).nth(place as usize % 100) else { return };
        let group = self.group.clone();
        let _ = self.platform.press_in(self.now.millis(), &group, user, &item, index);
    }

    /// Presses a button that we may never have sent, but could have.
    fn press(&mut self, source: &Value, words: &str) {
        let data = format!("{words}~{}", URL_SAFE_NO_PAD.encode(self.mint.seal(words)));
        if data.len() > postback::DATA_CHARS_MAX {
            return;
        }
        self.forged += 1;
        let id = format!("forged-{}", self.forged);
        let event = json!({
            "type": "postback", "timestamp": self.now.millis(), "webhookEventId": id,
            "replyToken": id, "source": source, "postback": {"data": data},
        });
        self.hear(json!({"destination": "U0", "events": [event]}).to_string().as_bytes());
    }

    fn raw(&mut self, body: &str) {
        let mut body =
            body.replace("$g", &self.group).replace("$t", &self.now.millis().to_string());
        for (n, user) in self.users.iter().enumerate() {
            body = body.replace(&format!("${n}"), user);
        }
        self.strange = true;
        self.hear(body.as_bytes());
    }

    fn hear(&mut self, body: &[u8]) {
        let signature = sign(&self.platform.settings().channel_secret, body);
        self.take(body, &signature);
    }

    /// A webhook arrives.
    fn take(&mut self, body: &[u8], signature: &str) -> bool {
        assert!(self.secrets.verify(body, signature));
        let Ok(received) = wire::read(body, &self.mint) else { return false };
        self.running.commit(self.now, &received.events);
        true
    }

    // --- time and the machinery ----------------------------------------------------------------

    /// Lets time pass, from one thing that happens to the next.
    fn wait(&mut self, span: Duration) {
        let end = Moment::from_seconds(START_S) + SPAN_MAX;
        let until = (self.now + span).min(end);
        self.settle();
        while let Some(next) = self.next_moment().filter(|next| *next <= until) {
            // Whatever is late by now is done at once.
            self.now = self.now.max(next);
            self.settle();
        }
        self.now = self.now.max(until);
    }

    fn next_moment(&mut self) -> Option<Moment> {
        let webhook = self.platform.next_webhook_at().map(Moment::from_millis);
        let timer = self.running.wheel.next_due();
        let timer =
            timer.map(|due_s| Moment::from_seconds(i64::try_from(due_s).unwrap_or(i64::MAX)));
        let sends = [self.running.line.wake_at(), self.running.mail.wake_at()];
        [webhook, timer].into_iter().chain(sends).flatten().min()
    }

    /// Lets everything happen that can happen now.
    fn settle(&mut self) {
        self.running.commit(self.now, &[beat(self.now)]);
        for _ in 0..ROUNDS_MAX {
            let due = timer::due(&mut self.running.wheel, self.now);
            self.running.commit(self.now, &due);
            let busy = self.deliver()
                || self.reply()
                || Way::ALL.into_iter().any(|way| self.send(way))
                || !due.is_empty();
            if !busy {
                return;
            }
        }
        panic!("the world does not come to rest at {}", self.now);
    }

    fn deliver(&mut self) -> bool {
        let Some(delivery) = self.platform.take_webhook(self.now.millis()) else { return false };
        let signature = sign(&self.platform.settings().channel_secret, &delivery.body);
        let taken = self.take(&delivery.body, &signature);
        self.platform.webhook_done(self.now.millis(), delivery.id, taken.then_some(200));
        true
    }

    fn reply(&mut self) -> bool {
        let Some(reply) = self.running.replies.pop_front() else { return false };
        let body = render::reply_body(&reply.token, &reply.messages, &self.voice, &self.mint);
        let outcome = match self.ask(&call::reply(body)) {
            Some((status, _)) => call::reply_outcome(status),
            None => call::Replied::Unknown,
        };
        if outcome == call::Replied::Refused {
            let Reply { to, cause, messages, .. } = reply;
            self.running.commit(self.now, &[Event::ReplyRefused { to, cause, messages }]);
        }
        true
    }

    fn send(&mut self, way: Way) -> bool {
        let now = self.now;
        let Turn { attempts, over } = self.running.queue(way).next(now);
        self.running.commit(now, &over);
        if attempts.is_empty() {
            return !over.is_empty();
        }
        let rows = self.running.engine.begin_attempts(now, &attempts).expect("a commit");
        for id in attempts.iter().filter(|id| !rows.iter().any(|row| row.id == **id)) {
            self.running.queue(way).gone(*id);
        }
        for row in rows {
            let outcome = self.attempt(way, &row);
            let event = self.running.queue(way).done(&row, outcome, now);
            self.running.commit(now, event.as_slice());
        }
        true
    }

    fn attempt(&mut self, way: Way, row: &Row) -> Outcome {
        match way {
            Way::Line => match self.ask(&call::push(row)) {
                Some((status, body)) => call::push_outcome(status, &body),
                None => Outcome::Unavailable,
            },
            Way::Mail => Outcome::Unavailable,
        }
    }

    fn ask(&mut self, call: &call::Call) -> Option<(u16, Vec<u8>)> {
        let token = self.platform.settings().long_lived_token.clone().unwrap_or_default();
        let headers = call.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let request = ApiRequest {
            host: Host::Api,
            method: call.method.to_owned(),
            path: call.path.to_owned(),
            query: String::new(),
            headers: headers
                .chain([("authorization".to_owned(), format!("Bearer {token}"))])
                .collect(),
            body: call.body.clone(),
        };
        match self.platform.answer(self.now.millis(), &request) {
            Answer::Now(response) | Answer::Delayed { response, .. } => {
                Some((response.status, response.body))
            }
            Answer::Dropped | Answer::TestWebhook { .. } => None,
        }
    }

    // --- what must hold --------------------------------------------------------------------------

    fn check(&mut self, line: &str) {
        let reading = self.store.read().expect("a view");
        let news = reading.journal_after(self.read_up_to, usize::MAX).expect("the journal");
        for entry in news {
            assert_ne!(entry.fact, Fact::SetAside, "a rule panicked at {line:?}");
            self.read_up_to = entry.number;
        }
        // Whoever is watched, and every group that is asked, has a timer: the audit of the server finds nobody.
        for found in walk::audit(&reading, self.now, &Rules::default()).expect("an audit") {
            let stray = matches!(
                found,
                Event::Upkeep(Upkeep::Stray(_)) | Event::GroupNews(GroupNews::Stray(_))
            );
            assert!(!stray, "forgotten at {line:?}: {found:?}");
        }
        // A body from nowhere may name people whom LINE does not know.
        if !self.strange {
            assert_eq!(self.platform.violations(), [] as [String; 0], "at {line:?}");
        }
    }
}
