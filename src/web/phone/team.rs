//! `/m/teams/{id}`: a team, for those who watch in it, the heads of its organization, and everyone of a family:
//! invitations to pass on, who watches, and what the team decides.

use maud::{Markup, html};

use super::{Visit, time};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::invitation::{CodeKind, Invitation};
use crate::domain::message::Message;
use crate::domain::page::PageAct;
use crate::domain::press::Press;
use crate::domain::rules::{MANAGERS_PER_TEAM_MAX, Rules};
use crate::domain::team::{Role, Team, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::phone::{self as words, frame, own, team as labels};
use crate::locale::{self, Speech, districts, page as page_words};
use crate::store::{Reading, StoreError};
use crate::web::known;
use crate::web::trouble::Trouble;

/// Members on the page.
const MEMBERS_MAX: usize = 500;

/// Somebody in the team.
struct Somebody {
    id: PersonId,
    name: String,
    reachable: bool,
    receives: bool,
}

/// What the reader is to the team.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Watches there.
    Manager,
    /// Is of the family.
    Family,
    /// Heads its organization.
    Head,
}

/// Everything that the page shows.
struct View {
    team: Team,
    reader: Reader,
    codes: Vec<Invitation>,
    managers: Vec<Somebody>,
    applicants: Vec<Somebody>,
    members: Vec<Somebody>,
}

impl View {
    fn is_full(&self, rules: &Rules) -> bool {
        let most = match self.team.kind {
            TeamKind::Personal => rules.family_managers_max,
            TeamKind::Organization | TeamKind::Office => MANAGERS_PER_TEAM_MAX,
        };
        self.managers.len() >= most
    }
}

/// The team of the path, and what the reader is to it.
fn of_path(visit: &Visit<'_>, reading: &Reading) -> Result<Option<(Team, Reader)>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let Some(team) = reading.team(TeamId(id))? else { return Ok(None) };
    let has = |role| Ok::<_, StoreError>(reading.member((team.id, role, visit.me.id))?.is_some());
    if has(Role::Manager)? {
        return Ok(Some((team, Reader::Manager)));
    }
    if team.kind == TeamKind::Personal && has(Role::Member)? {
        return Ok(Some((team, Reader::Family)));
    }
    let Some(organization) = team.organization else { return Ok(None) };
    let heads = reading.organization(organization)?.is_some_and(|o| o.heads.contains(&visit.me.id));
    Ok(heads.then_some((team, Reader::Head)))
}

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let Some((team, reader)) = of_path(visit, &reading)? else { return Ok(visit.site.not_found()) };
    let view = query(visit, &reading, team, reader)?;
    drop(reading);
    let title = page_words::team(&view.team.name);
    let decides = view.reader != Reader::Head;
    let body = html! {
        h1 { (title) }
        (visit.said())
        (invitations(visit, &view))
        (watchers(visit, &view))
        (members(&view))
        @if decides { (settings(visit, &view)) }
        @if view.reader == Reader::Manager { (leaving(visit, &view)) }
        p { a.action href=(if view.reader == Reader::Family { "/u" } else { "/m" }) { (frame::RETURN) } }
    };
    Ok(visit.page(StatusCode::OK, &title, &body)?)
}

fn query(
    visit: &Visit<'_>,
    reading: &Reading,
    team: Team,
    reader: Reader,
) -> Result<View, StoreError> {
    let (me, now) = (visit.me.id, visit.now());
    let all = |role, most| -> Result<Vec<Somebody>, StoreError> {
        let mut all = Vec::new();
        for place in reading.members(team.id, role, most)? {
            let Some(person) = reading.person(place.person)? else { continue };
            all.push(Somebody {
                id: person.id,
                name: known::name(reading, person.id)?,
                reachable: person.is_reachable(),
                receives: place.receives_since.is_some(),
            });
        }
        Ok(all)
    };
    // A code for one person is shown to whoever made it, and to nobody else.
    let mut codes = reading.invitations_into(team.id)?;
    let mine = |code: &Invitation| {
        !code.kind.is_single_use() || code.by == crate::domain::case::Actor::Person(me)
    };
    codes.retain(|code| code.works_for(None, now) && mine(code));
    Ok(View {
        codes,
        managers: all(Role::Manager, MANAGERS_PER_TEAM_MAX)?,
        applicants: all(Role::Applicant, MANAGERS_PER_TEAM_MAX)?,
        members: all(Role::Member, MEMBERS_MAX)?,
        team,
        reader,
    })
}

