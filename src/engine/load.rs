//! Loads the scene of an event: the person, their teams, those who watch, and what the event
//! names. Bounded: a step never reads the members of a large team.

mod cases;
mod desk;
mod practice;

use crate::domain::bulletin::Audience;
use crate::domain::decision::Purpose;
use crate::domain::event::{
    Act, Chat, Event, Failure, GroupAct, GroupEvent, GroupNews, Meaning, Upkeep,
};
use crate::domain::group::PARTICIPANTS_MAX;
use crate::domain::id::{BulletinId, CaseId, GroupId, OrganizationId, OutboxId, PersonId, TeamId};
use crate::domain::invitation::{Code, CodeKind, Mint};
use crate::domain::ladder::Rung;
use crate::domain::page::{PageAct, PageDeed, PageEvent};
use crate::domain::person::{Aim, Setup, Talk};
use crate::domain::press::Press;
use crate::domain::rules::{MANAGERS_PER_TEAM_MAX, TEAMS_PER_PERSON_MAX};
use crate::domain::scene::Scene;
use crate::domain::staff::Deed;
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::store::{StoreError, Tables};

/// Members of a family that a step looks at; larger teams are not read whole.
const FAMILY_MEMBERS_MAX: usize = 20;

/// Opinions among which somebody's own of the day are counted.
const OPINIONS_COMPARED: usize = 500;

/// Members of each team that a list for their manager looks at.
const OVERVIEW_MEMBERS_MAX: usize = 300;

/// Teams of the organizations that somebody heads, as far as a list can show them.
const HEADED_TEAMS_MAX: usize = 20;

/// Fills the scene of `event`.
pub(super) fn fill(
    scene: Scene,
    tables: &Tables<'_>,
    mint: &Mint,
    (event, now): (&Event, Moment),
) -> Result<Scene, StoreError> {
    let mut loader = Loader { tables, mint, now, scene, seen_teams: Vec::new() };
    match event {
        Event::Chat(chat) => loader.chat(chat)?,
        Event::Timer { id, .. } => loader.timer(*id)?,
        Event::Accepted { message, .. } => loader.delivery(*message)?,
        Event::Failed { message, why, .. } => {
            loader.delivery(*message)?;
            let to = loader.scene.delivered.and_then(|purpose| purpose.receiver());
            // Whoever LINE does not know is lost, as one who blocked us is.
            if let Some(to) = to.filter(|_| *why == Failure::UnknownReceiver) {
                loader.open_cases_concerning(to)?;
            }
        }
        Event::Staff(act) => {
            super::staff::load(tables, &act.deed, &mut loader.scene)?;
            if let Deed::Desk { act, .. } = &act.deed {
                loader.desk(act)?;
            }
        }
        Event::ReplyRefused { to, .. } => {
            if let Some(person) = tables.person_at(to)? {
                loader.person(person)?;
            }
        }
        Event::Upkeep(upkeep) => loader.upkeep(*upkeep)?,
        Event::Page(event) => loader.page(event)?,
        Event::Group(event) => loader.group_event(event)?,
        Event::GroupNews(news) => loader.group_news(news)?,
    }
    Ok(loader.scene)
}

/// Whom an event is about, as far as it says so.
pub(super) fn whom(tables: &Tables<'_>, event: &Event) -> Result<Option<PersonId>, StoreError> {
    Ok(match event {
        Event::Chat(chat) => tables.person_at(&chat.from)?,
        Event::Timer { id, .. } => match tables.case(CaseId(*id))? {
            Some(case) => Some(case.person),
            None => tables.person(PersonId(*id))?.map(|person| person.id),
        },
        Event::Accepted { message, .. } | Event::Failed { message, .. } => {
            tables.row(*message)?.and_then(|row| row.purpose.receiver())
        }
        Event::Page(event) => Some(event.by),
        Event::Upkeep(
            Upkeep::Stray(person)
            | Upkeep::Recheck(person)
            | Upkeep::AskAfresh(person)
            | Upkeep::Reach { person, .. },
        ) => Some(*person),
        _ => None,
    })
}

struct Loader<'a, 't> {
    tables: &'a Tables<'t>,
    mint: &'a Mint,
    now: Moment,
    scene: Scene,
    seen_teams: Vec<TeamId>,
}

