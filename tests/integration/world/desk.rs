//! The desk of the world: somebody of the office, with a mailbox.

use anshin::domain::event::Event;
use anshin::domain::id::{StaffId, TeamId};
use anshin::domain::mail::MailAddress;
use anshin::domain::name::Name;
use anshin::domain::person::{Person, Watch};
use anshin::domain::rules::Rules;
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::domain::staff::{
    Deed, DeskAct, FactorSecret, Failures, PasswordHash, Scope, SecondFactor, Staff, StaffAct,
    StaffRole,
};
use anshin::domain::team::{Member, Role};

use super::World;

/// Who sits at the desk.
const DESK: StaffId = StaffId(900_000);

/// Where the office gets its letters.
pub(crate) const OFFICE: &str = "welfare@example.jp";

impl World {
    /// A world in which somebody sits at the desk, and the office has a mailbox.
    pub(crate) fn with_desk() -> Self {
        let office_mail = vec![MailAddress::parse(OFFICE).unwrap()];
        let mut world = Self::at("2026-11-23T08:00:00", Rules { office_mail, ..Rules::default() });
        world.sit_at_the_desk();
        world
    }

    /// Lets somebody sit at the desk.
    pub(crate) fn sit_at_the_desk(&mut self) {
        let staff = Staff {
            id: DESK,
            name: Name::of_person("山田").unwrap(),
            role: StaffRole::Worker,
            scope: Scope::Everything,
            mail: None,
            since: self.now,
            active: true,
            password: Some(PasswordHash("x".to_owned())),
            second_factor: Some(SecondFactor { secret: FactorSecret([1; 20]), last_step: 1 }),
            invitation: None,
            recovery: Vec::new(),
            failures: Failures::default(),
        };
        self.edit(|tables| tables.put_staff(&staff).unwrap());
    }

    /// LINE says that so many of the month's messages are used.
    pub(crate) fn edit_quota(&mut self, used: u32) {
        let mut service = self.store.read().unwrap().service().unwrap();
        let limit = service.quota.limit;
        service.quota.tell(limit, used, self.now);
        self.edit(|tables| tables.put_service(&service).unwrap());
    }

    /// So many people who are asked in a team, one every thirty days.
    pub(crate) fn crowd(&mut self, team: TeamId, count: usize) {
        let users: Vec<String> = (0..count).map(|n| self.friend(&format!("ひと{n}"))).collect();
        let people: Vec<Person> = users.iter().map(|user| self.person(user).unwrap()).collect();
        let (interval, hour) = (Interval::days(30).unwrap(), Hour::new(9).unwrap());
        let now = self.now;
        self.edit(|tables| {
            for person in people {
                let schedule = Schedule::starting(interval, hour, Zone::default(), now);
                tables.put_timer(person.id.0, Some(schedule.next_after(now))).unwrap();
                tables.put_member(&Member::joining(team, Role::Member, person.id, now)).unwrap();
                let watch = Some(Watch::starting(schedule, now));
                tables.put_person(&Person { watch, ..person }).unwrap();
            }
        });
    }

    /// Does something at the desk.
    pub(crate) fn desk(&mut self, act: DeskAct) {
        let act = StaffAct { at: self.now, deed: Deed::Desk { by: DESK, act } };
        self.happen(&[Event::Staff(act)]);
    }
}
