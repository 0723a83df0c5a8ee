//! The pages on people's own telephones, through the route table and without sockets: the way in from the chat,
//! one's own page, and the pages of those who watch.

mod care;
mod enter;
mod group;
mod guard;
mod own;
mod team;

use anshin::domain::id::{PersonId, TeamId};
use anshin::domain::invitation::Mint;
use anshin::domain::page::{Page as Leads, PageLink};
use anshin::domain::round::Stage;
use anshin::domain::team::{Policy, Role};

use crate::house::*;

/// よしこ, in a family with けんじ who watches, and みちこ who has nothing to do with them.
struct Family {
    house: House,
    yoshiko: PersonId,
    kenji: PersonId,
    michiko: PersonId,
    team: TeamId,
}

impl Family {
    fn new(stage: Option<Stage>) -> Self {
        let house = House::new();
        let mut town = Town::new(&house);
        let yoshiko = town.person("よしこ", stage, true);
        let kenji = town.person("けんじ", None, true);
        let michiko = town.person("みちこ", None, true);
        let team = town.family("よしこ", yoshiko);
        town.manager(team, kenji);
        for person in [kenji, michiko] {
            let mut unwatched = house.person(person);
            unwatched.watch = None;
            town.write(|tables| tables.put_person(&unwatched).unwrap());
        }
        Self { house, yoshiko, kenji, michiko, team }
    }

    fn write(&self, put: impl FnOnce(&mut anshin::store::Tables<'_>)) {
        Town::new(&self.house).write(put);
    }

    /// What よしこ agreed to have written down.
    fn agree(&self, policy: Policy) {
        let key = (self.team, Role::Member, self.yoshiko);
        let mut member = self.house.store.read().unwrap().member(key).unwrap().unwrap();
        member.agreed = policy;
        self.write(|tables| tables.put_member(&member).unwrap());
    }
}

/// The path of a link that the chat would have made now.
fn link(house: &House, person: PersonId, page: Leads) -> String {
    let mint = Mint::new(&house.store.read().unwrap().secret().unwrap());
    let token = PageLink { person, page, at: house.now() }.token(&mint);
    format!("/u/enter/{token}")
}

/// A browser in which somebody came by a link.
async fn entered(house: &House, person: PersonId) -> Browser {
    let path = link(house, person, Leads::Own);
    let mut browser = Browser::new(house.public_url);
    browser.get(house, &path).await;
    let page = browser.post(house, &path, &[]).await;
    assert_eq!((page.status, page.header("location")), (303, "/u"), "{}", page.text);
    browser
}