impl Loader<'_, '_> {
    /// A timer belongs to a person or to a case.
    fn timer(&mut self, id: u32) -> Result<(), StoreError> {
        self.around(PersonId(id))?;
        if self.scene.persons.has(&PersonId(id)) {
            return Ok(());
        }
        self.group(GroupId(id))?;
        // Whoever is missing here may have answered elsewhere.
        let of_group: Vec<PersonId> =
            self.scene.participants.iter().map(|((_, person), _)| *person).collect();
        of_group.into_iter().try_for_each(|person| self.person(person))?;
        self.case(CaseId(id))?;
        self.bulletin(BulletinId(id))?;
        self.practice_of(id)?;
        self.due(id)?;
        let digest =
            self.scene.cases.get(&CaseId(id)).is_some_and(|case| case.rung == Rung::Digest);
        if digest { self.open_cases_beside(CaseId(id)) } else { Ok(()) }
    }

    fn upkeep(&mut self, upkeep: Upkeep) -> Result<(), StoreError> {
        match upkeep {
            Upkeep::Reach { person, reachable: false, .. } => {
                self.around(person)?;
                self.open_cases_concerning(person)
            }
            Upkeep::Reach { person, .. } => {
                self.around(person)?;
                self.open_cases_watched_by(person)
            }
            Upkeep::StrayCase(case) | Upkeep::RaiseAfresh(case) => self.case(case),
            Upkeep::Recheck(person)
            | Upkeep::AskAfresh(person)
            | Upkeep::Stray(person)
            | Upkeep::TestManager(person)
            | Upkeep::Membership(person) => self.around(person),
            Upkeep::FileClean(person) => self.erasure(person),
            Upkeep::EraseAgain(forgotten) => self.whom_to_erase_again(forgotten.person),
            Upkeep::Started { .. } => self.forgotten_again(),
            Upkeep::Beat { .. }
            | Upkeep::StoodStill(_)
            | Upkeep::Time(_)
            | Upkeep::Probed(_)
            | Upkeep::Swept(_)
            | Upkeep::MadeGood
            | Upkeep::BackedUp(_)
            | Upkeep::NotBackedUp(_)
            | Upkeep::Ails(_)
            | Upkeep::Quota { .. }
            | Upkeep::Stuck(_)
            | Upkeep::Report(..)
            | Upkeep::SetAside(_)
            | Upkeep::Audited(_) => Ok(()),
        }
    }

    /// What somebody does on a page of ours.
    fn page(&mut self, event: &PageEvent) -> Result<(), StoreError> {
        let by = event.by;
        self.page_sessions(by)?;
        let PageDeed::Did(act) = &event.deed else { return self.person(by) };
        self.scene.sender = Some(by);
        self.around(by)?;
        match act {
            PageAct::Press(press) => match press.group() {
                Some(group) => self.group(group),
                None => self.press(*press),
            },
            PageAct::TeamRetime(team, ..) => self.team(*team),
            PageAct::Settle(case, _) => {
                self.case(*case)?;
                self.groups_around(*case)
            }
            PageAct::Write(person, _) => {
                self.details(*person)?;
                self.around(*person)
            }
            PageAct::Allow(..) => self.details(by),
            PageAct::Viewed(person) => self.around(*person),
            PageAct::Opine(_) => {
                self.scene.opinions = self.tables.newest_opinions(OPINIONS_COMPARED)?;
                Ok(())
            }
            PageAct::Retime(..) | PageAct::Rename(_) | PageAct::Agree => Ok(()),
        }
    }

    /// What happened in a group, with whoever it names.
    fn group_event(&mut self, event: &GroupEvent) -> Result<(), StoreError> {
        if let Some(group) = self.tables.group_at(&event.group)? {
            self.group(group)?;
        }
        let named = match &event.act {
            GroupAct::Went(people) => people.as_slice(),
            _ => &[],
        };
        for address in event.by.iter().chain(named.iter().take(PARTICIPANTS_MAX)) {
            if let Some(person) = self.tables.person_at(address)? {
                self.person(person)?;
            }
        }
        Ok(())
    }

    fn group_news(&mut self, news: &GroupNews) -> Result<(), StoreError> {
        match news {
            GroupNews::Counted(group, _)
            | GroupNews::Called(group, ..)
            | GroupNews::NamedAll(group, _)
            | GroupNews::Behind(group)
            | GroupNews::Stray(group) => self.group(*group),
        }
    }

    /// A group with everyone who takes part, its timer and its leader.
    fn group(&mut self, id: GroupId) -> Result<(), StoreError> {
        let Some(group) = self.tables.group(id)? else { return Ok(()) };
        for participant in self.tables.participants(id)? {
            self.scene.participants.load((id, participant.person), participant);
        }
        if let Some(due_at) = self.tables.timer(id.0)? {
            self.scene.timers.load(id.0, due_at);
        }
        if let Some(leader) = group.leader {
            self.person(leader)?;
        }
        self.scene.groups.load(id, group);
        Ok(())
    }

