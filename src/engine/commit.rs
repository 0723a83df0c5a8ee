//! One group of events, one transaction. No task, no clock: the caller brings the moment.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use super::load;
use super::task::Memory;
use crate::domain::decide::{Context, Decision, decide};
use crate::domain::decision::{Effects, Outgoing, Reply};
use crate::domain::event::{Event, Upkeep};
use crate::domain::fact::Fact;
use crate::domain::id::OutboxId;
use crate::domain::invitation::Mint;
use crate::domain::mail::MailAddress;
use crate::domain::rules::Rules;
use crate::domain::scene::Scene;
use crate::domain::service::Service;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::store::{Anew, Row, Store, StoreError, Tables};

/// Turns a message into the bytes that its way out takes, as of the moment of the decision. Pure;
/// called while the transaction is open, so that the exact bytes are stored with the decision.
pub type Render = Box<dyn Fn(&Outgoing, Moment) -> Vec<u8> + Send>;

/// Forgetting of old events happens at most this often.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// A timer whose step failed comes again after this.
const SET_ASIDE_FOR: Duration = Duration::from_secs(600);

/// What a commit changed that others keep in memory.
#[derive(Debug, Default)]
pub struct Published {
    /// Timers set (or removed), in order.
    pub timers: Vec<(u32, Option<Moment>)>,
    /// Messages that have to leave.
    pub rows: Vec<Row>,
    /// Messages that must not leave any more.
    pub withdrawn: Vec<OutboxId>,
    /// Answers for free.
    pub replies: Vec<Reply>,
    /// Whether the time is doubted from now on, if that changed.
    pub doubts_time: Option<bool>,
}

/// What the steps of one group hand on to each other.
struct Shared {
    next_id: u32,
    service: Service,
    changed: bool,
    staff_changed: bool,
}

/// The writer.
pub struct Engine {
    store: Store,
    mint: Mint,
    rules: Rules,
    /// The office's mailboxes of the configuration; those of staff come on top.
    office_mail: Vec<MailAddress>,
    render: Render,
    decide: Decide,
    pruned_at: Moment,
}

