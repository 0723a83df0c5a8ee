//! A bulletin: what the office says to many or to one, from itself. Some only want to be read; after a disaster one asks
//! whether people are safe, and whoever is not gets somebody to look at once. Nobody has to answer: silence to a
//! bulletin alarms nobody by itself, it is listed for the office.

use unicode_segmentation::UnicodeSegmentation;

use super::id::{BulletinId, GroupId, OrganizationId, PersonId, StaffId, TeamId};
use super::team::{Policy, Role, Team, TeamKind};
use super::time::Moment;

/// Longest text, in characters as a reader counts them.
pub const TEXT_CHARS_MAX: usize = 400;

/// UTF-16 units that a character takes at most on average: LINE counts those.
const UNITS_PER_CHAR: usize = 3;

/// Most lines of a text.
const LINES_MAX: usize = 20;

/// So long a bulletin waits before it leaves, so that it can still be taken back.
pub const TAKE_BACK: std::time::Duration = std::time::Duration::from_secs(60);

/// What the office has to say, cleaned of everything that could disturb a screen; never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text(String);

/// What is wrong with a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextFault {
    /// Nothing was typed.
    Empty,
    /// More characters than [`TEXT_CHARS_MAX`].
    TooLong,
    /// More lines than anybody reads on a telephone.
    TooManyLines,
}

impl Text {
    /// Cleans and takes a text. Empty lines in a row become one.
    pub fn read(typed: &str) -> Result<Self, TextFault> {
        let is_kept = |c: &char| !c.is_control();
        let mut lines: Vec<String> = Vec::new();
        for line in typed.lines() {
            let line: String = line.chars().filter(is_kept).collect();
            let line = line.trim_end();
            let repeats = line.is_empty() && lines.last().is_none_or(String::is_empty);
            if !repeats {
                lines.push(line.to_owned());
            }
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        let text = lines.join("\n").trim().to_owned();
        if text.is_empty() {
            return Err(TextFault::Empty);
        }
        // What a reader counts as one character may be many to LINE.
        if text.graphemes(true).count() > TEXT_CHARS_MAX
            || text.encode_utf16().count() > TEXT_CHARS_MAX * UNITS_PER_CHAR
        {
            return Err(TextFault::TooLong);
        }
        if lines.len() > LINES_MAX {
            return Err(TextFault::TooManyLines);
        }
        Ok(Self(text))
    }

    /// A text read back from the data file.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a bulletin wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// To be read.
    Notice,
    /// After a disaster: are you safe?
    Check,
    /// The same as an exercise: nobody is alarmed by any answer.
    Drill,
}

impl Kind {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 3] = [Self::Notice, Self::Check, Self::Drill];
}

/// For whom it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Everyone who is asked or watches.
    Everyone,
    /// The teams of an organization.
    Organization(OrganizationId),
    /// A team.
    Team(TeamId),
    /// A LINE group, in its chat.
    Group(GroupId),
    /// Those who are asked, of an age between these two, as far as the office may know it.
    Age(u16, u16),
    /// One person.
    Person(PersonId),
}

/// Which of those in a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Those who are asked.
    Asked,
    /// Those who watch.
    Watching,
    /// Both, each once.
    Both,
}

impl Side {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Watching, Self::Both];

    fn has(self, role: Role) -> bool {
        match role {
            Role::Member => self != Self::Watching,
            Role::Manager => self != Self::Asked,
            Role::Applicant => false,
        }
    }
}

/// Somebody, as far as it decides whether a bulletin is for them.
#[derive(Clone, Debug, Default)]
pub struct Addressee {
    /// Their places, each with its team and how much of them may be known there.
    pub places: Vec<(Role, Team, Policy)>,
    /// How old they are, where that is written down.
    pub age: Option<u16>,
}

impl Audience {
    /// Whether it is for somebody. A group is nobody, and one person is asked for by number.
    #[must_use]
    pub fn includes(self, side: Side, who: &Addressee) -> bool {
        let place = |is: &dyn Fn(&Team) -> bool| {
            who.places.iter().any(|(role, team, _)| side.has(*role) && is(team))
        };
        match self {
            Self::Everyone => place(&|_| true),
            Self::Organization(id) => place(&|team| team.organization == Some(id)),
            Self::Team(id) => place(&|team| team.id == id),
            // A family's own notes are not the office's.
            Self::Age(from, to) => {
                let known = who.places.iter().any(|(role, team, policy)| {
                    *role == Role::Member
                        && team.kind != TeamKind::Personal
                        && *policy == Policy::Full
                });
                known && who.age.is_some_and(|age| (from..=to).contains(&age))
            }
            Self::Group(_) | Self::Person(_) => false,
        }
    }
}

