//! What our buttons carry: a short word, its numbers and a seal, e.g. `w.17.1763856000000~…`.
//!
//! Buttons never expire, so a form that was ever sent must stay readable: add words, never change
//! one. The seal shows that the data is ours and unchanged; whether the *sender* may do what it
//! says is decided by the rules.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::domain::bulletin::Word;
use crate::domain::case::Outcome;
use crate::domain::id::{BulletinId, CaseId, GroupId, PersonId, TeamId};
use crate::domain::invitation::{Code, CodeKind, Mint};
use crate::domain::pause::Why;
use crate::domain::practice::PracticePress;
use crate::domain::press::Press;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::locale::zones;

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
        Press::MoreReasons(case) => format!("mr.{case}"),
        Press::End(case, outcome) => format!("en.{case}.{}", outcome_word(outcome)),
        _ => later_words(press),
    }
}

/// Words of buttons that came with help, rests, leaving and settings.
fn later_words(press: Press) -> String {
    let flag = u8::from;
    match press {
        Press::Trouble => "tr".to_owned(),
        Press::Practice(number, press) => format!("dr.{number}.{}", practice_word(press)),
        Press::Pause => "pa".to_owned(),
        Press::Unwell(person, due_at) => format!("uw.{person}.{}", due_at.millis()),
        Press::WantsTalk(person, due_at) => format!("wt.{person}.{}", due_at.millis()),
        Press::TellHelp => "th".to_owned(),
        Press::HelpMistake => "hm".to_owned(),
        Press::TellUnwell => "tu".to_owned(),
        Press::AllRight => "ar".to_owned(),
        Press::NotMeant(at, None) => format!("nm.{}", at.millis()),
        Press::NotMeant(at, Some(case)) => format!("nm.{}.{case}", at.millis()),
        Press::PauseDays(days, why) => format!("pl.{days}.{}", why_word(why)),
        Press::PausePick(why) => format!("pp.{}", why_word(why)),
        Press::PauseSure(day, why) => format!("ps.{day}.{}", why_word(why)),
        Press::PauseEnd => "pe".to_owned(),
        Press::StillPaused(person) => format!("sp.{person}"),
        Press::PauseOver(person) => format!("po.{person}"),
        Press::PauseFor(person, days, why) => format!("pf.{person}.{days}.{}", why_word(why)),
        Press::Leave => "lv".to_owned(),
        Press::LeaveSure => "ls".to_owned(),
        Press::LeaveTeam(team) => format!("lt.{team}"),
        Press::LeaveTeamSure(team) => format!("lx.{team}"),
        Press::HandOver(team) => format!("ho.{team}"),
        Press::Stay => "st".to_owned(),
        Press::Retime => "rt".to_owned(),
        Press::Overview => "ov".to_owned(),
        Press::LookAt(person) => format!("la.{person}"),
        Press::Proxy(person) => format!("px.{person}"),
        Press::MyPage => "mp".to_owned(),
        Press::Quotes(wanted) => format!("qu.{}", flag(wanted)),
        Press::TeamSettings(team) => format!("ts.{team}"),
        Press::TeamQuiet(team, on) => format!("tq.{team}.{}", flag(on)),
        Press::TeamOffice(team, on) => format!("to.{team}.{}", flag(on)),
        Press::TeamQuotes(team, on) => format!("tz.{team}.{}", flag(on)),
        Press::TeamRetime(team) => format!("ti.{team}"),
        Press::NewLeaflet(team) => format!("nl.{team}"),
        Press::Approve(team, person) => format!("ok.{team}.{person}"),
        Press::Refuse(team, person) => format!("no.{team}.{person}"),
        Press::SoftDone(case) => format!("sd.{case}"),
        Press::Mail => "ml".to_owned(),
        Press::NoMail => "mn".to_owned(),
        Press::Zone => "zo".to_owned(),
        Press::LiveIn(zone) => format!("li.{zone}"),
        Press::Bulletin(id, word) => format!("b.{id}.{}", name(&WORDS, &word)),
        _ => group_words(press),
    }
}

