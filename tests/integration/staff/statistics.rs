//! Numbers about everyone: by service, sex and age, on a day; never more than may be known of a person.

use anshin::domain::details::{Details, Sex};
use anshin::domain::group::Group;
use anshin::domain::id::{Address, GroupId, TeamId};
use anshin::domain::person::{EndReason, Ended};
use anshin::domain::team::{Policy, Team, TeamKind};
use jiff::civil::date;

use super::*;

const PATH: &str = "/staff/statistics";

fn known(year: i16, sex: Sex) -> Details {
    Details { born_on: Some(date(year, 1, 1)), sex: Some(sex), ..Details::default() }
}

/// A district's team that agreed to everything, with four people; a family; one who has died; a group.
async fn town() -> (House, Browser) {
    let house = House::new();
    let (browser, _) = house.member("山田", StaffRole::Viewer).await;
    let mut town = Town::new(&house);
    let people = ["あ", "い", "う", "え"].map(|name| town.person(name, None, true));
    town.team("ひまわり町会", people[0]);
    let team = house.store.read().unwrap().places(people[0]).unwrap()[0].0;
    people[1..].iter().for_each(|person| town.member(team, *person));
    let made = house.store.read().unwrap().team(team).unwrap().unwrap();
    let office = Team { id: TeamId(9000), kind: TeamKind::Office, ..made.clone() };
    let family = town.person("かぞく", None, true);
    town.family("かぞく", family);
    let dead = town.person("お", None, true);
    let mut gone = house.person(dead);
    (gone.watch, gone.ended) = (None, Some(Ended { at: house.now(), why: EndReason::Died }));
    let group = Group::met(GroupId(9100), Address::line("Cg").unwrap(), house.now());
    let left = Group {
        left_at: Some(house.now()),
        ..Group::met(GroupId(9101), Address::line("Ch").unwrap(), house.now())
    };
    town.write(|tables| {
        tables.put_team(&Team { policy: Policy::Full, ..made }).unwrap();
        tables.put_team(&office).unwrap();
        tables.put_person(&gone).unwrap();
        tables.put_group(&group).unwrap();
        tables.put_group(&left).unwrap();
        let details = [known(1940, Sex::Female), known(1945, Sex::Female), known(1980, Sex::Male)];
        for (person, details) in people.iter().zip(details) {
            tables.put_details(*person, &details).unwrap();
        }
        // What the family wrote down for itself.
        tables.put_details(family, &known(1930, Sex::Other)).unwrap();
    });
    town.member(TeamId(9000), people[3]);
    (house, browser)
}

/// The number behind a label in a table of the page.
fn number(page: &Page, label: &str) -> usize {
    let row = page.text.split(&format!("<th scope=\"row\">{label}</th>")).nth(1).unwrap();
    let cell = row.split("<td class=\"number\">").nth(1).unwrap();
    cell.split('<').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn people_are_counted_by_service_sex_and_age_and_a_familys_own_notes_are_not_read() {
    let (house, mut browser) = town().await;
    let page = browser.get(&house, PATH).await;
    assert_eq!(page.status, 200);
    for (label, count) in [
        ("いまの人数", 5),
        ("延べ人数", 6),
        ("見守り（事務局が確認）", 1),
        ("安否通知（見守る方が確認）", 5),
        ("女性", 2),
        ("男性", 1),
        ("その他", 0),
        ("80代", 2),
        ("40代", 1),
        ("90代以上", 0),
        ("見守りのチーム", 1),
        ("団体のチーム", 1),
        ("家族のチーム", 1),
        ("LINEグループ（いま）", 1),
        ("LINEグループ（延べ）", 2),
    ] {
        assert_eq!(number(&page, label), count, "{label}");
    }
    assert!(page.has("2026年11月23日（月）の数です"), "{}", page.text);
    assert!(page.has("66.6%（3人中2人）"), "{}", page.text);
}

#[tokio::test]
async fn the_numbers_can_be_saved_by_whoever_only_looks_because_they_name_nobody() {
    let (house, mut browser) = town().await;
    let file = browser.get(&house, "/staff/statistics.csv").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(file.text.contains("2026/11/23,性別（いま）,女性,2\r\n"), "{}", file.text);
    assert!(file.text.contains("年代（いま）,記録なし,2\r\n"), "{}", file.text);
}

#[tokio::test]
async fn with_nobody_there_are_noughts_and_no_division_by_them() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let page = browser.get(&house, PATH).await;
    assert!(page.status == 200 && page.has("―"), "{}", page.text);
    assert_eq!(number(&page, "いまの人数"), 0);
}
