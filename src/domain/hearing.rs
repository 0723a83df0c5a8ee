//! Whether we could have heard an answer. LINE redelivers nothing by default: what people press while
//! our server is down, or while LINE cannot reach it, is lost. So every span of deafness is
//! remembered, and silence within it proves nothing.

use std::time::Duration;

use super::rules::{PROBES_UNANSWERED_MAX, PROOF_LIFE};
use super::time::Moment;

/// Spans kept at most; the oldest go.
const SPANS_MAX: usize = 32;

/// Spans older than this matter to no wait any more: question, second call, apologies.
const SPAN_LIFE: Duration = Duration::from_secs(5 * 24 * 3600);

/// A stop shorter than this is a restart in passing, not worth a span.
const STOP_IGNORED: Duration = Duration::from_secs(90);

/// A time in which nothing could be heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// From here.
    pub from: Moment,
    /// Until here.
    pub until: Moment,
}

/// What LINE said to a test of our receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Probe {
    /// LINE reached us.
    Heard,
    /// LINE could not reach us.
    Deaf,
    /// LINE did not answer: nothing is proven either way.
    Unanswered,
    /// LINE tests nothing for this account (no webhook address set there, or no permission).
    Impossible,
}

/// What is known about our own hearing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hearing {
    /// The last proof: a signed webhook, or a test that reached us.
    pub proof_at: Moment,
    /// Tests in a row without an answer.
    pub unanswered: u8,
    /// Since when nothing can be heard, if so.
    pub deaf_since: Option<Moment>,
    /// When that was noticed: holds are counted from here.
    pub noticed_at: Moment,
    /// Until when presses of a stop may still be redelivered.
    pub settle_until: Moment,
    /// Past deafness, oldest first.
    pub spans: Vec<Span>,
    /// Deafness up to here has been made good with everyone who was being waited for.
    pub swept_until: Moment,
}

impl Default for Hearing {
    fn default() -> Self {
        let never = Moment::from_millis(i64::MIN);
        Self {
            proof_at: never,
            unanswered: 0,
            deaf_since: None,
            noticed_at: never,
            settle_until: never,
            spans: Vec::new(),
            swept_until: never,
        }
    }
}

impl Hearing {
    /// The server starts again after it was last known to live at `alive_at`. Until the receiver is
    /// proven it counts as deaf, and for `settle` late redeliveries are waited for.
    pub fn start(&mut self, alive_at: Moment, now: Moment, settle: Duration) {
        let is_unproven =
            self.proof_at != Moment::from_millis(i64::MIN) && now.since(self.proof_at) > PROOF_LIFE;
        if is_unproven && now.since(alive_at) < STOP_IGNORED {
            // Started again and again, and never up for long enough to hear anything.
            return self.lose(self.proof_at, now, settle);
        }
        self.stood_still(alive_at, now, settle);
    }

    /// The process stood still although it ran (a suspended machine): as deaf as a stop. What was
    /// heard since may have waited at the door all the while: it proves nothing about the standstill.
    pub fn stood_still(&mut self, alive_at: Moment, now: Moment, settle: Duration) {
        if now.since(alive_at) >= STOP_IGNORED || self.deaf_since.is_some() {
            let counted_until = self.spans.last().map_or(alive_at, |span| span.until);
            self.lose(alive_at.max(counted_until), now, settle);
        }
    }

    /// The time that we went by was ahead, and it is `now`: proofs count from here on, and what is noted of later never
    /// happened.
    pub fn went_ahead(&mut self, now: Moment) {
        let back = |at: Moment| at.min(now);
        self.proof_at = back(self.proof_at);
        self.noticed_at = back(self.noticed_at);
        self.settle_until = back(self.settle_until);
        self.swept_until = back(self.swept_until);
        self.deaf_since = Some(self.deaf_since.map_or(now, back));
        self.spans.retain(|span| span.from < now);
        self.spans.iter_mut().for_each(|span| span.until = back(span.until));
    }

