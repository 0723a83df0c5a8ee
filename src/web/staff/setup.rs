//! `/staff/setup`: whether everything is set up as it must be, point by point, with what to do, and the few things that
//! can be done from here: connecting the channel of LINE, telling LINE where we are, copying the data, and confirming what
//! only a human can see. Administrators only. The secret that is typed never comes back to a browser: between the question
//! "is it this account?" and the answer it waits here, for this session, in memory.

use std::time::Duration;

use maud::{Markup, html};

use super::Visit;
use super::draft::ChannelDraft;
use crate::domain::checkup::{Done, Finding, Point, Report, State, Wish};
use crate::domain::schedule::Zone;
use crate::domain::service::Fate;
use crate::domain::staff::{Deed, DeskAct, SetUp, TokenHash};
use crate::http::{Response, StatusCode};
use crate::locale::checkup as words;
use crate::locale::checkup::server;
use crate::locale::cli::Tongue;
use crate::locale::practice;
use crate::web::input::{Input, Shape};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Longest id and secret that are taken. LINE's own have 10 and 32 characters.
const ID_CHARS_MAX: usize = 20;
const SECRET_CHARS: usize = 32;

/// A field takes more than a value: a browser cuts off at the end, and a space may have been copied before it.
const FIELD_CHARS: usize = 64;

/// While something is under way, the page asks for itself again after so many seconds.
const RENEW: &str = "3; url=/staff/setup?auto";

/// What is not settled after so long is looked at when somebody asks.
const RENEWED_FOR: Duration = Duration::from_secs(60);

/// What was typed of the two values, and what is wrong with it.
#[derive(Default)]
struct Typed {
    id: String,
    secret: String,
    id_fault: Option<&'static str>,
    secret_fault: Option<&'static str>,
}

/// What the page tells besides the points.
#[derive(Default)]
struct Said<'a> {
    /// What came of what was pressed.
    notice: Option<&'a str>,
    typed: Typed,
    /// The account that LINE knows the typed keys as: its name, and its id.
    account: Option<(String, String)>,
}

impl<'a> Said<'a> {
    fn notice(notice: &'a str) -> Self {
        Self { notice: Some(notice), ..Self::default() }
    }
}

impl Typed {
    fn read(visit: &Visit<'_>) -> Self {
        // Whatever is copied along with a value is no part of it.
        let plain = |name: &str| visit.form.text(name).trim().to_owned();
        let (id, secret) = (plain("channel-id"), plain("channel-secret"));
        let is_id = !id.is_empty() && id.len() <= ID_CHARS_MAX;
        let is_id = is_id && id.chars().all(|c| c.is_ascii_digit());
        let is_secret = secret.len() == SECRET_CHARS;
        let is_secret = is_secret && secret.chars().all(|c| c.is_ascii_alphanumeric());
        Self {
            id_fault: (!is_id).then_some(words::ID_FAULT),
            secret_fault: (!is_secret).then_some(words::SECRET_FAULT),
            id,
            secret,
        }
    }
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Response {
    page(visit, by, StatusCode::OK, &Said::default())
}

/// Does what was pressed, and shows the page anew.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let checkup = &visit.site.checkup;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, said) = match visit.form.text("act") {
        "try" => return Ok(try_keys(visit, by).await),
        "connect" => return connect(visit, by).await,
        "webhook" => match checkup.carry_out(Wish::SetWebhook).await {
            Done::Yes => {
                note(visit, by, SetUp::Told).await?;
                (StatusCode::OK, words::WEBHOOK_DONE)
            }
            Done::Unreachable => (bad, words::UNREACHABLE),
            _ => (bad, words::WEBHOOK_REFUSED),
        },
        "copy" => {
            let done = checkup.carry_out(Wish::Copy).await;
            (if done == Done::Yes { StatusCode::OK } else { bad }, words::copied(&done))
        }
        "mail" => try_mail(visit, by).await?,
        "look" => {
            checkup.carry_out(Wish::Look).await;
            return Ok(Response::redirect_see_other("/staff/setup"));
        }
        other => {
            let point = Point::ALL.into_iter().find(|point| other == confirming(*point));
            let Some(point) = point.filter(|point| point.is_by_hand()) else {
                return Ok(page(visit, by, StatusCode::BAD_REQUEST, &Said::default()));
            };
            note(visit, by, SetUp::Confirmed(point)).await?;
            (StatusCode::OK, words::CONFIRMED)
        }
    };
    checkup.carry_out(Wish::Look).await;
    Ok(page(visit, by, status, &Said::notice(said)))
}

/// The word of the button that confirms a point.
fn confirming(point: Point) -> String {
    format!("confirm-{}", point.bit())
}

