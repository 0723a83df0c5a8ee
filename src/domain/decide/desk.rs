//! What follows from what staff do at the desk. Whoever may only look changes nothing, and a case that has
//! not come to the office is none of its business. An act that does not hold any more changes nothing.

use std::time::Duration;

use super::{
    Step, bulletin, care, check, checkup, districts, erase, face, leave, member, phoned, practice,
    rest, scope, soft, take_out,
};
use crate::domain::case::{Actor, Case, Outcome};
use crate::domain::details::{CONTACTS_MAX, Details};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId, StaffId};
use crate::domain::pause::Why;
use crate::domain::person::EndReason;
use crate::domain::record::{Note, Record};
use crate::domain::round::Ending;
use crate::domain::staff::{DeskAct, StaffFact, StaffRole, Told};
use crate::domain::team::{Policy, Team, TeamKind};

/// The same note by the same hand within so long was sent twice, not written twice.
const SENT_TWICE: Duration = Duration::from_secs(60);

/// Digits of a telephone number that tell one person from another.
const PHONE_END_DIGITS: usize = 4;

/// Somebody did something.
pub(super) fn act(step: &mut Step<'_>, by: StaffId, act: &DeskAct) {
    let staff = step.scene.staff.get(&by).filter(|staff| staff.is_ready());
    let Some((role, within)) = staff.map(|s| (s.role, scope::has(step, &s.scope, act))) else {
        return;
    };
    // Two acts of one moment must not take each other's messages for their own.
    step.cause = format!("desk/{by}/{}/{}", step.now.millis(), subject(act));
    match act {
        DeskAct::Viewed(person) => return note(step, StaffFact::Viewed(by, *person)),
        DeskAct::Listed(count) => return note(step, StaffFact::Listed(by, *count)),
        DeskAct::Dossier(person) => return note(step, StaffFact::Dossier(by, *person)),
        _ => {}
    }
    if role == StaffRole::Viewer || !within {
        return;
    }
    match act {
        DeskAct::Claim(case) => claim(step, by, *case),
        DeskAct::Release(case) => release(step, by, *case),
        DeskAct::Emergency(case) => emergency(step, by, *case),
        DeskAct::Close(case, outcome) => close(step, by, *case, *outcome),
        DeskAct::Record(case, note) => record(step, by, *case, note),
        DeskAct::Details(person, details) => change_details(step, by, *person, details),
        DeskAct::Rest { person, days, why, told } => {
            rest(step, by, *person, (*days, *why), told);
        }
        DeskAct::EndRest(person) if is_ours(step, *person) => {
            rest::end_by_staff(step, by, *person);
        }
        DeskAct::MakeTeam(plan) => districts::make_team(step, by, plan),
        DeskAct::ChangeTeam(team, plan) => districts::change_team(step, by, *team, plan),
        DeskAct::Invite(team, kind) => districts::invite(step, by, *team, *kind),
        DeskAct::MakeOrganization(name) => districts::make_organization(step, by, name),
        DeskAct::RenameOrganization(id, name) => districts::rename(step, by, *id, name),
        DeskAct::Head(id, person, heads) => districts::head(step, by, (*id, *person), *heads),
        DeskAct::Membership(person, until) => member::set(step, by, *person, *until),
        DeskAct::SendBulletin(draft) => bulletin::send(step, by, draft),
        DeskAct::TestBulletin(to, draft) => bulletin::test(step, draft, *to),
        DeskAct::StopBulletin(id) => bulletin::stop(step, by, *id),
        DeskAct::BulletinAgain(id, whom) => bulletin::again(step, by, *id, *whom),
        DeskAct::Face(..)
        | DeskAct::Publish(..)
        | DeskAct::SetUp(_)
        | DeskAct::Practice(_)
        | DeskAct::Erase(..) => by_admin(step, (by, role), act),
        DeskAct::Register(people) => phoned::register(step, by, people),
        DeskAct::Unregister(first, count) => phoned::unregister(step, by, (*first, *count)),
        DeskAct::Phoned(person, what) if is_ours(step, *person) => {
            phoned::phoned(step, by, *person, *what);
        }
        DeskAct::EndWatch(person, why) if is_ours(step, *person) => {
            phoned::end(step, by, *person, *why);
        }
        DeskAct::TakeOut(taking) => take_out::take_out(step, (by, role), taking),
        DeskAct::Retime(person, interval, hour) => {
            phoned::retime(step, by, *person, (*interval, *hour));
        }
        DeskAct::Exported(count) => note(step, StaffFact::Exported(by, *count)),
        DeskAct::Saved(list, count) => note(step, StaffFact::Saved(by, *list, *count)),
        DeskAct::EndRest(_)
        | DeskAct::Phoned(..)
        | DeskAct::EndWatch(..)
        | DeskAct::Viewed(_)
        | DeskAct::Listed(_)
        | DeskAct::Dossier(_) => {}
    }
}

