//! Staff take somebody who watches out of a team, page by page; and then somebody who has died can be forgotten.

use anshin::domain::case::{Actor, Claim, Receiver, Told, Trouble};
use anshin::domain::fact::Fact;
use anshin::domain::id::{OrganizationId, TeamId};
use anshin::domain::person::EndReason;
use anshin::domain::staff::Scope;
use anshin::domain::team::{Role, Team};

use super::*;

/// よしこ of a neighbourhood; けんじ and みちこ watch.
struct Street {
    house: House,
    team: TeamId,
    yoshiko: PersonId,
    kenji: PersonId,
    michiko: PersonId,
}

impl Street {
    fn new() -> Self {
        let house = House::new();
        let mut town = Town::new(&house);
        let yoshiko = town.person("よしこ", None, true);
        town.team("ひまわり町会", yoshiko);
        let team = house.store.read().unwrap().places(yoshiko).unwrap()[0].0;
        let kenji = town.person("けんじ", None, true);
        let michiko = town.person("みちこ", None, true);
        for manager in [kenji, michiko] {
            // They only watch.
            let known = house.person(manager);
            town.write(|tables| {
                tables
                    .put_person(&anshin::domain::person::Person { watch: None, ..known })
                    .unwrap();
            });
            town.manager(team, manager);
        }
        Self { house, team, yoshiko, kenji, michiko }
    }

    fn at(&self, manager: PersonId) -> String {
        format!("/staff/people/{manager}/watching")
    }

    fn watches(&self, manager: PersonId) -> bool {
        let reading = self.house.store.read().unwrap();
        reading.member((self.team, Role::Manager, manager)).unwrap().is_some()
    }

    fn took_out(&self) -> usize {
        let took = |fact: &&Fact| matches!(fact, Fact::Staff(StaffFact::TookOut(..)));
        self.house.journal().iter().filter(took).count()
    }

    async fn confirmed(&self, browser: &mut Browser, manager: PersonId) -> Page {
        let asked = format!("{}?team={}", self.at(manager), self.team);
        browser.get(&self.house, &asked).await
    }

    async fn out(&self, browser: &mut Browser, manager: PersonId, office: bool) -> Page {
        let team = self.team.to_string();
        let mut fields = vec![("team", team.as_str()), ("why", "4")];
        fields.extend(office.then_some(("hand_over", "1")));
        browser.post(&self.house, &self.at(manager), &fields).await
    }

    /// Everything that was on its way has arrived.
    fn deliver(&self) {
        let rows = self.house.store.read().unwrap().rows().unwrap();
        Town::new(&self.house).write(|tables| {
            for row in rows {
                tables.remove_row(row.id).unwrap();
            }
        });
    }
}

#[tokio::test]
async fn whoever_watches_is_taken_out_in_two_steps_that_say_what_follows() {
    let street = Street::new();
    let (mut browser, _) = street.house.member("山田", StaffRole::Worker).await;
    let mut town = Town::new(&street.house);
    let case = town.case(street.yoshiko, Trouble::NoAnswer, |case| {
        case.claim = Some(Claim { by: Actor::Person(street.kenji), at: case.opened_at });
        case.receivers.push(Receiver { person: street.kenji, told: Told::Accepted });
    });
    let link = format!("{}?team={}", street.at(street.kenji), street.team);
    for page in ["teams", "people"] {
        let id = if page == "teams" { street.team.0 } else { street.yoshiko.0 };
        let shown = browser.get(&street.house, &format!("/staff/{page}/{id}")).await;
        assert!(shown.has(&link), "{page}: {}", shown.text);
    }
    let page = street.confirmed(&mut browser, street.kenji).await;
    for said in [
        "けんじさんを、ひまわり町会の見守る方から外しますか",
        "引き受けている対応が1件",
        "もう一度知らせます",
        "LINEで1回送ります。外すわけが「死亡」のときは、送りません",
        "ほかの見守る方に、このことを知らせます",
    ] {
        assert!(page.has(said), "{said}: {}", page.text);
    }
    assert!(!page.has("この方だけです") && street.watches(street.kenji));
    // Without a reason nothing is done: no thanks must go to the telephone of one who has died.
    let team = street.team.to_string();
    for why in ["0", "5", ""] {
        let fields = [("team", team.as_str()), ("why", why)];
        let page = browser.post(&street.house, &street.at(street.kenji), &fields).await;
        assert!(page.status == 422 && page.has("わけを選んでください"), "{}", page.text);
    }
    assert!(street.watches(street.kenji));
    let done = street.out(&mut browser, street.kenji, false).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, &*format!("/staff/teams/{}?out", street.team))
    );
    let page = browser.get(&street.house, done.header("location")).await;
    assert!(page.has("見守る方から外しました") && !page.has("けんじさん"), "{}", page.text);
    let case = street.house.store.read().unwrap().case(case).unwrap().unwrap();
    assert!(case.is_open() && case.claim.is_none());
    let (mut admin, _) = street.house.member("佐藤", StaffRole::Admin).await;
    let log = admin.get(&street.house, "/staff/log").await;
    let line =
        format!("会員{}番を、チーム{}番の見守る方から外した（死亡）", street.kenji, street.team);
    assert!(log.has(&line) && log.has("山田"), "{}", log.text);
    let again = street.out(&mut browser, street.kenji, false).await;
    assert_eq!((again.status, street.took_out()), (404, 1), "a second press finds nobody");
}

