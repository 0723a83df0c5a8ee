//! The write transaction: every table is opened when it is first touched, everything or nothing on disk.

mod concerns;
mod erase;
mod stories;

use super::error::StoreError;
use super::meta::{self, Account};
use super::outbox::Row;
use super::schema::{self, SCHEMA_VERSION};
use super::table::{ReadableTable, Table, WriteTransaction};
use super::{
    bulletins, cases, details, erasures, face, groups, invitations, members, opinions,
    organizations, outbox, page_sessions, persons, records, rounds, seen, service, sessions, staff,
    teams,
};
use crate::domain::bulletin::{Bulletin, Receipt};
use crate::domain::details::Details;
use crate::domain::erasure::Erasure;
use crate::domain::face::{Face, Picture, Terms};
use crate::domain::group::{Group, Participant};
use crate::domain::id::{
    Address, BulletinId, CaseId, GroupId, OrganizationId, OutboxId, PersonId, StaffId, TeamId,
};
use crate::domain::invitation::{Code, Invitation};
use crate::domain::opinion::Opinion;
use crate::domain::organization::Organization;
use crate::domain::page::PageSession;
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::domain::round::PastRound;
use crate::domain::service::Service;
use crate::domain::staff::{Session, Staff, TokenHash};
use crate::domain::team::{Member, MemberKey, Role, Team};
use crate::domain::time::Moment;

/// A write transaction. Dropped without commit, it never happened.
pub struct Writing {
    pub(super) txn: WriteTransaction,
}

impl Writing {
    pub(super) fn new(txn: WriteTransaction) -> Self {
        Self { txn }
    }

    /// All tables, each opened when it is first touched.
    #[must_use]
    pub fn tables(&self) -> Tables<'_> {
        let txn = &self.txn;
        Tables {
            meta: txn.table(schema::META),
            persons: txn.table(schema::PERSONS),
            addresses: txn.table(schema::ADDRESSES),
            teams: txn.table(schema::TEAMS),
            members: txn.table(schema::MEMBERS),
            places: txn.table(schema::PLACES),
            invitations: txn.table(schema::INVITATIONS),
            team_invitations: txn.table(schema::TEAM_INVITATIONS),
            cases: txn.table(schema::CASES),
            open_cases: txn.table(schema::OPEN_CASES),
            concerns: txn.table(schema::CONCERNS),
            organizations: txn.table(schema::ORGANIZATIONS),
            timers: txn.table(schema::TIMERS),
            outbox: txn.table(schema::OUTBOX),
            rounds: txn.table(schema::ROUNDS),
            seen: txn.table(schema::SEEN),
            journal: txn.table(schema::JOURNAL),
            staff: txn.table(schema::STAFF),
            sessions: txn.table(schema::SESSIONS),
            details: txn.table(schema::DETAILS),
            records: txn.table(schema::RECORDS),
            stories: txn.table(schema::STORIES),
            page_sessions: txn.table(schema::PAGE_SESSIONS),
            groups: txn.table(schema::GROUPS),
            group_addresses: txn.table(schema::GROUP_ADDRESSES),
            participants: txn.table(schema::PARTICIPANTS),
            terms: txn.table(schema::TERMS),
            opinions: txn.table(schema::OPINIONS),
            bulletins: txn.table(schema::BULLETINS),
            receipts: txn.table(schema::RECEIPTS),
            erasures: txn.table(schema::ERASURES),
        }
    }

    /// Makes everything durable. When this returns, it survives a power cut.
    pub fn commit(self) -> Result<(), StoreError> {
        self.txn.commit()
    }

    /// Gives a new file its tables, schema and secret; leaves an existing one as it is.
    pub(super) fn begin_file(self, secret: [u8; 32]) -> Result<(), StoreError> {
        let is_new = {
            let mut tables = self.tables();
            tables.create()?;
            let is_new = meta::schema(&tables.meta)?.is_none();
            if is_new {
                meta::begin(&mut tables.meta, SCHEMA_VERSION, secret)?;
            }
            is_new
        };
        if is_new { self.commit() } else { self.txn.abort() }
    }
}

