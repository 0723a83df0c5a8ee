//! `/u/about`: how one is called, how much may be written down, and what is. In a family that is the person's own
//! decision; elsewhere the team's, and it is said who sees it.

use maud::{Markup, html};

use super::Visit;
use crate::domain::details::Details;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::name::{NICKNAME_CHARS_MAX, Name, NameFault};
use crate::domain::page::PageAct;
use crate::domain::team::{Member, Policy, Role, Team, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::desk::person as sheet_words;
use crate::locale::phone::own::{self as own_words, about as labels};
use crate::locale::phone::{self as words, frame};
use crate::locale::{districts, page as page_words};
use crate::store::{Reading, StoreError};
use crate::web::input::{Input, Shape};
use crate::web::known;
use crate::web::sheet::Sheet;
use crate::web::trouble::Trouble;

/// What was typed and not taken.
#[derive(Default)]
struct Typed {
    name: Option<(String, &'static str)>,
    sheet: Option<Sheet>,
    said: Option<&'static str>,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    page(visit, StatusCode::OK, &Typed::default())
}

/// Changes one of the three.
pub(super) async fn save(visit: &Visit<'_>) -> Result<Response, Trouble> {
    match visit.form.text("act") {
        "name" => rename(visit).await,
        "allow" => allow(visit).await,
        "write" => write(visit).await,
        _ => Ok(visit.site.not_found()),
    }
}

async fn rename(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let typed = visit.form.text("name");
    let fault = match Name::of_person(typed) {
        Ok(name) => {
            visit.act(PageAct::Rename(name)).await?;
            return Ok(Visit::done("/u/about"));
        }
        Err(NameFault::Empty) => labels::EMPTY,
        Err(NameFault::TooLong(_)) => labels::LONG,
    };
    let name = Some((typed.to_owned(), fault));
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, &Typed { name, ..Typed::default() })
}

async fn allow(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let team = visit.form.text("team").parse().ok().map(TeamId);
    let policy = visit.form.text("policy").parse::<usize>().ok();
    let policy = policy.and_then(|n| Policy::ALL.get(n).copied());
    let (Some(team), Some(policy)) = (team, policy) else { return Ok(visit.site.not_found()) };
    visit.act(PageAct::Allow(team, policy)).await?;
    Ok(Visit::done("/u/about"))
}

async fn write(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let me = visit.me.id;
    let saved = save_sheet(visit, me, |reading| known::policy(reading, me)).await?;
    let (status, said, sheet) = match saved {
        Saved::Yes => return Ok(Visit::done("/u/about")),
        Saved::Unreadable(sheet) => (StatusCode::UNPROCESSABLE_ENTITY, frame::CHECK, sheet),
        Saved::Stale(sheet) => (StatusCode::CONFLICT, sheet_words::STALE, sheet),
    };
    let (sheet, said) = (Some(sheet), Some(said));
    page(visit, status, &Typed { sheet, said, ..Typed::default() })
}

/// What became of a sheet that was sent.
pub(super) enum Saved {
    /// It stands.
    Yes,
    /// Something in it cannot be read.
    Unreadable(Sheet),
    /// Somebody else was quicker, or it may not be written any more: what was typed, on top of what is there.
    Stale(Sheet),
}

/// Saves a sheet about a person, as far as the writer may write.
pub(super) async fn save_sheet(
    visit: &Visit<'_>,
    person: PersonId,
    policy: impl Fn(&Reading) -> Result<Policy, StoreError>,
) -> Result<Saved, Trouble> {
    let typed = match Sheet::read(&visit.form) {
        Ok(typed) => typed,
        Err(sheet) => return Ok(Saved::Unreadable(sheet)),
    };
    let wanted = |before: &Details, policy| {
        let version = before.version.saturating_add(1);
        Details { version, ..before.with(&typed, policy) }
    };
    let reading = visit.reading()?;
    let before = reading.details(person)?.unwrap_or_default();
    let wanted = wanted(&before, policy(&reading)?);
    drop(reading);
    visit.act(PageAct::Write(person, Box::new(typed.clone()))).await?;
    let now = visit.reading()?.details(person)?.unwrap_or_default();
    if now == wanted {
        return Ok(Saved::Yes);
    }
    Ok(Saved::Stale(Sheet::of(&typed).on_top_of(now.version)))
}

fn page(visit: &Visit<'_>, status: StatusCode, typed: &Typed) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let policy = known::policy(&reading, visit.me.id)?;
    let teams = asked_in(&reading, visit)?;
    let details = reading.details(visit.me.id)?.unwrap_or_default().within(policy);
    let complete = known::office_phones(&reading, visit.me.id)?;
    let lacks = known::lacks(&reading, visit.me.id)?;
    drop(reading);
    let body = html! {
        h1 { (labels::TITLE) }
        (visit.said())
        @if let Some(said) = typed.said { p.notice role="alert" { (said) } }
        @if !lacks.is_empty() { p.notice { (own_words::incomplete(&lacks)) } }
        (nickname(visit, typed))
        @for (team, member) in &teams { (allowed(visit, team, member)) }
        @if !teams.is_empty() { (written(visit, policy, &details, typed, complete)) }
        p { a.action href="/u" { (frame::RETURN) } }
    };
    Ok(visit.page(status, labels::TITLE, &body)?)
}

/// The teams in which one is asked.
fn asked_in(reading: &Reading, visit: &Visit<'_>) -> Result<Vec<(Team, Member)>, StoreError> {
    let mut teams = Vec::new();
    for id in known::teams_as(reading, visit.me.id, Role::Member)? {
        let member = reading.member((id, Role::Member, visit.me.id))?;
        teams.extend(reading.team(id)?.zip(member));
    }
    Ok(teams)
}

fn nickname(visit: &Visit<'_>, typed: &Typed) -> Markup {
    let known = visit.me.name.as_ref().map(|name| name.as_str()).unwrap_or_default();
    let (value, fault) = match &typed.name {
        Some((value, fault)) => (value.as_str(), Some(*fault)),
        None => (known, None),
    };
    let shape = Shape::Line(NICKNAME_CHARS_MAX);
    let field = Input::new("name", shape, labels::NICKNAME, labels::NICKNAME_HELP);
    html! {
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="name";
            (field.with(value).faulty(fault).markup())
            button.quiet type="submit" { (labels::RENAME) }
        }
    }
}

