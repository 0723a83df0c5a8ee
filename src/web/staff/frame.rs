//! The frame of the staff's pages: the menu, who is logged in, and the way out.

use maud::{Markup, html};

use super::super::layout::{self, Frame};
use super::super::session::SignedIn;
use super::{Desk, Kept, Visit, is_open_to};
use crate::http::{Response, StatusCode};
use crate::locale::staff::frame as words;
use crate::web::Site;

/// A page of the menu: path, words.
type Entry = (Desk, &'static str, &'static str);

/// The menu of the daily work.
const DAILY: [Entry; 5] = [
    (Desk::Board, "/staff", words::BOARD),
    (Desk::Calls, "/staff/calls", words::CALLS),
    (Desk::People, "/staff/people", words::PEOPLE),
    (Desk::Bulletins, "/staff/bulletins", words::BULLETINS),
    (Desk::Rests, "/staff/rests", words::RESTS),
];

/// The menu of everything else: who is where, numbers, settings.
const OTHER: [Entry; 14] = [
    (Desk::Teams, "/staff/teams", words::TEAMS),
    (Desk::Groups, "/staff/groups", words::GROUPS),
    (Desk::Organizations, "/staff/organizations", words::ORGANIZATIONS),
    (Desk::Memberships, "/staff/memberships", words::MEMBERS),
    (Desk::Statistics, "/staff/statistics", words::STATISTICS),
    (Desk::Report, "/staff/report", words::REPORT),
    (Desk::Opinions, "/staff/opinions", words::OPINIONS),
    (Desk::Line, "/staff/line", words::LINE),
    (Desk::Face, "/staff/office", words::OFFICE_SETTINGS),
    (Desk::Papers, "/staff/papers", words::PAPERS),
    (Desk::SetUp, "/staff/setup", words::SET_UP),
    (Desk::Accounts, "/staff/accounts", words::ACCOUNTS),
    (Desk::Kept(Kept::Log), "/staff/log", words::LOG),
    (Desk::Me, "/staff/me", words::ME),
];

/// A page in front of the door.
pub(super) fn door(site: &Site, status: StatusCode, title: &str, body: &Markup) -> Response {
    layout::page(status, &site.voice(), title, body)
}

/// A page behind the door.
pub(super) fn desk(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    title: &str,
    body: &Markup,
) -> Response {
    let here = visit.request.path.as_str();
    let menu = html! {
        nav.menu aria-label=(words::MENU) {
            (entries("daily", &DAILY, here, by))
            p.who { (words::SIGNED_IN) (by.staff.name) }
            form method="post" action="/staff/logout" {
                (visit.word())
                button.quiet type="submit" { (words::LOG_OUT) }
            }
            (entries("other", &OTHER, here, by))
        }
    };
    let frame = Frame { menu: Some(&menu), desk: true };
    layout::framed(status, &visit.site.voice(), title, frame, body)
}

/// A part of the menu.
fn entries(class: &str, menu: &[Entry], here: &str, by: &SignedIn) -> Markup {
    html! {
        ul class=(class) {
            @for (desk, path, word) in menu {
                @if is_open_to(*desk, &by.staff) {
                    li { a href=(path) aria-current=[(*path == here).then_some("page")] { (word) } }
                }
            }
        }
    }
}

/// A refusal.
pub(super) fn refused(site: &Site, why: &str) -> Response {
    let body = html! {
        h1 { (words::NOT_ALLOWED) }
        p { (why) }
        p { a.action href="/staff" { (words::TO_BOARD) } }
    };
    door(site, StatusCode::FORBIDDEN, words::NOT_ALLOWED, &body)
}
