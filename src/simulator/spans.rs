//! Spans of time in which something was wrong, and how much of them matters for a promise. What overlaps is counted
//! once, and only what can break a promise excuses it.

use std::time::Duration;

use super::swarm::Trouble;
use crate::domain::time::Moment;

/// From a moment on, until another one if it has come.
pub(super) type Span = (Moment, Option<Moment>);

/// The server does nothing.
pub(super) const AWAY: &[Trouble] = &[Trouble::Down, Trouble::Frozen];

/// Nothing can be heard: the server is away or stands still, or LINE cannot reach it.
pub(super) const DEAF: &[Trouble] = &joined::<3>(&[AWAY, &[Trouble::Deaf]]);

/// LINE does nothing of what it is asked, or does not say that it did.
pub(super) const MUTE: &[Trouble] = &[
    Trouble::Refusing,
    Trouble::FailingAfter,
    Trouble::Lost,
    Trouble::Unconnected,
    Trouble::TooFast,
    Trouble::UsedUp,
];

/// The time is doubted, or wrong.
const DOUBT: &[Trouble] = &[Trouble::Clock];

/// LINE keeps what people do, or loses it.
const KEPT_BACK: &[Trouble] = &[Trouble::Held, Trouble::Swallowed];

/// Messages leave late, or it is not known that they left.
pub(super) const SENDING: &[Trouble] = &joined::<9>(&[AWAY, MUTE, DOUBT]);

/// What people do arrives late, or never.
pub(super) const HEARING: &[Trouble] = &joined::<6>(&[DEAF, KEPT_BACK, DOUBT]);

/// Questions leave late, or their wait begins anew.
pub(super) const ASKING: &[Trouble] = &joined::<10>(&[DEAF, MUTE, DOUBT]);

/// Anything but that LINE cannot reach a server that runs.
pub(super) const NOT_DEAF: &[Trouble] = &joined::<11>(&[AWAY, MUTE, KEPT_BACK, DOUBT]);

/// Anything between us and LINE.
pub(super) const ANY: &[Trouble] = &joined::<12>(&[DEAF, MUTE, KEPT_BACK, DOUBT]);

/// All of these, which are so many: another number does not compile.
const fn joined<const N: usize>(lists: &[&[Trouble]]) -> [Trouble; N] {
    let (mut all, mut count, mut list) = ([Trouble::Down; N], 0, 0);
    while list < lists.len() {
        let mut n = 0;
        while n < lists[list].len() {
            all[count] = lists[list][n];
            (count, n) = (count + 1, n + 1);
        }
        list += 1;
    }
    assert!(count == N, "the lists have another length");
    all
}

/// How much of a span overlaps these, which do not overlap each other.
pub(super) fn overlap(spans: &[Span], from: Moment, until: Moment) -> Duration {
    let parts = spans.iter().map(|(begin, end)| {
        let (begin, end) = ((*begin).max(from), end.unwrap_or(until).min(until));
        if end > begin { end.since(begin) } else { Duration::ZERO }
    });
    parts.sum()
}

/// What was wrong in a run, in the order in which it began.
#[derive(Clone, Default)]
pub(super) struct Troubles(Vec<(Trouble, Moment, Moment)>);

impl Troubles {
    /// Something goes wrong now, until a moment that is known.
    pub(super) fn begins(&mut self, trouble: Trouble, from: Moment, until: Moment) {
        self.0.push((trouble, from, until));
    }

    /// It has turned out that something was wrong between two moments.
    pub(super) fn covers(&mut self, trouble: Trouble, from: Moment, until: Moment) {
        let place = self.0.partition_point(|(_, begin, _)| *begin <= from);
        self.0.insert(place, (trouble, from, until));
    }

    /// It is over, perhaps sooner than was planned.
    pub(super) fn ends(&mut self, trouble: Trouble, now: Moment) {
        for (kind, _, until) in &mut self.0 {
            if *kind == trouble {
                *until = now.min(*until);
            }
        }
    }

