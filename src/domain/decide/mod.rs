//! From an event to what follows. Pure: the same event in the same scene at the same moment always
//! decides the same, and an event that has no meaning any more changes nothing.
//!
//! [`decide`] hands the event to the file that knows its matter: [`talk`](self) for who acts and
//! what they mean, then registration, invitations, the check-in cycle, answers and cases.

mod answer;
mod astray;
mod bulletin;
mod care;
mod cases;
mod check;
mod checkup;
mod climb;
mod delivery;
mod desk;
mod districts;
mod erase;
mod face;
mod gate;
mod group;
mod group_news;
mod help;
mod invite;
mod join;
mod leave;
mod mailbox;
mod member;
mod office;
mod overview;
mod page;
mod phoned;
mod practice;
mod rest;
mod scope;
mod settings;
mod setup;
mod soft;
mod staff;
mod take_out;
mod talk;
mod upkeep;

use std::time::Duration;

use jiff::civil::DateTime;

use super::case::Actor;
use super::decision::{Effects, Outgoing, Purpose, Reply};
use super::event::Event;
use super::fact::Fact;
use super::id::{Address, BulletinId, CaseId, GroupId, OutboxId, PersonId};
use super::invitation::Mint;
use super::message::{AlertTime, Message, OfficeNotice, Watchers, Who};
use super::name::Name;
use super::page::{Page, PageLink};
use super::person::Person;
use super::rules::{REPLY_MESSAGES_MAX, Rules};
use super::scene::Scene;
use super::schedule::Hour;
use super::time::Moment;

/// What is due is decided within this, unless nobody was there.
const LATE: Duration = Duration::from_secs(60);

/// What a decision may know besides the scene.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The present moment.
    pub now: Moment,
    /// The waits.
    pub rules: &'a Rules,
    /// Derives codes and identities.
    pub mint: &'a Mint,
}

/// What follows from an event.
#[derive(Debug, Default)]
pub struct Decision {
    /// The entities, changed.
    pub scene: Scene,
    /// What leaves the system.
    pub effects: Effects,
    /// What happened, for the journal.
    pub facts: Vec<Fact>,
}

/// Decides what follows from `event`.
#[must_use]
pub fn decide(event: &Event, scene: Scene, context: Context<'_>) -> Decision {
    let mut step = Step::new(scene, context);
    match event {
        Event::Chat(chat) => talk::chat(&mut step, chat),
        Event::Timer { id, due_at } => timer(&mut step, *id, *due_at),
        Event::Accepted { message, at } => delivery::accepted(&mut step, *message, *at),
        Event::Failed { message, why } => delivery::failed(&mut step, *message, *why),
        Event::ReplyRefused { to, cause, messages } => {
            delivery::reply_refused(&mut step, to, cause, messages);
        }
        Event::Upkeep(upkeep) => upkeep::notice(&mut step, *upkeep),
        Event::Staff(act) => staff::act(&mut step, act),
        Event::Page(event) => page::event(&mut step, event),
        Event::Group(event) => group::event(&mut step, event),
        Event::GroupNews(news) => group_news::learn(&mut step, news),
    }
    Decision { scene: step.scene, effects: step.effects, facts: step.facts }
}

/// A timer is due. One that was reset since, or fires twice, finds another due time and does nothing.
fn timer(step: &mut Step<'_>, id: u32, due_at: Moment) {
    if step.scene.timers.get(&id) != Some(&due_at) {
        return;
    }
    if due_at > step.now {
        // The clock was set back between the wheel and here: the wheel gets the timer again.
        return step.scene.timers.put(id, due_at);
    }
    // The moment as well: a timer can be set to the same past moment again, and what follows then is other news.
    step.cause = format!("timer/{id}/{}/{}", due_at.millis(), step.now.millis());
    if step.scene.persons.has(&PersonId(id)) {
        check::timer(step, PersonId(id), due_at);
    } else if step.scene.cases.has(&CaseId(id)) {
        climb::timer(step, CaseId(id));
    } else if step.scene.groups.has(&GroupId(id)) {
        group::timer(step, GroupId(id), due_at);
    } else if step.scene.bulletins.has(&BulletinId(id)) {
        bulletin::timer(step, BulletinId(id));
    } else if let Some(practice) = step.scene.service.practice.filter(|p| p.number == id) {
        practice::timer(step, &practice);
    } else {
        // Nothing of this number exists any more: the timer has no owner.
        step.scene.timers.remove(&id);
    }
}

/// The decision while it is being made.
struct Step<'a> {
    now: Moment,
    rules: &'a Rules,
    mint: &'a Mint,
    scene: Scene,
    effects: Effects,
    facts: Vec<Fact>,
    /// The identity of what caused this step, for the names of notices.
    cause: String,
    notices: u32,
    answer: Vec<Message>,
}

