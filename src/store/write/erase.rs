//! Forgetting one person: every row that is about them goes, in the transaction of the step that decided it. What stays
//! has their number and nothing that says whose it is: cases, and entries of the journal. Which kinds there are and how
//! many of each went stands on the receipt.

use redb::Key;

use super::super::error::StoreError;
use super::super::outbox::{self, Row};
use super::super::table::{ReadableTable, Table};
use super::super::{
    bulletins, cases, details, erasures, invitations, members, opinions, records, teams,
};
use super::Tables;
use crate::domain::bulletin::Audience;
use crate::domain::case::Case;
use crate::domain::erasure::{Erasure, Hindrance, Kind};
use crate::domain::id::{OutboxId, PersonId, TeamId};
use crate::domain::name::Name;
use crate::domain::team::{Role, Team, TeamKind, TeamName};

impl Tables<'_> {
    /// The receipt of an erasure.
    pub fn erasure(&self, person: PersonId) -> Result<Option<Erasure>, StoreError> {
        erasures::get(&self.erasures, person)
    }

    /// What stands in the way of forgetting somebody, if anything does.
    pub fn hindrance(&self, id: PersonId) -> Result<Option<Hindrance>, StoreError> {
        let Some(person) = self.person(id)? else { return Ok(None) };
        let open = self.open_cases()?.into_iter().map(|case| self.case(case));
        let open: Vec<Case> = open.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let rows = outbox::all(&self.outbox)?;
        let under_way = rows.iter().any(|row| row.may_tell_of(id, person.name.as_ref()));
        let (places, organizations) = (self.places(id)?, self.all_organizations()?);
        Ok(Hindrance::of(&person, &places, &open, &organizations, under_way))
    }

    /// Removes everything about somebody and writes the receipt; the messages that must not leave any more.
    pub fn erase(&mut self, erasure: &Erasure) -> Result<Vec<OutboxId>, StoreError> {
        let mut receipt = erasure.clone();
        let person = erasure.person;
        let name = self.person(person)?.and_then(|known| known.name);
        let withdrawn = self.erase_messages(person)?;
        receipt.count(Kind::Messages, withdrawn.len());
        self.erase_profile(person, &mut receipt)?;
        self.erase_history(person, &mut receipt)?;
        self.erase_correspondence(person, &mut receipt)?;
        receipt.count(Kind::Invitations, self.erase_invitations(person)?);
        receipt.count(Kind::TeamNames, self.erase_team_names(name.as_ref())?);
        self.put_erasure(&receipt)?;
        Ok(withdrawn)
    }

    /// All receipts.
    pub fn all_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        erasures::all(&self.erasures)
    }

    /// What is still to leave and tells others of somebody, or may.
    pub fn rows_telling_of(
        &self,
        person: PersonId,
        name: Option<&Name>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut rows = outbox::all(&self.outbox)?;
        rows.retain(|row| row.may_tell_of(person, name));
        Ok(rows)
    }

    /// What is still to leave for somebody.
    pub fn rows_for(&self, person: PersonId) -> Result<Vec<Row>, StoreError> {
        let mut rows = outbox::all(&self.outbox)?;
        rows.retain(|row| row.purpose.receiver() == Some(person));
        Ok(rows)
    }

    /// What was still to leave for them, and what they were to be told.
    fn erase_messages(&mut self, person: PersonId) -> Result<Vec<OutboxId>, StoreError> {
        let rows = self.rows_for(person)?;
        for row in &rows {
            self.outbox.remove(row.id.0)?;
        }
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    fn erase_profile(&mut self, id: PersonId, receipt: &mut Erasure) -> Result<(), StoreError> {
        if let Some(known) = details::get(&self.details, id)? {
            receipt.count(Kind::Details, 1);
            receipt.count(Kind::Contacts, known.contacts.len());
        }
        for key in self.places(id)? {
            self.remove_member(key)?;
            receipt.count(Kind::Places, 1);
        }
        let found = keys(&self.participants, |(_, person)| *person == id.0)?;
        receipt.count(Kind::Groups, remove(&mut self.participants, found)?);
        let mut addresses = Vec::new();
        for item in self.addresses.iter()? {
            let (address, person) = item?;
            if person.value() == id.0 {
                addresses.push(address.value().to_owned());
            }
        }
        for address in addresses {
            self.addresses.remove(address.as_str())?;
        }
        self.details.remove(id.0)?;
        self.timers.remove(id.0)?;
        receipt.count(Kind::Profile, usize::from(self.persons.remove(id.0)?));
        Ok(())
    }

    /// Questions, answers, and the words that staff wrote about cases. The cases stay, for the numbers of a year, and so
    /// does that somebody phoned or went there.
    fn erase_history(&mut self, id: PersonId, receipt: &mut Erasure) -> Result<(), StoreError> {
        let mut rounds = Vec::new();
        for item in self.rounds.range((id.0, i64::MIN)..=(id.0, i64::MAX))? {
            rounds.push(item?.0.value());
        }
        receipt.count(Kind::Rounds, remove(&mut self.rounds, rounds)?);
        for case in cases::of_person(&self.cases, id, usize::MAX, usize::MAX)? {
            let wordless = records::without_words(&self.records, case.id)?;
            receipt.count(Kind::Records, wordless.len());
            for (key, record) in wordless {
                self.records.insert(key, records::encode(&record)?.as_slice())?;
            }
        }
        Ok(())
    }

    /// What was said to them and by them.
    fn erase_correspondence(
        &mut self,
        id: PersonId,
        receipt: &mut Erasure,
    ) -> Result<(), StoreError> {
        for bulletin in bulletins::newest(&self.bulletins, usize::MAX)? {
            if bulletin.draft.audience == Audience::Person(id) {
                self.bulletins.remove(bulletin.id.0)?;
                self.timers.remove(bulletin.id.0)?;
                receipt.count(Kind::Bulletins, 1);
            }
        }
        let found = keys(&self.receipts, |(_, to)| *to == id.0)?;
        receipt.count(Kind::Bulletins, remove(&mut self.receipts, found)?);
        let opinions = opinions::of_person(&self.opinions, id)?;
        let opinions = opinions.into_iter().map(|(number, _)| number).collect();
        receipt.count(Kind::Opinions, remove(&mut self.opinions, opinions)?);
        for session in self.page_sessions_of(id)? {
            self.remove_page_session(id, session.token)?;
            receipt.count(Kind::PageSessions, 1);
        }
        Ok(())
    }

    /// Invitations of theirs. A leaflet by which others still join a team is the team's, and has a number in it only.
    fn erase_invitations(&mut self, id: PersonId) -> Result<usize, StoreError> {
        let mut codes = Vec::new();
        for invitation in invitations::all(&self.invitations)? {
            let theirs = invitation.by.person() == Some(id) || invitation.used_by == Some(id);
            let lives = !invitation.kind.is_single_use() && !self.is_empty(invitation.team)?;
            if theirs && !lives {
                codes.push(invitation.code);
            }
        }
        for code in &codes {
            self.remove_invitation(*code)?;
        }
        Ok(codes.len())
    }

    /// A family's team bears the name of whoever began it. Where that is nobody who is still in it, its number stands
    /// there from now on; so in a team where nobody is left at all.
    fn erase_team_names(&mut self, name: Option<&Name>) -> Result<usize, StoreError> {
        let mut renamed = Vec::new();
        for team in teams::from(&self.teams, 0, usize::MAX)? {
            let theirs = matches!(&team.name, TeamName::Of(of) if Some(of) == name);
            let family = team.kind == TeamKind::Personal;
            let nobody = !self.is_called_after_somebody(&team)?;
            if family && ((theirs && nobody) || self.is_empty(team.id)?) {
                let number = Name::stored(format!("#{}", team.id));
                renamed.push(Team { name: TeamName::Given(number), ..team });
            }
        }
        for team in &renamed {
            self.put_team(team)?;
        }
        Ok(renamed.len())
    }

    fn is_empty(&self, team: TeamId) -> Result<bool, StoreError> {
        let some = |role| members::count(&self.members, team, role);
        Ok(some(Role::Member)? == 0 && some(Role::Manager)? == 0)
    }

    fn is_called_after_somebody(&self, team: &Team) -> Result<bool, StoreError> {
        let TeamName::Of(name) = &team.name else { return Ok(false) };
        for role in [Role::Member, Role::Manager] {
            for member in self.members(team.id, role, usize::MAX)? {
                if self.person(member.person)?.and_then(|p| p.name).as_ref() == Some(name) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The keys of a table that fit.
fn keys<K>(
    table: &Table<'_, K, &'static [u8]>,
    fits: impl Fn(&K) -> bool,
) -> Result<Vec<K>, StoreError>
where
    K: Key + for<'k> redb::Value<SelfType<'k> = K> + 'static,
{
    let mut found = Vec::new();
    for item in table.iter()? {
        let key = item?.0.value();
        if fits(&key) {
            found.push(key);
        }
    }
    Ok(found)
}

/// Removes rows; how many there were.
fn remove<K>(table: &mut Table<'_, K, &'static [u8]>, keys: Vec<K>) -> Result<usize, StoreError>
where
    K: Key + for<'k> redb::Value<SelfType<'k> = K> + 'static,
{
    let mut count = 0;
    for key in keys {
        count += usize::from(table.remove(key)?);
    }
    Ok(count)
}
