//! Who acts in a chat, and what they mean. Decides nothing itself beyond meeting someone new.

use jiff::civil::Date;

use super::answer::{self, Sign};
use super::{
    Step, bulletin, care, check, help, invite, join, leave, mailbox, overview, practice, rest,
    settings, setup, soft, upkeep,
};
use crate::domain::bulletin::Word;
use crate::domain::case::Trouble;
use crate::domain::event::{Act, Chat, Meaning, Said};
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::message::Message;
use crate::domain::person::{Aim, Person, Talk};
use crate::domain::press::Press;
use crate::domain::rules::{CLOCK_SLACK, EVENT_AGE_MAX, REPLY_AGE_MAX};
use crate::domain::team::Role;
use crate::domain::time::Moment;

/// An act in a 1:1 chat.
pub(super) fn chat(step: &mut Step<'_>, chat: &Chat) {
    if is_too_old(step, chat.at) {
        return;
    }
    let at = moment(step, chat.at);
    step.cause.clone_from(&chat.id);
    let sender = match step.scene.sender {
        Some(known) => known,
        // Someone unknown who blocks us stays unknown.
        None if chat.act == Act::Blocked => return,
        None => meet(step, chat),
    };
    upkeep::heard(step, step.now);
    act(step, sender, at, &chat.act);
    let fresh = step.now.since(at) < REPLY_AGE_MAX;
    step.answer(sender, chat.reply_token.as_ref().filter(|_| fresh));
}

/// When something happened of which LINE says that it was then. Its clock may run ahead of ours a little; further ahead it
/// proves nothing but "now", unless ours may be the one that is wrong.
pub(super) fn moment(step: &Step<'_>, at: Moment) -> Moment {
    let is_ahead = at > step.now + CLOCK_SLACK;
    if is_ahead && step.scene.service.time_doubted.is_none() { step.now } else { at }
}

/// Whether what happened then has no effect any more. By a clock that may be wrong everything may look old.
pub(super) fn is_too_old(step: &Step<'_>, at: Moment) -> bool {
    step.now.since(at) > EVENT_AGE_MAX && step.scene.service.time_doubted.is_none()
}

fn meet(step: &mut Step<'_>, chat: &Chat) -> PersonId {
    let id = PersonId(step.scene.draw_id());
    step.scene.persons.put(id, Person::met(id, chat.from.clone(), step.now));
    step.scene.sender = Some(id);
    step.facts.push(Fact::Met(id));
    id
}

fn act(step: &mut Step<'_>, sender: PersonId, at: Moment, act: &Act) {
    match act {
        Act::Followed => {
            reached(step, sender, at);
            greet(step, sender);
        }
        Act::Blocked => join::blocked(step, sender, at),
        Act::Pressed(press) => {
            reached(step, sender, at);
            pressed(step, sender, at, *press);
        }
        Act::Picked(press, day) => {
            reached(step, sender, at);
            picked(step, sender, at, *press, *day);
        }
        Act::PressedUnknown => {
            step.facts.push(Fact::NotTheirs(sender));
            step.reply(Message::TryAgain);
        }
        Act::Said(said) => {
            reached(step, sender, at);
            heard(step, sender, at, said);
        }
        Act::Showed => {
            reached(step, sender, at);
            showed(step, sender, at);
        }
        Act::Other => {}
    }
}

/// An act in the chat proves that the chat works again.
fn reached(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    join::reached(step, sender, at);
}

/// LINE's word for a return is not reliable; whoever has a place in a team is one who returns.
fn greet(step: &mut Step<'_>, sender: PersonId) {
    if step.scene.places_of(sender).next().is_some() {
        let next = step.next_due(sender);
        step.reply(Message::WelcomeBack { next });
    } else {
        step.reply(Message::Greeting);
    }
}

fn pressed(step: &mut Step<'_>, sender: PersonId, at: Moment, press: Press) {
    if proves_life_in_passing(press) {
        answer::in_passing(step, sender, at);
    }
    if matches!(
        press,
        Press::Claim(_) | Press::FoundWell(_) | Press::NoContact(_) | Press::Emergency(_)
    ) {
        join::handles_alerts(step, sender, at);
    }
    meant(step, sender, at, press);
}

/// Carries out what a button means, wherever it stands.
pub(super) fn meant(step: &mut Step<'_>, sender: PersonId, at: Moment, press: Press) {
    match press {
        Press::BeWatched => setup::start(step, sender, Aim::BeWatched),
        Press::KeepWatch => setup::start(step, sender, Aim::KeepWatch),
        Press::HaveCode => {
            set_talk(step, sender, Talk::Code);
            step.reply(Message::AskCode);
        }
        Press::Agree => setup::agree(step, sender, at),
        Press::Kind(kind) => setup::choose_kind(step, sender, kind),
        Press::Interval(interval) => setup::choose_interval(step, sender, interval),
        Press::AllHours => setup::show_all_hours(step, sender),
        Press::Hour(hour) => setup::choose_hour(step, sender, hour),
        Press::AsProposed => setup::as_proposed(step, sender),
        Press::ChangeTime => setup::again(step, sender),
        Press::Join(code, role) => join::choose(step, sender, code, role),
        Press::Decline(_) => {
            set_talk(step, sender, Talk::Idle);
            step.reply(Message::Declined);
        }
        Press::Receives(team) => join::receives(step, sender, at, team),
        Press::InviteAny => invite::choose_any(step, sender),
        Press::Invite(team, kind) => invite::make(step, sender, team, kind),
        Press::Approve(team, person) => join::approve(step, sender, team, person, true),
        Press::Refuse(team, person) => join::approve(step, sender, team, person, false),
        Press::Usage => usage(step, sender),
        _ => pressed_within_the_watch(step, sender, at, press),
    }
}

