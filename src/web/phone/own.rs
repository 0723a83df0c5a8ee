//! `/u`: one's own page. When the next question comes, who watches, what was agreed, and the ways to change it.

use maud::{Markup, html};

use super::{Visit, enter, group};
use crate::domain::details::Lack;
use crate::domain::group::Group;
use crate::domain::membership::{Membership, Told};
use crate::domain::opinion::{self, OPINION_CHARS_MAX};
use crate::domain::page::{PageAct, PageDeed};
use crate::domain::person::{Person, Watch};
use crate::domain::press::Press;
use crate::domain::schedule::Zone;
use crate::domain::staff::TokenHash;
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::opinions as opinion_words;
use crate::locale::phone::own as labels;
use crate::locale::{page, phone as words, zones};
use crate::store::{Reading, StoreError};
use crate::web::history;
use crate::web::input::{Input, Shape};
use crate::web::known;
use crate::web::session::Cookie;
use crate::web::trouble::Trouble;

/// One who watches, and whether alerts arrive there.
struct Watcher {
    name: String,
    team: String,
    reachable: bool,
    receives: bool,
}

/// Everything that the page shows besides the person.
struct View {
    watchers: Vec<Watcher>,
    office: bool,
    /// What the office still has to know.
    lacks: Vec<Lack>,
    history: Option<Markup>,
    teams: Vec<(u32, String)>,
    groups: Vec<Group>,
    /// The version of the terms that hold now.
    terms: u16,
    open_in: usize,
    /// When they are asked next.
    next: Option<Moment>,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let view = query(visit, &visit.reading()?)?;
    let name = visit.me.name.as_ref().map(|name| words::page_of(name.as_str()));
    let title = name.unwrap_or_else(|| words::frame::OWN.to_owned());
    let body = html! {
        h1 { (title) }
        (visit.said())
        (newer_terms(visit, &view))
        (incomplete(&view))
        @if let Some(watch) = &visit.me.watch { (watched(visit, watch, &view)) }
        (teams(&view))
        @if !view.groups.is_empty() {
            h2 { (words::frame::GROUPS) }
            (group::links(&view.groups))
        }
        (registered(visit))
        (opinion(visit, None))
        (open_in(visit, &view))
    };
    Ok(visit.page(StatusCode::OK, &title, &body)?)
}

/// Something small is changed.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let token = TokenHash::of(&visit.key);
    match visit.form.text("act") {
        "quotes" => {
            let wanted = visit.form.text("on") == "1";
            visit.act(PageAct::Press(Press::Quotes(wanted))).await?;
        }
        "opinion" => return opine(visit).await,
        "agree" => visit.act(PageAct::Agree).await?,
        "close-others" => visit.deed(PageDeed::LeftOthers(token)).await?,
        "close" => {
            visit.deed(PageDeed::Left(token)).await?;
            let said = enter::closed(visit.site, labels::CLOSED);
            return Ok(visit.site.gate.cookies.remove(said, Cookie::Page));
        }
        _ => return Ok(visit.site.not_found()),
    }
    Ok(Visit::done("/u"))
}

/// Says something of the service.
async fn opine(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let typed = visit.form.text("text");
    let (status, said) = match opinion::read(typed) {
        Ok(Some(text)) => {
            let mine = |reading: &Reading| -> Result<usize, StoreError> {
                let all = reading.newest_opinions(usize::MAX)?;
                Ok(all.iter().filter(|opinion| opinion.by == visit.me.id).count())
            };
            let before = mine(&visit.reading()?)?;
            visit.act(PageAct::Opine(text)).await?;
            if mine(&visit.reading()?)? > before {
                (StatusCode::OK, opinion_words::SENT)
            } else {
                (StatusCode::TOO_MANY_REQUESTS, opinion_words::ENOUGH)
            }
        }
        Ok(None) | Err(_) => (StatusCode::UNPROCESSABLE_ENTITY, opinion_words::FAULT),
    };
    let fault = (status == StatusCode::UNPROCESSABLE_ENTITY).then_some((typed, said));
    let body = html! {
        h1 { (opinion_words::SAY) }
        @if fault.is_none() { p.notice role="status" { (said) } }
        @if fault.is_some() { (opinion(visit, fault)) }
        p { a.action href="/u" { (words::frame::RETURN) } }
    };
    Ok(visit.page(status, opinion_words::SAY, &body)?)
}

