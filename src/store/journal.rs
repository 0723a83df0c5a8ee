//! The journal: what was decided, as numbers. A code never changes its meaning.

use serde::{Deserialize, Serialize};

use super::cases::{outcome_code, outcome_of, trouble_code, trouble_of};
use super::codec;
use super::error::StoreError;
use super::invitations;
use super::open_form::Shape;
use super::rounds::position;
use super::staff;
use super::table::ReadableTable;
use super::teams::{kind_code, kind_of, role_code, role_of};
use crate::domain::case::Actor;
use crate::domain::event::Failure;
use crate::domain::fact::Fact;
use crate::domain::id::{BulletinId, CaseId, GroupId, PersonId, StaffId, TeamId};
use crate::domain::person::EndReason;
use crate::domain::service::BackupFault;
use crate::domain::team::Policy;
use crate::domain::time::Moment;
use crate::domain::vitals::Ailment;

const TABLE: &str = "journal";

/// One entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Running number.
    pub number: u64,
    /// When it was decided.
    pub at: Moment,
    /// What.
    pub fact: Fact,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<EntryV1>("journal", 1)];

#[derive(Serialize, Deserialize)]
struct EntryV1 {
    at: i64,
    code: u16,
    a: u32,
    b: u32,
    c: i64,
}

pub(super) fn failure_code(failure: Failure) -> i64 {
    match failure {
        Failure::UnknownReceiver => 0,
        Failure::Refused => 1,
        Failure::OutOfTime => 2,
    }
}

pub(super) fn failure_of(code: i64) -> Option<Failure> {
    [Failure::UnknownReceiver, Failure::Refused, Failure::OutOfTime]
        .get(usize::try_from(code).ok()?)
        .copied()
}

/// A fact as its code and three numbers.
fn numbers(fact: Fact) -> (u16, u32, u32, i64) {
    match fact {
        Fact::Met(p) => (1, p.0, 0, 0),
        Fact::Consented(p) => (2, p.0, 0, 0),
        Fact::TeamMade(t, kind) => (3, t.0, 0, kind_code(kind).into()),
        Fact::Joined(p, t, role) => (4, p.0, t.0, role_code(role).into()),
        Fact::Scheduled(p, at) => (5, p.0, 0, at.millis()),
        Fact::Invited(p, t, kind) => (6, p.0, t.0, invitations::kind_code(kind).into()),
        Fact::WrongCode(p) => (7, p.0, 0, 0),
        Fact::Asking(p, at) => (20, p.0, 0, at.millis()),
        Fact::Asked(p, at) => (21, p.0, 0, at.millis()),
        Fact::Resending(p, at) => (22, p.0, 0, at.millis()),
        Fact::Resent(p, at) => (23, p.0, 0, at.millis()),
        Fact::Answered(p, at) => (24, p.0, 0, at.millis()),
        Fact::WellAnyway(p) => (25, p.0, 0, 0),
        Fact::StalePress(p, at) => (26, p.0, 0, at.millis()),
        Fact::CaseOpened(c, p, trouble) => (40, c.0, p.0, trouble_code(trouble).into()),
        Fact::Alerting(c, p) => (41, c.0, p.0, 0),
        Fact::Alerted(c, p) => (42, c.0, p.0, 0),
        Fact::AlertWithdrawn(c, p) => (43, c.0, p.0, 0),
        Fact::NobodyToTell(c) => (44, c.0, 0, 0),
        Fact::StillSilent(c, p) => (45, c.0, p.0, 0),
        Fact::Claimed(c, Actor::Person(p)) => (46, c.0, p.0, 0),
        Fact::Claimed(c, Actor::Staff(s)) => (51, c.0, s.0, 0),
        Fact::NoContact(c, p) => (47, c.0, p.0, 0),
        Fact::EmergencyCalled(c, Actor::Person(p)) => (48, c.0, p.0, 0),
        Fact::EmergencyCalled(c, Actor::Staff(s)) => (68, c.0, s.0, 0),
        Fact::Closed(c, Actor::Person(p), outcome) => (49, c.0, p.0, outcome_code(outcome).into()),
        Fact::Closed(c, Actor::Staff(s), outcome) => (52, c.0, s.0, outcome_code(outcome).into()),
        Fact::AllClear(c, count) => (50, c.0, count, 0),
        Fact::Receives(p, t) => (60, p.0, t.0, 0),
        Fact::Unreachable(p) => (61, p.0, 0, 0),
        Fact::ReachableAgain(p) => (62, p.0, 0, 0),
        Fact::Undelivered(p, why) => (63, p.0, 0, failure_code(why)),
        Fact::NotTheirs(p) => (64, p.0, 0, 0),
        Fact::SetAside => (65, 0, 0, 0),
        Fact::Staff(fact) => staff::numbers(fact),
        _ => later_numbers(fact),
    }
}

