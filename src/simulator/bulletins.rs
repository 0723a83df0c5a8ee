//! Bulletins of the simulated office: what it says to everyone at once, or to some, and whether everyone who could hear it
//! did, once, and nobody else. They stop before anything that a life hangs on does.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::spans::{MUTE, SENDING};
use super::told::{GIVEN_UP, SOON};
use super::truth::Truth;
use super::world::{Act, Done, World};
use crate::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Side, Stage, TAKE_BACK, Text,
};
use crate::domain::decision::Purpose;
use crate::domain::id::{BulletinId, OrganizationId, PersonId, TeamId};
use crate::domain::staff::DeskAct;
use crate::domain::time::Moment;
use crate::locale::simulator as words;
use crate::platform::Dice;
use crate::store::{Reading, StoreError};

/// The office has something to say: one look in so many.
const SAYS_ONE_IN: u64 = 40;

/// And then thinks better of it: one bulletin in so many, within so long.
const STOPS_ONE_IN: u64 = 5;
const STOPS_WITHIN_S: u64 = 150;

/// A few are written down at a time, a second after the last ones.
const WRITTEN_WITHIN: Duration = Duration::from_secs(60);

/// The words of a bulletin that call for help, as buttons have them.
const CALLS: [&str; 2] = ["h", "x"];

/// What the office said to everyone.
#[derive(Clone, Debug)]
struct Said {
    at: Moment,
    kind: Kind,
    audience: Audience,
    side: Side,
    /// Those for whom it is and who have LINE.
    to: BTreeSet<PersonId>,
    /// The same, with those who watch over nobody any more and are still in their team.
    may_see: BTreeSet<PersonId>,
    /// When the office thought better of it.
    stopped_at: Option<Moment>,
    /// The month's messages were limited then.
    limited: bool,
}

/// Everything that the office said, and who saw it.
#[derive(Clone, Default)]
pub(super) struct Board {
    said: BTreeMap<BulletinId, Said>,
    seen: BTreeMap<(BulletinId, PersonId), Moment>,
    /// For how many of them the month's messages did not do.
    unsaid: u64,
    /// Who called for help by them, and when, by LINE's timestamp.
    calls: BTreeSet<(PersonId, i64)>,
}

impl Board {
    /// Whether somebody called for help by what the office said, between two moments.
    pub(super) fn calls(&self, person: PersonId, from: Moment, until: Moment) -> bool {
        let mut theirs = self.calls.iter().filter(|(caller, _)| *caller == person);
        theirs.any(|(_, at_ms)| (from.millis()..=until.millis()).contains(at_ms))
    }
}

impl World {
    /// Now and then the office has something to say.
    pub(super) fn has_news(&mut self) -> Done {
        let mut dice = Dice::new(self.dice.clone().below(u64::MAX));
        if !dice.one_in(SAYS_ONE_IN) || !self.truth.is_right(self.now) {
            return Ok(());
        }
        let mut draft = Draft {
            shown_at: self.now,
            kind: Kind::ALL[dice.index(Kind::ALL.len())],
            text: Text::stored(words::NEWS.to_owned()),
            audience: Audience::Everyone,
            side: Side::ALL[dice.index(Side::ALL.len())],
            urgent: dice.one_in(3),
        };
        draft.audience = self.truth.some_audience(&mut dice, self.now);
        let Draft { kind, audience, side, .. } = draft;
        if !self.desk(DeskAct::SendBulletin(Box::new(draft)))? {
            return Ok(());
        }
        let newest = self.server.store.read()?.newest_bulletins(1)?;
        let Some(id) = newest.first().map(|bulletin| bulletin.id) else { return Ok(()) };
        let to = self.truth.audience(audience, side, (self.now, true));
        let may_see = self.truth.audience(audience, side, (self.now, false));
        let limited = self.quota.is_some();
        let (at, stopped_at) = (self.now, None);
        let said = Said { at, kind, audience, side, to, may_see, stopped_at, limited };
        self.truth.board.said.insert(id, said);
        let mark = match audience {
            Audience::Everyone => "the office has news",
            _ => "the office has news for some",
        };
        *self.marks.entry(mark.to_owned()).or_default() += 1;
        if dice.one_in(STOPS_ONE_IN) {
            let after = Duration::from_secs(dice.below(STOPS_WITHIN_S));
            self.plan(self.now + after, Act::NoNews(id));
        }
        Ok(())
    }