/// The form for it.
fn opinion(visit: &Visit<'_>, typed: Option<(&str, &str)>) -> Markup {
    let shape = Shape::Note(OPINION_CHARS_MAX);
    let text = Input::new("text", shape, opinion_words::TEXT, opinion_words::TEXT_HELP);
    let (value, fault) = typed.unzip();
    html! {
        @if typed.is_none() { h2 { (opinion_words::SAY) } }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="opinion";
            (text.with(value.unwrap_or_default()).faulty(fault).markup())
            button.quiet type="submit" { (opinion_words::SEND) }
        }
    }
}

fn query(visit: &Visit<'_>, reading: &Reading) -> Result<View, StoreError> {
    let me = &visit.me;
    let mut view = View {
        watchers: Vec::new(),
        office: false,
        lacks: known::lacks(reading, me.id)?,
        history: history::last(reading, me.id, visit.zone())?,
        teams: Vec::new(),
        groups: group::of_person(reading, me.id)?,
        terms: reading.service()?.terms_version,
        open_in: 0,
        next: None,
    };
    if let Some(watch) = &me.watch {
        view.next = Some(watch.asked_next(reading.timer(me.id.0)?, visit.now()));
    }
    for (id, role, _) in reading.places(me.id)? {
        let Some(team) = reading.team(id)? else { continue };
        let name = page::team(&team.name);
        match role {
            Role::Manager => view.teams.push((id.0, name)),
            Role::Member => {
                view.office |= team.kind == TeamKind::Office || team.handed_over_at.is_some();
                view.watchers.extend(watchers(reading, me, (id, &name))?);
            }
            Role::Applicant => {}
        }
    }
    let sessions = reading.page_sessions_of(me.id)?.into_iter();
    view.open_in = sessions.filter(|session| session.is_live(visit.world_now)).count();
    Ok(view)
}

fn watchers(
    reading: &Reading,
    me: &Person,
    (id, team): (crate::domain::id::TeamId, &str),
) -> Result<Vec<Watcher>, StoreError> {
    let most = crate::domain::rules::MANAGERS_PER_TEAM_MAX;
    let mut watchers = Vec::new();
    for place in reading.members(id, Role::Manager, most)? {
        let Some(person) = reading.person(place.person)?.filter(|p| p.id != me.id) else {
            continue;
        };
        let reachable = person.is_reachable();
        let Some(name) = person.name else { continue };
        watchers.push(Watcher {
            name: words::called(name.as_str()),
            team: team.to_owned(),
            reachable,
            receives: place.receives_since.is_some(),
        });
    }
    Ok(watchers)
}

/// Terms that are newer than those agreed to. Nothing stops for them.
fn newer_terms(visit: &Visit<'_>, view: &View) -> Markup {
    let older = visit.me.consent.as_ref().is_some_and(|consent| consent.version < view.terms);
    html! {
        @if older {
            div.notice {
                p { (labels::NEWER_TERMS) }
                p { a.line href="/p/terms" { (labels::READ_TERMS) } }
                p { a.line href="/p/privacy" { (labels::READ_PRIVACY) } }
                (visit.button("agree", "quiet", labels::AGREE))
            }
        }
    }
}

/// What is still to be written down, where the office phones.
fn incomplete(view: &View) -> Markup {
    html! {
        @if !view.lacks.is_empty() {
            div.notice {
                p { (labels::incomplete(&view.lacks)) }
                p { a.action href="/u/about" { (labels::WRITE_ON) } }
            }
        }
    }
}

fn watched(visit: &Visit<'_>, watch: &Watch, view: &View) -> Markup {
    let schedule = words::schedule(watch.schedule.interval, watch.schedule.hour);
    let last = watch.last_answer_at.map(|at| words::date_time(visit.local(at)));
    html! {
        @if let Some(pause) = &watch.pause {
            p.notice { (labels::resting(pause.last_day)) }
        }
        dl.own {
            div {
                dt { (labels::NEXT) }
                dd { @if let Some(next) = view.next { (words::date_time(visit.local(next))) } }
            }
            div { dt { (labels::LAST) } dd { (last.as_deref().unwrap_or(labels::NEVER)) } }
            div { dt { (labels::SCHEDULE) } dd { (schedule) } }
        }
        (watched_by(visit, view))
        h2 { (labels::SETTINGS) }
        ul.ways-on {
            li { a.action href="/u/rest" {
                @if watch.pause.is_some() { (labels::rest::END) } @else { (labels::REST) }
            } }
            li { a.action href="/u/time" { (labels::CHANGE_TIME) } }
            li { a.action href="/u/about" { (labels::ABOUT) } }
            li { (quotes(visit)) }
            li { a.action href="/u/leave" { (labels::LEAVE) } }
        }
        @if let Some(history) = &view.history {
            h2 { (labels::HISTORY) }
            (history)
        }
    }
}

