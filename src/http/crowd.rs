//! Who makes room when every place is taken: whoever only waits. Slow strangers who hold all places would else keep LINE
//! out, for as long as each may take to say nothing.
//!
//! It must not end a connection that is being answered, and knows no address.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::AbortHandle;

use super::request::Unread;

/// How far a connection has come.
#[derive(Clone)]
pub(super) struct Stage(Arc<Inner>);

struct Inner {
    /// Counts everything that begins to wait, of all connections together.
    clock: Arc<AtomicU64>,
    /// When this one began to: as it came, and anew after each answer.
    since: AtomicU64,
    /// The request that is being answered, and whether its body is still awaited.
    answering: Mutex<Option<Unread>>,
}

impl Stage {
    /// A request is being answered from here on, until the guard goes.
    pub(super) fn begin(&self, body: Unread) -> Answering<'_> {
        *self.0.answering.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        Answering(self)
    }

    /// Whether nothing is lost but a wait when it ends now: it says nothing, or not all of what it wants.
    fn only_waits(&self) -> bool {
        let answering = self.0.answering.lock().unwrap_or_else(PoisonError::into_inner);
        answering.as_ref().is_none_or(Unread::get)
    }

    fn since(&self) -> u64 {
        self.0.since.load(Ordering::Acquire)
    }
}

/// While it lives, a request is being answered.
pub(super) struct Answering<'s>(&'s Stage);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        let Inner { clock, since, answering } = &*self.0.0;
        since.store(clock.fetch_add(1, Ordering::AcqRel), Ordering::Release);
        *answering.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The open connections.
#[derive(Default)]
pub(super) struct Crowd {
    clock: Arc<AtomicU64>,
    open: Vec<(AbortHandle, Stage)>,
}

impl Crowd {
    /// The stage of a connection that has just come.
    pub(super) fn newcomer(&self) -> Stage {
        let since = AtomicU64::new(self.clock.fetch_add(1, Ordering::AcqRel));
        Stage(Arc::new(Inner {
            clock: Arc::clone(&self.clock),
            since,
            answering: Mutex::default(),
        }))
    }

    /// One more.
    pub(super) fn join(&mut self, task: AbortHandle, stage: Stage) {
        // Those that ended go when there may be many of them.
        if self.open.len() == self.open.capacity() {
            self.open.retain(|(task, _)| !task.is_finished());
        }
        self.open.push((task, stage));
    }

    /// Ends the connection that has waited longest since it came or was answered; `false` if all of them are being answered.
    ///
    /// Whoever has asked before is not spared for it: that costs a stranger one request, and then those who have just come
    /// and are about to ask would be the only ones to go, LINE among them.
    pub(super) fn make_room(&mut self) -> bool {
        self.open.retain(|(task, _)| !task.is_finished());
        let waiting = (0..self.open.len()).filter(|place| self.open[*place].1.only_waits());
        let Some(eldest) = waiting.min_by_key(|place| self.open[*place].1.since()) else {
            return false;
        };
        self.open.swap_remove(eldest).0.abort();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that never ends by itself.
    fn open(crowd: &mut Crowd) -> (tokio::task::JoinHandle<()>, Stage) {
        let task = tokio::spawn(std::future::pending());
        let stage = crowd.newcomer();
        crowd.join(task.abort_handle(), stage.clone());
        (task, stage)
    }

    async fn is_gone(task: tokio::task::JoinHandle<()>) -> bool {
        tokio::task::yield_now().await;
        task.is_finished()
    }

    #[tokio::test]
    async fn who_has_waited_longest_goes_whether_it_asked_before_or_not() {
        let mut crowd = Crowd::default();
        let (idle, asked) = open(&mut crowd);
        let (silent, _stage) = open(&mut crowd);
        drop(asked.begin(Unread::new(false)));
        let (new, _stage) = open(&mut crowd);
        assert!(crowd.make_room());
        assert!(is_gone(silent).await && !idle.is_finished() && !new.is_finished());
        assert!(crowd.make_room());
        assert!(is_gone(idle).await && !new.is_finished());
        assert!(crowd.make_room());
        assert!(is_gone(new).await);
        assert!(!crowd.make_room(), "nobody is left");
    }

    #[tokio::test]
    async fn who_is_being_answered_stays_and_who_does_not_send_the_body_does_not() {
        let mut crowd = Crowd::default();
        let (answered, stage) = open(&mut crowd);
        let _working = stage.begin(Unread::new(false));
        assert!(!crowd.make_room() && !answered.is_finished());
        let (stalls, slow) = open(&mut crowd);
        let body = Unread::new(true);
        let _working = slow.begin(body);
        let (new, _stage) = open(&mut crowd);
        assert!(crowd.make_room());
        assert!(is_gone(stalls).await && !answered.is_finished() && !new.is_finished());
    }
}