/// The rules as one function.
type Decide = fn(&Event, Scene, Context<'_>) -> Decision;

impl Engine {
    /// A writer over an open data file.
    pub fn new(store: Store, rules: Rules, render: Render) -> Result<Self, StoreError> {
        let mint = store.read()?.mint()?;
        let pruned_at = Moment::from_millis(i64::MIN);
        let office_mail = rules.office_mail.clone();
        let mut engine = Self { store, mint, rules, office_mail, render, decide, pruned_at };
        engine.address_office()?;
        Ok(engine)
    }

    /// Letters to the office go to its mailboxes, and to everyone of the staff who gave an address.
    fn address_office(&mut self) -> Result<(), StoreError> {
        let staff = self.store.read()?.all_staff()?;
        let own = staff.iter().filter_map(Staff::hears_by_letter);
        let mut mailboxes = self.office_mail.clone();
        for mailbox in own {
            if !mailboxes.contains(&mailbox) {
                mailboxes.push(mailbox);
            }
        }
        self.rules.office_mail = mailboxes;
        Ok(())
    }

    /// Decides a group of events in order and commits what follows, all or nothing. When this
    /// returns, everything is on disk.
    pub fn commit<'e>(
        &mut self,
        now: Moment,
        events: impl IntoIterator<Item = &'e Event>,
    ) -> Result<Published, StoreError> {
        let writing = self.store.write()?;
        let mut published = Published::default();
        let staff_changed;
        {
            let mut tables = writing.tables();
            let first_id = tables.next_id()?;
            let mut shared = Shared {
                next_id: first_id,
                service: tables.service()?,
                changed: false,
                staff_changed: false,
            };
            let doubted_time = shared.service.time_doubted.is_some();
            for event in events {
                self.step(&mut tables, now, &mut shared, event, &mut published)?;
            }
            if shared.next_id != first_id {
                tables.set_next_id(shared.next_id)?;
            }
            if shared.changed {
                tables.put_service(&shared.service)?;
            }
            // By a clock that may be wrong everything may look old.
            let doubts_time = shared.service.time_doubted.is_some();
            published.doubts_time = Some(doubts_time).filter(|doubts| *doubts != doubted_time);
            let may_prune = now.since(self.pruned_at) >= PRUNE_EVERY;
            if may_prune && !doubts_time {
                tables.prune_seen(now)?;
                self.pruned_at = now;
            }
            staff_changed = shared.staff_changed;
        }
        writing.commit()?;
        if staff_changed {
            self.address_office()?;
        }
        Ok(published)
    }

    /// Notes that attempts begin, and returns the rows that still have to leave. A row that was
    /// withdrawn meanwhile is missing from the answer.
    pub fn begin_attempts(&self, now: Moment, ids: &[OutboxId]) -> Result<Vec<Row>, StoreError> {
        let writing = self.store.write()?;
        let mut rows = Vec::new();
        let mut changed = false;
        {
            let mut tables = writing.tables();
            for id in ids {
                let Some(mut row) = tables.row(*id)? else { continue };
                if row.first_try_at.is_none() {
                    row.first_try_at = Some(now);
                    tables.put_row(&row)?;
                    changed = true;
                }
                rows.push(row);
            }
        }
        if changed {
            writing.commit()?;
        }
        Ok(rows)
    }

    /// Remembers something that is no event.
    pub fn remember(&self, memory: &Memory) -> Result<(), StoreError> {
        let writing = self.store.write()?;
        match memory {
            Memory::Account(account) => writing.tables().set_account(account)?,
            Memory::Channel(keys) => writing.set_channel(keys)?,
        }
        writing.commit()
    }

    /// Puts a data file that was written anew in the place of the data. What is inside the answer left all as it was.
    pub fn take_over(&self, anew: &Anew) -> Result<Result<(), StoreError>, StoreError> {
        self.store.take_over(anew)
    }

    fn step(
        &self,
        tables: &mut Tables<'_>,
        now: Moment,
        shared: &mut Shared,
        event: &Event,
        published: &mut Published,
    ) -> Result<(), StoreError> {
        if let Some((at, id)) = event.identity()
            && !tables.note_seen(at, id)?
        {
            return Ok(());
        }
        let scene =
            Scene { next_id: shared.next_id, service: shared.service.clone(), ..Scene::default() };
        let scene = load::fill(scene, tables, &self.mint, (event, now))?;
        let context = Context { now, rules: &self.rules, mint: &self.mint };
        // A rule that panics over one person must not stop the watch over all others.
        let decide = self.decide;
        let decided = std::panic::catch_unwind(AssertUnwindSafe(|| decide(event, scene, context)));
        let Ok(decision) = decided else {
            return self.set_aside(tables, now, shared, event, published);
        };
        shared.next_id = decision.scene.next_id;
        if decision.scene.service_changed {
            shared.service.clone_from(&decision.scene.service);
            shared.changed = true;
        }
        shared.staff_changed |= decision.scene.staff.changes().next().is_some();
        self.write(tables, now, decision, published)
    }

    /// A step that failed is written down, and the office hears of it; the timer of a person who would now be forgotten
    /// comes again.
    fn set_aside(
        &self,
        tables: &mut Tables<'_>,
        now: Moment,
        shared: &mut Shared,
        event: &Event,
        published: &mut Published,
    ) -> Result<(), StoreError> {
        tracing::error!("a step failed and was set aside");
        if let Event::Timer { id, .. } = event {
            let again = Moment::from_seconds((now + SET_ASIDE_FOR).seconds());
            tables.put_timer(*id, Some(again))?;
            published.timers.push((*id, Some(again)));
        }
        tables.journal(now, &[Fact::SetAside])?;
        // Should telling fail as well, there is nothing left to tell it with.
        if matches!(event, Event::Upkeep(Upkeep::SetAside(_))) {
            return Ok(());
        }
        let whom = load::whom(tables, event)?;
        self.step(tables, now, shared, &Event::Upkeep(Upkeep::SetAside(whom)), published)
    }

    fn write(
        &self,
        tables: &mut Tables<'_>,
        now: Moment,
        decision: Decision,
        published: &mut Published,
    ) -> Result<(), StoreError> {
        let Decision { scene, effects, facts } = decision;
        write_entities(tables, &scene)?;
        super::staff::write(tables, &scene)?;
        for (_, erasure) in scene.erasures.changes() {
            erasure.map_or(Ok(()), |erasure| tables.put_erasure(erasure))?;
        }
        if let Some(erasure) = &scene.erasing {
            published.withdrawn.extend(tables.erase(erasure)?);
        }
        for (id, due_at) in scene.timers.changes() {
            tables.put_timer(*id, due_at.copied())?;
            published.timers.push((*id, due_at.copied()));
        }
        self.write_effects(tables, now, effects, published)?;
        tables.journal(now, &facts)
    }

    fn write_effects(
        &self,
        tables: &mut Tables<'_>,
        now: Moment,
        effects: Effects,
        published: &mut Published,
    ) -> Result<(), StoreError> {
        for id in effects.withdrawn {
            if tables.remove_row(id)? {
                published.withdrawn.push(id);
            }
        }
        for outgoing in effects.outgoing {
            // The identity is derived: a message that is on its way already is not doubled.
            if tables.row(outgoing.id)?.is_some() {
                continue;
            }
            let row = Row {
                body: (self.render)(&outgoing, now),
                id: outgoing.id,
                to: outgoing.to,
                purpose: outgoing.purpose,
                queued_at: now,
                first_try_at: None,
            };
            tables.put_row(&row)?;
            published.rows.push(row);
        }
        published.replies.extend(effects.reply);
        Ok(())
    }
}

