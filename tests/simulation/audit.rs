//! Judges a finished story from the phones, the book of acknowledged acts and the data file.

#[cfg(test)]
mod teeth;

use std::collections::{BTreeMap, BTreeSet};

use anshin::domain::case::{Case, Told, Trouble};
use anshin::domain::fact::Fact;
use anshin::domain::id::{Address, CaseId, PersonId};
use anshin::domain::ladder::Rung;
use anshin::domain::person::{Person, Watch};
use anshin::domain::round::{Ending, PastRound, Round};
use anshin::domain::time::Moment;
use anshin::store::{Entry, Reading};

use crate::courier::Acknowledged;
use crate::people::{self, ALERT, NOT_SENT, QUESTION, RESEND};
use crate::town::{Counts, Outage, Town};

/// Rounds, cases and entries that are read.
const MANY: usize = 1_000_000;

/// Messages that name what they are about by the button they carry.
const NAMED: [&str; 4] = [QUESTION, RESEND, ALERT, NOT_SENT];

/// Less downtime than this within a round explains nothing that is missing from it.
const EXCUSE_MS: i64 = 30 * 60_000;

/// Half of the wait before an alert: it is told from outside, and a fast clock makes an hour of the
/// twinkling of an eye.
const OWN_SILENCE_MS: i64 = 90 * 60_000;

pub(crate) struct Report {
    /// What is wrong; empty in a good story.
    pub(crate) faults: Vec<String>,
    /// What happened, in numbers.
    pub(crate) summary: String,
}

/// A message of the account on a phone.
struct Shown {
    user: String,
    words: String,
    button: Option<String>,
}

/// Somebody was reported.
#[derive(Debug)]
struct Opened {
    person: PersonId,
    due_at: Moment,
    trouble: Trouble,
    at: Moment,
}

struct Audit {
    shown: Vec<Shown>,
    /// By phone: from when on it remembers what was shown. Long stories fill it.
    remembers: BTreeMap<String, i64>,
    book: Vec<Acknowledged>,
    outages: Vec<Outage>,
    persons: BTreeMap<u32, Person>,
    past: BTreeMap<u32, Vec<PastRound>>,
    cases: BTreeMap<u32, Case>,
    timers: Vec<u32>,
    journal: Vec<Entry>,
    faults: Vec<String>,
    /// Silent rounds that went all the way: question, resend, alert.
    ladders: usize,
    all_clears: usize,
}

pub(crate) fn check(town: &Town) -> Report {
    let store = town.store();
    // Ids are drawn one after another; nothing is drawn here, the transaction is dropped.
    let end = store.write().unwrap().tables().next_id().unwrap();
    let reading = store.read().unwrap();
    let mut audit = Audit::read(town, &reading, end);
    audit.faults.extend(town.standin.platform().violations().iter().cloned());
    for row in reading.rows().unwrap() {
        audit.fault(format!("never left: {row:?}"));
    }
    audit.nothing_came_twice();
    audit.acknowledged_answers_count();
    audit.acknowledged_claims_count();
    audit.no_alert_follows_an_acknowledged_answer();
    audit.silence_was_reported();
    audit.no_silence_is_our_own();
    audit.alerts_and_all_clears_match();
    audit.one_timer_each();
    if audit.ladders == 0 || audit.all_clears == 0 {
        audit.faults.push("the story was too short to show anything".to_owned());
    }
    let summary = audit.summary(town);
    Report { faults: audit.faults, summary }
}

impl Audit {
    fn read(town: &Town, reading: &Reading, end: u32) -> Self {
        let ids = || 1..end;
        let persons: BTreeMap<u32, Person> =
            ids().filter_map(|id| Some((id, reading.person(PersonId(id)).unwrap()?))).collect();
        let past =
            persons.keys().map(|id| (*id, reading.past_rounds(PersonId(*id), MANY).unwrap()));
        let past = past.collect();
        let cases = ids().filter_map(|id| Some((id, reading.case(CaseId(id)).unwrap()?))).collect();
        let mut timers = Vec::new();
        reading.timers(|id, _| timers.push(id)).unwrap();
        Self {
            shown: shown(town),
            remembers: remembers(town),
            book: town.courier.book(),
            outages: town.outages.lock().unwrap().clone(),
            past,
            cases,
            timers,
            journal: reading.journal_after(0, MANY).unwrap(),
            persons,
            faults: Vec::new(),
            ladders: 0,
            all_clears: 0,
        }
    }

