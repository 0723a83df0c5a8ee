//! `/g`: the LINE groups in which somebody takes part, and `/g/{id}`: one of them: who answered in which order, who has
//! not yet, and for whoever leads the days, the hour, a rest, and whether words count. Names are those that the
//! people of the group see of each other anyway. Nothing is posted into the group from here: that would cost a message
//! for each of them.

use maud::{Markup, html};

use super::Visit;
use crate::domain::group::{Group, GroupRound, Participant};
use crate::domain::id::{GroupId, PersonId};
use crate::domain::page::PageAct;
use crate::domain::press::Press;
use crate::domain::quota::pushes_a_month;
use crate::domain::schedule::{Hour, Interval, Schedule, Zone};
use crate::http::{Response, StatusCode};
use crate::locale::phone::group as labels;
use crate::locale::phone::{self as words, frame};
use crate::locale::words as common;
use crate::store::{Reading, StoreError};
use crate::web::input::select;
use crate::web::trouble::Trouble;

/// Rests that can be chosen, in days.
const RESTS: [u8; 4] = [3, 7, 14, 30];

/// The groups in which somebody takes part, that we are still in.
pub(super) fn of_person(reading: &Reading, person: PersonId) -> Result<Vec<Group>, StoreError> {
    let mut groups = Vec::new();
    for id in reading.groups_of(person)? {
        groups.extend(reading.group(id)?.filter(Group::is_here));
    }
    Ok(groups)
}

/// The list.
pub(super) fn list(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let groups = of_person(&visit.reading()?, visit.me.id)?;
    if let [only] = groups.as_slice() {
        return Ok(Response::redirect_see_other(&format!("/g/{}", only.id)));
    }
    let body = html! {
        h1 { (labels::TITLE) }
        @if groups.is_empty() { p { (labels::NONE) } }
        (links(&groups))
    };
    Ok(visit.page(StatusCode::OK, labels::TITLE, &body)?)
}

/// Leads to each group.
pub(super) fn links(groups: &[Group]) -> Markup {
    html! {
        ul.plain {
            @for group in groups {
                li { a href={ "/g/" (group.id) } { (labels::number(group.id)) } }
            }
        }
    }
}

/// The group of the path, with everyone who takes part, if the visitor is one of them.
fn of_path(visit: &Visit<'_>) -> Result<Option<(Group, Vec<Participant>)>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let reading = visit.reading()?;
    let Some(group) = reading.group(GroupId(id))?.filter(Group::is_here) else { return Ok(None) };
    let people = reading.participants(group.id)?;
    let inside = people.iter().any(|participant| participant.person == visit.me.id);
    Ok(inside.then_some((group, people)))
}

/// One group.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some((group, people)) = of_path(visit)? else { return Ok(visit.site.not_found()) };
    page(visit, StatusCode::OK, &group, &people, None)
}

fn page(
    visit: &Visit<'_>,
    status: StatusCode,
    group: &Group,
    people: &[Participant],
    said: Option<&str>,
) -> Result<Response, Trouble> {
    let leads = group.leader == Some(visit.me.id);
    let title = labels::number(group.id);
    let body = html! {
        h1 { (title) }
        (visit.said())
        @if let Some(said) = said { p.notice role="alert" { (said) } }
        (times(visit, group, people))
        @if let Some(round) = &group.round { (order(group, round, people)) }
        h2 { (labels::PEOPLE) }
        p { (labels::people(people.len(), group.size)) }
        ul.plain { @for one in people { li { (called(one)) } } }
        @if leads { (settings(visit, group)) } @else { p.help { (labels::LEADER_ONLY) } }
        p { a.action href="/u" { (frame::RETURN) } }
    };
    Ok(visit.page(status, &title, &body)?)
}

fn called(participant: &Participant) -> String {
    let name = participant.name.as_ref().map(|name| words::called(name.as_str()));
    name.unwrap_or_else(|| labels::NAMELESS.to_owned())
}

fn local(group: &Group, at: crate::domain::time::Moment) -> String {
    let zone = group.schedule.as_ref().map_or_else(Zone::default, |s| s.zone.clone());
    words::date_time(zone.local(at))
}

fn times(visit: &Visit<'_>, group: &Group, people: &[Participant]) -> Markup {
    let leader = people.iter().find(|one| Some(one.person) == group.leader);
    html! {
        dl.own {
            div { dt { (labels::LEADER) } dd {
                (leader.map_or_else(|| labels::NO_LEADER.to_owned(), called))
            } }
            @match &group.schedule {
                None => div { dt { (labels::SCHEDULE) } dd { (labels::NO_SCHEDULE) } },
                Some(schedule) => {
                    div { dt { (labels::SCHEDULE) } dd { (words::schedule(schedule.interval, schedule.hour)) } }
                    @match group.rests_until {
                        Some(day) => div { dt { (labels::RESTS) } dd { (labels::until(day)) } },
                        None => div { dt { (labels::NEXT) } dd {
                            (local(group, schedule.next_after(visit.now())))
                        } },
                    }
                    @if group.size > 0 {
                        @let monthly = group.size.saturating_mul(pushes_a_month(schedule.interval));
                        div { dt { (labels::COST) } dd { (labels::monthly(monthly)) } }
                    }
                }
            }
        }
    }
}

