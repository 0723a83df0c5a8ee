//! How people come into the world: families in the chat, groups of neighbours, and the office with those whom it
//! phones. All of it happens on a good day, by the buttons and words that everyone uses.

use super::folk::{Human, Part, does};
use super::groups::Meeting;
use super::office::Office;
use super::times::Asked;
use super::truth::Watcher;
use super::world::{Act, Done, World};
use crate::domain::details::{Details, Phone};
use crate::domain::id::{Address, PersonId, TeamId};
use crate::domain::invitation::CodeKind;
use crate::domain::name::Name;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::{DeskAct, NewMember, TeamPlan};
use crate::domain::team::{Policy, Role};
use crate::domain::time::Moment;
use crate::locale::simulator as words;
use crate::platform::{ChatItem, Dice};

/// From when to when somebody lives in this world.
pub(super) type Life = (Moment, Moment);

/// Days between questions, as people choose them.
pub(super) const DAYS: [u8; 9] = [1, 1, 1, 2, 3, 5, 7, 14, 30];

/// Who may watch in a family.
const WATCHERS_MAX: usize = 2;

impl World {
    /// A family: one who is asked and one or two who watch, all of whom join in the chat.
    pub(super) fn family(&mut self, n: usize, life: Life) -> Done {
        let days = DAYS[self.dice.index(DAYS.len())];
        let hour = self.dice.below(24);
        let name = words::person(n);
        let asked = self.friend(&name)?;
        self.press(&asked, "bw")?;
        self.press(&asked, "ag")?;
        self.say(&asked, &name)?;
        self.press(&asked, &format!("i.{days}~"))?;
        self.say(&asked, &words::hour(hour))?;
        self.comes(asked.clone(), Part::Asked, life);
        let mut watchers = Vec::new();
        for m in 0..=self.dice.below(2) {
            watchers.extend(self.watcher(&asked, &words::watcher(n, m), life)?);
        }
        if watchers.len() < WATCHERS_MAX {
            watchers.extend(self.also_watches(&asked)?);
        }
        if let Some(person) = self.person(&asked)? {
            self.are_watched(&[person], &watchers)?;
        }
        self.is_asked(&asked, days)
    }

    /// Some are watched over by others from now on, in the team that all of them are in.
    pub(super) fn are_watched(&mut self, people: &[PersonId], watchers: &[PersonId]) -> Done {
        let watchers = watchers.iter().map(|person| Watcher { person: *person, until: None });
        let watchers: Vec<Watcher> = watchers.collect();
        for person in people {
            self.truth.watchers.insert(*person, watchers.clone());
            let places = self.server.store.read()?.places(*person)?.into_iter();
            let teams = places.filter(|(_, role, _)| *role == Role::Member).map(|(team, ..)| team);
            for team in teams {
                self.truth.teams.entry(team).or_default().push(*person);
            }
        }
        for organization in self.server.store.read()?.organizations()? {
            self.truth.organizations.insert(organization.id, organization.teams);
        }
        Ok(())
    }

    pub(super) fn is_asked(&mut self, user: &str, days: u8) -> Done {
        let Some(person) = self.person(user)? else { return Ok(()) };
        self.will_be_asked(person, days)
    }

    fn will_be_asked(&mut self, person: PersonId, days: u8) -> Done {
        let reading = self.server.store.read()?;
        let first_due = reading.timer(person.0)?.unwrap_or(self.now);
        let name = reading.person(person)?.and_then(|person| person.name);
        self.truth.names.extend(name.map(|name| (person, name)));
        self.truth.asked.push(Asked::starting(person, self.now, first_due, u64::from(days)));
        Ok(())
    }

    /// Whoever is asked makes a code for somebody who shall watch.
    fn invites(&mut self, asked: &str) -> Done<String> {
        self.invites_as(asked, "")
    }

    /// Somebody makes a code of a kind.
    pub(super) fn invites_as(&mut self, by: &str, kind: &str) -> Done<String> {
        self.say(by, words::INVITE)?;
        self.press_with(by, "in.", kind)?;
        let items = self.items(by);
        let texts = items.iter().rev().filter_map(|item| item.content["text"].as_str());
        let code = texts.filter_map(|text| text.split(words::CODE).nth(1)).next();
        Ok(code.unwrap_or_default().chars().take(9).collect())
    }