/// All tables of a write transaction.
pub struct Tables<'t> {
    meta: Table<'t, &'static str, &'static [u8]>,
    persons: Table<'t, u32, &'static [u8]>,
    addresses: Table<'t, &'static str, u32>,
    teams: Table<'t, u32, &'static [u8]>,
    members: Table<'t, (u32, u8, u32), &'static [u8]>,
    places: Table<'t, (u32, u32, u8), ()>,
    invitations: Table<'t, [u8; 8], &'static [u8]>,
    team_invitations: Table<'t, (u32, [u8; 8]), ()>,
    cases: Table<'t, u32, &'static [u8]>,
    open_cases: Table<'t, u32, ()>,
    concerns: cases::Concerns<'t>,
    organizations: Table<'t, u32, &'static [u8]>,
    timers: Table<'t, u32, i64>,
    outbox: Table<'t, [u8; 16], &'static [u8]>,
    rounds: Table<'t, (u32, i64), &'static [u8]>,
    seen: Table<'t, (i64, &'static str), ()>,
    journal: Table<'t, u64, &'static [u8]>,
    staff: Table<'t, u32, &'static [u8]>,
    sessions: Table<'t, [u8; 32], &'static [u8]>,
    details: Table<'t, u32, &'static [u8]>,
    records: Table<'t, records::Key, &'static [u8]>,
    stories: Table<'t, (u32, u64), ()>,
    page_sessions: Table<'t, page_sessions::Key, &'static [u8]>,
    groups: Table<'t, u32, &'static [u8]>,
    group_addresses: Table<'t, &'static str, u32>,
    participants: Table<'t, (u32, u32), &'static [u8]>,
    terms: Table<'t, u32, &'static [u8]>,
    opinions: Table<'t, u64, &'static [u8]>,
    bulletins: Table<'t, u32, &'static [u8]>,
    receipts: Table<'t, (u32, u32), &'static [u8]>,
    erasures: Table<'t, u32, &'static [u8]>,
}

impl Tables<'_> {
    /// Makes the tables that there are not yet.
    pub(super) fn create(&self) -> Result<(), StoreError> {
        self.meta.create()?;
        self.persons.create()?;
        self.addresses.create()?;
        self.teams.create()?;
        self.members.create()?;
        self.places.create()?;
        self.invitations.create()?;
        self.team_invitations.create()?;
        self.cases.create()?;
        self.open_cases.create()?;
        self.concerns.create()?;
        self.organizations.create()?;
        self.timers.create()?;
        self.outbox.create()?;
        self.rounds.create()?;
        self.seen.create()?;
        self.journal.create()?;
        self.staff.create()?;
        self.sessions.create()?;
        self.details.create()?;
        self.records.create()?;
        self.stories.create()?;
        self.page_sessions.create()?;
        self.groups.create()?;
        self.group_addresses.create()?;
        self.participants.create()?;
        self.terms.create()?;
        self.opinions.create()?;
        self.bulletins.create()?;
        self.receipts.create()?;
        self.erasures.create()?;
        Ok(())
    }
}

