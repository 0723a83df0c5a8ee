//! `/staff/teams/{id}/leaflet` and `/form`: sheets of a team to be printed on A4, in letters that can be read at
//! arm's length. Nothing on them is about a person.

use maud::{Markup, html};

use super::Visit;
use super::team::of_path;
use crate::domain::invitation::CodeKind;
use crate::domain::team::{Policy, Team, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::districts::{form as form_words, leaflet};
use crate::locale::{Voice, page};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// The leaflet: how to join.
pub(super) fn leaflet(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(team) = of_path(visit, by, &reading)? else { return Ok(visit.site.not_found()) };
    let now = visit.site.clock.now();
    let codes = reading.invitations_into(team.id)?;
    drop(reading);
    let code = codes.into_iter().find(|i| i.kind == CodeKind::Leaflet && i.works_for(None, now));
    let Some(code) = code.filter(|_| team.kind != TeamKind::Personal) else {
        return Ok(visit.site.not_found());
    };
    let voice = visit.site.voice();
    let body = html! {
        p.notice.screen { (leaflet::HOW_TO_PRINT) }
        article.sheet-of-paper {
            p.sender { (voice.org) " ／ " (page::team(&team.name)) }
            h1 { (leaflet::QUESTION) }
            p.lead { (leaflet::WHAT) }
            div.halves {
                ol { @for step in leaflet::STEPS { li { (step) } } }
                img.qr src={ "/i/" (code.code.plain()) "/qr.svg" } alt=(leaflet::QR_ALT) width="360" height="360";
            }
            p.code { span.label { (leaflet::CODE) } strong { (code.code) } }
            p { (leaflet::SILENCE) }
            p { strong { (leaflet::NOT) } }
            @if let Some(phone) = &voice.phone {
                p.ask { (leaflet::ASK) br; strong { (phone) } }
            }
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, leaflet::TITLE, &body))
}

/// The form with which somebody says on paper that they want to be watched over. It asks for what the team
/// agreed to, and for no more.
pub(super) fn form(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let team = of_path(visit, by, &visit.site.store.read()?)?;
    let Some(team) = team.filter(|team| team.kind != TeamKind::Personal) else {
        return Ok(visit.site.not_found());
    };
    let voice = visit.site.voice();
    let body = html! {
        p.notice.screen { (leaflet::HOW_TO_PRINT) }
        article.sheet-of-paper {
            p.sender { (voice.org) " ／ " (page::team(&team.name)) }
            h1 { (form_words::TITLE) }
            p { (form_words::WISH) }
            (lines(&team))
            (agreements(&team))
            p { (form_words::SIGN) }
            (contact(&voice))
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, form_words::TITLE, &body))
}

/// What is asked for, each with room to write.
fn lines(team: &Team) -> Markup {
    let name = (team.policy >= Policy::Name).then_some(&form_words::NAME[..]);
    let all = (team.policy >= Policy::Full).then_some(&form_words::ALL[..]);
    let own = [&form_words::ALWAYS[..], name.unwrap_or_default(), all.unwrap_or_default()];
    html! {
        table.blank {
            tbody {
                @for label in own.into_iter().flatten() {
                    tr { th scope="row" { (label) } td {} }
                }
            }
        }
    }
}

fn agreements(team: &Team) -> Markup {
    html! {
        ul.boxes {
            @if let Some(statement) = &team.statement {
                li { (form_words::declared(statement.as_str())) }
            }
            @for agreement in form_words::AGREEMENTS { li { (agreement) } }
        }
    }
}

fn contact(voice: &Voice) -> Markup {
    html! {
        @if let Some(phone) = &voice.phone {
            p.ask { (leaflet::ASK) "：" strong { (phone) } }
        }
    }
}
