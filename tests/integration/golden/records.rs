//! The bytes of every record, as the first version of each shape wrote them: what a program writes
//! today must be what the one of yesterday can be told about. Compared as hexadecimal.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anshin::domain::case::{Actor, Case, Claim, Closed, Mark, Outcome, Receiver, Told, Trouble};
use anshin::domain::decision::Purpose;
use anshin::domain::details::Line;
use anshin::domain::fact::Fact;
use anshin::domain::id::{Address, CaseId, OrganizationId, OutboxId, PersonId, StaffId, TeamId};
use anshin::domain::invitation::{Code, CodeKind, Invitation};
use anshin::domain::ladder::Rung;
use anshin::domain::name::Name;
use anshin::domain::pause::{Pause, Why};
use anshin::domain::person::{
    Aim, Consent, EndReason, Person, Reach, Setup, SetupStep, Talk, Tries, Undo, Watch,
};
use anshin::domain::round::{Ending, PastRound, Round, Sorry, Stage};
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::domain::team::{Member, Policy, Role, Team, TeamKind, TeamName};
use anshin::domain::time::Moment;
use anshin::store::{Account, Row, Store};
use expect_test::expect;
use redb::{Database, Key, ReadableDatabase, ReadableTable, TableDefinition};

/// The events that a file has seen.
pub(super) fn seen(path: &Path) -> Vec<(i64, String)> {
    let database = Database::open(path).unwrap();
    let reading = database.begin_read().unwrap();
    let table: TableDefinition<'_, (i64, &str), ()> = TableDefinition::new("seen");
    let table = reading.open_table(table).unwrap();
    let items = table.iter().unwrap().map(|item| item.unwrap().0);
    items.map(|key| (key.value().0, key.value().1.to_owned())).collect()
}

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_800_000_000 + seconds)
}

fn address() -> Address {
    Address::new("U0123456789abcdef0123456789abcdef").unwrap()
}

fn name(text: &str) -> Name {
    Name::of_person(text).unwrap()
}

fn code() -> Code {
    Code::read("K7M4-2QXY").unwrap()
}

fn round() -> Round {
    Round {
        due_at: at(0),
        stage: Stage::Resent,
        asked_at: Some(at(1)),
        resent_at: Some(at(2)),
        reported_at: None,
        sorry: None,
    }
}

fn watched() -> Person {
    let schedule = Schedule {
        interval: Interval::days(14).unwrap(),
        hour: Hour::new(23).unwrap(),
        zone: Zone::named("America/Toronto").unwrap(),
        first_day: jiff::civil::date(2026, 11, 23),
    };
    let watch = Watch {
        round: Some(round()),
        case: Some(CaseId(300)),
        pause: Some(Pause {
            since: at(9),
            first_day: jiff::civil::date(2026, 12, 1),
            last_day: jiff::civil::date(2026, 12, 7),
            why: Why::Hospital,
            by: Actor::Person(PersonId(2)),
            pings: 1,
            announced: true,
        }),
        soft: Some(CaseId(301)),
        undo: Some(Undo {
            at: at(10),
            round: round(),
            timer_at: at(11),
            last_answer_at: Some(at(12)),
            trouble: Some(Trouble::NotSent),
        }),
        last_answer_at: Some(at(4)),
        answered_due_at: Some(at(5)),
        ..Watch::starting(schedule, at(3))
    };
    Person {
        name: Some(name("よしこ")),
        consent: Some(Consent { version: 1, at: at(6) }),
        reach: Reach { reachable: false, changed_at: at(7) },
        watch: Some(watch),
        tries: Tries { since: at(8), count: 9 },
        ..Person::met(PersonId(1), address(), at(0))
    }
}

