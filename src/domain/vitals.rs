//! Whether the service can do what it is for. Says what ails, in the order in which somebody should
//! look at it; what follows from that is not decided here.

use std::time::Duration;

use super::certificate::Concern;
use super::erasure::REMAINS_MAX;
use super::hearing::Hearing;
use super::id::Way;
use super::service::Service;
use super::time::Moment;

/// The writer is stuck when one group takes it longer than this, in real time.
pub const WRITER_STUCK: Duration = Duration::from_secs(10);

/// A word that we live is written every minute; without one for so long, nothing reaches the disk.
const BEAT_LIFE: Duration = Duration::from_secs(180);

/// A timer that is due is decided within seconds; after a restart all of them are.
const TIMER_LATE: Duration = Duration::from_secs(300);

/// So long may a message to LINE wait. Questions of a whole town at one hour are gone by then.
const LINE_WAIT: Duration = Duration::from_secs(600);

/// So long may a letter wait: many mail servers let a new sender try again after a quarter of an hour.
const MAIL_WAIT: Duration = Duration::from_secs(1800);

/// So long may the time be doubted: proving it takes a few minutes where LINE can be reached.
const DOUBT_WAIT: Duration = Duration::from_secs(600);

/// Space on the disk below which something has to be done, in MiB: in any case, and where it is so small a part of the
/// whole, in percent, that something else must be filling it.
const SPACE_MIN_MIB: u64 = 500;
const SPACE_SMALL_MIB: u64 = 2048;
const SPACE_SMALL_PERCENT: u64 = 10;

/// Something that keeps the service from doing what it is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ailment {
    /// Nobody looked whether all is well, for minutes.
    Unseen,
    /// Nothing is written down any more.
    Writer,
    /// Questions and alerts do not become due.
    Timers,
    /// Nothing that people do reaches us.
    Deaf,
    /// LINE takes no messages.
    Line,
    /// No letter leaves.
    Mail,
    /// The time cannot be trusted.
    Clock,
    /// There is no copy of the data that is new enough.
    Backup,
    /// Nobody can connect to us over HTTPS, or soon nobody will.
    Certificate,
    /// In weeks nobody will be able to, unless somebody renews the certificate.
    Renewal,
    /// There is little space left where the data is.
    Disk,
    /// Somebody was forgotten, and is still in the bytes of the data file after days.
    Remains,
}

impl Ailment {
    /// Every ailment.
    pub const ALL: [Self; 12] = [
        Self::Unseen,
        Self::Writer,
        Self::Timers,
        Self::Deaf,
        Self::Line,
        Self::Mail,
        Self::Clock,
        Self::Backup,
        Self::Certificate,
        Self::Renewal,
        Self::Disk,
        Self::Remains,
    ];

    /// Whether the office is told by a letter of its own. Of the others it hears otherwise: deafness, the clock and the copies
    /// have their own letters, the end of a certificate stands in the daily one, and without mail no letter leaves.
    #[must_use]
    pub fn is_told_by_letter(self) -> bool {
        matches!(self, Self::Timers | Self::Line | Self::Certificate | Self::Disk | Self::Remains)
    }

    /// Whether people are watched less well for it at this moment: then the heartbeat stops, so that somebody is called out
    /// of bed. The rest has time until a letter is read, and an alarm that stood for weeks would hide the next one.
    #[must_use]
    pub fn harms_the_watch(self) -> bool {
        !matches!(self, Self::Backup | Self::Renewal | Self::Disk | Self::Remains)
    }
}

/// What was measured at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vitals {
    /// The moment.
    pub now: Moment,
    /// How long the writer has been busy with one group, in real time.
    pub busy: Duration,
    /// The oldest timer of the data file.
    pub next_timer: Option<Moment>,
    /// Since when the oldest message of each way waits.
    pub waiting: [(Way, Option<Moment>); 2],
    /// What about our own certificate somebody should look at.
    pub certificate: Option<Concern>,
    /// Whether time runs as in the world. Where it runs faster, waits say nothing: the rest of the
    /// world does not run along.
    pub real_time: bool,
    /// So old may the newest copy of the data be, where copies are made.
    pub backup_life: Option<Duration>,
    /// Free and whole space where the data is, in MiB, if it is known.
    pub space: Option<(u64, u64)>,
    /// Since when the process runs: before there is a first copy, its age is counted from here.
    pub running_since: Moment,
    /// Since when somebody is forgotten who is still in the bytes of the data file.
    pub remains_since: Option<Moment>,
}

impl Vitals {
    /// What ails.
    #[must_use]
    pub fn ailments(&self, service: &Service) -> Vec<Ailment> {
        let late = |since: Option<Moment>, limit: Duration| {
            self.real_time && since.is_some_and(|since| self.now.since(since) > limit)
        };
        let waits = |way: Way, limit: Duration| {
            self.waiting.iter().any(|(of, since)| *of == way && late(*since, limit))
        };
        let backup_at = Some(service.backup_at.unwrap_or(self.running_since));
        let found = [
            (Ailment::Writer, self.busy > WRITER_STUCK || late(service.alive_at, BEAT_LIFE)),
            (Ailment::Timers, late(self.next_timer, TIMER_LATE)),
            (Ailment::Deaf, is_deaf(&service.hearing)),
            (Ailment::Line, waits(Way::Line, LINE_WAIT)),
            (Ailment::Mail, waits(Way::Mail, MAIL_WAIT)),
            (Ailment::Clock, late(service.time_doubted, DOUBT_WAIT)),
            (Ailment::Backup, self.backup_life.is_some_and(|life| late(backup_at, life))),
            (Ailment::Certificate, matches!(self.certificate, Some(Concern::Lost(_)))),
            (
                Ailment::Renewal,
                matches!(self.certificate, Some(Concern::Ageing(_) | Concern::Refused(_))),
            ),
            (Ailment::Disk, self.space.is_some_and(|(free, whole)| is_little(free, whole))),
            (Ailment::Remains, late(self.remains_since, REMAINS_MAX)),
        ];
        found.into_iter().filter(|(_, ails)| *ails).map(|(ailment, _)| ailment).collect()
    }
}

