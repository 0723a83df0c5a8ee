//! `/staff/bulletins`: what the office said to many or to one, and `/staff/bulletins/{id}`: how far one is, whom it
//! reached, what they said, and who is still silent.

mod audience;
pub(super) mod compose;

use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{AUTO, Visit, lists, may_change, people};
use crate::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Stage, TAKE_BACK, Whom, Word,
};
use crate::domain::id::{BulletinId, PersonId};
use crate::domain::message::{BulletinMessage, Message};
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::bulletins as words;
use crate::locale::lists as list_words;
use crate::locale::people::csv_moment;
use crate::locale::{self, Speech, phone};
use crate::store::{Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{known, layout};

/// Bulletins in a file.
const FILE_MAX: usize = 1000;

/// Bulletins on the list.
const SHOWN_MAX: usize = 50;

/// Receivers of one list on the page of a bulletin.
const NAMED_MAX: usize = 300;

/// The page of a bulletin that is not over asks for itself again after so many seconds; nobody did anything then.
const RENEW_AFTER_S: u8 = 5;

/// What came of a bulletin.
#[derive(Clone, Default)]
struct Tally {
    on_their_way: usize,
    arrived: usize,
    unreachable: usize,
    failed: usize,
    said: [usize; 4],
    silent: usize,
}

impl Tally {
    fn of(receipts: &[(u32, Receipt)]) -> Self {
        let mut tally = Self::default();
        for (_, receipt) in receipts {
            match receipt.delivery {
                Delivery::OnItsWay => tally.on_their_way += 1,
                Delivery::Arrived => tally.arrived += 1,
                Delivery::Unreachable => tally.unreachable += 1,
                Delivery::Failed => tally.failed += 1,
            }
            match receipt.word {
                Some((word, _)) => {
                    let place = Word::ALL.iter().position(|known| *known == word);
                    if let Some(said) = place.and_then(|place| tally.said.get_mut(place)) {
                        *said += 1;
                    }
                }
                None => tally.silent += 1,
            }
        }
        tally
    }

    fn said(&self, word: Word) -> usize {
        let place = Word::ALL.iter().position(|known| *known == word);
        place.and_then(|place| self.said.get(place)).copied().unwrap_or_default()
    }

    fn missed(&self) -> usize {
        self.unreachable + self.failed
    }
}

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let mut lines = Vec::new();
    for bulletin in reading.newest_bulletins(SHOWN_MAX)? {
        if !is_within(&reading, by, &bulletin)? {
            continue;
        }
        let tally = Tally::of(&reading.receipts(bulletin.id)?);
        let name = audience::name(&reading, by, bulletin.draft.audience)?;
        lines.push((bulletin, tally, name));
    }
    drop(reading);
    let body = html! {
        h1 { (words::TITLE) }
        p { (words::HOW) }
        @if may_change(by) { p { a.button href="/staff/bulletins/new" { (words::NEW) } } }
        @if lines.is_empty() { p { (words::NOTHING) } } @else {
            (table(&lines))
            (lists::link(by, "bulletins"))
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

/// The list as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let mut rows = Vec::new();
    for bulletin in asked.reading.newest_bulletins(FILE_MAX)? {
        if !is_within(asked.reading, asked.by, &bulletin)? {
            continue;
        }
        let tally = Tally::of(&asked.reading.receipts(bulletin.id)?);
        rows.push(vec![
            bulletin.id.to_string(),
            csv_moment(Zone::default().local(bulletin.since)),
            words::kind(bulletin.draft.kind).to_owned(),
            bulletin.draft.text.as_str().to_owned(),
            audience::name(asked.reading, asked.by, bulletin.draft.audience)?,
            words::stage(bulletin.stage).to_owned(),
            tally.arrived.to_string(),
            tally.missed().to_string(),
        ]);
    }
    Ok(Table { columns: list_words::BULLETIN_COLUMNS.to_vec(), rows })
}

fn table(lines: &[(Bulletin, Tally, String)]) -> Markup {
    let rows = html! {
        @for (bulletin, tally, name) in lines {
            tr {
                td { (local(bulletin.since)) }
                th scope="row" {
                    a href={ "/staff/bulletins/" (bulletin.id) } { (words::headline(bulletin.draft.text.as_str())) }
                    br; small { (words::kind(bulletin.draft.kind)) }
                }
                td { (name) }
                td { (words::stage(bulletin.stage)) }
                td { (words::reached(tally.arrived, tally.missed())) }
                td { (answers(bulletin.draft.kind, tally)) }
            }
        }
    };
    layout::table(words::TITLE, &words::COLUMNS, &rows)
}

fn answers(kind: Kind, tally: &Tally) -> String {
    match kind {
        Kind::Notice => words::read(tally.said(Word::Read)),
        Kind::Check | Kind::Drill => {
            words::safe(tally.said(Word::Safe), tally.said(Word::Hurt), tally.said(Word::Help))
        }
    }
}

fn local(at: Moment) -> String {
    phone::date_time(Zone::default().local(at))
}

/// How it looks on a telephone.
fn bubble(visit: &Visit<'_>, draft: &Draft) -> Markup {
    let in_group = matches!(draft.audience, Audience::Group(_));
    let id = (!in_group).then_some(BulletinId(0));
    let (kind, text) = (draft.kind, draft.text.clone());
    let post = Message::Bulletin(BulletinMessage::Post { id, kind, text, test: false });
    let Speech::Card(card) = locale::say(&post, &visit.site.voice()) else { return html! {} };
    html! {
        section.bubble aria-label=(words::BUBBLE) {
            @if let Some(head) = &card.head { p.help { (head) } }
            p { strong { (card.title) } }
            @for part in &card.body { p.text { (part) } }
            @for button in &card.buttons { p.press { (button.label) } }
        }
    }
}

/// Everything that the page of a bulletin shows.
struct View {
    bulletin: Bulletin,
    tally: Tally,
    name: String,
    by: String,
    /// For how many it is now.
    of: usize,
    lists: Vec<(&'static str, Named)>,
}

/// Some of the receivers by name; those of families are counted.
#[derive(Default)]
struct Named {
    people: Vec<(PersonId, String, bool)>,
    families: usize,
    more: usize,
}

/// The page of one.
pub(super) fn one(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(view) = query(visit, by)? else { return Ok(visit.site.not_found()) };
    let going = !matches!(view.bulletin.stage, Stage::Over(..)) || view.tally.on_their_way > 0;
    let draft = &view.bulletin.draft;
    let body = html! {
        h1 { (words::kind(draft.kind)) }
        (standing(visit, by, &view))
        div.columns {
            div {
                (numbers(&view))
                @if may_change(by) { (again(visit, &view)) }
                @for (title, named) in &view.lists { (list(title, named)) }
            }
            div {
                (bubble(visit, draft))
                dl.facts {
                    div { dt { (words::compose::TO) } dd {
                        (view.name)
                        @if let Some(side) = words::side(draft.audience, draft.side) { br; small { (side) } }
                    } }
                    div { dt { (words::BY) } dd { (view.by) " " span.item { (local(view.bulletin.since)) } } }
                }
            }
        }
        p { a.action href="/staff/bulletins" { (words::compose::LIST) } }
    };
    let response = visit.desk_page(by, StatusCode::OK, words::kind(draft.kind), &body);
    let again = format!("{RENEW_AFTER_S}; url=/staff/bulletins/{}?{AUTO}", view.bulletin.id);
    Ok(if going { response.header("refresh", &again) } else { response })
}

fn is_within(reading: &Reading, by: &SignedIn, bulletin: &Bulletin) -> Result<bool, StoreError> {
    people::is_audience_within(reading, &by.staff.scope, bulletin.draft.audience)
}

/// The bulletin of the path, if it is this account's business.
fn of_path(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
) -> Result<Option<Bulletin>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let Some(bulletin) = reading.bulletin(BulletinId(id))? else { return Ok(None) };
    Ok(is_within(reading, by, &bulletin)?.then_some(bulletin))
}

fn query(visit: &Visit<'_>, by: &SignedIn) -> Result<Option<View>, StoreError> {
    let reading = visit.site.store.read()?;
    let Some(bulletin) = of_path(visit, by, &reading)? else { return Ok(None) };
    let receipts = reading.receipts(bulletin.id)?;
    let draft = &bulletin.draft;
    let count = audience::count(&reading, draft.audience, draft.side, visit.site.clock.now())?;
    let of = usize::try_from(count.reached.saturating_add(count.unreachable)).unwrap_or(0);
    let mut lists = Vec::new();
    if !matches!(draft.audience, Audience::Group(_)) {
        let said = |wanted: Word| {
            move |receipt: &Receipt| receipt.word.is_some_and(|(word, _)| word == wanted)
        };
        if draft.kind != Kind::Notice {
            lists.push((words::HELP, named(&reading, by, &receipts, said(Word::Help))?));
            lists.push((words::HURT, named(&reading, by, &receipts, said(Word::Hurt))?));
            let silent =
                |receipt: &Receipt| receipt.word.is_none() && receipt.delivery == Delivery::Arrived;
            lists.push((words::SILENT, named(&reading, by, &receipts, silent)?));
        }
        let missed = |delivery: Delivery| move |receipt: &Receipt| receipt.delivery == delivery;
        lists.push((
            words::UNREACHABLE,
            named(&reading, by, &receipts, missed(Delivery::Unreachable))?,
        ));
        lists.push((words::FAILED, named(&reading, by, &receipts, missed(Delivery::Failed))?));
    }
    lists.retain(|(_, named)| !named.people.is_empty() || named.families > 0);
    let sender = reading.staff(bulletin.by)?.map(|staff| staff.name.to_string());
    Ok(Some(View {
        tally: Tally::of(&receipts),
        name: audience::name(&reading, by, draft.audience)?,
        by: sender.unwrap_or_default(),
        of: of.max(receipts.len()),
        lists,
        bulletin,
    }))
}

fn named(
    reading: &Reading,
    by: &SignedIn,
    receipts: &[(u32, Receipt)],
    is: impl Fn(&Receipt) -> bool,
) -> Result<Named, StoreError> {
    let mut named = Named::default();
    for (to, _) in receipts.iter().filter(|(_, receipt)| is(receipt)) {
        let person = PersonId(*to);
        let ours = people::concerns(reading, by, person)?;
        if !ours && !watches_for_office(reading, person)? {
            named.families += 1;
        } else if named.people.len() == NAMED_MAX {
            named.more += 1;
        } else {
            named.people.push((person, known::name(reading, person)?, ours));
        }
    }
    Ok(named)
}

/// Whether somebody watches in a team that the office has set up or knows.
fn watches_for_office(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    for team in known::teams_as(reading, person, Role::Manager)? {
        if reading.team(team)?.is_some_and(|team| team.kind != TeamKind::Personal) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn standing(visit: &Visit<'_>, by: &SignedIn, view: &View) -> Markup {
    let Bulletin { stage, since, .. } = view.bulletin;
    let left = (since + TAKE_BACK).since(visit.site.clock.now());
    let done = view.tally.arrived + view.tally.missed();
    html! {
        @match stage {
            Stage::Waiting => {
                p.notice role="status" { (words::waiting(left)) }
                @if may_change(by) { (visit.button("stop", "button", words::TAKE_IT_BACK)) }
            }
            Stage::Sending(_) => {
                p.notice role="status" { (words::sending(done, view.of)) }
                p { progress aria-label=(words::HOW_FAR) max=(view.of.max(1)) value=(done) { (done) "/" (view.of) } }
                @if may_change(by) { (visit.button("stop", "quiet", words::STOP)) }
            }
            Stage::Over(_, End::NoMessages) => p.notice role="alert" { (words::NO_MESSAGES) },
            Stage::Over(_, _) if view.tally.on_their_way > 0 => {
                p.notice role="status" { (words::on_their_way(view.tally.on_their_way)) }
            }
            Stage::Over(at, end) => p.as-of { (words::over(end)) " " span.item { (local(at)) } },
        }
    }
}

fn numbers(view: &View) -> Markup {
    let tally = &view.tally;
    let mut numbers = vec![(words::ARRIVED, tally.arrived), (words::MISSED, tally.missed())];
    match (view.bulletin.draft.audience, view.bulletin.draft.kind) {
        (Audience::Group(_), _) => {}
        (_, Kind::Notice) => numbers.push((words::READ, tally.said(Word::Read))),
        (_, Kind::Check | Kind::Drill) => numbers.extend([
            (words::HELP, tally.said(Word::Help)),
            (words::HURT, tally.said(Word::Hurt)),
            (words::SAFE, tally.said(Word::Safe)),
            (words::SILENT, tally.silent.saturating_sub(tally.missed())),
        ]),
    }
    html! {
        dl.numbers {
            @for (label, number) in numbers { div { dt { (label) } dd { strong { (number) } } } }
        }
    }
}

/// Sends it once more: to those who did not get it, or said nothing to it.
fn again(visit: &Visit<'_>, view: &View) -> Markup {
    let Stage::Over(_, end) = view.bulletin.stage else { return html! {} };
    let stopped = matches!(end, End::Stopped | End::NoMessages | End::TakenBack);
    let missing =
        if stopped { view.of.saturating_sub(view.tally.arrived) } else { view.tally.missed() };
    let silent = view.tally.silent.saturating_sub(view.tally.missed());
    let asks = view.bulletin.draft.kind != Kind::Notice;
    html! {
        div.acts {
            @if missing > 0 {
                (visit.button("unreached", "quiet", &words::again_unreached(missing)))
            }
            @if asks && silent > 0 && view.tally.on_their_way == 0 {
                (visit.button("silent", "quiet", &words::again_silent(silent)))
            }
        }
    }
}

fn list(title: &str, named: &Named) -> Markup {
    html! {
        h2 { (title) }
        ul.plain {
            @for (person, name, ours) in &named.people {
                li {
                    @if *ours { a href={ "/staff/people/" (person) } { (name) } }
                    @else { (name) " " span.item { (words::WATCHES) } }
                }
            }
        }
        @if named.more > 0 { p.help { (words::more(named.more)) } }
        @if named.families > 0 { p.help { (words::families(named.families)) } }
    }
}

/// Takes it back, stops it, or sends it once more.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(bulletin) = of_path(visit, by, &visit.site.store.read()?)? else {
        return Ok(visit.site.not_found());
    };
    let id = bulletin.id;
    let act = match visit.form.text("act") {
        "stop" => DeskAct::StopBulletin(id),
        "unreached" => DeskAct::BulletinAgain(id, Whom::Unreached),
        "silent" => DeskAct::BulletinAgain(id, Whom::Silent),
        _ => return Ok(visit.site.not_found()),
    };
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Response::redirect_see_other(&format!("/staff/bulletins/{id}")))
}