fn invitations(visit: &Visit<'_>, view: &View) -> Markup {
    html! {
        h2 { (labels::INVITE) }
        @for code in &view.codes { (invitation(visit, view, code)) }
        div.acts {
            @if !view.codes.iter().any(|code| code.kind == CodeKind::Leaflet) {
                (visit.button("invite-member", "quiet", labels::INVITE_MEMBER))
            }
            @if view.is_full(&visit.site.rules) {
                p { (labels::FULL) }
            } @else {
                (visit.button("invite-manager", "quiet", labels::INVITE_MANAGER))
                @if view.team.kind == TeamKind::Personal {
                    (visit.button("invite-either", "quiet", labels::INVITE_EITHER))
                }
            }
        }
    }
}

/// A code, its picture, and the words to pass it on with.
fn invitation(visit: &Visit<'_>, view: &View, code: &Invitation) -> Markup {
    let expires = code.expires_at().map(|end| visit.local(end));
    let plain = code.code.plain();
    let text = visit.me.name.clone().map(|inviter| {
        let (team, kind, code) = (view.team.name.clone(), code.kind, code.code);
        let message = Message::Invitation { inviter, team, kind, code, expires };
        match locale::say(&message, &visit.site.voice()) {
            Speech::Text(text) => text,
            Speech::Card(card) => card.title,
            Speech::Cards { alt, .. } => alt,
        }
    });
    let id = format!("text-{plain}");
    html! {
        section.invitation {
            p { strong { (page_words::role(code.kind)) } }
            p.code { strong { (code.code) } }
            p { @match expires {
                Some(end) => (labels::until(end)),
                None => (labels::FOR_MANY),
            } }
            img.qr src={ "/i/" (plain) "/qr.svg" } alt=(page_words::public::QR_ALT) width="240" height="240";
            p.small {
                (page_words::public::SAVE) " "
                a href={ "/i/" (plain) "/qr.png" } download={ "anshin-" (plain) ".png" } { "PNG" } " "
                a href={ "/i/" (plain) "/qr.svg" } download={ "anshin-" (plain) ".svg" } { "SVG" } " "
                a href={ "/i/" (plain) } { (labels::PAGE) }
            }
            @if let Some(text) = text {
                div.field {
                    label for=(id) { (labels::TEXT) }
                    textarea id=(id) rows="8" readonly { (text) }
                }
            }
            @if code.kind == CodeKind::Leaflet {
                p.small { (labels::NEW_CODE_HELP) }
                (visit.button("new-leaflet", "quiet", labels::NEW_CODE))
            }
        }
    }
}

fn line(somebody: &Somebody) -> Markup {
    html! {
        strong { (somebody.name) } br;
        @if !somebody.reachable { (own::UNREACHABLE) }
        @else if somebody.receives { (own::RECEIVES) }
        @else { (own::UNSURE) }
    }
}