/// Facts of the ladder, of outages and of rests. Every other one has its numbers above.
fn later_numbers(fact: Fact) -> (u16, u32, u32, i64) {
    match fact {
        Fact::Reminded(c) => (53, c.0, 0, 0),
        Fact::Escalated(c) => (54, c.0, 0, 0),
        Fact::OfficeTold(c) => (55, c.0, 0, 0),
        Fact::ClaimLapsed(c, Actor::Person(p)) => (56, c.0, p.0, 0),
        Fact::ClaimLapsed(c, Actor::Staff(s)) => (57, c.0, s.0, 0),
        Fact::Nudged(c) => (58, c.0, 0, 0),
        Fact::Digested(c) => (59, c.0, 0, 0),
        Fact::DeferredTold(c) => (66, c.0, 0, 0),
        Fact::Started(at) => (80, 0, 0, at.millis()),
        Fact::Deaf(since) => (81, 0, 0, since.millis()),
        Fact::HearsAgain(at) => (82, 0, 0, at.millis()),
        Fact::Apologising(p, due_at) => (83, p.0, 0, due_at.millis()),
        Fact::Apologised(p, due_at) => (84, p.0, 0, due_at.millis()),
        Fact::Held(p) => (85, p.0, 0, 0),
        Fact::TimeDoubted => (86, 0, 0, 0),
        Fact::TimeProven => (87, 0, 0, 0),
        Fact::BreakerHolds => (88, 0, 0, 0),
        Fact::BreakerReleased => (89, 0, 0, 0),
        Fact::OutageTold(since) => (90, 0, 0, since.millis()),
        Fact::OutageOver(since) => (91, 0, 0, since.millis()),
        Fact::Stray(p) => (92, p.0, 0, 0),
        Fact::StrayCase(c) => (98, c.0, 0, 0),
        Fact::TestUnanswered(p) => (99, p.0, 0, 0),
        Fact::Audited(watched, strays) => (93, watched, strays, 0),
        Fact::Restored(at) => (70, 0, 0, at.millis()),
        Fact::MadeGood => (71, 0, 0, 0),
        Fact::Ails(ailment) => (74, 0, 0, position(&Ailment::ALL, &ailment).into()),
        Fact::FileClean(p) => (76, p.0, 0, 0),
        Fact::DossierTyped(p) => (77, p.0, 0, 0),
        Fact::ExportTyped => (79, 0, 0, 0),
        Fact::ErasedAgain(p) => (78, p.0, 0, 0),
        Fact::BackedUp(at) => (72, 0, 0, at.millis()),
        Fact::NotBackedUp(why) => (73, 0, 0, backup_fault_code(why)),
        Fact::Rehearsed(p) => (75, p.0, 0, 0),
        Fact::TestedAgain(p) => (94, p.0, 0, 0),
        Fact::TeamUnwatched(t) => (95, t.0, 0, 0),
        Fact::AnsweredEarly(p, due_at) => (27, p.0, 0, due_at.millis()),
        Fact::TakenBack(p, due_at) => (28, p.0, 0, due_at.millis()),
        Fact::AnsweredFor(p, Actor::Person(by)) => (29, p.0, by.0, 0),
        Fact::AnsweredFor(p, Actor::Staff(by)) => (30, p.0, by.0, 0),
        Fact::InTrouble(p) => (31, p.0, 0, 0),
        Fact::PauseBegan(p, Actor::Person(by)) => (101, p.0, by.0, 0),
        Fact::PauseBegan(p, Actor::Staff(by)) => (109, p.0, by.0, 0),
        Fact::PausePinged(p) => (102, p.0, 0, 0),
        Fact::PauseHolds(p, by) => (103, p.0, by.0, 0),
        Fact::PauseEnded(p) => (104, p.0, 0, 0),
        Fact::HandedOver(t, by) => (105, t.0, by.0, 0),
        Fact::MailConfirmed(p) => (108, p.0, 0, 0),
        Fact::AlertedByMail(c, p) => (67, c.0, p.0, 0),
        Fact::QuotaWarned(percent) => (96, percent, 0, 0),
        Fact::NotAskedForQuota(p) => (97, p.0, 0, 0),
        Fact::ManagerLeft(p, t) => (106, p.0, t.0, 0),
        Fact::TeamChanged(t, by) => (107, t.0, by.0, 0),
        Fact::MembershipTold(p) => (116, p.0, 0, 0),
        Fact::BulletinHeard(p, b) => (117, p.0, b.0, 0),
        Fact::PageEntered(p) => (110, p.0, 0, 0),
        Fact::PagesLeft(p, count) => (111, p.0, count, 0),
        Fact::DetailsWritten(p, by) => (112, p.0, by.0, 0),
        Fact::DetailsSeen(p, by) => (113, p.0, by.0, 0),
        Fact::Renamed(p) => (114, p.0, 0, 0),
        Fact::Opined(p) => (118, p.0, 0, 0),
        Fact::Allowed(p, t, policy) => (115, p.0, t.0, position(&Policy::ALL, &policy).into()),
        Fact::WatchEnded(p, why) => (100, p.0, 0, position(&EndReason::ALL, &why).into()),
        _ => group_numbers(fact),
    }
}

