//! Whether everything is set up as it must be for people to rely on it: what was looked at, and what it means. The looking
//! is done elsewhere; what comes of it stands on the page of the set-up, on the board and at the command line.

mod finding;

use std::collections::BTreeSet;
use std::time::Duration;

use super::service::{BackupFault, Fate, Service, Trial};
use super::time::Moment;
use super::vitals::{Ailment, is_little};

pub use finding::Finding;

/// One thing that is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Point {
    /// The channel of LINE.
    Channel,
    /// Where LINE is told to reach us.
    Webhook,
    /// Whether LINE reaches us.
    Hearing,
    /// LINE sends again what we did not hear.
    Redelivery,
    /// LINE answers nothing by itself.
    AutoReply,
    /// LINE lets us into groups.
    Groups,
    /// The menu under the chat.
    Menu,
    /// The month's messages.
    Plan,
    /// Name and number of the office.
    Office,
    /// Who may decide about accounts.
    Admins,
    /// Somebody tried it all.
    Practice,
    /// Letters.
    Mail,
    /// Copies of the data.
    Backup,
    /// Who notices that we are gone.
    Heartbeat,
    /// The way to our pages.
    Address,
    /// The machine's clock.
    Clock,
    /// Space on the disk.
    Disk,
}

impl Point {
    /// All of them, in the order in which they are done.
    pub const ALL: [Self; 17] = [
        Self::Channel,
        Self::Webhook,
        Self::Hearing,
        Self::Redelivery,
        Self::AutoReply,
        Self::Groups,
        Self::Menu,
        Self::Plan,
        Self::Office,
        Self::Admins,
        Self::Practice,
        Self::Mail,
        Self::Backup,
        Self::Heartbeat,
        Self::Address,
        Self::Clock,
        Self::Disk,
    ];

    /// Whether only a human can see it, and says so once: LINE has no question for it.
    #[must_use]
    pub fn is_by_hand(self) -> bool {
        matches!(self, Self::Redelivery | Self::AutoReply | Self::Groups)
    }

    /// Its bit among those that a human confirmed. Never changes.
    #[must_use]
    pub fn bit(self) -> u32 {
        match self {
            Self::Redelivery => 1,
            Self::AutoReply => 2,
            Self::Groups => 4,
            _ => 0,
        }
    }
}

/// How a point stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// As it must be.
    Good,
    /// It works, and could be better.
    Advice,
    /// A human has to look.
    ByHand,
    /// It could not be found out.
    Unknown,
    /// Something has to be done.
    Bad,
}

/// A look at everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// When.
    pub at: Moment,
    /// What was found, in the order of the points.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many points want something done.
    #[must_use]
    pub fn bad(&self) -> usize {
        self.findings.iter().filter(|finding| finding.state() == State::Bad).count()
    }
}

/// What can be asked for on the page of the set-up.
#[derive(Clone, PartialEq, Eq)]
pub enum Wish {
    /// Look at everything now.
    Look,
    /// Ask LINE whose id and secret these are.
    Try(String, String),
    /// Use them from here on.
    Connect(String, String),
    /// Tell LINE where we are.
    SetWebhook,
    /// Make a copy of the data.
    Copy,
}

/// Why letters wait, as the last attempt showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hitch {
    /// The mail server takes neither name nor password.
    Login,
    /// It talks to nobody, or not to us.
    Closed,
    /// It gave no answer, or is busy.
    Unanswered,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Done {
    /// It was done.
    Yes,
    /// The data cannot be read.
    Unread,
    /// The keys stand in the configuration, and cannot be entered.
    Configured,
    /// The service has stopped writing, and is about to end: nothing was kept.
    Stopped,
    /// Copies are switched off.
    CopiesOff,
    /// Another copy is being made.
    Busy,
    /// There is no copy that may be relied on, or it is here alone.
    NotCopied(BackupFault),
    /// LINE knows the keys as those of this account.
    Account {
        /// Its name.
        name: String,
        /// Its id.
        basic_id: String,
    },
    /// LINE refused.
    Refused,
    /// LINE could not be reached.
    Unreachable,
}

