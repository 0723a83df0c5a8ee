//! What one step can see and change: the entities around the event, loaded before and written
//! after. Whatever a rule asks for that was not loaded does not exist for it.

use std::collections::BTreeMap;

use super::bulletin::{Bulletin, Receipt};
use super::case::Case;
use super::decision::Purpose;
use super::details::Details;
use super::erasure::{Erasure, Hindrance};
use super::face::{Face, Picture, Terms};
use super::group::{Group, Participant};
use super::id::{
    Address, BulletinId, CaseId, GroupId, OrganizationId, OutboxId, PersonId, StaffId, TeamId, Way,
};
use super::invitation::{Code, Invitation};
use super::opinion::Opinion;
use super::organization::Organization;
use super::page::PageSession;
use super::person::Person;
use super::record::Record;
use super::round::PastRound;
use super::service::Service;
use super::staff::{Session, Staff, TokenHash};
use super::team::{Member, MemberKey, Policy, Role, Team};
use super::time::Moment;

/// One kind of entity, with what was changed about it.
#[derive(Debug, Clone)]
pub struct Shelf<K, V> {
    items: BTreeMap<K, V>,
    changed: BTreeMap<K, ()>,
}

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self { items: BTreeMap::new(), changed: BTreeMap::new() }
    }
}

impl<K: Ord + Clone, V> Shelf<K, V> {
    /// Places an entity that was read.
    pub fn load(&mut self, key: K, value: V) {
        self.items.insert(key, value);
    }

    /// Whether it was loaded or made.
    #[must_use]
    pub fn has(&self, key: &K) -> bool {
        self.items.contains_key(key)
    }

    /// Looks at an entity.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.items.get(key)
    }

    /// Takes an entity to change it.
    pub fn change(&mut self, key: &K) -> Option<&mut V> {
        let value = self.items.get_mut(key)?;
        self.changed.insert(key.clone(), ());
        Some(value)
    }

    /// Makes or replaces an entity.
    pub fn put(&mut self, key: K, value: V) {
        self.changed.insert(key.clone(), ());
        self.items.insert(key, value);
    }

    /// Removes an entity.
    pub fn remove(&mut self, key: &K) {
        if self.items.remove(key).is_some() {
            self.changed.insert(key.clone(), ());
        }
    }

    /// All entities, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.items.iter()
    }

    /// What was changed: the new value, or `None` where it was removed.
    pub fn changes(&self) -> impl Iterator<Item = (&K, Option<&V>)> {
        self.changed.keys().map(|key| (key, self.items.get(key)))
    }
}

/// The next few of those for whom a bulletin is.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Who; each is loaded.
    pub people: Vec<PersonId>,
    /// Everyone up to this number has been looked at.
    pub looked_to: u32,
    /// There are more behind it.
    pub more: bool,
}

/// The surroundings of one event.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// Who acted, if they are known.
    pub sender: Option<PersonId>,
    /// Persons around the event.
    pub persons: Shelf<PersonId, Person>,
    /// Teams of the persons concerned.
    pub teams: Shelf<TeamId, Team>,
    /// All managers of these teams, and the memberships of the persons concerned.
    pub members: Shelf<MemberKey, Member>,
    /// The invitations that the event speaks of, or of the team that it speaks of.
    pub invitations: Shelf<Code, Invitation>,
    /// Cases of the persons concerned.
    pub cases: Shelf<CaseId, Case>,
    /// Due times, by the number of the entity.
    pub timers: Shelf<u32, Moment>,
    /// Alerts still in the outbox: whether an attempt to send was made.
    pub outbox: BTreeMap<OutboxId, bool>,
    /// What the message was about whose delivery the event reports, while it is in the outbox.
    pub delivered: Option<Purpose>,
    /// Which way that message went.
    pub delivered_by: Option<Way>,
    /// Rounds that ended in this step.
    pub past: Vec<(PersonId, PastRound)>,
    /// The next free number.
    pub next_id: u32,
    /// Organizations of the teams concerned.
    pub organizations: Shelf<OrganizationId, Organization>,
    /// What the service knows about itself.
    pub service: Service,
    /// Whether that was changed.
    pub service_changed: bool,
    /// The accounts of staff that the event concerns.
    pub staff: Shelf<StaffId, Staff>,
    /// Their sessions.
    pub sessions: Shelf<TokenHash, Session>,
    /// Groups that the event is about.
    pub groups: Shelf<GroupId, Group>,
    /// Everyone who takes part in them.
    pub participants: Shelf<(GroupId, PersonId), Participant>,
    /// Bulletins that the event is about.
    pub bulletins: Shelf<BulletinId, Bulletin>,
    /// What came of them at the receivers concerned, by the number of person or group.
    pub receipts: Shelf<(BulletinId, u32), Receipt>,
    /// To whom a bulletin goes next.
    pub batch: Batch,
    /// Sessions of a person on pages of ours, where the event is about them.
    pub page_sessions: Shelf<(PersonId, TokenHash), PageSession>,
    /// Personal data, where the event is about it.
    pub details: Shelf<PersonId, Details>,
    /// How the service presents itself, where the event is about it.
    pub face: Face,
    /// Whether that was changed.
    pub face_changed: bool,
    /// A new picture for the pages.
    pub picture: Option<Picture>,
    /// A new version of the terms.
    pub new_terms: Option<Terms>,
    /// What was said of the service lately.
    pub opinions: Vec<Opinion>,
    /// What is said of it now.
    pub opinion: Option<Opinion>,
    /// The last record of the case that the event is about.
    pub last_record: Option<Record>,
    /// Records that were written in this step.
    pub records: Vec<(CaseId, Record)>,
    /// How many are asked in the teams in which somebody is to watch no longer.
    pub relying: BTreeMap<TeamId, usize>,
    /// What still waits to leave: for whoever is taken out of a team, or where it tells of whoever is forgotten again.
    pub waiting: Vec<(OutboxId, Purpose)>,
    /// What stands in the way of forgetting the person whom the event wants forgotten.
    pub hindrance: Option<Hindrance>,
    /// Who is forgotten in this step. Their rows go unread, however many there are.
    pub erasing: Option<Erasure>,
    /// Receipts of erasures, for what is to be noted on them or told of them.
    pub erasures: Shelf<PersonId, Erasure>,
}

