//! `/staff/people`: everyone who is the office's business, those first of whom somebody is needed, and
//! `/staff/people.csv`, the same as a file. Families who look after themselves are counted, and not named.

mod filter;

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};

use self::filter::{Age, Condition, Filter, Found, SILENT_DAYS, WORDS_MAX};

pub(super) use self::filter::folded;
use super::people;
use super::{Desk, Kept, Visit, is_open_to, may_change};
use crate::domain::age;
use crate::domain::details::{CONTACTS_MAX, Contact, Details, Line as Typed, Phone};
use crate::domain::id::{OrganizationId, TeamId};
use crate::domain::message::State;
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::{Role, Team, TeamKind};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::erasure::list as erasure_words;
use crate::locale::people as words;
use crate::locale::{desk, page as page_words, phone as phone_words};
use crate::store::{Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{csv, known, layout};

/// Lines on one page.
const SHOWN_MAX: usize = 100;

/// People whom the register can hold.
const PEOPLE_MAX: usize = 20_000;

/// One who is asked.
struct Entry {
    person: Person,
    /// What the office may know.
    details: Details,
    teams: Vec<Team>,
    state: State,
    /// A signed form is wanted and has not come.
    formless: bool,
    /// Something that the office has to know is not written down.
    lacking: bool,
    /// When something happens to them next.
    timer: Option<Moment>,
}

impl Entry {
    /// The last sign of life, or when the watch began.
    fn heard_at(&self) -> Moment {
        let watch = self.person.watch.as_ref();
        watch.map_or(self.person.since, |watch| watch.last_answer_at.unwrap_or(watch.since))
    }

    /// By what the list is sorted among those who are alike.
    fn sound(&self) -> String {
        let line = self.details.reading.as_ref().or(self.details.full_name.as_ref());
        let nickname = self.person.name.as_ref().map(|name| name.as_str());
        folded(line.map(|line| line.as_str()).or(nickname).unwrap_or_default())
    }

    /// The nickname.
    fn called(&self) -> String {
        let name = self.person.name.as_ref();
        name.map_or_else(|| words::NO_NAME.to_owned(), |name| phone_words::called(name.as_str()))
    }

    fn next_at(&self, now: Moment) -> Option<Moment> {
        self.person.watch.as_ref().map(|watch| watch.asked_next(self.timer, now))
    }
}

/// Everyone whom the office may know.
struct Register {
    entries: Vec<Entry>,
    /// Families who look after themselves: so many are asked in them.
    families: usize,
    /// There may be more.
    more: bool,
    /// The teams that the office may know, by number.
    teams: BTreeMap<TeamId, String>,
    organizations: Vec<(OrganizationId, String)>,
}

impl Register {
    fn read(reading: &Reading, by: &SignedIn) -> Result<Self, StoreError> {
        let (people, more) = reading.watched(PEOPLE_MAX)?;
        let organizations = reading.organizations()?.into_iter();
        let organizations = organizations.filter(|o| by.staff.scope.has(Some(o.id)));
        let organizations = organizations.map(|o| (o.id, o.name.to_string())).collect();
        let teams = BTreeMap::new();
        let mut register = Self { entries: Vec::new(), families: 0, more, teams, organizations };
        for person in people {
            if people::concerns(reading, by, person.id)? {
                let entry = entry(reading, person)?;
                let shown = entry.teams.iter().filter(|team| team.kind != TeamKind::Personal);
                for team in shown.filter(|team| by.staff.scope.has(team.organization)) {
                    register.teams.entry(team.id).or_insert_with(|| page_words::team(&team.name));
                }
                register.entries.push(entry);
            } else if by.staff.scope.is_everything() {
                register.families += 1;
            }
        }
        register.entries.sort_by_cached_key(|entry| (entry.state, entry.sound(), entry.person.id));
        Ok(register)
    }
}

fn entry(reading: &Reading, person: Person) -> Result<Entry, StoreError> {
    let mut teams = Vec::new();
    for team in known::teams_as(reading, person.id, Role::Member)? {
        teams.extend(reading.team(team)?);
    }
    let policy = people::policy(reading, person.id)?;
    let details = reading.details(person.id)?.unwrap_or_default().within(policy);
    let (state, _) = known::state(reading, &person)?;
    let formless = teams.iter().any(|team| team.wants_form) && details.form_on.is_none();
    let lacking = !known::lacks(reading, person.id)?.is_empty();
    let timer = reading.timer(person.id.0)?;
    Ok(Entry { person, details, teams, state, formless, lacking, timer })
}

/// One line of the list.
struct Line<'a> {
    entry: &'a Entry,
    found: Found,
}

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let register = Register::read(&visit.site.store.read()?, by)?;
    let filter = Filter::of_query(&visit.request.query);
    let now = visit.site.clock.now();
    let lines = found(&register, &filter, now);
    let pages = lines.len().div_ceil(SHOWN_MAX).max(1);
    let page = filter.page.min(pages);
    let shown: Vec<&Line<'_>> = lines.iter().skip((page - 1) * SHOWN_MAX).take(SHOWN_MAX).collect();
    let named = shown.iter().filter(|line| line.entry.details.full_name.is_some()).count();
    if named > 0 {
        let act = DeskAct::Listed(u32::try_from(named).unwrap_or(u32::MAX));
        visit.office().act_later(visit.now, Deed::Desk { by: by.staff.id, act });
    }
    let body = html! {
        h1 { (words::TITLE) }
        (form(&filter, &register))
        @if register.more { p.notice { (words::MORE) } }
        @if register.entries.is_empty() {
            p { (words::EMPTY) }
            ol { @for step in words::FIRST_STEPS { li { (step) } } }
            p { a.button href="/staff/teams" { (words::TO_TEAMS) } }
        } @else {
            p.as-of role="status" { (words::count(lines.len(), register.entries.len())) }
            @if lines.is_empty() {
                p { (words::NOBODY) }
            } @else {
                (table(&shown, now))
            }
        }
        @if pages > 1 { (pager(&filter, page, pages)) }
        @if !lines.is_empty() && may_change(by) {
            p { a.action href={ "/staff/people.csv?" (filter.query(1)) } { (words::csv(lines.len())) } }
            p.help { (words::CSV_HELP) }
        }
        @if register.families > 0 { p.help { (words::families(register.families)) } }
        @if is_open_to(Desk::Kept(Kept::Erasures), &by.staff) {
            p { a.action href="/staff/erasures" { (erasure_words::ENDED_AND_MORE) } }
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn found<'a>(register: &'a Register, filter: &Filter, now: Moment) -> Vec<Line<'a>> {
    let today = Zone::default().local(now).date();
    let line = |entry| filter.finds(entry, now, today).map(|found| Line { entry, found });
    register.entries.iter().filter_map(line).collect()
}

