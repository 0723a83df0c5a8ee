//! One look at everything: LINE is asked, the data is read, the disk is measured.

use super::Parts;
use crate::domain::checkup::{Account, Line, Looked, Point, Report, judge};
use crate::domain::staff::{Staff, StaffRole};
use crate::domain::team::Role;
use crate::keeper::vitals::space;
use crate::line::client::NoAnswer;
use crate::line::setup;
use crate::outbox::{Inquiry, Transport};
use crate::store::{Reading, StoreError};

/// People that are looked through for somebody who has tried it.
const PEOPLE_MAX: usize = 500;

/// Groups that are looked at: one is enough.
const GROUPS_MAX: usize = 1;

/// Looks, and judges.
pub(super) async fn report(parts: &Parts) -> Result<Report, StoreError> {
    let line = line(parts).await;
    if let Some(told) = Transport::inquire(parts.client.as_ref(), &Inquiry::Quota).await {
        // A writer that has stopped ends the process.
        let _ = parts.engine.decide_patiently(vec![told]).await;
    }
    let now = parts.clock.now();
    let reading = parts.store.read()?;
    let staff = reading.all_staff()?;
    let service = reading.service()?;
    let named = parts.settings.mail.unwrap_or_default();
    let mailbox = named || staff.iter().any(|staff| staff.hears_by_letter().is_some());
    let settings = &parts.settings;
    let has_phone = parts.voice.read().is_ok_and(|voice| voice.phone.is_some());
    let confirmed = Point::ALL.into_iter().filter(|p| p.bit() & service.confirmed != 0).collect();
    let is_admin = |staff: &&Staff| staff.is_ready() && staff.role == StaffRole::Admin;
    let looked = Looked {
        now,
        line,
        endpoint: settings.endpoint.clone(),
        ailments: parts.findings.now().unwrap_or_default(),
        confirmed,
        reserve_percent: settings.reserve_percent,
        has_phone,
        admins: staff.iter().filter(is_admin).count(),
        practised: practised(&reading)?,
        in_groups: reading.groups(GROUPS_MAX)?.iter().any(|group| group.is_here()),
        mail: settings.mail.map(|_| mailbox),
        copies: settings.copies,
        heartbeat: settings.heartbeat,
        secure: settings.secure,
        disk: space(&settings.store_path),
        service,
    };
    Ok(Report { at: now, findings: judge(&looked) })
}

/// Whether somebody has answered, and somebody has proven that alerts arrive.
fn practised(reading: &Reading) -> Result<bool, StoreError> {
    let (mut answered, mut receives) = (false, false);
    for person in reading.persons_from(0, PEOPLE_MAX)? {
        answered |= person.watch.as_ref().is_some_and(|watch| watch.last_answer_at.is_some());
        for (team, role, of) in reading.places(person.id)? {
            if role == Role::Manager {
                let place = reading.member((team, role, of))?;
                receives |= place.is_some_and(|place| place.receives_since.is_some());
            }
        }
        if answered && receives {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What LINE says about us.
async fn line(parts: &Parts) -> Line {
    if !parts.client.is_connected() {
        return Line::NotConnected;
    }
    let known = match parts.client.account().await {
        Ok(Some(known)) => known,
        Ok(None) => return Line::Refused(401),
        Err(NoAnswer::NoToken(status)) => return Line::Refused(status),
        Err(_) => return Line::Unreachable,
    };
    let client = &parts.client;
    let endpoint = client.json(&setup::endpoint()).await.ok();
    let endpoint = endpoint.and_then(|(status, body)| setup::endpoint_outcome(status, &body));
    let (endpoint, active) = endpoint.unzip();
    let test = client.json(&crate::line::call::webhook_test()).await.ok();
    let menu = client.json(&setup::default_menu()).await.ok();
    Line::Known(Account {
        name: known.name,
        basic_id: known.basic_id,
        endpoint,
        active: active.unwrap_or_default(),
        hearing: test.and_then(|(status, body)| setup::test_outcome(status, &body)),
        menu: menu.and_then(|(status, _)| setup::menu_outcome(status)),
    })
}
