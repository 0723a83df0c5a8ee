//! Every list of the console as a file: what is in it, and who may save it.

use anshin::domain::bulletin::{Audience, Draft, Kind, Side, Text};
use anshin::domain::case::{Actor, Closed, Outcome, Trouble};
use anshin::domain::membership::{Membership, Told};
use anshin::domain::pause::{Pause, Why};
use anshin::domain::staff::{DeskAct, SavedList, Scope};
use jiff::civil::date;

use super::*;

/// はな in a team of an organization, at rest, a member until March, with a case that is over; かぞくさん in a family that
/// looks after itself, with a case of their own.
async fn house(role: StaffRole) -> (House, Browser) {
    let house = House::new();
    let (browser, _) = house.member("山田", role).await;
    let (mut maker, _) = house.member("鈴木", StaffRole::Worker).await;
    maker.get(&house, "/staff/organizations").await;
    maker.post(&house, "/staff/organizations", &[("name", "中央地区")]).await;
    let mut town = Town::new(&house);
    let hana = town.person("はな", None, true);
    town.team("=ひまわり町会", hana);
    let family = town.person("かぞくさん", None, true);
    town.family("かぞくさん", family);
    town.case(family, Trouble::NoAnswer, |case| case.office_since = None);
    let now = house.now();
    let by = Some(Actor::Staff(house.staff("山田").id));
    town.case(hana, Trouble::NoAnswer, |case| {
        case.closed = Some(Closed { at: now, by, outcome: Outcome::Forgot });
    });
    for id in [hana, family] {
        let mut person = house.person(id);
        person.membership = Some(Membership { until: date(2027, 3, 31), told: Told::Nothing });
        let day = date(2026, 11, 23);
        person.watch.as_mut().unwrap().pause = Some(Pause {
            since: now,
            first_day: day,
            last_day: day,
            why: Why::Travel,
            by: Actor::Person(id),
            pings: 0,
            announced: false,
        });
        town.write(|tables| tables.put_person(&person).unwrap());
    }
    let text = Text::read("台風が近づいています。").unwrap();
    let draft = Draft {
        shown_at: now,
        kind: Kind::Notice,
        text,
        audience: Audience::Everyone,
        side: Side::Both,
        urgent: false,
    };
    house
        .act(Deed::Desk {
            by: house.staff("鈴木").id, act: DeskAct::SendBulletin(Box::new(draft))
        })
        .await;
    (house, browser)
}

const LISTS: [(&str, &[&str]); 7] = [
    ("cases", &["対応番号,会員番号,呼び名", "はなさん", "押し忘れ", "事務局（山田）"]),
    ("teams", &["ID,チーム名,種類", "'=ひまわり町会", "毎日 9時"]),
    ("groups", &["グループ番号,代表"]),
    ("organizations", &["ID,名前,チームの数", "中央地区"]),
    ("rests", &["はなさん,1,2026/11/23,2026/11/23,旅行・外出,本人"]),
    ("memberships", &["はなさん,2027/03/31,期間内"]),
    ("bulletins", &["台風が近づいています。", "まもなく送ります"]),
];

#[tokio::test]
async fn every_list_is_a_file_without_formulas_and_without_families() {
    let (house, mut browser) = house(StaffRole::Worker).await;
    for (key, parts) in LISTS {
        let page = browser.get(&house, &format!("/staff/lists/{key}.csv")).await;
        assert_eq!(page.status, 200, "{key}");
        assert!(page.text.starts_with('\u{feff}'), "{key}");
        for part in parts {
            assert!(page.has(part), "{key}: {part}: {}", page.text);
        }
        assert!(!page.has("かぞくさん"), "{key}: {}", page.text);
    }
    for wrong in ["people.csv", "cases", "nothing.csv", "accounts.csv"] {
        assert_eq!(
            browser.get(&house, &format!("/staff/lists/{wrong}")).await.status,
            404,
            "{wrong}"
        );
    }
    for path in [
        "/staff",
        "/staff/teams",
        "/staff/organizations",
        "/staff/rests",
        "/staff/memberships",
        "/staff/bulletins",
    ] {
        assert!(browser.get(&house, path).await.has("/staff/lists/"), "{path}");
    }
}

#[tokio::test]
async fn accounts_are_a_file_for_those_alone_who_answer_for_them() {
    let (house, mut browser) = house(StaffRole::Admin).await;
    let page = browser.get(&house, "/staff/lists/accounts.csv").await;
    assert!(
        page.has("山田,管理,すべて,利用中") && page.has("鈴木,担当,すべて,利用中"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn who_may_only_look_saves_no_list_and_who_looks_after_one_organization_saves_theirs() {
    let (house, mut browser) = house(StaffRole::Viewer).await;
    assert_eq!(browser.get(&house, "/staff/lists/teams.csv").await.status, 403);
    assert!(!browser.get(&house, "/staff/teams").await.has("/staff/lists/"));
    let mut staff = house.staff("山田");
    staff.role = StaffRole::Worker;
    staff.scope = Scope::Only(Vec::new());
    Town::new(&house).write(|tables| tables.put_staff(&staff).unwrap());
    for (key, _) in LISTS {
        let page = browser.get(&house, &format!("/staff/lists/{key}.csv")).await;
        if key == "groups" {
            assert_eq!(page.status, 404);
        } else {
            assert_eq!(page.text.lines().count(), 1, "{key}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn every_list_that_is_saved_stands_in_the_log_and_which() {
    let (house, mut browser) = house(StaffRole::Admin).await;
    let keys = LISTS.map(|(key, _)| key);
    for key in keys.iter().chain(&["opinions", "accounts"]) {
        assert_eq!(browser.get(&house, &format!("/staff/lists/{key}.csv")).await.status, 200);
    }
    let file = browser.get(&house, "/staff/log.csv").await;
    assert!(file.has("山田,「お休み」の一覧を書き出した（1行）"), "{}", file.text);
    assert!(!file.has("「操作記録」の一覧"), "{}", file.text);
    let saved: Vec<SavedList> = house
        .facts()
        .into_iter()
        .filter_map(|fact| match fact {
            StaffFact::Saved(_, list, _) => Some(list),
            _ => None,
        })
        .collect();
    let mut all = SavedList::ALL.to_vec();
    all.retain(|list| saved.contains(list));
    assert_eq!((saved.len(), all.as_slice()), (10, &SavedList::ALL[..]));
    let page = browser.get(&house, "/staff/log").await;
    for name in ["対応", "職員", "みなさんの声", "操作記録"] {
        assert!(page.has(&format!("「{name}」の一覧を書き出した")), "{name}");
    }
}
