//! What has been entered and not been confirmed yet: a password and the secret of a second factor, or the keys of a channel
//! of LINE. Memory only: after a restart one begins again, nothing that was not confirmed is ever stored, and no secret
//! travels to a browser and back.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::staff::{FactorSecret, PasswordHash, TokenHash};
use crate::domain::time::Moment;

/// How long one may take.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// Drafts kept; with one more the oldest is forgotten.
const DRAFTS_MAX: usize = 100;

/// A password and the secret of a second factor that wait for their confirmation.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The password, of somebody who comes by a link.
    pub(super) password: Option<PasswordHash>,
    /// The secret that is shown.
    pub(super) secret: FactorSecret,
}

/// The keys of a channel, until somebody says that the account is theirs.
#[derive(Clone)]
pub(super) struct ChannelDraft {
    /// Its id.
    pub(super) id: String,
    /// Its secret.
    pub(super) secret: String,
    /// The account that LINE knows them as, by the id that people see.
    pub(super) basic_id: String,
}

/// All drafts of a kind, by the link or the session in which they were made.
pub(super) struct Drafts<T>(Mutex<BTreeMap<TokenHash, Kept<T>>>);

struct Kept<T> {
    draft: T,
    at: Moment,
}

impl<T> Default for Drafts<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Drafts<T> {
    /// Keeps a draft, in the place of an earlier one.
    pub(super) fn keep(&self, by: TokenHash, draft: T, now: Moment) {
        let mut drafts = self.lock();
        drafts.retain(|_, kept| now.since(kept.at) < LIFE);
        drafts.remove(&by);
        if drafts.len() >= DRAFTS_MAX {
            let oldest = drafts.iter().min_by_key(|(_, kept)| kept.at).map(|(by, _)| *by);
            oldest.and_then(|by| drafts.remove(&by));
        }
        drafts.insert(by, Kept { draft, at: now });
    }

    /// The draft, if it is still good.
    pub(super) fn get(&self, by: TokenHash, now: Moment) -> Option<T> {
        let drafts = self.lock();
        let kept = drafts.get(&by).filter(|kept| now.since(kept.at) < LIFE);
        kept.map(|kept| kept.draft.clone())
    }

    /// Forgets a draft.
    pub(super) fn forget(&self, by: TokenHash) {
        self.lock().remove(&by);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TokenHash, Kept<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_good_for_a_quarter_of_an_hour_and_there_are_not_too_many() {
        let (drafts, one) = (Drafts::default(), TokenHash::of("one"));
        let at = Moment::from_seconds;
        drafts.keep(one, "draft", at(0));
        assert_eq!(drafts.get(one, at(899)), Some("draft"));
        assert_eq!(drafts.get(one, at(900)), None);
        for n in 0..150 {
            drafts.keep(TokenHash::of(&n.to_string()), "draft", at(n));
        }
        assert_eq!(drafts.lock().len(), DRAFTS_MAX);
        drafts.forget(TokenHash::of("149"));
        assert_eq!(drafts.get(TokenHash::of("149"), at(149)), None);
        assert_eq!(drafts.get(TokenHash::of("148"), at(149)), Some("draft"));
    }
}
