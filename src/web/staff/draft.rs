//! What has been entered and not been confirmed yet: a password and the secret of a second factor.
//! Memory only: after a restart one begins again, and no half of an account is ever stored.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::staff::{FactorSecret, PasswordHash, TokenHash};
use crate::domain::time::Moment;

/// How long one may take.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// Drafts kept; with one more the oldest is forgotten.
const DRAFTS_MAX: usize = 100;

/// What waits for its confirmation.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The password, of somebody who comes by a link.
    pub(super) password: Option<PasswordHash>,
    /// The secret that is shown.
    pub(super) secret: FactorSecret,
    /// When it was made.
    pub(super) made_at: Moment,
}

/// All drafts, by the link or the session in which they were made.
#[derive(Debug, Default)]
pub(super) struct Drafts(Mutex<BTreeMap<TokenHash, Draft>>);

impl Drafts {
    /// Keeps a draft, in the place of an earlier one.
    pub(super) fn keep(&self, by: TokenHash, draft: Draft) {
        let mut drafts = self.lock();
        drafts.retain(|_, kept| draft.made_at.since(kept.made_at) < LIFE);
        drafts.remove(&by);
        if drafts.len() >= DRAFTS_MAX {
            let oldest = drafts.iter().min_by_key(|(_, kept)| kept.made_at).map(|(by, _)| *by);
            oldest.and_then(|by| drafts.remove(&by));
        }
        drafts.insert(by, draft);
    }

    /// The draft, if it is still good.
    pub(super) fn get(&self, by: TokenHash, now: Moment) -> Option<Draft> {
        self.lock().get(&by).filter(|draft| now.since(draft.made_at) < LIFE).cloned()
    }

    /// Forgets a draft.
    pub(super) fn forget(&self, by: TokenHash) {
        self.lock().remove(&by);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TokenHash, Draft>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(seconds: i64) -> Draft {
        let made_at = Moment::from_seconds(seconds);
        Draft { password: None, secret: FactorSecret([0; 20]), made_at }
    }

    #[test]
    fn a_draft_is_good_for_a_quarter_of_an_hour_and_there_are_not_too_many() {
        let (drafts, one) = (Drafts::default(), TokenHash::of("one"));
        drafts.keep(one, draft(0));
        assert!(drafts.get(one, Moment::from_seconds(899)).is_some());
        assert!(drafts.get(one, Moment::from_seconds(900)).is_none());
        for n in 0..150 {
            drafts.keep(TokenHash::of(&n.to_string()), draft(n));
        }
        assert_eq!(drafts.lock().len(), DRAFTS_MAX);
        drafts.forget(TokenHash::of("149"));
        assert!(drafts.get(TokenHash::of("149"), Moment::from_seconds(149)).is_none());
        assert!(drafts.get(TokenHash::of("148"), Moment::from_seconds(149)).is_some());
    }
}