/// Facts of groups. Every other one has its numbers above.
fn group_numbers(fact: Fact) -> (u16, u32, u32, i64) {
    match fact {
        Fact::GroupMet(g) => (150, g.0, 0, 0),
        Fact::GroupLeft(g) => (151, g.0, 0, 0),
        Fact::GroupLed(g, p) => (152, g.0, p.0, 0),
        Fact::TakesPart(p, g) => (153, p.0, g.0, 0),
        Fact::PartEnded(p, g) => (154, p.0, g.0, 0),
        Fact::GroupScheduled(g, at) => (155, g.0, 0, at.millis()),
        Fact::GroupRests(g) => (156, g.0, 0, 0),
        Fact::GroupBack(g) => (157, g.0, 0, 0),
        Fact::GroupAsking(g, at) => (158, g.0, 0, at.millis()),
        Fact::GroupAsked(g, at) => (159, g.0, 0, at.millis()),
        Fact::GroupAnswered(p, g) => (160, p.0, g.0, 0),
        Fact::GroupReported(g, missing) => (161, g.0, missing, 0),
        Fact::GroupCalls(g, p) => (162, g.0, p.0, 0),
        Fact::GroupNotAskedForQuota(g) => (163, g.0, 0, 0),
        Fact::GroupStray(g) => (164, g.0, 0, 0),
        _ => (0, 0, 0, 0),
    }
}

fn backup_fault_code(why: BackupFault) -> i64 {
    match why {
        BackupFault::Disk => 1,
        BackupFault::Damaged => 2,
        BackupFault::Seal => 3,
        BackupFault::Upload => 4,
    }
}

fn backup_fault_of(code: i64) -> Option<BackupFault> {
    Some(match code {
        1 => BackupFault::Disk,
        2 => BackupFault::Damaged,
        3 => BackupFault::Seal,
        4 => BackupFault::Upload,
        _ => return None,
    })
}

/// The fact behind a code and three numbers.
fn fact(code: u16, a: u32, b: u32, c: i64) -> Option<Fact> {
    let (pa, pb, ca, ta, tb) = (PersonId(a), PersonId(b), CaseId(a), TeamId(a), TeamId(b));
    let at = Moment::from_millis(c);
    let small = u8::try_from(c).unwrap_or(u8::MAX);
    Some(match code {
        1 => Fact::Met(pa),
        2 => Fact::Consented(pa),
        3 => Fact::TeamMade(ta, kind_of(small)?),
        4 => Fact::Joined(pa, tb, role_of(small)?),
        5 => Fact::Scheduled(pa, at),
        6 => Fact::Invited(pa, tb, invitations::kind_of(small)?),
        7 => Fact::WrongCode(pa),
        20 => Fact::Asking(pa, at),
        21 => Fact::Asked(pa, at),
        22 => Fact::Resending(pa, at),
        23 => Fact::Resent(pa, at),
        24 => Fact::Answered(pa, at),
        25 => Fact::WellAnyway(pa),
        26 => Fact::StalePress(pa, at),
        40 => Fact::CaseOpened(ca, pb, trouble_of(small)?),
        41 => Fact::Alerting(ca, pb),
        42 => Fact::Alerted(ca, pb),
        43 => Fact::AlertWithdrawn(ca, pb),
        44 => Fact::NobodyToTell(ca),
        45 => Fact::StillSilent(ca, pb),
        46 => Fact::Claimed(ca, Actor::Person(pb)),
        51 => Fact::Claimed(ca, Actor::Staff(StaffId(b))),
        47 => Fact::NoContact(ca, pb),
        48 => Fact::EmergencyCalled(ca, Actor::Person(pb)),
        68 => Fact::EmergencyCalled(ca, Actor::Staff(StaffId(b))),
        49 => Fact::Closed(ca, Actor::Person(pb), outcome_of(small)?),
        52 => Fact::Closed(ca, Actor::Staff(StaffId(b)), outcome_of(small)?),
        50 => Fact::AllClear(ca, b),
        60 => Fact::Receives(pa, tb),
        61 => Fact::Unreachable(pa),
        62 => Fact::ReachableAgain(pa),
        63 => Fact::Undelivered(pa, failure_of(c)?),
        64 => Fact::NotTheirs(pa),
        65 => Fact::SetAside,
        120..=149 | 180..=199 => Fact::Staff(staff::fact(code, a, b, c)?),
        150..=179 => return group_fact(code, a, b, c),
        _ => return later_fact(code, a, b, c),
    })
}

