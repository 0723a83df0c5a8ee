//! A small world on virtual time: the real writer, data file, wheel, outbox rules and LINE room,
//! over the modelled LINE. Nothing sleeps; time moves when a test says so.
//!
//! What people see and do is written down as a transcript that a social worker could read.

mod desk;
mod groups;
mod post;
mod time;
mod tools;
mod upkeep;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

pub(crate) use desk::OFFICE;
pub(crate) use post::Post;
pub(crate) use tools::{Refusal, days, hours, minutes};
pub(crate) use upkeep::{Quicker, Watchful};

use anshin::domain::decision::{Outgoing, Reply};
use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::id::{Address, PersonId, Way};
use anshin::domain::invitation::Mint;
use anshin::domain::mail::MailAddress;
use anshin::domain::person::Person;
use anshin::domain::rules::Rules;
use anshin::domain::schedule::Zone;
use anshin::domain::time::Moment;
use anshin::engine::{Engine, Published};
use anshin::keeper::plan::Plan;
use anshin::line::client::PACE;
use anshin::line::signature::Secrets;
use anshin::line::{call, render, wire};
use anshin::locale::Voice;
use anshin::mail;
use anshin::outbox::queue::{Queue, Turn};
use anshin::outbox::{Outcome, Row};
use anshin::platform::{
    Answer, ApiRequest, ApiResponse, ChatItem, From as Side, Host, Platform, Pressed, Settings,
};
use anshin::store::Store;
use anshin::timer::task as timer;
use anshin::timer::wheel::Wheel;
use serde_json::Value;

/// Rounds of work at one moment before a test is told that it runs in circles.
const ROUNDS_MAX: usize = 10_000;

pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) now: Moment,
    pub(crate) store: Store,
    rules: Rules,
    running: Option<Running>,
    secrets: Secrets,
    voice: Voice,
    people: BTreeMap<String, String>,
    told_seq: u64,
    /// Where letters go.
    pub(crate) post: Post,
    transcript: Vec<String>,
    /// Answers that the modelled LINE has no switch for.
    pub(crate) refusal: Option<Refusal>,
    /// Steps until the power is cut and comes back.
    pub(crate) fuse: Option<u32>,
    /// The power was cut and is back.
    revive: bool,
    /// LINE cannot reach the server, although it runs.
    pub(crate) deaf: bool,
    /// How the keeper is woken.
    pub(crate) watchful: Watchful,
    /// What about our own certificate somebody should look at.
    pub(crate) certificate: Option<anshin::domain::certificate::Concern>,
    /// What the next look at the machine's clock shows.
    pub(crate) time_looks: TimeLook,
    /// How far the time that the server goes by is ahead of everybody else's, in milliseconds.
    pub(crate) ahead_ms: i64,
}

/// What lives only while the server runs.
struct Running {
    engine: Engine,
    mint: Mint,
    wheel: Wheel,
    queue: Queue,
    mail: Queue,
    replies: VecDeque<Reply>,
    plan: Plan,
}

impl Running {
    fn queue(&mut self, way: Way) -> &mut Queue {
        match way {
            Way::Line => &mut self.queue,
            Way::Mail => &mut self.mail,
        }
    }
}

pub(crate) fn tokyo(text: &str) -> Moment {
    let wall: jiff::civil::DateTime = text.parse().unwrap();
    let zoned = wall.to_zoned(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap()).unwrap();
    Moment::from_millis(zoned.timestamp().as_millisecond())
}

impl World {
    /// A world with an empty data file, on Monday morning.
    pub(crate) fn new() -> Self {
        Self::at("2026-11-23T08:00:00", Rules::default())
    }

    pub(crate) fn at(wall: &str, rules: Rules) -> Self {
        Self::with(wall, rules, Settings::default())
    }

