//! What follows from what is done to or with an account of staff. An act that does not hold any
//! more (a used link, an old number, a password changed meanwhile) changes nothing; whoever asked
//! for it looks afterwards whether it happened.

use super::{Step, desk};
use crate::domain::fact::Fact;
use crate::domain::id::StaffId;
use crate::domain::name::Name;
use crate::domain::staff::{
    Deed, Factor, Failures, INVITATION_LIFE, PasswordHash, Proof, SCOPE_MAX,
    SESSIONS_PER_STAFF_MAX, STAFF_MAX, Scope, SecondFactor, Session, Staff, StaffAct, StaffFact,
    StaffInvitation, StaffRole, TokenHash, name_key,
};
use crate::domain::time::Moment;

/// Something was done.
pub(super) fn act(step: &mut Step<'_>, act: &StaffAct) {
    let at = act.at;
    match &act.deed {
        Deed::Add { name, role, scope, mail, invitation, by } => {
            let rights = (*role, scope, mail.as_ref());
            add(step, at, name, rights, (*invitation, *by));
        }
        Deed::Reset { staff, invitation, by } => reset(step, at, *staff, (*invitation, *by)),
        Deed::Change { staff, role, scope, by } => change(step, *staff, (*role, scope), *by),
        Deed::Accept { staff, invitation, password, factor, recovery, session } => {
            let account = (password, *factor, recovery.as_slice());
            accept(step, at, (*staff, *invitation), account, *session);
        }
        Deed::LoggedIn { staff, proof, session, instead_of } => {
            logged_in(step, at, (*staff, proof), *session, *instead_of);
        }
        Deed::LogInFailed { staff } => log_in_failed(step, at, *staff),
        Deed::NewPassword { staff, proof, password, session } => {
            new_password(step, at, (*staff, proof), password, *session);
        }
        Deed::NewFactor { staff, within, factor, recovery, session } => {
            new_factor(step, at, (*staff, *within), (*factor, recovery.as_slice()), *session);
        }
        Deed::Seen { session } => seen(step, at, *session),
        Deed::LoggedOut { session } => {
            if let Some(staff) = step.scene.sessions.get(session).map(|session| session.staff) {
                step.scene.sessions.remove(session);
                note(step, StaffFact::LoggedOut(staff));
            }
        }
        Deed::Stop { staff, by } => stop(step, *staff, *by),
        Deed::Dossier { person } => step.facts.push(Fact::DossierTyped(*person)),
        Deed::Exported => step.facts.push(Fact::ExportTyped),
        Deed::Desk { by, act } => desk::act(step, *by, act),
    }
}

fn note(step: &mut Step<'_>, fact: StaffFact) {
    step.facts.push(Fact::Staff(fact));
}

/// Whether somebody may decide about accounts: at the command line whoever has the server, in the console
/// those who answer for it.
fn may_decide(step: &Step<'_>, by: Option<StaffId>) -> bool {
    by.is_none_or(|by| {
        step.scene.staff.get(&by).is_some_and(|s| s.is_ready() && s.role == StaffRole::Admin)
    })
}

/// Whoever answers for everything sees everything.
fn scope_of(role: StaffRole, scope: &Scope) -> Scope {
    match (role, scope) {
        (StaffRole::Admin, _) | (_, Scope::Everything) => Scope::Everything,
        (_, Scope::Only(known)) => Scope::Only(known.iter().copied().take(SCOPE_MAX).collect()),
    }
}

fn add(
    step: &mut Step<'_>,
    at: Moment,
    name: &Name,
    (role, scope, mail): (StaffRole, &Scope, Option<&String>),
    (token, by): (TokenHash, Option<StaffId>),
) {
    let full = step.scene.staff.iter().count() >= STAFF_MAX;
    if full || is_taken(step, name, None) || !may_decide(step, by) {
        return;
    }
    let id = StaffId(step.scene.draw_id());
    let staff = Staff {
        id,
        name: name.clone(),
        role,
        scope: scope_of(role, scope),
        mail: mail.cloned(),
        since: at,
        active: true,
        password: None,
        second_factor: None,
        invitation: Some(StaffInvitation { token, expires_at: at + INVITATION_LIFE }),
        recovery: Vec::new(),
        failures: Failures::default(),
    };
    step.scene.staff.put(id, staff);
    note(step, StaffFact::Added(id, role));
    if let Some(by) = by {
        note(step, StaffFact::LinkMade(by, id));
    }
}