impl Scene {
    /// Draws a fresh number.
    pub fn draw_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = self.next_id.saturating_add(1);
        id
    }

    /// Takes the state of the service to change it.
    pub fn change_service(&mut self) -> &mut Service {
        self.service_changed = true;
        &mut self.service
    }

    /// The heads of the organizations whose teams watch a person, each once and never the person.
    #[must_use]
    pub fn heads(&self, person: PersonId) -> Vec<PersonId> {
        let teams = self.teams_watching(person).filter_map(|team| self.teams.get(&team));
        let organizations = teams.filter_map(|team| self.organizations.get(&team.organization?));
        let mut heads: Vec<PersonId> =
            organizations.flat_map(|o| o.heads.iter().copied()).filter(|h| *h != person).collect();
        heads.sort_unstable();
        heads.dedup();
        heads
    }

    /// Whether a person heads the organization of a team.
    #[must_use]
    pub fn is_head_of(&self, team: TeamId, person: PersonId) -> bool {
        let organization = self.teams.get(&team).and_then(|team| team.organization);
        let organization = organization.and_then(|id| self.organizations.get(&id));
        organization.is_some_and(|organization| organization.heads.contains(&person))
    }

    /// The person with this address, if loaded.
    #[must_use]
    pub fn person_at(&self, address: &Address) -> Option<PersonId> {
        self.persons
            .iter()
            .find(|(_, person)| person.address.as_ref() == Some(address))
            .map(|(id, _)| *id)
    }

    /// The group with this address, if loaded.
    #[must_use]
    pub fn group_at(&self, address: &Address) -> Option<GroupId> {
        self.groups.iter().find(|(_, group)| group.address == *address).map(|(id, _)| *id)
    }

    /// The places of a person in teams.
    pub fn places_of(&self, person: PersonId) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|(_, member)| member).filter(move |member| member.person == person)
    }

    /// Whether a person has a role in a team.
    #[must_use]
    pub fn is_in(&self, team: TeamId, role: Role, person: PersonId) -> bool {
        self.members.has(&(team, role, person))
    }

    /// The managers of a team.
    pub fn managers(&self, team: TeamId) -> impl Iterator<Item = PersonId> {
        self.members
            .iter()
            .map(|(key, _)| *key)
            .filter(move |(of, role, _)| *of == team && *role == Role::Manager)
            .map(|(_, _, person)| person)
    }

    /// How much of a person may be written down: what the most open of their teams, or they themselves in a
    /// family, agreed to.
    #[must_use]
    pub fn policy(&self, person: PersonId) -> Policy {
        self.policies(person).map(|(_, policy)| policy).max().unwrap_or(Policy::Nothing)
    }

    /// How much of a person somebody may know who watches over them: by the teams that both are in.
    #[must_use]
    pub fn policy_for(&self, reader: PersonId, person: PersonId) -> Policy {
        let shared =
            self.policies(person).filter(|(team, _)| self.is_in(*team, Role::Manager, reader));
        shared.map(|(_, policy)| policy).max().unwrap_or(Policy::Nothing)
    }

    fn policies(&self, person: PersonId) -> impl Iterator<Item = (TeamId, Policy)> {
        let asked = self.places_of(person).filter(|place| place.role == Role::Member);
        asked.filter_map(|place| Some((place.team, place.policy(self.teams.get(&place.team)?))))
    }

    /// The teams in which a person is asked.
    pub fn teams_watching(&self, person: PersonId) -> impl Iterator<Item = TeamId> {
        self.places_of(person).filter(|place| place.role == Role::Member).map(|place| place.team)
    }

    /// Everyone who watches a person, each once and never the person: the managers of all teams
    /// the person is a member of.
    #[must_use]
    pub fn watchers(&self, person: PersonId) -> Vec<PersonId> {
        let teams: Vec<TeamId> = self.teams_watching(person).collect();
        let mut watchers: Vec<PersonId> = teams
            .into_iter()
            .flat_map(|team| self.managers(team))
            .filter(|m| *m != person)
            .collect();
        watchers.sort_unstable();
        watchers.dedup();
        watchers
    }
}
