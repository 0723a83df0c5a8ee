//! How those are whom somebody watches, what is known about oneself, and answering for somebody whom
//! one has met.

use super::{Step, care, cases, check, office};
use crate::domain::case::Actor;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::message::{GroupMessage, Message, MyPage, Standing, State};
use crate::domain::page::Page;
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::team::{Role, TeamName};
use crate::domain::time::Moment;

/// People shown at once.
const SHOWN_MAX: usize = 10;

/// How everyone is whom the sender watches; those who need somebody come first.
pub(super) fn show(step: &mut Step<'_>, sender: PersonId) {
    let managed: Vec<TeamId> = step
        .scene
        .places_of(sender)
        .filter(|place| place.role == Role::Manager)
        .map(|place| place.team)
        .collect();
    if managed.is_empty() {
        return my_page(step, sender);
    }
    let mut members: Vec<PersonId> = step
        .scene
        .members
        .iter()
        .filter(|((team, role, _), _)| managed.contains(team) && *role == Role::Member)
        .map(|((_, _, person), _)| *person)
        .filter(|person| *person != sender)
        .collect();
    members.sort_unstable();
    members.dedup();
    let mut people: Vec<Standing> =
        members.into_iter().filter_map(|person| standing(step, sender, person)).collect();
    people.sort_by(|a, b| a.state.cmp(&b.state).then(a.person.cmp(&b.person)));
    let more = people.len().saturating_sub(SHOWN_MAX);
    people.truncate(SHOWN_MAX);
    let link = step.link(sender, Page::Watching);
    step.reply(Message::Overview { people, more, link });
}

fn standing(step: &Step<'_>, reader: PersonId, person: PersonId) -> Option<Standing> {
    let p = step.person(person)?;
    let watch = p.watch.as_ref()?;
    let last_answer_at = watch.last_answer_at.map(|at| step.local(reader, at));
    Some(Standing { person, name: p.name.clone()?, state: state(step, p), last_answer_at })
}

fn state(step: &Step<'_>, person: &Person) -> State {
    let case = person.watch.as_ref().and_then(|watch| watch.case);
    State::of(person, case.and_then(|id| step.scene.cases.get(&id)))
}

/// How one is.
pub(super) fn look_at(step: &mut Step<'_>, sender: PersonId, person: PersonId) {
    if !step.scene.watchers(person).contains(&sender) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    let open = step.person(person).and_then(|p| p.watch.as_ref()?.case);
    if let Some(case) = open.filter(|case| step.scene.cases.get(case).is_some()) {
        return care::look(step, sender, case);
    }
    let Some(standing) = standing(step, sender, person) else { return };
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else { return };
    let may_answer = watch.round.is_some();
    let next = watch.pause.is_none().then(|| watch.schedule.next_after(step.now));
    let next = next.map(|next| step.local(sender, next));
    let (interval, hour) = (watch.schedule.interval, watch.schedule.hour);
    let link = step.link(sender, Page::Person(person));
    step.reply(Message::PersonCard { standing, interval, hour, next, may_answer, link });
}

/// "I met them, they are well."
pub(super) fn proxy(step: &mut Step<'_>, sender: PersonId, at: Moment, person: PersonId) {
    if !step.scene.watchers(person).contains(&sender) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    let open = step.person(person).and_then(|p| p.watch.as_ref()?.case);
    if let Some(case) = open.filter(|case| step.scene.cases.get(case).is_some()) {
        return care::found_well(step, sender, at, case);
    }
    let Some(name) = step.name(person) else { return };
    if let Some(round) = check::open_round(step, person).filter(|round| at >= round.due_at) {
        let by = Actor::Person(sender);
        check::answered_by_proxy(step, person, (by, at), round.due_at);
        step.facts.push(Fact::AnsweredFor(person, by));
    }
    step.reply(Message::ProxyThanks { name });
}

/// What is known about the sender.
pub(super) fn my_page(step: &mut Step<'_>, sender: PersonId) {
    let Some(p) = step.person(sender).cloned() else { return };
    let grouped = step.scene.participants.iter().any(|((_, person), _)| *person == sender);
    let Some(name) = p.name.clone() else {
        // Whoever only takes part in a group has no name with us, and a page all the same.
        let link = step.link(sender, Page::Groups);
        return step.reply(if grouped {
            Message::Group(GroupMessage::Pages { link })
        } else {
            Message::Greeting
        });
    };
    let watch = p.watch.as_ref();
    let pause = watch.and_then(|watch| watch.pause.as_ref());
    let watches: Vec<(TeamId, TeamName)> = step
        .scene
        .places_of(sender)
        .filter(|place| place.role == Role::Manager)
        .filter_map(|place| Some((place.team, step.scene.teams.get(&place.team)?.name.clone())))
        .collect();
    let page = MyPage {
        id: sender,
        name,
        since: step.local(sender, p.since),
        schedule: watch.map(|watch| (watch.schedule.interval, watch.schedule.hour)),
        zone: (p.zone != Zone::default()).then(|| p.zone.name().to_owned()),
        next: step.next_due(sender).filter(|_| pause.is_none()),
        resting: pause.map(|pause| pause.last_day),
        member_until: p.membership.map(|membership| membership.until),
        last_answer_at: watch.and_then(|w| w.last_answer_at).map(|at| step.local(sender, at)),
        watchers: step.watchers_named(&step.scene.watchers(sender)),
        policy: watch.map(|_| step.scene.policy(sender)),
        office: office::watches_itself(step, sender),
        someone_receives: cases::someone_receives(step, sender),
        quotes: p.quotes,
        watches,
        mail: step.rules.letters.then_some(p.mailbox().is_some()),
        link: step.link(sender, Page::Own),
    };
    step.reply(Message::MyPage(Box::new(page)));
}
