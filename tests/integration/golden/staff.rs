//! The bytes of accounts of staff, of their sessions, and of what the journal says about them.

use anshin::domain::fact::Fact;
use anshin::domain::id::{OrganizationId, StaffId};
use anshin::domain::name::Name;
use anshin::domain::staff::{
    FactorSecret, Failures, PasswordHash, Scope, SecondFactor, Session, Staff, StaffFact,
    StaffInvitation, StaffRole, TokenHash,
};
use anshin::domain::time::Moment;
use expect_test::expect;

use super::records::bytes;

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_800_000_000 + seconds)
}

fn invited(id: u32, role: StaffRole) -> Staff {
    Staff {
        id: StaffId(id),
        name: Name::of_person("山田").unwrap(),
        role,
        scope: Scope::Everything,
        mail: None,
        since: at(0),
        active: true,
        password: None,
        second_factor: None,
        invitation: Some(StaffInvitation { token: TokenHash([1; 32]), expires_at: at(1) }),
        recovery: Vec::new(),
        failures: Failures::default(),
    }
}

fn ready(id: u32) -> Staff {
    let secret = FactorSecret([2; 20]);
    Staff {
        mail: Some("y@example.jp".to_owned()),
        password: Some(PasswordHash("$argon2id$".to_owned())),
        second_factor: Some(SecondFactor { secret, last_step: 60_000_000 }),
        invitation: None,
        recovery: vec![TokenHash([3; 32]), TokenHash([4; 32])],
        failures: Failures { count: 300, last_at: at(2) },
        ..invited(id, StaffRole::Admin)
    }
}

#[test]
fn accounts() {
    let written = bytes::<u32>("staff", |tables| {
        for (role, id) in StaffRole::ALL.into_iter().zip(1..) {
            tables.put_staff(&invited(id, role)).unwrap();
        }
        tables.put_staff(&ready(4)).unwrap();
        tables.put_staff(&Staff { active: false, ..ready(5) }).unwrap();
        let scope = Scope::Only(vec![OrganizationId(7), OrganizationId(300)]);
        tables.put_staff(&Staff { scope, ..invited(6, StaffRole::Worker) }).unwrap();
    });
    expect![[r#"
        1 b2010006e5b1b1e794b0000000fd00a0b83046030000010000010101010101010101010101010101010101010101010101010101010101010101fdd0a7b83046030000000000
        2 b2010006e5b1b1e794b0010000fd00a0b83046030000010000010101010101010101010101010101010101010101010101010101010101010101fdd0a7b83046030000000000
        3 b2010006e5b1b1e794b0020000fd00a0b83046030000010000010101010101010101010101010101010101010101010101010101010101010101fdd0a7b83046030000000000
        4 b2010006e5b1b1e794b00000010c79406578616d706c652e6a70fd00a0b8304603000001010a246172676f6e32696424010202020202020202020202020202020202020202fc00879303000203030303030303030303030303030303030303030303030303030303030303030404040404040404040404040404040404040404040404040404040404040404fb2c01fda0afb83046030000
        5 b2010006e5b1b1e794b00000010c79406578616d706c652e6a70fd00a0b8304603000000010a246172676f6e32696424010202020202020202020202020202020202020202fc00879303000203030303030303030303030303030303030303030303030303030303030303030404040404040404040404040404040404040404040404040404040404040404fb2c01fda0afb83046030000
        6 b2010006e5b1b1e794b001010207fb2c0100fd00a0b83046030000010000010101010101010101010101010101010101010101010101010101010101010101fdd0a7b83046030000000000
    "#]].assert_eq(&written);
}

#[test]
fn sessions() {
    let written = bytes::<[u8; 32]>("sessions", |tables| {
        let token = TokenHash([5; 32]);
        let session = Session { token, staff: StaffId(300), since: at(0), seen_at: at(60) };
        tables.put_session(&session).unwrap();
    });
    expect![[r#"
        [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5] b20100fb2c01fd00a0b83046030000fdc074ba3046030000
    "#]].assert_eq(&written);
}

#[test]
fn the_journal_of_staff() {
    let written = bytes::<u64>("journal", |tables| {
        let (staff, other) = (StaffId(1), StaffId(300));
        let facts = [
            StaffFact::Added(staff, StaffRole::Viewer),
            StaffFact::Reset(staff),
            StaffFact::Accepted(staff),
            StaffFact::LoggedIn(staff),
            StaffFact::LogInFailed(staff, 7),
            StaffFact::RecoveryUsed(staff, 9),
            StaffFact::NewPassword(staff),
            StaffFact::NewFactor(staff),
            StaffFact::Seen(staff),
            StaffFact::LoggedOut(staff),
            StaffFact::Stopped(staff, other),
        ];
        tables.journal(at(0), &facts.map(Fact::Staff)).unwrap();
    });
    expect![[r#"
        1 b20100fd00a0b8304603000078010004
        2 b20100fd00a0b8304603000079010000
        3 b20100fd00a0b830460300007a010000
        4 b20100fd00a0b830460300007b010000
        5 b20100fd00a0b830460300007c010700
        6 b20100fd00a0b830460300007d010900
        7 b20100fd00a0b830460300007e010000
        8 b20100fd00a0b830460300007f010000
        9 b20100fd00a0b8304603000080010000
        10 b20100fd00a0b8304603000081010000
        11 b20100fd00a0b830460300008201fb2c0100
    "#]]
    .assert_eq(&written);
}
