//! `/staff/report`: the report of a month, one A4 sheet, and `/staff/report.csv`, the same as a file: for whoever
//! commissioned the service. Numbers only.

mod month;

use maud::{Markup, html};

use self::month::{Happened, Month};
use super::Visit;
use crate::domain::case::{Outcome, Trouble};
use crate::domain::person::EndReason;
use crate::domain::record::Means;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::people::csv_day;
use crate::locale::report as words;
use crate::locale::{desk, staff};
use crate::store::{Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble as Fault;
use crate::web::{csv, layout};

/// Records of a case that are looked at.
const RECORDS_MAX: usize = 500;

/// People who are read at a time.
const READ_AT_ONCE: usize = 500;

/// The report.
struct Report {
    /// Whether the month is not over yet.
    goes_on: bool,
    at_begin: usize,
    at_end: usize,
    came: usize,
    happened: Happened,
    /// What staff did, as [`Means::ALL`].
    means: [usize; 6],
    /// Messages of this month and their limit, while it goes on.
    messages: Option<(u32, Option<u32>)>,
}

impl Report {
    fn read(reading: &Reading, month: Month, now: Moment) -> Result<Self, StoreError> {
        let (begin, end) = (month.begins_at(), month.ends_at());
        let (mut happened, mut later) = (Happened::default(), Happened::default());
        reading.journal_back(|entry| {
            if entry.at >= end {
                later.add(entry.at, entry.fact);
            } else if entry.at >= begin {
                happened.add(entry.at, entry.fact);
            }
            entry.at >= begin
        })?;
        // From how many there are now back to how many there were.
        let (mut present, mut came, mut came_later) = (0, 0, 0);
        let mut from = 0;
        loop {
            let people = reading.persons_from(from, READ_AT_ONCE)?;
            for person in &people {
                let Some(watch) = &person.watch else {
                    came += usize::from(happened.joined.contains(&person.id));
                    came_later += usize::from(
                        later.joined.contains(&person.id) && !happened.joined.contains(&person.id),
                    );
                    continue;
                };
                present += 1;
                came += usize::from(watch.since >= begin && watch.since < end);
                came_later += usize::from(watch.since >= end);
            }
            let Some(last) = people.last().filter(|_| people.len() == READ_AT_ONCE) else { break };
            from = last.id.0.saturating_add(1);
        }
        // Whoever was forgotten came all the same.
        for erasure in reading.erasures()? {
            let (now, then) = (&happened.joined, &later.joined);
            came += usize::from(now.contains(&erasure.person));
            came_later +=
                usize::from(then.contains(&erasure.person) && !now.contains(&erasure.person));
        }
        let gone_later: usize = later.ended.iter().sum();
        let gone: usize = happened.ended.iter().sum();
        let at_end = (present + gone_later).saturating_sub(came_later);
        let quota = reading.service()?.quota;
        Ok(Self {
            goes_on: now < end,
            at_begin: (at_end + gone).saturating_sub(came),
            at_end,
            came,
            means: means(reading, &happened, (begin, end))?,
            happened,
            messages: (Month::of(now) == month).then(|| (quota.used_now(now), quota.limit)),
        })
    }

    /// All numbers: the heading, then each with its label.
    fn tables(&self) -> Vec<(&'static str, Vec<(String, String)>)> {
        let happened = &self.happened;
        let line = |label: &str, number: usize| (label.to_owned(), number.to_string());
        let ended = EndReason::ALL.map(words::end_reason).into_iter().zip(happened.ended);
        let opened = Trouble::ALL.map(staff::trouble).into_iter().zip(happened.opened);
        let closed = Outcome::ALL.map(desk::outcome).into_iter().zip(happened.closed);
        let means = Means::ALL.map(desk::means).into_iter().zip(self.means);
        let some = |lines: Vec<(&'static str, usize)>| {
            lines
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .map(|(label, count)| line(label, count))
        };
        let mut people = vec![line(words::AT_BEGIN, self.at_begin), line(words::CAME, self.came)];
        people.extend(ended.map(|(why, count)| line(&words::ended(why), count)));
        people.push(line(if self.goes_on { words::AT_NOW } else { words::AT_END }, self.at_end));
        let mut asked = vec![
            line(words::ASKED, happened.asked),
            line(words::ANSWERED, happened.answered),
            (words::RATE.to_owned(), words::percent(happened.answered, happened.asked)),
            line(words::BY_OTHERS, happened.by_others),
            line(words::RESENT, happened.resent),
            line(words::RESTS, happened.rests),
        ];
        if happened.groups_asked > 0 {
            asked.push(line(words::GROUPS_ASKED, happened.groups_asked));
            asked.push(line(words::GROUPS_MISSED, happened.groups_missed));
        }
        let mut cases = vec![
            line(words::CASES, happened.opened.iter().sum()),
            line(words::OUT_OF_HOURS, happened.out_of_hours),
            (words::FIRST_ACT.to_owned(), words::wait(happened.first_act())),
        ];
        cases.extend(some(opened.collect()));
        let mut other = vec![line(words::BULLETINS, happened.bulletins)];
        other.extend(
            self.messages
                .map(|(used, limit)| (words::MESSAGES.to_owned(), words::messages(used, limit))),
        );
        vec![
            (words::PEOPLE, people),
            (words::ROUNDS, asked),
            (words::CASES_TITLE, cases),
            (words::OUTCOMES, some(closed.collect()).collect()),
            (words::MEANS, means.map(|(label, count)| line(label, count)).collect()),
            (words::OTHER, other),
        ]
    }
}

/// What staff wrote down in a month, by the means.
fn means(
    reading: &Reading,
    happened: &Happened,
    (begin, end): (Moment, Moment),
) -> Result<[usize; 6], StoreError> {
    let mut counts = [0; 6];
    for case in &happened.recorded {
        for record in reading.records(*case, RECORDS_MAX)? {
            let place = Means::ALL.iter().position(|means| *means == record.note.means);
            let within = record.at >= begin && record.at < end;
            if let Some(count) = place.filter(|_| within).and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }
    Ok(counts)
}

/// The month that the address names; without one, this month. `None` for what is no month, or none yet.
fn month(visit: &Visit<'_>) -> Option<Month> {
    let this = Month::of(visit.site.clock.now());
    let query = form_urlencoded::parse(visit.request.query.as_bytes());
    let named = query.into_iter().find(|(name, _)| name == "month");
    let month = named.map_or(Some(this), |(_, value)| Month::read(&value));
    month.filter(|month| month.begins_at() <= this.begins_at())
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Fault> {
    let Some(month) = month(visit) else { return Ok(visit.site.not_found()) };
    let now = visit.site.clock.now();
    let report = Report::read(&visit.site.store.read()?, month, now)?;
    let title = words::title(month.first());
    let to = |month: Month| format!("/staff/report?month={}", month.key());
    let body = html! {
        h1 { (title) }
        p.as-of {
            (visit.site.voice().org) " "
            @if report.goes_on { (words::so_far(Zone::default().local(now).date())) }
        }
        nav.pager.screen aria-label=(words::MONTHS) {
            a.action rel="prev" href=(to(month.before())) { (words::month(month.before().first())) }
            @if !report.goes_on {
                a.action rel="next" href=(to(month.after())) { (words::month(month.after().first())) }
            }
        }
        div.sheets.report {
            @for (title, lines) in report.tables() {
                @if !lines.is_empty() { (table(title, &lines)) }
            }
        }
        p.screen {
            a.action href={ "/staff/report.csv?month=" (month.key()) } { (words::CSV) }
        }
        p.help.screen { (words::PRINT) }
    };
    Ok(visit.desk_page(by, StatusCode::OK, &title, &body))
}

fn table(title: &str, lines: &[(String, String)]) -> Markup {
    let rows = html! {
        @for (label, number) in lines {
            tr { th scope="row" { (label) } td.number { (number) } }
        }
    };
    html! { section { h2 { (title) } (layout::table(title, &words::COLUMNS, &rows)) } }
}

/// The same as a file.
pub(super) fn export(visit: &Visit<'_>) -> Result<Response, Fault> {
    let Some(month) = month(visit) else { return Ok(visit.site.not_found()) };
    let report = Report::read(&visit.site.store.read()?, month, visit.site.clock.now())?;
    let rows = report.tables().into_iter().flat_map(|(title, lines)| {
        let day = csv_day(month.first());
        lines
            .into_iter()
            .map(move |(label, number)| vec![day.clone(), title.to_owned(), label, number])
    });
    Ok(csv::file(&words::file(&month.key()), &words::CSV_COLUMNS, rows)?)
}
