//! Persons, teams and cases, written into the data file as the rules would have left them.

use anshin::domain::case::{Case, Trouble};
use anshin::domain::id::{Address, CaseId, PersonId, TeamId};
use anshin::domain::ladder::Rung;
use anshin::domain::person::{Person, Reach, Watch};
use anshin::domain::round::{Round, Stage};
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::domain::team::{Member, Role, Team, TeamKind, TeamName};

use super::*;

/// Persons and cases, written as the rules would have left them.
pub(crate) struct Town<'h> {
    house: &'h House,
    next: u32,
}

impl<'h> Town<'h> {
    pub(crate) fn new(house: &'h House) -> Self {
        let reading = house.store.read().unwrap();
        let taken = |id| {
            reading.person(PersonId(id)).unwrap().is_some()
                || reading.team(TeamId(id)).unwrap().is_some()
                || reading.case(CaseId(id)).unwrap().is_some()
        };
        // A second town in the same house has other numbers.
        let next = (10..).map(|hundreds| hundreds * 100).find(|next| !taken(next + 1)).unwrap();
        Self { house, next }
    }

    pub(crate) fn write(&self, put: impl FnOnce(&mut anshin::store::Tables<'_>)) {
        let writing = self.house.store.write().unwrap();
        put(&mut writing.tables());
        writing.commit().unwrap();
    }

    pub(crate) fn person(&mut self, name: &str, stage: Option<Stage>, reachable: bool) -> PersonId {
        self.next += 1;
        let (id, now) = (PersonId(self.next), self.house.now());
        let address = Address::new(&format!("U{:032x}", self.next)).unwrap();
        let (interval, hour) = (Interval::DAILY, Hour::new(9).unwrap());
        let schedule = Schedule::starting(interval, hour, Zone::default(), now);
        let round = stage.map(|stage| Round { stage, ..Round::asking(now) });
        let person = Person {
            name: Some(Name::stored(name.to_owned())),
            reach: Reach { reachable, changed_at: now },
            watch: Some(Watch { round, ..Watch::starting(schedule, now) }),
            ..Person::met(id, address, now)
        };
        self.write(|tables| tables.put_person(&person).unwrap());
        id
    }

    pub(crate) fn team(&mut self, name: &str, member: PersonId) {
        self.next += 1;
        let (id, since) = (TeamId(self.next), self.house.now());
        let name = TeamName::Given(Name::stored(name.to_owned()));
        let kind = TeamKind::Organization;
        let team = Team::made(id, kind, name, since, (Interval::DAILY, Hour::DEFAULT));
        let place = Member::joining(id, Role::Member, member, since);
        self.write(|tables| {
            tables.put_team(&team).unwrap();
            tables.put_member(&place).unwrap();
        });
    }

    pub(crate) fn manager(&mut self, team: TeamId, person: PersonId) {
        let place = Member::joining(team, Role::Manager, person, self.house.now());
        self.write(|tables| tables.put_member(&place).unwrap());
    }

    pub(crate) fn member(&mut self, team: TeamId, person: PersonId) {
        let place = Member::joining(team, Role::Member, person, self.house.now());
        self.write(|tables| tables.put_member(&place).unwrap());
    }

    pub(crate) fn family(&mut self, name: &str, member: PersonId) -> TeamId {
        self.next += 1;
        let (team, since) = (TeamId(self.next), self.house.now());
        let name = TeamName::Of(Name::stored(name.to_owned()));
        let made =
            Team::made(team, TeamKind::Personal, name, since, (Interval::DAILY, Hour::DEFAULT));
        let place = Member::joining(team, Role::Member, member, since);
        self.write(|tables| {
            tables.put_team(&made).unwrap();
            tables.put_member(&place).unwrap();
        });
        team
    }

    pub(crate) fn case(
        &mut self,
        person: PersonId,
        trouble: Trouble,
        change: impl FnOnce(&mut Case),
    ) -> CaseId {
        self.next += 1;
        let now = self.house.now();
        let pair = (CaseId(self.next), person);
        let mut case = Case::opened(pair, trouble, now, now, (Rung::Digest, now));
        case.office_since = Some(now);
        change(&mut case);
        let known = self.house.store.read().unwrap().person(person).unwrap();
        self.write(|tables| {
            tables.put_case(&case).unwrap();
            if let Some(mut known) = known {
                if let Some(watch) = known.watch.as_mut() {
                    watch.case = Some(case.id).filter(|_| case.is_open());
                }
                tables.put_person(&known).unwrap();
            }
        });
        case.id
    }
}