fn watched_by(visit: &Visit<'_>, view: &View) -> Markup {
    let receives = view.watchers.iter().any(|w| w.reachable && w.receives);
    html! {
        h2 { (labels::WATCHERS) }
        @if view.watchers.is_empty() && !view.office { p.notice { (labels::NOBODY) } }
        ul.plain {
            @for Watcher { name, team, reachable, receives } in &view.watchers {
                li {
                    strong { (name) } " " span.item { (team) } br;
                    @if !*reachable { (labels::UNREACHABLE) }
                    @else if *receives { (labels::RECEIVES) }
                    @else { (labels::UNSURE) }
                }
            }
            @if view.office { li { strong { (labels::OFFICE) } } }
        }
        @if let Some(phone) = visit.site.voice().phone.filter(|_| view.office) {
            p { (labels::SAVE_NUMBER) br; strong { (phone) } }
            p { a.action href="/p/office.vcf" { (labels::TO_ADDRESS_BOOK) } }
        }
        @if !receives && !view.office && !view.watchers.is_empty() {
            p.notice { (labels::NONE_RECEIVES) }
        }
    }
}

fn quotes(visit: &Visit<'_>) -> Markup {
    let shown = visit.me.quotes;
    html! {
        form method="post" {
            (visit.word())
            input type="hidden" name="act" value="quotes";
            input type="hidden" name="on" value=(u8::from(!shown));
            button.quiet type="submit" {
                @if shown { (labels::QUOTES_OFF) } @else { (labels::QUOTES_ON) }
            }
        }
    }
}

fn teams(view: &View) -> Markup {
    html! {
        @if !view.teams.is_empty() {
            h2 { (labels::TEAMS) }
            ul.plain {
                @for (id, name) in &view.teams { li { a href={ "/m/teams/" (id) } { (name) } } }
            }
        }
    }
}

fn registered(visit: &Visit<'_>) -> Markup {
    let me = &visit.me;
    let zone = me.zone.name();
    html! {
        h2 { (labels::REGISTERED) }
        dl.own {
            div { dt { (labels::NUMBER) } dd { (me.id) } }
            @if let Some(name) = &me.name { div { dt { (labels::NICKNAME) } dd { (name) } } }
            div { dt { (labels::SINCE) } dd { (labels::exactly(visit.local(me.since))) } }
            @match me.membership {
                None => div { dt { (labels::STATUS) } dd { (labels::FREE) } },
                Some(Membership { until, .. }) => {
                    @let over = Told::on(visit.today(), until) == Told::Over;
                    div { dt { (labels::STATUS) } dd {
                        @if over { (labels::EXPIRED) } @else { (labels::MEMBER) }
                    } }
                    div { dt { (labels::VALID) } dd { (labels::until(until)) } }
                }
            }
            @if me.zone != Zone::default() {
                div { dt { (labels::ZONE) } dd { (zones::label(zone).unwrap_or(zone)) } }
            }
            @if let Some(consent) = &me.consent {
                div {
                    dt { (labels::TERMS) }
                    dd { (labels::agreed(consent.version, visit.local(consent.at))) }
                }
            }
        }
        @if me.membership.is_some() {
            @if let Some(url) = &visit.site.voice().payment_url {
                p { a.action href=(url) { (labels::LONGER) } }
            }
        }
        p { a.line href="/p/terms" { (labels::READ_TERMS) } }
        p { a.line href="/p/privacy" { (labels::READ_PRIVACY) } }
        @if me.watch.is_none() { p { a.action href="/u/about" { (labels::ABOUT) } } }
    }
}

fn open_in(visit: &Visit<'_>, view: &View) -> Markup {
    html! {
        h2 { (labels::OPEN_IN) }
        p { (labels::open_in(view.open_in.max(1))) }
        div.acts {
            @if view.open_in > 1 { (visit.button("close-others", "quiet", labels::CLOSE_OTHERS)) }
            (visit.button("close", "quiet", labels::CLOSE))
        }
    }
}
