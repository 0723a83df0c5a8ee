//! The story that the demonstration plays: who joins, who stays silent, who goes and looks.

use crate::domain::case::Trouble;
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::locale::demo::{PEOPLE, STORY, acts};
use crate::store::StoreError;

use super::stage::Stage;

/// The three people of the story, by their phones.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Who is asked.
    pub member: String,
    /// Who watches, in the order in which they joined.
    pub watchers: [String; 2],
}

impl Cast {
    /// Gives the three people phones.
    #[must_use]
    pub fn enter(stage: &Stage) -> Self {
        let [member, first, second] = PEOPLE.map(|name| stage.standin.platform().add_user(name));
        Self { member, watchers: [first, second] }
    }
}

/// A step that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Missing {
    /// A button that had to be there.
    #[error("{0}")]
    Button(&'static str),
    /// The data could not be read.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The member registers and invites both watchers. With a data file of an earlier time they are
/// registered already, and only befriend the account again.
pub async fn join(stage: &Stage, cast: &Cast) -> Result<(), Missing> {
    befriend(stage, &cast.member).await;
    if stage.person(&cast.member)?.is_some_and(|person| person.watch.is_some()) {
        for watcher in &cast.watchers {
            befriend(stage, watcher).await;
        }
        return Ok(());
    }
    press(stage, &cast.member, acts::BE_WATCHED).await?;
    press(stage, &cast.member, acts::AGREE).await?;
    stage.say(&cast.member, PEOPLE[0]).await;
    press(stage, &cast.member, acts::DAILY).await?;
    press(stage, &cast.member, acts::NINE).await?;
    press(stage, &cast.member, acts::PRACTISE).await?;
    press(stage, &cast.member, acts::WELL).await?;
    for (watcher, name) in cast.watchers.iter().zip(&PEOPLE[1..]) {
        stage.say(&cast.member, acts::INVITE).await;
        press(stage, &cast.member, acts::INVITE_MANAGER).await?;
        let invitation =
            newest_invitation(stage, &cast.member).ok_or(Missing::Button(acts::INVITE))?;
        befriend(stage, watcher).await;
        stage.say(watcher, &invitation).await;
        press(stage, watcher, acts::JOIN).await?;
        press(stage, watcher, acts::AGREE).await?;
        stage.say(watcher, name).await;
        press(stage, watcher, acts::RECEIVES).await?;
    }
    Ok(())
}

async fn befriend(stage: &Stage, user: &str) {
    stage.standin.act(|platform, now_ms| platform.add_friend(now_ms, user));
    stage.rest().await;
}

/// Presses a button that has to be there.
pub async fn press(stage: &Stage, user: &str, label: &'static str) -> Result<(), Missing> {
    if stage.press(user, label).await { Ok(()) } else { Err(Missing::Button(label)) }
}

/// The newest invitation text on a phone, as somebody would copy and pass it on.
#[must_use]
pub fn newest_invitation(stage: &Stage, user: &str) -> Option<String> {
    let platform = stage.standin.platform();
    let items = &platform.phone(user)?.items;
    let texts = items.iter().rev().filter_map(|item| item.content["text"].as_str());
    texts.into_iter().find(|text| text.contains("/i/")).map(str::to_owned)
}

/// How far the story of the newest round has come, as an index into [`STORY`].
pub fn progress(stage: &Stage, member: PersonId, since: u64) -> Result<usize, StoreError> {
    let entries = stage.store.read()?.journal_after(since, 10_000)?;
    let mut step = 0;
    for entry in entries {
        step = match entry.fact {
            Fact::Asked(person, _) if person == member && step == 0 => 1,
            Fact::Resent(person, _) if person == member => 2,
            Fact::CaseOpened(_, person, Trouble::NoAnswer) if person == member => 3,
            Fact::Claimed(..) if step == 3 => 4,
            Fact::AllClear(..) if step >= 3 => STORY.len() - 1,
            // An early answer: the story begins again with the next question.
            Fact::Answered(person, _) if person == member && step < 3 => 0,
            _ => step,
        };
    }
    Ok(step)
}

/// Plays one step of the story; `false` at its end.
pub async fn play(stage: &Stage, cast: &Cast, step: usize) -> Result<bool, Missing> {
    match step {
        0..=2 => Ok(stage.jump().await?),
        3 => press(stage, &cast.watchers[0], acts::CLAIM).await.map(|()| true),
        4 => press(stage, &cast.member, acts::WELL).await.map(|()| true),
        _ => Ok(false),
    }
}

/// Whose phone the step is about.
#[must_use]
pub fn phone_of(cast: &Cast, step: usize) -> &str {
    match step {
        3 => &cast.watchers[0],
        _ => &cast.member,
    }
}
