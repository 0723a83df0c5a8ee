//! Goodbyes that the office says: whoever watches and cannot any more is taken out of a team, and whoever has left is
//! forgotten when it is time (I11). Whoever was forgotten is in nothing that is kept, hears nothing any more, and does not
//! come back with a copy.

use std::collections::{BTreeMap, BTreeSet};

use super::spans::SENDING;
use super::told::SOON;
use super::truth::Truth;
use super::world::{Done, World};
use crate::backup::erased;
use crate::domain::erasure::{ErasureReason, Forgotten, Hindrance};
use crate::domain::event::{Event, Upkeep};
use crate::domain::id::{Address, PersonId, TeamId};
use crate::domain::person::EndReason;
use crate::domain::staff::{DeskAct, TakingOut};
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::outbox::Row;
use crate::platform::Dice;
use crate::store::{Reading, StoreError};

/// The office takes somebody out of a team, and forgets somebody: one look in so many.
const TAKES_OUT_ONE_IN: u64 = 25;
const FORGETS_ONE_IN: u64 = 10;

/// Whom it wants to forget is somebody who has not left: once in so many times.
const TOO_EARLY_ONE_IN: u64 = 8;

/// Somebody who was forgotten, as the world remembers them.
#[derive(Clone, Debug)]
struct Gone {
    at: Moment,
    name: String,
}

/// Somebody was taken out of a team, and who had to hear of it.
#[derive(Clone, Debug)]
struct Parting {
    at: Moment,
    who: PersonId,
    stay: BTreeSet<PersonId>,
}

/// Who went by the office's hand.
#[derive(Clone, Default)]
pub(super) struct Goodbyes {
    gone: BTreeMap<PersonId, Gone>,
    partings: Vec<Parting>,
    /// Over which teams the office watches by now.
    handed_over: BTreeSet<TeamId>,
}

impl World {
    /// Now and then somebody who watches is taken out of a team, and somebody is forgotten.
    pub(super) fn says_goodbye(&mut self) -> Done {
        let mut dice = Dice::new(self.dice.clone().below(u64::MAX) ^ 0xb7e);
        if dice.one_in(TAKES_OUT_ONE_IN) {
            self.takes_out(&mut dice)?;
        }
        if dice.one_in(FORGETS_ONE_IN) {
            self.forgets(&mut dice)?;
        }
        Ok(())
    }

    fn takes_out(&mut self, dice: &mut Dice) -> Done {
        self.judge()?;
        if !self.truth.is_right(self.now) {
            return Ok(());
        }
        let places = self.truth.places_of_watchers();
        if places.is_empty() {
            return Ok(());
        }
        let (team, manager) = places[dice.index(places.len())];
        let why = [EndReason::Died, EndReason::Moved][dice.index(2)];
        let hand_over = dice.one_in(2);
        let reading = self.server.store.read()?;
        let is_family = reading.team(team)?.is_some_and(|team| team.kind == TeamKind::Personal);
        let others = reading.members(team, Role::Manager, usize::MAX)?;
        let members = reading.members(team, Role::Member, usize::MAX)?;
        drop(reading);
        let members = members.into_iter().filter(|_| is_family);
        let stay = others.into_iter().chain(members).map(|member| member.person);
        let stay: BTreeSet<PersonId> = stay.filter(|person| *person != manager).collect();
        if !self.desk(DeskAct::TakeOut(TakingOut { team, manager, why, hand_over }))? {
            return Ok(());
        }
        let (went, is_last) = self.truth.is_taken_out(manager, team, (self.now, hand_over));
        let mark = match (went, is_last) {
            (true, true) => "is taken out, the last one",
            (true, false) => "is taken out",
            (false, _) => "is not taken out",
        };
        *self.marks.entry(mark.to_owned()).or_default() += 1;
        let is_in = self.server.store.read()?.places(manager)?;
        let is_in = is_in.iter().any(|(of, role, _)| *of == team && *role == Role::Manager);
        if is_in == went {
            let what = format!("{manager} should be in {team}: {}, and is: {is_in}", !went);
            self.truth.violation("I11", self.now, what);
        }
        if went {
            self.truth.goodbyes.partings.push(Parting { at: self.now, who: manager, stay });
        }
        Ok(())
    }