/// What LINE says about our account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// There is no id and secret.
    NotConnected,
    /// It gives no token for them.
    Refused(u16),
    /// It cannot be reached.
    Unreachable,
    /// It knows them.
    Known(Account),
}

/// See [`Line`]. What could not be found out is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its id, with "@".
    pub basic_id: String,
    /// Where it reaches us; an empty text where it was told nothing.
    pub endpoint: Option<String>,
    /// Whether it does.
    pub active: bool,
    /// What its test of that says: `Err` with its reason.
    pub hearing: Option<Result<(), String>>,
    /// Whether a menu is shown to everyone.
    pub menu: Option<bool>,
}

/// How copies of the data are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Copies {
    /// So old may the newest be.
    pub life: Duration,
    /// Whether they are encrypted and carried away.
    pub leave: bool,
}

/// Everything that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Looked {
    /// When.
    pub now: Moment,
    /// LINE.
    pub line: Line,
    /// Where LINE should reach us.
    pub endpoint: String,
    /// What the service knows of itself.
    pub service: Service,
    /// What ails it.
    pub ailments: Vec<Ailment>,
    /// Points that a human confirmed.
    pub confirmed: BTreeSet<Point>,
    /// Part of the month's messages that is kept for alerts.
    pub reserve_percent: u8,
    /// Whether there is a number to phone.
    pub has_phone: bool,
    /// Administrators who can log in.
    pub admins: usize,
    /// Whether somebody has answered, and somebody else proved that alerts arrive.
    pub practised: bool,
    /// Whether we are in a group.
    pub in_groups: bool,
    /// Whether there is a mail server, and whether anybody of the office gets letters.
    pub mail: Option<bool>,
    /// Copies of the data, where they are made.
    pub copies: Option<Copies>,
    /// Whether somebody else is called while all is well.
    pub heartbeat: bool,
    /// Whether pages are reached over HTTPS, or from this machine alone.
    pub secure: bool,
    /// Free and whole space on the disk, in MiB.
    pub disk: Option<(u64, u64)>,
}

/// What it means, point by point.
#[must_use]
pub fn judge(looked: &Looked) -> Vec<Finding> {
    let mut findings = line(looked);
    let by_hand = |point: Point| match looked.confirmed.contains(&point) {
        true => Finding::Confirmed(point),
        false => Finding::ToConfirm(point),
    };
    findings.extend([
        by_hand(Point::Redelivery),
        by_hand(Point::AutoReply),
        if looked.in_groups { Finding::InGroups } else { by_hand(Point::Groups) },
        if looked.has_phone { Finding::OfficeKnown } else { Finding::OfficeWithoutPhone },
        Finding::Admins(looked.admins),
        match looked.service.practised_at {
            Some(at) => Finding::PractisedOn(at),
            None if looked.practised => Finding::Practised,
            None => Finding::NotPractised,
        },
        mail(looked),
        copies(looked),
        if looked.heartbeat { Finding::HeartbeatSet } else { Finding::NoHeartbeat },
        if looked.secure { Finding::Secure } else { Finding::NotSecure },
        match looked.service.time_doubted {
            None => Finding::ClockRight,
            Some(_) => Finding::ClockDoubted,
        },
        match looked.disk {
            None => Finding::Unknown(Point::Disk),
            Some((free, whole)) if is_little(free, whole) => Finding::DiskLow(free),
            Some((free, _)) => Finding::DiskFree(free),
        },
    ]);
    findings.sort_by_key(Finding::point);
    findings
}

