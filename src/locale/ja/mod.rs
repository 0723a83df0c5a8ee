//! Japanese. Short, kind, やさしい日本語: the people who read this are often over 80.

mod bulletin;
mod case;
mod check;
mod group;
mod help;
mod home;
mod join;
mod membership;
mod office;
mod practice;
mod rest;
pub(super) mod when;

use super::page::team;
use super::{Card, Speech, Voice};
use crate::domain::message::{Message, Watchers, Who};

/// Says a message. A kind that nobody here knows would be an empty text, which a test refuses.
pub(super) fn say(message: &Message, voice: &Voice) -> Speech {
    joining(message, voice)
        .or_else(|| checking(message, voice))
        .or_else(|| caring(message, voice))
        .unwrap_or_else(|| Speech::Text(String::new()))
}

fn joining(message: &Message, voice: &Voice) -> Option<Speech> {
    use Message as M;
    Some(match message {
        M::Greeting => join::greeting(voice),
        M::WelcomeBack { next } => join::welcome_back(*next),
        M::AskConsent => join::ask_consent(voice),
        M::AskName => join::ask_name(),
        M::NameRefused(fault) => join::name_refused(*fault),
        M::AskTeamName => join::ask_team_name(),
        M::AskTeamKind(name, most) => join::ask_team_kind(name, *most),
        M::AskInterval { proposal } => join::ask_interval(*proposal),
        M::AskHour { interval, all, alerts } => join::ask_hour(*interval, *all, alerts),
        M::Ready { .. } => join::ready(message),
        M::Practice(name) => join::practice(name),
        M::Practised { next } => join::practised(*next),
        M::Practising(message) => practice::say(*message),
        M::TeamMade { team, name, personal } => join::team_made(*team, name, *personal),
        M::InviteChoice(teams) => join::invite_choice(teams),
        M::Invitation { inviter, team, kind, code, expires } => {
            join::invitation(inviter, team, *kind, *code, *expires, voice)
        }
        M::AskCode => join::ask_code(),
        M::CodeRefused => join::code_refused(voice),
        M::CodeLater => join::code_later(),
        M::AlreadyIn(team) => join::already_in(team),
        M::TeamFull(team) => join::team_full(team),
        M::ConfirmJoin { .. } => join::confirm(message),
        M::Declined => join::declined(),
        M::TestAlert { team, name, members } => join::test_alert(*team, name, members),
        M::ReceivesThanks(team) => join::receives_thanks(team),
        M::MemberJoined { name, team, next } => join::member_joined(name, team, *next),
        M::ManagerJoined { name } => join::manager_joined(name),
        _ => return None,
    })
}

fn checking(message: &Message, voice: &Voice) -> Option<Speech> {
    use Message as M;
    Some(match message {
        M::Ask { name, round, local, quote } => check::ask(name, *round, *local, *quote),
        M::Resend { name, round, alert, told, sorry } => {
            check::resend(name, *round, *alert, *told, *sorry)
        }
        M::Sorry { name, round, alert } => check::sorry(name, *round, *alert),
        M::Thanks { next, undo, by_other } => check::thanks(*next, *undo, *by_other),
        M::Undone => check::undone(),
        M::EarlyThanks { left_out, next } => check::early_thanks(*left_out, *next),
        M::AskHelp { watched } => help::ask(*watched, voice),
        M::HelpSent { told } => help::sent(told, voice),
        M::HelpCancelled => help::cancelled(),
        M::HelpTaken { who } => help::taken(who),
        M::AskUnwell => help::ask_unwell(voice),
        M::SoftNoted(trouble) => help::noted(*trouble),
        M::Bulletin(message) => bulletin::say(message, voice),
        M::Rest(rest) => rest::say(rest),
        M::Leave(leave) => rest::leave(leave, voice),
        M::Retimed { interval, hour, next, alert } => {
            home::retimed(*interval, *hour, *next, *alert)
        }
        M::MyPage(page) => home::my_page(page),
        M::Noted => home::noted(),
        M::AskMail { known } => home::ask_mail(*known),
        M::MailClosed => home::mail_closed(),
        M::MailRefused => home::mail_refused(),
        M::MailCode(code) => home::mail_code(*code),
        M::AskMailCode => home::ask_mail_code(),
        M::MailCodeRefused => home::mail_code_refused(),
        M::MailThanks => home::mail_thanks(),
        M::MailGone => home::mail_gone(),
        M::AskZone(zone) => home::ask_zone(zone),
        M::ZoneRefused => home::zone_refused(),
        M::ZoneSet(zone) => home::zone_set(zone),
        M::Already(next) => check::already(*next),
        M::GladAnyway => check::glad(),
        M::LateThanks { told, undo, by_other } => check::late_thanks(told, *undo, *by_other),
        M::Unknown => check::unknown(voice),
        M::TryAgain => check::try_again(),
        M::HeadOf { organization, heads } => home::head_of(organization, *heads),
        M::Usage { .. } => check::usage(message, voice),
        _ => return None,
    })
}

