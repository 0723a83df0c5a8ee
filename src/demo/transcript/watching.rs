//! Looks at the phones: what was seen so far, and moving on until something is seen. The tools with which a story checks
//! itself.

use super::super::stage::Stage;
use super::super::story::{Cast, Missing};
use crate::locale::demo::{acts, chapters};
use crate::platform::{ChatItem, From};

/// Events after which a story has gone astray.
pub(super) const EVENTS_MAX: usize = 100;

/// What was seen so far of a silence and its end.
pub(super) struct Counts {
    /// Questions on the member's phone.
    pub(super) questions: usize,
    /// Alerts on the watchers' phones.
    pub(super) alerts: usize,
    /// All-clears on the watchers' phones.
    pub(super) clears: usize,
}

pub(super) fn counts(stage: &Stage, cast: &Cast) -> Counts {
    let button = |label: &'static str| {
        move |item: &ChatItem| labels(item).iter().any(|found| found.contains(label))
    };
    let clear = |item: &ChatItem| {
        let alt = item.content["altText"].as_str().unwrap_or_default();
        alt.starts_with(chapters::ALL_CLEAR) && labels(item).is_empty()
    };
    let watchers = || cast.watchers.iter();
    Counts {
        questions: seen(stage, &cast.member, &button(acts::WELL)),
        alerts: watchers().map(|user| seen(stage, user, &button(acts::CLAIM))).sum(),
        clears: watchers().map(|user| seen(stage, user, &clear)).sum(),
    }
}

/// Our messages on a phone for which something holds.
pub(super) fn seen(stage: &Stage, user: &str, holds: &dyn Fn(&ChatItem) -> bool) -> usize {
    let platform = stage.standin.platform();
    let items = platform.phone(user).map_or(&[][..], |phone| &phone.items);
    items.iter().filter(|item| item.from == From::Bot && holds(item)).count()
}

/// What can be pressed on a message.
pub(super) fn labels(item: &ChatItem) -> Vec<String> {
    item.actions().into_iter().map(|view| view.label).collect()
}

/// Moves on, event by event, until a person sees a fresh button.
pub(super) async fn until_seen(
    stage: &Stage,
    user: &str,
    label: &'static str,
) -> Result<(), Missing> {
    let has = |item: &ChatItem| labels(item).iter().any(|found| found.contains(label));
    let before = seen(stage, user, &has);
    for _ in 0..EVENTS_MAX {
        if seen(stage, user, &has) > before {
            return Ok(());
        }
        stage.jump().await?;
    }
    Err(Missing::Button(label))
}

/// Everyone but the cast who has a question open answers it.
pub(super) async fn others_answer(stage: &Stage, cast: &Cast) {
    let users = stage.standin.platform().users().to_vec();
    let watched = [&cast.member, &cast.watchers[0], &cast.watchers[1]];
    for user in users.iter().filter(|user| !watched.contains(user)) {
        let open = stage.person(user).ok().flatten().and_then(|p| p.watch).and_then(|w| w.round);
        if open.is_some() {
            stage.standin.act(|platform, now_ms| platform.send_sticker(now_ms, user));
            stage.rest().await;
        }
    }
}

/// What has to hold in a story, under the name of its chapter.
pub(super) fn check(holds: bool, what: &'static str) -> Result<(), Missing> {
    if holds { Ok(()) } else { Err(Missing::Button(what)) }
}
