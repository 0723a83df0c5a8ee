//! Accounts of staff, and what the journal says of them.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::ReadableTable;
use crate::domain::id::{BulletinId, CaseId, OrganizationId, PersonId, StaffId, TeamId};
use crate::domain::name::Name;
use crate::domain::person::EndReason;
use crate::domain::staff::{
    FactorSecret, Failures, PasswordHash, STAFF_MAX, SavedList, Scope, SecondFactor, Staff,
    StaffFact, StaffInvitation, StaffRole, TokenHash,
};
use crate::domain::time::Moment;

const TABLE: &str = "staff";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<StaffV1>("staff", 1)];

#[derive(Serialize, Deserialize)]
struct StaffV1 {
    name: String,
    role: u8,
    /// Organizations; `None` for everything.
    scope: Option<Vec<u32>>,
    mail: Option<String>,
    since: i64,
    active: bool,
    password: Option<String>,
    second_factor: Option<([u8; 20], u64)>,
    invitation: Option<([u8; 32], i64)>,
    recovery: Vec<[u8; 32]>,
    failures: (u32, i64),
}

/// The stored form of a role: its position in [`StaffRole::ALL`], where new ones go to the end.
fn role_code(role: StaffRole) -> u8 {
    position(&StaffRole::ALL, &role)
}

fn role_of(code: u8) -> Option<StaffRole> {
    StaffRole::ALL.get(usize::from(code)).copied()
}

/// Encodes an account.
pub(super) fn encode(staff: &Staff) -> Result<Vec<u8>, StoreError> {
    let stored = StaffV1 {
        name: staff.name.to_string(),
        role: role_code(staff.role),
        scope: match &staff.scope {
            Scope::Everything => None,
            Scope::Only(known) => Some(known.iter().map(|id| id.0).collect()),
        },
        mail: staff.mail.clone(),
        since: staff.since.millis(),
        active: staff.active,
        password: staff.password.as_ref().map(|password| password.0.clone()),
        second_factor: staff.second_factor.map(|factor| (factor.secret.0, factor.last_step)),
        invitation: staff.invitation.map(|i| (i.token.0, i.expires_at.millis())),
        recovery: staff.recovery.iter().map(|code| code.0).collect(),
        failures: (staff.failures.count, staff.failures.last_at.millis()),
    };
    codec::encode(1, &stored)
}

fn decode(id: StaffId, bytes: &[u8]) -> Result<Staff, StoreError> {
    let stored: StaffV1 = codec::decode_v1(TABLE, bytes)?;
    let factor = |(secret, last_step)| SecondFactor { secret: FactorSecret(secret), last_step };
    let invitation = |(token, expires_at)| StaffInvitation {
        token: TokenHash(token),
        expires_at: Moment::from_millis(expires_at),
    };
    Ok(Staff {
        id,
        name: Name::stored(stored.name),
        role: role_of(stored.role).ok_or(StoreError::Damaged { table: TABLE, what: "role" })?,
        scope: stored.scope.map_or(Scope::Everything, |known| {
            Scope::Only(known.into_iter().map(OrganizationId).collect())
        }),
        mail: stored.mail,
        since: Moment::from_millis(stored.since),
        active: stored.active,
        password: stored.password.map(PasswordHash),
        second_factor: stored.second_factor.map(factor),
        invitation: stored.invitation.map(invitation),
        recovery: stored.recovery.into_iter().map(TokenHash).collect(),
        failures: Failures {
            count: stored.failures.0,
            last_at: Moment::from_millis(stored.failures.1),
        },
    })
}

/// Reads an account.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: StaffId,
) -> Result<Option<Staff>, StoreError> {
    table.get(id.0)?.map(|guard| decode(id, guard.value())).transpose()
}