fn form(filter: &Filter, register: &Register) -> Markup {
    let states = Condition::ALL.into_iter().zip(words::CONDITIONS);
    let states = states.map(|((_, key), label)| (key.to_owned(), label.to_owned()));
    let teams = register.teams.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let areas = register.organizations.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let ages = Age::all().map(|(age, key)| {
        let label = match age {
            Age::Elderly => words::ELDERLY.to_owned(),
            Age::Of(band) => words::band(band.first(), band.is_last()),
            Age::Unknown => words::AGE_UNKNOWN.to_owned(),
        };
        (key, label)
    });
    let silences = SILENT_DAYS.map(|days| (days.to_string(), words::silent(days)));
    let team = filter.team.map(|id| id.to_string());
    let area = filter.organization.map(|id| id.to_string());
    let silent = filter.silent.map(|days| days.to_string());
    html! {
        form.search method="get" action="/staff/people" role="search" {
            div.line {
                div.field {
                    label for="q" { (words::SEARCH) }
                    p.help id="q-help" { (words::SEARCH_HELP) }
                    input id="q" name="q" type="search" value=(filter.words) maxlength=(WORDS_MAX)
                        autocomplete="off" aria-describedby="q-help";
                }
                button.button type="submit" { (words::FIND) }
            }
            details open[filter.narrows()] {
                summary { (words::NARROW) }
                div.narrow {
                    (options("state", words::STATE, states, filter.condition.map(filter::condition_key)))
                    (options("team", words::TEAM, teams, team.as_deref()))
                    @if !register.organizations.is_empty() {
                        (options("area", words::AREA, areas, area.as_deref()))
                    }
                    (options("age", words::AGE, ages, filter.age.map(filter::age_key).as_deref()))
                    (options("silent", words::SILENT, silences.into_iter(), silent.as_deref()))
                    @let formless = [("missing".to_owned(), words::FORM_MISSING.to_owned())];
                    (options("form", words::FORM, formless.into_iter(), filter.formless.then_some("missing")))
                    @let lacking = [("some".to_owned(), words::LACKING.to_owned())];
                    (options("lack", words::LACK, lacking.into_iter(), filter.lacking.then_some("some")))
                    @let ways = [false, true].map(|phoned| {
                        (filter::way_key(phoned).to_owned(), words::one::way(phoned).to_owned())
                    });
                    (options("way", words::one::WAY, ways.into_iter(), filter.phoned.map(filter::way_key)))
                }
                button.quiet type="submit" { (words::FIND_THESE) }
            }
            @if *filter != Filter::of_query("") {
                p { a.action href="/staff/people" { (words::ALL) } }
            }
        }
    }
}

/// A choice that can be left open.
fn options(
    name: &str,
    label: &str,
    choices: impl Iterator<Item = (String, String)>,
    chosen: Option<&str>,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { (words::ANY) }
                @for (key, label) in choices {
                    option value=(key) selected[chosen == Some(key.as_str())] { (label) }
                }
            }
        }
    }
}