/// Words of buttons that stand in groups.
fn group_words(press: Press) -> String {
    match press {
        Press::GroupLead(group) => format!("gl.{group}"),
        Press::GroupTakePart(group) => format!("gj.{group}"),
        Press::GroupTimes(group) => format!("gt.{group}"),
        Press::GroupInterval(group, interval) => format!("gi.{group}.{}", interval.as_days()),
        Press::GroupHours(group, interval) => format!("ga.{group}.{}", interval.as_days()),
        Press::GroupHour(group, interval, hour) => {
            format!("gh.{group}.{}.{}", interval.as_days(), hour.get())
        }
        Press::GroupWell(group, due_at) => format!("gw.{group}.{}", due_at.millis()),
        Press::GroupCall(group, due_at) => format!("gc.{group}.{}", due_at.millis()),
        Press::GroupPeople(group) => format!("gp.{group}"),
        Press::GroupRest(group, days) => format!("gr.{group}.{days}"),
        Press::GroupBack(group) => format!("gb.{group}"),
        Press::GroupHandOver(group) => format!("go.{group}"),
        Press::GroupWords(group, count) => format!("gs.{group}.{}", u8::from(count)),
        // Every other press has its word above.
        _ => String::new(),
    }
}

fn parse(words: &str) -> Option<Press> {
    let mut parts = words.split('.');
    let word = parts.next()?;
    let arguments: Vec<&str> = parts.take(4).collect();
    match arguments.as_slice() {
        [] => parse_bare(word),
        [group, rest @ ..] if word.starts_with('g') => {
            parse_group(word, GroupId(group.parse().ok()?), rest)
        }
        [a] => parse_one(word, a),
        [a, b] => parse_two(word, a, b),
        [person, days, why] if word == "pf" => {
            let (person, days) = (PersonId(person.parse().ok()?), days.parse().ok()?);
            Some(Press::PauseFor(person, days, find(&WHYS, why)?))
        }
        _ => None,
    }
}

fn parse_group(word: &str, group: GroupId, rest: &[&str]) -> Option<Press> {
    let interval = |text: &str| Interval::days(text.parse().ok()?);
    let moment = |text: &str| text.parse().ok().map(Moment::from_millis);
    Some(match (word, rest) {
        ("gl", []) => Press::GroupLead(group),
        ("gj", []) => Press::GroupTakePart(group),
        ("gt", []) => Press::GroupTimes(group),
        ("gp", []) => Press::GroupPeople(group),
        ("gb", []) => Press::GroupBack(group),
        ("go", []) => Press::GroupHandOver(group),
        ("gi", [days]) => Press::GroupInterval(group, interval(days)?),
        ("ga", [days]) => Press::GroupHours(group, interval(days)?),
        ("gh", [days, hour]) => {
            Press::GroupHour(group, interval(days)?, Hour::new(hour.parse().ok()?)?)
        }
        ("gw", [due_at]) => Press::GroupWell(group, moment(due_at)?),
        ("gc", [due_at]) => Press::GroupCall(group, moment(due_at)?),
        ("gr", [days]) => Press::GroupRest(group, days.parse().ok()?),
        ("gs", [count]) => Press::GroupWords(group, flag(count)?),
        _ => return None,
    })
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
        "th" => Press::TellHelp,
        "hm" => Press::HelpMistake,
        "tu" => Press::TellUnwell,
        "ar" => Press::AllRight,
        "pe" => Press::PauseEnd,
        "lv" => Press::Leave,
        "ls" => Press::LeaveSure,
        "st" => Press::Stay,
        "rt" => Press::Retime,
        "ov" => Press::Overview,
        "mp" => Press::MyPage,
        "ml" => Press::Mail,
        "mn" => Press::NoMail,
        "zo" => Press::Zone,
        _ => return None,
    })
}

fn parse_one(word: &str, a: &str) -> Option<Press> {
    let case = || a.parse().ok().map(CaseId);
    let team = || a.parse().ok().map(TeamId);
    let person = || a.parse().ok().map(PersonId);
    Some(match word {
        "k" => Press::Kind(find(&KINDS, a)?),
        "li" => Press::LiveIn(zones::CHOICES.iter().find(|zone| **zone == a)?),
        "i" => Press::Interval(Interval::days(a.parse().ok()?)?),
        "h" => Press::Hour(Hour::new(a.parse().ok()?)?),
        "d" => Press::Decline(Code::read(a)?),
        "c" => Press::Claim(case()?),
        "l" => Press::Look(case()?),
        "fw" => Press::FoundWell(case()?),
        "nc" => Press::NoContact(case()?),
        "em" => Press::Emergency(case()?),
        "mr" => Press::MoreReasons(case()?),
        "rx" => Press::Receives(team()?),
        "nm" => Press::NotMeant(Moment::from_millis(a.parse().ok()?), None),
        "pp" => Press::PausePick(find(&WHYS, a)?),
        "sp" => Press::StillPaused(person()?),
        "po" => Press::PauseOver(person()?),
        "lt" => Press::LeaveTeam(team()?),
        "lx" => Press::LeaveTeamSure(team()?),
        "ho" => Press::HandOver(team()?),
        "la" => Press::LookAt(person()?),
        "px" => Press::Proxy(person()?),
        "qu" => Press::Quotes(flag(a)?),
        "ts" => Press::TeamSettings(team()?),
        "ti" => Press::TeamRetime(team()?),
        "nl" => Press::NewLeaflet(team()?),
        "sd" => Press::SoftDone(case()?),
        _ => return None,
    })
}

