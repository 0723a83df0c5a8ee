//! Loads the scene of an event: the person, their teams, those who watch, and what the event
//! names. Bounded: a step never reads the members of a large team.

use crate::domain::decide::alert_id;
use crate::domain::decision::Purpose;
use crate::domain::event::{Act, Chat, Event, Meaning};
use crate::domain::id::{CaseId, OutboxId, PersonId, TeamId};
use crate::domain::invitation::{Code, Mint};
use crate::domain::person::{Aim, Setup, Talk};
use crate::domain::press::Press;
use crate::domain::rules::{MANAGERS_PER_TEAM_MAX, TEAMS_PER_PERSON_MAX};
use crate::domain::scene::Scene;
use crate::domain::team::{Role, TeamKind};
use crate::store::{StoreError, Tables};

/// Members of a family that a step looks at; larger teams are not read whole.
const FAMILY_MEMBERS_MAX: usize = 20;

/// Loads the scene of `event`.
pub(super) fn scene(
    tables: &Tables<'_>,
    mint: &Mint,
    next_id: u32,
    event: &Event,
) -> Result<Scene, StoreError> {
    let mut loader = Loader {
        tables,
        mint,
        scene: Scene { next_id, ..Scene::default() },
        seen_teams: Vec::new(),
    };
    match event {
        Event::Chat(chat) => loader.chat(chat)?,
        Event::Timer { id, .. } => loader.around(PersonId(*id))?,
        Event::Accepted { message, .. } | Event::Failed { message, .. } => {
            loader.delivery(*message)?;
        }
        Event::ReplyRefused { to, .. } => {
            if let Some(person) = tables.person_at(to)? {
                loader.person(person)?;
            }
        }
    }
    Ok(loader.scene)
}

struct Loader<'a, 't> {
    tables: &'a Tables<'t>,
    mint: &'a Mint,
    scene: Scene,
    seen_teams: Vec<TeamId>,
}

impl Loader<'_, '_> {
    fn chat(&mut self, chat: &Chat) -> Result<(), StoreError> {
        let Some(sender) = self.tables.person_at(&chat.from)? else {
            return self.act(&chat.act);
        };
        self.scene.sender = Some(sender);
        self.around(sender)?;
        let talk = self.scene.persons.get(&sender).map(|person| person.talk.clone());
        if let Some(Talk::Setup(Setup { aim: Aim::Join { code, .. }, .. })) = talk {
            self.code(code)?;
        }
        self.act(&chat.act)
    }

    /// Loads what the act itself names.
    fn act(&mut self, act: &Act) -> Result<(), StoreError> {
        match act {
            Act::Pressed(press) => self.press(*press),
            Act::Said(said) => match said.meaning {
                Meaning::Code(code) => self.code(code),
                Meaning::Command(press) => self.press(press),
                Meaning::Free | Meaning::BrokenCode | Meaning::Interval(_) | Meaning::Hour(_) => {
                    Ok(())
                }
            },
            Act::Followed | Act::Blocked | Act::PressedUnknown | Act::Showed | Act::Other => Ok(()),
        }
    }

    fn press(&mut self, press: Press) -> Result<(), StoreError> {
        match press {
            Press::Join(code, _) | Press::Decline(code) => self.code(code),
            Press::Claim(case)
            | Press::Look(case)
            | Press::FoundWell(case)
            | Press::NoContact(case)
            | Press::Emergency(case)
            | Press::Reason(case, _) => self.case(case),
            Press::Receives(team) => self.team(team),
            Press::Invite(team, _) => {
                self.team(team)?;
                for code in self.tables.codes(team)? {
                    self.code(code)?;
                }
                Ok(())
            }
            Press::BeWatched
            | Press::KeepWatch
            | Press::HaveCode
            | Press::Agree
            | Press::Kind(_)
            | Press::Interval(_)
            | Press::AllHours
            | Press::Hour(_)
            | Press::AsProposed
            | Press::ChangeTime
            | Press::Practise
            | Press::Practised
            | Press::Well(..)
            | Press::WellNow
            | Press::InviteAny
            | Press::Usage
            | Press::Trouble
            | Press::Pause => Ok(()),
        }
    }