    fn lose(&mut self, alive_at: Moment, now: Moment, settle: Duration) {
        self.deaf_since = Some(self.deaf_since.map_or(alive_at, |since| since.min(alive_at)));
        self.noticed_at = now;
        self.unanswered = 0;
        self.settle_until = now + settle;
    }

    /// Something proved at `at` that the receiver hears.
    pub fn prove(&mut self, at: Moment, now: Moment) {
        self.unanswered = 0;
        if at <= self.proof_at {
            return;
        }
        self.proof_at = at;
        if let Some(from) = self.deaf_since.take() {
            self.spans.push(Span { from, until: at });
        }
        self.spans.retain(|span| now.since(span.until) < SPAN_LIFE);
        while self.spans.len() > SPANS_MAX {
            self.join_closest();
        }
    }

    /// Too many spans: what lies between two of them counts as deaf too, rather than one being forgotten.
    fn join_closest(&mut self) {
        let gap = |at: &usize| self.spans[at + 1].from.since(self.spans[*at].until);
        let Some(at) = (0..self.spans.len().saturating_sub(1)).min_by_key(gap) else { return };
        self.spans[at].until = self.spans[at + 1].until;
        self.spans.remove(at + 1);
    }

    /// What LINE said to a test.
    pub fn probed(&mut self, probe: Probe, now: Moment) {
        match probe {
            Probe::Heard | Probe::Impossible => self.prove(now, now),
            Probe::Deaf => self.turn_deaf(now),
            Probe::Unanswered => {
                self.unanswered = self.unanswered.saturating_add(1);
                let stale = now.since(self.proof_at) > PROOF_LIFE;
                if stale && self.unanswered >= PROBES_UNANSWERED_MAX {
                    self.turn_deaf(now);
                }
            }
        }
    }

    /// What was said since the last proof may be lost.
    fn turn_deaf(&mut self, now: Moment) {
        if self.deaf_since.is_none() {
            let never = Moment::from_millis(i64::MIN);
            let since = if self.proof_at == never { now } else { self.proof_at };
            self.deaf_since = Some(since.min(now));
            self.noticed_at = now;
        }
    }

    /// How much of the time between two moments was deaf.
    #[must_use]
    pub fn deaf_between(&self, from: Moment, until: Moment) -> Duration {
        let present = self.deaf_since.map(|since| Span { from: since, until });
        let spans = self.spans.iter().copied().chain(present);
        spans.map(|span| span.until.min(until).since(span.from.max(from))).sum()
    }