    /// A world in which LINE's channel is set up in a certain way.
    pub(crate) fn with(wall: &str, rules: Rules, settings: Settings) -> Self {
        let platform = Platform::new(settings);
        let secret = platform.settings().channel_secret.clone();
        let mut world = Self {
            voice: Voice {
                org: "みどり市社協".to_owned(),
                phone: Some("0120-000-000".to_owned()),
                public_url: "https://mimamori.example.jp".to_owned(),
                basic_id: Some(platform.settings().basic_id.clone()),
                payment_url: Some("https://pay.example.jp/mimamori".to_owned()),
                training: false,
                ..Voice::default()
            },
            platform,
            now: tokyo(wall),
            store: Store::in_memory([42; 32]).unwrap(),
            rules,
            running: None,
            secrets: Secrets::new([secret.as_str()]),
            people: BTreeMap::new(),
            told_seq: 0,
            post: Post::default(),
            transcript: Vec::new(),
            refusal: None,
            fuse: None,
            revive: false,
            deaf: false,
            watchful: Watchful::Lazily,
            certificate: None,
            time_looks: TimeLook::Steady,
            ahead_ms: 0,
        };
        world.register_endpoint();
        world.start();
        world
    }

    // --- the server --------------------------------------------------------------------------

    /// Starts the server on the data file, with a time that LINE has proven.
    pub(crate) fn start(&mut self) {
        self.start_with(TimeLook::Proven);
    }

    fn start_with(&mut self, time: TimeLook) {
        let now = self.shown();
        if time == TimeLook::Proven {
            self.store.come_back(now).unwrap();
        }
        let reading = self.store.read().unwrap();
        let mint = reading.mint().unwrap();
        let last_at = reading.journal_last().unwrap().map(|entry| entry.at);
        let (voice, renderer) = (self.voice.clone(), mint.clone());
        let from = MailAddress::parse("anshin@example.jp").unwrap();
        let render = Box::new(move |outgoing: &Outgoing, now: Moment| match &outgoing.to {
            Address::Line(_) => {
                render::push_body(&outgoing.to, &outgoing.messages, &voice, &renderer)
            }
            Address::Mail(to) => mail::render::letter(outgoing, to, &from, &voice, now),
        });
        let mut engine = Engine::new(self.store.clone(), self.rules.clone(), render).unwrap();
        let started = Event::Upkeep(Upkeep::Started { last_at, time });
        engine.commit(now, &[started]).unwrap();
        let reading = self.store.read().unwrap();
        let mut wheel = timer::wheel(now);
        reading.timers(|id, due_at| timer::set(&mut wheel, id, Some(due_at))).unwrap();
        let [queue, mail] = [PACE, mail::PACE].map(|pace| Queue::new(pace, now));
        let (replies, plan) = (VecDeque::new(), self.plan());
        let mut running = Running { engine, mint, wheel, queue, mail, replies, plan };
        reading.rows().unwrap().iter().for_each(|row| running.queue(row.to.way()).offer(row));
        running.queue.doubt(reading.service().unwrap().time_doubted.is_some());
        self.running = Some(running);
    }

    /// Ends the server as a power cut would: what is not on disk is gone.
    pub(crate) fn stop(&mut self) {
        self.last_beat();
        self.running = None;
    }

    fn commit(&mut self, events: &[Event]) {
        let now = self.shown();
        let running = self.running.as_mut().expect("the server runs");
        let published = running.engine.commit(now, events).unwrap();
        Self::note(running, published);
    }

    fn note(running: &mut Running, published: Published) {
        for (id, due_at) in published.timers {
            timer::set(&mut running.wheel, id, due_at);
        }
        for way in Way::ALL {
            published.withdrawn.iter().for_each(|id| running.queue(way).withdraw(*id));
        }
        published.rows.iter().for_each(|row| running.queue(row.to.way()).offer(row));
        if let Some(doubts_time) = published.doubts_time {
            running.queue.doubt(doubts_time);
        }
        running.replies.extend(published.replies);
    }

    /// Hands a signed body to the webhook; `false` when it was refused.
    pub(crate) fn webhook(&mut self, body: &[u8], signature: &str) -> bool {
        let Some(running) = &self.running else { return false };
        if !self.secrets.verify(body, signature) {
            return false;
        }
        let Ok(received) = wire::read(body, &running.mint) else { return false };
        self.commit(&received.events);
        true
    }

