//! Whether somebody is who they say: password and second factor together, with the same work and the
//! same answer whatever is wrong, and with waits that grow.

use std::time::Duration;

use super::password::Queue;
use super::{Visit, factor};
use crate::domain::id::StaffId;
use crate::domain::staff::{Deed, Failures, Proof, Staff, name_key};
use crate::web::backoff::Who;
use crate::web::session;
use crate::web::trouble::Trouble;

/// What came of it.
pub(super) enum Proved {
    /// They are.
    Yes(StaffId, Proof),
    /// Something is wrong.
    No,
    /// Too much was wrong lately; how long to wait.
    Wait(Duration),
}

/// What was typed.
pub(super) struct Typed<'a> {
    /// Password.
    pub(super) password: &'a str,
    /// Number or recovery code.
    pub(super) number: &'a str,
}

/// By the name that was typed into the log-in.
pub(super) async fn by_name(
    visit: &Visit<'_>,
    name: &str,
    typed: Typed<'_>,
) -> Result<Proved, Trouble> {
    let key = name_key(name);
    let all = visit.site.store.read()?.all_staff()?;
    let staff = all.into_iter().find(|staff| staff.answers_to(&key));
    let office = visit.office();
    let is_known = |staff: &&Staff| {
        session::is_known(office.gate.cookies, &office.gate.mint, visit.request, staff.id)
    };
    match staff.as_ref().filter(is_known) {
        Some(known) => {
            judge(visit, &[Who::Known(known.id)], Failures::default(), staff.as_ref(), typed).await
        }
        None => {
            let who = [Who::at(visit.request.peer), Who::named(name)];
            let stored = staff.as_ref().map(|staff| staff.failures).unwrap_or_default();
            judge(visit, &who, stored, staff.as_ref(), typed).await
        }
    }
}

/// Again, of somebody who is logged in.
pub(super) async fn again(
    visit: &Visit<'_>,
    staff: &Staff,
    typed: Typed<'_>,
) -> Result<Proved, Trouble> {
    judge(visit, &[Who::Known(staff.id)], Failures::default(), Some(staff), typed).await
}

async fn judge(
    visit: &Visit<'_>,
    who: &[Who],
    stored: Failures,
    staff: Option<&Staff>,
    typed: Typed<'_>,
) -> Result<Proved, Trouble> {
    let (office, now) = (visit.office(), visit.now);
    if let Err(wait) = office.backoff.begin(who, stored, now) {
        tracing::warn!(staff = staff.map(|staff| staff.id.0), "a log-in has to wait");
        return Ok(Proved::Wait(wait));
    }
    let password = staff.and_then(|staff| staff.password.as_ref());
    let queue = if let [Who::Known(_)] = who { Queue::Known } else { Queue::Strangers };
    let matched = office.hasher.matches(typed.password, password, queue).await;
    let matched = matched.inspect_err(|_| office.backoff.take_back(who))?;
    let factor = factor::shown(staff, typed.number, now);
    match (staff.filter(|staff| staff.is_ready()), password.filter(|_| matched), factor) {
        (Some(staff), Some(password), Some(factor)) => {
            office.backoff.forgive(who);
            Ok(Proved::Yes(staff.id, Proof { password: password.clone(), factor }))
        }
        _ => {
            tracing::warn!(staff = staff.map(|staff| staff.id.0), "a log-in failed");
            if let Some(staff) = staff {
                office.act_later(now, Deed::LogInFailed { staff: staff.id });
            }
            Ok(Proved::No)
        }
    }
}
