//! `/staff/groups`: every LINE group that the account is in, how its newest round stands, and what it costs. The office
//! only looks: a group looks after itself, and who takes part is not told here.

use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists};
use crate::domain::group::Group;
use crate::domain::quota::pushes_a_month;
use crate::domain::schedule::Zone;
use crate::http::{Response, StatusCode};
use crate::locale::groups::{self as words, State};
use crate::locale::lists as list_words;
use crate::store::{Reading, StoreError};
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Groups on the page.
const GROUPS_MAX: usize = 500;

/// A group on the page.
struct Line {
    group: Group,
    leader: Option<String>,
    participants: usize,
    state: State,
}

/// The list: groups that somebody should look at first, those that we are in no more last.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let mut groups = reading.groups(GROUPS_MAX + 1)?;
    let more = groups.len() > GROUPS_MAX;
    groups.truncate(GROUPS_MAX);
    let lines = groups.into_iter().map(|group| line(&reading, group));
    let mut lines: Vec<Line> = lines.collect::<Result<_, StoreError>>()?;
    drop(reading);
    lines.sort_by_key(|line| (line.state.place(), line.group.id));
    let monthly = lines.iter().filter_map(|line| monthly(&line.group)).sum();
    let body = html! {
        h1 { (words::TITLE) }
        p { (words::HOW) }
        @if more { p.notice { (words::MORE) } }
        @if lines.is_empty() {
            p { (words::NOBODY) }
            ol { @for step in words::FIRST_STEPS { li { (step) } } }
        } @else {
            @if monthly > 0 { p { strong { (words::all_monthly(monthly)) } } }
            (table(&lines))
            (lists::link(by, "groups"))
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn line(reading: &Reading, group: Group) -> Result<Line, StoreError> {
    let people = reading.participants(group.id)?;
    let leader = people.iter().find(|participant| Some(participant.person) == group.leader);
    let leader = leader.and_then(|leader| leader.name.as_ref()).map(ToString::to_string);
    let zone = group.schedule.as_ref().map_or_else(Zone::default, |s| s.zone.clone());
    let answered = |round: &crate::domain::group::GroupRound| {
        people.iter().filter(|participant| round.has(participant.person)).count()
    };
    let of = people.len();
    let state = match (&group.left_at, &group.schedule, group.rests_until, &group.round) {
        (Some(left_at), ..) => State::Left(zone.local(*left_at).date()),
        (_, None, ..) => State::NotBegun,
        (_, _, Some(last_day), _) => State::Rests(last_day),
        (_, _, _, None) => State::Waits,
        (_, _, _, Some(round)) => {
            let day = zone.local(round.due_at).date();
            match (round.asked_at, round.reported_at) {
                (None, _) => State::NotSent(day),
                (_, None) => State::Asked { answered: answered(round), of, day },
                (_, Some(_)) => match of - answered(round) {
                    0 => State::Complete(day),
                    missing => State::Missing { missing, called: round.caller.is_some(), day },
                },
            }
        }
    };
    Ok(Line { leader, participants: of, state, group })
}

/// Messages that its questions cost in a month, where the number of its people is known.
fn monthly(group: &Group) -> Option<u32> {
    let schedule = group.schedule.as_ref().filter(|_| group.is_here() && group.size > 0)?;
    Some(group.size.saturating_mul(pushes_a_month(schedule.interval)))
}

/// The groups as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let groups = asked.reading.groups(GROUPS_MAX)?;
    let lines = groups.into_iter().map(|group| line(asked.reading, group));
    let lines: Vec<Line> = lines.collect::<Result<_, StoreError>>()?;
    let row = |line: Line| {
        let Line { group, leader, participants, state } = line;
        let times = group.schedule.as_ref().map(|s| words::times(s.interval, s.hour));
        let leader = leader.unwrap_or_else(|| words::no_leader(group.leader).to_owned());
        vec![
            group.id.to_string(),
            leader,
            state.words(),
            times.unwrap_or_default(),
            participants.to_string(),
            group.size.to_string(),
            monthly(&group).map(|count| count.to_string()).unwrap_or_default(),
        ]
    };
    let rows = lines.into_iter().map(row).collect();
    Ok(Table { columns: list_words::GROUP_COLUMNS.to_vec(), rows })
}

fn table(lines: &[Line]) -> Markup {
    let rows = html! {
        @for Line { group, leader, participants, state } in lines {
            tr {
                th scope="row" { (group.id) }
                td { (leader.as_deref().map_or_else(|| words::no_leader(group.leader).to_owned(), words::called)) }
                td { (state.words()) }
                td {
                    @if let Some(schedule) = &group.schedule {
                        (words::times(schedule.interval, schedule.hour))
                    }
                }
                td { (words::people(*participants, group.size)) }
                td { @if let Some(monthly) = monthly(group) { (words::monthly(monthly)) } }
            }
        }
    };
    layout::table(words::TITLE, &words::COLUMNS, &rows)
}
