//! Looks whether the service can do what it is for, and remembers what was found for whoever asks in
//! between. A look that is missing is itself a finding.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;

use crate::clock;
use crate::domain::certificate::Concern;
use crate::domain::id::Way;
use crate::domain::time::Moment;
use crate::domain::vitals::{Ailment, Vitals};
use crate::store::{Reading, StoreError};

/// A look older than this, in real time, says nothing any more. One is taken every minute.
const LOOK_LIFE: Duration = Duration::from_secs(180);

/// Looks in a row after which something is told: one alone may be the minute after a start.
const SEEN_BEFORE_TOLD: u32 = 3;

/// What is measured outside of the data file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outside {
    /// How long the writer has been busy with one group, in real time.
    pub busy: Duration,
    /// Whether time runs as in the world.
    pub real_time: bool,
    /// So old may the newest copy of the data be, where copies are made.
    pub backup_life: Option<Duration>,
    /// Since when the process runs.
    pub running_since: Moment,
    /// What about our own certificate somebody should look at.
    pub certificate: Option<Concern>,
    /// Free and whole space where the data is, in MiB, if it is known.
    pub space: Option<(u64, u64)>,
}

/// Free and whole space on the disk of a file, in MiB.
#[must_use]
pub fn space(of: &Path) -> Option<(u64, u64)> {
    const MIB: u64 = 1 << 20;
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty());
    let found = rustix::fs::statvfs(folder.unwrap_or(Path::new("."))).ok()?;
    let mib = |blocks: u64| blocks.saturating_mul(found.f_frsize) / MIB;
    Some((mib(found.f_bavail), mib(found.f_blocks)))
}

/// What was seen to ail lately, and what the office was told of it.
#[derive(Debug, Default)]
pub struct Ailing {
    seen: BTreeMap<Ailment, u32>,
    told: BTreeMap<Ailment, Date>,
}

impl Ailing {
    /// Notes a look; what is to be told now: whatever was seen in so many looks in a row, once a day.
    pub fn note(&mut self, ailments: &[Ailment], today: Date) -> Vec<Ailment> {
        self.seen.retain(|ailment, _| ailments.contains(ailment));
        let mut news = Vec::new();
        for ailment in ailments.iter().copied().filter(|ailment| ailment.is_told_by_letter()) {
            let seen = self.seen.entry(ailment).or_default();
            *seen += 1;
            if *seen >= SEEN_BEFORE_TOLD && self.told.insert(ailment, today) != Some(today) {
                news.push(ailment);
            }
        }
        news
    }
}

/// What ails now.
pub fn look(reading: &Reading, outside: Outside, now: Moment) -> Result<Vec<Ailment>, StoreError> {
    let mut next_timer = None;
    reading.timers(|_, due_at| {
        next_timer = Some(next_timer.map_or(due_at, |next: Moment| next.min(due_at)));
    })?;
    let outbox = reading.waiting()?;
    let oldest = |way: Way| (way, outbox.get(&way).and_then(|waiting| waiting.since));
    let erasures = reading.erasures()?;
    let waiting = erasures.iter().filter(|erasure| erasure.file_clean_at.is_none());
    let vitals = Vitals {
        now,
        busy: outside.busy,
        next_timer,
        waiting: Way::ALL.map(oldest),
        certificate: outside.certificate,
        real_time: outside.real_time,
        backup_life: outside.backup_life,
        space: outside.space,
        running_since: outside.running_since,
        remains_since: waiting.map(|erasure| erasure.at).min(),
    };
    Ok(vitals.ailments(&reading.service()?))
}

/// The last look, for everyone who asks.
#[derive(Clone, Debug)]
pub struct Findings(Arc<Mutex<Last>>);

#[derive(Debug)]
struct Last {
    /// On the stopwatch, so that no clock that is set makes it look fresh.
    at_ms: i64,
    /// `None` before the first look.
    ailments: Option<Vec<Ailment>>,
}

impl Default for Findings {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Last { at_ms: clock::stopwatch_ms(), ailments: None })))
    }
}

impl Findings {
    /// A look was taken.
    pub fn note(&self, ailments: Vec<Ailment>) {
        self.note_at(clock::stopwatch_ms(), ailments);
    }

    /// What ails, as last seen. `None` before the first look.
    #[must_use]
    pub fn now(&self) -> Option<Vec<Ailment>> {
        self.at(clock::stopwatch_ms())
    }

    fn note_at(&self, at_ms: i64, ailments: Vec<Ailment>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Last { at_ms, ailments: Some(ailments) };
    }

    fn at(&self, now_ms: i64) -> Option<Vec<Ailment>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = u64::try_from(now_ms.saturating_sub(last.at_ms)).unwrap_or(0);
        if Duration::from_millis(age) > LOOK_LIFE {
            return Some(vec![Ailment::Unseen]);
        }
        last.ailments.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ails_is_told_once_a_day_when_it_was_seen_three_times_in_a_row() {
        let (monday, tuesday) = (Date::constant(2026, 11, 23), Date::constant(2026, 11, 24));
        let mut ailing = Ailing::default();
        let both = [Ailment::Line, Ailment::Deaf];
        assert_eq!(ailing.note(&both, monday), []);
        assert_eq!(ailing.note(&both, monday), []);
        assert_eq!(ailing.note(&[], monday), [], "it was only a moment");
        for _ in 0..2 {
            assert_eq!(ailing.note(&both, monday), []);
        }
        assert_eq!(
            ailing.note(&both, monday),
            [Ailment::Line],
            "of deafness there is a letter already"
        );
        assert_eq!(ailing.note(&both, monday), []);
        assert_eq!(ailing.note(&both, tuesday), [Ailment::Line]);
        assert_eq!(ailing.note(&both, tuesday), []);
    }

    #[test]
    fn a_look_is_good_for_three_minutes_and_its_absence_is_a_finding() {
        let findings = Findings::default();
        assert_eq!(findings.now(), None);
        let start = clock::stopwatch_ms();
        assert_eq!(findings.at(start + 181_000), Some(vec![Ailment::Unseen]));
        findings.note_at(start, Vec::new());
        assert_eq!(findings.at(start + 180_000), Some(Vec::new()));
        assert_eq!(findings.at(start + 180_001), Some(vec![Ailment::Unseen]));
        findings.note_at(start + 200_000, vec![Ailment::Deaf]);
        assert_eq!(findings.at(start + 200_001), Some(vec![Ailment::Deaf]));
    }
}
