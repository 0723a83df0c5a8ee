//! Bulletins: made and taken back at the desk, sent on a few at a time, answered in the chat. They stop before
//! anything else does when the month's messages come to their end.

use std::time::Duration;

use super::{Step, answer, help, office};
use crate::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Stage, TAKE_BACK, Whom, Word,
};
use crate::domain::decision::{Outgoing, Purpose};
use crate::domain::fact::Fact;
use crate::domain::id::{BulletinId, GroupId, PersonId, StaffId};
use crate::domain::message::{BulletinMessage, Message, OfficeNotice};
use crate::domain::staff::StaffFact;
use crate::domain::time::Moment;

/// Between two batches: the writer has other things to do.
const BETWEEN: Duration = Duration::from_secs(1);

/// Somebody sends one.
pub(super) fn send(step: &mut Step<'_>, by: StaffId, draft: &Draft) {
    let twice = |known: &Bulletin| known.by == by && known.draft.shown_at == draft.shown_at;
    if step.scene.bulletins.iter().any(|(_, known)| twice(known)) {
        return;
    }
    let id = BulletinId(step.scene.draw_id());
    let bulletin = Bulletin {
        id,
        by,
        since: step.now,
        draft: draft.clone(),
        run: 0,
        whom: Whom::Everyone,
        stage: Stage::Waiting,
        on_their_way: 0,
    };
    step.scene.bulletins.put(id, bulletin);
    step.set_timer(id.0, step.now + TAKE_BACK);
    step.facts.push(Fact::Staff(StaffFact::BulletinMade(by, id)));
}

/// Shows one to whoever writes it, on their own telephone.
pub(super) fn test(step: &mut Step<'_>, draft: &Draft, to: PersonId) {
    let (kind, text) = (draft.kind, draft.text.clone());
    let post = BulletinMessage::Post { id: None, kind, text, test: true };
    if step.is_reachable(to) {
        step.notify(to, Message::Bulletin(post));
    }
}

/// Takes one back, or stops it on its way: what is in the outbox by then still leaves.
pub(super) fn stop(step: &mut Step<'_>, by: StaffId, id: BulletinId) {
    let end = match step.scene.bulletins.get(&id).map(|bulletin| bulletin.stage) {
        Some(Stage::Waiting) => End::TakenBack,
        Some(Stage::Sending(_)) => End::Stopped,
        Some(Stage::Over(..)) | None => return,
    };
    over(step, id, end);
    step.facts.push(Fact::Staff(StaffFact::BulletinStopped(by, id)));
}

/// Sends one once more, to some of those for whom it is.
pub(super) fn again(step: &mut Step<'_>, by: StaffId, id: BulletinId, whom: Whom) {
    let now = step.now;
    let is_over = |known: &&mut Bulletin| matches!(known.stage, Stage::Over(..));
    let Some(bulletin) = step.scene.bulletins.change(&id).filter(is_over) else { return };
    bulletin.run = bulletin.run.saturating_add(1);
    bulletin.whom = whom;
    bulletin.since = now;
    bulletin.stage = Stage::Waiting;
    step.set_timer(id.0, now + TAKE_BACK);
    step.facts.push(Fact::Staff(StaffFact::BulletinAgain(by, id)));
}

fn over(step: &mut Step<'_>, id: BulletinId, end: End) {
    let now = step.now;
    if let Some(bulletin) = step.scene.bulletins.change(&id) {
        bulletin.stage = Stage::Over(now, end);
    }
    step.scene.timers.remove(&id.0);
}

/// The next few are due.
pub(super) fn timer(step: &mut Step<'_>, id: BulletinId) {
    let Some(bulletin) = step.scene.bulletins.get(&id).cloned() else { return };
    if matches!(bulletin.stage, Stage::Over(..)) {
        step.scene.timers.remove(&id.0);
        return;
    }
    if let Audience::Group(group) = bulletin.draft.audience {
        return to_group(step, &bulletin, group);
    }
    let batch = step.scene.batch.clone();
    let reached = batch.people.iter().filter(|person| step.is_reachable(**person)).count();
    if !messages_do(step, &bulletin, u32::try_from(reached).unwrap_or(u32::MAX)) {
        return over(step, id, End::NoMessages);
    }
    for person in batch.people {
        to_person(step, &bulletin, person);
    }
    if !batch.more {
        return over(step, id, End::Complete);
    }
    if let Some(bulletin) = step.scene.bulletins.change(&id) {
        bulletin.stage = Stage::Sending(batch.looked_to);
    }
    step.set_timer(id.0, step.now + BETWEEN);
}

/// Whether so many more messages leave what is kept for alerts alone, and what this month's questions need unless
/// it is urgent. What is in the outbox counts as sent.
fn messages_do(step: &Step<'_>, bulletin: &Bulletin, people: u32) -> bool {
    let quota = &step.scene.service.quota;
    let kept = quota.reserve(step.rules.alert_reserve_percent);
    let questions = if bulletin.draft.urgent { 0 } else { quota.forecast };
    let wanted =
        [people, bulletin.on_their_way, kept, questions].into_iter().fold(0, u32::saturating_add);
    people == 0 || quota.left(step.now).is_none_or(|left| left >= wanted)
}

