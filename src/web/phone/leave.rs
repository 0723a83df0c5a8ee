//! `/u/leave`: to be watched over no longer, after a question.

use maud::html;

use super::{Visit, enter};
use crate::domain::page::PageAct;
use crate::domain::press::Press;
use crate::http::{Response, StatusCode};
use crate::locale::phone::frame;
use crate::locale::phone::own::{self, leave as labels};
use crate::web::trouble::Trouble;

/// The question.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    if visit.me.watch.is_none() {
        return Ok(visit.site.not_found());
    }
    let body = html! {
        h1 { (labels::TITLE) }
        p { (labels::WHAT) }
        p { a.button href="/u" { (frame::BACK) } }
        p { a.action href="/u/rest" { (own::REST) } }
        form.entry method="post" {
            (visit.word())
            button.button.grave type="submit" { (labels::NOW) }
        }
    };
    Ok(visit.page(StatusCode::OK, labels::TITLE, &body)?)
}

/// Stops.
pub(super) async fn now(visit: &Visit<'_>) -> Result<Response, Trouble> {
    visit.act(PageAct::Press(Press::LeaveSure)).await?;
    Ok(enter::closed(visit.site, labels::DONE))
}