/// What is for administrators alone.
fn by_admin(step: &mut Step<'_>, (by, role): (StaffId, StaffRole), act: &DeskAct) {
    if role != StaffRole::Admin {
        return;
    }
    match act {
        DeskAct::Face(face, picture) => face::change(step, by, face, picture.as_deref()),
        DeskAct::Publish(texts, on_top_of) => {
            face::publish(step, by, (&texts.0, &texts.1), *on_top_of);
        }
        DeskAct::SetUp(done) => checkup::set_up(step, by, *done),
        DeskAct::Practice(act) => practice::act(step, by, *act),
        DeskAct::Erase(person, why) => erase::erase(step, by, *person, *why),
        _ => {}
    }
}

/// What an act is and whom it is about.
fn subject(act: &DeskAct) -> String {
    match act {
        DeskAct::Claim(case) => format!("claim/{case}"),
        DeskAct::Release(case) => format!("release/{case}"),
        DeskAct::Emergency(case) => format!("emergency/{case}"),
        DeskAct::Close(case, _) => format!("close/{case}"),
        DeskAct::Record(case, _) => format!("record/{case}"),
        DeskAct::Details(person, _) => format!("details/{person}"),
        DeskAct::Viewed(person) => format!("viewed/{person}"),
        DeskAct::Listed(_) => "listed".to_owned(),
        DeskAct::Exported(_) => "exported".to_owned(),
        DeskAct::Saved(list, _) => format!("saved/{list:?}"),
        DeskAct::SendBulletin(_) => "bulletin".to_owned(),
        DeskAct::TestBulletin(to, _) => format!("bulletin/test/{to}"),
        DeskAct::StopBulletin(id) | DeskAct::BulletinAgain(id, _) => format!("bulletin/{id}"),
        DeskAct::Rest { person, .. } => format!("rest/{person}"),
        DeskAct::EndRest(person) => format!("end/{person}"),
        DeskAct::MakeTeam(_) => "team".to_owned(),
        DeskAct::ChangeTeam(team, _) => format!("team/{team}"),
        DeskAct::Invite(team, _) => format!("invite/{team}"),
        DeskAct::MakeOrganization(_) => "organization".to_owned(),
        DeskAct::RenameOrganization(id, _) => format!("organization/{id}"),
        DeskAct::Head(id, person, _) => format!("head/{id}/{person}"),
        DeskAct::SetUp(done) => format!("setup/{done:?}"),
        DeskAct::Practice(act) => format!("practice/{act:?}"),
        DeskAct::Face(..) => "face".to_owned(),
        DeskAct::Publish(..) => "terms".to_owned(),
        DeskAct::Register(_) => "register".to_owned(),
        DeskAct::Unregister(first, _) => format!("unregister/{first}"),
        DeskAct::Phoned(person, _) => format!("phoned/{person}"),
        DeskAct::EndWatch(person, _) => format!("over/{person}"),
        DeskAct::TakeOut(taking) => format!("out/{}/{}", taking.team, taking.manager),
        DeskAct::Retime(person, ..) => format!("retime/{person}"),
        DeskAct::Membership(person, _) => format!("member/{person}"),
        DeskAct::Dossier(person) => format!("dossier/{person}"),
        DeskAct::Erase(person, _) => format!("erase/{person}"),
    }
}

fn note(step: &mut Step<'_>, fact: StaffFact) {
    step.facts.push(Fact::Staff(fact));
}

/// An open case that has come to the office.
fn on_the_board(step: &Step<'_>, id: CaseId) -> Option<Case> {
    let case = step.scene.cases.get(&id)?;
    (case.is_open() && case.office_since.is_some()).then(|| case.clone())
}

fn claim(step: &mut Step<'_>, by: StaffId, id: CaseId) {
    let Some(case) = on_the_board(step, id).filter(|case| case.claim.is_none()) else { return };
    care::claim_by(step, &case, Actor::Staff(by), step.now);
}

/// Gives a case that the office took back to everyone; anyone at the desk may, whoever took it.
fn release(step: &mut Step<'_>, by: StaffId, id: CaseId) {
    let Some(case) = on_the_board(step, id) else { return };
    if matches!(case.claimer(), Some(Actor::Staff(_))) {
        care::release(step, &case);
        note(step, StaffFact::Released(by, id));
    }
}