    fn of(&self, kinds: &[Trouble]) -> impl Iterator<Item = (Moment, Moment)> {
        let of_kind = self.0.iter().filter(|(trouble, ..)| kinds.contains(trouble));
        of_kind.map(|(_, from, until)| (*from, *until))
    }

    /// How long something of these kinds was wrong between two moments.
    pub(super) fn during(&self, kinds: &[Trouble], from: Moment, until: Moment) -> Duration {
        let (mut sum, mut counted) = (Duration::ZERO, from);
        for (begin, end) in self.of(kinds) {
            let (begin, end) = (begin.max(counted), end.min(until));
            if end > begin {
                sum += end.since(begin);
                counted = end;
            }
        }
        sum
    }

    /// Whether something of these kinds was wrong at any moment between two, if only for that moment: what arrives in a
    /// power cut is lost.
    pub(super) fn any(&self, kinds: &[Trouble], from: Moment, until: Moment) -> bool {
        self.of(kinds).any(|(begin, end)| begin <= until && end >= from)
    }

    /// Whether something of these kinds that had lasted for so long ended between two moments.
    pub(super) fn ended(
        &self,
        kinds: &[Trouble],
        lasted: Duration,
        (from, until): (Moment, Moment),
    ) -> bool {
        self.of(kinds).any(|(begin, end)| end > from && end <= until && end.since(begin) >= lasted)
    }

    /// Whether one trouble of this kind lasted from one moment to another.
    pub(super) fn lasts(&self, kind: Trouble, from: Moment, until: Moment) -> bool {
        self.of(&[kind]).any(|(begin, end)| begin <= from && end >= until)
    }

    /// The end of the first span of this length since `from` in which nothing of these kinds was wrong.
    pub(super) fn clear_for(&self, kinds: &[Trouble], length: Duration, from: Moment) -> Moment {
        let mut clear = from;
        for (begin, end) in self.of(kinds) {
            if begin > clear + length {
                break;
            }
            clear = clear.max(end);
        }
        clear + length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u64) -> Moment {
        Moment::from_seconds(1_800_000_000) + Duration::from_secs(60 * minute)
    }

    fn troubles() -> Troubles {
        let mut troubles = Troubles::default();
        troubles.begins(Trouble::Deaf, at(10), at(20));
        troubles.begins(Trouble::Lost, at(12), at(15));
        troubles.begins(Trouble::Down, at(15), at(30));
        troubles.begins(Trouble::NoMail, at(40), at(90));
        troubles
    }

    #[test]
    fn what_overlaps_is_counted_once_and_only_what_matters() {
        let minutes =
            |kinds, from, until| troubles().during(kinds, at(from), at(until)).as_secs() / 60;
        assert_eq!(minutes(ANY, 0, 100), 20);
        assert_eq!(minutes(MUTE, 0, 100), 3);
        assert_eq!(minutes(DEAF, 12, 18), 6);
        assert_eq!(minutes(HEARING, 31, 100), 0);
    }

    #[test]
    fn a_moment_is_no_time_and_something_can_be_lost_in_it() {
        let mut troubles = troubles();
        troubles.begins(Trouble::Down, at(200), at(200));
        assert_eq!(troubles.during(HEARING, at(190), at(210)), Duration::ZERO);
        assert!(troubles.any(HEARING, at(190), at(210)) && troubles.any(HEARING, at(200), at(200)));
        assert!(!troubles.any(HEARING, at(201), at(210)));
    }

    #[test]
    fn a_clear_span_begins_when_everything_that_matters_is_over() {
        let clear = |from| troubles().clear_for(SENDING, Duration::from_secs(300), at(from));
        assert_eq!(clear(0), at(5));
        assert_eq!(clear(9), at(35));
        assert_eq!(clear(31), at(36));
    }
}