/// What a step reads.
impl Tables<'_> {
    /// The next free entity number.
    pub fn next_id(&self) -> Result<u32, StoreError> {
        meta::next_id(&self.meta)
    }

    /// A person.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        persons::get(&self.persons, id)
    }

    /// The person with an address.
    pub fn person_at(&self, address: &Address) -> Result<Option<PersonId>, StoreError> {
        persons::at(&self.addresses, address)
    }

    /// A team.
    pub fn team(&self, id: TeamId) -> Result<Option<Team>, StoreError> {
        teams::get(&self.teams, id)
    }

    /// The places of a person in teams.
    pub fn places(&self, person: PersonId) -> Result<Vec<MemberKey>, StoreError> {
        members::places(&self.places, person)
    }

    /// A membership.
    pub fn member(&self, key: MemberKey) -> Result<Option<Member>, StoreError> {
        members::get(&self.members, key)
    }

    /// Those with a role in a team.
    pub fn members(
        &self,
        team: TeamId,
        role: Role,
        count_max: usize,
    ) -> Result<Vec<Member>, StoreError> {
        members::of_team(&self.members, (team, role), 0, count_max)
    }

    /// Those who have a role in a team and whose number is greater, at most so many.
    pub fn members_after(
        &self,
        team: TeamId,
        role: Role,
        (after, count_max): (PersonId, usize),
    ) -> Result<Vec<Member>, StoreError> {
        members::of_team(&self.members, (team, role), after.0.saturating_add(1), count_max)
    }

    /// How many have a role in a team.
    pub fn member_count(&self, team: TeamId, role: Role) -> Result<usize, StoreError> {
        members::count(&self.members, team, role)
    }

    /// An invitation.
    pub fn invitation(&self, code: Code) -> Result<Option<Invitation>, StoreError> {
        invitations::get(&self.invitations, code)
    }

    /// The codes of a team.
    pub fn codes(&self, team: TeamId) -> Result<Vec<Code>, StoreError> {
        invitations::of_team(&self.team_invitations, team)
    }

    /// An organization.
    pub fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        organizations::get(&self.organizations, id)
    }

    /// All organizations.
    pub fn all_organizations(&self) -> Result<Vec<Organization>, StoreError> {
        organizations::all(&self.organizations)
    }

    /// The state of the service.
    pub fn service(&self) -> Result<Service, StoreError> {
        service::get(&self.meta)
    }

    /// The due time of an entity's timer.
    pub fn timer(&self, id: u32) -> Result<Option<Moment>, StoreError> {
        Ok(self.timers.get(id)?.map(|guard| Moment::from_millis(guard.value())))
    }

    /// A message on its way.
    pub fn row(&self, id: OutboxId) -> Result<Option<Row>, StoreError> {
        outbox::get(&self.outbox, id)
    }

    /// An account of staff.
    pub fn staff(&self, id: StaffId) -> Result<Option<Staff>, StoreError> {
        staff::get(&self.staff, id)
    }

    /// All accounts of staff.
    pub fn all_staff(&self) -> Result<Vec<Staff>, StoreError> {
        staff::all(&self.staff)
    }

    /// A session.
    pub fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError> {
        sessions::get(&self.sessions, token)
    }

    /// A group.
    pub fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        groups::get(&self.groups, id)
    }

    /// The group with an address.
    pub fn group_at(&self, address: &Address) -> Result<Option<GroupId>, StoreError> {
        Ok(self.group_addresses.get(address.as_str())?.map(|guard| GroupId(guard.value())))
    }

    /// The groups in which somebody takes part.
    pub fn groups_of(&self, person: PersonId) -> Result<Vec<GroupId>, StoreError> {
        groups::of_person(&self.participants, person)
    }

    /// Everyone who takes part in a group.
    pub fn participants(&self, group: GroupId) -> Result<Vec<Participant>, StoreError> {
        groups::participants(&self.participants, group)
    }

    /// Persons from a number on, in order, at most `count_max`.
    pub fn persons_from(&self, id: u32, count_max: usize) -> Result<Vec<Person>, StoreError> {
        persons::from(&self.persons, id, count_max)
    }

    /// A bulletin.
    pub fn bulletin(&self, id: BulletinId) -> Result<Option<Bulletin>, StoreError> {
        bulletins::get(&self.bulletins, id)
    }

    /// The newest bulletins, the newest first, at most `count_max`.
    pub fn newest_bulletins(&self, count_max: usize) -> Result<Vec<Bulletin>, StoreError> {
        bulletins::newest(&self.bulletins, count_max)
    }

    /// What came of a bulletin at a person or group.
    pub fn receipt(&self, id: BulletinId, to: u32) -> Result<Option<Receipt>, StoreError> {
        bulletins::receipt(&self.receipts, id, to)
    }

    /// The sessions of a person on our pages.
    pub fn page_sessions_of(&self, person: PersonId) -> Result<Vec<PageSession>, StoreError> {
        page_sessions::of_person(&self.page_sessions, person)
    }

    /// The sessions of an account.
    pub fn sessions_of(&self, staff: StaffId) -> Result<Vec<Session>, StoreError> {
        sessions::of_staff(&self.sessions, staff)
    }
}

