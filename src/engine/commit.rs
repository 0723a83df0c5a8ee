//! One group of events, one transaction. No task, no clock: the caller brings the moment.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use super::load;
use crate::domain::decide::{Context, Decision, decide};
use crate::domain::decision::{Effects, Outgoing, Reply};
use crate::domain::event::Event;
use crate::domain::fact::Fact;
use crate::domain::id::OutboxId;
use crate::domain::invitation::Mint;
use crate::domain::rules::Rules;
use crate::domain::scene::Scene;
use crate::domain::service::Service;
use crate::domain::time::Moment;
use crate::store::{Account, Row, Store, StoreError, Tables};

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
}

/// What the steps of one group hand on to each other.
struct Shared {
    next_id: u32,
    service: Service,
    changed: bool,
}

/// The writer.
pub struct Engine {
    store: Store,
    mint: Mint,
    rules: Rules,
    render: Render,
    pruned_at: Moment,
}

impl Engine {
    /// A writer over an open data file.
    pub fn new(store: Store, rules: Rules, render: Render) -> Result<Self, StoreError> {
        let mint = Mint::new(&store.read()?.secret()?);
        Ok(Self { store, mint, rules, render, pruned_at: Moment::from_millis(i64::MIN) })
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
        {
            let mut tables = writing.tables();
            let first_id = tables.next_id()?;
            let mut shared =
                Shared { next_id: first_id, service: tables.service()?, changed: false };
            for event in events {
                self.step(&mut tables, now, &mut shared, event, &mut published)?;
            }
            if shared.next_id != first_id {
                tables.set_next_id(shared.next_id)?;
            }
            if shared.changed {
                tables.put_service(&shared.service)?;
            }
            if now.since(self.pruned_at) >= PRUNE_EVERY {
                tables.prune_seen(now)?;
                self.pruned_at = now;
            }
        }
        writing.commit()?;
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

    /// Remembers our account on LINE.
    pub fn remember(&self, account: &Account) -> Result<(), StoreError> {
        let writing = self.store.write()?;
        writing.tables().set_account(account)?;
        writing.commit()
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
        let scene = load::fill(scene, tables, &self.mint, event)?;
        let context = Context { now, rules: &self.rules, mint: &self.mint };
        // A rule that panics over one person must not stop the watch over all others.
        let decided = std::panic::catch_unwind(AssertUnwindSafe(|| decide(event, scene, context)));
        let Ok(decision) = decided else {
            return set_aside(tables, now, event, published);
        };
        shared.next_id = decision.scene.next_id;
        if decision.scene.service_changed {
            shared.service.clone_from(&decision.scene.service);
            shared.changed = true;
        }
        self.write(tables, now, decision, published)
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

/// A step that failed is written down; the timer of a person who would now be forgotten comes again.
fn set_aside(
    tables: &mut Tables<'_>,
    now: Moment,
    event: &Event,
    published: &mut Published,
) -> Result<(), StoreError> {
    tracing::error!("a step failed and was set aside");
    if let Event::Timer { id, .. } = event {
        let again = Moment::from_seconds((now + SET_ASIDE_FOR).seconds());
        tables.put_timer(*id, Some(again))?;
        published.timers.push((*id, Some(again)));
    }
    tables.journal(now, &[Fact::SetAside])
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
