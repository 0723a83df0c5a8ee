//! Every letter to the office, as long as each can become.

use anshin::domain::case::{Outcome, Trouble};
use anshin::domain::certificate::Concern;
use anshin::domain::id::{GroupId, PersonId};
use anshin::domain::message::{Daily, OfficeNotice, Who};
use anshin::domain::person::EndReason;
use anshin::domain::service::BackupFault;
use anshin::domain::team::TeamName;
use anshin::domain::time::Moment;
use anshin::domain::vitals::Ailment;

use super::{at, name, team};

pub(super) fn all() -> Vec<OfficeNotice> {
    let mut notices = vec![
        OfficeNotice::Restored { from: at(), until: at(), forgotten: 0 },
        OfficeNotice::Restored { from: at(), until: at(), forgotten: 12 },
        OfficeNotice::Trial,
        OfficeNotice::NotBackedUp { why: BackupFault::Disk, last: None },
        OfficeNotice::NotBackedUp { why: BackupFault::Damaged, last: Some(at()) },
        OfficeNotice::NotBackedUp { why: BackupFault::Seal, last: None },
        OfficeNotice::NotBackedUp { why: BackupFault::Upload, last: Some(at()) },
        OfficeNotice::CannotSend(at()),
        OfficeNotice::Ails(Ailment::Line),
        OfficeNotice::Ails(Ailment::Disk),
        OfficeNotice::SendsAgain,
        OfficeNotice::Deaf(at()),
        OfficeNotice::HearsAgain,
        OfficeNotice::TimeDoubted,
        OfficeNotice::ManyAlerts,
        OfficeNotice::AlertsLeave(vec![name(); 50]),
        OfficeNotice::Strays(3),
        OfficeNotice::TeamUnwatched(team()),
        OfficeNotice::GroupLost(GroupId(u32::MAX)),
        OfficeNotice::NeedsHelp { name: None, number: PersonId(u32::MAX), hurt: false },
        OfficeNotice::NeedsHelp { name: Some(name()), number: PersonId(u32::MAX), hurt: true },
        OfficeNotice::Expired { name: name(), number: PersonId(u32::MAX), until: at().date() },
        OfficeNotice::Nudge { name: name(), since: at() },
        OfficeNotice::GroupNotAsked(GroupId(u32::MAX)),
        OfficeNotice::SetAside(None),
        OfficeNotice::SetAside(Some(PersonId(u32::MAX))),
        OfficeNotice::HandedOver { team: team(), by: name(), people: 300, by_office: false },
        OfficeNotice::HandedOver { team: team(), by: name(), people: 300, by_office: true },
        OfficeNotice::StillResting { name: name(), since: at().date(), last_day: at().date() },
    ];
    for flag in [true, false] {
        notices.extend(about_the_service(flag));
        notices.extend(about_people(flag));
    }
    notices
}

fn about_the_service(flag: bool) -> Vec<OfficeNotice> {
    let (used, limit, forecast) = (4_900, 5_000, 600);
    vec![
        OfficeNotice::Quota { percent: 98, used, limit, forecast, stopped: flag },
        OfficeNotice::Daily(Daily {
            day: at().date(),
            watched: 300,
            open: 12,
            board: 3,
            unreachable: 4,
            unwatched: 2,
            resting: 5,
            heard_at: flag.then(at),
            quota: (used, flag.then_some(limit)),
            forecast,
            certificate: flag.then(|| (Concern::Ageing(Moment::EPOCH), Some(at().date()))),
        }),
    ]
}

fn about_people(flag: bool) -> Vec<OfficeNotice> {
    let mut notices = Vec::new();
    let who = flag.then(|| Who::Named(name()));
    notices.push(OfficeNotice::Rests { name: name(), last_day: at().date(), who: who.clone() });
    notices.extend(EndReason::ALL.map(|why| OfficeNotice::WatchEnded {
        name: name(),
        number: PersonId(u32::MAX),
        why,
        who: who.clone(),
    }));
    notices.extend(Outcome::ALL.map(|outcome| OfficeNotice::CaseOver {
        name: name(),
        who: who.clone(),
        outcome,
        at: at(),
    }));
    notices.extend(Trouble::ALL.map(|trouble| OfficeNotice::CaseAgain {
        name: name(),
        trouble,
        since: at(),
        lapsed: flag,
    }));
    notices.extend(Trouble::ALL.map(|trouble| OfficeNotice::Case {
        name: name(),
        teams: vec![team(), TeamName::Of(name())],
        trouble,
        since: at(),
        nobody: flag,
    }));
    notices
}
