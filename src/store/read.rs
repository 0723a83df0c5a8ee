//! A consistent view of the data for pages, tasks and the command line. Short-lived: while it is
//! held, the file cannot reuse space.

use redb::{Key, TableDefinition, Value};

use super::error::StoreError;
use super::journal::{self, Entry};
use super::meta::{self, Account, ChannelKeys};
use super::schema;
use super::table::{ReadOnlyTable, ReadTransaction, ReadableTable};
use super::{
    bulletins, cases, details, erasures, face, groups, invitations, members, opinions,
    organizations, page_sessions, persons, records, rounds, service, sessions, staff, teams,
};
use crate::domain::bulletin::{Bulletin, Receipt};
use crate::domain::case::Case;
use crate::domain::details::Details;
use crate::domain::erasure::Erasure;
use crate::domain::face::{Face, Terms};
use crate::domain::group::{Group, Participant};
use crate::domain::id::{
    Address, BulletinId, CaseId, GroupId, OrganizationId, PersonId, StaffId, TeamId,
};
use crate::domain::invitation::{Code, Invitation, Mint};
use crate::domain::opinion::Opinion;
use crate::domain::organization::Organization;
use crate::domain::page::PageSession;
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::domain::round::{PastRound, Stage};
use crate::domain::service::Service;
use crate::domain::staff::{Session, Staff, TokenHash};
use crate::domain::team::{Member, MemberKey, Role, Team};
use crate::domain::time::Moment;

/// Persons that are counted.
const PERSONS_MAX: usize = 20_000;

/// Cases in which somebody still has to look.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OpenCases {
    /// Those that were found, the oldest first.
    pub cases: Vec<Case>,
    /// Whether there may be more than these.
    pub more: bool,
}

/// How things stand with those who are asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Who got the question and has not answered it, nor been reported.
    pub waiting: usize,
    /// Whom LINE does not reach.
    pub unreachable: usize,
    /// Whether there may be more than these.
    pub more: bool,
}

/// A read transaction.
pub struct Reading {
    txn: ReadTransaction,
}

impl Reading {
    pub(super) fn new(txn: ReadTransaction) -> Self {
        Self { txn }
    }

    /// A table, for whoever reads all of it.
    pub(super) fn table<K: Key, V: Value>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<ReadOnlyTable<K, V>, StoreError> {
        Ok(self.txn.open_table(table)?)
    }

    /// The secret of the data file.
    pub fn secret(&self) -> Result<[u8; 32], StoreError> {
        meta::secret(&self.txn.open_table(schema::META)?)
    }

    /// The keys of the channel, if they were entered on a page.
    pub fn channel(&self) -> Result<Option<ChannelKeys>, StoreError> {
        meta::channel(&self.txn.open_table(schema::META)?)
    }

    /// What derives identities and seals for this file.
    pub fn mint(&self) -> Result<Mint, StoreError> {
        let meta = self.txn.open_table(schema::META)?;
        Ok(Mint::new(&meta::secret(&meta)?).in_epoch(meta::epoch(&meta)?))
    }

    /// Our account on LINE, if it was ever known.
    pub fn account(&self) -> Result<Option<Account>, StoreError> {
        meta::account(&self.txn.open_table(schema::META)?)
    }

    /// The anchor of the training clock.
    pub fn training(&self) -> Result<Option<(i64, i64)>, StoreError> {
        meta::training(&self.txn.open_table(schema::META)?)
    }

    /// How many people are known.
    pub fn people(&self) -> Result<u64, StoreError> {
        Ok(self.txn.open_table(schema::PERSONS)?.len()?)
    }

