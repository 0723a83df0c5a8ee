//! The bytes of groups: the group with its round, who takes part, what is on its way to it, and what the
//! journal says.

use anshin::domain::decision::Purpose;
use anshin::domain::fact::Fact;
use anshin::domain::group::{Answer, Group, GroupRound, Participant};
use anshin::domain::id::{Address, GroupId, OutboxId, PersonId};
use anshin::domain::name::Name;
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::domain::time::Moment;
use anshin::store::{Row, Store};
use expect_test::expect;
use jiff::civil::date;

use super::records::bytes;

const GROUP: GroupId = GroupId(300);

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_800_000_000 + seconds)
}

fn address() -> Address {
    Address::new("C0123456789abcdef0123456789abcdef").unwrap()
}

/// Two groups: one that nobody leads yet, one in the middle of a round.
fn groups() -> [Group; 2] {
    let schedule = Schedule {
        interval: Interval::ALL[1],
        hour: Hour::new(9).unwrap(),
        zone: Zone::default(),
        first_day: date(2026, 11, 24),
    };
    let answers = vec![Answer { person: PersonId(70_000), at: at(3) }];
    let round = GroupRound {
        due_at: at(1),
        asked_at: Some(at(2)),
        reported_at: Some(at(4)),
        answers,
        caller: Some(PersonId(9)),
    };
    let begun = Group {
        left_at: Some(at(9)),
        leader: Some(PersonId(9)),
        schedule: Some(schedule),
        rests_until: Some(date(2026, 12, 1)),
        words_count: true,
        size: 14,
        counted_at: Some(at(5)),
        nameless: true,
        round: Some(round),
        ..Group::met(GROUP, address(), at(0))
    };
    [Group::met(GroupId(7), address(), at(0)), begun]
}

#[test]
fn what_is_kept_of_a_group() {
    let written = bytes::<u32>("groups", |tables| {
        groups().iter().for_each(|group| tables.put_group(group).unwrap());
    });
    expect![[r#"
        7 b2010021433031323334353637383961626364656630313233343536373839616263646566fd00a0b83046030000000000000000000000
        300 b2010021433031323334353637383961626364656630313233343536373839616263646566fd00a0b8304603000001fd50e6b8304603000001090102090a417369612f546f6b796ffb5aa201fb68a2010e01fd10c7b830460300000101fdd0a7b8304603000001fda0afb8304603000001fd40bfb8304603000001fc70110100fd70b7b830460300000109
    "#]].assert_eq(&written);
}

#[test]
fn who_takes_part() {
    let written = bytes::<(u32, u32)>("participants", |tables| {
        for name in [None, Some(Name::of_person("よしこ").unwrap())] {
            let person = PersonId(if name.is_some() { 9 } else { 8 });
            let participant = Participant { group: GROUP, person, name, since: at(0) };
            tables.put_participant(&participant).unwrap();
        }
    });
    expect![[r#"
        (300, 8) b2010000fd00a0b83046030000
        (300, 9) b201000109e38288e38197e38193fd00a0b83046030000
    "#]]
    .assert_eq(&written);
}

#[test]
fn what_is_on_its_way_to_a_group() {
    let written = bytes::<[u8; 16]>("outbox", |tables| {
        let purposes = [Purpose::GroupAsk(GROUP, at(1)), Purpose::GroupReport(GROUP, at(1))];
        for (purpose, n) in purposes.into_iter().zip(1..) {
            let (id, body) = (OutboxId([n; 16]), b"{}".to_vec());
            let row =
                Row { id, to: address(), purpose, body, queued_at: at(0), first_try_at: None };
            tables.put_row(&row).unwrap();
        }
    });
    expect![[r#"
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] b201002143303132333435363738396162636465663031323334353637383961626364656609fb2c01fdd0a7b83046030000027b7dfd00a0b8304603000000
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] b20100214330313233343536373839616263646566303132333435363738396162636465660afb2c01fdd0a7b83046030000027b7dfd00a0b8304603000000
    "#]].assert_eq(&written);
}

#[test]
fn what_the_journal_says_of_a_group() {
    let person = PersonId(9);
    let written = bytes::<u64>("journal", |tables| {
        let facts = [
            Fact::GroupMet(GROUP),
            Fact::GroupLeft(GROUP),
            Fact::GroupLed(GROUP, person),
            Fact::TakesPart(person, GROUP),
            Fact::PartEnded(person, GROUP),
            Fact::GroupScheduled(GROUP, at(1)),
            Fact::GroupRests(GROUP),
            Fact::GroupBack(GROUP),
            Fact::GroupAsking(GROUP, at(1)),
            Fact::GroupAsked(GROUP, at(1)),
            Fact::GroupAnswered(person, GROUP),
            Fact::GroupReported(GROUP, 2),
            Fact::GroupCalls(GROUP, person),
            Fact::GroupNotAskedForQuota(GROUP),
            Fact::GroupStray(GROUP),
        ];
        tables.journal(at(0), &facts).unwrap();
    });
    expect![[r#"
        1 b20100fd00a0b8304603000096fb2c010000
        2 b20100fd00a0b8304603000097fb2c010000
        3 b20100fd00a0b8304603000098fb2c010900
        4 b20100fd00a0b830460300009909fb2c0100
        5 b20100fd00a0b830460300009a09fb2c0100
        6 b20100fd00a0b830460300009bfb2c0100fdd0a7b83046030000
        7 b20100fd00a0b830460300009cfb2c010000
        8 b20100fd00a0b830460300009dfb2c010000
        9 b20100fd00a0b830460300009efb2c0100fdd0a7b83046030000
        10 b20100fd00a0b830460300009ffb2c0100fdd0a7b83046030000
        11 b20100fd00a0b83046030000a009fb2c0100
        12 b20100fd00a0b83046030000a1fb2c010200
        13 b20100fd00a0b83046030000a2fb2c010900
        14 b20100fd00a0b83046030000a3fb2c010000
        15 b20100fd00a0b83046030000a4fb2c010000
    "#]]
    .assert_eq(&written);
}

#[test]
fn what_was_written_is_read_again() {
    let store = Store::in_memory([7; 32]).unwrap();
    let writing = store.write().unwrap();
    let [new, begun] = groups();
    for group in [&new, &begun] {
        writing.tables().put_group(group).unwrap();
    }
    writing.commit().unwrap();
    assert_eq!(store.read().unwrap().groups(10).unwrap(), [new, begun]);
}