    fn page_sessions(&mut self, person: PersonId) -> Result<(), StoreError> {
        for session in self.tables.page_sessions_of(person)? {
            self.scene.page_sessions.load((person, session.token), session);
        }
        Ok(())
    }

    fn details(&mut self, person: PersonId) -> Result<(), StoreError> {
        if let Some(details) = self.tables.details(person)? {
            self.scene.details.load(person, details);
        }
        Ok(())
    }

    /// A team with its codes, so that a new one knows of those before it.
    fn team_with_codes(&mut self, team: TeamId) -> Result<(), StoreError> {
        self.team(team)?;
        for code in self.tables.codes(team)? {
            self.code(code)?;
        }
        Ok(())
    }

    /// The teams of the organizations that the sender heads.
    fn headed_by_sender(&mut self) -> Result<(), StoreError> {
        let Some(sender) = self.scene.sender else { return Ok(()) };
        let all = self.tables.all_organizations()?;
        let teams: Vec<TeamId> = all
            .into_iter()
            .filter(|organization| organization.heads.contains(&sender))
            .flat_map(|organization| organization.teams)
            .take(HEADED_TEAMS_MAX)
            .collect();
        teams.into_iter().try_for_each(|team| self.team(team))
    }

    fn chat(&mut self, chat: &Chat) -> Result<(), StoreError> {
        self.practice()?;
        let Some(sender) = self.tables.person_at(&chat.from)? else {
            return self.act(&chat.act);
        };
        self.scene.sender = Some(sender);
        self.around(sender)?;
        let talk = self.scene.persons.get(&sender).map(|person| person.talk.clone());
        if let Some(Talk::Setup(Setup { aim: Aim::Join { code, .. }, .. })) = talk {
            self.code(code)?;
        }
        // Who comes back has to hear of what is open where they watch.
        if self.scene.persons.get(&sender).is_some_and(|person| !person.is_reachable()) {
            self.open_cases_watched_by(sender)?;
        }
        self.act(&chat.act)
    }

    /// Loads what the act itself names.
    fn act(&mut self, act: &Act) -> Result<(), StoreError> {
        match act {
            Act::Pressed(press) | Act::Picked(press, _) => self.press(*press),
            Act::Said(said) => match said.meaning {
                Meaning::Code(code) => self.code(code),
                Meaning::Command(press) => self.press(press),
                Meaning::Free
                | Meaning::BrokenCode
                | Meaning::Interval(_)
                | Meaning::Hour(_)
                | Meaning::Help
                | Meaning::Unwell => Ok(()),
            },
            Act::Blocked => match self.scene.sender {
                Some(sender) => self.open_cases_concerning(sender),
                None => Ok(()),
            },
            Act::Followed | Act::PressedUnknown | Act::Showed | Act::Other => Ok(()),
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
            | Press::MoreReasons(case)
            | Press::SoftDone(case)
            | Press::NotMeant(_, Some(case))
            | Press::Reason(case, _) => self.case(case),
            Press::End(case, _) => {
                self.case(case)?;
                self.groups_around(case)
            }
            Press::Receives(team)
            | Press::TeamSettings(team)
            | Press::TeamQuotes(team, _)
            | Press::TeamRetime(team) => self.team(team),
            Press::LeaveTeam(team) | Press::LeaveTeamSure(team) | Press::HandOver(team) => {
                self.scene.sender.map_or(Ok(()), |sender| self.team_to_leave(team, sender))
            }
            // What waits, or was kept from the office, may be told at once.
            Press::TeamQuiet(team, _) | Press::TeamOffice(team, _) => {
                self.team(team)?;
                self.open_cases_in(&[team])
            }
            Press::Approve(team, person) | Press::Refuse(team, person) => {
                self.team(team)?;
                self.open_cases_in(&[team])?;
                self.around(person)
            }
            Press::StillPaused(person)
            | Press::PauseOver(person)
            | Press::PauseFor(person, _, _)
            | Press::LookAt(person)
            | Press::Proxy(person) => self.around(person),
            Press::Bulletin(id, _) => match self.scene.sender {
                Some(sender) => self.receipt(id, sender.0),
                None => Ok(()),
            },
            Press::Overview => self.watched_by_sender(),
            Press::MyPage => self.groups_of_sender(),
            Press::Invite(team, _) | Press::NewLeaflet(team) => self.team_with_codes(team),
            Press::InviteAny | Press::Usage => self.headed_by_sender(),
            // The others are about the sender alone, who is loaded.
            _ => Ok(()),
        }
    }