/// Asks LINE whose keys these are, and then a human whether that is the account.
async fn try_keys(visit: &Visit<'_>, by: &SignedIn) -> Response {
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let typed = Typed::read(visit);
    if typed.id_fault.is_some() || typed.secret_fault.is_some() {
        return page(visit, by, bad, &Said { typed, ..Said::default() });
    }
    let wish = Wish::Try(typed.id.clone(), typed.secret.clone());
    match visit.site.checkup.carry_out(wish).await {
        Done::Account { name, basic_id } => {
            let Typed { id, secret, .. } = typed;
            let draft = ChannelDraft { id, secret, basic_id: basic_id.clone() };
            visit.office().channels.keep(TokenHash::of(&visit.key), draft, visit.now);
            let account = Some((name, basic_id));
            page(visit, by, StatusCode::OK, &Said { account, ..Said::default() })
        }
        done => {
            let notice = Some(words::not_connected(&done));
            page(visit, by, bad, &Said { notice, typed, ..Said::default() })
        }
    }
}

/// Uses the keys that were tried in this session from here on.
async fn connect(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let (checkup, channels) = (&visit.site.checkup, &visit.office().channels);
    let (session, bad) = (TokenHash::of(&visit.key), StatusCode::UNPROCESSABLE_ENTITY);
    // In another tab another account may have been tried since: the one that was shown is the one that is meant.
    let meant = |draft: &ChannelDraft| draft.basic_id == visit.form.text("account");
    let Some(draft) = channels.get(session, visit.now).filter(meant) else {
        return Ok(page(visit, by, bad, &Said::notice(words::TRY_AGAIN)));
    };
    match checkup.carry_out(Wish::Connect(draft.id, draft.secret)).await {
        Done::Account { .. } => {
            channels.forget(session);
            note(visit, by, SetUp::Connected).await?;
            checkup.carry_out(Wish::Look).await;
            Ok(page(visit, by, StatusCode::OK, &Said::notice(words::CONNECTED)))
        }
        done => Ok(page(visit, by, bad, &Said::notice(words::not_connected(&done)))),
    }
}

/// Sends a letter to whoever asks for it; whether it was, the rules say.
async fn try_mail(visit: &Visit<'_>, by: &SignedIn) -> Result<(StatusCode, &'static str), Trouble> {
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    if by.staff.mailbox().is_none() {
        return Ok((bad, words::NO_MAIL_OF_OWN));
    }
    let trial = || visit.site.store.read()?.service().map(|service| service.trial);
    let before = trial()?;
    note(visit, by, SetUp::TryMail).await?;
    Ok(if trial()? == before {
        (StatusCode::TOO_MANY_REQUESTS, words::MAIL_TOO_SOON)
    } else {
        (StatusCode::OK, words::MAIL_TRIED)
    })
}

async fn note(visit: &Visit<'_>, by: &SignedIn, done: SetUp) -> Result<(), Trouble> {
    let act = DeskAct::SetUp(done);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await
}

fn page(visit: &Visit<'_>, by: &SignedIn, status: StatusCode, said: &Said<'_>) -> Response {
    let report = visit.site.checkup.last();
    let connected = report.as_ref().is_some_and(is_connected);
    let role = if status == StatusCode::OK { "status" } else { "alert" };
    let body = html! {
        h1 { (words::TITLE) }
        @if let Some(notice) = said.notice { p.notice role=(role) { (notice) } }
        p { (words::HOW) }
        @match &report {
            None => p.notice { (words::NOT_LOOKED) },
            Some(report) => { (summary(report)) }
        }
        (look_again(visit))
        // Whoever has just begun needs this first.
        @if !connected { (channel(visit, connected, said)) }
        @if let Some(report) = &report {
            h2 { (words::POINTS) }
            ol.checkup { @for finding in &report.findings { (point(visit, by, finding)) } }
        }
        @if connected { (channel(visit, connected, said)) }
        @if report.as_ref().is_some_and(|report| has_settings(visit, report)) { (how_to_change()) }
        // Once there are points, the way is at its own.
        @if report.is_none() { p { (to_practice()) } }
    };
    let page = visit.desk_page(by, status, words::TITLE, &body);
    if letter_is_new(visit) { page.header("refresh", RENEW) } else { page }
}

/// Whether a letter was tried a moment ago and waits: it is taken or refused within seconds, and nobody should have to ask.
fn letter_is_new(visit: &Visit<'_>) -> bool {
    let service = visit.site.store.read().and_then(|reading| reading.service());
    let trial = service.ok().and_then(|service| service.trial);
    trial.is_some_and(|trial| {
        trial.fate == Fate::Waits && visit.site.clock.now().since(trial.at) < RENEWED_FOR
    })
}

fn summary(report: &Report) -> Markup {
    let wall = Zone::default().local(report.at);
    html! {
        @match report.bad() {
            0 => p.all-clear { (words::ALL_GOOD) },
            count => p.notice { (words::bad(count)) },
        }
        p.as-of { (words::looked_at(wall)) }
    }
}

/// Whether something is to be changed in the settings.
fn has_settings(visit: &Visit<'_>, report: &Report) -> bool {
    let configured = visit.site.checkup.is_configured();
    let mut tasks = report.findings.iter().filter_map(|found| server::task(found, configured));
    tasks.any(|task| task.settings)
}