impl<'a> Step<'a> {
    fn new(scene: Scene, context: Context<'a>) -> Self {
        let Context { now, rules, mint } = context;
        Self {
            now,
            rules,
            mint,
            scene,
            effects: Effects::default(),
            facts: Vec::new(),
            cause: String::new(),
            notices: 0,
            answer: Vec::new(),
        }
    }

    fn person(&self, id: PersonId) -> Option<&Person> {
        self.scene.persons.get(&id)
    }

    fn name(&self, id: PersonId) -> Option<Name> {
        self.person(id).and_then(|person| person.name.clone())
    }

    /// The wall of this person's zone at `moment`.
    fn local(&self, reader: PersonId, moment: Moment) -> DateTime {
        self.person(reader).map_or(DateTime::MIN, |person| person.zone.local(moment))
    }

    /// The moment that a question is named after which was due then. Where our time was behind, or is doubted and may be, that
    /// moment may have been lived before, and what was named after it has left once already; so it may where the data came out
    /// of a copy since then.
    fn asked_for(&self, due_at: Moment) -> Moment {
        let service = &self.scene.service;
        let is_late = self.now.since(due_at) > LATE;
        // Out of a copy everything has another name.
        if service.restored.is_some_and(|copy| due_at < copy.at && copy.at <= self.now) {
            return self.now;
        }
        // A timer may have been on time both times; nothing was named after the moment before.
        let was_lived = service.time_doubted.is_some() || service.lag.is_some() && is_late;
        if was_lived { self.now - Duration::from_millis(1) } else { due_at }
    }

    /// The next question to a person, on their own wall.
    fn next_due(&self, person: PersonId) -> Option<DateTime> {
        let watch = self.person(person)?.watch.as_ref()?;
        let timer = self.scene.timers.get(&person.0).copied();
        Some(self.local(person, watch.asked_next(timer, self.now)))
    }

    /// When an alert would reach the managers for a question at this hour.
    fn alert_time(&self, hour: Hour) -> AlertTime {
        self.rules.alert_time(hour)
    }

    /// Names for "…さんに": three, and how many more.
    fn watchers_named(&self, persons: &[PersonId]) -> Watchers {
        let mut names: Vec<Name> = persons.iter().filter_map(|id| self.name(*id)).collect();
        let more = names.len().saturating_sub(3);
        names.truncate(3);
        Watchers { names, more }
    }

    /// A link into a page of ours, made now.
    fn link(&self, person: PersonId, page: Page) -> PageLink {
        PageLink { person, page, at: self.now }
    }

    /// Sets the one timer of an entity. Timers stand on whole seconds, rounded up, so that the wheel
    /// can count them.
    fn set_timer(&mut self, id: u32, due_at: Moment) {
        let whole = due_at + Duration::from_millis(999);
        self.scene.timers.put(id, Moment::from_seconds(whole.seconds()));
    }

    /// Whether LINE brings messages to a person.
    fn is_reachable(&self, person: PersonId) -> bool {
        self.person(person).is_some_and(Person::is_reachable)
    }

    /// How somebody who acts is named to others.
    fn who(&self, actor: Actor) -> Who {
        let name = actor.person().and_then(|person| self.name(person));
        name.map_or(Who::Office, Who::Named)
    }

    /// Queues a message under the identity that `name` derives.
    fn send(&mut self, name: &str, purpose: Purpose, messages: Vec<Message>) {
        let to = purpose.receiver().and_then(|to| self.person(to));
        let Some(to) = to.and_then(|person| person.address.clone()) else { return };
        let id = self.mint.outbox_id(name);
        self.effects.outgoing.push(Outgoing { id, to, purpose, messages });
    }

    /// Queues a letter to somebody who confirmed an address; `false` if there is none.
    fn send_mail(&mut self, name: &str, purpose: Purpose, messages: Vec<Message>) -> bool {
        let to = purpose.receiver().and_then(|to| self.person(to));
        let Some(to) = to.and_then(|person| person.mailbox().cloned()) else { return false };
        let id = self.mint.outbox_id(&format!("mail/{name}"));
        self.effects.outgoing.push(Outgoing { id, to: Address::Mail(to), purpose, messages });
        true
    }

    /// Queues a message of this step alone. Someone whom LINE does not reach gets a letter, if they
    /// gave an address.
    fn notify(&mut self, to: PersonId, message: Message) {
        // With what is said: two steps with one cause have other news, and one must not stand for the other.
        let name = format!("note/{}/{}/{message:?}", self.cause, self.notices);
        self.notices += 1;
        if self.is_reachable(to) {
            self.send(&name, Purpose::Notice(to), vec![message]);
        } else {
            self.send_mail(&name, Purpose::Notice(to), vec![message]);
        }
    }