    fn groups_with(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.tables.groups_of(person)?.into_iter().try_for_each(|group| self.group(group))
    }

    /// Where the sender takes part, without the others there.
    fn groups_of_sender(&mut self) -> Result<(), StoreError> {
        let Some(sender) = self.scene.sender else { return Ok(()) };
        for group in self.tables.groups_of(sender)? {
            let own = self.tables.participants(group)?.into_iter().find(|p| p.person == sender);
            if let Some(own) = own {
                self.scene.participants.load((group, sender), own);
            }
        }
        Ok(())
    }

    /// Everyone whom the sender watches, as far as a list can show them.
    fn watched_by_sender(&mut self) -> Result<(), StoreError> {
        let Some(sender) = self.scene.sender else { return Ok(()) };
        let places = self.tables.places(sender)?.into_iter();
        for (team, _, _) in places.filter(|(_, role, _)| *role == Role::Manager) {
            self.members(team, Role::Member, OVERVIEW_MEMBERS_MAX)?;
        }
        Ok(())
    }

    fn delivery(&mut self, message: OutboxId) -> Result<(), StoreError> {
        let Some(row) = self.tables.row(message)? else { return Ok(()) };
        self.scene.delivered = Some(row.purpose);
        self.scene.delivered_by = Some(row.to.way());
        match row.purpose {
            Purpose::Alert(case, person)
            | Purpose::Raise(case, person)
            | Purpose::AllClear(case, person) => {
                self.case(case)?;
                self.around(person)
            }
            Purpose::Resend(person, _) | Purpose::Sorry(person, _) | Purpose::Ask(person, _) => {
                self.around(person)
            }
            Purpose::Notice(person) => self.around(person),
            Purpose::GroupAsk(group, _) | Purpose::GroupReport(group, _) => self.group(group),
            Purpose::Bulletin(id, person) => {
                self.receipt(id, person.0)?;
                self.around(person)
            }
            Purpose::GroupBulletin(id, group) => {
                self.receipt(id, group.0)?;
                self.group(group)
            }
            Purpose::Office | Purpose::Trial(_) => Ok(()),
        }
    }

    /// A bulletin, its timer, and the next few of those for whom it is.
    fn bulletin(&mut self, id: BulletinId) -> Result<(), StoreError> {
        let Some(bulletin) = self.tables.bulletin(id)? else { return Ok(()) };
        if let Some(due_at) = self.tables.timer(id.0)? {
            self.scene.timers.load(id.0, due_at);
        }
        if let Audience::Group(group) = bulletin.draft.audience {
            self.group(group)?;
        }
        super::bulletin::next(self.tables, &mut self.scene, &bulletin)?;
        self.scene.bulletins.load(id, bulletin);
        Ok(())
    }

    /// A bulletin, and what came of it at one receiver.
    fn receipt(&mut self, id: BulletinId, to: u32) -> Result<(), StoreError> {
        if let Some(bulletin) = self.tables.bulletin(id)? {
            self.scene.bulletins.load(id, bulletin);
        }
        if let Some(receipt) = self.tables.receipt(id, to)? {
            self.scene.receipts.load((id, to), receipt);
        }
        Ok(())
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
        let watch = self.scene.persons.get(&id).and_then(|p| p.watch.as_ref());
        let cases = watch.map(|watch| [watch.case, watch.soft, watch.call]).unwrap_or_default();
        cases.into_iter().flatten().try_for_each(|case| self.case(case))
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
        let organization = team.organization;
        self.scene.teams.load(id, team);
        organization.map_or(Ok(()), |organization| self.organization(organization))?;
        self.members(id, Role::Manager, MANAGERS_PER_TEAM_MAX)?;
        if personal {
            self.members(id, Role::Member, FAMILY_MEMBERS_MAX)?;
        }
        Ok(())
    }

    /// An organization with its heads.
    fn organization(&mut self, id: OrganizationId) -> Result<(), StoreError> {
        if self.scene.organizations.has(&id) {
            return Ok(());
        }
        let Some(organization) = self.tables.organization(id)? else { return Ok(()) };
        for head in &organization.heads {
            self.person(*head)?;
        }
        self.scene.organizations.load(id, organization);
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
        if let Some(inviter) = invitation.by.person() {
            self.person(inviter)?;
        }
        self.team(invitation.team)?;
        // Whoever comes to watch hears of what is open; nobody does by a leaflet.
        if invitation.kind != CodeKind::Leaflet {
            self.open_cases_in(&[invitation.team])?;
        }
        self.scene.invitations.load(code, invitation);
        Ok(())
    }
}