/// Facts of the ladder, of outages and of rests.
fn later_fact(code: u16, a: u32, b: u32, c: i64) -> Option<Fact> {
    let (pa, pb, ca) = (PersonId(a), PersonId(b), CaseId(a));
    let at = Moment::from_millis(c);
    let small = u8::try_from(c).unwrap_or(u8::MAX);
    Some(match code {
        70..=79 => return data_fact(code, a, c),
        53 => Fact::Reminded(ca),
        54 => Fact::Escalated(ca),
        55 => Fact::OfficeTold(ca),
        56 => Fact::ClaimLapsed(ca, Actor::Person(pb)),
        57 => Fact::ClaimLapsed(ca, Actor::Staff(StaffId(b))),
        58 => Fact::Nudged(ca),
        59 => Fact::Digested(ca),
        66 => Fact::DeferredTold(ca),
        80 => Fact::Started(at),
        81 => Fact::Deaf(at),
        82 => Fact::HearsAgain(at),
        83 => Fact::Apologising(pa, at),
        84 => Fact::Apologised(pa, at),
        85 => Fact::Held(pa),
        86 => Fact::TimeDoubted,
        87 => Fact::TimeProven,
        88 => Fact::BreakerHolds,
        89 => Fact::BreakerReleased,
        90 => Fact::OutageTold(at),
        91 => Fact::OutageOver(at),
        92 => Fact::Stray(pa),
        98 => Fact::StrayCase(ca),
        99 => Fact::TestUnanswered(pa),
        93 => Fact::Audited(a, b),
        94 => Fact::TestedAgain(pa),
        95 => Fact::TeamUnwatched(TeamId(a)),
        27 => Fact::AnsweredEarly(pa, at),
        28 => Fact::TakenBack(pa, at),
        29 => Fact::AnsweredFor(pa, Actor::Person(pb)),
        30 => Fact::AnsweredFor(pa, Actor::Staff(StaffId(b))),
        31 => Fact::InTrouble(pa),
        101 => Fact::PauseBegan(pa, Actor::Person(pb)),
        109 => Fact::PauseBegan(pa, Actor::Staff(StaffId(b))),
        102 => Fact::PausePinged(pa),
        103 => Fact::PauseHolds(pa, pb),
        104 => Fact::PauseEnded(pa),
        105 => Fact::HandedOver(TeamId(a), pb),
        108 => Fact::MailConfirmed(pa),
        67 => Fact::AlertedByMail(ca, pb),
        96 => Fact::QuotaWarned(a),
        97 => Fact::NotAskedForQuota(pa),
        106 => Fact::ManagerLeft(pa, TeamId(b)),
        107 => Fact::TeamChanged(TeamId(a), pb),
        116 => Fact::MembershipTold(pa),
        117 => Fact::BulletinHeard(pa, BulletinId(b)),
        110 => Fact::PageEntered(pa),
        111 => Fact::PagesLeft(pa, b),
        112 => Fact::DetailsWritten(pa, pb),
        113 => Fact::DetailsSeen(pa, pb),
        114 => Fact::Renamed(pa),
        118 => Fact::Opined(pa),
        115 => Fact::Allowed(pa, TeamId(b), Policy::ALL.get(usize::from(small)).copied()?),
        100 => Fact::WatchEnded(pa, EndReason::ALL.get(usize::from(small)).copied()?),
        _ => return None,
    })
}

