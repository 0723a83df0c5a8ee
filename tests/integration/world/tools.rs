//! Less common tools of the world: hand-made webhooks, refusals the model has no switch for, a
//! fuse that cuts the power, and looks into the data file.

use std::time::Duration;

use anshin::domain::case::Case;
use anshin::domain::event::Event;
use anshin::domain::fact::Fact;
use anshin::domain::id::CaseId;
use anshin::domain::invitation::Mint;
use anshin::domain::round::Round;
use anshin::domain::rules::Rules;
use anshin::domain::team::Team;
use anshin::domain::time::Moment;
use anshin::line::call::Call;
use anshin::platform::{ApiResponse, From as Side, sign};
use anshin::store::Tables;
use serde_json::{Value, json};

use super::World;

/// How LINE refuses pushes in ways that the model has no switch for.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// 403 to everything.
    Forbidden,
    /// 400 to pushes to these people: LINE does not know them (any more).
    UnknownReceiver(Vec<String>),
    /// 500 to pushes to these people.
    Unavailable(Vec<String>),
}

impl Refusal {
    pub(super) fn answer(&self, call: &Call) -> Option<ApiResponse> {
        let push = call.path.ends_with("/push");
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let to = body["to"].as_str().unwrap_or_default();
        let concerns = |users: &[String]| push && users.iter().any(|user| user == to);
        let (status, message) = match self {
            Self::Forbidden => (403, "Access to this API is not available for your account"),
            Self::UnknownReceiver(users) if concerns(users) => (400, "Failed to send messages"),
            Self::Unavailable(users) if concerns(users) => (500, "Internal Server Error"),
            Self::UnknownReceiver(_) | Self::Unavailable(_) => return None,
        };
        let body = json!({ "message": message }).to_string().into_bytes();
        Some(ApiResponse { status, headers: Vec::new(), body })
    }
}

pub(crate) fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

pub(crate) fn hours(count: u64) -> Duration {
    minutes(60 * count)
}

pub(crate) fn days(count: u64) -> Duration {
    hours(24 * count)
}

impl World {
    /// Burns one step of the fuse; `true` when the power was cut by it.
    pub(super) fn burn(&mut self) -> bool {
        let Some(left) = self.fuse else { return false };
        if left > 0 {
            self.fuse = Some(left - 1);
            return false;
        }
        self.fuse = None;
        self.revive = true;
        self.stop();
        true
    }

    /// Takes the events that people caused off the wire, before the server sees them.
    pub(crate) fn intercept(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        while let Some(delivery) = self.platform.take_webhook(self.now.millis()) {
            let body: Value = serde_json::from_slice(&delivery.body).unwrap();
            events.extend(body["events"].as_array().unwrap().iter().cloned());
            self.platform.webhook_done(self.now.millis(), delivery.id, Some(200));
        }
        events
    }

    /// Posts events as one signed body and lets everything happen; `false` when it was refused.
    pub(crate) fn post(&mut self, events: &[Value]) -> bool {
        let taken = self.post_unsettled(events);
        self.settle();
        taken
    }

    /// Posts events as one signed body.
    pub(crate) fn post_unsettled(&mut self, events: &[Value]) -> bool {
        let body = json!({ "destination": self.platform.bot_id(), "events": events }).to_string();
        let signature = sign(&self.platform.settings().channel_secret, body.as_bytes());
        self.webhook(body.as_bytes(), &signature)
    }

    /// A hand-made event of a chat; `extra` overrides any field.
    pub(crate) fn event(&self, id: &str, user: &str, kind: &str, extra: &Value) -> Value {
        let mut event = json!({
            "type": kind,
            "webhookEventId": id,
            "deliveryContext": { "isRedelivery": false },
            "timestamp": self.now.millis(),
            "source": { "type": "user", "userId": user },
            "mode": "active",
        });
        for (name, value) in extra.as_object().into_iter().flatten() {
            event[name.as_str()] = value.clone();
        }
        event
    }