/// Another role or scope. Nobody changes their own, so that one who may do this always remains.
fn change(step: &mut Step<'_>, id: StaffId, (role, scope): (StaffRole, &Scope), by: StaffId) {
    if id == by || !may_decide(step, Some(by)) {
        return;
    }
    let Some(staff) = step.scene.staff.change(&id).filter(|staff| staff.active) else { return };
    staff.role = role;
    staff.scope = scope_of(role, scope);
    note(step, StaffFact::AccountChanged(by, id));
}

/// Whether another account is in use under this name.
fn is_taken(step: &Step<'_>, name: &Name, own: Option<StaffId>) -> bool {
    let key = name_key(name.as_str());
    step.scene.staff.iter().any(|(id, staff)| Some(*id) != own && staff.answers_to(&key))
}

/// A new link. An account that was stopped lives again; its name must be free.
fn reset(step: &mut Step<'_>, at: Moment, id: StaffId, (token, by): (TokenHash, Option<StaffId>)) {
    let Some(name) = step.scene.staff.get(&id).map(|staff| staff.name.clone()) else { return };
    if is_taken(step, &name, Some(id)) || by == Some(id) || !may_decide(step, by) {
        return;
    }
    if let Some(staff) = step.scene.staff.change(&id) {
        staff.invitation = Some(StaffInvitation { token, expires_at: at + INVITATION_LIFE });
        staff.active = true;
        forget_secrets(staff);
    }
    end_sessions(step, id);
    note(step, StaffFact::Reset(id));
    if let Some(by) = by {
        note(step, StaffFact::LinkMade(by, id));
    }
}

fn forget_secrets(staff: &mut Staff) {
    staff.password = None;
    staff.second_factor = None;
    staff.recovery.clear();
    staff.failures = Failures::default();
}

fn accept(
    step: &mut Step<'_>,
    at: Moment,
    (id, invitation): (StaffId, TokenHash),
    (password, factor, recovery): (&PasswordHash, SecondFactor, &[TokenHash]),
    session: TokenHash,
) {
    let invited = step.scene.staff.get(&id).is_some_and(|s| s.is_invited_by(invitation, at));
    if !invited {
        return;
    }
    if let Some(staff) = step.scene.staff.change(&id) {
        staff.invitation = None;
        staff.password = Some(password.clone());
        staff.second_factor = Some(factor);
        staff.recovery = recovery.to_vec();
        staff.failures = Failures::default();
    }
    end_sessions(step, id);
    begin_session(step, at, id, session);
    note(step, StaffFact::Accepted(id));
}

fn logged_in(
    step: &mut Step<'_>,
    at: Moment,
    (id, proof): (StaffId, &Proof),
    session: TokenHash,
    instead_of: Option<TokenHash>,
) {
    if !prove(step, id, proof) {
        return;
    }
    if let Some(before) = instead_of {
        step.scene.sessions.remove(&before);
    }
    make_room(step, at, id);
    begin_session(step, at, id, session);
    note(step, StaffFact::LoggedIn(id));
}

/// Uses a proof up: a number counts once, and so does a recovery code.
fn prove(step: &mut Step<'_>, id: StaffId, proof: &Proof) -> bool {
    let holds = step.scene.staff.get(&id).is_some_and(|staff| {
        let same_password = staff.password.as_ref() == Some(&proof.password);
        staff.is_ready() && same_password && has_factor(staff, proof.factor)
    });
    if !holds {
        return false;
    }
    let Some(staff) = step.scene.staff.change(&id) else { return false };
    staff.failures = Failures::default();
    match proof.factor {
        Factor::Number(shown) => staff.second_factor = Some(shown),
        Factor::Recovery(code) => {
            staff.recovery.retain(|known| *known != code);
            let left = u32::try_from(staff.recovery.len()).unwrap_or(u32::MAX);
            note(step, StaffFact::RecoveryUsed(id, left));
        }
    }
    true
}