    /// The end of the newest deafness that has not been made good yet, once we hear again and have
    /// settled.
    #[must_use]
    pub fn to_sweep(&self, now: Moment) -> Option<Moment> {
        let newest = self.spans.last().map(|span| span.until)?;
        let quiet = self.deaf_since.is_none() && now >= self.settle_until;
        (quiet && newest > self.swept_until).then_some(newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SETTLE: Duration = Duration::from_secs(600);

    fn at(seconds: i64) -> Moment {
        Moment::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn a_stop_is_deaf_from_the_last_sign_of_life_to_the_first_proof() {
        let mut hearing = Hearing::default();
        hearing.start(at(0), at(7200), SETTLE);
        assert_eq!(hearing.deaf_since, Some(at(0)));
        assert_eq!(hearing.to_sweep(at(7205)), None);
        hearing.probed(Probe::Heard, at(7205));
        assert_eq!(hearing.deaf_between(at(3600), at(9000)), Duration::from_secs(3605));
        assert_eq!(hearing.to_sweep(at(7300)), None, "late redeliveries are waited for");
        assert_eq!(hearing.to_sweep(at(7800)), Some(at(7205)));
    }

    #[test]
    fn a_standstill_is_deaf_even_if_something_was_heard_before_it_was_noticed() {
        let mut hearing = Hearing::default();
        hearing.prove(at(0), at(0));
        // The process goes on at 7200: a webhook that waited at the door is quicker than the beat.
        hearing.prove(at(7200), at(7200));
        hearing.stood_still(at(30), at(7201), SETTLE);
        hearing.probed(Probe::Heard, at(7205));
        assert_eq!(hearing.deaf_between(at(3600), at(9000)), Duration::from_secs(3605));
    }

    #[test]
    fn a_server_that_starts_again_and_again_and_hears_nothing_is_deaf() {
        let mut hearing = Hearing::default();
        hearing.prove(at(0), at(0));
        for start in 1..30 {
            hearing.start(at((start - 1) * 60), at(start * 60), SETTLE);
        }
        assert_eq!(hearing.deaf_since, Some(at(0)));
    }

    #[test]
    fn a_webhook_that_waited_at_the_door_does_not_shorten_a_stop() {
        let mut hearing = Hearing::default();
        hearing.prove(at(0), at(0));
        // Stood still until 7200, heard what waited, and was killed before it noticed.
        hearing.prove(at(7200), at(7200));
        hearing.start(at(30), at(7260), SETTLE);
        hearing.probed(Probe::Heard, at(7265));
        assert_eq!(hearing.deaf_between(at(3600), at(9000)), Duration::from_secs(3665));
    }

    #[test]
    fn of_many_stops_in_a_row_none_is_forgotten() {
        let mut hearing = Hearing::default();
        for stop in 0..3 * 32 {
            hearing.start(at(stop * 1000), at(stop * 1000 + 100), SETTLE);
            hearing.prove(at(stop * 1000 + 100), at(stop * 1000 + 100));
        }
        assert!(hearing.deaf_between(at(0), at(96_000)) >= Duration::from_secs(96 * 100));
    }

    #[test]
    fn a_restart_in_passing_is_no_deafness() {
        let mut hearing = Hearing::default();
        hearing.start(at(0), at(30), SETTLE);
        assert_eq!((hearing.deaf_since, hearing.settle_until > at(30)), (None, false));
    }

    #[test]
    fn a_receiver_that_line_cannot_reach_is_deaf_since_its_last_proof() {
        let mut hearing = Hearing::default();
        hearing.prove(at(0), at(0));
        hearing.probed(Probe::Deaf, at(300));
        assert_eq!((hearing.deaf_since, hearing.noticed_at), (Some(at(0)), at(300)));
        hearing.probed(Probe::Deaf, at(600));
        assert_eq!(hearing.noticed_at, at(300), "the hold is counted once");
        hearing.prove(at(900), at(900));
        assert_eq!(hearing.deaf_since, None);
        assert_eq!(hearing.spans, [Span { from: at(0), until: at(900) }]);
    }

    #[test]
    fn tests_without_an_answer_prove_nothing_until_the_last_proof_is_old() {
        let mut hearing = Hearing::default();
        hearing.prove(at(0), at(0));
        for minute in [5, 10, 15] {
            hearing.probed(Probe::Unanswered, at(minute * 60));
            assert_eq!(hearing.deaf_since, None, "{minute}");
        }
        hearing.probed(Probe::Unanswered, at(20 * 60));
        assert_eq!(hearing.deaf_since, Some(at(0)));
    }

    #[test]
    fn an_account_that_cannot_be_tested_is_believed() {
        let mut hearing = Hearing::default();
        hearing.start(at(0), at(7200), SETTLE);
        hearing.probed(Probe::Impossible, at(7201));
        assert_eq!(hearing.deaf_since, None);
    }

    proptest! {
        #[test]
        fn spans_never_overlap_and_are_bounded(steps in prop::collection::vec((1_i64..5000, 0_u8..5), 0..200)) {
            let mut hearing = Hearing::default();
            let mut now = 0;
            hearing.prove(at(now), at(now));
            for (wait, kind) in steps {
                now += wait;
                match kind {
                    0 => hearing.start(at(now - wait), at(now), SETTLE),
                    1 => hearing.probed(Probe::Deaf, at(now)),
                    2 => hearing.probed(Probe::Unanswered, at(now)),
                    _ => hearing.prove(at(now), at(now)),
                }
                prop_assert!(hearing.spans.len() <= SPANS_MAX);
                for pair in hearing.spans.windows(2) {
                    prop_assert!(pair[0].until <= pair[1].from, "{:?}", hearing.spans);
                }
                prop_assert!(hearing.deaf_between(at(0), at(now)) <= at(now).since(at(0)));
            }
        }
    }
}
