//! `/staff/bulletins/new`: writes a bulletin, shows how it looks, for how many it is and what it costs, sends it to one's
//! own telephone first, and sends it. Nothing is stored before that: what was typed travels with the form.

use maud::{Markup, html};

use super::audience::{self, Count};
use crate::domain::bulletin::{Audience, Draft, Kind, Side, TEXT_CHARS_MAX, Text};
use crate::domain::id::PersonId;
use crate::domain::quota::Quota;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::bulletins::{self as words, compose as labels};
use crate::locale::members;
use crate::store::{Reading, StoreError};
use crate::web::form::Form;
use crate::web::input::{Input, Shape, choice};
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::staff::Visit;
use crate::web::trouble::Trouble;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    kind: usize,
    text: String,
    to: String,
    number: String,
    side: usize,
    text_fault: Option<&'static str>,
    to_fault: Option<&'static str>,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let place = |name: &str| form.text(name).parse().unwrap_or_default();
        Self {
            kind: place("kind"),
            text: form.text("text").to_owned(),
            to: form.text("to").to_owned(),
            number: form.text("number").to_owned(),
            side: place("side"),
            ..Self::default()
        }
    }

    /// What an address asks for beforehand: whoever comes from a person's or a team's page.
    fn of_query(query: &str) -> Self {
        let both = Side::ALL.len() - 1;
        let mut typed = Self { to: "all".to_owned(), side: both, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "person" => (typed.to, typed.number) = ("one".to_owned(), value.into_owned()),
                "to" => typed.to = value.into_owned(),
                _ => {}
            }
        }
        typed
    }

    /// What is to be sent; what is wrong is said in `self`.
    fn draft(
        &mut self,
        reading: &Reading,
        by: &SignedIn,
        shown_at: Moment,
    ) -> Result<Option<Draft>, StoreError> {
        let text = Text::read(&self.text);
        self.text_fault = text.as_ref().err().map(|fault| words::text_fault(*fault));
        let audience = audience::read(reading, by, &self.to, &self.number)?;
        let kind = Kind::ALL.get(self.kind).copied().unwrap_or(Kind::Notice);
        // In a group nobody could answer, and who needs help would not be seen.
        let unfit = matches!(audience, Some(Audience::Group(_))) && kind != Kind::Notice;
        self.to_fault = match audience {
            None if self.to == "one" => Some(members::UNKNOWN),
            None => Some(labels::NO_AUDIENCE),
            Some(_) => unfit.then_some(labels::NOT_FOR_GROUPS),
        };
        let (Ok(text), Some(audience), None) = (text, audience, self.to_fault) else {
            return Ok(None);
        };
        let side = Side::ALL.get(self.side).copied().unwrap_or(Side::Both);
        Ok(Some(Draft { shown_at, kind, text, audience, side, urgent: false }))
    }
}

/// The empty form, or one for whom the address names.
pub(in crate::web::staff) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    form(visit, by, StatusCode::OK, &Typed::of_query(&visit.request.query))
}

/// What is done with the form: look at it, write it anew, try it, send it.
pub(in crate::web::staff) async fn act(
    visit: &Visit<'_>,
    by: &SignedIn,
) -> Result<Response, Trouble> {
    let mut typed = Typed::of(&visit.form);
    if visit.form.text("step") == "back" {
        return form(visit, by, StatusCode::OK, &typed);
    }
    let now = visit.site.clock.now();
    let shown_at = visit.form.text("shown_at").parse().map_or(now, Moment::from_millis);
    let draft = typed.draft(&visit.site.store.read()?, by, shown_at)?;
    let Some(draft) = draft else {
        return form(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &typed);
    };
    match visit.form.text("step") {
        "test" => try_it(visit, by, &typed, draft).await,
        "send" => send(visit, by, &typed, draft).await,
        _ => preview(visit, by, StatusCode::OK, (&typed, &draft), Said::default()),
    }
}

