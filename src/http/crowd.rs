//! Who makes room when every place is taken: whoever only waits. Slow strangers who hold all places would else keep LINE
//! out, for as long as each may take to say nothing.
//!
//! It must not end a connection that is being answered, and knows no address.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::AbortHandle;

use super::request::Unread;

/// How far a connection has come.
#[derive(Clone, Default)]
pub(super) struct Stage(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// It has asked at least once.
    asked: AtomicBool,
    /// The request that is being answered, and whether its body is still awaited.
    answering: Mutex<Option<Unread>>,
}

impl Stage {
    /// A request is being answered from here on, until the guard goes.
    pub(super) fn begin(&self, body: Unread) -> Answering<'_> {
        self.0.asked.store(true, Ordering::Release);
        *self.0.answering.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        Answering(self)
    }

    /// Whether nothing is lost but a wait when it ends now: it says nothing, or not all of what it wants.
    fn only_waits(&self) -> bool {
        let answering = self.0.answering.lock().unwrap_or_else(PoisonError::into_inner);
        answering.as_ref().is_none_or(Unread::get)
    }

    fn has_asked(&self) -> bool {
        self.0.asked.load(Ordering::Acquire)
    }
}

/// While it lives, a request is being answered.
pub(super) struct Answering<'s>(&'s Stage);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        *self.0.0.answering.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The open connections, in the order in which they came.
#[derive(Default)]
pub(super) struct Crowd(VecDeque<(AbortHandle, Stage)>);

impl Crowd {
    /// One more.
    pub(super) fn join(&mut self, task: AbortHandle, stage: Stage) {
        while self.0.front().is_some_and(|(task, _)| task.is_finished()) {
            self.0.pop_front();
        }
        // Those in the middle go when there are many more of them than live connections.
        if self.0.len() == self.0.capacity() {
            self.0.retain(|(task, _)| !task.is_finished());
        }
        self.0.push_back((task, stage));
    }

    /// Ends the connection that has waited longest: one that never asked, else one that may ask again. `false` if all of
    /// them are being answered.
    pub(super) fn make_room(&mut self) -> bool {
        self.0.retain(|(task, _)| !task.is_finished());
        let mut waiting = (0..self.0.len()).filter(|place| self.0[*place].1.only_waits());
        let silent = waiting.clone().find(|place| !self.0[*place].1.has_asked());
        let place = silent.or_else(|| waiting.next());
        let Some((task, _)) = place.and_then(|place| self.0.remove(place)) else { return false };
        task.abort();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that never ends by itself.
    fn open(crowd: &mut Crowd) -> (tokio::task::JoinHandle<()>, Stage) {
        let task = tokio::spawn(std::future::pending());
        let stage = Stage::default();
        crowd.join(task.abort_handle(), stage.clone());
        (task, stage)
    }

    async fn is_gone(task: tokio::task::JoinHandle<()>) -> bool {
        tokio::task::yield_now().await;
        task.is_finished()
    }

    #[tokio::test]
    async fn who_never_asked_goes_before_who_may_ask_again_and_the_eldest_first() {
        let mut crowd = Crowd::default();
        let (idle, asked) = open(&mut crowd);
        let (first, _silent) = open(&mut crowd);
        let (second, _silent) = open(&mut crowd);
        drop(asked.begin(Unread::new(false)));
        assert!(crowd.make_room());
        assert!(is_gone(first).await && !idle.is_finished() && !second.is_finished());
        assert!(crowd.make_room());
        assert!(is_gone(second).await && !idle.is_finished());
        assert!(crowd.make_room());
        assert!(is_gone(idle).await);
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
        assert!(crowd.make_room());
        assert!(is_gone(stalls).await && !answered.is_finished());
    }
}