fn caring(message: &Message, voice: &Voice) -> Option<Speech> {
    use Message as M;
    Some(match message {
        M::Alert { case, trouble, silence, mark, next_step } => {
            case::alert(*case, *trouble, silence, *mark, *next_step)
        }
        M::AlertAgain { case, trouble, silence, lapsed } => {
            case::alert_again(*case, *trouble, silence, lapsed.as_ref())
        }
        M::Nudge { case, name } => case::nudge(*case, name),
        M::Digest { cases, more } => case::digest(cases, *more),
        M::ClaimedByYou { case, name, link } => case::claimed_by_you(*case, name, *link, voice),
        M::ClaimedBy { who, name } => case::claimed_by(who, name),
        M::ClaimedAlready { who } => case::claimed_already(who),
        M::Standing { case, silence, claimer, open, link } => {
            case::standing(*case, silence, claimer.as_ref(), *open, *link)
        }
        M::AllClear { name, at, unwell } => case::all_clear(name, *at, *unwell),
        M::SoftAlert { case, name, trouble, at } => help::soft_alert(*case, name, *trouble, *at),
        M::SoftDoneBy { who, name } => help::soft_done_by(who, name),
        M::MemberRetimed { .. } => home::member_retimed(message),
        M::Overview { people, more, link } => home::overview(people, *more, *link),
        M::PersonCard { standing, interval, hour, next, may_answer, link } => {
            home::person(standing, *interval, *hour, *next, *may_answer, *link)
        }
        M::ProxyThanks { name } => home::proxy_thanks(name),
        M::TeamSettings(settings) => home::team_settings(settings),
        M::Group(message) => group::say(message, voice),
        M::Membership(notice) => membership::say(notice, voice),
        M::Renamed { before, name } => home::renamed(before, name),
        M::Allowed { name, policy } => home::allowed(name, *policy),
        M::AskOffice(team) => home::ask_office(*team),
        M::WaitApproval(team) => home::wait_approval(team),
        M::AskApproval { team, name, who, called } => home::ask_approval(*team, name, *who, called),
        M::NotApproved(team) => home::not_approved(team),
        M::FoundWell { who, name, at } => case::found_well(who, name, *at),
        M::AskReason { case, name } => case::ask_reason(*case, name),
        M::ReasonThanks(outcome) => case::reason_thanks(*outcome),
        M::NoContactAdvice { case, name } => case::no_contact_advice(*case, name),
        M::NoContactBy { case, who, name } => case::no_contact_by(*case, who, name),
        M::EmergencyNoted { case, name } => case::emergency_noted(*case, name),
        M::EmergencyBy { who, name } => case::emergency_by(who, name),
        M::ClosedBy { who, name, outcome, at } => case::closed_by(who, name, *outcome, *at),
        M::MoreReasons { case, name } => case::more_reasons(*case, name),
        M::ConfirmEnd { case, name, outcome } => case::confirm_end(*case, name, *outcome),
        M::CaseOver { name } => case::over(name),
        M::ManagerUnreachable { who, team, blocked } => {
            join::manager_unreachable(who, team, *blocked)
        }
        M::NobodyWatches { team } => join::nobody_watches(team, voice),
        M::ReachableAgain { name } => case::reachable_again(name),
        M::Office(notice) => office::say(notice),
        _ => return None,
    })
}

/// The short name of a trouble.
pub(super) fn trouble(trouble: crate::domain::case::Trouble) -> &'static str {
    case::short(trouble)
}

/// A card whose notification is its headline.
fn card(title: impl Into<String>, body: &[&str]) -> Card {
    let title = title.into();
    Card {
        alt: title.clone(),
        title,
        body: body.iter().map(|line| (*line).to_owned()).collect(),
        ..Card::default()
    }
}

/// Whom to phone; the number on a line of its own, so that no screen breaks it.
fn push_phone(card: &mut Card, voice: &Voice) {
    if let Some(phone) = &voice.phone {
        card.body.push(format!("困りごとは、お電話ください。\n{phone}"));
    }
}

/// The beginning of a label that fits on a button.
fn shortened(label: &str, chars_max: usize) -> String {
    label.chars().take(chars_max).collect()
}

/// 「けんじさん」, or the office.
fn who(who: &Who) -> String {
    match who {
        Who::Named(name) => format!("{name}さん"),
        Who::Office => "事務局".to_owned(),
    }
}

/// 「けんじさん、みちこさん」, 「けんじさん、みちこさん、はなさん ほか2人」
fn people(watchers: &Watchers) -> String {
    let names: Vec<String> = watchers.names.iter().map(|name| format!("{name}さん")).collect();
    match watchers.more {
        0 => names.join("、"),
        more => format!("{} ほか{more}人", names.join("、")),
    }
}