/// Whether that is little space, in MiB.
#[must_use]
pub fn is_little(free: u64, whole: u64) -> bool {
    let small = free.saturating_mul(100) < whole.saturating_mul(SPACE_SMALL_PERCENT);
    free < SPACE_MIN_MIB || (free < SPACE_SMALL_MIB && small)
}

fn is_deaf(hearing: &Hearing) -> bool {
    hearing.deaf_since.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_seconds(1_800_000_000 + seconds)
    }

    fn well() -> (Vitals, Service) {
        let vitals = Vitals {
            now: at(0),
            busy: Duration::from_millis(3),
            next_timer: Some(at(60)),
            waiting: [(Way::Line, Some(at(-5))), (Way::Mail, None)],
            certificate: None,
            real_time: true,
            backup_life: Some(Duration::from_secs(26 * 3600)),
            space: Some((9_000, 20_000)),
            running_since: at(-900),
            remains_since: None,
        };
        (vitals, Service { alive_at: Some(at(-60)), ..Service::default() })
    }

    #[test]
    fn nothing_ails_where_everything_turns() {
        let (vitals, service) = well();
        assert_eq!(vitals.ailments(&service), []);
    }

    #[test]
    fn each_part_that_stands_still_is_named() {
        let (vitals, service) = well();
        let busy = Vitals { busy: Duration::from_secs(11), ..vitals };
        assert_eq!(busy.ailments(&service), [Ailment::Writer]);
        let silent = Service { alive_at: Some(at(-200)), ..service.clone() };
        assert_eq!(vitals.ailments(&silent), [Ailment::Writer]);
        let late = Vitals { next_timer: Some(at(-301)), ..vitals };
        assert_eq!(late.ailments(&service), [Ailment::Timers]);
        let [line, mail] =
            [(-601, None), (-5, Some(-1801))].map(|(line, mail): (i64, Option<i64>)| Vitals {
                waiting: [(Way::Line, Some(at(line))), (Way::Mail, mail.map(at))],
                ..vitals
            });
        assert_eq!(line.ailments(&service), [Ailment::Line]);
        assert_eq!(mail.ailments(&service), [Ailment::Mail]);
        let doubted = Service { time_doubted: Some(at(-601)), ..service.clone() };
        assert_eq!(vitals.ailments(&doubted), [Ailment::Clock]);
        let long_up = Vitals { running_since: at(-26 * 3600 - 1), ..vitals };
        assert_eq!(long_up.ailments(&service), [Ailment::Backup]);
        let old = Service { backup_at: Some(at(-26 * 3600 - 1)), ..service.clone() };
        assert_eq!(vitals.ailments(&old), [Ailment::Backup]);
        let full = Vitals { space: Some((499, 4_000)), ..vitals };
        assert_eq!(full.ailments(&service), [Ailment::Disk]);
        let large = Vitals { space: Some((25_000, 258_000)), ..vitals };
        assert_eq!(large.ailments(&service), [], "much is left of a large disk");
        let none_made = Vitals { backup_life: None, ..vitals };
        assert_eq!(none_made.ailments(&old), []);
        let remains = Vitals { remains_since: Some(at(-48 * 3600 - 1)), ..vitals };
        assert_eq!(remains.ailments(&service), [Ailment::Remains]);
        let mut deaf = service;
        deaf.hearing.deaf_since = Some(at(-1));
        assert_eq!(vitals.ailments(&deaf), [Ailment::Deaf]);
    }

    #[test]
    fn a_certificate_that_ends_soon_is_a_warning_and_one_that_is_lost_is_none() {
        let (vitals, service) = well();
        for (concern, named) in [
            (Concern::Lost(None), Ailment::Certificate),
            (Concern::Lost(Some(at(5))), Ailment::Certificate),
            (Concern::Ageing(at(5)), Ailment::Renewal),
            (Concern::Refused(at(5)), Ailment::Renewal),
        ] {
            let vitals = Vitals { certificate: Some(concern), ..vitals };
            assert_eq!(vitals.ailments(&service), [named], "{concern:?}");
            assert_eq!(named.harms_the_watch(), named == Ailment::Certificate);
        }
    }

    #[test]
    fn where_time_runs_faster_waits_say_nothing() {
        let (vitals, mut service) = well();
        let vitals = Vitals { next_timer: Some(at(-9999)), real_time: false, ..vitals };
        assert_eq!(vitals.ailments(&service), []);
        service.hearing.deaf_since = Some(at(-1));
        assert_eq!(vitals.ailments(&service), [Ailment::Deaf]);
    }
}