    /// The office thinks better of it.
    pub(super) fn has_no_news(&mut self, id: BulletinId) -> Done {
        if self.truth.is_right(self.now)
            && self.desk(DeskAct::StopBulletin(id))?
            && let Some(said) = self.truth.board.said.get_mut(&id)
        {
            said.stopped_at = Some(self.now);
            *self.marks.entry("the office has no news".to_owned()).or_default() += 1;
        }
        Ok(())
    }

    /// Whether somebody needs help by what the office said, and the server has lost that with its disk.
    pub(super) fn hears_of_news(&mut self, by: PersonId, (at_ms, data): (i64, &str)) -> Done<bool> {
        let mut words = data.split(['.', '~']);
        let (Some("b"), Some(id), Some(word)) = (words.next(), words.next(), words.next()) else {
            return Ok(false);
        };
        let Some(id) = id.parse().ok().map(BulletinId).filter(|_| CALLS.contains(&word)) else {
            return Ok(false);
        };
        let receipts = self.server.store.read()?.receipts(id)?;
        let is_lost =
            self.truth.restored_at.is_some() && !receipts.iter().any(|(to, _)| *to == by.0);
        // In an exercise nobody is alarmed by any word; what is lost may have been none.
        let said = self.truth.board.said.get(&id);
        if is_lost || said.is_none_or(|said| said.kind != Kind::Drill) {
            self.truth.board.calls.insert((by, at_ms));
        }
        Ok(is_lost)
    }

    /// I16: what is kept for alerts is not spent on bulletins, as far as LINE says what is used.
    pub(super) fn news_leaves(&mut self, purpose: Purpose) {
        let Purpose::Bulletin(id, to) = purpose else { return };
        let Some(limit) = self.quota.filter(|_| self.truth.is_right(self.now)) else { return };
        let day = self.now - Duration::from_secs(26 * 3600);
        let used = self.platform.usage_at(self.now.millis());
        // What others were asked meanwhile is in it too.
        let meanwhile = self.truth.asked.len() as u64;
        let is_sure = self.truth.troubles.during(MUTE, day, self.now).is_zero();
        if is_sure && used + limit / 10 > limit + meanwhile {
            let what = format!("{to} is sent {id:?}, and {used} of {limit} are used");
            self.truth.violation("I16", self.now, what);
        }
    }
}

impl Truth {
    /// How many bulletins the month's messages did not do for.
    pub(super) fn unsaid(&self) -> u64 {
        self.board.unsaid
    }

    /// Mostly everyone, else some teams or one person; or those of an age, which the office knows of nobody.
    fn some_audience(&self, dice: &mut Dice, now: Moment) -> Audience {
        let teams: Vec<TeamId> = self.teams.keys().copied().collect();
        let organizations: Vec<OrganizationId> = self.organizations.keys().copied().collect();
        let people = self.audience(Audience::Everyone, Side::Both, (now, true));
        let people: Vec<PersonId> = people.into_iter().collect();
        match dice.below(6) {
            3 => Audience::Age(60, 99),
            2 if !organizations.is_empty() => {
                Audience::Organization(organizations[dice.index(organizations.len())])
            }
            0 if !teams.is_empty() => Audience::Team(teams[dice.index(teams.len())]),
            1 if !people.is_empty() => Audience::Person(people[dice.index(people.len())]),
            _ => Audience::Everyone,
        }
    }

    /// Those of an audience who are asked over LINE, who watch over somebody, or both; `surely` leaves out those who watch
    /// over nobody any more.
    fn audience(
        &self,
        audience: Audience,
        side: Side,
        (now, surely): (Moment, bool),
    ) -> BTreeSet<PersonId> {
        let people: Vec<PersonId> = match audience {
            Audience::Person(person) => return BTreeSet::from([person]),
            Audience::Age(..) => return BTreeSet::new(),
            Audience::Team(team) => self.teams.get(&team).cloned().unwrap_or_default(),
            Audience::Organization(id) => {
                let teams = self.organizations.get(&id).into_iter().flatten();
                teams.filter_map(|team| self.teams.get(team)).flatten().copied().collect()
            }
            Audience::Everyone | Audience::Group(_) => {
                self.asked.iter().map(|asked| asked.person).collect()
            }
        };
        let stays = |person: &PersonId| !self.has_left(*person);
        let watched = people.iter().filter(|person| !surely || stays(person));
        let watch = watched.flat_map(|person| self.watchers_at(*person, now));
        let is_asked = |person: &PersonId| stays(person) && !self.phoned.contains(person);
        let asked = people.iter().copied().filter(is_asked);
        match side {
            Side::Watching => watch.collect(),
            Side::Asked => asked.collect(),
            Side::Both => watch.chain(asked).collect(),
        }
    }