    fn one_webhook(&mut self) -> bool {
        let Some(delivery) = self.platform.take_webhook(self.now.millis()) else { return false };
        let named = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("x-line-signature").then(|| value.clone())
        };
        let signature = delivery.headers.iter().find_map(named).unwrap();
        self.burn();
        let taken = !self.deaf && self.webhook(&delivery.body, &signature) && !self.burn();
        self.platform.webhook_done(self.now.millis(), delivery.id, taken.then_some(200));
        true
    }

    fn one_reply(&mut self) -> bool {
        let Some(running) = self.running.as_mut() else { return false };
        let Some(reply) = running.replies.pop_front() else { return false };
        if self.burn() {
            return true;
        }
        let Some(running) = self.running.as_mut() else { return true };
        let body = render::reply_body(&reply.token, &reply.messages, &self.voice, &running.mint);
        let replied = match self.ask_line(&call::reply(body)) {
            Some(answer) => call::reply_outcome(answer.status),
            None => call::Replied::Unknown,
        };
        if replied == call::Replied::Refused {
            let Reply { to, cause, messages, .. } = reply;
            self.commit(&[Event::ReplyRefused { to, cause, messages }]);
        }
        true
    }

    fn one_send(&mut self, way: Way) -> bool {
        let now = self.shown();
        let Some(running) = self.running.as_mut() else { return false };
        let Turn { attempts: chosen, over } = running.queue(way).next(now);
        self.commit_some(&over);
        if chosen.is_empty() {
            return !over.is_empty();
        }
        let running = self.running.as_mut().expect("the server runs");
        let rows = running.engine.begin_attempts(now, &chosen).unwrap();
        for id in chosen.iter().filter(|id| !rows.iter().any(|row| row.id == **id)) {
            running.queue(way).gone(*id);
        }
        for row in rows {
            if self.burn() {
                return true;
            }
            let outcome = match way {
                Way::Line => self.push(&row),
                Way::Mail => self.ask_post(&row),
            };
            if self.burn() {
                return true;
            }
            let running = self.running.as_mut().expect("the server runs");
            let event = running.queue(way).done(&row, outcome, now);
            self.commit(event.as_slice());
        }
        true
    }

    fn push(&mut self, row: &Row) -> Outcome {
        match self.ask_line(&call::push(row)) {
            Some(answer) => call::push_outcome(answer.status, &answer.body),
            None => Outcome::Unavailable,
        }
    }

    fn ask_line(&mut self, call: &call::Call) -> Option<ApiResponse> {
        if let Some(refused) = self.refusal.as_ref().and_then(|refusal| refusal.answer(call)) {
            return Some(refused);
        }
        let token = self.platform.settings().long_lived_token.clone().unwrap();
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
            Answer::Now(response) | Answer::Delayed { response, .. } => Some(response),
            Answer::Dropped => None,
            test @ Answer::TestWebhook { .. } => self.test_webhook(test),
        }
    }

    fn due_timers(&mut self) -> bool {
        let now = self.shown();
        let Some(running) = self.running.as_mut() else { return false };
        let events = timer::due(&mut running.wheel, now);
        if !events.is_empty() && self.burn() {
            return true;
        }
        let some = self.commit_some(&events);
        if some {
            self.burn();
        }
        some
    }

    fn commit_some(&mut self, events: &[Event]) -> bool {
        if !events.is_empty() {
            self.commit(events);
        }
        !events.is_empty()
    }

    // --- time --------------------------------------------------------------------------------

    /// Lets everything happen that can happen now.
    pub(crate) fn settle(&mut self) {
        self.upkeep();
        for _ in 0..ROUNDS_MAX {
            let busy = self.one_webhook()
                || self.one_reply()
                || Way::ALL.into_iter().any(|way| self.one_send(way))
                || self.due_timers();
            if std::mem::take(&mut self.revive) {
                self.start();
            }
            self.tell();
            if !busy {
                return;
            }
        }
        panic!("the world does not come to rest at {}", self.now);
    }

    /// The next moment at which something can happen.
    fn next_moment(&mut self) -> Option<Moment> {
        let webhook = self.platform.next_webhook_at().map(Moment::from_millis);
        let Some(running) = self.running.as_mut() else { return webhook };
        let timer = running.wheel.next_due().map(|due_s| Moment::from_seconds(due_s as i64));
        let keeper = (self.watchful == Watchful::ByItself).then(|| running.plan.wake_at());
        let sends = [running.queue.wake_at(), running.mail.wake_at()];
        let own = [timer, keeper].into_iter().chain(sends).flatten().min();
        let own = own.map(|shown| Moment::from_millis(shown.millis() - self.ahead_ms));
        webhook.into_iter().chain(own).min()
    }

    // --- people ------------------------------------------------------------------------------

    /// A new person who adds the account as a friend.
    pub(crate) fn friend(&mut self, name: &str) -> String {
        let user = self.stranger(name);
        self.platform.add_friend(self.now.millis(), &user);
        self.settle();
        user
    }

    /// A new person who has LINE and no more.
    pub(crate) fn stranger(&mut self, name: &str) -> String {
        let user = self.platform.add_user(name);
        self.people.insert(user.clone(), name.to_owned());
        user
    }

    pub(crate) fn say(&mut self, user: &str, text: &str) {
        self.platform.say(self.now.millis(), user, text);
        self.settle();
    }

    pub(crate) fn sticker(&mut self, user: &str) {
        self.platform.send_sticker(self.now.millis(), user);
        self.settle();
    }

    /// Blocks the account, a moment after whatever was done before.
    pub(crate) fn block(&mut self, user: &str) {
        self.wait(Duration::from_secs(1));
        self.platform.block(self.now.millis(), user);
        self.settle();
    }

    pub(crate) fn unblock(&mut self, user: &str) {
        self.wait(Duration::from_secs(1));
        self.platform.unblock(self.now.millis(), user);
        self.settle();
    }

    /// Presses the newest button whose label contains `label`, then lets everything happen.
    pub(crate) fn press(&mut self, user: &str, label: &str) {
        assert!(self.tap(user, label), "{} sees no button {label}", self.people[user]);
        self.settle();
    }

    /// Presses the newest button whose label contains `label`; nothing is delivered yet.
    pub(crate) fn tap(&mut self, user: &str, label: &str) -> bool {
        let items: Vec<String> =
            self.items(user).iter().rev().map(|item| item.id.clone()).collect();
        for id in items {
            let actions = self.platform.actions(user, &id);
            if let Some(view) = actions.iter().find(|view| view.label.contains(label)) {
                let pressed = self.platform.press(self.now.millis(), user, &id, view.index);
                return matches!(pressed, Ok(Pressed::Posted | Pressed::Said));
            }
        }
        false
    }

    fn items(&self, user: &str) -> &[ChatItem] {
        &self.platform.phone(user).expect("a known person").items
    }

    /// What the account sent to a person, newest last.
    pub(crate) fn received(&self, user: &str) -> Vec<&ChatItem> {
        self.items(user).iter().filter(|item| item.from == Side::Bot).collect()
    }

    /// Whether the account ever sent a person a message with this text in it.
    pub(crate) fn has(&self, user: &str, text: &str) -> bool {
        self.count(user, text) > 0
    }

    /// How many messages with this text in them the account sent to a person.
    pub(crate) fn count(&self, user: &str, text: &str) -> usize {
        self.received(user).iter().filter(|item| item.content.to_string().contains(text)).count()
    }

    /// The newest invitation code that a person received.
    pub(crate) fn code(&self, user: &str) -> String {
        let texts = self.received(user).into_iter().rev();
        let code = texts
            .filter_map(|item| item.content["text"].as_str())
            .find_map(|text| text.split("招待コード ").nth(1));
        code.expect("an invitation").chars().take(9).collect()
    }

    /// The person behind a phone, as stored.
    pub(crate) fn person(&self, user: &str) -> Option<Person> {
        let reading = self.store.read().unwrap();
        let id = reading.person_at(&Address::new(user).unwrap()).unwrap()?;
        reading.person(id).unwrap()
    }

    pub(crate) fn id(&self, user: &str) -> PersonId {
        self.person(user).expect("a registered person").id
    }

    /// How many people have a timer.
    pub(crate) fn timer_count(&self) -> usize {
        let reading = self.store.read().unwrap();
        let mut ids = Vec::new();
        reading.timers(|id, _| ids.push(PersonId(id))).unwrap();
        ids.into_iter().filter(|id| reading.person(*id).unwrap().is_some()).count()
    }

    // --- ready-made situations ---------------------------------------------------------------

    /// よしこ, asked every `days` at `hour`, watched by けんじ and みちこ.
    pub(crate) fn family(&mut self, days: &str, hour: &str) -> [String; 3] {
        let yoshiko = self.friend("よしこ");
        self.press(&yoshiko, "見守ってもらう");
        self.press(&yoshiko, "同意");
        self.say(&yoshiko, "よしこ");
        self.say(&yoshiko, days);
        self.say(&yoshiko, hour);
        let kenji = self.watcher(&yoshiko, "けんじ");
        let michiko = self.watcher(&yoshiko, "みちこ");
        self.transcript.clear();
        [yoshiko, kenji, michiko]
    }

    /// Someone whom `inviter` invites to watch.
    pub(crate) fn watcher(&mut self, inviter: &str, name: &str) -> String {
        self.say(inviter, "招待");
        self.press(inviter, "見守る方を招待");
        let code = self.code(inviter);
        let user = self.friend(name);
        self.say(&user, &format!("招待コード {code}"));
        self.press(&user, "参加する");
        self.press(&user, "同意");
        self.say(&user, name);
        // In an organization one who is there has to agree first.
        if self.last(&user).contains("承認を待っています") {
            self.press(inviter, "承認する");
        }
        self.press(&user, "受け取れます");
        user
    }

    // --- the transcript ----------------------------------------------------------------------

    /// Writes down what appeared on the phones since the last look.
    fn tell(&mut self) {
        let mut news: Vec<(u64, String)> = Vec::new();
        for user in self.platform.users() {
            let Some(phone) = self.platform.phone(user) else { continue };
            for item in phone.items.iter().filter(|item| item.seq > self.told_seq) {
                news.push((item.seq, line(&phone.name, item)));
            }
        }
        news.extend(self.group_news());
        news.sort();
        if let Some((seq, _)) = news.last() {
            self.told_seq = *seq;
        }
        self.transcript.extend(news.into_iter().map(|(_, line)| line));
    }

    /// Forgets what was written so far.
    pub(crate) fn hush(&mut self) {
        self.transcript.clear();
    }

    /// Compares what people saw and did since the last look with what a test expects, and that the
    /// server kept LINE's rules.
    pub(crate) fn expect(&mut self, expected: expect_test::Expect) {
        let mut text = self.transcript.join("\n");
        text.push('\n');
        self.transcript.clear();
        expected.assert_eq(&text);
        assert_eq!(self.platform.violations(), [] as [String; 0]);
    }
}