    /// Now and then somebody who watches over others already, over these as well.
    fn also_watches(&mut self, asked: &str) -> Done<Option<PersonId>> {
        // What came to the world later has dice of its own, so that older runs stay as they were.
        let mut own = Dice::new(self.dice.clone().below(u64::MAX));
        // Whoever came before these is of another family.
        let others = &self.folk[..self.folk.len().saturating_sub(1 + WATCHERS_MAX)];
        let others: Vec<&Human> =
            others.iter().filter(|human| human.part == Part::Watches).collect();
        if others.is_empty() || !own.one_in(4) {
            return Ok(None);
        }
        let user = others[own.index(others.len())].user.clone();
        let code = self.invites(asked)?;
        self.say(&user, &format!("{}{code}", words::CODE))?;
        self.press(&user, "j.")?;
        self.press(&user, "rx.")?;
        self.person(&user)
    }

    fn watcher(&mut self, asked: &str, name: &str, life: Life) -> Done<Option<PersonId>> {
        let code = self.invites(asked)?;
        let user = self.friend(name)?;
        self.joins(&user, &code, name)?;
        self.press(&user, "rx.")?;
        let person = self.person(&user)?;
        self.gives_a_mailbox(&user)?;
        self.comes(user, Part::Watches, life);
        Ok(person)
    }

    /// Somebody who watches may give a mail address, and type what the first letter says.
    pub(super) fn gives_a_mailbox(&mut self, user: &str) -> Done {
        // What came to the world later has dice of its own, so that older runs stay as they were.
        let mut own = Dice::new(self.dice.clone().below(u64::MAX));
        if !own.one_in(3) {
            return Ok(());
        }
        let mailbox = words::mailbox(self.folk.len());
        self.say(user, words::MAIL)?;
        self.say(user, &mailbox)?;
        let Some(code) = self.server.code(&mailbox) else { return Ok(()) };
        self.say(user, &code.to_string())?;
        let person = self.person(user)?;
        self.truth.post.mailboxes.extend(person);
        Ok(())
    }

    pub(super) fn joins(&mut self, user: &str, code: &str, name: &str) -> Done {
        self.say(user, &format!("{}{code}", words::CODE))?;
        self.press(user, "j.")?;
        self.press(user, "ag")?;
        self.say(user, name)
    }

    pub(super) fn comes(&mut self, user: String, part: Part, life: Life) {
        let who = self.folk.len();
        let human = Human::new(user, part, &mut self.dice, life);
        for (at, deed) in human.plans(&mut self.dice, life) {
            self.plan(at, Act::Does(who, deed));
        }
        self.who.insert(human.user.clone(), self.folk.len());
        self.folk.push(human);
    }

    /// Neighbours who meet in a group: one who leads and two to four others.
    pub(super) fn group(&mut self, n: usize, life: Life) -> Done {
        let count = 3 + self.dice.below(3);
        let names: Vec<String> = (0..count).map(|m| words::neighbour(n, m)).collect();
        let users: Vec<String> = names.iter().map(|name| self.platform.add_user(name)).collect();
        let members: Vec<&str> = users.iter().map(String::as_str).collect();
        let line_id = self.platform.add_group(&words::group(n), &members);
        self.platform.invite_account(self.now.millis(), &line_id);
        self.settle()?;
        let days = DAYS[self.dice.index(DAYS.len())];
        let hour = [6, 7, 8, 9, 10, 17][self.dice.index(6)];
        let leader = &users[0];
        self.press_in(&line_id, leader, "gl.", "")?;
        self.press_in(&line_id, leader, "gi.", &format!(".{days}~"))?;
        self.press_in(&line_id, leader, "gh.", &format!(".{hour}~"))?;
        for user in &users[1..] {
            self.press_in(&line_id, user, "gj.", "")?;
        }
        self.learn_groups()?;
        let reading = self.server.store.read()?;
        let groups = reading.groups(usize::MAX)?;
        let address = Address::new(&line_id);
        let Some(group) = groups.into_iter().find(|group| Some(&group.address) == address.as_ref())
        else {
            return Ok(());
        };
        let Some(first_due) = reading.timer(group.id.0)? else { return Ok(()) };
        let mut people = Vec::new();
        for (user, name) in users.into_iter().zip(names) {
            people.extend(self.person(&user)?.map(|person| (person, name)));
            self.comes(user, Part::Meets, life);
        }
        let days = u64::from(days);
        self.meetings.push(Meeting { id: group.id, line_id, people, first_due, days });
        Ok(())
    }