    fn summary(&self, town: &Town) -> String {
        let outages = self.outages.iter();
        let down_ms: i64 =
            outages.filter_map(|outage| outage.to_ms.map(|to_ms| to_ms - outage.from_ms)).sum();
        let rounds: usize = self.past.values().map(Vec::len).sum();
        let endings = self.past.values().flatten().filter(|past| past.ending == Ending::Answered);
        let presses = self.book.iter().filter(|act| act.words.is_some()).count();
        let alerts = self.shown.iter().filter(|shown| shown.words.starts_with(ALERT)).count();
        let Counts { kills, stops, fills, ends } = town.counts;
        format!(
            "{} kills, {} stops, {} full disks ({} times it ended by itself), {} h down in all; \
             {} webhooks acknowledged, {presses} of them presses, {} deliveries without a 200; \
             {rounds} rounds ended, {} of them answered; {} silent ones told in full; {} cases, \
             {alerts} alerts; {} all-clears; {} messages on {} phones; {} journal entries",
            kills,
            stops,
            fills,
            ends,
            down_ms / 3_600_000,
            self.book.len(),
            town.courier.refused(),
            endings.count(),
            self.ladders,
            self.cases.len(),
            self.all_clears,
            self.shown.len(),
            self.persons.len(),
            self.journal.len(),
        )
    }

    fn fault(&mut self, sentence: String) {
        self.faults.push(sentence);
    }

    fn user(&self, id: PersonId) -> &str {
        self.persons
            .get(&id.0)
            .map_or("", |person| person.address.as_ref().map_or("", |address| address.as_str()))
    }

    /// How many messages on a phone begin so and carry this button.
    fn count(&self, user: &str, begin: &str, button: &str) -> usize {
        let on_phone = self.shown.iter().filter(|shown| shown.user == user);
        on_phone
            .filter(|shown| shown.words.starts_with(begin))
            .filter(|shown| shown.button.as_deref() == Some(button))
            .count()
    }

    /// Question, resend and alert of each round at most once on each phone.
    fn nothing_came_twice(&mut self) {
        let mut seen = BTreeMap::<(String, String, String), usize>::new();
        for shown in &self.shown {
            let named = NAMED.iter().any(|begin| shown.words.starts_with(begin));
            let joined = shown.words.ends_with("さんが参加しました");
            if named || joined {
                let button = shown.button.clone().unwrap_or_default();
                let key = (shown.user.clone(), shown.words.clone(), button);
                *seen.entry(key).or_default() += 1;
            }
        }
        for ((user, words, button), count) in seen {
            if count > 1 {
                self.fault(format!("{count} times on the phone of {user}: {words} ({button})"));
            }
        }
    }

    /// Every "I am well" that got its 200 is a sign of life, and closed the round that was open.
    fn acknowledged_answers_count(&mut self) {
        for act in self.book.clone() {
            let Some((person, due_at)) = act.words.as_deref().and_then(round_of) else { continue };
            let Some(watch) = self.watch(person) else {
                self.fault(format!("{person} pressed and is not watched over"));
                continue;
            };
            if watch.last_answer_at < Some(Moment::from_millis(act.at_ms)) {
                self.fault(format!("lost: {act:?}; last sign of life {:?}", watch.last_answer_at));
            }
            if watch.round.as_ref().is_some_and(|round| round.due_at == due_at) {
                self.fault(format!("answered and still open: {act:?}"));
            }
            let past = self.past[&person.0].iter().find(|past| past.round.due_at == due_at);
            let too_late = |past: &PastRound| past.ended_at.millis() <= act.known_ms;
            if !past.is_some_and(|past| past.ending == Ending::Answered || too_late(past)) {
                self.fault(format!("the answer did not close its round: {act:?}, {past:?}"));
            }
            let waiting = self.cases.values().find(|case| {
                case.person == person && case.round_due_at == due_at && case.is_open()
            });
            if let Some(case) = waiting.map(|case| case.id) {
                self.fault(format!("answered, and case {case} is still open: {act:?}"));
            }
        }
    }

    /// Whose answer had its 200 is not reported as silent afterwards.
    fn no_alert_follows_an_acknowledged_answer(&mut self) {
        for act in self.book.clone() {
            let Some((person, due_at)) = act.words.as_deref().and_then(round_of) else { continue };
            let late = self.reports().find(|report| {
                (report.person, report.due_at) == (person, due_at)
                    && report.at.millis() > act.known_ms
            });
            if let Some(report) = late {
                self.fault(format!("{report:?} though {act:?}"));
            }
        }
    }

