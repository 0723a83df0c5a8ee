//! Groups of the world: people who chat with each other, and the account among them.

use anshin::domain::event::{Event, GroupNews};
use anshin::domain::group::{Group, Participant};
use anshin::domain::id::Address;
use anshin::platform::{GroupItem, Pressed};

use super::World;

impl World {
    /// A group of people, into which one of them invites the account.
    pub(crate) fn group(&mut self, name: &str, members: &[&str]) -> String {
        let group = self.platform.add_group(name, members);
        assert!(self.platform.invite_account(self.now.millis(), &group));
        self.settle();
        group
    }

    /// Presses the newest button in a group whose label contains `label`.
    pub(crate) fn press_in(&mut self, group: &str, user: &str, label: &str) {
        assert!(self.tap_in(group, user, label, 0), "no button {label} in the group");
        self.settle();
    }

    /// Presses the button with this label on the message that is the n-th newest with such a button.
    pub(crate) fn tap_in(&mut self, group: &str, user: &str, label: &str, n: usize) -> bool {
        let items = self.platform.group(group).unwrap().items.iter().rev();
        let ids: Vec<String> = items.map(|shown| shown.item.id.clone()).collect();
        let found = ids.into_iter().filter_map(|id| {
            let views = self.platform.actions_in(group, &id);
            let view = views.into_iter().find(|view| view.label.contains(label))?;
            Some((id, view.index))
        });
        let Some((id, index)) = found.collect::<Vec<_>>().into_iter().nth(n) else { return false };
        let pressed = self.platform.press_in(self.now.millis(), group, user, &id, index);
        matches!(pressed, Ok(Pressed::Posted))
    }

    /// A member writes into a group.
    pub(crate) fn say_in(&mut self, group: &str, user: &str, text: &str) {
        self.platform.say_in(self.now.millis(), group, user, text);
        self.settle();
    }

    /// What the account said in a group, oldest first.
    pub(crate) fn said_in(&self, group: &str) -> Vec<String> {
        let items = self.platform.group(group).unwrap().items.iter();
        let ours = items.filter(|shown| shown.member.is_none());
        ours.map(|shown| shown.item.content.to_string()).collect()
    }

    /// The newest thing the account said in a group.
    pub(crate) fn last_in(&self, group: &str) -> String {
        self.said_in(group).pop().unwrap_or_default()
    }

    /// How many pushes LINE was asked for into a group.
    pub(crate) fn pushes_into(&self, group: &str) -> usize {
        self.pushes(group)
    }

    /// A group as it is stored.
    pub(crate) fn stored_group(&self, group: &str) -> Group {
        let groups = self.store.read().unwrap().groups(1000).unwrap();
        groups.into_iter().find(|g| g.address == Address::new(group).unwrap()).unwrap()
    }

    /// Everyone who takes part in a group.
    pub(crate) fn participants(&self, group: &str) -> Vec<Participant> {
        let id = self.stored_group(group).id;
        self.store.read().unwrap().participants(id).unwrap()
    }

    /// These people in a group have been asked for.
    pub(crate) fn asked_for(&mut self, group: &str, users: &[&str]) {
        let id = self.stored_group(group).id;
        let people = users.iter().map(|user| self.person(user).unwrap().id).collect();
        self.commit(&[Event::GroupNews(GroupNews::NamedAll(id, people))]);
    }

    /// The bubbles of all groups that are newer than the last look, as lines of the transcript.
    pub(super) fn group_news(&self) -> Vec<(u64, String)> {
        let mut news = Vec::new();
        for id in self.platform.group_ids() {
            let Some(group) = self.platform.group(id) else { continue };
            let new = group.items.iter().filter(|shown| shown.item.seq > self.told_seq);
            news.extend(new.map(|shown| (shown.item.seq, self.group_line(&group.name, shown))));
        }
        news
    }

    fn group_line(&self, group: &str, shown: &GroupItem) -> String {
        let member = shown.member.as_ref().map(|user| self.people[user].clone());
        let who = member.map_or_else(|| group.to_owned(), |name| format!("{group} {name}"));
        super::line(&who, &shown.item)
    }
}