fn emergency(step: &mut Step<'_>, by: StaffId, id: CaseId) {
    let Some(case) = on_the_board(step, id).filter(|case| !case.called_emergency) else { return };
    care::emergency_by(step, &case, Actor::Staff(by), step.now);
}

/// Closes a case with what it turned out to be. An outcome that ends the watch ends it at once; the page
/// has asked twice.
fn close(step: &mut Step<'_>, by: StaffId, id: CaseId, outcome: Outcome) {
    let Some(case) = on_the_board(step, id).filter(|_| outcome != Outcome::Answered) else {
        return;
    };
    let (by, now) = (Actor::Staff(by), step.now);
    if case.trouble.is_soft() && !outcome.ends_watch() {
        return soft::done_by(step, &case, by, now, outcome);
    }
    care::settle(step, &case, by, now, outcome);
    if let Some(why) = EndReason::of(outcome) {
        leave::tell_of_end(step, case.person, by, why);
        check::end_watch(step, case.person, why, Ending::Left);
    }
}

fn record(step: &mut Step<'_>, by: StaffId, id: CaseId, written: &Note) {
    // About somebody who was forgotten nothing is written any more.
    let known =
        step.scene.cases.get(&id).is_some_and(|case| {
            case.office_since.is_some() && step.scene.persons.has(&case.person)
        });
    let now = step.now;
    let twice = step.scene.last_record.as_ref().is_some_and(|last| {
        last.by == by && last.note == *written && now.since(last.at) < SENT_TWICE
    });
    if !known || twice {
        return;
    }
    step.scene.records.push((id, Record { at: now, by, note: written.clone() }));
    note(step, StaffFact::Recorded(by, id));
    let theirs = on_the_board(step, id)
        .filter(|case| matches!(case.claimer(), Some(Actor::Staff(_))) && !case.called_emergency);
    if theirs.is_some() {
        care::renew(step, id);
    }
}

/// How much of a person the office may write down.
fn allowed(step: &Step<'_>, person: PersonId) -> Policy {
    if has_case_here(step, person) { Policy::Full } else { step.scene.policy(person) }
}

fn has_case_here(step: &Step<'_>, person: PersonId) -> bool {
    let watch = step.person(person).and_then(|p| p.watch.as_ref());
    let cases = watch.map(|watch| [watch.case, watch.soft, watch.call]).unwrap_or_default();
    cases.into_iter().flatten().any(|id| on_the_board(step, id).is_some())
}

/// Whether a person is the office's business: a family looks after its own, until a case of theirs comes to
/// the office.
fn is_ours(step: &Step<'_>, person: PersonId) -> bool {
    let teams = step.scene.teams_watching(person).filter_map(|team| step.scene.teams.get(&team));
    let ours = |team: &Team| team.kind != TeamKind::Personal || team.handed_over_at.is_some();
    teams.into_iter().any(ours) || has_case_here(step, person)
}

/// What is known about a person, changed as a whole. Of two who change it at once, the second is told.
fn change_details(step: &mut Step<'_>, by: StaffId, person: PersonId, details: &Details) {
    let version = step.scene.details.get(&person).map_or(0, |known| known.version);
    let fits = details.contacts.len() <= CONTACTS_MAX && details.needs() <= allowed(step, person);
    if details.version != version || !fits || !step.scene.persons.has(&person) {
        return;
    }
    let known = Details { version: version.saturating_add(1), ..details.clone() };
    step.scene.details.put(person, known);
    note(step, StaffFact::DetailsChanged(by, person));
}

/// Lets somebody rest, if the caller knows them: people died behind a rest that was meant for another. Where
/// birth or telephone are known, one of them has to be told; the number of the member is on every list.
fn rest(step: &mut Step<'_>, by: StaffId, person: PersonId, (days, why): (u8, Why), told: &Told) {
    if is_ours(step, person) && is_true(step, person, told) {
        rest::begin_by_staff(step, by, person, days, why);
    } else {
        note(step, StaffFact::Mistaken(by, person));
    }
}

fn is_true(step: &Step<'_>, person: PersonId, told: &Told) -> bool {
    let known = step.scene.details.get(&person);
    let phones = known.into_iter().flat_map(|d| [d.phone.as_ref(), d.mobile.as_ref()]).flatten();
    let phones: Vec<String> =
        phones.map(|phone| phone.as_str().chars().filter(char::is_ascii_digit).collect()).collect();
    let born_on = known.and_then(|details| details.born_on);
    match told {
        Told::Born(day) => born_on == Some(*day),
        Told::PhoneEnd(end) => {
            end.len() == PHONE_END_DIGITS && phones.iter().any(|phone| phone.ends_with(end))
        }
        Told::Number(number) => born_on.is_none() && phones.is_empty() && *number == person.0,
    }
}