    fn forgets(&mut self, dice: &mut Dice) -> Done {
        self.judge()?;
        if !self.truth.is_right(self.now) {
            return Ok(());
        }
        let (left, here): (Vec<PersonId>, Vec<PersonId>) = self
            .truth
            .everybody()
            .into_iter()
            .filter(|person| !self.truth.is_forgotten(*person))
            .partition(|person| self.truth.is_nobodys(*person, self.now));
        let whom = if dice.one_in(TOO_EARLY_ONE_IN) { here } else { left };
        if whom.is_empty() {
            return Ok(());
        }
        let person = whom[dice.index(whom.len())];
        let reasons = ErasureReason::CHOICES;
        let reason = reasons[dice.index(reasons.len())];
        let Some(known) = self.server.store.read()?.person(person)? else {
            let what = format!("{person} is not known any more, and nobody forgot them");
            self.truth.violation("I11", self.now, what);
            return Ok(());
        };
        if !self.desk(DeskAct::Erase(person, reason))? {
            return Ok(());
        }
        let reading = self.server.store.read()?;
        if reading.person(person)?.is_some() {
            *self.marks.entry("is not forgotten".to_owned()).or_default() += 1;
            return Ok(());
        }
        let name = known.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
        self.truth.goes(person, Gone { at: self.now, name: name.clone() });
        *self.marks.entry("is forgotten".to_owned()).or_default() += 1;
        self.truth.nothing_is_left_of(self.now, person, &name, known.address.as_ref(), &reading)
    }

    /// Writes down beside the copies whoever was forgotten, as the service does every minute.
    pub(super) fn lists_the_forgotten(&mut self) -> Done {
        self.disk.forgotten.extend(erased::known(&self.server.store)?);
        Ok(())
    }

    /// The data file is written anew, and nobody who was forgotten before is in its bytes.
    pub(super) fn writes_anew(&self) -> Done<Vec<Event>> {
        let erasures = self.server.store.read()?.erasures()?.into_iter();
        let waiting = erasures.filter(|erasure| erasure.file_clean_at.is_none());
        Ok(waiting.map(|erasure| Event::Upkeep(Upkeep::FileClean(erasure.person))).collect())
    }

    /// Whoever was forgotten after a copy was made is in it: they are forgotten again, by the list that lies beside it.
    pub(super) fn forgets_again(&mut self) -> Done {
        let reading = self.server.store.read()?;
        let mut back = Vec::new();
        for forgotten in &self.disk.forgotten {
            let known = reading.person(forgotten.person)?;
            back.extend(known.filter(|known| known.since == forgotten.met_at));
        }
        drop(reading);
        let again = self.disk.forgotten.iter().map(|one| Event::Upkeep(Upkeep::EraseAgain(*one)));
        let again: Vec<Event> = again.collect();
        if again.is_empty() {
            return Ok(());
        }
        self.server.decides_alone(self.shown(), &again)?;
        let reading = self.server.store.read()?;
        for known in back {
            let name = known.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
            self.truth.goes(known.id, Gone { at: self.now, name: name.clone() });
            self.truth.nothing_is_left_of(
                self.now,
                known.id,
                &name,
                known.address.as_ref(),
                &reading,
            )?;
        }
        Ok(())
    }
}

impl Truth {
    /// Everybody who is asked or watches, or did.
    fn everybody(&self) -> BTreeSet<PersonId> {
        let watch = self.watchers.values().flatten().map(|watcher| watcher.person);
        self.asked.iter().map(|asked| asked.person).chain(watch).collect()
    }

    /// Who watches in which team.
    fn places_of_watchers(&self) -> Vec<(TeamId, PersonId)> {
        let mut places = BTreeSet::new();
        for (team, people) in &self.teams {
            let watchers = people.iter().filter_map(|person| self.watchers.get(person)).flatten();
            let there = watchers.filter(|watcher| watcher.until.is_none());
            places.extend(there.map(|watcher| (*team, watcher.person)));
        }
        places.into_iter().collect()
    }

    /// Whether somebody is neither asked nor watches.
    pub(super) fn is_nobodys(&self, person: PersonId, at: Moment) -> bool {
        let is_asked = self.asked.iter().any(|asked| asked.person == person);
        (!is_asked || self.has_left(person)) && self.watches_nobody(person, at)
    }

    pub(super) fn is_forgotten(&self, person: PersonId) -> bool {
        self.goodbyes.gone.contains_key(&person)
    }

    /// The office watches over a team from now on.
    pub(super) fn is_handed_over(&mut self, team: TeamId) {
        self.goodbyes.handed_over.insert(team);
    }

    /// Whether somebody could be taken out of a team, and whether they were the last who watched.
    fn is_taken_out(
        &mut self,
        watcher: PersonId,
        team: TeamId,
        (now, hand_over): (Moment, bool),
    ) -> (bool, bool) {
        let before = self.places_of_watchers();
        let others = before.iter().any(|(of, other)| *of == team && *other != watcher);
        let people = self.teams.get(&team).cloned().unwrap_or_default();
        let is_last = !others && !people.iter().all(|person| self.has_left(*person));
        let may_go = hand_over || self.goodbyes.handed_over.contains(&team);
        self.watches_no_longer(watcher, team, (now, may_go));
        let went = !self.places_of_watchers().contains(&(team, watcher));
        if went && is_last {
            self.is_handed_over(team);
        }
        (went, is_last)
    }