fn has_factor(staff: &Staff, factor: Factor) -> bool {
    match factor {
        Factor::Number(shown) => staff
            .second_factor
            .is_some_and(|known| known.secret == shown.secret && known.last_step < shown.last_step),
        Factor::Recovery(code) => staff.recovery.contains(&code),
    }
}

fn log_in_failed(step: &mut Step<'_>, at: Moment, id: StaffId) {
    let Some(staff) = step.scene.staff.change(&id) else { return };
    staff.failures.add(at);
    let count = staff.failures.count;
    note(step, StaffFact::LogInFailed(id, count));
}

fn new_password(
    step: &mut Step<'_>,
    at: Moment,
    (id, proof): (StaffId, &Proof),
    password: &PasswordHash,
    session: TokenHash,
) {
    if !prove(step, id, proof) {
        return;
    }
    if let Some(staff) = step.scene.staff.change(&id) {
        staff.password = Some(password.clone());
    }
    end_sessions(step, id);
    begin_session(step, at, id, session);
    note(step, StaffFact::NewPassword(id));
}

fn new_factor(
    step: &mut Step<'_>,
    at: Moment,
    (id, within): (StaffId, TokenHash),
    (factor, recovery): (SecondFactor, &[TokenHash]),
    session: TokenHash,
) {
    let ready = step.scene.staff.get(&id).is_some_and(Staff::is_ready);
    let live = step.scene.sessions.get(&within).is_some_and(|s| s.staff == id && s.is_live(at));
    if !ready || !live {
        return;
    }
    if let Some(staff) = step.scene.staff.change(&id) {
        staff.second_factor = Some(factor);
        staff.recovery = recovery.to_vec();
    }
    end_sessions(step, id);
    begin_session(step, at, id, session);
    note(step, StaffFact::NewFactor(id));
}

fn seen(step: &mut Step<'_>, at: Moment, token: TokenHash) {
    let Some(session) = step.scene.sessions.get(&token).copied() else { return };
    if !session.is_live(at) || session.seen_at >= at {
        return;
    }
    if let Some(session) = step.scene.sessions.change(&token) {
        session.seen_at = at;
    }
    note(step, StaffFact::Seen(session.staff));
}

/// Stops an account. Nobody stops their own, so that one who may do this always remains.
fn stop(step: &mut Step<'_>, id: StaffId, by: StaffId) {
    let active = step.scene.staff.get(&id).is_some_and(|staff| staff.active);
    if !may_decide(step, Some(by)) || !active || id == by {
        return;
    }
    if let Some(staff) = step.scene.staff.change(&id) {
        staff.active = false;
        staff.invitation = None;
        forget_secrets(staff);
    }
    end_sessions(step, id);
    note(step, StaffFact::Stopped(id, by));
}

fn sessions_of(step: &Step<'_>, id: StaffId) -> Vec<Session> {
    let all = step.scene.sessions.iter().map(|(_, session)| *session);
    let mut sessions: Vec<Session> = all.filter(|session| session.staff == id).collect();
    sessions.sort_unstable_by_key(|session| session.since);
    sessions
}

fn end_sessions(step: &mut Step<'_>, id: StaffId) {
    for session in sessions_of(step, id) {
        step.scene.sessions.remove(&session.token);
    }
}

/// Removes the sessions that have ended, and the oldest where there would be too many.
fn make_room(step: &mut Step<'_>, at: Moment, id: StaffId) {
    let (live, over): (Vec<Session>, Vec<Session>) =
        sessions_of(step, id).into_iter().partition(|session| session.is_live(at));
    let too_many = (live.len() + 1).saturating_sub(SESSIONS_PER_STAFF_MAX);
    for session in over.iter().chain(live.iter().take(too_many)) {
        step.scene.sessions.remove(&session.token);
    }
}

fn begin_session(step: &mut Step<'_>, at: Moment, staff: StaffId, token: TokenHash) {
    step.scene.sessions.put(token, Session { token, staff, since: at, seen_at: at });
}
