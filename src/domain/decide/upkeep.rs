//! What the service notices about itself: start and stop, hearing, time, the month's messages,
//! people who were forgotten. Nothing is repaired in silence: every finding is a fact of the
//! journal.

use std::time::Duration;

use super::{Step, astray, check, climb, erase, join, member, office};
use crate::domain::certificate::Concern;
use crate::domain::event::{Census, TimeLook, Upkeep};
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::message::{Daily, OfficeNotice};
use crate::domain::service::{BackupFault, Outage, Restored};
use crate::domain::time::Moment;

/// After a longer stop the machine's clock is believed only where somebody else's agrees with it.
const TIME_LIFE: Duration = Duration::from_secs(3600);

/// Something about the service itself.
pub(super) fn notice(step: &mut Step<'_>, upkeep: Upkeep) {
    match upkeep {
        Upkeep::Started { last_at, time } => started(step, last_at, time),
        Upkeep::Beat { alive_at, webhook_at, time } => beat(step, alive_at, webhook_at, time),
        Upkeep::StoodStill(since) => stood_still(step, since),
        Upkeep::Time(time) => look_at_time(step, time),
        Upkeep::Probed(probe) => {
            hear(step, |step, now| step.scene.change_service().hearing.probed(probe, now));
        }
        Upkeep::Swept(until) => {
            let service = step.scene.change_service();
            service.hearing.swept_until = until;
            service.lag = None;
        }
        Upkeep::Recheck(person) => check::recheck(step, person),
        Upkeep::AskAfresh(person) => check::ask_afresh(step, person),
        Upkeep::RaiseAfresh(case) => climb::raise_afresh(step, case),
        Upkeep::FileClean(person) => erase::file_is_clean(step, person),
        Upkeep::EraseAgain(forgotten) => erase::erase_again(step, forgotten),
        Upkeep::MadeGood => {
            step.facts.push(Fact::MadeGood);
            if let Some(restored) = &mut step.scene.change_service().restored {
                restored.made_good = true;
            }
        }
        Upkeep::BackedUp(at) => {
            step.scene.change_service().backup_at = Some(at);
            step.facts.push(Fact::BackedUp(at));
        }
        Upkeep::NotBackedUp(why) => not_backed_up(step, why),
        Upkeep::Ails(ailment) => {
            let today = office::wall(step.now).date();
            step.facts.push(Fact::Ails(ailment));
            step.tell_office(&format!("ails/{ailment:?}/{today}"), OfficeNotice::Ails(ailment));
        }
        Upkeep::Reach { person, reachable, asked_at } => {
            reach(step, person, reachable, asked_at);
        }
        Upkeep::Quota { limit, used } => {
            let now = step.now;
            step.scene.change_service().quota.tell(limit, used, now);
            warn_of_quota(step);
        }
        Upkeep::Stuck(since) => stuck(step, since),
        Upkeep::Stray(person) => astray::person(step, person),
        Upkeep::StrayCase(case) => astray::case(step, case),
        Upkeep::SetAside(person) => set_aside(step, person),
        Upkeep::Audited(census) => audited(step, census),
        Upkeep::Report(census, certificate) => report(step, census, certificate),
        Upkeep::TestManager(person) => join::test_again(step, person),
        Upkeep::Membership(person) => member::remind(step, person),
    }
}

/// The process starts: how long was nobody here? A file that never kept the time knows it from its
/// journal.
fn started(step: &mut Step<'_>, last_at: Option<Moment>, time: TimeLook) {
    let (now, settle) = (step.now, step.rules.settle_after_start);
    let known = step.scene.service.alive_at.or(last_at);
    if let Some(alive_at) = known {
        step.facts.push(Fact::Started(alive_at));
        step.scene.change_service().begins((alive_at, now), time == TimeLook::Proven);
        if alive_at > now {
            step.scene.change_service().went_ahead(now);
        }
        // The machine's clock alone is good for as long as it cannot have gone far astray.
        let is_alone = alive_at > now || now.since(alive_at) >= TIME_LIFE;
        match time {
            TimeLook::Steady if is_alone => doubt_time(step),
            seen => look_at_time(step, seen),
        }
        hear(step, |step, _| {
            step.scene.change_service().hearing.start(alive_at.min(now), now, settle);
        });
    }
    tell_of_restoring(step);
    step.scene.change_service().alive_at = Some(now);
}