/// Everything around questions, cases and rests.
fn pressed_within_the_watch(step: &mut Step<'_>, sender: PersonId, at: Moment, press: Press) {
    match press {
        Press::Practise => answer::practise(step, sender),
        Press::Practised => answer::practised(step, sender, at),
        Press::Well(person, due_at) => answer::pressed(step, sender, at, person, due_at),
        Press::WellNow if practice::takes_well(step, sender) => {}
        Press::WellNow => answer::alive(step, sender, at, Sign::Menu),
        Press::Practice(number, press) => practice::pressed(step, sender, number, press),
        Press::Unwell(person, due_at) => {
            answer::small(step, sender, at, (person, due_at), Trouble::Unwell);
        }
        Press::WantsTalk(person, due_at) => {
            answer::small(step, sender, at, (person, due_at), Trouble::WantsTalk);
        }
        Press::NotMeant(answered_at, case) => {
            answer::not_meant(step, sender, answered_at, case);
        }
        Press::Trouble => help::ask(step, sender, at),
        Press::TellHelp => help::tell(step, sender, at),
        Press::HelpMistake => help::cancel(step, sender, at),
        Press::TellUnwell => help::tell_unwell(step, sender, at),
        Press::AllRight => help::all_right(step, sender, at),
        Press::Claim(case) => care::claim(step, sender, at, case),
        Press::Look(case) => care::look(step, sender, case),
        Press::FoundWell(case) => care::found_well(step, sender, at, case),
        Press::NoContact(case) => care::no_contact(step, sender, at, case),
        Press::Emergency(case) => care::emergency(step, sender, at, case),
        Press::Reason(case, outcome) => care::reason(step, sender, at, case, outcome),
        Press::MoreReasons(case) => care::more_reasons(step, sender, case),
        Press::End(case, outcome) => care::end(step, sender, at, case, outcome),
        Press::SoftDone(case) => soft::done(step, sender, at, case),
        _ => pressed_to_change(step, sender, at, press),
    }
}

/// Rests, leaving, settings, and looking at how things are.
fn pressed_to_change(step: &mut Step<'_>, sender: PersonId, at: Moment, press: Press) {
    match press {
        Press::Bulletin(id, word) => bulletin::pressed(step, sender, at, id, word),
        Press::Pause => rest::ask(step, sender),
        Press::PauseDays(days, why) => rest::propose_days(step, sender, days, why),
        Press::PauseSure(last_day, why) => rest::begin(step, sender, last_day, why),
        Press::PauseEnd => rest::end(step, sender),
        Press::StillPaused(person) => rest::still(step, sender, person),
        Press::PauseOver(person) => rest::end_for(step, sender, person),
        Press::PauseFor(person, days, why) => rest::begin_for(step, sender, person, days, why),
        Press::Leave => leave::ask(step, sender),
        Press::LeaveSure => leave::stop_being_watched(step, sender),
        Press::LeaveTeam(team) => leave::confirm_team(step, sender, team),
        Press::LeaveTeamSure(team) => leave::leave_team(step, sender, team),
        Press::HandOver(team) => leave::hand_over(step, sender, team),
        Press::Stay => step.reply(Message::Declined),
        Press::Retime => settings::retime(step, sender),
        Press::Overview => overview::show(step, sender),
        Press::LookAt(person) => overview::look_at(step, sender, person),
        Press::Proxy(person) => overview::proxy(step, sender, at, person),
        Press::MyPage => overview::my_page(step, sender),
        Press::Mail => mailbox::ask(step, sender),
        Press::NoMail => mailbox::forget(step, sender),
        Press::Zone => settings::ask_zone(step, sender),
        Press::LiveIn(zone) => settings::live_in(step, sender, zone),
        Press::Quotes(wanted) => settings::quotes(step, sender, wanted),
        Press::TeamSettings(team) => settings::show_team(step, sender, team),
        Press::TeamQuiet(team, quiet) => settings::quiet_nights(step, sender, team, quiet),
        Press::TeamOffice(team, agreed) => settings::office_agreed(step, sender, team, agreed),
        Press::TeamQuotes(team, quotes) => {
            settings::change_team(step, sender, team, |team| team.quotes = quotes);
        }
        Press::TeamRetime(team) => settings::team_retime(step, sender, team),
        Press::NewLeaflet(team) => invite::anew(step, sender, team),
        // A picker without its day, and whatever the other two know.
        _ => step.reply(Message::TryAgain),
    }
}