    /// What the newest button with this label would post.
    pub(crate) fn data(&self, user: &str, label: &str) -> String {
        let items = self.received(user).into_iter().rev();
        let mut actions = items.flat_map(|item| self.platform.actions(user, &item.id));
        let view = actions.find(|view| view.label.contains(label)).expect("such a button");
        view.action["data"].as_str().unwrap().to_owned()
    }

    /// Presses the n-th oldest button with this label.
    pub(crate) fn press_nth(&mut self, user: &str, label: &str, n: usize) {
        let items: Vec<String> = self.received(user).iter().map(|item| item.id.clone()).collect();
        let found = items.into_iter().filter_map(|id| {
            let view = self.platform.actions(user, &id).into_iter();
            view.clone().find(|view| view.label.contains(label)).map(|view| (id, view.index))
        });
        let (id, index) = found.collect::<Vec<_>>().into_iter().nth(n).expect("such a button");
        self.platform.press(self.now.millis(), user, &id, index).unwrap();
        self.settle();
    }

    /// Whether the person sees a button with this label anywhere.
    pub(crate) fn sees_button(&self, user: &str, label: &str) -> bool {
        let mut items = self.received(user).into_iter();
        items.any(|item| {
            self.platform.actions(user, &item.id).iter().any(|view| view.label.contains(label))
        })
    }

    /// The newest thing the account sent to a person, as it is stored on the phone.
    pub(crate) fn last(&self, user: &str) -> String {
        self.received(user).last().map(|item| item.content.to_string()).unwrap_or_default()
    }

    /// How many pushes LINE was asked for to a person.
    pub(crate) fn pushes(&self, user: &str) -> usize {
        let pushes = self.platform.requests().iter().filter(|r| r.path.ends_with("/push"));
        pushes.filter(|r| r.to.as_deref() == Some(user)).count()
    }

    /// When each message with this text in it came to a person.
    pub(crate) fn times(&self, user: &str, text: &str) -> Vec<Moment> {
        let items = self.received(user).into_iter();
        items
            .filter(|item| item.content.to_string().contains(text))
            .map(|item| Moment::from_millis(item.at_ms))
            .collect()
    }

    /// What the account sent to a person, as JSON, oldest first.
    pub(crate) fn texts(&self, user: &str) -> Vec<String> {
        self.received(user).iter().map(|item| item.content.to_string()).collect()
    }

    /// The open round of a person.
    pub(crate) fn round(&self, user: &str) -> Option<Round> {
        self.person(user)?.watch?.round
    }

    /// The open case of a person.
    pub(crate) fn open_case(&self, user: &str) -> Option<Case> {
        let id = self.person(user)?.watch?.case?;
        self.case(id)
    }

    /// A case.
    pub(crate) fn case(&self, id: CaseId) -> Option<Case> {
        self.store.read().unwrap().case(id).unwrap()
    }

    /// The timer of a person.
    pub(crate) fn timer(&self, user: &str) -> Option<Moment> {
        let id = self.id(user).0;
        let mut found = None;
        let note = |timer, due_at| {
            if timer == id {
                found = Some(due_at);
            }
        };
        self.store.read().unwrap().timers(note).unwrap();
        found
    }

    /// The timer of a person's open case.
    pub(crate) fn case_timer(&self, user: &str) -> Option<Moment> {
        let case = self.person(user)?.watch?.case?;
        self.store.read().unwrap().timer(case.0).unwrap()
    }

    /// Whether the office sees a case of this person.
    pub(crate) fn on_the_board(&self, user: &str) -> bool {
        let id = self.id(user);
        let reading = self.store.read().unwrap();
        let open = reading.open_case_ids(1000).unwrap();
        let mut cases = open.into_iter().filter_map(|case| reading.case(case).unwrap());
        cases.any(|case| case.person == id && case.office_since.is_some())
    }

    /// What seals buttons.
    pub(crate) fn mint(&self) -> Mint {
        Mint::new(&self.store.read().unwrap().secret().unwrap())
    }

