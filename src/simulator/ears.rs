//! What the server of the simulated world has heard: what it said that it has, it may not lose, may not do twice (I7), and
//! has to believe (I8).

use std::borrow::Cow;

use serde::Deserialize;

use super::world::{Done, World};
use crate::domain::case::Case;
use crate::domain::id::PersonId;
use crate::locale::simulator as words;
use crate::platform::Delivery;

/// What a webhook says, as far as it is held against anything.
#[derive(Deserialize, Default)]
pub(super) struct Said<'d> {
    #[serde(borrow)]
    events: Vec<Happened<'d>>,
}

/// An event of a webhook. What a text of it escapes is a copy, the rest is where it came.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Happened<'d> {
    #[serde(borrow)]
    webhook_event_id: Option<Cow<'d, str>>,
    timestamp: Option<i64>,
    #[serde(borrow, default)]
    source: From<'d>,
    #[serde(borrow)]
    postback: Option<Postback<'d>>,
    #[serde(borrow)]
    message: Option<Message<'d>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct From<'d> {
    #[serde(borrow)]
    user_id: Option<Cow<'d, str>>,
    #[serde(borrow)]
    group_id: Option<Cow<'d, str>>,
}

#[derive(Deserialize)]
struct Postback<'d> {
    #[serde(borrow)]
    data: Cow<'d, str>,
}

#[derive(Deserialize)]
struct Message<'d> {
    #[serde(borrow)]
    text: Option<Cow<'d, str>>,
}

impl<'d> Said<'d> {
    pub(super) fn of(delivery: &'d Delivery) -> Self {
        serde_json::from_slice(&delivery.body).unwrap_or_default()
    }

    /// What LINE calls the events, as far as they have names.
    fn ids(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| event.webhook_event_id.as_deref())
    }
}

impl World {
    /// Whether everything that LINE brings here was on our disk before.
    pub(super) fn heard_before(&self, said: &Said<'_>) -> bool {
        let mut ids = said.ids().peekable();
        ids.peek().is_some() && ids.all(|id| self.heard_ids.contains(id))
    }

    pub(super) fn write_down(&mut self, said: &Said<'_>) -> Done {
        for event in &said.events {
            // What came before changes nothing a second time.
            let id = event.webhook_event_id.as_deref().unwrap_or_default();
            if !id.is_empty() && !self.heard_ids.insert(id.to_owned()) {
                continue;
            }
            let (postback, message) = (event.postback.as_ref(), event.message.as_ref());
            let acts = postback.is_some() || message.is_some();
            let user = event.source.user_id.as_deref().filter(|_| acts);
            let Some(person) = user.map(|user| self.person(user)).transpose()?.flatten() else {
                continue;
            };
            let data = postback.map(|postback| &*postback.data);
            if event.source.group_id.is_some() {
                data.into_iter().for_each(|data| self.truth.heard_in_group(person, data));
                continue;
            }
            if let Some(data) = data {
                self.truth.heard_of_rest(self.now, person, data);
                self.truth.heard_of_leaving(self.now, person, data);
                self.truth.heard_of_choice(self.now, person, data);
                self.moves(person, data)?;
                if let Some(at_ms) = event.timestamp {
                    self.has_met(person, at_ms, data)?;
                }
            }
            // Whoever takes an answer back says nothing of themselves, nor does who needs help by what the server has lost.
            let at_ms = event.timestamp.unwrap_or_default();
            let calls = data.map(|data| self.hears_of_news(person, (at_ms, data))).transpose()?;
            if calls == Some(true) || data.is_some_and(|data| data.starts_with("nm.")) {
                continue;
            }
            let text = message.and_then(|message| message.text.as_deref());
            // Who cries for help is alive, and has not said that all is well.
            if text == Some(words::HELP) {
                continue;
            }
            let is_asked = self.truth.asked.iter().any(|asked| asked.person == person);
            if let Some(at_ms) = event.timestamp.filter(|_| is_asked) {
                self.truth.heard(person, at_ms, self.now);
                if text == Some(words::WELL) {
                    self.truth.heard_early(person, at_ms);
                }
                self.is_believed(person, at_ms)?;
            }
        }
        Ok(())
    }

    fn moves(&mut self, person: PersonId, data: &str) -> Done {
        if !data.starts_with("li.") {
            return Ok(());
        }
        let watch = self.server.store.read()?.person(person)?.and_then(|person| person.watch);
        let rests = watch.is_some_and(|watch| watch.pause.is_some());
        self.truth.heard_of_place(self.now, person, data, rests);
        Ok(())
    }

    /// I8: whoever was met by somebody who watches is not waited for any more.
    fn has_met(&mut self, by: PersonId, at_ms: i64, data: &str) -> Done {
        let mut words = data.split(['.', '~']);
        let (Some("px"), Some(person)) = (words.next(), words.next()) else { return Ok(()) };
        let Ok(person) = person.parse().map(PersonId) else { return Ok(()) };
        if !self.truth.watchers_at(person, self.now).contains(&by) {
            return Ok(());
        }
        self.truth.met.entry(person.0).or_default().insert(at_ms);
        if !self.truth.is_right(self.now) {
            return Ok(());
        }
        let reading = self.server.store.read()?;
        let Some(watch) = reading.person(person)?.and_then(|person| person.watch) else {
            return Ok(());
        };
        let case = watch.case.map(|case| reading.case(case)).transpose()?.flatten();
        let waits = watch.round.is_some_and(|round| round.due_at.millis() <= at_ms);
        if waits || case.as_ref().is_some_and(Case::is_open) {
            let what = format!("{by} met {person} at {at_ms}, who is still waited for: {case:?}");
            self.truth.violation("I8", self.now, what);
        }
        *self.marks.entry("met by somebody who watches".to_owned()).or_default() += 1;
        Ok(())
    }

    /// I8: whoever was heard is not waited for any more.
    pub(super) fn is_believed(&mut self, person: PersonId, at_ms: i64) -> Done {
        if !self.truth.is_right(self.now) {
            return Ok(());
        }
        let reading = self.server.store.read()?;
        let watch = reading.person(person)?.and_then(|person| person.watch);
        let Some(case) = watch.and_then(|watch| watch.case) else { return Ok(()) };
        let Some(case) = reading.case(case)? else { return Ok(()) };
        let ends = case.trouble.ends_with_answer() && !case.called_emergency;
        if ends && case.is_open() && at_ms >= case.round_due_at.millis() {
            let what = format!("{person} was heard at {at_ms}, and {case:?} is still open");
            self.truth.violation("I8", self.now, what);
        }
        Ok(())
    }
}
