//! A town whose life is written to the file: families, a neighbourhood, a group, the desk. The steps
//! that it takes are what the disk is tried with.

use std::collections::VecDeque;
use std::time::Duration;

use anshin::domain::decision::Reply;
use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::id::{Address, PersonId, Way};
use anshin::domain::invitation::Mint;
use anshin::domain::time::Moment;
use anshin::line::{call, render, wire};
use anshin::mail;
use anshin::outbox::queue::{Queue, Turn};
use anshin::outbox::{Outcome, Pace, Row};
use anshin::platform::{Answer, ApiRequest, From as Side, Host, Platform, Settings};
use anshin::store::{Reading, Store};
use anshin::timer::task as timer;
use anshin::timer::wheel::Wheel;

use crate::server::{Server, Step, voice};

const PACE: Pace = Pace { wire_max: 8, per_second: 1_500 };

const ROUNDS_MAX: usize = 10_000;

pub(crate) struct Town {
    pub(crate) now: Moment,
    pub(crate) steps: Vec<Step>,
    pub(crate) platform: Platform,
    server: Server,
    mint: Mint,
    wheel: Wheel,
    line: Queue,
    mail: Queue,
    replies: VecDeque<Reply>,
}

fn tokyo(text: &str) -> Moment {
    let wall: jiff::civil::DateTime = text.parse().unwrap();
    let zoned = wall.to_zoned(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap()).unwrap();
    Moment::from_millis(zoned.timestamp().as_millisecond())
}