fn form(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Trouble> {
    let choices = audience::choices(&visit.site.store.read()?, by)?;
    let text = Input::new("text", Shape::Note(TEXT_CHARS_MAX), labels::TEXT, labels::TEXT_HELP);
    let number = Input::new("number", Shape::Line(10), labels::NUMBER, members::NUMBER_HELP);
    let fault = typed.to_fault.filter(|_| typed.to != "one");
    let body = html! {
        h1 { (labels::TITLE) }
        p { (labels::HOW) }
        form.entry.wide method="post" action="/staff/bulletins/new" {
            (visit.word())
            (choice("kind", labels::KIND, &words::KINDS, Some(typed.kind), None))
            (text.with(&typed.text).faulty(typed.text_fault).markup())
            div.field {
                label for="to" { (labels::TO) }
                select id="to" name="to" aria-invalid=[fault.map(|_| "true")]
                    aria-describedby=[fault.map(|_| "to-fault")] {
                    @for (key, name) in &choices {
                        option value=(key) selected[*key == typed.to] { (name) }
                    }
                }
                @if let Some(fault) = fault { p.fault id="to-fault" { "＊" (fault) } }
            }
            (number.with(&typed.number).faulty(typed.to_fault.filter(|_| typed.to == "one")).markup())
            (choice("side", labels::SIDE, &words::SIDES, Some(typed.side), None))
            button.button type="submit" name="step" value="preview" { (labels::LOOK) }
        }
        p { a.action href="/staff/bulletins" { (labels::LIST) } }
    };
    Ok(visit.desk_page(by, status, labels::TITLE, &body))
}

/// What is said above a preview, and what is wrong with the number for a test.
#[derive(Default)]
struct Said {
    notice: Option<&'static str>,
    number: String,
    number_fault: Option<&'static str>,
}

/// What the month's messages allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Allowed {
    Yes,
    /// At the cost of questions that are still to come this month.
    Urgent,
    No,
}

fn allowed(quota: &Quota, now: Moment, percent: u8, messages: u32) -> Allowed {
    let Some(left) = quota.left(now) else { return Allowed::Yes };
    let kept = quota.reserve(percent).saturating_add(messages);
    if left >= kept.saturating_add(quota.forecast) {
        Allowed::Yes
    } else if left >= kept {
        Allowed::Urgent
    } else {
        Allowed::No
    }
}

fn preview(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    (typed, draft): (&Typed, &Draft),
    said: Said,
) -> Result<Response, Trouble> {
    let (reading, now) = (visit.site.store.read()?, visit.site.clock.now());
    let count = audience::count(&reading, draft.audience, draft.side, now)?;
    let name = audience::name(&reading, by, draft.audience)?;
    let quota = reading.service()?.quota;
    drop(reading);
    let percent = visit.site.rules.alert_reserve_percent;
    let allowed = allowed(&quota, now, percent, count.reached);
    let body = html! {
        h1 { (labels::PREVIEW) }
        @if let Some(notice) = said.notice { p.notice role="status" { (notice) } }
        div.columns {
            div {
                (super::bubble(visit, draft))
                (reach(&name, draft, count))
                (costs(&quota, now, percent, count.reached))
                (sending(visit, typed, draft, count, allowed))
            }
            div { (trying(visit, typed, draft, &said)) }
        }
    };
    Ok(visit.desk_page(by, status, labels::PREVIEW, &body))
}

fn reach(name: &str, draft: &Draft, count: Count) -> Markup {
    html! {
        dl.facts {
            div { dt { (labels::TO) } dd {
                (name)
                @if let Some(side) = words::side(draft.audience, draft.side) { br; small { (side) } }
            } }
            div { dt { (labels::PEOPLE) } dd {
                strong { (words::people(count.reached, count.more)) }
                @if count.unreachable > 0 { br; small { (words::unreachable(count.unreachable)) } }
            } }
        }
    }
}

fn costs(quota: &Quota, now: Moment, percent: u8, messages: u32) -> Markup {
    html! {
        h2 { (labels::COST) }
        dl.facts {
            div { dt { (labels::MESSAGES) } dd { (words::messages(messages)) } }
            @match quota.left(now) {
                None => div { dt { (labels::LEFT) } dd { (labels::UNLIMITED) } },
                Some(left) => {
                    div { dt { (labels::LEFT) } dd { (words::messages(left)) } }
                    div { dt { (labels::FORECAST) } dd { (words::messages(quota.forecast)) } }
                    div { dt { (labels::RESERVE) } dd { (words::messages(quota.reserve(percent))) } }
                }
            }
        }
    }
}

/// What was typed, for the next form.
fn carried(visit: &Visit<'_>, typed: &Typed, draft: &Draft) -> Markup {
    html! {
        (visit.word())
        input type="hidden" name="kind" value=(typed.kind);
        input type="hidden" name="text" value=(typed.text);
        input type="hidden" name="to" value=(typed.to);
        input type="hidden" name="number" value=(typed.number);
        input type="hidden" name="side" value=(typed.side);
        input type="hidden" name="shown_at" value=(draft.shown_at.millis());
    }
}

