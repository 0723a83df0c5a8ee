//! What our buttons carry: a short word, its numbers and a seal, e.g. `w.17.1763856000000~…`.
//!
//! Buttons never expire, so a form that was ever sent must stay readable: add words, never change
//! one. The seal shows that the data is ours and unchanged; whether the *sender* may do what it
//! says is decided by the rules.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::domain::case::Outcome;
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::invitation::{Code, CodeKind, Mint};
use crate::domain::press::Press;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;

/// Longest data LINE takes, in characters; ours stays far below.
pub const DATA_CHARS_MAX: usize = 300;

/// The data of a button.
#[must_use]
pub fn write(press: Press, mint: &Mint) -> String {
    let words = words(press);
    let seal = URL_SAFE_NO_PAD.encode(mint.seal(&words));
    format!("{words}~{seal}")
}

/// The meaning of a button, if the data is ours and unchanged.
#[must_use]
pub fn read(data: &str, mint: &Mint) -> Option<Press> {
    if data.len() > DATA_CHARS_MAX {
        return None;
    }
    let (words, seal) = data.rsplit_once('~')?;
    let expected = URL_SAFE_NO_PAD.encode(mint.seal(words));
    let sealed: bool = expected.as_bytes().ct_eq(seal.as_bytes()).into();
    if sealed { parse(words) } else { None }
}

fn words(press: Press) -> String {
    match press {
        Press::BeWatched => "bw".to_owned(),
        Press::KeepWatch => "kw".to_owned(),
        Press::HaveCode => "hc".to_owned(),
        Press::Agree => "ag".to_owned(),
        Press::Kind(kind) => format!("k.{}", kind_word(kind)),
        Press::Interval(interval) => format!("i.{}", interval.as_days()),
        Press::AllHours => "ah".to_owned(),
        Press::Hour(hour) => format!("h.{}", hour.get()),
        Press::AsProposed => "ap".to_owned(),
        Press::ChangeTime => "ct".to_owned(),
        Press::Join(code, role) => format!("j.{}.{}", code.plain(), role_word(role)),
        Press::Decline(code) => format!("d.{}", code.plain()),
        Press::Practise => "p".to_owned(),
        Press::Practised => "pd".to_owned(),
        Press::Well(person, due_at) => format!("w.{person}.{}", due_at.millis()),
        Press::WellNow => "wn".to_owned(),
        Press::Claim(case) => format!("c.{case}"),
        Press::Look(case) => format!("l.{case}"),
        Press::FoundWell(case) => format!("fw.{case}"),
        Press::NoContact(case) => format!("nc.{case}"),
        Press::Emergency(case) => format!("em.{case}"),
        Press::Reason(case, outcome) => format!("r.{case}.{}", outcome_word(outcome)),
        Press::Receives(team) => format!("rx.{team}"),
        Press::InviteAny => "ia".to_owned(),
        Press::Invite(team, kind) => format!("in.{team}.{}", code_kind_word(kind)),
        Press::Usage => "u".to_owned(),
        Press::Trouble => "tr".to_owned(),
        Press::Pause => "pa".to_owned(),
    }
}

fn parse(words: &str) -> Option<Press> {
    let mut parts = words.split('.');
    let word = parts.next()?;
    let (a, b) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    match (a, b) {
        (None, None) => parse_bare(word),
        (Some(a), None) => parse_one(word, a),
        (Some(a), Some(b)) => parse_two(word, a, b),
        (None, Some(_)) => None,
    }
}

fn parse_bare(word: &str) -> Option<Press> {
    Some(match word {
        "bw" => Press::BeWatched,
        "kw" => Press::KeepWatch,
        "hc" => Press::HaveCode,
        "ag" => Press::Agree,
        "ah" => Press::AllHours,
        "ap" => Press::AsProposed,
        "ct" => Press::ChangeTime,
        "p" => Press::Practise,
        "pd" => Press::Practised,
        "wn" => Press::WellNow,
        "ia" => Press::InviteAny,
        "u" => Press::Usage,
        "tr" => Press::Trouble,
        "pa" => Press::Pause,
        _ => return None,
    })
}

fn parse_one(word: &str, a: &str) -> Option<Press> {
    let case = || a.parse().ok().map(CaseId);
    Some(match word {
        "k" => Press::Kind(find(&KINDS, a)?),
        "i" => Press::Interval(Interval::days(a.parse().ok()?)?),
        "h" => Press::Hour(Hour::new(a.parse().ok()?)?),
        "d" => Press::Decline(Code::read(a)?),
        "c" => Press::Claim(case()?),
        "l" => Press::Look(case()?),
        "fw" => Press::FoundWell(case()?),
        "nc" => Press::NoContact(case()?),
        "em" => Press::Emergency(case()?),
        "rx" => Press::Receives(TeamId(a.parse().ok()?)),
        _ => return None,
    })
}

