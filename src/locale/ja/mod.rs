//! Japanese. Short, kind, やさしい日本語: the people who read this are often over 80.

mod case;
mod check;
mod join;
pub(super) mod when;

use super::page::team;
use super::{Card, Speech, Voice};
use crate::domain::message::{Message, Watchers};

/// Says a message.
pub(super) fn say(message: &Message, voice: &Voice) -> Speech {
    use Message as M;
    match message {
        M::Greeting => join::greeting(voice),
        M::WelcomeBack { next } => join::welcome_back(*next),
        M::AskConsent => join::ask_consent(voice),
        M::AskName => join::ask_name(),
        M::NameRefused(fault) => join::name_refused(*fault),
        M::AskTeamName => join::ask_team_name(),
        M::AskTeamKind(name) => join::ask_team_kind(name),
        M::AskInterval { proposal } => join::ask_interval(*proposal),
        M::AskHour { interval, all, alerts } => join::ask_hour(*interval, *all, alerts),
        M::Ready { .. } => join::ready(message),
        M::Practice { name } => join::practice(name),
        M::Practised { next } => join::practised(*next),
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
        M::ConfirmJoin { code, team, inviter, roles } => join::confirm(*code, team, inviter, roles),
        M::Declined => join::declined(),
        M::TestAlert { team, name, members } => join::test_alert(*team, name, members),
        M::ReceivesThanks(team) => join::receives_thanks(team),
        M::MemberJoined { name, team, next } => join::member_joined(name, team, *next),
        M::ManagerJoined { name } => join::manager_joined(name),
        M::Ask { name, round, local } => check::ask(name, *round, *local),
        M::Resend { name, round, alert, watched } => check::resend(name, *round, *alert, *watched),
        M::Thanks { next } => check::thanks(*next),
        M::Already { next } => check::already(*next),
        M::GladAnyway => check::glad(),
        M::LateThanks { told } => check::late_thanks(told),
        M::Alert { case, trouble, silence } => case::alert(*case, *trouble, silence),
        M::ClaimedByYou { case, name } => case::claimed_by_you(*case, name),
        M::ClaimedBy { who, name } => case::claimed_by(who, name),
        M::ClaimedAlready { who } => case::claimed_already(who),
        M::Standing { case, silence, claimer, open } => {
            case::standing(*case, silence, claimer.as_ref(), *open)
        }
        M::AllClear { name, at } => case::all_clear(name, *at),
        M::FoundWell { who, name, at } => case::found_well(who, name, *at),
        M::AskReason { case, name } => case::ask_reason(*case, name),
        M::ReasonThanks(outcome) => case::reason_thanks(*outcome),
        M::NoContactAdvice { case, name } => case::no_contact_advice(*case, name),
        M::NoContactBy { case, who, name } => case::no_contact_by(*case, who, name),
        M::EmergencyNoted { case, name } => case::emergency_noted(*case, name),
        M::EmergencyBy { who, name } => case::emergency_by(who, name),
        M::CaseOver { name } => case::over(name),
        M::ReachableAgain { name } => case::reachable_again(name),
        M::Unknown => check::unknown(voice),
        M::TryAgain => check::try_again(),
        M::Usage { next, can_invite } => check::usage(*next, *can_invite, voice),
    }
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

/// 「けんじさん、みちこさん」, 「けんじさん、みちこさん、はなさん ほか2人」
fn people(watchers: &Watchers) -> String {
    let names: Vec<String> = watchers.names.iter().map(|name| format!("{name}さん")).collect();
    match watchers.more {
        0 => names.join("、"),
        more => format!("{} ほか{more}人", names.join("、")),
    }
}
