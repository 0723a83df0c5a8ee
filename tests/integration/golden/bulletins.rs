//! The bytes of bulletins, of what came of them, of what is on its way and of what the journal says; and that all of it
//! reads back the same.

use anshin::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Side, Stage, Text, Whom, Word,
};
use anshin::domain::decision::Purpose;
use anshin::domain::fact::Fact;
use anshin::domain::id::{
    Address, BulletinId, GroupId, OrganizationId, OutboxId, PersonId, StaffId, TeamId,
};
use anshin::domain::staff::StaffFact;
use anshin::domain::time::Moment;
use anshin::store::{Row, Store};
use expect_test::expect;

use super::records::bytes;

const BULLETIN: BulletinId = BulletinId(800);

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_800_000_000 + seconds)
}

/// One for each audience, in every kind, stage and end.
fn bulletins() -> Vec<Bulletin> {
    let audiences = [
        Audience::Everyone,
        Audience::Organization(OrganizationId(4)),
        Audience::Team(TeamId(5)),
        Audience::Group(GroupId(300)),
        Audience::Age(60, 199),
        Audience::Person(PersonId(70_000)),
    ];
    let ended = End::ALL.map(|end| Stage::Over(at(90), end));
    let stages = [Stage::Waiting, Stage::Sending(70_000)].into_iter().chain(ended);
    let pairs = audiences.into_iter().zip(stages).enumerate();
    let made = pairs.map(|(n, (audience, stage))| Bulletin {
        id: BulletinId(BULLETIN.0 + u32::try_from(n).unwrap()),
        by: StaffId(3),
        since: at(1),
        draft: Draft {
            shown_at: at(0),
            kind: Kind::ALL[n % 3],
            text: Text::read("台風\nです").unwrap(),
            audience,
            side: Side::ALL[n % 3],
            urgent: n % 2 == 1,
        },
        run: 2,
        whom: Whom::ALL[n % 3],
        stage,
        on_their_way: 7,
    });
    made.collect()
}

fn receipts() -> Vec<(u32, Receipt)> {
    let words = Word::ALL.map(|word| Some((word, at(5))));
    let pairs = Delivery::ALL.into_iter().zip(words).zip(1..);
    let said = pairs.map(|((delivery, word), to)| (to, Receipt { delivery, word }));
    said.chain([(9, Receipt { delivery: Delivery::Arrived, word: None })]).collect()
}

#[test]
fn what_is_kept_of_a_bulletin() {
    let written = bytes::<u32>("bulletins", |tables| {
        bulletins().iter().for_each(|bulletin| tables.put_bulletin(bulletin).unwrap());
    });
    expect![[r#"
        800 b2010003fdd0a7b83046030000fd00a0b83046030000000de58fb0e9a2a80ae381a7e381990000000000020000000007
        801 b2010003fdd0a7b83046030000fd00a0b83046030000010de58fb0e9a2a80ae381a7e381990104000101020101fce02202000007
        802 b2010003fdd0a7b83046030000fd00a0b83046030000020de58fb0e9a2a80ae381a7e381990205000200020202fd205fbb30460300000007
        803 b2010003fdd0a7b83046030000fd00a0b83046030000000de58fb0e9a2a80ae381a7e3819903fb2c01000001020002fd205fbb30460300000107
        804 b2010003fdd0a7b83046030000fd00a0b83046030000010de58fb0e9a2a80ae381a7e38199043cc70100020102fd205fbb30460300000207
        805 b2010003fdd0a7b83046030000fd00a0b83046030000020de58fb0e9a2a80ae381a7e3819905fc70110100000201020202fd205fbb30460300000307
    "#]].assert_eq(&written);
}

#[test]
fn what_came_of_it() {
    let written = bytes::<(u32, u32)>("receipts", |tables| {
        for (to, receipt) in receipts() {
            tables.put_receipt(BULLETIN, to, &receipt).unwrap();
        }
    });
    expect![[r#"
        (800, 1) b20100000100fd10c7b83046030000
        (800, 2) b20100010101fd10c7b83046030000
        (800, 3) b20100020102fd10c7b83046030000
        (800, 4) b20100030103fd10c7b83046030000
        (800, 9) b201000100
    "#]]
    .assert_eq(&written);
}

#[test]
fn what_is_on_its_way() {
    let to = Address::new("U206d25c2ea6bd87c17655609a1c37cb8").unwrap();
    let written = bytes::<[u8; 16]>("outbox", |tables| {
        let purposes = [
            Purpose::Bulletin(BULLETIN, PersonId(9)),
            Purpose::GroupBulletin(BULLETIN, GroupId(300)),
        ];
        for (purpose, n) in purposes.into_iter().zip(1..) {
            let (id, body) = (OutboxId([n; 16]), b"{}".to_vec());
            let (to, queued_at) = (to.clone(), at(0));
            tables.put_row(&Row { id, to, purpose, body, queued_at, first_try_at: None }).unwrap();
        }
    });
    expect![[r#"
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] b20100215532303664323563326561366264383763313736353536303961316333376362380bfb200312027b7dfd00a0b8304603000000
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] b20100215532303664323563326561366264383763313736353536303961316333376362380cfb2003fb5802027b7dfd00a0b8304603000000
    "#]].assert_eq(&written);
}

#[test]
fn what_the_journal_says_of_it() {
    let written = bytes::<u64>("journal", |tables| {
        let facts = [
            Fact::BulletinHeard(PersonId(9), BULLETIN),
            Fact::Staff(StaffFact::BulletinMade(StaffId(3), BULLETIN)),
            Fact::Staff(StaffFact::BulletinStopped(StaffId(3), BULLETIN)),
            Fact::Staff(StaffFact::BulletinAgain(StaffId(3), BULLETIN)),
        ];
        tables.journal(at(0), &facts).unwrap();
    });
    expect![[r#"
        1 b20100fd00a0b830460300007509fb200300
        2 b20100fd00a0b830460300009003fb200300
        3 b20100fd00a0b830460300009103fb200300
        4 b20100fd00a0b830460300009203fb200300
    "#]]
    .assert_eq(&written);
}

#[test]
fn all_of_it_reads_back_the_same() {
    let store = Store::in_memory([7; 32]).unwrap();
    let writing = store.write().unwrap();
    {
        let mut tables = writing.tables();
        bulletins().iter().for_each(|bulletin| tables.put_bulletin(bulletin).unwrap());
        for (to, receipt) in receipts() {
            tables.put_receipt(BULLETIN, to, &receipt).unwrap();
        }
    }
    writing.commit().unwrap();
    let reading = store.read().unwrap();
    let mut newest = reading.newest_bulletins(100).unwrap();
    newest.reverse();
    assert_eq!(newest, bulletins());
    assert_eq!(reading.receipts(BULLETIN).unwrap(), receipts());
    assert_eq!(reading.bulletin(BULLETIN).unwrap().as_ref(), bulletins().first());
}
