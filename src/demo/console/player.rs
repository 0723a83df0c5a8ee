//! The story that plays itself on the page, step by step, and begins again at its end.

use std::time::Duration;

use super::super::story;
use super::Console;
use super::act::Done;
use crate::locale::demo::STORY;
use crate::locale::demo::trouble::STORY_WAITS;
use crate::store::StoreError;

/// Real time between two steps: enough to read.
const PAUSE: Duration = Duration::from_secs(9);

/// Where the story stands.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) playing: bool,
    /// The journal's number at which the story began.
    pub(super) since: u64,
}

impl Story {
    /// A story that begins behind this entry of the journal.
    pub(super) fn since(since: u64) -> Self {
        Self { playing: false, since }
    }
}

impl Console {
    /// How far the story has come since then.
    pub(super) fn progress(&self, since: u64) -> Result<usize, StoreError> {
        match self.stage.person(&self.cast.member)? {
            Some(member) => story::progress(&self.stage, member.id, since),
            None => Ok(0),
        }
    }

    /// Plays, or stops playing.
    pub(super) async fn set_playing(&self, playing: bool) -> Done {
        if playing && self.is_over().await {
            self.begin_again().await;
        }
        let was = std::mem::replace(&mut self.story.lock().await.playing, playing);
        if playing && !was {
            let console = self.clone();
            tokio::spawn(async move { console.play_on().await });
        }
        Ok(())
    }

    /// Plays step after step, until somebody stops it or the story ends.
    async fn play_on(&self) {
        while self.story.lock().await.playing {
            if self.is_over().await || self.play_step().await.is_err() {
                self.story.lock().await.playing = false;
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn is_over(&self) -> bool {
        let since = self.story.lock().await.since;
        self.progress(since).unwrap_or(STORY.len()) + 1 >= STORY.len()
    }

    /// Plays the next step; at the end of the story, begins it again with the next question.
    pub(super) async fn play_step(&self) -> Done {
        if self.is_over().await {
            self.begin_again().await;
            return Ok(());
        }
        if !self.stage.machine.is_on() {
            return Err(Some(STORY_WAITS));
        }
        let since = self.story.lock().await.since;
        let step = self.progress(since).unwrap_or(STORY.len());
        match story::play(&self.stage, &self.cast, step).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(None),
        }
    }

    async fn begin_again(&self) {
        let last = self.stage.store.read().and_then(|reading| reading.journal_last());
        let mut story = self.story.lock().await;
        story.since = last.ok().flatten().map_or(story.since, |entry| entry.number);
    }
}