    /// Somebody sees a bulletin.
    pub(super) fn sees_news(&mut self, now: Moment, id: BulletinId, to: PersonId) {
        self.board.seen.entry((id, to)).or_insert(now);
        let Some(said) = self.board.said.get(&id).filter(|said| self.is_right(said.at)) else {
            return;
        };
        let taken_back = said.stopped_at.is_some_and(|at| at.since(said.at) < TAKE_BACK);
        let is_for_others = !said.may_see.contains(&to);
        if taken_back && self.restored_at.is_none() {
            let what = format!("{to} sees {id:?}, which was taken back: {said:?}");
            self.violation("I11", now, what);
        } else if is_for_others && self.restored_at.is_none() {
            self.violation("I19", now, format!("{id:?} is not for {to}, who sees it: {said:?}"));
        }
    }

    pub(super) fn watches_nobody(&self, watcher: PersonId, at: Moment) -> bool {
        let mut all = self.watchers.values().flatten().filter(|own| own.person == watcher);
        !all.any(|own| own.until.is_none_or(|until| until > at))
    }

    /// At the end: who could hear what the office said has seen it, and nothing is said for ever.
    pub(super) fn news_at_the_end(
        &mut self,
        (from, now): (Moment, Moment),
        reading: &Reading,
    ) -> Result<(), StoreError> {
        for (id, said) in self.board.said.clone() {
            // What was said after the copy that the data comes out of is lost with the disk.
            if said.at < from || !self.is_right(said.at) {
                continue;
            }
            let begins_at = said.at + TAKE_BACK;
            let by = self.troubles.clear_for(SENDING, WRITTEN_WITHIN + SOON, begins_at);
            if by > now {
                continue;
            }
            // What was said to somebody alone goes with them.
            if matches!(said.audience, Audience::Person(person) if self.is_forgotten(person)) {
                continue;
            }
            let Some(bulletin) = reading.bulletin(id)? else {
                self.violation("I18", by, format!("{id:?} was said, and is nowhere"));
                continue;
            };
            let receipts = reading.receipts(id)?;
            self.news_came_to_an_end(&bulletin, &said, by);
            if let Some((to, _)) =
                receipts.iter().find(|(_, receipt)| receipt.delivery == Delivery::OnItsWay)
            {
                self.violation("I1", by, format!("{id:?} is on its way to {to} for ever"));
            }
            if matches!(bulletin.stage, Stage::Over(_, End::Complete)) {
                self.news_was_seen(id, &said, by);
            }
        }
        Ok(())
    }

    fn news_came_to_an_end(&mut self, bulletin: &Bulletin, said: &Said, by: Moment) {
        let is_right = match bulletin.stage {
            Stage::Over(_, End::Complete) => true,
            Stage::Over(at, End::TakenBack | End::Stopped) => {
                said.stopped_at.is_some_and(|stopped_at| at.since(stopped_at) <= self.apart)
            }
            Stage::Over(_, End::NoMessages) => {
                self.board.unsaid += 1;
                said.limited
            }
            Stage::Waiting | Stage::Sending(_) => false,
        };
        if !is_right {
            self.violation("I1", by, format!("{bulletin:?} did not end as it should: {said:?}"));
        }
    }

    fn news_was_seen(&mut self, id: BulletinId, said: &Said, by: Moment) {
        if by.since(said.at) >= GIVEN_UP {
            return;
        }
        let stay = self.audience(said.audience, said.side, (by, true));
        for to in &said.to {
            let seen = self.board.seen.get(&(id, *to)).is_some_and(|at| *at <= by);
            let stays = stay.contains(to) && !self.is_nobodys(*to, by);
            if !seen && stays && !self.is_away(*to, said.at, by) {
                let what = format!("{to} did not see {id:?} by {by}: {said:?}");
                self.violation("I1", by, what);
            }
        }
    }
}