    /// The office opens, with a team of people whom it phones and one of people whom it asks over LINE.
    pub(super) fn office(&mut self, phoned: usize, asked: usize, life: Life) -> Done {
        let office = Office::new(&mut self.server, self.now)?;
        self.office = Some(office);
        let phone_team = self.office_team(words::PHONE_TEAM)?;
        let mut members = Vec::new();
        for n in 0..phoned {
            members.push(self.on_the_telephone(phone_team, n));
        }
        let days: Vec<u8> = members.iter().map(|member| member.interval.as_days()).collect();
        self.desk(DeskAct::Register(members))?;
        let reading = self.server.store.read()?;
        let people = reading.members(phone_team, Role::Member, usize::MAX)?;
        for (member, days) in people.into_iter().zip(days) {
            self.will_be_asked(member.person, days)?;
            self.truth.phoned.insert(member.person);
            self.truth.tenants.insert(member.person);
        }
        let line_team = self.office_team(words::LINE_TEAM)?;
        self.desk(DeskAct::Invite(line_team, CodeKind::Leaflet))?;
        let codes = self.server.store.read()?.invitations_into(line_team)?;
        let Some(code) = codes.first().map(|invitation| invitation.code) else { return Ok(()) };
        for n in 0..asked {
            let name = words::tenant(n);
            let user = self.friend(&name)?;
            self.joins(&user, &code.to_string(), &name)?;
            self.press(&user, "ap")?;
            self.comes(user.clone(), Part::Asked, life);
            self.is_asked(&user, 1)?;
            let person = self.person(&user)?;
            self.truth.tenants.extend(person);
        }
        self.opens_every_day(life);
        Ok(())
    }

    fn office_team(&mut self, name: &str) -> Done<TeamId> {
        let plan = TeamPlan {
            name: Name::of_team(name).expect("a name"),
            office: true,
            organization: None,
            interval: Interval::DAILY,
            hour: Hour::new(9).expect("an hour"),
            policy: Policy::Full,
            statement: None,
            wants_form: false,
        };
        self.desk(DeskAct::MakeTeam(plan))?;
        let teams = self.server.store.read()?.teams_from(0, usize::MAX)?;
        Ok(teams.last().map_or(TeamId(0), |team| team.id))
    }

    fn on_the_telephone(&mut self, team: TeamId, n: usize) -> NewMember {
        let days = DAYS[self.dice.index(DAYS.len())];
        let hour = 9 + u8::try_from(self.dice.below(7)).unwrap_or(0);
        NewMember {
            name: Name::of_person(&words::phoned(n)).expect("a name"),
            team,
            interval: Interval::days(days).unwrap_or(Interval::DAILY),
            hour: Hour::new(hour).expect("an hour"),
            details: Details {
                phone: Phone::read(words::PHONE).unwrap_or_default(),
                ..Details::default()
            },
        }
    }

    // --- by hand -------------------------------------------------------------------------------

    pub(super) fn friend(&mut self, name: &str) -> Done<String> {
        let user = self.platform.add_user(name);
        self.platform.add_friend(self.now.millis(), &user);
        self.settle()?;
        Ok(user)
    }

    fn items(&self, user: &str) -> &[ChatItem] {
        self.platform.phone(user).map_or(&[], |phone| phone.items.as_slice())
    }

    pub(super) fn say(&mut self, user: &str, text: &str) -> Done {
        self.platform.say(self.now.millis(), user, text);
        self.settle()
    }

    /// Presses the newest button that does this.
    pub(super) fn press(&mut self, user: &str, word: &str) -> Done {
        self.press_with(user, word, "")
    }

    /// Presses the newest button whose data begins with one thing and has another in it.
    fn press_with(&mut self, user: &str, word: &str, has: &str) -> Done {
        let found = self.items(user).iter().rev().find_map(|item| {
            let view = item.actions().into_iter().find(|view| {
                does(view, word)
                    && view.action["data"].as_str().is_some_and(|data| data.contains(has))
            })?;
            Some((item.id.clone(), view.index))
        });
        if let Some((item, index)) = found {
            let _ = self.platform.press(self.now.millis(), user, &item, index);
        }
        self.settle()
    }

    /// Presses the newest button in a group whose data begins with one thing and has another in it.
    fn press_in(&mut self, group: &str, user: &str, begins: &str, has: &str) -> Done {
        let items = self.platform.group(group).map_or(&[][..], |chat| chat.items.as_slice());
        let found = items.iter().rev().find_map(|shown| {
            let view = shown.item.actions().into_iter().find(|view| {
                does(view, begins)
                    && view.action["data"].as_str().is_some_and(|data| data.contains(has))
            })?;
            Some((shown.item.id.clone(), view.index))
        });
        if let Some((item, index)) = found {
            let _ = self.platform.press_in(self.now.millis(), group, user, &item, index);
        }
        self.settle()
    }
}