fn name(bulletin: &Bulletin, to: u32) -> String {
    format!("bulletin/{}/{}/{to}", bulletin.id, bulletin.run)
}

fn to_person(step: &mut Step<'_>, bulletin: &Bulletin, person: PersonId) {
    let id = bulletin.id;
    let word = step.scene.receipts.get(&(id, person.0)).and_then(|receipt| receipt.word);
    if !step.is_reachable(person) {
        let receipt = Receipt { delivery: Delivery::Unreachable, word };
        return step.scene.receipts.put((id, person.0), receipt);
    }
    let Draft { kind, text, .. } = &bulletin.draft;
    let post = BulletinMessage::Post { id: Some(id), kind: *kind, text: text.clone(), test: false };
    let messages = vec![Message::Bulletin(post)];
    step.send(&name(bulletin, person.0), Purpose::Bulletin(id, person), messages);
    on_its_way(step, id, person.0, word);
}

fn to_group(step: &mut Step<'_>, bulletin: &Bulletin, group: GroupId) {
    let id = bulletin.id;
    let known = step.scene.groups.get(&group).filter(|group| group.is_here());
    let Some((to, size)) = known.map(|group| (group.address.clone(), group.size.max(1))) else {
        let receipt = Receipt { delivery: Delivery::Unreachable, word: None };
        step.scene.receipts.put((id, group.0), receipt);
        return over(step, id, End::Complete);
    };
    if !messages_do(step, bulletin, size) {
        return over(step, id, End::NoMessages);
    }
    let Draft { kind, text, .. } = bulletin.draft.clone();
    let post = BulletinMessage::Post { id: None, kind, text, test: false };
    let (row, purpose) =
        (step.mint.outbox_id(&name(bulletin, group.0)), Purpose::GroupBulletin(id, group));
    let messages = vec![Message::Bulletin(post)];
    step.effects.outgoing.push(Outgoing { id: row, to, purpose, messages });
    on_its_way(step, id, group.0, None);
    over(step, id, End::Complete);
}

fn on_its_way(step: &mut Step<'_>, id: BulletinId, to: u32, word: Option<(Word, Moment)>) {
    step.scene.receipts.put((id, to), Receipt { delivery: Delivery::OnItsWay, word });
    if let Some(bulletin) = step.scene.bulletins.change(&id) {
        bulletin.on_their_way = bulletin.on_their_way.saturating_add(1);
    }
}

/// LINE took it, or never will.
pub(super) fn delivered(step: &mut Step<'_>, id: BulletinId, to: u32, delivery: Delivery) {
    if let Some(bulletin) = step.scene.bulletins.change(&id) {
        bulletin.on_their_way = bulletin.on_their_way.saturating_sub(1);
    }
    if let Some(receipt) = step.scene.receipts.change(&(id, to)) {
        receipt.delivery = delivery;
    }
}

/// Somebody says something to it. Whoever got it may; whoever is not safe gets somebody to look, at once.
pub(super) fn pressed(
    step: &mut Step<'_>,
    sender: PersonId,
    at: Moment,
    id: BulletinId,
    word: Word,
) {
    let kind = step.scene.bulletins.get(&id).map(|bulletin| bulletin.draft.kind);
    let Some(kind) = kind.filter(|_| step.scene.receipts.has(&(id, sender.0))) else {
        step.facts.push(Fact::NotTheirs(sender));
        // It may be gone with a disk, or somebody passed it on: whoever needs help is asked what to do.
        return match word {
            Word::Hurt | Word::Help if kind != Some(Kind::Drill) => help::ask(step, sender, at),
            _ => step.reply(Message::TryAgain),
        };
    };
    // LINE may bring presses in another order than they were made.
    let receipt = step.scene.receipts.change(&(id, sender.0));
    let newer = receipt.filter(|receipt| receipt.word.is_none_or(|(_, said_at)| said_at <= at));
    if let Some(receipt) = newer {
        receipt.word = Some((word, at));
        step.facts.push(Fact::BulletinHeard(sender, id));
    }
    if kind == Kind::Check && matches!(word, Word::Hurt | Word::Help) {
        return get_help(step, sender, at, (id, word));
    }
    if matches!(word, Word::Hurt | Word::Help) {
        // In an exercise every word is a sign of life.
        answer::in_passing(step, sender, at);
    }
    step.reply(Message::Bulletin(BulletinMessage::Heard { word, drill: kind == Kind::Drill }));
}

/// A case like any call for help, on the office's board too: it was the office that asked. Of somebody who is not
/// asked otherwise there is no case; the office gets a letter, and sees them on the page of the bulletin.
fn get_help(step: &mut Step<'_>, sender: PersonId, at: Moment, (id, word): (BulletinId, Word)) {
    if step.person(sender).is_none_or(|person| person.watch.is_none()) {
        let name = step.name(sender);
        step.tell_office(
            &format!("bulletin/{id}/{sender}/{word:?}"),
            OfficeNotice::NeedsHelp { name, number: sender, hurt: word == Word::Hurt },
        );
        return step.reply(Message::Bulletin(BulletinMessage::Heard { word, drill: false }));
    }
    help::tell(step, sender, at);
    let case = step.person(sender).and_then(|person| person.watch.as_ref()).and_then(|w| w.case);
    if let Some(case) = case {
        office::tell(step, case);
    }
}
