//! The bytes of whoever was forgotten: has the data file written anew where they are still in it, and lets other files go
//! that show the data as it was before. What does not succeed is tried again in the next night.

use std::path::Path;
use std::time::SystemTime;

use super::task::{End, Eyes};
use super::vitals;
use crate::domain::erasure::{ASIDE_LIFE, Erasure};
use crate::domain::event::{Event, Upkeep};
use crate::domain::id::PersonId;
use crate::domain::time::Moment;
use crate::store::{Anew, StoreError, asides};

impl Eyes {
    /// Does what is to be done about it.
    pub(super) async fn write_anew(&self) -> Result<(), End> {
        let Ok(_only) = self.errands.anew_turn.try_lock() else { return Ok(()) };
        let erasures = self.reading()?.erasures()?;
        clear_asides(&self.store_path, &erasures, self.clock.now());
        // Whoever is forgotten from here on is for the next time: they may be in the view that is copied.
        let waiting = erasures.iter().filter(|erasure| erasure.file_clean_at.is_none());
        let waiting: Vec<PersonId> = waiting.map(|erasure| erasure.person).collect();
        if waiting.is_empty() || !has_room(&self.store_path) {
            return Ok(());
        }
        let anew = match self.copy().await {
            Ok(Some(anew)) => anew,
            Ok(None) => return Ok(()),
            Err(fault) => {
                tracing::warn!(%fault, "the data file could not be written anew");
                return Ok(());
            }
        };
        if let Err(fault) = self.engine.take_over(anew).await? {
            tracing::warn!(%fault, "the data file written anew could not take its place");
            return Ok(());
        }
        tracing::info!(forgotten = waiting.len(), "the data file was written anew");
        let clean = |person| Event::Upkeep(Upkeep::FileClean(person));
        self.tell(waiting.into_iter().map(clean).collect()).await
    }

    async fn copy(&self) -> Result<Option<Anew>, StoreError> {
        let store = self.store.clone();
        let made = tokio::task::spawn_blocking(move || store.write_anew()).await;
        made.unwrap_or_else(|fault| Err(StoreError::Unwritable(fault.to_string())))
    }
}

/// Whether a second file like the first has room, and the first some more to grow.
fn has_room(path: &Path) -> bool {
    let Some((free_mib, _)) = vitals::space(path) else { return true };
    let data_mib = path.metadata().map_or(0, |known| known.len() >> 20);
    let enough = free_mib >= data_mib.saturating_mul(2).saturating_add(64);
    if !enough {
        tracing::warn!(free_mib, data_mib, "too little space to write the data file anew");
    }
    enough
}

/// Removes files beside the data that were written before somebody was forgotten, once copies may live no longer.
fn clear_asides(path: &Path, erasures: &[Erasure], now: Moment) {
    for (aside, written) in asides(path) {
        let written = written.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let written = Moment::EPOCH + written;
        let over = |erasure: &Erasure| erasure.at >= written && now >= erasure.at + ASIDE_LIFE;
        if erasures.iter().any(over) {
            match std::fs::remove_file(&aside) {
                Ok(()) => tracing::info!(file = %aside.display(), "an old state of the data went"),
                Err(fault) => tracing::warn!(%fault, "an old state of the data could not go"),
            }
        }
    }
}
