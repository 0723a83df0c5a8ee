//! The bytes of what staff write down: personal data, records of cases, organizations, and what the journal
//! says about their acts.

use anshin::domain::case::Actor;
use anshin::domain::details::{Contact, Details, Line, Phone, Sex};
use anshin::domain::erasure::{Erasure, ErasureReason, Kind};
use anshin::domain::fact::Fact;
use anshin::domain::id::{CaseId, OrganizationId, PersonId, StaffId, TeamId};
use anshin::domain::name::Name;
use anshin::domain::organization::Organization;
use anshin::domain::record::{Finding, Means, Next, Note, Party, Record};
use anshin::domain::staff::StaffFact;
use anshin::domain::time::Moment;
use anshin::store::Store;
use expect_test::expect;

use super::records::bytes;

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_800_000_000 + seconds)
}

fn line(text: &str) -> Option<Line> {
    Line::read(text, 100).unwrap()
}

fn phone(text: &str) -> Option<Phone> {
    Phone::read(text).unwrap()
}

#[test]
fn receipts_of_erasures() {
    let written = bytes::<u32>("erasures", |tables| {
        for (id, reason) in ErasureReason::ALL.into_iter().enumerate() {
            let person = PersonId(id as u32);
            let removed = Kind::ALL.into_iter().zip(1..).collect();
            let file_clean_at = (id > 0).then(|| at(7));
            let (by, was_asked) = (StaffId(3), id > 0);
            let met_at = at(8);
            let first_at = (id > 4).then(|| at(9));
            let erasure = Erasure {
                person,
                at: at(0),
                by,
                reason,
                was_asked,
                removed,
                file_clean_at,
                met_at,
                first_at,
            };
            tables.put_erasure(&erasure).unwrap();
        }
    });
    expect![[r#"
        0 b20100fd00a0b830460300000300000d000101020203030404050506060707080809090a0a0b0b0c0c0d00fd80deb8304603000000
        1 b20100fd00a0b830460300000301010d000101020203030404050506060707080809090a0a0b0b0c0c0d01fdb0d6b83046030000fd80deb8304603000000
        2 b20100fd00a0b830460300000302010d000101020203030404050506060707080809090a0a0b0b0c0c0d01fdb0d6b83046030000fd80deb8304603000000
        3 b20100fd00a0b830460300000303010d000101020203030404050506060707080809090a0a0b0b0c0c0d01fdb0d6b83046030000fd80deb8304603000000
        4 b20100fd00a0b830460300000304010d000101020203030404050506060707080809090a0a0b0b0c0c0d01fdb0d6b83046030000fd80deb8304603000000
        5 b20100fd00a0b830460300000305010d000101020203030404050506060707080809090a0a0b0b0c0c0d01fdb0d6b83046030000fd80deb8304603000001fd50e6b83046030000
    "#]].assert_eq(&written);
}

#[test]
fn personal_data() {
    let written = bytes::<u32>("details", |tables| {
        let contact = |name| Contact {
            name: line(name).unwrap(),
            relation: line("長男"),
            phone: phone("090-0000-0000").unwrap(),
            note: None,
            address: line("みどり市2"),
            told: true,
        };
        let full = Details {
            number: line("A-12"),
            full_name: line("架空 よし子"),
            reading: line("かくう よしこ"),
            born_on: Some(jiff::civil::date(1940, 3, 2)),
            sex: Some(Sex::Unsaid),
            address: line("みどり市1"),
            phone: phone("03-0000-0000"),
            mobile: phone("+1-415-000-0000"),
            contacts: vec![contact("一郎"), contact("二郎")],
            landlord: line("みどり荘"),
            landlord_phone: phone("03-0000-0001"),
            note: line("耳が遠い"),
            form_on: Some(jiff::civil::date(2026, 11, 20)),
            version: 7,
        };
        for (id, sex) in Sex::ALL.into_iter().enumerate() {
            let details = Details { sex: Some(sex), ..Details::default() };
            tables.put_details(PersonId(id as u32), &details).unwrap();
        }
        tables.put_details(PersonId(9), &full).unwrap();
    });
    expect![[r#"
        0 b20100000000000100000000000000000000
        1 b20100000000000101000000000000000000
        2 b20100000000000102000000000000000000
        3 b20100000000000103000000000000000000
        9 b201000104412d31320110e69eb6e7a9ba20e38288e38197e5ad900113e3818be3818fe3818620e38288e38197e3819301fb21550103010de381bfe381a9e3828ae5b88231010c30332d303030302d30303030010f2b312d3431352d3030302d303030300206e4b880e9838e0106e995b7e794b70d3039302d303030302d3030303000010de381bfe381a9e3828ae5b882320106e4ba8ce9838e0106e995b7e794b70d3039302d303030302d3030303000010de381bfe381a9e3828ae5b8823201010ce381bfe381a9e3828ae88d98010c30332d303030302d30303031010ce880b3e3818ce981a0e3818401fb52a207
    "#]].assert_eq(&written);
}

#[test]
fn what_was_done_about_a_case() {
    let written = bytes::<(u32, u32)>("records", |tables| {
        let length = Means::ALL.len().max(Party::ALL.len()).max(Finding::ALL.len());
        for n in 0..length {
            let next = Next { what: line("訪問").unwrap(), due_at: (n == 1).then(|| at(9)) };
            let note = Note {
                means: Means::ALL[n % Means::ALL.len()],
                party: Party::ALL[n % Party::ALL.len()],
                result: Finding::ALL[n % Finding::ALL.len()],
                text: line("出ない").filter(|_| n % 2 == 0),
                next: (n < 2).then_some(next),
            };
            let record = Record { at: at(n as i64), by: StaffId(5), note };
            tables.add_record(CaseId(300), &record).unwrap();
        }
    });
    expect![[r#"
        (300, 0) b20100fd00a0b83046030000050000000109e587bae381aae381840106e8a8aae5958f00
        (300, 1) b20100fdd0a7b8304603000005010101000106e8a8aae5958f01fd50e6b83046030000
        (300, 2) b20100fda0afb83046030000050202020109e587bae381aae3818400
        (300, 3) b20100fd70b7b83046030000050303030000
        (300, 4) b20100fd40bfb83046030000050404040109e587bae381aae3818400
        (300, 5) b20100fd10c7b83046030000050505050000
        (300, 6) b20100fde0ceb83046030000050006060109e587bae381aae3818400
        (300, 7) b20100fdb0d6b83046030000050107070000
        (300, 8) b20100fd80deb83046030000050208080109e587bae381aae3818400
        (300, 9) b20100fd50e6b83046030000050309090000
        (300, 10) b20100fd20eeb8304603000005040a0a0109e587bae381aae3818400
    "#]]
    .assert_eq(&written);
}

#[test]
fn organizations() {
    let written = bytes::<u32>("organizations", |tables| {
        let organization = Organization {
            id: OrganizationId(9),
            name: Name::of_team("中央地区").unwrap(),
            since: at(0),
            heads: vec![PersonId(1), PersonId(70_000)],
            teams: vec![TeamId(2), TeamId(3)],
        };
        tables.put_organization(&organization).unwrap();
    });
    expect![[r#"
        9 b201000ce4b8ade5a4aee59cb0e58cbafd00a0b830460300000201fc70110100020203
    "#]]
    .assert_eq(&written);
}

#[test]
fn the_journal_knows_what_staff_did_and_to_which_case_it_belongs() {
    let (staff, case, person, team) = (StaffId(5), CaseId(300), PersonId(1), TeamId(2));
    let organization = OrganizationId(9);
    let facts = [
        Fact::Claimed(case, Actor::Staff(staff)),
        Fact::EmergencyCalled(case, Actor::Staff(staff)),
        Fact::PauseBegan(person, Actor::Staff(staff)),
        Fact::Staff(StaffFact::Recorded(staff, case)),
        Fact::Staff(StaffFact::DetailsChanged(staff, person)),
        Fact::Staff(StaffFact::Viewed(staff, person)),
        Fact::Staff(StaffFact::Listed(staff, 48)),
        Fact::Staff(StaffFact::Exported(staff, 3)),
        Fact::Staff(StaffFact::Released(staff, case)),
        Fact::Staff(StaffFact::TeamMade(staff, team)),
        Fact::Staff(StaffFact::TeamChanged(staff, team)),
        Fact::Staff(StaffFact::Invited(staff, team)),
        Fact::Staff(StaffFact::OrganizationMade(staff, organization)),
        Fact::Staff(StaffFact::OrganizationChanged(staff, organization)),
        Fact::Staff(StaffFact::Mistaken(staff, person)),
    ];
    let written = bytes::<u64>("journal", |tables| tables.journal(at(0), &facts).unwrap());
    expect![[r#"
        1 b20100fd00a0b8304603000033fb2c010500
        2 b20100fd00a0b8304603000044fb2c010500
        3 b20100fd00a0b830460300006d010500
        4 b20100fd00a0b830460300008305fb2c0100
        5 b20100fd00a0b8304603000084050100
        6 b20100fd00a0b8304603000085050100
        7 b20100fd00a0b830460300008e053000
        8 b20100fd00a0b830460300008f050300
        9 b20100fd00a0b830460300008605fb2c0100
        10 b20100fd00a0b8304603000087050200
        11 b20100fd00a0b8304603000088050200
        12 b20100fd00a0b8304603000089050200
        13 b20100fd00a0b830460300008a050900
        14 b20100fd00a0b830460300008b050900
        15 b20100fd00a0b830460300008c050100
    "#]]
    .assert_eq(&written);
    let store = Store::in_memory([7; 32]).unwrap();
    let writing = store.write().unwrap();
    writing.tables().journal(at(0), &facts).unwrap();
    writing.commit().unwrap();
    let story = store.read().unwrap().story(case, 10).unwrap();
    assert_eq!(story.iter().map(|entry| entry.fact).collect::<Vec<_>>(), facts[..2]);
}