/// The data came out of a copy, and this is the first start on it.
fn tell_of_restoring(step: &mut Step<'_>) {
    let Some(restored) = step.scene.service.restored.filter(|restored| !restored.told) else {
        return;
    };
    step.facts.push(Fact::Restored(restored.copied_at));
    let [from, until] = [restored.copied_at, restored.at].map(office::wall);
    let name = format!("restored/{}", restored.at.millis());
    let forgotten = step.scene.erasures.iter().filter(|(_, erasure)| erasure.at >= restored.at);
    let forgotten = forgotten.count();
    step.tell_office(&name, OfficeNotice::Restored { from, until, forgotten });
    step.scene.change_service().restored = Some(Restored { told: true, ..restored });
}

/// There is no new copy of the data. Told once a day: it is tried again every hour.
fn not_backed_up(step: &mut Step<'_>, why: BackupFault) {
    let today = office::wall(step.now).date();
    let last = step.scene.service.backup_at.map(office::wall);
    step.facts.push(Fact::NotBackedUp(why));
    step.tell_office(&format!("backup/{today}"), OfficeNotice::NotBackedUp { why, last });
}

/// The process lives. Who says so hands over up to when that is known, and never the present moment: a beat that is
/// quicker than the word of a standstill would else hide it.
fn beat(step: &mut Step<'_>, alive_at: Moment, webhook_at: Option<Moment>, time: TimeLook) {
    look_at_time(step, time);
    let now = step.now;
    let known = step.scene.service.alive_at.filter(|known| *known <= now);
    step.scene.change_service().alive_at = Some(alive_at.min(now)).max(known);
    if let Some(at) = webhook_at {
        heard(step, at);
    }
}

/// As deaf as if stopped.
fn stood_still(step: &mut Step<'_>, since: Moment) {
    let (now, settle) = (step.now, step.rules.settle_after_start);
    hear(step, |step, now| {
        step.scene.change_service().hearing.stood_still(since.min(now), now, settle);
    });
    step.scene.change_service().alive_at = Some(now);
}

fn look_at_time(step: &mut Step<'_>, time: TimeLook) {
    match time {
        TimeLook::Steady => {}
        TimeLook::Stepped => doubt_time(step),
        TimeLook::Proven => prove_time(step),
        TimeLook::Wrong(theirs) => {
            let now = step.now;
            step.scene.change_service().fell_behind(theirs, now);
            doubt_time(step);
        }
    }
}

/// A signed webhook arrived at `at`: the receiver hears.
pub(super) fn heard(step: &mut Step<'_>, at: Moment) {
    let hearing = &step.scene.service.hearing;
    // A proof a minute is enough, and spares a write with every press.
    let fresh = at.since(hearing.proof_at) >= Duration::from_secs(60);
    if fresh || hearing.deaf_since.is_some() {
        hear(step, |step, now| step.scene.change_service().hearing.prove(at, now));
    }
}

/// Changes what is known of our hearing, and notes in the journal if it was lost or came back.
fn hear(step: &mut Step<'_>, change: impl FnOnce(&mut Step<'_>, Moment)) {
    let before = step.scene.service.hearing.deaf_since;
    let now = step.now;
    change(step, now);
    match (before, step.scene.service.hearing.deaf_since) {
        (None, Some(since)) => {
            step.facts.push(Fact::Deaf(since));
            let name = format!("deaf/{}", since.millis());
            step.tell_office(&name, OfficeNotice::Deaf(office::wall(since)));
        }
        (Some(since), None) => {
            step.facts.push(Fact::HearsAgain(now));
            step.tell_office(&format!("hears/{}", since.millis()), OfficeNotice::HearsAgain);
        }
        (None, None) | (Some(_), Some(_)) => {}
    }
}

fn doubt_time(step: &mut Step<'_>) {
    let now = step.now;
    if step.scene.service.time_doubted.is_none() {
        step.scene.change_service().time_doubted = Some(now);
        step.facts.push(Fact::TimeDoubted);
        step.tell_office(&format!("time/{}", now.millis()), OfficeNotice::TimeDoubted);
    }
}

