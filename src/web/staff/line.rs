//! `/staff/line`: the account on LINE and the month's messages: how many are used, how many the schedules still need,
//! what is kept for alerts, and what stops first. Numbers only.

use maud::{Markup, html};

use super::Visit;
use crate::domain::quota::Quota;
use crate::domain::schedule::Zone;
use crate::domain::service::Service;
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::bulletins::messages;
use crate::locale::line as words;
use crate::locale::phone;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Width of the bar of the month's messages.
const BAR_WIDTH: u64 = 600;

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let now = visit.site.clock.now();
    let service = visit.site.store.read()?.service()?;
    let percent = visit.site.rules.alert_reserve_percent;
    let body = html! {
        h1 { (words::TITLE) }
        (verdict(&service.quota, now, percent))
        (numbers(&service.quota, now, percent))
        h2 { (words::ORDER) }
        ol { @for step in words::ORDER_STEPS { li { (step) } } }
        h2 { (words::ACCOUNT) }
        (account(visit, &service))
        p.help { (words::PLANS) }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn local(at: Moment) -> String {
    phone::date_time(Zone::default().local(at))
}

/// Whether it will do until the month ends, and what to do if not.
fn verdict(quota: &Quota, now: Moment, percent: u8) -> Markup {
    html! {
        @match (quota.limit, quota.fits(now, percent)) {
            _ if quota.counted_at.millis() == i64::MIN => p.notice { (words::NOT_COUNTED) },
            (None, _) | (_, None) => p.all-clear { (words::UNLIMITED) },
            (Some(_), Some(true)) => p.all-clear { (words::FITS) },
            (Some(_), Some(false)) if !quota.allows_question(now, percent) => {
                p.notice role="alert" { (words::STOPPED) }
            }
            (Some(_), Some(false)) => {
                @let left = quota.left(now).unwrap_or_default();
                @let wanted = quota.forecast.saturating_add(quota.reserve(percent));
                p.notice role="alert" { (words::short_of(wanted.saturating_sub(left))) }
            }
        }
    }
}

fn numbers(quota: &Quota, now: Moment, percent: u8) -> Markup {
    let used = quota.used_now(now);
    html! {
        dl.numbers {
            div { dt { (words::USED) } dd { strong { (used) } } }
            @if let Some(left) = quota.left(now) { div { dt { (words::LEFT) } dd { strong { (left) } } } }
            div { dt { (words::FORECAST) } dd { strong { (quota.forecast) } } }
            @if quota.limit.is_some() {
                div { dt { (words::RESERVE) } dd { strong { (quota.reserve(percent)) } } }
            }
        }
        @if let Some(limit) = quota.limit {
            (bar(used, quota.forecast, quota.reserve(percent), limit))
            p.help { (words::limit(limit)) }
        }
        @if quota.counted_at.millis() != i64::MIN {
            p.as-of { (words::counted(&local(quota.counted_at), &messages(quota.since))) }
        }
    }
}

/// What is used, what is still needed and what is kept, as parts of the limit. Says nothing that the numbers do not.
fn bar(used: u32, forecast: u32, reserve: u32, limit: u32) -> Markup {
    let whole = u64::from(limit).max(u64::from(used) + u64::from(forecast)).max(1);
    let width = |count: u32| u64::from(count) * BAR_WIDTH / whole;
    let (used, forecast) = (width(used), width(forecast));
    let kept = BAR_WIDTH - width(reserve.min(limit)) * u64::from(limit) / whole.max(1);
    html! {
        svg.bar viewBox={ "0 0 " (BAR_WIDTH) " 24" } width=(BAR_WIDTH) height="24" aria-hidden="true" {
            rect.ground width=(BAR_WIDTH) height="24" {}
            rect width=(used) height="24" {}
            rect.later x=(used) width=(forecast) height="24" {}
            rect.kept x=(kept.min(BAR_WIDTH)) width=(BAR_WIDTH - kept.min(BAR_WIDTH)) y="16" height="8" {}
        }
        p.help aria-hidden="true" { (words::LEGEND) }
    }
}

fn account(visit: &Visit<'_>, service: &Service) -> Markup {
    let voice = visit.site.voice();
    let hearing = &service.hearing;
    html! {
        dl.facts {
            div { dt { (words::ID) } dd { (voice.basic_id.as_deref().unwrap_or(words::UNKNOWN)) } }
            div { dt { (words::HEARD) } dd {
                @if hearing.proof_at > Moment::EPOCH { (local(hearing.proof_at)) } @else { (words::NEVER) }
            } }
            @if let Some(since) = hearing.deaf_since {
                div { dt { (words::DEAF) } dd { strong { (local(since)) } } }
            }
            @if let Some(outage) = service.outage {
                div { dt { (words::OUTAGE) } dd { strong { (local(outage.since)) } } }
            }
        }
    }
}
