//! Pages of ours that people open from their chat: the link that leads there, the session that begins with
//! it, and what they do there. Names of staff and their log-in are another matter (`staff`).
//!
//! A link is made with each answer in the chat and works for ten minutes, once: whoever finds it later in a
//! forwarded message, a backup or a list of visited pages gets nothing. What is done on a page is no sign of
//! life: a daughter may have opened it for her mother.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use super::case::Outcome;
use super::details::{Details, Line};
use super::id::{CaseId, PersonId, TeamId};
use super::invitation::Mint;
use super::name::Name;
use super::press::Press;
use super::rules::CLOCK_SLACK;
use super::schedule::{Hour, Interval};
use super::staff::TokenHash;
use super::team::Policy;
use super::time::Moment;

/// A link works for so long.
pub const LINK_LIFE: Duration = Duration::from_secs(10 * 60);

/// A session ends in any case after so long.
pub const PAGE_SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

/// A session ends when nothing is done in it for so long.
pub const PAGE_IDLE_MAX: Duration = Duration::from_secs(12 * 3600);

/// That a session is in use is written down at most this often.
pub const PAGE_SEEN_EVERY: Duration = Duration::from_secs(10 * 60);

/// Sessions of one person; with one more, the oldest ends.
pub const PAGE_SESSIONS_MAX: usize = 5;

/// Characters of a link's token that are read at all.
const TOKEN_CHARS_MAX: usize = 120;

/// Where a link leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// One's own page.
    Own,
    /// Everyone whom one watches.
    Watching,
    /// A case of one of them.
    Case(CaseId),
    /// One of them.
    Person(PersonId),
    /// A team.
    Team(TeamId),
    /// The groups in which one takes part.
    Groups,
}

impl Page {
    fn word(self) -> String {
        match self {
            Self::Own => "o".to_owned(),
            Self::Watching => "w".to_owned(),
            Self::Case(case) => format!("c{case}"),
            Self::Person(person) => format!("p{person}"),
            Self::Team(team) => format!("t{team}"),
            Self::Groups => "g".to_owned(),
        }
    }

    fn read(word: &str) -> Option<Self> {
        let (kind, number) = word.split_at_checked(1)?;
        let id = || number.parse::<u32>().ok();
        Some(match kind {
            "o" if number.is_empty() => Self::Own,
            "w" if number.is_empty() => Self::Watching,
            "g" if number.is_empty() => Self::Groups,
            "c" => Self::Case(CaseId(id()?)),
            "p" => Self::Person(PersonId(id()?)),
            "t" => Self::Team(TeamId(id()?)),
            _ => return None,
        })
    }
}

/// A link into a page, for one person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageLink {
    /// Who may follow it.
    pub person: PersonId,
    /// Where it leads.
    pub page: Page,
    /// When it was made.
    pub at: Moment,
}

impl PageLink {
    /// What stands in the address: whose link it is, where it leads, when it was made, and a seal of
    /// 256 bits over that.
    #[must_use]
    pub fn token(&self, mint: &Mint) -> String {
        let words = format!("{}.{}.{}", self.person, self.page.word(), self.at.millis());
        let seal = URL_SAFE_NO_PAD.encode(mint.link(&words));
        format!("{words}~{seal}")
    }

    /// The link of an address, if we made it.
    #[must_use]
    pub fn read(token: &str, mint: &Mint) -> Option<Self> {
        if token.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let (words, seal) = token.rsplit_once('~')?;
        let expected = URL_SAFE_NO_PAD.encode(mint.link(words));
        if !bool::from(expected.as_bytes().ct_eq(seal.as_bytes())) {
            return None;
        }
        let mut parts = words.splitn(3, '.');
        let person = PersonId(parts.next()?.parse().ok()?);
        let page = Page::read(parts.next()?)?;
        let at = Moment::from_millis(parts.next()?.parse().ok()?);
        Some(Self { person, page, at })
    }
}

/// Somebody who came by a link, in one browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageSession {
    /// The hash of its token.
    pub token: TokenHash,
    /// Who.
    pub person: PersonId,
    /// When they came.
    pub since: Moment,
    /// When they last did something there.
    pub seen_at: Moment,
}