fn sending(
    visit: &Visit<'_>,
    typed: &Typed,
    draft: &Draft,
    count: Count,
    allowed: Allowed,
) -> Markup {
    html! {
        form.entry method="post" action="/staff/bulletins/new" {
            (carried(visit, typed, draft))
            @match allowed {
                Allowed::Yes => {}
                Allowed::Urgent => {
                    p.notice { (labels::SHORT) }
                    label.tick { input type="checkbox" name="urgent" value="1"; " " (labels::URGENT) }
                }
                Allowed::No => p.notice role="alert" { (labels::TOO_FEW) },
            }
            @if count.reached == 0 {
                p.notice { (labels::NOBODY) }
            } @else if allowed != Allowed::No {
                p.help { (labels::TAKE_BACK) }
                button.button type="submit" name="step" value="send" {
                    (words::send_to(count.reached, draft.audience))
                }
            }
            p { button.quiet type="submit" name="step" value="back" { (labels::BACK) } }
        }
    }
}

fn trying(visit: &Visit<'_>, typed: &Typed, draft: &Draft, said: &Said) -> Markup {
    let number = Input::new("me", Shape::Line(10), labels::ME, labels::ME_HELP);
    html! {
        h2 { (labels::TRY) }
        p { (labels::TRY_HOW) }
        form.entry method="post" action="/staff/bulletins/new" {
            (carried(visit, typed, draft))
            (number.with(&said.number).faulty(said.number_fault).markup())
            button.quiet type="submit" name="step" value="test" { (labels::TRY_NOW) }
        }
    }
}

async fn try_it(
    visit: &Visit<'_>,
    by: &SignedIn,
    typed: &Typed,
    draft: Draft,
) -> Result<Response, Trouble> {
    let number = visit.form.text("me").to_owned();
    let me = tester(&visit.site.store.read()?, &number)?;
    let Some(me) = me else {
        let said = Said { number, number_fault: Some(labels::ME_UNKNOWN), ..Said::default() };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return preview(visit, by, status, (typed, &draft), said);
    };
    let act = DeskAct::TestBulletin(me, Box::new(draft.clone()));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let said = Said { notice: Some(labels::TRIED), number, number_fault: None };
    preview(visit, by, StatusCode::OK, (typed, &draft), said)
}

/// Whoever tries it, if LINE reaches them.
fn tester(reading: &Reading, number: &str) -> Result<Option<PersonId>, StoreError> {
    let Some(person) = known::number(number) else { return Ok(None) };
    let known = reading.person(person)?.filter(|person| person.is_reachable());
    Ok(known.map(|person| person.id))
}

async fn send(
    visit: &Visit<'_>,
    by: &SignedIn,
    typed: &Typed,
    draft: Draft,
) -> Result<Response, Trouble> {
    let (reading, now) = (visit.site.store.read()?, visit.site.clock.now());
    let count = audience::count(&reading, draft.audience, draft.side, now)?;
    let quota = reading.service()?.quota;
    drop(reading);
    let urgent = visit.form.text("urgent") == "1";
    let refused = match allowed(&quota, now, visit.site.rules.alert_reserve_percent, count.reached)
    {
        _ if count.reached == 0 => Some(labels::NOBODY),
        Allowed::No => Some(labels::TOO_FEW),
        Allowed::Urgent if !urgent => Some(labels::NEEDS_URGENT),
        Allowed::Urgent | Allowed::Yes => None,
    };
    if let Some(notice) = refused {
        let said = Said { notice: Some(notice), ..Said::default() };
        return preview(visit, by, StatusCode::UNPROCESSABLE_ENTITY, (typed, &draft), said);
    }
    let draft = Draft { urgent, ..draft };
    let act = DeskAct::SendBulletin(Box::new(draft.clone()));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    // The same form sent twice leads to the same bulletin.
    let newest = visit.site.store.read()?.newest_bulletins(super::SHOWN_MAX)?;
    let made =
        newest.into_iter().find(|b| b.by == by.staff.id && b.draft.shown_at == draft.shown_at);
    let path = made.map_or("/staff/bulletins".to_owned(), |b| format!("/staff/bulletins/{}", b.id));
    Ok(Response::redirect_see_other(&path))
}
