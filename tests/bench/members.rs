//! A data file full of members whose question was asked and not yet answered.

use std::path::Path;
use std::time::Duration;

use anshin::domain::id::{Address, PersonId, TeamId};
use anshin::domain::invitation::Mint;
use anshin::domain::name::Name;
use anshin::domain::person::{Consent, Person, Watch};
use anshin::domain::press::Press;
use anshin::domain::round::{Round, Stage};
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::domain::team::{Member, Role, Team, TeamKind, TeamName};
use anshin::domain::time::Moment;
use anshin::line::postback;
use anshin::store::{Store, Tables};

/// The channel's secret.
pub(crate) const SECRET: &str = "5f0e2c9a1b7d43f6a8e4c0d2b6917f35";

/// Members of one team, with one manager.
const TEAM_SIZE: u32 = 50;

/// Persons of one transaction while the file is filled.
const CHUNK: u32 = 5_000;

/// The user id of a member, as LINE would give it.
pub(crate) fn user(member: u32) -> String {
    format!("U{member:032x}")
}

/// What a member's button carries.
pub(crate) struct Buttons {
    mint: Mint,
    due_at: Moment,
}

impl Buttons {
    pub(crate) fn press(&self, member: u32) -> String {
        postback::write(Press::Well(person(member), self.due_at), &self.mint)
    }
}

/// Persons come after the ids that teams need.
fn person(member: u32) -> PersonId {
    PersonId(1_000_000 + member)
}

pub(crate) fn now() -> Moment {
    Moment::from_millis(chrono::Utc::now().timestamp_millis())
}

/// Fills a new file. Every member was asked an hour ago.
pub(crate) fn fill(path: &Path, members: u32) -> Buttons {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).unwrap();
    let asked_at = now() - Duration::from_secs(3600);
    let due_at = Moment::from_seconds(asked_at.seconds());
    fill_with(path, members, secret, |tables, member| add(tables, member, due_at, true));
    Buttons { mint: Mint::new(&secret), due_at }
}

/// Fills a new file. Every member has answered, and is asked again tomorrow.
pub(crate) fn fill_resting(path: &Path, members: u32) {
    let due_at = Moment::from_seconds(now().seconds());
    fill_with(path, members, [7; 32], |tables, member| add(tables, member, due_at, false));
}

/// Makes the question of so many members due at one moment, so much later.
pub(crate) fn make_due(path: &Path, members: u32, lead: Duration) -> Moment {
    let store = Store::open(path, 32 << 20, [0; 32]).unwrap();
    let writing = store.write().unwrap();
    let due_at = Moment::from_seconds((now() + lead).seconds());
    {
        let mut tables = writing.tables();
        for member in 0..members {
            tables.put_timer(person(member).0, Some(due_at)).unwrap();
        }
    }
    writing.commit().unwrap();
    due_at
}

fn fill_with(path: &Path, members: u32, secret: [u8; 32], add: impl Fn(&mut Tables<'_>, u32)) {
    let store = Store::open(path, 32 << 20, secret).unwrap();
    let mut first = 0;
    while first < members {
        let end = members.min(first + CHUNK);
        let writing = store.write().unwrap();
        {
            let mut tables = writing.tables();
            (first..end).for_each(|member| add(&mut tables, member));
            tables.set_next_id(3_000_000).unwrap();
        }
        writing.commit().unwrap();
        first = end;
    }
}

/// Somebody who was asked at `due_at`, and whether an answer is still waited for.
fn add(tables: &mut Tables<'_>, member: u32, due_at: Moment, waits: bool) {
    let team = TeamId(1 + member / TEAM_SIZE);
    let since = due_at - Duration::from_secs(30 * 24 * 3600);
    if member.is_multiple_of(TEAM_SIZE) {
        add_team(tables, team, since);
    }
    let hour = Zone::default().local(due_at).hour().unsigned_abs();
    let hour = Hour::new(hour).unwrap();
    let schedule = Schedule::starting(Interval::DAILY, hour, Zone::default(), since);
    let mut round = Round::asking(due_at);
    round.stage = Stage::Asked;
    round.asked_at = Some(due_at);
    let mut watch = Watch::starting(schedule, since);
    watch.round = waits.then_some(round);
    watch.last_answer_at = (!waits).then_some(due_at);
    let id = person(member);
    let mut person = Person::met(id, Address::new(&user(member)).unwrap(), since);
    person.name = Name::of_person(&format!("Member {member}")).ok();
    person.consent = Some(Consent { version: 1, at: since });
    person.watch = Some(watch);
    tables.put_person(&person).unwrap();
    join(tables, team, Role::Member, id, since);
    let resend_at = due_at + Duration::from_secs(24 * 3600);
    tables.put_timer(id.0, Some(resend_at)).unwrap();
}

fn add_team(tables: &mut Tables<'_>, id: TeamId, since: Moment) {
    let name = Name::of_team(&format!("Team {id}")).unwrap();
    let kind = TeamKind::Organization;
    let name = TeamName::Given(name);
    let team = Team::made(id, kind, name, since, (Interval::DAILY, Hour::DEFAULT));
    tables.put_team(&team).unwrap();
    let manager = PersonId(500_000 + id.0);
    let address = Address::new(&format!("Uf{:031x}", id.0)).unwrap();
    let mut person = Person::met(manager, address, since);
    person.name = Name::of_person(&format!("Manager {id}")).ok();
    tables.put_person(&person).unwrap();
    join(tables, id, Role::Manager, manager, since);
}

fn join(tables: &mut Tables<'_>, team: TeamId, role: Role, person: PersonId, since: Moment) {
    tables.put_member(&Member::joining(team, role, person, since)).unwrap();
}

/// How many of the first members have answered, by the file.
pub(crate) fn answered(path: &Path, members: u32) -> u32 {
    let store = Store::open(path, 32 << 20, [0; 32]).unwrap();
    let reading = store.read().unwrap();
    let count = (0..members)
        .filter(|member| !reading.past_rounds(person(*member), 1).unwrap().is_empty())
        .count();
    u32::try_from(count).unwrap()
}