/// Somebody in each step of a registration.
fn registering() -> Vec<Person> {
    let week = Interval::days(7).unwrap();
    let join = |role| Aim::Join { code: code(), role };
    let talks = [
        Talk::Idle,
        Talk::Code,
        Talk::Setup(Setup { aim: Aim::BeWatched, step: SetupStep::Consent }),
        Talk::Setup(Setup { aim: Aim::KeepWatch, step: SetupStep::Name }),
        Talk::Setup(Setup { aim: Aim::KeepWatch, step: SetupStep::TeamName }),
        Talk::Setup(Setup { aim: Aim::KeepWatch, step: SetupStep::TeamKind(name("町会")) }),
        Talk::Setup(Setup { aim: join(Role::Manager), step: SetupStep::Interval }),
        Talk::Setup(Setup { aim: join(Role::Member), step: SetupStep::Hour(week) }),
    ];
    let numbered = talks.into_iter().zip(10..);
    let person = |(talk, id)| {
        let address = Address::new(&format!("U{id}")).unwrap();
        Person { talk, ..Person::met(PersonId(id), address, at(0)) }
    };
    numbered.map(person).collect()
}

fn team(id: u32, kind: TeamKind, name: TeamName) -> Team {
    let hour = Hour::new(9).unwrap();
    Team {
        id: TeamId(id),
        kind,
        name,
        since: at(0),
        interval: Interval::DAILY,
        hour,
        organization: (kind == TeamKind::Organization).then_some(OrganizationId(9)),
        office_agreed: kind != TeamKind::Personal,
        handed_over_at: (kind == TeamKind::Office).then(|| at(5)),
        quiet: kind == TeamKind::Organization,
        quotes: kind != TeamKind::Office,
        policy: Policy::of(kind),
        statement: (kind == TeamKind::Office)
            .then(|| Line::stored("みどり市に住んでいる方".to_owned())),
        wants_form: kind == TeamKind::Organization,
    }
}

fn case(id: u32, trouble: Trouble, closed: Option<Closed>) -> Case {
    let told =
        [Told::Queued, Told::Accepted, Told::Failed, Told::Withdrawn, Told::Deferred, Told::ByMail];
    let receivers = told.into_iter().zip(1..);
    Case {
        id: CaseId(id),
        person: PersonId(1),
        trouble,
        opened_at: at(0),
        round_due_at: at(1),
        receivers: receivers.map(|(told, n)| Receiver { person: PersonId(n), told }).collect(),
        claim: Some(Claim { by: Actor::Person(PersonId(2)), at: at(2) }),
        no_contact: true,
        called_emergency: false,
        cleared: true,
        closed,
        rung: Rung::Lapse,
        rung_at: at(3),
        raised_at: at(4),
        escalated_at: Some(at(5)),
        office_since: Some(at(6)),
        nobody: true,
        mark: Mark::Late,
        deferred_until: None,
    }
}

fn row(n: u8, purpose: Purpose, first_try_at: Option<Moment>) -> Row {
    let body = b"{}".to_vec();
    Row { id: OutboxId([n; 16]), to: address(), purpose, body, queued_at: at(0), first_try_at }
}

/// What `write` wrote into a table, key and record, in the order of the keys.
pub(super) fn bytes<K: Key + 'static>(
    table: &str,
    write: impl FnOnce(&mut anshin::store::Tables<'_>),
) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anshin.redb");
    let store = Store::open(&path, Store::CACHE_BYTES_MIN, [7; 32]).unwrap();
    let writing = store.write().unwrap();
    write(&mut writing.tables());
    writing.commit().unwrap();
    drop(store);
    let database = Database::open(&path).unwrap();
    let reading = database.begin_read().unwrap();
    let table = reading.open_table(TableDefinition::<K, &[u8]>::new(table)).unwrap();
    let mut out = String::new();
    for item in table.iter().unwrap() {
        let (key, value) = item.unwrap();
        let hex: String = value.value().iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "{:?} {hex}", key.value()).unwrap();
    }
    out
}