/// Who pressed, in their order, and who has not yet.
fn order(group: &Group, round: &GroupRound, people: &[Participant]) -> Markup {
    let known = |person: PersonId| people.iter().find(|one| one.person == person);
    let answered =
        round.answers.iter().filter_map(|answer| Some((known(answer.person)?, answer.at)));
    let missing: Vec<&Participant> = people.iter().filter(|one| !round.has(one.person)).collect();
    html! {
        h2 { (labels::round(&local(group, round.due_at))) }
        @if round.asked_at.is_none() { p.notice { (labels::NOT_SENT) } }
        ol.rounds {
            @for (place, (one, at)) in answered.enumerate() {
                li { (labels::place(place + 1)) " " strong { (called(one)) } " " span.item { (local(group, at)) } }
            }
        }
        @if missing.is_empty() {
            p.all-clear { (labels::ALL) }
        } @else {
            h3 { (labels::MISSING) }
            ul.plain { @for one in missing { li { (called(one)) } } }
            @if let Some(caller) = round.caller.and_then(known) {
                p { (labels::calls(&called(caller))) }
            }
        }
    }
}

/// What whoever leads can change.
fn settings(visit: &Visit<'_>, group: &Group) -> Markup {
    let (interval, hour) = group
        .schedule
        .as_ref()
        .map_or((Interval::DAILY, Hour::DEFAULT), |s: &Schedule| (s.interval, s.hour));
    let intervals = Interval::ALL.map(|interval| (interval.as_days(), common::interval(interval)));
    let rules = &visit.site.rules;
    let hours: Vec<(u8, String)> = (0..24)
        .filter_map(Hour::new)
        .map(|hour| (hour.get(), words::hour(hour, rules.report_time(hour))))
        .collect();
    let hours: Vec<(u8, &str)> = hours.iter().map(|(n, label)| (*n, label.as_str())).collect();
    let rests = RESTS.map(|days| (days, labels::rest_days(days)));
    let rests: Vec<(u8, &str)> = rests.iter().map(|(n, label)| (*n, label.as_str())).collect();
    html! {
        h2 { (labels::SETTINGS) }
        p { (labels::QUIET) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="times";
            (select("interval", words::own::time::INTERVAL, &intervals, Some(interval.as_days()), None))
            (select("hour", words::own::time::HOUR, &hours, Some(hour.get()), None))
            button.button type="submit" { (words::own::time::SAVE) }
        }
        @if group.rests_until.is_some() {
            (visit.button("back", "quiet", labels::BACK))
        } @else if group.schedule.is_some() {
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="act" value="rest";
                (select("days", labels::REST, &rests, Some(RESTS[1]), None))
                button.quiet type="submit" { (labels::REST_NOW) }
            }
        }
        div.toggle {
            p { @if group.words_count { (labels::WORDS_COUNT) } @else { (labels::WORDS_DO_NOT) } }
            @if group.words_count { (visit.button("words-off", "quiet", labels::WORDS_OFF)) }
            @else { (visit.button("words-on", "quiet", labels::WORDS_ON)) }
        }
        div.toggle {
            p { (labels::HAND_OVER_HELP) }
            (visit.button("hand-over", "quiet", labels::HAND_OVER))
        }
    }
}

/// Changes something; whether the visitor leads is decided by the rules at that moment.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some((group, people)) = of_path(visit)? else { return Ok(visit.site.not_found()) };
    let id = group.id;
    let number = |name: &str| visit.form.text(name).parse::<u8>().ok();
    let press = match visit.form.text("act") {
        "times" => {
            let interval = number("interval").and_then(Interval::days);
            let hour = number("hour").and_then(Hour::new);
            interval.zip(hour).map(|(interval, hour)| Press::GroupHour(id, interval, hour))
        }
        "rest" => {
            let days = number("days").filter(|days| RESTS.contains(days));
            days.map(|days| Press::GroupRest(id, days))
        }
        "back" => Some(Press::GroupBack(id)),
        "words-on" => Some(Press::GroupWords(id, true)),
        "words-off" => Some(Press::GroupWords(id, false)),
        "hand-over" => Some(Press::GroupHandOver(id)),
        _ => None,
    };
    let Some(press) = press else { return Ok(visit.site.not_found()) };
    if group.leader != Some(visit.me.id) {
        let refused = StatusCode::FORBIDDEN;
        return page(visit, refused, &group, &people, Some(labels::LEADER_ONLY));
    }
    visit.act(PageAct::Press(press)).await?;
    Ok(Visit::done(&format!("/g/{id}")))
}