/// Facts of the data as a whole: its copies, what ails it, what is taken out of it.
fn data_fact(code: u16, a: u32, c: i64) -> Option<Fact> {
    let (pa, at) = (PersonId(a), Moment::from_millis(c));
    Some(match code {
        70 => Fact::Restored(at),
        71 => Fact::MadeGood,
        72 => Fact::BackedUp(at),
        73 => Fact::NotBackedUp(backup_fault_of(c)?),
        74 => Fact::Ails(Ailment::ALL.get(usize::try_from(c).ok()?).copied()?),
        75 => Fact::Rehearsed(pa),
        76 => Fact::FileClean(pa),
        77 => Fact::DossierTyped(pa),
        78 => Fact::ErasedAgain(pa),
        79 => Fact::ExportTyped,
        _ => return None,
    })
}

/// Facts of groups.
fn group_fact(code: u16, a: u32, b: u32, c: i64) -> Option<Fact> {
    let (ga, gb, pa, pb) = (GroupId(a), GroupId(b), PersonId(a), PersonId(b));
    let at = Moment::from_millis(c);
    Some(match code {
        150 => Fact::GroupMet(ga),
        151 => Fact::GroupLeft(ga),
        152 => Fact::GroupLed(ga, pb),
        153 => Fact::TakesPart(pa, gb),
        154 => Fact::PartEnded(pa, gb),
        155 => Fact::GroupScheduled(ga, at),
        156 => Fact::GroupRests(ga),
        157 => Fact::GroupBack(ga),
        158 => Fact::GroupAsking(ga, at),
        159 => Fact::GroupAsked(ga, at),
        160 => Fact::GroupAnswered(pa, gb),
        161 => Fact::GroupReported(ga, b),
        162 => Fact::GroupCalls(ga, pb),
        163 => Fact::GroupNotAskedForQuota(ga),
        164 => Fact::GroupStray(ga),
        _ => return None,
    })
}

/// Encodes an entry.
pub(super) fn encode(at: Moment, what: Fact) -> Result<Vec<u8>, StoreError> {
    let (code, a, b, c) = numbers(what);
    codec::encode(1, &EntryV1 { at: at.millis(), code, a, b, c })
}

/// Entries after `number`, oldest first.
pub(super) fn after(
    table: &impl ReadableTable<u64, &'static [u8]>,
    number: u64,
    count_max: usize,
) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    for item in table.range(number.saturating_add(1)..)?.take(count_max) {
        let (key, value) = item?;
        entries.push(decode(key.value(), value.value())?);
    }
    Ok(entries)
}

/// The entry of a number.
pub(super) fn get(
    table: &impl ReadableTable<u64, &'static [u8]>,
    number: u64,
) -> Result<Option<Entry>, StoreError> {
    table.get(number)?.map(|guard| decode(number, guard.value())).transpose()
}

/// The newest entry.
pub(super) fn last(
    table: &impl ReadableTable<u64, &'static [u8]>,
) -> Result<Option<Entry>, StoreError> {
    table.last()?.map(|(key, value)| decode(key.value(), value.value())).transpose()
}

/// Hands entries to `each`, the newest first, from a number on downwards, until it wants no more.
pub(super) fn back(
    table: &impl ReadableTable<u64, &'static [u8]>,
    from: u64,
    mut each: impl FnMut(Entry) -> bool,
) -> Result<(), StoreError> {
    for item in table.range(..=from)?.rev() {
        let (key, value) = item?;
        if !each(decode(key.value(), value.value())?) {
            break;
        }
    }
    Ok(())
}

/// Decodes the entry of a number.
pub(super) fn decode(number: u64, bytes: &[u8]) -> Result<Entry, StoreError> {
    let EntryV1 { at, code, a, b, c } = codec::decode_v1(TABLE, bytes)?;
    let fact = fact(code, a, b, c).ok_or(StoreError::Damaged { table: TABLE, what: "code" })?;
    Ok(Entry { number, at: Moment::from_millis(at), fact })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_as_the_fact_that_was_written() {
        let mut found = 0;
        for code in 0..200_u16 {
            if let Some(fact) = fact(code, 7, 8, 1) {
                let (again, a, b, c) = numbers(fact);
                assert_eq!(again, code);
                assert_eq!(super::fact(again, a, b, c), Some(fact));
                found += 1;
            }
        }
        // Whoever acts on a case may be a person or staff: six facts have two codes.
        // What staff does is one fact with forty-six.
        let source = include_str!("../domain/fact.rs");
        let variants = source.lines().filter(|line| {
            let word = line.strip_prefix("    ").unwrap_or_default();
            word.starts_with(|c: char| c.is_ascii_uppercase())
        });
        assert_eq!(
            found,
            variants.count() + 6 + 45,
            "a new fact needs a code of its own, below 200"
        );
    }
}