/// All accounts, by number.
pub(super) fn all(
    table: &impl ReadableTable<u32, &'static [u8]>,
) -> Result<Vec<Staff>, StoreError> {
    let mut all = Vec::new();
    for item in table.range::<u32>(..)?.take(STAFF_MAX) {
        let (id, value) = item?;
        all.push(decode(StaffId(id.value()), value.value())?);
    }
    Ok(all)
}

/// A fact as its code, from 120 to 149 and from 180 on, and three numbers.
pub(super) fn numbers(fact: StaffFact) -> (u16, u32, u32, i64) {
    match fact {
        StaffFact::Added(s, role) => (120, s.0, 0, role_code(role).into()),
        StaffFact::Reset(s) => (121, s.0, 0, 0),
        StaffFact::Accepted(s) => (122, s.0, 0, 0),
        StaffFact::LoggedIn(s) => (123, s.0, 0, 0),
        StaffFact::LogInFailed(s, count) => (124, s.0, count, 0),
        StaffFact::RecoveryUsed(s, left) => (125, s.0, left, 0),
        StaffFact::NewPassword(s) => (126, s.0, 0, 0),
        StaffFact::NewFactor(s) => (127, s.0, 0, 0),
        StaffFact::Seen(s) => (128, s.0, 0, 0),
        StaffFact::LoggedOut(s) => (129, s.0, 0, 0),
        StaffFact::Stopped(s, by) => (130, s.0, by.0, 0),
        StaffFact::Recorded(s, case) => (131, s.0, case.0, 0),
        StaffFact::DetailsChanged(s, person) => (132, s.0, person.0, 0),
        StaffFact::Viewed(s, person) => (133, s.0, person.0, 0),
        StaffFact::Released(s, case) => (134, s.0, case.0, 0),
        StaffFact::TeamMade(s, team) => (135, s.0, team.0, 0),
        StaffFact::TeamChanged(s, team) => (136, s.0, team.0, 0),
        StaffFact::Invited(s, team) => (137, s.0, team.0, 0),
        StaffFact::OrganizationMade(s, organization) => (138, s.0, organization.0, 0),
        StaffFact::OrganizationChanged(s, organization) => (139, s.0, organization.0, 0),
        StaffFact::Mistaken(s, person) => (140, s.0, person.0, 0),
        StaffFact::MembershipSet(s, person) => (141, s.0, person.0, 0),
        StaffFact::Listed(s, count) => (142, s.0, count, 0),
        StaffFact::Exported(s, count) => (143, s.0, count, 0),
        StaffFact::Saved(s, list, count) => {
            (198, s.0, count, position(&SavedList::ALL, &list).into())
        }
        StaffFact::BulletinMade(s, bulletin) => (144, s.0, bulletin.0, 0),
        StaffFact::BulletinStopped(s, bulletin) => (145, s.0, bulletin.0, 0),
        StaffFact::BulletinAgain(s, bulletin) => (146, s.0, bulletin.0, 0),
        StaffFact::FaceChanged(s) => (185, s.0, 0, 0),
        StaffFact::Connected(s) => (187, s.0, 0, 0),
        StaffFact::WebhookTold(s) => (188, s.0, 0, 0),
        StaffFact::MailTried(s) => (195, s.0, 0, 0),
        StaffFact::PracticeBegun(s) => (196, s.0, 0, 0),
        StaffFact::PracticeStopped(s) => (197, s.0, 0, 0),
        StaffFact::Confirmed(s, bit) => (189, s.0, bit, 0),
        StaffFact::Dossier(s, person) => (190, s.0, person.0, 0),
        StaffFact::Erased(s, person) => (191, s.0, person.0, 0),
        StaffFact::TermsPublished(s, version) => (186, s.0, version.into(), 0),
        StaffFact::Registered(s, first, count) => (180, s.0, first.0, count.into()),
        StaffFact::Unregistered(s, first, count) => (181, s.0, first.0, count.into()),
        StaffFact::PhonedInVain(s, person) => (182, s.0, person.0, 0),
        StaffFact::EndedWatch(s, person) => (183, s.0, person.0, 0),
        StaffFact::Retimed(s, person) => (184, s.0, person.0, 0),
        StaffFact::TookOut(s, person, team, why) => {
            let why = i64::from(position(&EndReason::ALL, &why));
            (192, s.0, person.0, why << 32 | i64::from(team.0))
        }
        StaffFact::LinkMade(s, account) => (147, s.0, account.0, 0),
        StaffFact::AccountChanged(s, account) => (148, s.0, account.0, 0),
    }
}