impl Town {
    /// A town in which nobody is yet.
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        let settings = Settings { quota_messages: None, ..Settings::default() };
        let mut platform = Platform::new(settings);
        platform.set_webhook_endpoint(Some("https://mimamori.example.jp/line/webhook".to_owned()));
        let now = tokyo("2026-11-23T08:00:00");
        let server = Server::new(Store::in_memory(secret).unwrap()).unwrap();
        let mut town = Self {
            now,
            steps: Vec::new(),
            platform,
            server,
            mint: Mint::new(&secret),
            wheel: timer::wheel(now),
            line: Queue::new(PACE, now),
            mail: Queue::new(mail::PACE, now),
            replies: VecDeque::new(),
        };
        town.start();
        town
    }

    /// Ends the server and starts it again, as an update does.
    pub(crate) fn restart(&mut self) {
        self.take(Step::Restart);
        self.start();
    }

    fn start(&mut self) {
        let last_at = self.reading().journal_last().unwrap().map(|entry| entry.at);
        self.decide(vec![Event::Upkeep(Upkeep::Started { last_at, time: TimeLook::Proven })]);
    }

    pub(crate) fn reading(&self) -> Reading {
        self.server.store.read().unwrap()
    }

    pub(crate) fn take(&mut self, step: Step) -> Vec<Row> {
        let done = self.server.take(&step).unwrap();
        self.steps.push(step);
        for (id, due_at) in done.published.timers {
            timer::set(&mut self.wheel, id, due_at);
        }
        for way in Way::ALL {
            done.published.withdrawn.iter().for_each(|id| self.queue(way).withdraw(*id));
        }
        done.published.rows.iter().for_each(|row| self.queue(row.to.way()).offer(row));
        self.replies.extend(done.published.replies);
        done.rows
    }

    pub(crate) fn decide(&mut self, events: Vec<Event>) {
        if !events.is_empty() {
            self.take(Step::Decide(self.now, events));
        }
    }

    fn queue(&mut self, way: Way) -> &mut Queue {
        match way {
            Way::Line => &mut self.line,
            Way::Mail => &mut self.mail,
        }
    }

    fn one_webhook(&mut self) -> bool {
        let Some(delivery) = self.platform.take_webhook(self.now.millis()) else { return false };
        let received = wire::read(&delivery.body, &self.mint).unwrap();
        self.decide(received.events);
        self.platform.webhook_done(self.now.millis(), delivery.id, Some(200));
        true
    }

    fn one_reply(&mut self) -> bool {
        let Some(reply) = self.replies.pop_front() else { return false };
        let body = render::reply_body(&reply.token, &reply.messages, &voice(), &self.mint);
        self.ask_line(&call::reply(body));
        true
    }

    fn send(&mut self, way: Way) -> bool {
        let now = self.now;
        let Turn { attempts, over } = self.queue(way).next(now);
        let busy = !attempts.is_empty() || !over.is_empty();
        self.decide(over);
        if attempts.is_empty() {
            return busy;
        }
        let rows = self.take(Step::Begin(now, attempts.clone()));
        for id in attempts.iter().filter(|id| !rows.iter().any(|row| row.id == **id)) {
            self.queue(way).gone(*id);
        }
        for row in rows {
            let outcome = match way {
                Way::Line => {
                    let (status, body) = self.ask_line(&call::push(&row)).unwrap();
                    call::push_outcome(status, &body)
                }
                Way::Mail => Outcome::Accepted,
            };
            let event = self.queue(way).done(&row, outcome, now);
            self.decide(event.into_iter().collect());
        }
        busy
    }

    fn ask_line(&mut self, call: &call::Call) -> Option<(u16, Vec<u8>)> {
        let token = self.platform.settings().long_lived_token.clone().unwrap();
        let headers = call.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let request = ApiRequest {
            host: Host::Api,
            method: call.method.to_owned(),
            path: call.path.clone(),
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

    fn due(&mut self) -> bool {
        let events = timer::due(&mut self.wheel, self.now);
        let some = !events.is_empty();
        self.decide(events);
        some
    }

    /// Lets everything happen that can happen now.
    pub(crate) fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let busy = self.one_webhook()
                || self.one_reply()
                || Way::ALL.into_iter().any(|way| self.send(way))
                || self.due();
            if !busy {
                return;
            }
        }
        panic!("the town does not come to rest at {}", self.now);
    }

    /// Lets time pass.
    pub(crate) fn until(&mut self, wall: &str) {
        let end = tokyo(wall);
        self.settle();
        loop {
            let webhook = self.platform.next_webhook_at().map(Moment::from_millis);
            let timer = self.wheel.next_due().map(|due| Moment::from_seconds(due as i64));
            let next = [webhook, timer, self.line.wake_at(), self.mail.wake_at()];
            let Some(next) = next.into_iter().flatten().min().filter(|next| *next <= end) else {
                break;
            };
            self.now = self.now.max(next);
            self.settle();
        }
        self.now = end;
        self.settle();
    }

    pub(crate) fn a_minute(&mut self) {
        self.now = self.now + Duration::from_secs(60);
        self.settle();
    }

    // --- people ------------------------------------------------------------------------------

    pub(crate) fn friend(&mut self, name: &str) -> String {
        let user = self.platform.add_user(name);
        self.platform.add_friend(self.now.millis(), &user);
        self.settle();
        user
    }

    pub(crate) fn say(&mut self, user: &str, text: &str) {
        self.platform.say(self.now.millis(), user, text);
        self.settle();
    }

    /// Presses the newest button with this label.
    pub(crate) fn press(&mut self, user: &str, label: &str) {
        let items = self.platform.phone(user).unwrap().items.iter().rev();
        let ids: Vec<String> = items.map(|item| item.id.clone()).collect();
        let found = ids.into_iter().find_map(|id| {
            let views = self.platform.actions(user, &id);
            let view = views.into_iter().find(|view| view.label.contains(label))?;
            Some((id, view.index))
        });
        let (id, index) = found.unwrap_or_else(|| panic!("no button {label}"));
        self.platform.press(self.now.millis(), user, &id, index).unwrap();
        self.settle();
    }

    /// Presses the newest button with this label in a group.
    pub(crate) fn press_in(&mut self, group: &str, user: &str, label: &str) {
        let items = self.platform.group(group).unwrap().items.iter().rev();
        let ids: Vec<String> = items.map(|shown| shown.item.id.clone()).collect();
        let found = ids.into_iter().find_map(|id| {
            let views = self.platform.actions_in(group, &id);
            let view = views.into_iter().find(|view| view.label.contains(label))?;
            Some((id, view.index))
        });
        let (id, index) = found.unwrap_or_else(|| panic!("no button {label} in the group"));
        self.platform.press_in(self.now.millis(), group, user, &id, index).unwrap();
        self.settle();
    }

    /// The newest invitation code that a person received.
    pub(crate) fn code(&self, user: &str) -> String {
        let items = self.platform.phone(user).unwrap().items.iter().rev();
        let texts =
            items.filter(|i| i.from == Side::Bot).filter_map(|item| item.content["text"].as_str());
        let code = texts.filter_map(|text| text.split("招待コード ").nth(1)).next();
        code.expect("an invitation").chars().take(9).collect()
    }

    pub(crate) fn person(&self, user: &str) -> PersonId {
        self.reading().person_at(&Address::new(user).unwrap()).unwrap().unwrap()
    }
}