fn watchers(visit: &Visit<'_>, view: &View) -> Markup {
    let office = view.team.kind == TeamKind::Office || view.team.handed_over_at.is_some();
    html! {
        h2 { (labels::WATCHERS) }
        ul.plain {
            @for somebody in &view.managers { li { (line(somebody)) } }
            @if office { li { strong { (own::OFFICE) } } }
        }
        @if view.reader == Reader::Manager && !view.applicants.is_empty() {
            h2 { (labels::APPLICANTS) }
            ul.plain {
                @for somebody in &view.applicants {
                    li.acts {
                        strong { (somebody.name) }
                        @for (act, label) in [("approve", labels::APPROVE), ("refuse", labels::REFUSE)] {
                            form method="post" {
                                (visit.word())
                                input type="hidden" name="act" value=(act);
                                input type="hidden" name="person" value=(somebody.id);
                                button.quiet type="submit" aria-label={ (somebody.name) " " (label) } { (label) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn members(view: &View) -> Markup {
    let may_look = view.reader == Reader::Manager;
    html! {
        h2 { (labels::MEMBERS) }
        @if view.members.is_empty() { p { (labels::NO_MEMBERS) } }
        ul.plain {
            @for Somebody { id, name, reachable, .. } in &view.members {
                li {
                    @if may_look { a href={ "/m/people/" (id) } { (name) } } @else { (name) }
                    @if !*reachable { " " span.item { (own::UNREACHABLE) } }
                }
            }
        }
        p {
            (labels::POLICY) "："
            @if view.team.kind == TeamKind::Personal { (labels::POLICY_FAMILY) }
            @else { (districts::policy(view.team.policy)) }
        }
    }
}

fn settings(visit: &Visit<'_>, view: &View) -> Markup {
    let team = &view.team;
    let family = team.kind == TeamKind::Personal;
    html! {
        h2 { (labels::SETTINGS) }
        (toggle(visit, "quiet", labels::QUIET, team.quiet))
        (toggle(visit, "quotes", labels::QUOTES, team.quotes))
        @if family { (toggle(visit, "office", labels::OFFICE, team.office_agreed)) }
        h3 { (labels::PROPOSAL) }
        p { (words::schedule(team.interval, team.hour)) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="proposal";
            (time::fields(visit, (team.interval, team.hour)))
            button.quiet type="submit" { (labels::SAVE) }
        }
    }
}

fn toggle(visit: &Visit<'_>, act: &str, label: &str, on: bool) -> Markup {
    let (now, to) =
        if on { (labels::YES, labels::TURN_OFF) } else { (labels::NO, labels::TURN_ON) };
    html! {
        form.toggle method="post" {
            (visit.word())
            input type="hidden" name="act" value=(act);
            input type="hidden" name="on" value=(u8::from(!on));
            p { (label) "：" strong { (now) } }
            button.quiet type="submit" aria-label={ (label) " " (to) } { (to) }
        }
    }
}

fn leaving(visit: &Visit<'_>, view: &View) -> Markup {
    let last = view.managers.len() <= 1 && !view.members.is_empty();
    html! {
        h2 { (labels::LEAVE) }
        @if last {
            p { (labels::LAST) }
            (visit.button("hand-over", "quiet", labels::HAND_OVER))
        } @else {
            (visit.button("leave", "quiet", labels::LEAVE_NOW))
        }
    }
}

/// What a form of the page asks for.
fn asked(visit: &Visit<'_>, team: TeamId) -> Option<PageAct> {
    let on = visit.form.text("on") == "1";
    let person = || visit.form.text("person").parse().ok().map(PersonId);
    Some(PageAct::Press(match visit.form.text("act") {
        "invite-member" => Press::Invite(team, CodeKind::Leaflet),
        "invite-manager" => Press::Invite(team, CodeKind::Manager),
        "new-leaflet" => Press::NewLeaflet(team),
        "invite-either" => Press::Invite(team, CodeKind::Either),
        "approve" => Press::Approve(team, person()?),
        "refuse" => Press::Refuse(team, person()?),
        "quiet" => Press::TeamQuiet(team, on),
        "quotes" => Press::TeamQuotes(team, on),
        "office" => Press::TeamOffice(team, on),
        "leave" => Press::LeaveTeamSure(team),
        "hand-over" => Press::HandOver(team),
        "proposal" => {
            let (interval, hour) = time::chosen(visit)?;
            return Some(PageAct::TeamRetime(team, interval, hour));
        }
        _ => return None,
    }))
}

/// Something is done about it.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let Some((team, _)) = of_path(visit, &reading)? else { return Ok(visit.site.not_found()) };
    drop(reading);
    let Some(act) = asked(visit, team.id) else { return Ok(visit.site.not_found()) };
    let leaves = matches!(act, PageAct::Press(Press::LeaveTeamSure(_) | Press::HandOver(_)));
    if leaves && visit.form.text("sure") != "1" {
        return sure(visit, &team);
    }
    visit.act(act).await?;
    let path = if leaves { "/u".to_owned() } else { format!("/m/teams/{}", team.id) };
    Ok(Visit::done(&path))
}

/// To watch no longer: asked once more.
fn sure(visit: &Visit<'_>, team: &Team) -> Result<Response, Trouble> {
    let body = html! {
        h1 { (labels::LEAVE_SURE) }
        p.question { (page_words::team(&team.name)) }
        p { (labels::LEAVE_WHAT) }
        p { a.button href={ "/m/teams/" (team.id) } { (frame::BACK) } }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value=(visit.form.text("act"));
            input type="hidden" name="sure" value="1";
            button.button.grave type="submit" { (labels::LEAVE) }
        }
    };
    Ok(visit.page(StatusCode::OK, labels::LEAVE_SURE, &body)?)
}