#[test]
fn persons() {
    let written = bytes::<u32>("persons", |tables| {
        tables.put_person(&watched()).unwrap();
        for person in registering() {
            tables.put_person(&person).unwrap();
        }
    });
    expect![[r#"
        1 b20200215530313233343536373839616263646566303132333435363738396162636465660109e38288e38197e381930a417369612f546f6b796ffd00a0b830460300000101fde0ceb8304603000000fdb0d6b83046030000010e17010f416d65726963612f546f726f6e746ffb58a2fd70b7b8304603000001fd00a0b830460300000301fdd0a7b8304603000001fda0afb83046030000000001fb2c0101fd40bfb8304603000001fd10c7b8304603000001fd50e6b83046030000fb68a2fb74a2020002010101fb2d010001fd20eeb83046030000fd00a0b830460300000301fdd0a7b8304603000001fda0afb830460300000000fdf0f5b8304603000001fdc0fdb83046030000010100fd80deb83046030000090100000000000000
        10 b2020003553130000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff000000000100000000000000
        11 b2020003553131000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff000100000100000000000000
        12 b2020003553132000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff0002000000000100000000000000
        13 b2020003553133000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff0002010100000100000000000000
        14 b2020003553134000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff0002010200000100000000000000
        15 b2020003553135000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff0002010306e794bae4bc9a00000100000000000000
        16 b2020003553136000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff0002024b374d3432515859000400000100000000000000
        17 b2020003553137000a417369612f546f6b796ffd00a0b830460300000001fdffffffffffffffff0002024b374d343251585901050700000100000000000000
    "#]].assert_eq(&written);
}

#[test]
fn teams() {
    let written = bytes::<u32>("teams", |tables| {
        let given = TeamName::Given(name("みどり町会"));
        tables.put_team(&team(1, TeamKind::Personal, TeamName::Of(name("よしこ")))).unwrap();
        tables.put_team(&team(2, TeamKind::Organization, given.clone())).unwrap();
        tables.put_team(&team(3, TeamKind::Office, given)).unwrap();
    });
    expect![[r#"
        1 b202000009e38288e38197e3819301fd00a0b8304603000001090000000001000000
        2 b20200010fe381bfe381a9e3828ae794bae4bc9a00fd00a0b830460300000109010901000101000001
        3 b20200020fe381bfe381a9e3828ae794bae4bc9a00fd00a0b830460300000109000101fd10c7b830460300000000030121e381bfe381a9e3828ae5b882e381abe4bd8fe38293e381a7e38184e3828be696b900
    "#]]
    .assert_eq(&written);
}

#[test]
fn members() {
    let written = bytes::<(u32, u8, u32)>("members", |tables| {
        for (role, receives_since) in [(Role::Manager, Some(at(1))), (Role::Member, None)] {
            let (team, person) = (TeamId(2), PersonId(1));
            let member = Member {
                team,
                role,
                person,
                since: at(0),
                receives_since,
                declared: receives_since.map(|_| Line::stored("みどり市に住んでいる方".to_owned())),
                agreed: receives_since.map_or(Policy::Nothing, |_| Policy::Full),
            };
            tables.put_member(&member).unwrap();
        }
    });
    expect![[r#"
        (2, 0, 1) b20200fd00a0b8304603000001fdd0a7b830460300000121e381bfe381a9e3828ae5b882e381abe4bd8fe38293e381a7e38184e3828be696b903
        (2, 1, 1) b20200fd00a0b83046030000000000
    "#]]
    .assert_eq(&written);
}

#[test]
fn invitations() {
    let written = bytes::<[u8; 8]>("invitations", |tables| {
        let kinds = [CodeKind::Leaflet, CodeKind::Manager, CodeKind::Either];
        for (kind, n) in kinds.into_iter().zip(0..) {
            let code = Code::stored([b'A' + n; 8]);
            let used_by = (kind == CodeKind::Manager).then_some(PersonId(4));
            let (team, by) = (TeamId(2), PersonId(1));
            let invitation =
                Invitation { code, kind, team, by: Actor::Person(by), since: at(0), used_by };
            tables.put_invitation(&invitation).unwrap();
        }
    });
    expect![[r#"
        [65, 65, 65, 65, 65, 65, 65, 65] b2020000020001fd00a0b8304603000000
        [66, 66, 66, 66, 66, 66, 66, 66] b2020001020001fd00a0b830460300000104
        [67, 67, 67, 67, 67, 67, 67, 67] b2020002020001fd00a0b8304603000000
    "#]]
    .assert_eq(&written);
}

#[test]
fn cases() {
    let written = bytes::<u32>("cases", |tables| {
        tables.put_case(&case(1, Trouble::NoAnswer, None)).unwrap();
        tables.put_case(&case(2, Trouble::NotSent, None)).unwrap();
        tables.put_case(&case(3, Trouble::Unreachable, None)).unwrap();
        tables.put_case(&case(4, Trouble::Unheard, None)).unwrap();
        for (outcome, id) in Outcome::ALL.into_iter().zip(10..) {
            let by = match outcome {
                Outcome::Answered => None,
                Outcome::HandedOn => Some(Actor::Staff(StaffId(7))),
                _ => Some(Actor::Person(PersonId(2))),
            };
            let closed = Closed { at: at(9), by, outcome };
            let receivers = Vec::new();
            let closed = Case { receivers, ..case(id, Trouble::NoAnswer, Some(closed)) };
            tables.put_case(&closed).unwrap();
        }
    });
    expect![[r#"
        1 b202000100fd00a0b83046030000fdd0a7b8304603000006010002010302040305040605010002fda0afb830460300000100010005fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        2 b202000101fd00a0b83046030000fdd0a7b8304603000006010002010302040305040605010002fda0afb830460300000100010005fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        3 b202000102fd00a0b83046030000fdd0a7b8304603000006010002010302040305040605010002fda0afb830460300000100010005fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        4 b202000103fd00a0b83046030000fdd0a7b8304603000006010002010302040305040605010002fda0afb830460300000100010005fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        10 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b83046030000000005fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        11 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020105fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        12 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020205fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        13 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020305fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        14 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020405fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        15 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020505fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        16 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020605fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        17 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020705fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        18 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020805fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        19 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000101070905fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        20 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020a05fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        21 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020b05fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        22 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020c05fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
        23 b202000100fd00a0b83046030000fdd0a7b8304603000000010002fda0afb8304603000001000101fd50e6b830460300000100020d05fd70b7b83046030000fd40bfb8304603000001fd10c7b8304603000001fde0ceb83046030000010100
    "#]].assert_eq(&written);
}

#[test]
fn messages_on_their_way() {
    let written = bytes::<[u8; 16]>("outbox", |tables| {
        let (case, person) = (CaseId(300), PersonId(70_000));
        let purposes = [
            Purpose::Alert(case, person),
            Purpose::AllClear(case, person),
            Purpose::Resend(person, at(1)),
            Purpose::Ask(person, at(1)),
            Purpose::Notice(person),
            Purpose::Raise(case, person),
            Purpose::Sorry(person, at(1)),
        ];
        for (purpose, n) in purposes.into_iter().zip(1..) {
            tables.put_row(&row(n, purpose, (n % 2 == 1).then(|| at(2)))).unwrap();
        }
    });
    expect![[r#"
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] b201002155303132333435363738396162636465663031323334353637383961626364656601fb2c01fce0220200027b7dfd00a0b8304603000001fda0afb83046030000
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] b201002155303132333435363738396162636465663031323334353637383961626364656602fb2c01fce0220200027b7dfd00a0b8304603000000
        [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3] b201002155303132333435363738396162636465663031323334353637383961626364656603fc70110100fdd0a7b83046030000027b7dfd00a0b8304603000001fda0afb83046030000
        [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4] b201002155303132333435363738396162636465663031323334353637383961626364656604fc70110100fdd0a7b83046030000027b7dfd00a0b8304603000000
        [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5] b201002155303132333435363738396162636465663031323334353637383961626364656605fc7011010000027b7dfd00a0b8304603000001fda0afb83046030000
        [6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6] b201002155303132333435363738396162636465663031323334353637383961626364656606fb2c01fce0220200027b7dfd00a0b8304603000000
        [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7] b201002155303132333435363738396162636465663031323334353637383961626364656607fc70110100fdd0a7b83046030000027b7dfd00a0b8304603000001fda0afb83046030000
    "#]].assert_eq(&written);
}

#[test]
fn rounds_that_ended() {
    let written = bytes::<(u32, i64)>("rounds", |tables| {
        let endings = Ending::ALL;
        let stages =
            [Stage::Asking, Stage::Asked, Stage::Resending, Stage::Resent, Stage::Reported];
        for (n, stage) in stages.into_iter().enumerate() {
            let sorry = Sorry {
                count: 1,
                heard_until: at(3),
                wait: Duration::from_secs(3600),
                accepted_at: Some(at(4)),
            };
            let sorry = (stage == Stage::Resent).then_some(sorry);
            let round = Round { due_at: at(n as i64), stage, sorry, ..round() };
            let ending = endings[n % endings.len()];
            tables
                .put_past(PersonId(1), &PastRound { round, ending, ended_at: at(9), by: None })
                .unwrap();
        }
    });
    expect![[r#"
        (1, 1800000000000) b20200fd00a0b830460300000001fdd0a7b8304603000001fda0afb83046030000000000fd50e6b8304603000000
        (1, 1800000001000) b20200fdd0a7b830460300000101fdd0a7b8304603000001fda0afb83046030000000001fd50e6b8304603000000
        (1, 1800000002000) b20200fda0afb830460300000201fdd0a7b8304603000001fda0afb83046030000000002fd50e6b8304603000000
        (1, 1800000003000) b20200fd70b7b830460300000301fdd0a7b8304603000001fda0afb83046030000000101fd70b7b83046030000fc80ee360001fd40bfb8304603000003fd50e6b8304603000000
        (1, 1800000004000) b20200fd40bfb830460300000401fdd0a7b8304603000001fda0afb83046030000000004fd50e6b8304603000000
    "#]].assert_eq(&written);
}

#[test]
fn the_journal() {
    let written = bytes::<u64>("journal", |tables| {
        let (person, team, case) = (PersonId(1), TeamId(2), CaseId(300));
        let facts = [
            Fact::Met(person),
            Fact::TeamMade(team, TeamKind::Organization),
            Fact::Joined(person, team, Role::Member),
            Fact::Scheduled(person, at(1)),
            Fact::Invited(person, team, CodeKind::Either),
            Fact::Asking(person, at(1)),
            Fact::CaseOpened(case, person, Trouble::Unreachable),
            Fact::Closed(case, Actor::Person(person), Outcome::Other),
            Fact::Claimed(case, Actor::Staff(StaffId(7))),
            Fact::WatchEnded(person, EndReason::Moved),
            Fact::AllClear(case, 70_000),
            Fact::SetAside,
        ];
        tables.journal(at(0), &facts).unwrap();
    });
    expect![[r#"
        1 b20100fd00a0b8304603000001010000
        2 b20100fd00a0b8304603000003020002
        3 b20100fd00a0b8304603000004010202
        4 b20100fd00a0b83046030000050100fdd0a7b83046030000
        5 b20100fd00a0b8304603000006010204
        6 b20100fd00a0b83046030000140100fdd0a7b83046030000
        7 b20100fd00a0b8304603000028fb2c010104
        8 b20100fd00a0b8304603000031fb2c010116
        9 b20100fd00a0b8304603000033fb2c010700
        10 b20100fd00a0b8304603000064010004
        11 b20100fd00a0b8304603000032fb2c01fc7011010000
        12 b20100fd00a0b8304603000041000000
    "#]]
    .assert_eq(&written);
}

#[test]
fn values_of_the_file_as_a_whole() {
    let written = bytes::<&str>("meta", |tables| {
        let account = Account { basic_id: "@123abcde".to_owned(), name: "社協".to_owned() };
        tables.set_account(&account).unwrap();
        tables.set_training((1, -2)).unwrap();
        tables.set_next_id(70_000).unwrap();
    });
    expect![[r#"
        "account" b201000940313233616263646506e7a4bee58d94
        "next_id" 70110100
        "schema" 03000000
        "secret" 0707070707070707070707070707070707070707070707070707070707070707
        "training_anchor" b201000203
    "#]]
    .assert_eq(&written);
}