fn parse_two(word: &str, a: &str, b: &str) -> Option<Press> {
    Some(match word {
        "j" => Press::Join(Code::read(a)?, find(&ROLES, b)?),
        "w" => Press::Well(PersonId(a.parse().ok()?), Moment::from_millis(b.parse().ok()?)),
        "en" => Press::End(CaseId(a.parse().ok()?), find(&OUTCOMES, b)?),
        "r" => Press::Reason(CaseId(a.parse().ok()?), find(&OUTCOMES, b)?),
        "in" => Press::Invite(TeamId(a.parse().ok()?), find(&CODE_KINDS, b)?),
        "uw" => Press::Unwell(PersonId(a.parse().ok()?), Moment::from_millis(b.parse().ok()?)),
        "wt" => Press::WantsTalk(PersonId(a.parse().ok()?), Moment::from_millis(b.parse().ok()?)),
        "pl" => Press::PauseDays(a.parse().ok()?, find(&WHYS, b)?),
        "ps" => Press::PauseSure(a.parse().ok()?, find(&WHYS, b)?),
        "tq" => Press::TeamQuiet(TeamId(a.parse().ok()?), flag(b)?),
        "to" => Press::TeamOffice(TeamId(a.parse().ok()?), flag(b)?),
        "tz" => Press::TeamQuotes(TeamId(a.parse().ok()?), flag(b)?),
        "nm" => {
            let case = CaseId(b.parse().ok()?);
            Press::NotMeant(Moment::from_millis(a.parse().ok()?), Some(case))
        }
        "ok" => Press::Approve(TeamId(a.parse().ok()?), PersonId(b.parse().ok()?)),
        "dr" => Press::Practice(a.parse().ok()?, practice_press(b)?),
        "b" => Press::Bulletin(BulletinId(a.parse().ok()?), find(&WORDS, b)?),
        "no" => Press::Refuse(TeamId(a.parse().ok()?), PersonId(b.parse().ok()?)),
        _ => return None,
    })
}

const KINDS: [(&str, TeamKind); 3] =
    [("p", TeamKind::Personal), ("o", TeamKind::Organization), ("f", TeamKind::Office)];
const ROLES: [(&str, Role); 3] =
    [("m", Role::Member), ("g", Role::Manager), ("a", Role::Applicant)];
const CODE_KINDS: [(&str, CodeKind); 3] =
    [("l", CodeKind::Leaflet), ("g", CodeKind::Manager), ("e", CodeKind::Either)];
const OUTCOMES: [(&str, Outcome); 14] = [
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
    ("moved", Outcome::Moved),
    ("home", Outcome::CareHome),
];

const WORDS: [(&str, Word); 4] =
    [("r", Word::Read), ("s", Word::Safe), ("h", Word::Hurt), ("x", Word::Help)];

const WHYS: [(&str, Why); 3] = [("u", Why::Unsaid), ("t", Why::Travel), ("h", Why::Hospital)];

fn practice_word(press: PracticePress) -> &'static str {
    match press {
        PracticePress::Well => "w",
        PracticePress::Claim => "c",
        PracticePress::Close(outcome) => outcome_word(outcome),
    }
}

fn practice_press(word: &str) -> Option<PracticePress> {
    Some(match word {
        "w" => PracticePress::Well,
        "c" => PracticePress::Claim,
        _ => PracticePress::Close(find(&OUTCOMES, word)?),
    })
}

fn why_word(why: Why) -> &'static str {
    name(&WHYS, &why)
}