    /// Somebody is forgotten: whom anybody relies on may not be.
    fn goes(&mut self, person: PersonId, gone: Gone) {
        let came_back = self.restored_at == Some(gone.at);
        if !came_back && !self.is_nobodys(person, gone.at) {
            let what = format!("{person} is forgotten, and is asked or watches");
            self.violation("I11", gone.at, what);
        }
        self.leaves_the_watch(person, gone.at);
        for (team, watcher) in self.places_of_watchers() {
            if watcher == person {
                self.is_taken_out(person, team, (gone.at, true));
            }
        }
        self.goodbyes.gone.insert(person, gone);
    }

    /// No word of somebody who was forgotten is in anything that is kept.
    fn nothing_is_left_of(
        &mut self,
        now: Moment,
        person: PersonId,
        name: &str,
        address: Option<&Address>,
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let address = address.map(|address| address.as_str().to_owned()).unwrap_or_default();
        let mut found = BTreeSet::new();
        reading.every_record(|table, key, bytes| {
            for part in [key, bytes] {
                if holds_name(part, name) || holds(part, &address).next().is_some() {
                    found.insert(table.to_owned());
                }
            }
        })?;
        if !found.is_empty() {
            let what = format!("{person} was forgotten, and {name} is still in {found:?}");
            self.violation("I11", now, what);
        }
        Ok(())
    }

    /// Nothing leaves for somebody who was forgotten.
    pub(super) fn leaves_for_the_gone(&mut self, now: Moment, row: &Row) {
        let Some(to) = row.purpose.receiver() else { return };
        if let Some(gone) = self.goodbyes.gone.get(&to) {
            let what = format!("{to} was forgotten at {}, and {:?} leaves", gone.at, row.purpose);
            self.violation("I11", now, what);
        }
    }

    /// At the end: whoever stays has heard who went, whoever left can be forgotten, and whoever was has not come back.
    pub(super) fn goodbyes_at_the_end(
        &mut self,
        (from, now): (Moment, Moment),
        reading: &Reading,
    ) -> Result<(), StoreError> {
        for Parting { at, who, stay } in self.goodbyes.partings.clone() {
            let Some(by) = self.brought_by(at).filter(|by| at >= from && *by <= now) else {
                continue;
            };
            for person in stay {
                let left = self.left_at(person).is_some_and(|left_at| left_at <= by);
                let gone = left || self.is_forgotten(person) || self.phoned.contains(&person);
                if !gone
                    && !self.is_away(person, at, by)
                    && !self.said_within(person, at - self.apart, by)
                {
                    let what = format!("{person} did not hear by {by} that {who} was taken out");
                    self.violation("I11", by, what);
                }
            }
        }
        let mut whom = self.everybody();
        whom.retain(|person| self.is_nobodys(*person, now));
        // What is about them may still wait where nothing leaves.
        let can_leave = self.troubles.clear_for(SENDING, SOON, now - SOON) <= now;
        for person in whom {
            let hindrance = reading.hindrance(person)?;
            let waits = hindrance == Some(Hindrance::UnderWay) && !can_leave;
            let may_be =
                matches!(hindrance, None | Some(Hindrance::OpenCase(_) | Hindrance::Heads(_)));
            if !may_be && !waits {
                let what = format!("{person} cannot be forgotten: {hindrance:?}");
                self.violation("I11", now, what);
            }
        }
        for (person, Gone { name, .. }) in self.goodbyes.gone.clone() {
            if reading.person(person)?.is_some() {
                let what = format!("{person} was forgotten, and is there again");
                self.violation("I11", now, what);
            }
            self.nothing_is_left_of(now, person, &name, None, reading)?;
        }
        Ok(())
    }

    /// Of whoever was forgotten only what the list says is known after the disk was lost.
    pub(super) fn remembers(&mut self, before: &Self, listed: &BTreeSet<Forgotten>) {
        let is_listed = |person: &PersonId| listed.iter().any(|one| one.person == *person);
        let gone = before.goodbyes.gone.iter().filter(|(person, _)| is_listed(person));
        self.goodbyes.gone.extend(gone.map(|(person, gone)| (*person, gone.clone())));
    }
}

/// Where a word stands among bytes, by what comes behind it.
fn holds<'b>(bytes: &'b [u8], word: &'b str) -> impl Iterator<Item = &'b [u8]> {
    let word = word.as_bytes();
    let windows = bytes.windows(word.len().max(1)).enumerate();
    let found = windows.filter(move |(_, window)| !word.is_empty() && *window == word);
    found.map(move |(at, _)| &bytes[at + word.len()..])
}

/// Whether a name stands there, and not only the beginning of another one: names end in numbers.
fn holds_name(bytes: &[u8], name: &str) -> bool {
    holds(bytes, name).any(|rest| !rest.first().is_some_and(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_it_ends_and_not_in_a_longer_one() {
        for there in ["n1", "n1 is well", "xn1\0", "n12 and n1"] {
            assert!(holds_name(there.as_bytes(), "n1"), "{there}");
        }
        for other in ["n12", "n", ""] {
            assert!(!holds_name(other.as_bytes(), "n1"), "{other}");
        }
        assert!(!holds_name(b"x", ""));
    }
}
