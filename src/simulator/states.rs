//! States that are rare and that a run has to have been in before it proves anything: rows of the table of crashes, of
//! the policy for time and delivery, and of the ladder. They are counted by what the journal says and by where the
//! power was cut.

use std::collections::BTreeMap;

use crate::domain::fact::Fact;

/// How often what happened, by its mark.
pub type Marks = BTreeMap<String, u64>;

/// Every state that has to be reached: its mark, and what it is.
pub const STATES: &[(&str, &str)] = &[
    // The power is cut.
    ("cut: a timer is due", "A1: a timer is due and nothing is decided"),
    ("cut: a timer was decided", "A2: it is decided and nothing has left"),
    ("cut: a question begins", "A3: an attempt to ask is noted and not made"),
    ("cut: a question is out", "A3: LINE was asked to bring a question, and said nothing"),
    ("cut: a question is taken", "A4: LINE took a question, and that is not noted"),
    ("cut: a wait is over", "C1: somebody's last wait is over and nothing is decided"),
    ("cut: an alert begins", "C2: an alert is noted as begun and has not left"),
    ("cut: an alert is out", "C3: an alert has left, and LINE said nothing"),
    ("cut: an alert is taken", "C3: LINE took an alert, and that is not noted"),
    ("cut: a webhook arrives", "B1: a webhook arrives and nothing is decided"),
    ("cut: a webhook was decided", "B2: what came is on disk, and LINE does not know it"),
    ("cut: a reply waits", "B3: an answer for free is lost"),
    ("cut: soon after a start", "G1: another cut while the server recovers from one"),
    // The disk is lost, and the service begins again.
    ("Restored", "I21: the data comes out of a copy"),
    ("MadeGood", "and everyone is asked afresh"),
    ("a standstill is over", "the process stood still and goes on"),
    // The clock of the machine.
    ("the clock was set", "I14: somebody sets the clock of the machine"),
    ("a start by a wrong clock", "the machine begins with a wrong one"),
    ("the time was wrong", "and so do we, for nobody could be asked"),
    ("the time was put right", "a clock that drifts is put right by LINE's"),
    ("the time ran away", "and is not, for LINE could not be asked for long"),
    ("TimeDoubted", "the time is doubted"),
    ("TimeProven", "and proven"),
    // The policy for time, downtime and delivery.
    ("Resent", "the second call"),
    ("CaseOpened NoAnswer", "silence is told as what it is"),
    ("CaseOpened NotSent", "a question that never left is told as that"),
    ("CaseOpened Unheard", "silence that nobody could have heard is told as that"),
    ("CaseOpened Unreachable", "a block is told as that"),
    ("CaseOpened NotPhoned", "whom nobody phoned"),
    ("CaseOpened Help", "a cry for help"),
    ("CaseOpened Called", "a press that means trouble, and nothing after it"),
    ("CaseOpened Unwell", "somebody is not well"),
    ("CaseOpened WantsTalk", "somebody wants to talk"),
    ("Undelivered OutOfTime", "A5: a retry key ran out"),
    ("OutageTold", "an outage is told once"),
    ("OutageOver", "and is over"),
    ("QuotaWarned", "the office is warned that the month's messages go"),
    ("NotAskedForQuota", "what is left of them is kept for alerts"),
    ("the month is used up", "A6: and nothing is left of them"),
    ("Deaf", "we notice that we are deaf"),
    ("HearsAgain", "we hear again"),
    ("Held", "a report is held"),
    ("Apologised", "whoever may have pressed in vain is asked anew"),
    ("BreakerHolds", "an implausible number of alerts is held"),
    ("BreakerReleased", "and is let through"),
    ("AllClear", "C5: an answer after the alert is told"),
    ("ReachableAgain", "a block ends"),
    ("StalePress", "I9: a press from before the question"),
    ("TakenBack", "an answer was a mistake"),
    ("StillSilent", "another round goes unanswered while a case is open"),
    // The ladder.
    ("Claimed", "somebody says that they will look"),
    ("Nudged", "and is asked how it went"),
    ("ClaimLapsed", "and says nothing"),
    ("Reminded", "nobody says it, and all are told again"),
    ("Escalated", "the office is asked for"),
    ("OfficeTold", "and told"),
    ("Digested", "what is open is told every day"),
    ("NobodyToTell", "nobody can be told"),
    ("MailConfirmed", "somebody who watches gives a mail address"),
    ("AlertedByMail", "and is told by letter, for LINE does not reach them"),
    ("TeamUnwatched", "nobody who watches can be reached any more"),
    ("NoContact", "nobody can reach the person"),
    ("EmergencyCalled", "somebody calls for help"),
    ("met by somebody who watches", "somebody who watches answers for whom they met"),
    ("AnsweredFor", "and nobody else is told"),
    // What a team chooses.
    ("a team chose", "quiet nights or not, and whether the office may be told"),
    ("DeferredTold", "what waited for the end of a quiet night is told"),
    // Rests.
    ("PauseBegan", "a rest begins"),
    ("PausePinged", "those who watch are asked whether it holds"),
    ("PauseEnded", "and ends"),
    ("a rest was a mistake", "somebody was waited for all the while"),
    ("other times were chosen", "somebody is asked at other times from now on"),
    ("somebody lives elsewhere", "and by another clock"),
    // Who leaves.
    ("WatchEnded", "I11: somebody is watched over no longer"),
    ("ManagerLeft", "somebody watches no longer"),
    ("HandedOver", "and was the last one: the office watches"),
    // Goodbyes that the office says.
    ("is taken out", "the office takes somebody out who watches"),
    ("is taken out, the last one", "and was the last one: the office watches"),
    ("is not taken out", "and lets them be where nobody would watch"),
    ("is forgotten", "somebody is forgotten"),
    ("is not forgotten", "and is not while somebody relies on them"),
    ("ErasedAgain", "I21: and does not come back with a copy"),
    // Bulletins.
    ("the office has news", "the office says something to everyone"),
    ("the office has news for some", "or to some of them"),
    ("the office has no news", "and thinks better of it"),
    ("a page: settles", "somebody ends a case on a page"),
    ("a page: takes", "or takes it there"),
    ("a page: in vain", "or reaches nobody"),
    ("a page: calls", "or has called for help"),
    ("a page: met", "or answers for whom they met"),
    ("a page: no sign of life", "whoever is asked does something there, which is no answer"),
    ("BulletinHeard", "somebody says something to it"),
    ("the month does not do for news", "bulletins stop before questions do"),
    // Groups.
    ("GroupReported", "a group hears who is missing"),
    ("GroupCalls", "and somebody calls"),
];

/// The mark of what the journal says.
pub(super) fn mark(fact: Fact) -> String {
    let text = format!("{fact:?}");
    let name = text.split('(').next().unwrap_or_default().to_owned();
    match fact {
        Fact::CaseOpened(_, _, trouble) => format!("{name} {trouble:?}"),
        Fact::Undelivered(_, why) => format!("{name} {why:?}"),
        _ => name,
    }
}