    /// A person.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        persons::get(&self.txn.open_table(schema::PERSONS)?, id)
    }

    /// The person with an address.
    pub fn person_at(&self, address: &Address) -> Result<Option<PersonId>, StoreError> {
        persons::at(&self.txn.open_table(schema::ADDRESSES)?, address)
    }

    /// A team.
    pub fn team(&self, id: TeamId) -> Result<Option<Team>, StoreError> {
        teams::get(&self.txn.open_table(schema::TEAMS)?, id)
    }

    /// Teams from a number on, in order, at most `count_max`.
    pub fn teams_from(&self, id: u32, count_max: usize) -> Result<Vec<Team>, StoreError> {
        teams::from(&self.txn.open_table(schema::TEAMS)?, id, count_max)
    }

    /// How many have a role in a team.
    pub fn member_count(&self, team: TeamId, role: Role) -> Result<usize, StoreError> {
        members::count(&self.txn.open_table(schema::MEMBERS)?, team, role)
    }

    /// The invitations into a team, the newest first.
    pub fn invitations_into(&self, team: TeamId) -> Result<Vec<Invitation>, StoreError> {
        let codes = invitations::of_team(&self.txn.open_table(schema::TEAM_INVITATIONS)?, team)?;
        let table = self.txn.open_table(schema::INVITATIONS)?;
        let found = codes.into_iter().map(|code| invitations::get(&table, code));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let mut invitations: Vec<Invitation> = found.into_iter().flatten().collect();
        invitations.sort_by_key(|invitation| std::cmp::Reverse(invitation.since));
        Ok(invitations)
    }

    /// All organizations, by number.
    pub fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        organizations::all(&self.txn.open_table(schema::ORGANIZATIONS)?)
    }

    /// The places of a person in teams.
    pub fn places(&self, person: PersonId) -> Result<Vec<MemberKey>, StoreError> {
        members::places(&self.txn.open_table(schema::PLACES)?, person)
    }

    /// Those with a role in a team.
    pub fn members(
        &self,
        team: TeamId,
        role: Role,
        count_max: usize,
    ) -> Result<Vec<Member>, StoreError> {
        members::of_team(&self.txn.open_table(schema::MEMBERS)?, (team, role), 0, count_max)
    }

    /// One membership.
    pub fn member(&self, key: MemberKey) -> Result<Option<Member>, StoreError> {
        members::get(&self.txn.open_table(schema::MEMBERS)?, key)
    }

    /// An invitation.
    pub fn invitation(&self, code: Code) -> Result<Option<Invitation>, StoreError> {
        invitations::get(&self.txn.open_table(schema::INVITATIONS)?, code)
    }

    /// The receipt of the erasure of somebody.
    pub fn erasure(&self, person: PersonId) -> Result<Option<Erasure>, StoreError> {
        erasures::get(&self.txn.open_table(schema::ERASURES)?, person)
    }

    /// The receipts of all erasures, by number.
    pub fn erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        erasures::all(&self.txn.open_table(schema::ERASURES)?)
    }

    /// What people said of the service, the newest first, at most `count_max`.
    pub fn newest_opinions(&self, count_max: usize) -> Result<Vec<Opinion>, StoreError> {
        opinions::newest(&self.txn.open_table(schema::OPINIONS)?, count_max)
    }

    /// How the service presents itself.
    pub fn face(&self) -> Result<Face, StoreError> {
        face::get(&self.txn.open_table(schema::META)?)
    }

    /// The picture on top of the pages, if there is one.
    pub fn banner(&self) -> Result<Option<Vec<u8>>, StoreError> {
        face::banner(&self.txn.open_table(schema::META)?)
    }

    /// Every version of the terms that staff wrote, oldest first.
    pub fn terms(&self) -> Result<Vec<Terms>, StoreError> {
        face::terms(&self.txn.open_table(schema::TERMS)?)
    }

    /// A group.
    pub fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        groups::get(&self.txn.open_table(schema::GROUPS)?, id)
    }

    /// The groups in which somebody takes part.
    pub fn groups_of(&self, person: PersonId) -> Result<Vec<GroupId>, StoreError> {
        groups::of_person(&self.txn.open_table(schema::PARTICIPANTS)?, person)
    }

    /// A case.
    pub fn case(&self, id: CaseId) -> Result<Option<Case>, StoreError> {
        cases::get(&self.txn.open_table(schema::CASES)?, id)
    }

    /// The newest cases of a person, the newest first, at most `count_max`, looking at no more than `look_max` of all.
    pub fn cases_of(
        &self,
        person: PersonId,
        count_max: usize,
        look_max: usize,
    ) -> Result<Vec<Case>, StoreError> {
        cases::of_person(&self.txn.open_table(schema::CASES)?, person, count_max, look_max)
    }

    /// The newest cases, the newest first, at most `count_max`.
    pub fn newest_cases(&self, count_max: usize) -> Result<Vec<Case>, StoreError> {
        cases::newest(&self.txn.open_table(schema::CASES)?, count_max)
    }

    /// The numbers of open cases, oldest first.
    pub fn open_case_ids(&self, count_max: usize) -> Result<Vec<CaseId>, StoreError> {
        cases::open(&self.txn.open_table(schema::OPEN_CASES)?, count_max)
    }

    /// An organization.
    pub fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        organizations::get(&self.txn.open_table(schema::ORGANIZATIONS)?, id)
    }

    /// The state of the service.
    pub fn service(&self) -> Result<Service, StoreError> {
        service::get(&self.txn.open_table(schema::META)?)
    }

    /// Persons from a number on, in order, at most `count_max`.
    pub fn persons_from(&self, id: u32, count_max: usize) -> Result<Vec<Person>, StoreError> {
        persons::from(&self.txn.open_table(schema::PERSONS)?, id, count_max)
    }

    /// The timer of an entity.
    pub fn timer(&self, id: u32) -> Result<Option<Moment>, StoreError> {
        let table = self.txn.open_table(schema::TIMERS)?;
        Ok(table.get(id)?.map(|guard| Moment::from_millis(guard.value())))
    }

    /// Rounds of a person that ended, newest first.
    pub fn past_rounds(
        &self,
        person: PersonId,
        count_max: usize,
    ) -> Result<Vec<PastRound>, StoreError> {
        rounds::of_person(&self.txn.open_table(schema::ROUNDS)?, person, count_max)
    }

    /// Hands every timer to `each`, in the order of the entities.
    pub fn timers(&self, mut each: impl FnMut(u32, Moment)) -> Result<(), StoreError> {
        let table = self.txn.open_table(schema::TIMERS)?;
        for item in table.range::<u32>(..)? {
            let (id, due_at) = item?;
            each(id.value(), Moment::from_millis(due_at.value()));
        }
        Ok(())
    }

    /// How many messages are on their way.
    pub fn row_count(&self) -> Result<u64, StoreError> {
        Ok(self.txn.open_table(schema::OUTBOX)?.len()?)
    }

    /// Entries of the journal after `number`, oldest first.
    pub fn journal_after(&self, number: u64, count_max: usize) -> Result<Vec<Entry>, StoreError> {
        journal::after(&self.txn.open_table(schema::JOURNAL)?, number, count_max)
    }

    /// Hands entries of the journal to `each`, the newest first, until it wants no more.
    pub fn journal_back(&self, each: impl FnMut(Entry) -> bool) -> Result<(), StoreError> {
        self.journal_back_from(None, each)
    }

    /// The same from a number on downwards.
    pub fn journal_back_from(
        &self,
        from: Option<u64>,
        each: impl FnMut(Entry) -> bool,
    ) -> Result<(), StoreError> {
        let from = from.unwrap_or(u64::MAX);
        journal::back(&self.txn.open_table(schema::JOURNAL)?, from, each)
    }

    /// The newest entry of the journal.
    pub fn journal_last(&self) -> Result<Option<Entry>, StoreError> {
        journal::last(&self.txn.open_table(schema::JOURNAL)?)
    }

    /// An account of staff.
    pub fn staff(&self, id: StaffId) -> Result<Option<Staff>, StoreError> {
        staff::get(&self.txn.open_table(schema::STAFF)?, id)
    }

    /// All accounts of staff, by number.
    pub fn all_staff(&self) -> Result<Vec<Staff>, StoreError> {
        staff::all(&self.txn.open_table(schema::STAFF)?)
    }

    /// A session of staff.
    pub fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError> {
        sessions::get(&self.txn.open_table(schema::SESSIONS)?, token)
    }

    /// The sessions of an account.
    pub fn sessions_of(&self, staff: StaffId) -> Result<Vec<Session>, StoreError> {
        sessions::of_staff(&self.txn.open_table(schema::SESSIONS)?, staff)
    }

    /// All groups, by number, at most `count_max`.
    pub fn groups(&self, count_max: usize) -> Result<Vec<Group>, StoreError> {
        groups::all(&self.txn.open_table(schema::GROUPS)?, count_max)
    }

    /// Everyone who takes part in a group.
    pub fn participants(&self, group: GroupId) -> Result<Vec<Participant>, StoreError> {
        groups::participants(&self.txn.open_table(schema::PARTICIPANTS)?, group)
    }

    /// A bulletin.
    pub fn bulletin(&self, id: BulletinId) -> Result<Option<Bulletin>, StoreError> {
        bulletins::get(&self.txn.open_table(schema::BULLETINS)?, id)
    }

    /// The newest bulletins, the newest first, at most `count_max`.
    pub fn newest_bulletins(&self, count_max: usize) -> Result<Vec<Bulletin>, StoreError> {
        bulletins::newest(&self.txn.open_table(schema::BULLETINS)?, count_max)
    }

    /// What came of a bulletin, by the number of the receiver.
    pub fn receipts(&self, id: BulletinId) -> Result<Vec<(u32, Receipt)>, StoreError> {
        bulletins::receipts(&self.txn.open_table(schema::RECEIPTS)?, id)
    }

    /// A session of a person on our pages.
    pub fn page_session(
        &self,
        person: PersonId,
        token: TokenHash,
    ) -> Result<Option<PageSession>, StoreError> {
        let table = self.txn.open_table(schema::PAGE_SESSIONS)?;
        page_sessions::get(&table, page_sessions::key(person, token))
    }

    /// The sessions of a person on our pages.
    pub fn page_sessions_of(&self, person: PersonId) -> Result<Vec<PageSession>, StoreError> {
        page_sessions::of_person(&self.txn.open_table(schema::PAGE_SESSIONS)?, person)
    }

    /// The open cases that have come to the office, at most `count_max`. What a family keeps to itself
    /// is not among them.
    pub fn board(&self, count_max: usize) -> Result<OpenCases, StoreError> {
        let open = self.txn.open_table(schema::OPEN_CASES)?;
        let table = self.txn.open_table(schema::CASES)?;
        let mut board = OpenCases::default();
        for id in cases::open(&open, usize::MAX)? {
            let case = cases::get(&table, id)?.filter(|case| case.office_since.is_some());
            let Some(case) = case else { continue };
            if board.cases.len() == count_max {
                board.more = true;
                break;
            }
            board.cases.push(case);
        }
        board.cases.sort_by_key(|case| (case.opened_at, case.id));
        Ok(board)
    }

    /// What is known about a person beyond the nickname.
    pub fn details(&self, id: PersonId) -> Result<Option<Details>, StoreError> {
        details::get(&self.txn.open_table(schema::DETAILS)?, id)
    }

    /// The newest records of a case, oldest first.
    pub fn records(&self, case: CaseId, count_max: usize) -> Result<Vec<Record>, StoreError> {
        records::of_case(&self.txn.open_table(schema::RECORDS)?, case, count_max)
    }

    /// The last record of a case.
    pub fn last_record(&self, case: CaseId) -> Result<Option<Record>, StoreError> {
        records::last(&self.txn.open_table(schema::RECORDS)?, case)
    }

    /// The newest entries of the journal about a case, oldest first.
    pub fn story(&self, case: CaseId, count_max: usize) -> Result<Vec<Entry>, StoreError> {
        let journal = self.txn.open_table(schema::JOURNAL)?;
        let numbers = records::story(&self.txn.open_table(schema::STORIES)?, case, count_max)?;
        let entries = numbers.into_iter().map(|number| journal::get(&journal, number));
        Ok(entries.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Everyone who rests, at most `count_max`, and whether there may be more.
    pub fn resting(&self, count_max: usize) -> Result<(Vec<Person>, bool), StoreError> {
        let rests = |person: &Person| person.watch.as_ref().is_some_and(|w| w.pause.is_some());
        self.persons_who(count_max, rests)
    }

    /// Everyone who is asked, at most `count_max`, and whether there may be more.
    pub fn watched(&self, count_max: usize) -> Result<(Vec<Person>, bool), StoreError> {
        self.persons_who(count_max, |person| person.watch.is_some())
    }

    fn persons_who(
        &self,
        count_max: usize,
        is: impl Fn(&Person) -> bool,
    ) -> Result<(Vec<Person>, bool), StoreError> {
        let table = self.txn.open_table(schema::PERSONS)?;
        let mut found = Vec::new();
        for (seen, item) in table.range::<u32>(..)?.enumerate() {
            let (id, value) = item?;
            if seen == PERSONS_MAX || found.len() == count_max {
                return Ok((found, true));
            }
            let person = persons::decode(PersonId(id.value()), value.value())?;
            if is(&person) {
                found.push(person);
            }
        }
        Ok((found, false))
    }

    /// Everyone whose watch has ended, at most `count_max`, and whether there may be more.
    pub fn ended(&self, count_max: usize) -> Result<(Vec<Person>, bool), StoreError> {
        self.persons_who(count_max, |person| person.watch.is_none() && person.ended.is_some())
    }

    /// Everyone whose membership has an end, at most `count_max`, and whether there may be more.
    pub fn members_until(&self, count_max: usize) -> Result<(Vec<Person>, bool), StoreError> {
        self.persons_who(count_max, |person| person.membership.is_some())
    }

    /// Counts those of some people who are asked.
    pub fn standing(
        &self,
        within: impl Fn(PersonId) -> Result<bool, StoreError>,
    ) -> Result<Standing, StoreError> {
        let table = self.txn.open_table(schema::PERSONS)?;
        let mut standing = Standing::default();
        for (seen, item) in table.range::<u32>(..)?.enumerate() {
            if seen == PERSONS_MAX {
                standing.more = true;
                break;
            }
            let (id, value) = item?;
            let person = persons::decode(PersonId(id.value()), value.value())?;
            let Some(watch) = &person.watch else { continue };
            let is_asked = |stage| !matches!(stage, Stage::Asking | Stage::Reported);
            let waits = watch.round.as_ref().is_some_and(|round| is_asked(round.stage));
            let (waits, unreachable) = (waits && person.is_reachable(), person.is_lost());
            if (waits || unreachable) && within(person.id)? {
                standing.waiting += usize::from(waits);
                standing.unreachable += usize::from(unreachable);
            }
        }
        Ok(standing)
    }

    /// The names of all tables, sorted.
    pub fn table_names(&self) -> Result<Vec<String>, StoreError> {
        self.txn.table_names()
    }
}

#[cfg(test)]
mod tests {
    use super::super::open::Store;
    use super::super::schema::TABLE_NAMES;

    #[test]
    fn a_new_file_has_every_table_of_the_list_and_no_other() {
        let store = Store::in_memory([1; 32]).unwrap();
        let reading = store.read().unwrap();
        assert_eq!(reading.table_names().unwrap(), TABLE_NAMES);
        assert_eq!(reading.secret().unwrap(), [1; 32]);
    }
}
