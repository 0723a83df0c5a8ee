//! How long somebody takes to answer, and whether that has changed. Slower answers can be an early sign that
//! somebody does not do as well as before; those who watch are told so, and nobody else.

use std::time::Duration;

use super::round::{Ending, PastRound};

/// Answers that count as recent.
const RECENT: usize = 10;

/// Answers before them that they are compared with, and how many of these there must be.
const BEFORE: usize = 30;
const BEFORE_MIN: usize = 15;

/// Rounds to look at, so that both are found among some that were not answered.
pub const ROUNDS: usize = 60;

/// Less than this is no difference worth a word, however regular somebody was before.
const LEAST: Duration = Duration::from_secs(60 * 60);

/// Answers that have become slow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slower {
    /// The median of the recent ones.
    pub recent: Duration,
    /// The median of those before.
    pub before: Duration,
}

/// Whether the recent answers are slower than those before: their median lies beyond what was usual, by an hour
/// at least and by more than three times the usual spread. `rounds` come newest first.
#[must_use]
pub fn slower(rounds: &[PastRound]) -> Option<Slower> {
    let waits: Vec<Duration> = rounds.iter().take(ROUNDS).filter_map(wait).collect();
    let (recent, rest) = waits.split_at_checked(RECENT)?;
    let before = rest.get(..rest.len().min(BEFORE)).filter(|before| before.len() >= BEFORE_MIN)?;
    let usual = median(before)?;
    let spread = median(&before.iter().map(|wait| wait.abs_diff(usual)).collect::<Vec<_>>())?;
    let now = median(recent)?;
    (now > usual + LEAST.max(spread * 3)).then_some(Slower { recent: now, before: usual })
}

/// How long an answer took; none where somebody else answered, or nobody.
fn wait(past: &PastRound) -> Option<Duration> {
    match past.ending {
        Ending::Early => Some(Duration::ZERO),
        Ending::Answered => Some(past.ended_at.since(past.round.asked_at?)),
        Ending::Superseded
        | Ending::Unreachable
        | Ending::Paused
        | Ending::Left
        | Ending::ByProxy => None,
    }
}

fn median(values: &[Duration]) -> Option<Duration> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::round::Round;
    use crate::domain::time::Moment;

    fn answers(minutes: &[u64]) -> Vec<PastRound> {
        let due = Moment::from_seconds(1_800_000_000);
        let past = |minutes: &u64| PastRound {
            round: Round { asked_at: Some(due), ..Round::asking(due) },
            ending: Ending::Answered,
            ended_at: due + Duration::from_secs(60 * minutes),
            by: None,
        };
        minutes.iter().map(past).collect()
    }

    fn newest_first(recent: u64, before: impl Fn(u64) -> u64, count: u64) -> Vec<PastRound> {
        let mut minutes = vec![recent; RECENT];
        minutes.extend((0..count).map(before));
        answers(&minutes)
    }

    #[test]
    fn answers_that_come_hours_later_than_usual_are_noticed() {
        let found = slower(&newest_first(240, |n| 10 + n % 5, 30)).unwrap();
        assert_eq!(found.recent, Duration::from_secs(240 * 60));
        assert_eq!(found.before, Duration::from_secs(12 * 60));
    }

    #[test]
    fn what_is_usual_for_somebody_is_no_sign() {
        // Somebody who answers now at once, now in the evening.
        assert_eq!(slower(&newest_first(300, |n| if n % 2 == 0 { 5 } else { 600 }, 30)), None);
        // Half an hour later than a very regular person's usual minute.
        assert_eq!(slower(&newest_first(31, |_| 1, 30)), None);
        // Faster than before.
        assert_eq!(slower(&newest_first(5, |_| 300, 30)), None);
    }

    #[test]
    fn too_little_is_known_of_somebody_new_and_of_rounds_that_nobody_answered() {
        assert_eq!(slower(&newest_first(600, |_| 5, 14)), None);
        assert_eq!(slower(&answers(&[600; 9])), None);
        assert_eq!(slower(&[]), None);
        let mut rounds = newest_first(600, |_| 5, 30);
        for past in &mut rounds[..RECENT] {
            past.ending = Ending::ByProxy;
        }
        assert_eq!(slower(&rounds), None, "others answered");
    }
}
