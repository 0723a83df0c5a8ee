//! The third story: a group that looks after each other. Everyone is asked in the group, one does not answer, 23 hours
//! later the group hears who, and one of them calls.

use std::io::Write;
use std::time::Duration;

use super::super::stage::Stage;
use super::super::story::Missing;
use super::Teller;
use super::watching::{EVENTS_MAX, check, labels};
use crate::clock::Clock;
use crate::locale::demo::{PEOPLE, acts, chapters};
use crate::platform::GroupItem;

/// Looks whether all names are known: half a minute.
const NAMES_LOOKS_MAX: u32 = 600;

/// Plays the story behind the second one.
pub(super) async fn play(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    let (stage, cast) = (teller.stage, teller.cast);
    let (leader, present, missing) = (&cast.watchers[0], &cast.member, &cast.watchers[1]);

    teller.chapter(chapters::GROUP);
    let people = [leader.as_str(), present, missing];
    let group = stage.standin.platform().add_group(acts::GROUP_NAME, &people);
    stage.standin.act(|platform, now_ms| platform.invite_account(now_ms, &group));
    stage.rest().await;
    for (user, label) in [
        (leader, acts::LEAD),
        (leader, acts::DAILY),
        (leader, acts::NINE),
        (present, acts::TAKE_PART),
        (missing, acts::TAKE_PART),
    ] {
        press(stage, &group, user, label).await?;
    }
    until_named(stage).await?;
    teller.show();

    teller.chapter(chapters::GROUP_ASKED);
    until_seen(stage, &group, acts::WELL).await?;
    press(stage, &group, present, acts::WELL).await?;
    press(stage, &group, leader, acts::WELL).await?;
    teller.show();
    check(last(stage, &group, acts::CALL_THEM).is_none(), chapters::GROUP_ASKED)?;

    teller.chapter(chapters::GROUP_MISSING);
    until_seen(stage, &group, acts::CALL_THEM).await?;
    let said = said(stage, &group);
    check(said.contains(PEOPLE[2]) && !said.contains(PEOPLE[0]), chapters::GROUP_MISSING)?;
    press(stage, &group, leader, acts::CALL_THEM).await?;
    press(stage, &group, missing, acts::WELL).await?;
    teller.show();
    check(self::said(stage, &group).contains(chapters::GROUP_COMPLETE), chapters::GROUP_MISSING)
}

/// What we said last in the group.
fn said(stage: &Stage, group: &str) -> String {
    let platform = stage.standin.platform();
    let items = platform.group(group).map_or(&[][..], |group| &group.items);
    let ours = items.iter().rev().find(|shown| shown.member.is_none());
    ours.map(|shown| shown.item.content.to_string()).unwrap_or_default()
}

/// Presses a button in the group that has to be there; returns when everything that follows has happened.
async fn press(stage: &Stage, group: &str, user: &str, label: &'static str) -> Result<(), Missing> {
    let Some((id, index)) = last(stage, group, label) else { return Err(Missing::Button(label)) };
    let pressed =
        stage.standin.act(|platform, now_ms| platform.press_in(now_ms, group, user, &id, index));
    stage.rest().await;
    pressed.map(|_| ()).map_err(|_| Missing::Button(label))
}

/// The newest message in the group with a button, and the place of that button.
fn last(stage: &Stage, group: &str, label: &str) -> Option<(String, usize)> {
    let platform = stage.standin.platform();
    platform.group(group)?.items.iter().rev().find_map(|shown| {
        let view = shown.item.actions().into_iter().find(|view| view.label.contains(label))?;
        Some((shown.item.id.clone(), view.index))
    })
}

/// Moves on, event by event, until a fresh button stands in the group. What people are asked in their own chats meanwhile
/// they answer.
async fn until_seen(stage: &Stage, group: &str, label: &'static str) -> Result<(), Missing> {
    let has = |shown: &&GroupItem| labels(&shown.item).iter().any(|found| found.contains(label));
    let count = || {
        let platform = stage.standin.platform();
        platform.group(group).map_or(0, |group| group.items.iter().filter(has).count())
    };
    let before = count();
    for _ in 0..EVENTS_MAX {
        if count() > before {
            return Ok(());
        }
        stage.jump().await?;
        everyone_answers(stage).await?;
    }
    Err(Missing::Button(label))
}

/// Lets a minute pass, and waits until the keeper has learnt the names of all who take part: it looks only once in a
/// real second, and the story could be past the round by then.
async fn until_named(stage: &Stage) -> Result<(), Missing> {
    stage.clock.jump_to(stage.clock.now() + Duration::from_secs(60));
    for _ in 0..NAMES_LOOKS_MAX {
        let groups = stage.store.read()?.groups(1)?;
        if groups.iter().all(|group| !group.nameless) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Missing::Button(chapters::GROUP))
}

async fn everyone_answers(stage: &Stage) -> Result<(), Missing> {
    let users = stage.standin.platform().users().to_vec();
    for user in users {
        if stage.person(&user)?.and_then(|person| person.watch).is_some_and(|w| w.round.is_some()) {
            stage.standin.act(|platform, now_ms| platform.send_sticker(now_ms, &user));
            stage.rest().await;
        }
    }
    Ok(())
}