fn line(looked: &Looked) -> Vec<Finding> {
    let account = match &looked.line {
        Line::NotConnected => return unknown_but(Finding::NotConnected),
        Line::Refused(status) => return unknown_but(Finding::KeysRefused(*status)),
        Line::Unreachable => return unknown_but(Finding::LineUnreachable),
        Line::Known(account) => account,
    };
    let quota = &looked.service.quota;
    let webhook = match account.endpoint.as_deref() {
        None => Finding::Unknown(Point::Webhook),
        Some(endpoint) if endpoint != looked.endpoint => Finding::WebhookElsewhere,
        Some(_) if !account.active => Finding::WebhookOff,
        Some(_) => Finding::WebhookSet,
    };
    let plan = match (quota.limit, quota.fits(looked.now, looked.reserve_percent)) {
        _ if quota.counted_at.millis() == i64::MIN => Finding::Unknown(Point::Plan),
        (None, _) | (_, None) => Finding::PlanUnlimited,
        (Some(limit), Some(true)) => Finding::PlanFits(limit, quota.forecast),
        (Some(limit), Some(false)) => Finding::PlanShort(limit, quota.forecast),
    };
    vec![
        Finding::Connected(account.name.clone(), account.basic_id.clone()),
        webhook,
        match &account.hearing {
            None => Finding::Unknown(Point::Hearing),
            Some(Ok(())) => Finding::Heard,
            Some(Err(reason)) => Finding::NotHeard(reason.clone()),
        },
        match account.menu {
            None => Finding::Unknown(Point::Menu),
            Some(true) => Finding::MenuShown,
            Some(false) => Finding::MenuMissing,
        },
        plan,
    ]
}

/// Without LINE, nothing is known of what only LINE can say.
fn unknown_but(channel: Finding) -> Vec<Finding> {
    let rest = [Point::Webhook, Point::Hearing, Point::Menu, Point::Plan];
    [channel].into_iter().chain(rest.map(Finding::Unknown)).collect()
}

fn mail(looked: &Looked) -> Finding {
    match looked.mail {
        None => Finding::NoMailServer,
        Some(_) if looked.ailments.contains(&Ailment::Mail) => Finding::MailFails,
        Some(true) => Finding::MailReady,
        Some(false) => Finding::NoMailbox,
    }
}

/// What a letter that was tried adds to what was found about mail: it moves on between two looks.
#[must_use]
pub fn tried(found: Finding, trial: Option<Trial>, hitch: Option<Hitch>) -> Finding {
    let Some(trial) = trial else { return found };
    match (&found, trial.fate) {
        (Finding::NoMailServer, _) | (Finding::MailFails | Finding::NoMailbox, Fate::Taken(_)) => {
            found
        }
        (_, Fate::Taken(at)) => Finding::LetterTaken(at),
        (_, Fate::Waits) => Finding::LetterWaits(hitch),
        (_, Fate::Failed(why)) => Finding::LetterFailed(why),
    }
}

