//! Everything that is kept about one person, for themselves: as a sheet and as a file, for whoever may see it, and each one
//! that is made stands in the log.

use anshin::domain::case::{Actor, Trouble};
use anshin::domain::details::{Details, LINE_CHARS_MAX, Line, Phone};
use anshin::domain::fact::Fact;
use anshin::domain::id::{CaseId, TeamId};
use anshin::domain::record::{Finding, Means, Note, Party, Record};
use anshin::domain::round::{Ending, PastRound, Round};
use anshin::domain::team::{Policy, Role, Team};

use super::*;

fn line(text: &str) -> Line {
    Line::read(text, LINE_CHARS_MAX).unwrap().unwrap()
}

/// A team of three: one who is asked for, another one, and one who watches over both.
struct Place {
    house: House,
    admin: Browser,
    yoshiko: PersonId,
    hana: PersonId,
    kenji: PersonId,
    team: TeamId,
    case: CaseId,
}

impl Place {
    async fn new() -> Self {
        let house = House::new();
        let (admin, _) = house.member("山田", StaffRole::Admin).await;
        let mut town = Town::new(&house);
        let [yoshiko, hana, kenji] =
            ["よしこ", "はな", "けんじ"].map(|name| town.person(name, None, true));
        town.team("ひまわり町会", yoshiko);
        let team = house.store.read().unwrap().places(yoshiko).unwrap()[0].0;
        town.member(team, hana);
        town.manager(team, kenji);
        let case = town.case(yoshiko, Trouble::NoAnswer, |_| {});
        let now = house.now();
        town.write(|tables| {
            let known = tables.team(team).unwrap().unwrap();
            tables.put_team(&Team { policy: Policy::Full, ..known }).unwrap();
            for (person, name, phone) in
                [(yoshiko, "鈴木 良子", "0283-00-1234"), (hana, "佐藤 花", "0283-00-5678")]
            {
                let phone = Phone::read(phone).unwrap();
                let full_name = Some(line(name));
                tables
                    .put_details(person, &Details { full_name, phone, ..Details::default() })
                    .unwrap();
            }
            let round = Round::asking(now - Duration::from_secs(86_400));
            let (ending, by) = (Ending::ByProxy, Some(kenji));
            tables.put_past(yoshiko, &PastRound { round, ending, ended_at: now, by }).unwrap();
            let note = Note {
                means: Means::Visit,
                party: Party::Person,
                result: Finding::ALL[0],
                text: Some(line("庭で水やりをしていた")),
                next: None,
            };
            let by = house.staff("山田").id;
            tables.add_record(case, &Record { at: now, by, note }).unwrap();
            let seen = Fact::DetailsSeen(yoshiko, kenji);
            let facts = [Fact::Met(yoshiko), Fact::Alerted(case, kenji), seen, Fact::Met(hana)];
            tables.journal(now, &facts).unwrap();
        });
        Self { house, admin, yoshiko, hana, kenji, team, case }
    }

    fn path(&self, end: &str) -> String {
        format!("/staff/people/{}/dossier{end}", self.yoshiko)
    }
}

#[tokio::test]
async fn it_has_what_is_kept_about_the_person_and_of_others_no_more_than_the_person_was_shown() {
    let mut place = Place::new().await;
    let house = &place.house;
    let looked = DeskLook(house.staff("山田").id);
    house.act(looked.at(place.yoshiko)).await;
    let page = place.admin.get(house, &place.path("")).await;
    assert_eq!(page.status, 200);
    let file = place.admin.get(house, &place.path(".json")).await;
    assert!(file.header("content-disposition").starts_with("attachment;"));
    assert_eq!(file.header("content-type"), "application/json; charset=utf-8");
    let read: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(read["person"], place.yoshiko.0);
    assert_eq!(read["sections"].as_array().unwrap().len(), 14);
    let address = house.person(place.yoshiko).address.unwrap().as_str().to_owned();
    for said in [
        "鈴木 良子",
        "0283-00-1234",
        "ひまわり町会",
        "けんじさん",
        "見守る方が確かめました",
        "庭で水やりをしていた",
        "LINEで知らせました",
        "登録の内容を見ました",
        "事務局の職員",
        "はじめてのやりとり",
        address.as_str(),
    ] {
        assert!(page.has(said), "{said}: {}", page.text);
        assert!(file.has(said), "{said}: {}", file.text);
    }
    for not in ["佐藤", "0283-00-5678"] {
        assert!(!page.has(not) && !file.has(not), "{not}");
    }
    // Who of the staff it was is the office's own affair; the sheet is for the person.
    assert!(!file.has("山田"), "{}", file.text);
    let made =
        |fact: &&StaffFact| matches!(fact, StaffFact::Dossier(_, of) if *of == place.yoshiko);
    assert_eq!(house.facts().iter().filter(made).count(), 2);
    let log = place.admin.get(house, "/staff/log").await;
    assert!(log.has("開示のためにまとめて出した"), "{}", log.text);
}

#[tokio::test]
async fn workers_make_it_of_those_whom_they_may_see_whole_and_viewers_of_nobody() {
    let mut place = Place::new().await;
    let house = &place.house;
    let (mut worker, _) = house.member("佐藤", StaffRole::Worker).await;
    let (mut viewer, _) = house.member("田中", StaffRole::Viewer).await;
    assert_eq!(viewer.get(house, &place.path("")).await.status, 403);
    assert_eq!(worker.get(house, &place.path("")).await.status, 200);
    let person = worker.get(house, &format!("/staff/people/{}", place.yoshiko)).await;
    assert!(person.has(&place.path("")), "a link leads there");
    // One who watches is no business of the office; whoever asks for what is kept about them gets it all the same.
    let kenji = format!("/staff/people/{}/dossier", place.kenji);
    assert_eq!(worker.get(house, &kenji).await.status, 404);
    let page = place.admin.get(house, &kenji).await;
    assert!(page.has("見守る方として") && !page.has("鈴木"), "{}", page.text);
    // Half of what is kept must not be called all of it.
    Town::new(house).write(|tables| {
        let team = tables.team(place.team).unwrap().unwrap();
        tables.put_team(&Team { policy: Policy::Nothing, ..team }).unwrap();
        let mut case = tables.case(place.case).unwrap().unwrap();
        case.closed = Some(anshin::domain::case::Closed {
            at: case.opened_at,
            by: Some(Actor::Person(place.kenji)),
            outcome: anshin::domain::case::Outcome::Well,
        });
        tables.put_case(&case).unwrap();
    });
    let page = worker.get(house, &place.path("")).await;
    assert_eq!(page.status, 403, "{}", page.text);
    assert!(page.has("管理者が出せます") && !page.has("0283-00-1234"));
    assert!(place.admin.get(house, &place.path("")).await.has("0283-00-1234"));
    assert_eq!(house.store.read().unwrap().places(place.hana).unwrap()[0].1, Role::Member);
    let nobody = place.admin.get(house, "/staff/people/4000000/dossier").await;
    assert_eq!(nobody.status, 404);
}

/// A look at somebody's details, as it is written down.
struct DeskLook(anshin::domain::id::StaffId);

impl DeskLook {
    fn at(&self, person: PersonId) -> Deed {
        Deed::Desk { by: self.0, act: anshin::domain::staff::DeskAct::Viewed(person) }
    }
}
