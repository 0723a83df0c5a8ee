//! Groups of the simulated world: who meets, what they answered, and what must therefore be said in the group (I23).
//! Nothing here is taken from the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::spans::ASKING;
use super::truth::{Brought, DAY, EARLY, HOUR, MINUTE, Truth};
use super::world::{Done, World};
use crate::domain::decision::Purpose;
use crate::domain::event::{Event, GroupNews};
use crate::domain::id::{GroupId, PersonId};
use crate::domain::time::Moment;
use crate::keeper::walk;
use crate::line::call;
use crate::outbox::{Inquiry, Row};

/// From LINE's acceptance of the question to the word about who is missing.
const WAIT: Duration = Duration::from_secs(23 * 3600);

/// Neighbours who meet, as the world knows them.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    pub(super) id: GroupId,
    /// What LINE calls the group.
    pub(super) line_id: String,
    /// Who takes part, with the name that everyone sees.
    pub(super) people: Vec<(PersonId, String)>,
    pub(super) first_due: Moment,
    pub(super) days: u64,
}

/// Which question to which group.
type Question = (u32, i64);

/// What happened in groups.
#[derive(Clone, Default)]
pub(super) struct Minutes {
    /// When LINE took a question.
    asked: BTreeMap<Question, Moment>,
    /// Whose press was answered with 200, by question.
    heard: BTreeMap<Question, BTreeSet<u32>>,
    /// When which group was not asked, because the rest of the month is kept for alerts.
    pub(super) spared: BTreeSet<Question>,
    /// About which questions it was said who is missing.
    reported: BTreeSet<Question>,
}

impl Truth {
    /// Somebody pressed the button of a group's question, and the server said that it has it.
    pub(super) fn heard_in_group(&mut self, person: PersonId, data: &str) {
        let mut words = data.split(['.', '~']);
        let ("gw", Some(group), Some(due)) =
            (words.next().unwrap_or_default(), words.next(), words.next())
        else {
            return;
        };
        if let (Ok(group), Ok(due)) = (group.parse(), due.parse()) {
            self.minutes.heard.entry((group, due)).or_default().insert(person.0);
        }
    }

    /// The word about who is missing begins to leave: it names nobody who was heard, it is said of somebody, and not
    /// too early.
    pub(super) fn report_leaves(&mut self, now: Moment, row: &Row, meetings: &[Meeting]) {
        let Purpose::GroupReport(group, due) = row.purpose else { return };
        let Some(meeting) = meetings.iter().find(|meeting| meeting.id == group) else { return };
        let key = (group.0, due.millis());
        let asked_at = self.minutes.asked.get(&key).copied();
        if asked_at.is_none_or(|at| now.since(at) + EARLY + self.apart < WAIT) {
            let what = format!("{group} was asked at {asked_at:?} and is reported on at {now}");
            self.violation("I23", now, what);
        }
        let heard = self.minutes.heard.get(&key).cloned().unwrap_or_default();
        let text = String::from_utf8_lossy(&row.body);
        let is_heard = |person: &PersonId| heard.contains(&person.0);
        if row.queued_at == now {
            for (person, name) in meeting.people.iter().filter(|(person, _)| is_heard(person)) {
                if text.contains(name.as_str()) {
                    let what = format!("{person} was heard and is named as missing in {group}");
                    self.violation("I23", now, what);
                }
            }
            if meeting.people.iter().all(|(person, _)| is_heard(person)) {
                self.violation("I23", now, format!("nobody is missing in {group} for {due}"));
            }
        }
    }

    /// LINE took something for a group.
    pub(super) fn left_for_group(&mut self, row: &Row, brought: Brought, counts_from: Moment) {
        match row.purpose {
            Purpose::GroupAsk(group, due) if brought.accepted => {
                self.minutes.asked.entry((group.0, due.millis())).or_insert(counts_from);
            }
            Purpose::GroupReport(group, due) if brought.shown => {
                self.minutes.reported.insert((group.0, due.millis()));
            }
            _ => {}
        }
    }

    /// Wherever somebody was missing it was said, unless something was wrong at that time.
    pub(super) fn groups_at_the_end(&mut self, (from, until): Span2, meetings: &[Meeting]) {
        for meeting in meetings {
            let step = Duration::from_secs(meeting.days * 24 * 3600);
            let mut due = meeting.first_due;
            while due + 2 * DAY < until {
                let key = (meeting.id.0, due.millis());
                // A question that left late is waited for, and the next day's is left out.
                let trouble = self.troubles.during(ASKING, due - 26 * HOUR, due + 2 * DAY);
                let heard = self.minutes.heard.get(&key).cloned().unwrap_or_default();
                let is_there = |person: PersonId| !self.is_blocked(person, due + DAY);
                let mut people = meeting.people.iter().map(|(person, _)| *person);
                let missing = people.any(|person| !heard.contains(&person.0) && is_there(person));
                self.group_rounds += 1;
                let span = (due - HOUR).millis()..(due + 2 * DAY).millis();
                let mut spared = self.minutes.spared.iter();
                let spared = spared.any(|(group, at)| *group == key.0 && span.contains(at));
                if due >= from
                    && trouble.is_zero()
                    && !spared
                    && missing
                    && !self.minutes.reported.contains(&key)
                {
                    let what = format!(
                        "somebody was missing in {} from {due} on, and nobody heard",
                        meeting.id
                    );
                    self.violation("I23", due + WAIT + 30 * MINUTE, what);
                }
                due = due + step;
            }
        }
    }
}

/// A span with both ends.
type Span2 = (Moment, Moment);

impl World {
    /// Asks LINE how large groups are, and for names, as the keeper does.
    pub(super) fn learn_groups(&mut self) -> Done {
        let questions = walk::groups(&self.server.store.read()?, self.shown())?;
        for asked in questions {
            for inquiry in &asked.inquiries {
                let Some(news) = self.inquire(inquiry)? else { return Ok(()) };
                self.server.commit(self.shown(), &[Event::GroupNews(news)])?;
            }
            let news = GroupNews::NamedAll(asked.group, asked.people());
            self.server.commit(self.shown(), &[Event::GroupNews(news)])?;
        }
        Ok(())
    }

    fn inquire(&mut self, inquiry: &Inquiry) -> Done<Option<GroupNews>> {
        Ok(match inquiry {
            Inquiry::GroupSize(id, group) => self
                .ask(&call::group_count(group))?
                .and_then(|answer| call::group_count_outcome(answer.status, &answer.body))
                .map(|size| GroupNews::Counted(*id, size)),
            Inquiry::GroupName(id, group, person, user) => self
                .ask(&call::group_member(group, user))?
                .and_then(|answer| call::group_member_outcome(answer.status, &answer.body))
                .map(|name| GroupNews::Called(*id, *person, name)),
            _ => None,
        })
    }
}
