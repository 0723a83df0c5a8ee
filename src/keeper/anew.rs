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

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::Duration;

    use super::*;
    use crate::domain::erasure::ErasureReason;
    use crate::domain::id::StaffId;

    const ERASED_AT: Moment = Moment::from_seconds(1_800_000_000);

    #[test]
    fn an_old_state_beside_the_data_goes_35_days_after_somebody_was_forgotten_who_may_be_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("anshin.redb");
        let since = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        for (name, written) in [
            ("anshin.redb", since(1_799_000_000)),
            ("anshin.redb.v1", since(1_799_000_000)),
            ("anshin.redb.before-20261129-031500", since(1_799_000_000)),
            ("anshin.redb.before-20270120-031500", since(1_800_000_500)),
            ("anshin.redb.before-lunch", since(1_799_000_000)),
            ("anshin.redb.v1.mine", since(1_799_000_000)),
            ("other.redb.v1", since(1_799_000_000)),
        ] {
            File::create(folder.path().join(name)).unwrap().set_modified(written).unwrap();
        }
        let erasure = Erasure {
            person: PersonId(7),
            at: ERASED_AT,
            by: StaffId(1),
            reason: ErasureReason::OwnWish,
            was_asked: true,
            removed: Vec::new(),
            file_clean_at: None,
            met_at: ERASED_AT,
            first_at: None,
        };
        let left = |now: Moment, erasures: &[Erasure]| {
            clear_asides(&data, erasures, now);
            fs::read_dir(folder.path()).unwrap().count()
        };
        let days = |days: u64| ERASED_AT + Duration::from_secs(days * 24 * 3600);
        assert_eq!(left(days(400), &[]), 7, "nobody was forgotten");
        assert_eq!(left(days(34), std::slice::from_ref(&erasure)), 7);
        assert_eq!(left(days(35), &[erasure]), 5);
        let names = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(
            names,
            [
                "anshin.redb",
                "anshin.redb.before-20270120-031500",
                "anshin.redb.before-lunch",
                "anshin.redb.v1.mine",
                "other.redb.v1"
            ]
        );
    }
}