fn prove_time(step: &mut Step<'_>) {
    if step.scene.service.time_doubted.is_some() {
        step.scene.change_service().time_doubted = None;
        step.facts.push(Fact::TimeProven);
    }
}

/// LINE says whether a person can be reached. What the person did since the question was put counts
/// more.
fn reach(step: &mut Step<'_>, person: PersonId, reachable: bool, asked_at: Moment) {
    step.cause = format!("reach/{person}/{}", asked_at.millis());
    if reachable {
        join::reached(step, person, asked_at);
    } else {
        join::blocked(step, person, asked_at);
    }
}

/// Messages wait and LINE takes none, or takes them again.
fn stuck(step: &mut Step<'_>, since: Option<Moment>) {
    let known = step.scene.service.outage;
    match (known, since) {
        (None, Some(since)) => {
            step.scene.change_service().outage = Some(Outage { since, told_at: Some(step.now) });
            step.facts.push(Fact::OutageTold(since));
            let name = format!("outage/{}/{}", since.millis(), step.now.millis());
            step.tell_office(&name, OfficeNotice::CannotSend(office::wall(since)));
        }
        (Some(outage), None) => {
            step.scene.change_service().outage = None;
            step.facts.push(Fact::OutageOver(outage.since));
            // Two outages can have begun with one message.
            let name = format!("sends/{}/{}", outage.since.millis(), step.now.millis());
            step.tell_office(&name, OfficeNotice::SendsAgain);
        }
        (None, None) | (Some(_), Some(_)) => {}
    }
}

/// A rule failed over something: a human has to look after whom it concerned. Once a day for each.
fn set_aside(step: &mut Step<'_>, person: Option<PersonId>) {
    let today = office::wall(step.now).date();
    let whom = person.map_or(0, |person| person.0);
    step.tell_office(&format!("set-aside/{whom}/{today}"), OfficeNotice::SetAside(person));
}

fn audited(step: &mut Step<'_>, census: Census) {
    let now = step.now;
    let service = step.scene.change_service();
    service.watched = census.watched;
    service.quota.forecast = census.forecast;
    service.quota.alerts = census.alerts;
    service.audited_at = Some(now);
    step.facts.push(Fact::Audited(census.watched, census.strays));
    if census.strays > 0 {
        let name = format!("strays/{}", now.millis());
        step.tell_office(&name, OfficeNotice::Strays(census.strays));
    }
}

/// Warns the office once a month at each threshold.
pub(super) fn warn_of_quota(step: &mut Step<'_>) {
    let (now, percent) = (step.now, step.rules.alert_reserve_percent);
    let quota = step.scene.service.quota;
    let Some(reached) = quota.warning(now) else { return };
    step.scene.change_service().quota.warned_percent = reached;
    step.facts.push(Fact::QuotaWarned(reached.into()));
    let notice = OfficeNotice::Quota {
        percent: reached,
        used: quota.used_now(now),
        limit: quota.limit.unwrap_or(0),
        forecast: quota.forecast,
        stopped: !quota.allows_question(now, percent),
    };
    step.tell_office(&format!("quota/{}/{reached}", quota.month), notice);
}

/// How things are, once a day: that it does not come is a sign too.
fn report(step: &mut Step<'_>, census: Census, certificate: Option<Concern>) {
    let (now, today) = (step.now, office::wall(step.now).date());
    if step.scene.service.reported_on.is_some_and(|day| day >= today) {
        return;
    }
    let service = step.scene.change_service();
    service.reported_on = Some(today);
    let heard = service.hearing.proof_at;
    let daily = Daily {
        day: today,
        watched: census.watched,
        open: census.open,
        board: census.board,
        unreachable: census.unreachable,
        unwatched: census.unwatched,
        resting: census.resting,
        heard_at: (heard > Moment::EPOCH).then(|| office::wall(heard)),
        quota: (service.quota.used_now(now), service.quota.limit),
        forecast: census.forecast,
        certificate: certificate
            .map(|concern| (concern, concern.until().map(|until| office::wall(until).date()))),
    };
    step.tell_office(&format!("daily/{today}"), OfficeNotice::Daily(daily));
}