fn is_connected(report: &Report) -> bool {
    report.findings.iter().any(|finding| matches!(finding, Finding::Connected(..)))
}

fn press(visit: &Visit<'_>, act: &str, label: &str) -> Markup {
    html! {
        form method="post" action="/staff/setup" {
            (visit.word())
            button.quiet type="submit" name="act" value=(act) { (label) }
        }
    }
}

fn look_again(visit: &Visit<'_>) -> Markup {
    press(visit, "look", words::LOOK_AGAIN)
}

fn point(visit: &Visit<'_>, by: &SignedIn, finding: &Finding) -> Markup {
    let (point, state) = (finding.point(), finding.state());
    let class = match state {
        State::Good => "good",
        State::Advice | State::Unknown => "advice",
        State::ByHand => "by-hand",
        State::Bad => "bad",
    };
    let act = match finding {
        Finding::WebhookElsewhere => Some(("webhook".to_owned(), words::SET_WEBHOOK)),
        Finding::NotCopiedYet | Finding::CopyOld => Some(("copy".to_owned(), words::COPY)),
        Finding::ToConfirm(point) => Some((confirming(*point), words::CONFIRM)),
        Finding::NoMailServer => None,
        _ if point == Point::Mail => Some(("mail".to_owned(), words::TRY_MAIL)),
        _ => None,
    };
    let task = server::task(finding, visit.site.checkup.is_configured());
    // Without an address of one's own there is nowhere to try it.
    let homeless =
        act.as_ref().is_some_and(|(act, _)| act == "mail") && by.staff.mailbox().is_none();
    let act = act.filter(|_| !homeless);
    html! {
        li class=(class) {
            h3 { (words::point(point, Tongue::Ja)) " " span.state { (words::state(state, Tongue::Ja)) } }
            p { (words::finding(finding, Tongue::Ja)) }
            @if let Some(task) = task { (for_server(task.what, task.settings)) }
            @if homeless { p { (words::NO_MAIL_OF_OWN) } (for_server(server::MAIL_OF_OWN, false)) }
            @if point == Point::Practice {
                p { (to_practice()) }
            }
            @if let Some((act, label)) = act { (press(visit, &act, label)) }
        }
    }
}

/// What staff cannot do here, apart from what they can: somebody else is to read it.
fn for_server(what: &str, settings: bool) -> Markup {
    html! {
        div.for-server {
            h4 { (server::TASK) }
            p { (with_code(what)) }
            @if settings { p { a.action href="#change" { (server::HOW_TO_CHANGE) } } }
        }
    }
}

/// A text in which what is typed word for word stands between backticks.
fn with_code(text: &str) -> Markup {
    html! {
        @for (n, part) in text.split('`').enumerate() {
            @if n % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// How whoever looks after the server changes settings, once for all points.
fn how_to_change() -> Markup {
    html! {
        h2 id="change" { (server::CHANGE) }
        ol.commands { @for step in server::CHANGE_HOW { li { (with_code(step)) } } }
    }
}

fn to_practice() -> Markup {
    html! { a.action href="/staff/practice" { (practice::TO_PRACTICE) } }
}

/// The two values of the channel.
fn channel(visit: &Visit<'_>, connected: bool, said: &Said<'_>) -> Markup {
    let typed = &said.typed;
    if visit.site.checkup.is_configured() {
        return html! { h2 { (words::CONNECT) } p { (words::CONFIGURED) } };
    }
    let id = Input::new(
        "channel-id",
        Shape::Line(FIELD_CHARS),
        words::CHANNEL_ID,
        words::CHANNEL_ID_HELP,
    );
    let secret = Input::new(
        "channel-secret",
        Shape::Line(FIELD_CHARS),
        words::CHANNEL_SECRET,
        words::CHANNEL_SECRET_HELP,
    );
    let form = html! {
        ol { @for step in words::CONNECT_HOW { li { (step) } } }
        form.entry method="post" action="/staff/setup" {
            (visit.word())
            (id.with(&typed.id).faulty(typed.id_fault).markup())
            (secret.faulty(typed.secret_fault).markup())
            button.button type="submit" name="act" value="try" { (words::CONNECT_NOW) }
        }
    };
    html! {
        h2 id="channel" { (words::CONNECT) }
        @if let Some((name, basic_id)) = &said.account {
            (is_it_this(visit, name, basic_id))
        } @else if connected && typed.id.is_empty() {
            details { summary { (words::CONNECT) } (form) }
        } @else {
            (form)
        }
    }
}

/// The account that was found, before it is used.
fn is_it_this(visit: &Visit<'_>, name: &str, basic_id: &str) -> Markup {
    html! {
        p.notice role="status" { (words::IS_IT_THIS) }
        p { strong { (name) } " " (basic_id) }
        form.entry method="post" action="/staff/setup" {
            (visit.word())
            input type="hidden" name="account" value=(basic_id);
            button.button type="submit" name="act" value="connect" { (words::KEEP) }
        }
        p { a.action href="/staff/setup" { (words::BACK) } }
    }
}