fn parse_two(word: &str, a: &str, b: &str) -> Option<Press> {
    Some(match word {
        "j" => Press::Join(Code::read(a)?, find(&ROLES, b)?),
        "w" => Press::Well(PersonId(a.parse().ok()?), Moment::from_millis(b.parse().ok()?)),
        "r" => Press::Reason(CaseId(a.parse().ok()?), find(&OUTCOMES, b)?),
        "in" => Press::Invite(TeamId(a.parse().ok()?), find(&CODE_KINDS, b)?),
        _ => return None,
    })
}

const KINDS: [(&str, TeamKind); 3] =
    [("p", TeamKind::Personal), ("o", TeamKind::Organization), ("f", TeamKind::Office)];
const ROLES: [(&str, Role); 2] = [("m", Role::Member), ("g", Role::Manager)];
const CODE_KINDS: [(&str, CodeKind); 3] =
    [("l", CodeKind::Leaflet), ("g", CodeKind::Manager), ("e", CodeKind::Either)];
const OUTCOMES: [(&str, Outcome); 12] = [
    ("answered", Outcome::Answered),
    ("well", Outcome::Well),
    ("forgot", Outcome::Forgot),
    ("phone", Outcome::PhoneTrouble),
    ("travel", Outcome::Travel),
    ("hospital", Outcome::Hospital),
    ("unwell", Outcome::Unwell),
    ("ambulance", Outcome::Ambulance),
    ("died", Outcome::Died),
    ("handed", Outcome::HandedOn),
    ("false", Outcome::FalseAlarm),
    ("other", Outcome::Other),
];

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn name<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> &'static str {
    table.iter().find(|(_, candidate)| candidate == value).map_or("?", |(name, _)| name)
}

fn kind_word(kind: TeamKind) -> &'static str {
    name(&KINDS, &kind)
}

fn role_word(role: Role) -> &'static str {
    name(&ROLES, &role)
}

fn code_kind_word(kind: CodeKind) -> &'static str {
    name(&CODE_KINDS, &kind)
}

fn outcome_word(outcome: Outcome) -> &'static str {
    name(&OUTCOMES, &outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mint() -> Mint {
        Mint::new(&[3; 32])
    }

    fn every_press() -> Vec<Press> {
        let code = mint().code(9);
        let mut all = vec![
            Press::BeWatched,
            Press::KeepWatch,
            Press::HaveCode,
            Press::Agree,
            Press::AllHours,
            Press::AsProposed,
            Press::ChangeTime,
            Press::Practise,
            Press::Practised,
            Press::WellNow,
            Press::InviteAny,
            Press::Usage,
            Press::Trouble,
            Press::Pause,
            Press::Decline(code),
            Press::Well(PersonId(u32::MAX), Moment::from_millis(i64::MAX)),
            Press::Claim(CaseId(1)),
            Press::Look(CaseId(2)),
            Press::FoundWell(CaseId(3)),
            Press::NoContact(CaseId(4)),
            Press::Emergency(CaseId(5)),
            Press::Receives(TeamId(6)),
        ];
        all.extend(KINDS.map(|(_, kind)| Press::Kind(kind)));
        all.extend(ROLES.map(|(_, role)| Press::Join(code, role)));
        all.extend(CODE_KINDS.map(|(_, kind)| Press::Invite(TeamId(8), kind)));
        all.extend(OUTCOMES.map(|(_, outcome)| Press::Reason(CaseId(7), outcome)));
        all.extend(Interval::ALL.map(Press::Interval));
        all.extend((0..24).filter_map(Hour::new).map(Press::Hour));
        all
    }

    #[test]
    fn every_button_reads_back_as_what_it_means_and_fits() {
        for press in every_press() {
            let data = write(press, &mint());
            assert_eq!(read(&data, &mint()), Some(press), "{data}");
            assert!(data.len() < 60, "{data}");
        }
    }

    #[test]
    fn data_that_was_changed_or_made_elsewhere_is_refused() {
        let data = write(Press::Claim(CaseId(12)), &mint());
        assert_eq!(read(&data.replace("12", "13"), &mint()), None);
        assert_eq!(read(&data, &Mint::new(&[4; 32])), None);
        assert_eq!(read("c.12", &mint()), None);
        assert_eq!(read("action=buyItem&itemId=123123&color=red", &mint()), None);
        assert_eq!(read(&"~".repeat(1000), &mint()), None);
    }

    proptest! {
        #[test]
        fn reading_garbage_never_panics(data in "\\PC{0,320}") {
            prop_assert_eq!(read(&data, &mint()), None);
        }

        #[test]
        fn no_changed_character_passes(place in 0_usize..30, with in "[ -~]") {
            let data = write(Press::Well(PersonId(17), Moment::from_millis(1_763_856_000_000)), &mint());
            let mut changed = data.clone();
            if place < data.len() {
                changed.replace_range(place..=place, &with);
            }
            if changed != data {
                prop_assert_eq!(read(&changed, &mint()), None);
            }
        }
    }
}