/// `11-24 09:00 よしこ ← げんきですか？… [げんきです]`
fn line(name: &str, item: &ChatItem) -> String {
    let wall = Zone::default().local(Moment::from_millis(item.at_ms)).strftime("%m-%d %H:%M");
    match item.from {
        Side::Me => format!("{wall} {name} → {}", own_words(&item.content)),
        Side::Bot => {
            let mark = if item.reply { "←" } else { "⇐" };
            format!("{wall} {name} {mark} {}", bot_words(&item.content))
        }
    }
}

fn own_words(content: &Value) -> String {
    match content["text"].as_str() {
        Some(text) => text.to_owned(),
        None => format!("({})", content["type"].as_str().unwrap_or("?")),
    }
}

fn bot_words(content: &Value) -> String {
    if let Some(text) = content["text"].as_str() {
        return text.lines().next().unwrap_or_default().to_owned();
    }
    let mut labels = Vec::new();
    collect_labels(&content["contents"], &mut labels);
    let alt = content["altText"].as_str().unwrap_or("?");
    let labels: String = labels.iter().map(|label| format!(" [{label}]")).collect();
    format!("{alt}{labels}")
}

fn collect_labels(value: &Value, labels: &mut Vec<String>) {
    if let Some(label) = value["action"]["label"].as_str() {
        labels.push(label.to_owned());
    }
    for part in ["body", "footer"] {
        if value[part].is_object() {
            collect_labels(&value[part], labels);
        }
    }
    for child in value["contents"].as_array().into_iter().flatten() {
        collect_labels(child, labels);
    }
}