fn flag(word: &str) -> Option<bool> {
    match word {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

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
            Press::TellHelp,
            Press::HelpMistake,
            Press::TellUnwell,
            Press::AllRight,
            Press::PauseEnd,
            Press::Leave,
            Press::LeaveSure,
            Press::Stay,
            Press::Retime,
            Press::Overview,
            Press::MyPage,
            Press::Mail,
            Press::NoMail,
            Press::Zone,
            Press::LiveIn("America/Los_Angeles"),
            Press::Decline(code),
            Press::Well(PersonId(u32::MAX), Moment::from_millis(i64::MAX)),
            Press::Claim(CaseId(1)),
            Press::Look(CaseId(2)),
            Press::FoundWell(CaseId(3)),
            Press::NoContact(CaseId(4)),
            Press::Emergency(CaseId(5)),
            Press::Receives(TeamId(6)),
            Press::MoreReasons(CaseId(7)),
            Press::SoftDone(CaseId(8)),
            Press::Unwell(PersonId(u32::MAX), Moment::from_millis(i64::MAX)),
            Press::WantsTalk(PersonId(9), Moment::EPOCH),
            Press::NotMeant(Moment::from_millis(i64::MIN), None),
            Press::NotMeant(Moment::from_millis(i64::MIN), Some(CaseId(u32::MAX))),
            Press::StillPaused(PersonId(10)),
            Press::PauseOver(PersonId(11)),
            Press::LookAt(PersonId(12)),
            Press::Proxy(PersonId(13)),
            Press::LeaveTeam(TeamId(14)),
            Press::LeaveTeamSure(TeamId(15)),
            Press::HandOver(TeamId(16)),
            Press::TeamSettings(TeamId(17)),
            Press::TeamRetime(TeamId(18)),
            Press::NewLeaflet(TeamId(18)),
            Press::Approve(TeamId(19), PersonId(20)),
            Press::Refuse(TeamId(21), PersonId(22)),
        ];
        all.extend(with_choices());
        all.extend(in_groups());
        all.extend(WORDS.map(|(_, word)| Press::Bulletin(BulletinId(u32::MAX), word)));
        all.extend(KINDS.map(|(_, kind)| Press::Kind(kind)));
        all.extend(ROLES.map(|(_, role)| Press::Join(code, role)));
        all.extend(CODE_KINDS.map(|(_, kind)| Press::Invite(TeamId(8), kind)));
        all.extend(OUTCOMES.map(|(_, outcome)| Press::Reason(CaseId(7), outcome)));
        all.extend(Interval::ALL.map(Press::Interval));
        all.extend((0..24).filter_map(Hour::new).map(Press::Hour));
        all
    }

    fn in_groups() -> Vec<Press> {
        let (group, at) = (GroupId(u32::MAX), Moment::from_millis(i64::MIN));
        let mut all = vec![
            Press::GroupLead(group),
            Press::GroupTakePart(group),
            Press::GroupTimes(group),
            Press::GroupWell(group, at),
            Press::GroupCall(group, at),
            Press::GroupPeople(group),
            Press::GroupRest(group, 30),
            Press::GroupBack(group),
            Press::GroupHandOver(group),
            Press::GroupWords(group, true),
            Press::GroupWords(group, false),
        ];
        for interval in Interval::ALL {
            let hour = Hour::new(23).unwrap();
            all.push(Press::GroupInterval(group, interval));
            all.push(Press::GroupHours(group, interval));
            all.push(Press::GroupHour(group, interval, hour));
        }
        all
    }

    fn with_choices() -> Vec<Press> {
        let mut all: Vec<Press> =
            OUTCOMES.map(|(_, outcome)| Press::End(CaseId(23), outcome)).to_vec();
        all.push(Press::Practice(u32::MAX, PracticePress::Well));
        all.push(Press::Practice(23, PracticePress::Claim));
        all.push(Press::Practice(24, PracticePress::Close(Outcome::PhoneTrouble)));
        for why in Why::ALL {
            all.push(Press::PauseDays(30, why));
            all.push(Press::PausePick(why));
            all.push(Press::PauseSure(jiff::civil::date(2026, 12, 22), why));
            all.push(Press::PauseFor(PersonId(u32::MAX), 30, why));
        }
        for on in [false, true] {
            all.push(Press::Quotes(on));
            all.push(Press::TeamQuiet(TeamId(24), on));
            all.push(Press::TeamOffice(TeamId(25), on));
            all.push(Press::TeamQuotes(TeamId(26), on));
        }
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
    fn no_button_is_left_without_a_word_of_its_own() {
        let source = include_str!("../domain/press.rs");
        let names = source.lines().filter_map(|line| line.strip_prefix("    "));
        let names = names.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
        let tried: Vec<String> = every_press().iter().map(|press| format!("{press:?}")).collect();
        for line in names {
            let name: String = line.chars().take_while(|c| c.is_alphanumeric()).collect();
            let is = |tried: &String| {
                tried
                    .strip_prefix(&name)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            assert!(tried.iter().any(is), "{name} is never tried");
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