    /// Where nobody answers for most of the last wait, it is not called "no answer": whether killed,
    /// stopped or without room.
    fn no_silence_is_our_own(&mut self) {
        let faults: Vec<String> = self
            .reports()
            .filter(|report| report.trouble == Trouble::NoAnswer)
            .filter_map(|report| {
                let round = self.round(report.person, report.due_at)?;
                let sorry = round.sorry.and_then(|sorry| sorry.accepted_at);
                let waits = sorry.max(round.resent_at)?;
                let down_ms = self.down_ms(waits, report.at);
                let fault = || format!("{} min of the wait were ours: {round:?}", down_ms / 60_000);
                (down_ms > OWN_SILENCE_MS).then(fault)
            })
            .collect();
        self.faults.extend(faults);
    }

    fn round(&self, person: PersonId, due_at: Moment) -> Option<Round> {
        let past = self.past[&person.0].iter().map(|past| past.round.clone());
        let open = self.watch(person).and_then(|watch| watch.round);
        past.chain(open).find(|round| round.due_at == due_at)
    }

    /// Every opening of a case, as the journal has it.
    fn reports(&self) -> impl Iterator<Item = Opened> + '_ {
        self.journal.iter().filter_map(|entry| {
            let Fact::CaseOpened(id, person, trouble) = entry.fact else { return None };
            let due_at = self.cases.get(&id.0)?.round_due_at;
            Some(Opened { person, due_at, trouble, at: entry.at })
        })
    }

    fn watch(&self, person: PersonId) -> Option<Watch> {
        self.persons.get(&person.0)?.watch.clone()
    }

    /// Every acknowledged "I will look" is known to its case, unless the case was over by then.
    fn acknowledged_claims_count(&mut self) {
        for act in self.book.clone() {
            let claim = act.words.as_deref().and_then(|words| words.strip_prefix("c."));
            let Some(id) = claim.and_then(|id| id.parse::<u32>().ok()) else { continue };
            let known = self
                .cases
                .get(&id)
                .is_some_and(|case| case.claim.is_some() || case.closed.is_some());
            // A promise without an outcome lapses; the journal knows it.
            let lapsed = self.journal.iter().any(
                |entry| matches!(entry.fact, Fact::ClaimLapsed(case, _) if case == CaseId(id)),
            );
            let known = known || lapsed;
            if !known {
                self.fault(format!("nobody goes, though {act:?}"));
            }
        }
    }

    /// Rounds without an answer were asked again and reported, each seen once on the phone.
    fn silence_was_reported(&mut self) {
        for (person, past) in self.past.clone() {
            for past in past {
                let seen_once = self.was_seen(PersonId(person), &past.round);
                if !seen_once {
                    self.fault(format!("accepted, but not once on the phone: {person} {past:?}"));
                }
                // One who watches answered for them, perhaps before anyone was told.
                if !matches!(past.ending, Ending::Answered | Ending::ByProxy) {
                    self.must_be_reported(PersonId(person), &past.round);
                }
            }
            let open = self.watch(PersonId(person)).and_then(|watch| watch.round);
            if let Some(round) = open.filter(|round| round.reported_at.is_some()) {
                self.must_be_reported(PersonId(person), &round);
            }
        }
    }

    /// Whether a phone still shows what came to it at a moment.
    fn remembers(&self, user: &str, at: Moment) -> bool {
        self.remembers.get(user).is_none_or(|from_ms| at.millis() >= *from_ms)
    }

    fn was_seen(&self, person: PersonId, round: &Round) -> bool {
        if !self.remembers(self.user(person), round.due_at) {
            return true;
        }
        let button = format!("w.{person}.{}", round.due_at.millis());
        let count = |begin| self.count(self.user(person), begin, &button);
        (round.asked_at.is_none() || count(QUESTION) == 1)
            && (round.resent_at.is_none() || count(RESEND) == 1)
    }

    fn must_be_reported(&mut self, person: PersonId, round: &Round) {
        let Some(reported_at) = round.reported_at else {
            return self.fault(format!("silent and never reported: {person} {round:?}"));
        };
        let told = self.journal.iter().filter(|entry| entry.at == reported_at).any(|entry| {
            matches!(entry.fact, Fact::CaseOpened(_, of, _) | Fact::StillSilent(_, of) if of == person)
        });
        if !told {
            self.fault(format!("reported to nobody: {person} {round:?}"));
        }
        if round.asked_at.is_some() && round.resent_at.is_some() {
            self.ladders += 1;
        } else if self.down_ms(round.due_at, reported_at) < EXCUSE_MS {
            self.fault(format!("reported without question and resend: {person} {round:?}"));
        }
    }

    fn down_ms(&self, from: Moment, to: Moment) -> i64 {
        let (from, to) = (from.millis(), to.millis());
        let overlap = |outage: &Outage| {
            let ended = outage.to_ms.unwrap_or(to).min(to);
            (ended - outage.from_ms.max(from)).max(0)
        };
        self.outages.iter().map(overlap).sum()
    }

    /// Whoever was alerted saw the alert once, and the all-clear once when the person answered.
    fn alerts_and_all_clears_match(&mut self) {
        let mut expected = BTreeMap::<(String, String), usize>::new();
        for case in self.cases.values().cloned().collect::<Vec<_>>() {
            let button = format!("c.{}", case.id);
            for receiver in &case.receivers {
                let user = self.user(receiver.person).to_owned();
                let forgotten = !self.remembers(&user, case.opened_at);
                let seen: usize =
                    [ALERT, NOT_SENT].iter().map(|begin| self.count(&user, begin, &button)).sum();
                let fits = match receiver.told {
                    Told::Accepted => seen == 1,
                    // Taken back while an attempt was under way: it may have arrived.
                    Told::Queued if case.cleared => seen <= 1,
                    // Killed before the answer was written down, and for longer than LINE remembers it.
                    Told::Unsure => seen <= 1,
                    Told::Withdrawn => seen == 0,
                    Told::Queued | Told::Failed | Told::Deferred | Told::ByMail => false,
                };
                if !fits && !forgotten {
                    self.fault(format!("{seen} alerts on the phone of {user}: {case:?}"));
                }
                let by_answer = case.cleared && case.closed.is_some_and(|end| end.by.is_none());
                let ended_at = case.closed.map_or(case.opened_at, |end| end.at);
                if by_answer
                    && self.remembers(&user, ended_at)
                    && matches!(receiver.told, Told::Accepted | Told::Queued | Told::Unsure)
                {
                    *expected.entry((user, self.all_clear(case.person))).or_default() += 1;
                }
            }
        }
        let mut seen = BTreeMap::<(String, String), usize>::new();
        for shown in self.shown.iter().filter(|shown| shown.words.starts_with("無事です：")) {
            *seen.entry((shown.user.clone(), shown.words.clone())).or_default() += 1;
        }
        self.all_clears = seen.values().sum();
        if seen != expected {
            self.fault(format!("all-clears: expected {expected:?}, seen {seen:?}"));
        }
    }

    fn all_clear(&self, person: PersonId) -> String {
        let name = self.persons.get(&person.0).and_then(|person| person.name.clone());
        format!("無事です：{}さんからお返事がありました", name.expect("a name"))
    }

    /// I2: everyone who is watched over and every open case has exactly one timer, and nothing else.
    fn one_timer_each(&mut self) {
        let watched = self.persons.values().filter(|person| person.watch.is_some());
        let open = self.cases.values().filter(|case| case.is_open() && case.rung != Rung::Rest);
        let mut watched: Vec<u32> = watched.map(|person| person.id.0).collect();
        watched.extend(open.map(|case| case.id.0));
        watched.sort_unstable();
        let timers: Vec<u32> =
            self.timers.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        if timers != watched || timers.len() != self.timers.len() {
            self.fault(format!("timers {:?}, watched over {watched:?}", self.timers));
        }
    }
}

/// Phones that are so full that they forgot their oldest bubbles, and since when they remember.
fn remembers(town: &Town) -> BTreeMap<String, i64> {
    let platform = town.standin.platform();
    let oldest = |user: &String| {
        let first = platform.phone(user)?.items.first()?;
        Some((user.clone(), first.at_ms))
    };
    platform.users().iter().filter_map(oldest).collect()
}

fn shown(town: &Town) -> Vec<Shown> {
    let platform = town.standin.platform();
    let users = platform.users().to_vec();
    let of_user = |user: &String| -> Vec<Shown> {
        assert!(Address::new(user).is_some());
        let items = platform.phone(user).unwrap().items.iter();
        items
            .filter(|item| item.from == anshin::platform::From::Bot)
            .map(|item| Shown {
                user: user.clone(),
                words: people::words(item).to_owned(),
                button: people::first_button(&platform, user, item),
            })
            .collect()
    };
    users.iter().flat_map(of_user).collect()
}

/// The round that a button of "I am well" answers.
fn round_of(words: &str) -> Option<(PersonId, Moment)> {
    let (person, due_at) = words.strip_prefix("w.")?.split_once('.')?;
    Some((PersonId(person.parse().ok()?), Moment::from_millis(due_at.parse().ok()?)))
}