    /// Queues a letter to everyone in the office who is to be told.
    fn tell_office(&mut self, name: &str, notice: OfficeNotice) {
        // What ends two cases with one press is one thing to tell.
        let said = [Message::Office(notice.clone())];
        if self.effects.outgoing.iter().any(|outgoing| outgoing.messages == said) {
            return;
        }
        for to in self.rules.office_mail.clone() {
            let id = self.mint.outbox_id(&format!("office/{name}/{}", to.as_str()));
            let messages = vec![Message::Office(notice.clone())];
            let (to, purpose) = (Address::Mail(to), Purpose::Office);
            self.effects.outgoing.push(Outgoing { id, to, purpose, messages });
        }
    }

    fn ask_id(&self, person: PersonId, due_at: Moment) -> OutboxId {
        self.mint.outbox_id(&ask_name(person, due_at))
    }

    fn resend_id(&self, person: PersonId, due_at: Moment) -> OutboxId {
        self.mint.outbox_id(&resend_name(person, due_at))
    }

    fn alert_id(&self, case: CaseId, to: PersonId) -> OutboxId {
        self.mint.outbox_id(&alert_name(case, to))
    }

    /// Takes back what may still wait of the repetitions of an alert.
    fn withdraw_raises(&mut self, case: CaseId, to: PersonId) {
        let Some(raised_at) = self.scene.cases.get(&case).map(|case| case.raised_at) else {
            return;
        };
        for kind in Raise::ALL {
            let id = self.mint.outbox_id(&raise_name(case, raised_at, kind, to));
            self.withdraw(id);
        }
    }

    fn withdraw(&mut self, id: OutboxId) {
        self.effects.withdrawn.push(id);
    }

    /// Adds to the answer of this step. No rule says more than fits into one reply.
    fn reply(&mut self, message: Message) {
        debug_assert!(self.answer.len() < REPLY_MESSAGES_MAX, "an answer of too many messages");
        self.answer.push(message);
        self.answer.truncate(REPLY_MESSAGES_MAX);
    }

    /// Closes the step of a chat: answers for free where a token allows it, else pushes what
    /// matters.
    fn answer(&mut self, to: PersonId, token: Option<&String>) {
        let messages = std::mem::take(&mut self.answer);
        if messages.is_empty() {
            return;
        }
        let Some(address) = self.person(to).and_then(|person| person.address.clone()) else {
            return;
        };
        match token.cloned() {
            Some(token) => {
                let cause = self.cause.clone();
                self.effects.reply = Some(Reply { to: address, cause, token, messages });
            }
            None => self.push_what_matters(to, messages),
        }
    }

    /// Sends what should not be lost with a reply, as one push.
    fn push_what_matters(&mut self, to: PersonId, mut messages: Vec<Message>) {
        messages.retain(Message::matters);
        if !messages.is_empty() {
            self.send(&format!("reply/{}", self.cause), Purpose::Notice(to), messages);
        }
    }
}

fn ask_name(person: PersonId, due_at: Moment) -> String {
    format!("ask/{person}/{}", due_at.millis())
}

fn resend_name(person: PersonId, due_at: Moment) -> String {
    format!("resend/{person}/{}", due_at.millis())
}

fn alert_name(case: CaseId, to: PersonId) -> String {
    format!("alert/{case}/{to}")
}

/// Why an alert is repeated: each repetition of one has a name of its own, because under one that LINE has accepted
/// before, nothing arrives.
#[derive(Clone, Copy)]
enum Raise {
    /// Nobody has taken the case.
    Unclaimed,
    /// Whoever had taken it said nothing more.
    Lapsed,
    /// The data came out of a copy.
    Afresh,
    /// The night is over.
    Morning,
}

impl Raise {
    const ALL: [Self; 4] = [Self::Unclaimed, Self::Lapsed, Self::Afresh, Self::Morning];
}

fn raise_name(case: CaseId, raised_at: Moment, kind: Raise, to: PersonId) -> String {
    let kind = match kind {
        Raise::Unclaimed => "again",
        Raise::Lapsed => "lapsed",
        Raise::Afresh => "afresh",
        Raise::Morning => "morning",
    };
    format!("raise/{case}/{}/{kind}/{to}", raised_at.millis())
}

fn sorry_name(person: PersonId, due_at: Moment, count: u8) -> String {
    format!("sorry/{person}/{}/{count}", due_at.millis())
}

/// The identities of the alerts of a case, for whoever loads the scene.
#[must_use]
pub fn alert_id(mint: &Mint, case: CaseId, to: PersonId) -> OutboxId {
    mint.outbox_id(&alert_name(case, to))
}