#[tokio::test]
async fn the_last_one_goes_only_where_the_office_watches_and_the_page_says_so() {
    let street = Street::new();
    let (mut browser, _) = street.house.member("山田", StaffRole::Worker).await;
    // Two tabs: the second still shows that the other one stays.
    let page = street.confirmed(&mut browser, street.kenji).await;
    assert!(!page.has("この方だけです"));
    assert_eq!(street.out(&mut browser, street.michiko, false).await.status, 303);
    let refused = street.out(&mut browser, street.kenji, false).await;
    assert_eq!(refused.status, 409);
    for said in [
        "まだ外していません",
        "この方だけです",
        "先に、その方を見守る方に招待",
        "外して、事務局が見守る",
    ] {
        assert!(refused.has(said), "{said}: {}", refused.text);
    }
    assert!(street.watches(street.kenji));
    assert_eq!(street.out(&mut browser, street.kenji, true).await.status, 303);
    assert!(!street.watches(street.kenji));
    let page = browser.get(&street.house, &format!("/staff/teams/{}", street.team)).await;
    assert!(page.has("事務局の対応ボードにすぐ出ます"), "{}", page.text);
}

#[tokio::test]
async fn whoever_may_only_look_and_whoever_looks_after_another_organization_cannot() {
    let street = Street::new();
    let (mut viewer, _) = street.house.member("鈴木", StaffRole::Viewer).await;
    let page = viewer.get(&street.house, &format!("/staff/teams/{}", street.team)).await;
    assert!(page.has("けんじさん") && !page.has("watching?team"), "{}", page.text);
    assert_eq!(street.confirmed(&mut viewer, street.kenji).await.status, 403);
    let (mut other, _) = street.house.member("高橋", StaffRole::Admin).await;
    let town = Town::new(&street.house);
    let mut staff = street.house.staff("高橋");
    staff.scope = Scope::Only(vec![OrganizationId(7001)]);
    town.write(|tables| tables.put_staff(&staff).unwrap());
    assert_eq!(street.confirmed(&mut other, street.kenji).await.status, 404);
    other.get(&street.house, "/staff/me").await;
    assert_eq!(street.out(&mut other, street.kenji, true).await.status, 404);
    let taking = anshin::domain::staff::TakingOut {
        team: street.team,
        manager: street.kenji,
        why: EndReason::Died,
        hand_over: true,
    };
    let act = anshin::domain::staff::DeskAct::TakeOut(taking);
    for by in [staff.id, street.house.staff("鈴木").id] {
        street.house.act(Deed::Desk { by, act: act.clone() }).await;
    }
    assert!(street.watches(street.kenji) && street.took_out() == 0);
    // Somebody who watches nowhere is nothing that a worker has to see.
    let (mut worker, _) = street.house.member("山田", StaffRole::Worker).await;
    assert_eq!(worker.get(&street.house, &street.at(street.yoshiko)).await.status, 404);
}

#[tokio::test]
async fn a_family_is_open_to_administrators_only() {
    let street = Street::new();
    let mut town = Town::new(&street.house);
    let hana = town.person("はな", None, true);
    let family = town.family("はな", hana);
    town.manager(family, street.kenji);
    let (mut worker, _) = street.house.member("山田", StaffRole::Worker).await;
    let page = worker.get(&street.house, &street.at(street.kenji)).await;
    assert!(page.has("ひまわり町会") && !page.has("はなさん"), "{}", page.text);
    let (mut admin, _) = street.house.member("佐藤", StaffRole::Admin).await;
    let page = admin.get(&street.house, &street.at(street.kenji)).await;
    assert!(page.has("ひまわり町会") && page.has("はなさん"), "{}", page.text);
    let family = family.to_string();
    let fields = [("team", family.as_str()), ("why", "4"), ("hand_over", "1")];
    assert_eq!(worker.post(&street.house, &street.at(street.kenji), &fields).await.status, 404);
    assert_eq!(admin.post(&street.house, &street.at(street.kenji), &fields).await.status, 303);
}

#[tokio::test]
async fn one_who_watched_and_has_died_can_be_forgotten_then() {
    let street = Street::new();
    let (mut browser, _) = street.house.member("佐藤", StaffRole::Admin).await;
    let kenji = street.kenji;
    let path = format!("/staff/people/{kenji}/erase");
    let page = browser.get(&street.house, &path).await;
    let there = format!("{}?team={}", street.at(kenji), street.team);
    assert!(page.has("先に、見守る方から外してください") && page.has(&there), "{}", page.text);
    street.confirmed(&mut browser, kenji).await;
    let done = street.out(&mut browser, kenji, false).await;
    assert_eq!(done.header("location"), format!("{}?done", street.at(kenji)));
    let page = browser.get(&street.house, done.header("location")).await;
    assert!(page.has("見守る方から外しました") && page.has(&path), "{}", page.text);
    // What tells the others of it bears the name, and leaves first.
    let page = browser.get(&street.house, &path).await;
    assert!(page.has("いま送っています"), "{}", page.text);
    street.deliver();
    browser.get(&street.house, &format!("{path}?next")).await;
    let number = kenji.to_string();
    let fields = [("number", number.as_str()), ("reason", "1")];
    assert_eq!(browser.post(&street.house, &path, &fields).await.status, 303);
    let reading = street.house.store.read().unwrap();
    assert!(reading.person(kenji).unwrap().is_none() && reading.erasure(kenji).unwrap().is_some());
    assert!(reading.places(kenji).unwrap().is_empty());
    let team: Team = reading.team(street.team).unwrap().unwrap();
    assert_eq!(reading.members(team.id, Role::Manager, 9).unwrap().len(), 1);
    drop(reading);
    let page = browser.get(&street.house, &format!("/staff/teams/{}", street.team)).await;
    assert!(page.has("みちこさん") && !page.has("けんじ"), "{}", page.text);
}