fn write_entities(tables: &mut Tables<'_>, scene: &Scene) -> Result<(), StoreError> {
    for (id, person) in scene.persons.changes() {
        match person {
            Some(person) => tables.put_person(person)?,
            None => tables.remove_person(*id)?,
        }
    }
    for (_, team) in scene.teams.changes() {
        team.map_or(Ok(()), |team| tables.put_team(team))?;
    }
    for (key, member) in scene.members.changes() {
        match member {
            Some(member) => tables.put_member(member)?,
            None => tables.remove_member(*key)?,
        }
    }
    for (code, invitation) in scene.invitations.changes() {
        match invitation {
            Some(invitation) => tables.put_invitation(invitation)?,
            None => tables.remove_invitation(*code)?,
        }
    }
    for (_, organization) in scene.organizations.changes() {
        organization.map_or(Ok(()), |organization| tables.put_organization(organization))?;
    }
    for (_, case) in scene.cases.changes() {
        case.map_or(Ok(()), |case| tables.put_case(case))?;
    }
    for (person, details) in scene.details.changes() {
        details.map_or(Ok(()), |details| tables.put_details(*person, details))?;
    }
    for (_, group) in scene.groups.changes() {
        group.map_or(Ok(()), |group| tables.put_group(group))?;
    }
    for ((group, person), participant) in scene.participants.changes() {
        match participant {
            Some(participant) => tables.put_participant(participant)?,
            None => tables.remove_participant(*group, *person)?,
        }
    }
    for (_, bulletin) in scene.bulletins.changes() {
        bulletin.map_or(Ok(()), |bulletin| tables.put_bulletin(bulletin))?;
    }
    for ((bulletin, to), receipt) in scene.receipts.changes() {
        receipt.map_or(Ok(()), |receipt| tables.put_receipt(*bulletin, *to, receipt))?;
    }
    for ((person, token), session) in scene.page_sessions.changes() {
        match session {
            Some(session) => tables.put_page_session(session)?,
            None => tables.remove_page_session(*person, *token)?,
        }
    }
    for (case, record) in &scene.records {
        tables.add_record(*case, record)?;
    }
    write_face(tables, scene)?;
    for (person, past) in &scene.past {
        tables.put_past(*person, past)?;
    }
    Ok(())
}