fn table(lines: &[&Line<'_>], now: Moment) -> Markup {
    let rows = html! {
        @for Line { entry, found } in lines {
            tr {
                td { (known::shown(entry.state)) }
                th scope="row" {
                    a href={ "/staff/people/" (entry.person.id) } { (entry.called()) }
                    @if let Some(name) = full_name(&entry.details) { br; small { (name) } }
                    @if let Some(contact) = contact(entry, *found) { br; small { (contact) } }
                }
                td.number { (entry.person.id) }
                td { @for team in &entry.teams { span.item { (page_words::team(&team.name)) } " " } }
                td { (heard(entry, now)) }
                td { @if let Some(at) = entry.next_at(now) { (local(at)) } }
            }
        }
    };
    layout::table(words::TITLE, &words::COLUMNS, &rows)
}

fn full_name(details: &Details) -> Option<String> {
    let name = details.full_name.as_ref().or(details.number.as_ref())?;
    Some(words::full_name(name.as_str(), details.reading.as_ref().map(|line| line.as_str())))
}

/// Whose name or number it was, where it was not their own.
fn contact(entry: &Entry, found: Found) -> Option<String> {
    let Found::Contact(place) = found else { return None };
    let Contact { name, relation, .. } = entry.details.contacts.get(place)?;
    let relation = relation.as_ref().map(|relation| relation.as_str());
    Some(words::contact(&desk::called(name.as_str(), relation)))
}

fn local(at: Moment) -> String {
    phone_words::date_time(Zone::default().local(at))
}

fn heard(entry: &Entry, now: Moment) -> Markup {
    let at = entry.person.watch.as_ref().and_then(|watch| watch.last_answer_at);
    html! {
        @match at {
            Some(at) => { (local(at)) " " span.item { (words::ago(now.since(at))) } }
            None => (words::NEVER),
        }
    }
}

fn pager(filter: &Filter, page: usize, pages: usize) -> Markup {
    let to = |page: usize| format!("/staff/people?{}", filter.query(page));
    html! {
        nav.pager aria-label=(words::PAGES) {
            @if page > 1 { a.action rel="prev" href=(to(page - 1)) { (words::EARLIER) } }
            span { (words::page(page, pages)) }
            @if page < pages { a.action rel="next" href=(to(page + 1)) { (words::LATER) } }
        }
    }
}

/// The list as a file: all that was found, with what the office may know of each.
pub(super) async fn export(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let register = Register::read(&visit.site.store.read()?, by)?;
    let now = visit.site.clock.now();
    let lines = found(&register, &Filter::of_query(&visit.request.query), now);
    let act = DeskAct::Exported(u32::try_from(lines.len()).unwrap_or(u32::MAX));
    // Written down first: no file leaves of which nobody knows.
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let today = Zone::default().local(now).date();
    let rows = lines.iter().map(|line| row(line.entry, today, now));
    Ok(csv::file(&words::file(today), &words::CSV_COLUMNS, rows)?)
}

fn row(entry: &Entry, today: Date, now: Moment) -> Vec<String> {
    let Entry { person, details, teams, state, .. } = entry;
    let text =
        |line: &Option<Typed>| line.as_ref().map_or(String::new(), |line| line.as_str().to_owned());
    let phone = |phone: &Option<Phone>| {
        phone.as_ref().map_or(String::new(), |phone| phone.as_str().to_owned())
    };
    let day = |day: Option<Date>| day.map_or(String::new(), words::csv_day);
    let moment = |at: Option<Moment>| {
        at.map_or(String::new(), |at| words::csv_moment(Zone::default().local(at)))
    };
    let watch = person.watch.as_ref();
    let teams: Vec<String> = teams.iter().map(|team| page_words::team(&team.name)).collect();
    let age = details.born_on.and_then(|born_on| age::on(today, born_on));
    let mut row = vec![
        person.id.to_string(),
        person.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(&details.number),
        text(&details.full_name),
        text(&details.reading),
        day(details.born_on),
        age.map(|age| age.to_string()).unwrap_or_default(),
        details.sex.map(desk::sex).unwrap_or_default().to_owned(),
        text(&details.address),
        phone(&details.phone),
        phone(&details.mobile),
        teams.join("、"),
        phone_words::state(*state).1,
        watch
            .map(|w| phone_words::schedule(w.schedule.interval, w.schedule.hour))
            .unwrap_or_default(),
        moment(Some(person.since)),
        moment(watch.and_then(|watch| watch.last_answer_at)),
        moment(entry.next_at(now)),
        day(watch.and_then(|watch| watch.pause.as_ref()).map(|pause| pause.last_day)),
        day(person.membership.map(|membership| membership.until)),
        day(details.form_on),
        text(&details.landlord),
        phone(&details.landlord_phone),
        text(&details.note),
    ];
    for place in 0..CONTACTS_MAX {
        let contact = details.contacts.get(place);
        row.push(contact.map_or(String::new(), |c| c.name.as_str().to_owned()));
        row.push(contact.map_or(String::new(), |c| text(&c.relation)));
        row.push(contact.map_or(String::new(), |c| c.phone.as_str().to_owned()));
        row.push(contact.map_or(String::new(), |c| text(&c.note)));
        row.push(contact.map_or(String::new(), |c| text(&c.address)));
    }
    row
}
