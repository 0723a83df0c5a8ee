//! `/staff/statistics`: how many people, teams and groups there are on a day, by service, sex and age, and
//! `/staff/statistics.csv`, the same as a file. Numbers only: what nobody may know of a person is counted as not written
//! down.

use jiff::civil::Date;
use maud::{Markup, html};

use super::{Visit, people};
use crate::domain::age::{self, Band, ELDERLY_FROM};
use crate::domain::details::{Details, Sex};
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::staff::Scope;
use crate::domain::team::{Policy, Role, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::statistics as words;
use crate::locale::{desk, people as people_words};
use crate::store::{Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{csv, layout};

/// People who are read at a time.
const READ_AT_ONCE: usize = 500;

/// Teams and groups that are counted.
const COUNTED_MAX: usize = 100_000;

/// Width of the longest bar.
const BAR_WIDTH: usize = 240;

/// How many of one kind there are, and have ever been.
#[derive(Clone, Copy, Default)]
struct Count {
    now: usize,
    ever: usize,
}

/// What is counted.
#[derive(Default)]
struct Statistics {
    people: Count,
    /// Asked in a team of the office.
    office: usize,
    /// Asked in another team.
    others: usize,
    resting: usize,
    unreachable: usize,
    /// Without LINE.
    phoned: usize,
    /// As [`Sex::ALL`], and those of whom it is not known.
    sexes: [usize; 5],
    /// As [`Band::ALL`], and those of whom it is not known.
    bands: [usize; 10],
    elderly: usize,
    /// Those whose age is known.
    aged: usize,
    office_teams: usize,
    organization_teams: usize,
    families: usize,
    groups: Count,
    participants: usize,
}

impl Statistics {
    /// Counts what is within the scope; groups and families belong to no organization.
    fn read(reading: &Reading, scope: &Scope, today: Date) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for team in reading.teams_from(0, COUNTED_MAX)? {
            if !scope.has(team.organization) {
                continue;
            }
            *match team.kind {
                TeamKind::Office => &mut all.office_teams,
                TeamKind::Organization => &mut all.organization_teams,
                TeamKind::Personal => &mut all.families,
            } += 1;
        }
        let groups = if scope.is_everything() { reading.groups(COUNTED_MAX)? } else { Vec::new() };
        for group in groups {
            all.groups.ever += 1;
            if group.is_here() {
                all.groups.now += 1;
                all.participants += reading.participants(group.id)?.len();
            }
        }
        if scope.is_everything() {
            let erased = reading.erasures()?;
            all.people.ever += erased.iter().filter(|erasure| erasure.was_asked).count();
        }
        let mut from = 0;
        loop {
            let people = reading.persons_from(from, READ_AT_ONCE)?;
            for person in &people {
                if people::is_within(reading, scope, person.id)? {
                    all.add(reading, person, today)?;
                }
            }
            let Some(last) = people.last().filter(|_| people.len() == READ_AT_ONCE) else { break };
            from = last.id.0.saturating_add(1);
        }
        Ok(all)
    }

    fn add(&mut self, reading: &Reading, person: &Person, today: Date) -> Result<(), StoreError> {
        let Some(watch) = &person.watch else {
            self.people.ever += usize::from(person.ended.is_some());
            return Ok(());
        };
        self.people.now += 1;
        self.people.ever += 1;
        self.resting += usize::from(watch.pause.is_some());
        self.unreachable += usize::from(person.is_lost());
        self.phoned += usize::from(person.is_phoned());
        let (mut office, mut other, mut policy) = (false, false, Policy::Nothing);
        for key in reading.places(person.id)? {
            let (Some(team), Some(member), Role::Member) =
                (reading.team(key.0)?, reading.member(key)?, key.1)
            else {
                continue;
            };
            office |= team.kind == TeamKind::Office;
            other |= team.kind != TeamKind::Office;
            // What a family wrote down for itself is not the office's.
            if team.kind != TeamKind::Personal {
                policy = policy.max(member.policy(&team));
            }
        }
        self.office += usize::from(office);
        self.others += usize::from(other);
        let known = reading.details(person.id)?.unwrap_or_default().within(policy);
        self.describe(&known, today);
        Ok(())
    }

    fn describe(&mut self, known: &Details, today: Date) {
        let sex = known.sex.and_then(|sex| Sex::ALL.iter().position(|known| *known == sex));
        if let Some(count) = self.sexes.get_mut(sex.unwrap_or(Sex::ALL.len())) {
            *count += 1;
        }
        let age = known.born_on.and_then(|born_on| age::on(today, born_on));
        let band = age.and_then(|age| Band::ALL.iter().position(|band| *band == Band::of(age)));
        if let Some(count) = self.bands.get_mut(band.unwrap_or(Band::ALL.len())) {
            *count += 1;
        }
        self.aged += usize::from(age.is_some());
        self.elderly += usize::from(age.is_some_and(|age| age >= ELDERLY_FROM));
    }

    /// All numbers: the heading, then each with its label.
    fn tables(&self) -> Vec<(&'static str, Vec<(String, usize)>)> {
        let line = |label: &str, count: usize| (label.to_owned(), count);
        let sexes = Sex::ALL.map(desk::sex).into_iter().chain([words::UNKNOWN]);
        let bands = Band::ALL.map(|band| people_words::band(band.first(), band.is_last()));
        let bands = bands.into_iter().chain([words::UNKNOWN.to_owned()]);
        vec![
            (
                words::PEOPLE,
                vec![
                    line(words::NOW, self.people.now),
                    line(words::EVER, self.people.ever),
                    line(words::RESTING, self.resting),
                    line(words::UNREACHABLE, self.unreachable),
                    line(words::PHONED, self.phoned),
                ],
            ),
            (
                words::SERVICES,
                vec![
                    line(words::OFFICE, self.office),
                    line(words::OTHERS, self.others),
                    line(words::GROUPS, self.participants),
                ],
            ),
            (words::SEX, sexes.map(str::to_owned).zip(self.sexes).collect()),
            (words::AGE, bands.zip(self.bands).collect()),
            (
                words::TEAMS,
                vec![
                    line(words::OFFICE_TEAMS, self.office_teams),
                    line(words::ORGANIZATION_TEAMS, self.organization_teams),
                    line(words::FAMILIES, self.families),
                    line(words::GROUPS_NOW, self.groups.now),
                    line(words::GROUPS_EVER, self.groups.ever),
                ],
            ),
        ]
    }
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let now = visit.site.clock.now();
    let today = Zone::default().local(now).date();
    let all = Statistics::read(&visit.site.store.read()?, &by.staff.scope, today)?;
    let body = html! {
        h1 { (words::TITLE) }
        p.as-of { (words::as_of(today)) }
        @if !by.staff.scope.is_everything() { p.notice { (words::PART) } }
        dl.numbers {
            div { dt { (words::NOW) } dd { strong { (all.people.now) } } }
            div { dt { (words::EVER) } dd { strong { (all.people.ever) } } }
            div { dt { (words::ELDERLY) } dd { strong { (words::share(all.elderly, all.aged)) } } }
        }
        div.sheets {
            @for (title, lines) in all.tables() { (table(title, &lines)) }
        }
        p.help { (words::UNKNOWN_HELP) }
        p { a.action href="/staff/statistics.csv" { (words::CSV) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

/// Numbers, each with a bar beside it that says nothing new.
fn table(title: &str, lines: &[(String, usize)]) -> Markup {
    let most = lines.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let rows = html! {
        @for (label, count) in lines {
            tr {
                th scope="row" { (label) }
                td.number { (count) }
                td {
                    svg.bar width=(BAR_WIDTH) height="16" aria-hidden="true" {
                        rect width=(count * BAR_WIDTH / most) height="16" {}
                    }
                }
            }
        }
    };
    html! { section { h2 { (title) } (layout::table(title, &words::COLUMNS, &rows)) } }
}

/// The same as a file.
pub(super) fn export(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let today = Zone::default().local(visit.site.clock.now()).date();
    let all = Statistics::read(&visit.site.store.read()?, &by.staff.scope, today)?;
    let rows = all.tables().into_iter().flat_map(|(title, lines)| {
        let day = people_words::csv_day(today);
        lines.into_iter().map(move |(label, count)| {
            vec![day.clone(), title.to_owned(), label, count.to_string()]
        })
    });
    Ok(csv::file(&words::file(today), &words::CSV_COLUMNS, rows)?)
}