/// Whether a button that is about something else shows all the same that its presser is alive and
/// well. What speaks of trouble does not, and answers speak for themselves.
fn proves_life_in_passing(press: Press) -> bool {
    !matches!(
        press,
        Press::Well(..)
            | Press::WellNow
            | Press::Unwell(..)
            | Press::WantsTalk(..)
            | Press::Practised
            | Press::NotMeant(..)
            | Press::Trouble
            | Press::TellHelp
            | Press::HelpMistake
            | Press::TellUnwell
            | Press::AllRight
            | Press::Bulletin(_, Word::Hurt | Word::Help)
    )
}

/// A day that was chosen with a button.
fn picked(step: &mut Step<'_>, sender: PersonId, at: Moment, press: Press, day: Date) {
    answer::in_passing(step, sender, at);
    match press {
        Press::PausePick(why) => rest::propose(step, sender, day, why),
        _ => step.reply(Message::TryAgain),
    }
}

fn heard(step: &mut Step<'_>, sender: PersonId, at: Moment, said: &Said) {
    match said.meaning {
        Meaning::Help => return help::ask(step, sender, at),
        Meaning::Code(code) => {
            answer::in_passing(step, sender, at);
            return join::try_code(step, sender, code);
        }
        Meaning::BrokenCode => {
            answer::in_passing(step, sender, at);
            return join::wrong_code(step, sender);
        }
        Meaning::Command(press) => return pressed(step, sender, at, press),
        Meaning::Free | Meaning::Unwell | Meaning::Interval(_) | Meaning::Hour(_) => {}
    }
    let (talk, watched) = match step.person(sender) {
        Some(person) => (person.talk.clone(), person.watch.is_some()),
        None => (Talk::Idle, false),
    };
    // Whoever says that they are not well means it, whatever was asked last.
    if said.meaning == Meaning::Unwell && watched {
        return help::unwell(step, sender, at);
    }
    match talk {
        Talk::Setup(setup) => {
            answer::in_passing(step, sender, at);
            setup::typed(step, sender, &setup, said);
        }
        // Whoever is watched here has written something else, and is alive.
        Talk::Code if watched => {
            set_talk(step, sender, Talk::Idle);
            answer::in_passing(step, sender, at);
            join::wrong_code(step, sender);
        }
        Talk::Code => join::wrong_code(step, sender),
        Talk::Mail => mailbox::given(step, sender, at, &said.text),
        Talk::MailCode => mailbox::confirm(step, sender, at, &said.text),
        Talk::Zone => settings::zone_typed(step, sender, at, said.place),
        Talk::Idle | Talk::Retime(_) | Talk::TeamRetime(..) => typed(step, sender, at, said),
    }
}

/// A text outside a registration.
fn typed(step: &mut Step<'_>, sender: PersonId, at: Moment, said: &Said) {
    let taken = match said.meaning {
        Meaning::Interval(interval) => settings::interval_chosen(step, sender, interval),
        Meaning::Hour(hour) => settings::hour_chosen(step, sender, hour),
        _ => false,
    };
    if taken {
        answer::in_passing(step, sender, at);
    } else {
        showed(step, sender, at);
    }
}

/// A text that answers nothing: a newcomer is shown the way in.
fn stray_text(step: &mut Step<'_>, sender: PersonId) {
    if step.scene.places_of(sender).next().is_some() {
        step.reply(Message::Unknown);
    } else {
        step.reply(Message::Greeting);
    }
}

/// A text, a sticker, a photo, a voice: somebody held the phone. Whoever is waited for has answered;
/// anyone else is told what can be done here.
fn showed(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    let waited_for = check::open_round(step, sender).is_some_and(|round| at >= round.due_at);
    let case = step.person(sender).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    if step.rules.any_sign_counts && (waited_for || case.is_some()) {
        answer::alive(step, sender, at, Sign::Other);
    } else {
        if step.rules.any_sign_counts {
            answer::note(step, sender, at, Sign::Other);
        }
        stray_text(step, sender);
    }
}

/// How this works, and everything that the sender can do here.
pub(super) fn usage(step: &mut Step<'_>, sender: PersonId) {
    let next = step.next_due(sender);
    let placed = step.scene.places_of(sender).next().is_some();
    let watches = step.scene.places_of(sender).any(|place| place.role == Role::Manager);
    let can_invite = invite::can_invite_somewhere(step, sender);
    step.reply(Message::Usage { next, placed, watches, can_invite });
}

/// Sets what the conversation waits for.
pub(super) fn set_talk(step: &mut Step<'_>, person: PersonId, talk: Talk) {
    if step.person(person).is_some_and(|p| p.talk != talk)
        && let Some(person) = step.scene.persons.change(&person)
    {
        person.talk = talk;
    }
}