    /// The first team of a person.
    pub(crate) fn team(&self, user: &str) -> Team {
        let reading = self.store.read().unwrap();
        let (team, _, _) = reading.places(self.id(user)).unwrap()[0];
        reading.team(team).unwrap().unwrap()
    }

    /// Starts the server anew with other rules.
    pub(crate) fn edit_rules(&mut self, change: impl Fn(&mut Rules)) {
        self.stop();
        change(&mut self.rules);
        self.start();
    }

    /// Changes the teams in which a person is asked.
    pub(crate) fn edit_team(&mut self, user: &str, change: impl Fn(&mut Team)) {
        let id = self.id(user);
        self.edit(|tables| {
            for (team, _, _) in tables.places(id).unwrap() {
                let mut team = tables.team(team).unwrap().unwrap();
                change(&mut team);
                tables.put_team(&team).unwrap();
            }
        });
    }

    /// How many entries the journal has.
    pub(crate) fn journal_length(&self) -> u64 {
        self.store.read().unwrap().journal_last().unwrap().map_or(0, |entry| entry.number)
    }

    /// What was written into the journal after an entry.
    pub(crate) fn facts_since(&self, number: u64) -> Vec<Fact> {
        let entries = self.store.read().unwrap().journal_after(number, usize::MAX).unwrap();
        entries.into_iter().map(|entry| entry.fact).collect()
    }

    /// Changes the data file while the server is stopped.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Tables<'_>)) {
        self.stop();
        let writing = self.store.write().unwrap();
        {
            let mut tables = writing.tables();
            change(&mut tables);
        }
        writing.commit().unwrap();
        self.start();
    }

    /// Lets something happen inside the server, and everything that follows.
    pub(crate) fn happen(&mut self, events: &[Event]) {
        self.commit(events);
        self.settle();
    }

    /// Everything that people saw and did since the last look.
    pub(crate) fn read(&mut self) -> Vec<String> {
        std::mem::take(&mut self.transcript)
    }

    /// The notices of the account on every phone, without the details inside a message.
    pub(crate) fn notices(&self) -> Vec<(String, i64, String)> {
        let notice = |(name, at, content): (String, i64, String)| {
            let content: Value = serde_json::from_str(&content).unwrap();
            (name, at, content["altText"].as_str().unwrap_or("text").to_owned())
        };
        self.phones().into_iter().map(notice).collect()
    }

    /// What every phone shows of the account's messages, with times, for comparison.
    pub(crate) fn phones(&self) -> Vec<(String, i64, String)> {
        let mut all = Vec::new();
        for user in self.platform.users() {
            let Some(phone) = self.platform.phone(user) else { continue };
            let bot = phone.items.iter().filter(|item| item.from == Side::Bot);
            all.extend(bot.map(|item| (phone.name.clone(), item.at_ms, item.content.to_string())));
        }
        all
    }

    /// けんじ, who heads an organization team.
    pub(crate) fn organization(&mut self) -> String {
        let kenji = self.friend("けんじ");
        self.press(&kenji, "見守る");
        // The greeting's first button contains the same words.
        self.say(&kenji, "見守る");
        self.press(&kenji, "同意");
        self.say(&kenji, "けんじ");
        self.say(&kenji, "みどり町会");
        self.press(&kenji, "町会・団体など");
        self.press(&kenji, "受け取れます");
        kenji
    }

    /// Someone who joins by the newest invitation of `inviter` to be asked.
    pub(crate) fn member(&mut self, inviter: &str, name: &str, days: &str, hour: &str) -> String {
        self.say(inviter, "招待");
        self.press(inviter, "見守られる方を招待");
        let code = self.code(inviter);
        let user = self.friend(name);
        self.say(&user, &format!("招待コード {code}"));
        self.press(&user, "参加する");
        self.press(&user, "同意");
        self.say(&user, name);
        self.say(&user, days);
        self.say(&user, hour);
        user
    }
}