/// What somebody wants to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// When its form was shown: the same form sent twice makes one bulletin.
    pub shown_at: Moment,
    /// What it wants.
    pub kind: Kind,
    /// What it says.
    pub text: Text,
    /// For whom.
    pub audience: Audience,
    /// Which of those in a team.
    pub side: Side,
    /// It may use up messages that this month's questions will need. Never those that are kept for alerts.
    pub urgent: bool,
}

/// Whom a run of a bulletin goes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whom {
    /// Everyone for whom it is.
    Everyone,
    /// Those of them who did not get it.
    Unreached,
    /// Those of them who said nothing to it.
    Silent,
}

impl Whom {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 3] = [Self::Everyone, Self::Unreached, Self::Silent];

    /// Whether it goes to somebody with this receipt.
    #[must_use]
    pub fn has(self, receipt: Option<&Receipt>) -> bool {
        match self {
            Self::Everyone => true,
            Self::Unreached => receipt
                .is_none_or(|r| !matches!(r.delivery, Delivery::OnItsWay | Delivery::Arrived)),
            Self::Silent => receipt.is_none_or(|r| r.word.is_none()),
        }
    }
}

/// How far a run of a bulletin is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// It can still be taken back.
    Waiting,
    /// Everyone up to this number has been looked at.
    Sending(u32),
    /// It is over.
    Over(Moment, End),
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// Everyone has been looked at.
    Complete,
    /// Taken back before it left.
    TakenBack,
    /// Stopped on its way.
    Stopped,
    /// The month's messages do not do for it.
    NoMessages,
}

impl End {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::Complete, Self::TakenBack, Self::Stopped, Self::NoMessages];
}

/// A bulletin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bulletin {
    /// The number of this bulletin.
    pub id: BulletinId,
    /// Who sent it.
    pub by: StaffId,
    /// When this run was begun.
    pub since: Moment,
    /// What it says, and to whom.
    pub draft: Draft,
    /// Which run it is; the first is 0.
    pub run: u16,
    /// Whom this run goes to.
    pub whom: Whom,
    /// How far it is.
    pub stage: Stage,
    /// Messages in the outbox.
    pub on_their_way: u32,
}

/// What came of a bulletin at one receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// Whether it arrived.
    pub delivery: Delivery,
    /// What the person said, and when.
    pub word: Option<(Word, Moment)>,
}

/// Whether something arrived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// In the outbox.
    OnItsWay,
    /// LINE took it.
    Arrived,
    /// LINE does not reach them, and it was not tried.
    Unreachable,
    /// LINE refused it, or took nothing for too long.
    Failed,
}

impl Delivery {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::OnItsWay, Self::Arrived, Self::Unreachable, Self::Failed];
}

/// What somebody says to a bulletin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// Read it.
    Read,
    /// Safe.
    Safe,
    /// Hurt.
    Hurt,
    /// In need of help.
    Help,
}

impl Word {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::Read, Self::Safe, Self::Hurt, Self::Help];
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_keeps_its_lines_and_nothing_that_disturbs() {
        let text =
            Text::read("  台風が近づいています。\r\n\r\n\r\n早めに\u{7}ひなんを。  \n\n").unwrap();
        assert_eq!(text.as_str(), "台風が近づいています。\n\n早めにひなんを。");
        assert_eq!(Text::read(" \n\u{0}\n "), Err(TextFault::Empty));
        assert!(Text::read(&"あ".repeat(TEXT_CHARS_MAX)).is_ok());
        assert_eq!(Text::read(&"あ".repeat(TEXT_CHARS_MAX + 1)), Err(TextFault::TooLong));
        assert_eq!(Text::read(&"あ\n".repeat(21)), Err(TextFault::TooManyLines));
        let marks = format!("a{}", "\u{301}".repeat(2000));
        assert_eq!(Text::read(&marks), Err(TextFault::TooLong), "one character to a reader");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader_and_what_was_read_reads_the_same_again(typed in "[\\PC\\n\\r\\t]{0,120}") {
            if let Ok(text) = Text::read(&typed) {
                prop_assert_eq!(Text::read(text.as_str()), Ok(text));
            }
        }
    }
}