/// What a step writes.
impl Tables<'_> {
    /// Writes the schema of the file.
    pub(super) fn set_schema(&mut self, version: u32) -> Result<(), StoreError> {
        meta::set_schema(&mut self.meta, version)
    }

    /// Writes the next free entity number.
    pub fn set_next_id(&mut self, next: u32) -> Result<(), StoreError> {
        meta::set_next_id(&mut self.meta, next)
    }

    /// Remembers our account on LINE.
    pub fn set_account(&mut self, account: &Account) -> Result<(), StoreError> {
        meta::set_account(&mut self.meta, account)
    }

    /// Remembers the anchor of the training clock.
    pub fn set_training(&mut self, anchor: (i64, i64)) -> Result<(), StoreError> {
        meta::set_training(&mut self.meta, anchor)
    }

    /// Writes a person and the way to them.
    pub fn put_person(&mut self, person: &Person) -> Result<(), StoreError> {
        if let Some(address) = &person.address
            && self.person_at(address)? != Some(person.id)
        {
            self.addresses.insert(address.as_str(), person.id.0)?;
        }
        self.persons.insert(person.id.0, persons::encode(person)?.as_slice())?;
        Ok(())
    }

    /// What people said of the service, the newest first, at most `count_max`.
    pub fn newest_opinions(&self, count_max: usize) -> Result<Vec<Opinion>, StoreError> {
        opinions::newest(&self.opinions, count_max)
    }

    /// Writes what somebody said of it.
    pub fn add_opinion(&mut self, opinion: &Opinion) -> Result<(), StoreError> {
        opinions::add(&mut self.opinions, opinion)
    }

    /// How the service presents itself.
    pub fn face(&self) -> Result<Face, StoreError> {
        face::get(&self.meta)
    }

    /// Writes it.
    pub fn put_face(&mut self, face: &Face) -> Result<(), StoreError> {
        face::put(&mut self.meta, face)
    }

    /// Writes the picture on top of the pages.
    pub fn put_banner(&mut self, picture: &Picture) -> Result<(), StoreError> {
        face::put_banner(&mut self.meta, picture)
    }

    /// Writes a version of the terms.
    pub fn put_terms(&mut self, terms: &Terms) -> Result<(), StoreError> {
        face::put_terms(&mut self.terms, terms)
    }

    /// Removes a person whom nothing refers to, with what is known about them.
    pub fn remove_person(&mut self, id: PersonId) -> Result<(), StoreError> {
        if let Some(address) = self.person(id)?.and_then(|person| person.address) {
            self.addresses.remove(address.as_str())?;
        }
        self.persons.remove(id.0)?;
        self.details.remove(id.0)?;
        Ok(())
    }

    /// Writes a team.
    pub fn put_team(&mut self, team: &Team) -> Result<(), StoreError> {
        self.teams.insert(team.id.0, teams::encode(team)?.as_slice())?;
        Ok(())
    }

    /// Writes a membership.
    pub fn put_member(&mut self, member: &Member) -> Result<(), StoreError> {
        members::put(&mut self.members, &mut self.places, member)
    }

    /// Removes a membership.
    pub fn remove_member(&mut self, key: MemberKey) -> Result<(), StoreError> {
        members::remove(&mut self.members, &mut self.places, key)
    }

    /// Writes an invitation.
    pub fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        invitations::put(&mut self.invitations, &mut self.team_invitations, invitation)
    }

    /// Removes an invitation.
    pub fn remove_invitation(&mut self, code: Code) -> Result<(), StoreError> {
        invitations::remove(&mut self.invitations, &mut self.team_invitations, code)
    }

    /// Writes an organization.
    pub fn put_organization(&mut self, organization: &Organization) -> Result<(), StoreError> {
        let bytes = organizations::encode(organization)?;
        self.organizations.insert(organization.id.0, bytes.as_slice())?;
        Ok(())
    }

    /// Writes the state of the service.
    pub fn put_service(&mut self, state: &Service) -> Result<(), StoreError> {
        service::put(&mut self.meta, state)
    }

    /// Sets or removes the one timer of an entity.
    pub fn put_timer(&mut self, id: u32, due_at: Option<Moment>) -> Result<(), StoreError> {
        match due_at {
            Some(due_at) => self.timers.insert(id, due_at.millis())?,
            None => self.timers.remove(id)?,
        };
        Ok(())
    }

    /// Writes a message on its way.
    pub fn put_row(&mut self, row: &Row) -> Result<(), StoreError> {
        self.outbox.insert(row.id.0, outbox::encode(row)?.as_slice())?;
        Ok(())
    }

    /// Removes a message; `false` if there was none.
    pub fn remove_row(&mut self, id: OutboxId) -> Result<bool, StoreError> {
        self.outbox.remove(id.0)
    }

    /// Files a round that ended.
    pub fn put_past(&mut self, person: PersonId, past: &PastRound) -> Result<(), StoreError> {
        let key = (person.0, past.round.due_at.millis());
        self.rounds.insert(key, rounds::encode(past)?.as_slice())?;
        Ok(())
    }

    /// Notes that an event was processed; `false` if it had been before.
    pub fn note_seen(&mut self, at: Moment, id: &str) -> Result<bool, StoreError> {
        seen::note(&mut self.seen, at, id)
    }

    /// Forgets events that can have no effect any more.
    pub fn prune_seen(&mut self, now: Moment) -> Result<usize, StoreError> {
        seen::prune(&mut self.seen, now)
    }

    /// What is known about a person.
    pub fn details(&self, id: PersonId) -> Result<Option<Details>, StoreError> {
        details::get(&self.details, id)
    }

    /// Writes what is known about a person.
    pub fn put_details(&mut self, id: PersonId, known: &Details) -> Result<(), StoreError> {
        self.details.insert(id.0, details::encode(known)?.as_slice())?;
        Ok(())
    }

    /// The last record of a case.
    pub fn last_record(&self, case: CaseId) -> Result<Option<Record>, StoreError> {
        records::last(&self.records, case)
    }

    /// Adds a record to a case.
    pub fn add_record(&mut self, case: CaseId, record: &Record) -> Result<(), StoreError> {
        records::add(&mut self.records, case, record)
    }

    /// Writes a group and the way to it.
    pub fn put_group(&mut self, group: &Group) -> Result<(), StoreError> {
        self.group_addresses.insert(group.address.as_str(), group.id.0)?;
        self.groups.insert(group.id.0, groups::encode(group)?.as_slice())?;
        Ok(())
    }

    /// Writes somebody who takes part in a group.
    pub fn put_participant(&mut self, participant: &Participant) -> Result<(), StoreError> {
        groups::put_participant(&mut self.participants, participant)
    }

    /// Removes somebody from those who take part in a group.
    pub fn remove_participant(
        &mut self,
        group: GroupId,
        person: PersonId,
    ) -> Result<(), StoreError> {
        self.participants.remove((group.0, person.0))?;
        Ok(())
    }

    /// Writes a bulletin.
    pub fn put_bulletin(&mut self, bulletin: &Bulletin) -> Result<(), StoreError> {
        self.bulletins.insert(bulletin.id.0, bulletins::encode(bulletin)?.as_slice())?;
        Ok(())
    }

    /// Writes what came of a bulletin at a person or group.
    pub fn put_receipt(
        &mut self,
        id: BulletinId,
        to: u32,
        receipt: &Receipt,
    ) -> Result<(), StoreError> {
        let bytes = bulletins::encode_receipt(receipt)?;
        self.receipts.insert((id.0, to), bytes.as_slice())?;
        Ok(())
    }

    /// Writes a session of a person on our pages.
    pub fn put_page_session(&mut self, session: &PageSession) -> Result<(), StoreError> {
        let key = page_sessions::key(session.person, session.token);
        self.page_sessions.insert(key, page_sessions::encode(session)?.as_slice())?;
        Ok(())
    }

    /// Removes a session of a person on our pages.
    pub fn remove_page_session(
        &mut self,
        person: PersonId,
        token: TokenHash,
    ) -> Result<(), StoreError> {
        self.page_sessions.remove(page_sessions::key(person, token))?;
        Ok(())
    }

    /// Writes the receipt of an erasure.
    pub fn put_erasure(&mut self, erasure: &Erasure) -> Result<(), StoreError> {
        self.erasures.insert(erasure.person.0, erasures::encode(erasure)?.as_slice())?;
        Ok(())
    }

    /// Writes an account of staff.
    pub fn put_staff(&mut self, staff: &Staff) -> Result<(), StoreError> {
        self.staff.insert(staff.id.0, staff::encode(staff)?.as_slice())?;
        Ok(())
    }

    /// Writes a session.
    pub fn put_session(&mut self, session: &Session) -> Result<(), StoreError> {
        self.sessions.insert(session.token.0, sessions::encode(session)?.as_slice())?;
        Ok(())
    }

    /// Removes a session.
    pub fn remove_session(&mut self, token: TokenHash) -> Result<(), StoreError> {
        self.sessions.remove(token.0)?;
        Ok(())
    }
}