/// What is agreed in a team: one's own choice in a family, a statement elsewhere.
fn allowed(visit: &Visit<'_>, team: &Team, member: &Member) -> Markup {
    let policy = member.policy(team);
    html! {
        h2 { (page_words::team(&team.name)) }
        @if team.kind == TeamKind::Personal {
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="act" value="allow";
                input type="hidden" name="team" value=(team.id);
                @let help = format!("allow-{}", team.id);
                p.help id=(help) { (labels::ALLOW_HELP) }
                fieldset.choices.big aria-describedby=(help) {
                    legend { (labels::ALLOW) }
                    @for (n, known) in Policy::ALL.iter().enumerate() {
                        label {
                            input type="radio" name="policy" value=(n) checked[*known == policy];
                            span { (words::policy(*known)) }
                        }
                    }
                }
                button.quiet type="submit" { (labels::ALLOW_SAVE) }
            }
        } @else {
            p { (sheet_words::POLICY) "：" (districts::policy(policy)) }
        }
    }
}

fn written(
    visit: &Visit<'_>,
    policy: Policy,
    details: &Details,
    typed: &Typed,
    complete: bool,
) -> Markup {
    let sheet = typed.sheet.clone().unwrap_or_else(|| Sheet::of(details));
    let sheet = sheet.marked(complete);
    html! {
        h2 { (labels::WRITTEN) }
        @if policy == Policy::Nothing && typed.sheet.is_none() {
            p { (labels::NOTHING) }
        } @else {
            p { (labels::WHO_SEES) }
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="act" value="write";
                input type="hidden" name="version" value=(sheet.version());
                (sheet.markup(policy.max(sheet.needs()), false))
                button.button type="submit" { (labels::SAVE) }
            }
        }
    }
}