/// How the service presents itself, and what is said of it.
fn write_face(tables: &mut Tables<'_>, scene: &Scene) -> Result<(), StoreError> {
    if let Some(opinion) = &scene.opinion {
        tables.add_opinion(opinion)?;
    }
    if scene.face_changed {
        tables.put_face(&scene.face)?;
    }
    if let Some(picture) = &scene.picture {
        tables.put_banner(picture)?;
    }
    if let Some(terms) = &scene.new_terms {
        tables.put_terms(terms)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Purpose;
    use crate::domain::id::{Address, PersonId};
    use crate::domain::message::{Message, OfficeNotice};
    use crate::domain::person::Person;

    const NOW: Moment = Moment::from_seconds(1_800_000_000);

    fn fails_over_timers(event: &Event, scene: Scene, context: Context<'_>) -> Decision {
        assert!(!matches!(event, Event::Timer { .. }), "a rule that fails");
        decide(event, scene, context)
    }

    fn fails_always(_: &Event, _: Scene, _: Context<'_>) -> Decision {
        panic!("nothing works any more")
    }

    /// A writer with one person, whose timer is due, and with the office's mailbox.
    fn engine(decide: Decide) -> (Engine, Event) {
        let store = Store::in_maps([1; 32]).unwrap();
        let writing = store.write().unwrap();
        {
            let mut tables = writing.tables();
            let address = Address::new("U00000000000000000000000000000001").unwrap();
            tables.put_person(&Person::met(PersonId(7), address, NOW)).unwrap();
            tables.put_timer(7, Some(NOW)).unwrap();
        }
        writing.commit().unwrap();
        let office_mail = vec![MailAddress::parse("welfare@example.jp").unwrap()];
        let rules = Rules { office_mail, ..Rules::default() };
        let render: Render = Box::new(|outgoing, _| format!("{:?}", outgoing.messages).into());
        let mut engine = Engine::new(store, rules, render).unwrap();
        engine.decide = decide;
        (engine, Event::Timer { id: 7, due_at: NOW })
    }

    #[test]
    fn a_rule_that_fails_is_told_to_the_office_with_whom_it_concerns_and_its_timer_comes_again() {
        let (mut engine, due) = engine(fails_over_timers);
        let published = engine.commit(NOW, [&due]).unwrap();
        assert_eq!(published.timers, [(7, Some(NOW + SET_ASIDE_FOR))]);
        let [letter] = published.rows.as_slice() else { panic!("{:?}", published.rows) };
        assert_eq!(letter.purpose, Purpose::Office);
        let said = Message::Office(OfficeNotice::SetAside(Some(PersonId(7))));
        assert_eq!(letter.body, format!("{:?}", [said]).into_bytes());
        // The same again within the day is no second letter.
        let later = engine.commit(NOW + SET_ASIDE_FOR, [&due]).unwrap();
        assert_eq!(later.rows, []);
    }

    #[test]
    fn where_telling_fails_too_the_timer_comes_again_all_the_same() {
        let (mut engine, due) = engine(fails_always);
        let published = engine.commit(NOW, [&due]).unwrap();
        assert_eq!(published.timers, [(7, Some(NOW + SET_ASIDE_FOR))]);
        let reading = engine.store.read().unwrap();
        let facts = reading.journal_after(0, 10).unwrap();
        assert!(facts.iter().all(|entry| entry.fact == Fact::SetAside) && facts.len() == 2);
    }
}