/// The fact behind a code and its numbers.
pub(super) fn fact(code: u16, a: u32, b: u32, c: i64) -> Option<StaffFact> {
    let s = StaffId(a);
    let count = || u32::try_from(c).ok();
    Some(match code {
        120 => StaffFact::Added(s, role_of(u8::try_from(c).ok()?)?),
        121 => StaffFact::Reset(s),
        122 => StaffFact::Accepted(s),
        123 => StaffFact::LoggedIn(s),
        124 => StaffFact::LogInFailed(s, b),
        125 => StaffFact::RecoveryUsed(s, b),
        126 => StaffFact::NewPassword(s),
        127 => StaffFact::NewFactor(s),
        128 => StaffFact::Seen(s),
        129 => StaffFact::LoggedOut(s),
        130 => StaffFact::Stopped(s, StaffId(b)),
        131 => StaffFact::Recorded(s, CaseId(b)),
        132 => StaffFact::DetailsChanged(s, PersonId(b)),
        133 => StaffFact::Viewed(s, PersonId(b)),
        134 => StaffFact::Released(s, CaseId(b)),
        135 => StaffFact::TeamMade(s, TeamId(b)),
        136 => StaffFact::TeamChanged(s, TeamId(b)),
        137 => StaffFact::Invited(s, TeamId(b)),
        138 => StaffFact::OrganizationMade(s, OrganizationId(b)),
        139 => StaffFact::OrganizationChanged(s, OrganizationId(b)),
        140 => StaffFact::Mistaken(s, PersonId(b)),
        141 => StaffFact::MembershipSet(s, PersonId(b)),
        142 => StaffFact::Listed(s, b),
        143 => StaffFact::Exported(s, b),
        198 => {
            let list = SavedList::ALL.get(usize::try_from(c).ok()?).copied()?;
            StaffFact::Saved(s, list, b)
        }
        144 => StaffFact::BulletinMade(s, BulletinId(b)),
        145 => StaffFact::BulletinStopped(s, BulletinId(b)),
        146 => StaffFact::BulletinAgain(s, BulletinId(b)),
        185 => StaffFact::FaceChanged(s),
        187 => StaffFact::Connected(s),
        188 => StaffFact::WebhookTold(s),
        195 => StaffFact::MailTried(s),
        196 => StaffFact::PracticeBegun(s),
        197 => StaffFact::PracticeStopped(s),
        189 => StaffFact::Confirmed(s, b),
        190 => StaffFact::Dossier(s, PersonId(b)),
        191 => StaffFact::Erased(s, PersonId(b)),
        186 => StaffFact::TermsPublished(s, u16::try_from(b).ok()?),
        180 => StaffFact::Registered(s, PersonId(b), count()?),
        181 => StaffFact::Unregistered(s, PersonId(b), count()?),
        182 => StaffFact::PhonedInVain(s, PersonId(b)),
        183 => StaffFact::EndedWatch(s, PersonId(b)),
        184 => StaffFact::Retimed(s, PersonId(b)),
        192 => {
            let why = EndReason::ALL.get(usize::try_from(c >> 32).ok()?).copied()?;
            let team = u32::try_from(c & i64::from(u32::MAX)).ok()?;
            StaffFact::TookOut(s, PersonId(b), TeamId(team), why)
        }
        147 => StaffFact::LinkMade(s, StaffId(b)),
        148 => StaffFact::AccountChanged(s, StaffId(b)),
        _ => return None,
    })
}