    fn delivery(&mut self, message: OutboxId) -> Result<(), StoreError> {
        let Some(row) = self.tables.row(message)? else { return Ok(()) };
        self.scene.delivered = Some(row.purpose);
        match row.purpose {
            Purpose::Alert(case, person) => {
                self.case(case)?;
                self.around(person)
            }
            Purpose::Resend(person, _) | Purpose::Ask(person, _) => self.around(person),
            Purpose::AllClear(_, person) | Purpose::Notice(person) => self.around(person),
        }
    }

    /// A person with everyone who watches them and their open case.
    fn around(&mut self, id: PersonId) -> Result<(), StoreError> {
        self.person(id)?;
        for key in self.tables.places(id)?.into_iter().take(TEAMS_PER_PERSON_MAX * 2) {
            if let Some(member) = self.tables.member(key)? {
                self.scene.members.load(key, member);
            }
            self.team(key.0)?;
        }
        let case = self.scene.persons.get(&id).and_then(|p| p.watch.as_ref()).and_then(|w| w.case);
        case.map_or(Ok(()), |case| self.case(case))
    }

    fn person(&mut self, id: PersonId) -> Result<(), StoreError> {
        if self.scene.persons.has(&id) {
            return Ok(());
        }
        let Some(person) = self.tables.person(id)? else { return Ok(()) };
        if let Some(due_at) = self.tables.timer(id.0)? {
            self.scene.timers.load(id.0, due_at);
        }
        self.scene.persons.load(id, person);
        Ok(())
    }

    /// A team with its managers; of a family also the members.
    fn team(&mut self, id: TeamId) -> Result<(), StoreError> {
        if self.seen_teams.contains(&id) {
            return Ok(());
        }
        self.seen_teams.push(id);
        let Some(team) = self.tables.team(id)? else { return Ok(()) };
        let personal = team.kind == TeamKind::Personal;
        self.scene.teams.load(id, team);
        self.members(id, Role::Manager, MANAGERS_PER_TEAM_MAX)?;
        if personal {
            self.members(id, Role::Member, FAMILY_MEMBERS_MAX)?;
        }
        Ok(())
    }

    fn members(&mut self, team: TeamId, role: Role, count_max: usize) -> Result<(), StoreError> {
        let mut cases = Vec::new();
        for member in self.tables.members(team, role, count_max)? {
            self.person(member.person)?;
            let watch = self.scene.persons.get(&member.person).and_then(|p| p.watch.as_ref());
            cases.extend(watch.and_then(|watch| watch.case).filter(|_| role == Role::Member));
            self.scene.members.load(member.key(), member);
        }
        // Who comes to watch over a family has to hear of what is open there.
        cases.into_iter().try_for_each(|case| self.case(case))
    }

    fn code(&mut self, code: Code) -> Result<(), StoreError> {
        let Some(invitation) = self.tables.invitation(code)? else { return Ok(()) };
        self.person(invitation.by)?;
        self.team(invitation.team)?;
        self.scene.invitations.load(code, invitation);
        Ok(())
    }

    fn case(&mut self, id: CaseId) -> Result<(), StoreError> {
        if self.scene.cases.has(&id) {
            return Ok(());
        }
        let Some(case) = self.tables.case(id)? else { return Ok(()) };
        let (person, receivers) = (case.person, case.receivers.clone());
        self.scene.cases.load(id, case);
        for receiver in receivers {
            self.person(receiver.person)?;
            let alert = alert_id(self.mint, id, receiver.person);
            if let Some(row) = self.tables.row(alert)? {
                self.scene.outbox.insert(alert, row.first_try_at.is_some());
            }
        }
        self.around(person)
    }
}