impl PageSession {
    /// Whether it goes on. One from the future was made before the clock was set back.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        let ends_at = (self.seen_at + PAGE_IDLE_MAX).min(self.since + PAGE_SESSION_LIFE);
        self.seen_at - CLOCK_SLACK <= now && now < ends_at
    }
}

/// Something done on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageEvent {
    /// When, by the clock of the world, which also runs where time runs faster for practice.
    pub at: Moment,
    /// Who.
    pub by: PersonId,
    /// What.
    pub deed: PageDeed,
}

/// See [`PageEvent`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageDeed {
    /// Came by a link. The same link works once.
    Entered {
        /// When the link was made, and what stood in its address: its identity.
        link: (Moment, String),
        /// The session that begins.
        session: TokenHash,
    },
    /// Did something in a session.
    Seen(TokenHash),
    /// Closed the pages in this browser.
    Left(TokenHash),
    /// Closed the pages in every other browser.
    LeftOthers(TokenHash),
    /// Something that concerns more than the pages.
    Did(PageAct),
}

/// What can be done on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageAct {
    /// What a button of the chat does as well, if it is one of those that stand on pages.
    Press(Press),
    /// Asked at another interval and hour.
    Retime(Interval, Hour),
    /// Another proposal of a team for its members.
    TeamRetime(TeamId, Interval, Hour),
    /// A case is over, with what it turned out to be.
    Settle(CaseId, Outcome),
    /// Agrees to the present terms.
    Agree,
    /// Says something of the service.
    Opine(Line),
    /// Wants to be called so.
    Rename(Name),
    /// What is known about somebody, as far as the writer may know it.
    Write(PersonId, Box<Details>),
    /// So much may be written down about me in a family's team.
    Allow(TeamId, Policy),
    /// Looked at personal data of somebody.
    Viewed(PersonId),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mint() -> Mint {
        Mint::new(&[3; 32])
    }

    const PAGES: [Page; 5] = [
        Page::Own,
        Page::Watching,
        Page::Case(CaseId(u32::MAX)),
        Page::Person(PersonId(0)),
        Page::Team(TeamId(7)),
    ];

    #[test]
    fn every_link_reads_back_as_what_it_is_and_nobody_else_can_make_it() {
        for page in PAGES {
            for millis in [0, i64::MIN, i64::MAX, 1_795_478_400_123] {
                let at = Moment::from_millis(millis);
                let link = PageLink { person: PersonId(17), page, at };
                let token = link.token(&mint());
                assert_eq!(PageLink::read(&token, &mint()), Some(link), "{token}");
                assert!(token.len() <= TOKEN_CHARS_MAX, "{token}");
                assert_eq!(PageLink::read(&token, &Mint::new(&[4; 32])), None);
                let other = PageLink { person: PersonId(18), ..link }.token(&mint());
                let seal = token.rsplit_once('~').unwrap().1;
                let words = other.rsplit_once('~').unwrap().0;
                assert_eq!(PageLink::read(&format!("{words}~{seal}"), &mint()), None);
            }
        }
    }

    #[test]
    fn the_seal_of_a_button_opens_no_page() {
        let words = "17.o.1795478400123";
        let seal = URL_SAFE_NO_PAD.encode(mint().seal(words));
        assert_eq!(PageLink::read(&format!("{words}~{seal}"), &mint()), None);
    }

    #[test]
    fn a_session_ends_after_half_a_day_of_nothing_and_after_thirty_days_in_any_case() {
        let start = Moment::from_seconds(1_800_000_000);
        let token = TokenHash::of("x");
        let mut session = PageSession { token, person: PersonId(1), since: start, seen_at: start };
        assert!(session.is_live(start + PAGE_IDLE_MAX - Duration::from_millis(1)));
        assert!(!session.is_live(start + PAGE_IDLE_MAX));
        session.seen_at = start + PAGE_SESSION_LIFE - Duration::from_secs(1);
        assert!(session.is_live(session.seen_at));
        assert!(!session.is_live(start + PAGE_SESSION_LIFE));
        assert!(!session.is_live(start), "the clock was set back by weeks");
    }

    proptest! {
        #[test]
        fn reading_garbage_never_panics(token in "\\PC{0,140}") {
            prop_assert_eq!(PageLink::read(&token, &mint()), None);
        }
    }
}