fn copies(looked: &Looked) -> Finding {
    match (looked.copies, looked.service.backup_at) {
        (None, _) => Finding::CopiesOff,
        (Some(_), None) => Finding::NotCopiedYet,
        (Some(copies), Some(at)) if looked.now.since(at) > copies.life => Finding::CopyOld,
        (Some(Copies { leave: false, .. }), Some(at)) => Finding::CopiesStay(at),
        (Some(_), Some(at)) => Finding::CopiedAt(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_seconds(1_800_000_000);

    fn looked() -> Looked {
        let mut service = Service { backup_at: Some(NOW), ..Service::default() };
        service.quota.tell(Some(5_000), 10, NOW);
        let account = Account {
            name: "みどり市社協".to_owned(),
            basic_id: "@123abcde".to_owned(),
            endpoint: Some("https://mimamori.example.jp/line/webhook".to_owned()),
            active: true,
            hearing: Some(Ok(())),
            menu: Some(true),
        };
        Looked {
            now: NOW,
            line: Line::Known(account),
            endpoint: "https://mimamori.example.jp/line/webhook".to_owned(),
            service,
            ailments: Vec::new(),
            confirmed: [Point::Redelivery, Point::AutoReply].into(),
            reserve_percent: 10,
            has_phone: true,
            admins: 2,
            practised: true,
            in_groups: true,
            mail: Some(true),
            copies: Some(Copies { life: Duration::from_secs(26 * 3600), leave: true }),
            heartbeat: true,
            secure: true,
            disk: Some((9_000, 20_000)),
        }
    }

    /// How a point stands after something was changed.
    fn after(point: Point, change: impl FnOnce(&mut Looked)) -> Finding {
        let mut looked = looked();
        change(&mut looked);
        let findings = judge(&looked);
        let mut found = findings.into_iter().filter(|finding| finding.point() == point);
        let finding = found.next().unwrap();
        assert_eq!(found.next(), None);
        finding
    }

    fn account(looked: &mut Looked) -> &mut Account {
        let Line::Known(account) = &mut looked.line else { panic!() };
        account
    }

    #[test]
    fn every_point_is_judged_once_in_its_order() {
        for line in [looked().line, Line::NotConnected, Line::Refused(400), Line::Unreachable] {
            let findings = judge(&Looked { line, ..looked() });
            assert_eq!(findings.iter().map(Finding::point).collect::<Vec<_>>(), Point::ALL);
        }
        assert!(judge(&looked()).iter().all(|finding| finding.state() == State::Good));
    }

    #[test]
    fn what_is_wrong_with_line_is_named() {
        let bad = |finding: Finding| (finding.state() == State::Bad).then_some(finding).unwrap();
        bad(after(Point::Channel, |l| l.line = Line::NotConnected));
        bad(after(Point::Channel, |l| l.line = Line::Refused(400)));
        let elsewhere = |l: &mut Looked| account(l).endpoint = Some(String::new());
        assert_eq!(bad(after(Point::Webhook, elsewhere)), Finding::WebhookElsewhere);
        assert_eq!(bad(after(Point::Webhook, |l| account(l).active = false)), Finding::WebhookOff);
        let deaf = |l: &mut Looked| account(l).hearing = Some(Err("COULD_NOT_CONNECT".to_owned()));
        bad(after(Point::Hearing, deaf));
        bad(after(Point::Menu, |l| account(l).menu = Some(false)));
        let short = |l: &mut Looked| l.service.quota.forecast = 9_999;
        assert_eq!(bad(after(Point::Plan, short)), Finding::PlanShort(5_000, 9_999));
    }

    #[test]
    fn what_only_a_human_can_see_waits_for_one() {
        let state = after(Point::Redelivery, |l| l.confirmed.clear()).state();
        assert_eq!(state, State::ByHand);
        let unseen = |l: &mut Looked| l.in_groups = false;
        assert_eq!(after(Point::Groups, unseen), Finding::ToConfirm(Point::Groups));
        for point in Point::ALL {
            assert_eq!(point.is_by_hand(), point.bit() != 0);
        }
    }

    #[test]
    fn the_rest_is_judged_too() {
        let state = |point, change: fn(&mut Looked)| after(point, change).state();
        assert_eq!(state(Point::Office, |l| l.has_phone = false), State::Bad);
        assert_eq!(state(Point::Admins, |l| l.admins = 1), State::Advice);
        assert_eq!(state(Point::Mail, |l| l.mail = None), State::Advice);
        assert_eq!(state(Point::Mail, |l| l.ailments = vec![Ailment::Mail]), State::Bad);
        assert_eq!(state(Point::Backup, |l| l.copies = None), State::Bad);
        assert_eq!(state(Point::Backup, |l| l.service.backup_at = None), State::Advice);
        let old = |l: &mut Looked| l.service.backup_at = Some(NOW - Duration::from_secs(27 * 3600));
        assert_eq!(state(Point::Backup, old), State::Bad);
        let here = |l: &mut Looked| l.copies.as_mut().unwrap().leave = false;
        assert_eq!(state(Point::Backup, here), State::Advice);
        assert_eq!(state(Point::Clock, |l| l.service.time_doubted = Some(NOW)), State::Bad);
        assert_eq!(state(Point::Disk, |l| l.disk = Some((499, 4_000))), State::Bad);
        assert_eq!(state(Point::Disk, |l| l.disk = Some((1_900, 20_000))), State::Bad);
        assert_eq!(state(Point::Disk, |l| l.disk = None), State::Unknown);
        assert_eq!(state(Point::Address, |l| l.secure = false), State::Bad);
    }
}
