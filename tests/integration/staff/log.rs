//! Who at the desk did what: for administrators alone.

use anshin::domain::case::{Actor, Outcome};
use anshin::domain::fact::Fact;
use anshin::domain::id::CaseId;

use super::*;

const PATH: &str = "/staff/log";

#[tokio::test]
async fn administrators_see_who_did_what_the_newest_first_and_whose() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    house.member("山田", StaffRole::Worker).await;
    let yamada = house.staff("山田").id;
    let by = Actor::Staff(yamada);
    Town::new(&house).write(|tables| {
        let facts = [
            Fact::Claimed(CaseId(7), by),
            // What people do on LINE is not told here.
            Fact::Claimed(CaseId(8), Actor::Person(PersonId(1))),
            // What is typed at the server is nobody's of the staff.
            Fact::DossierTyped(PersonId(31)),
            Fact::Staff(StaffFact::Viewed(yamada, PersonId(12))),
            Fact::Staff(StaffFact::Seen(yamada)),
            Fact::Closed(CaseId(7), by, Outcome::Forgot),
        ];
        tables.journal(house.now(), &facts).unwrap();
    });
    let page = admin.get(&house, PATH).await;
    let said = [
        "対応7番を終わりにした：押し忘れ",
        "会員12番の個人の情報を見た",
        "対応7番を引き受けた",
        "登録を終えた",
    ];
    let places: Vec<usize> = said.iter().map(|text| page.text.find(text).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(!page.has("対応8番"));
    assert!(page.has("2026/11/23 08:00"));
    let typed = "会員31番の記録を、開示のためにまとめて出した";
    assert!(page.has(typed) && page.has("コマンド（サーバーの担当）"), "{}", page.text);
    let commands = admin.get(&house, &format!("{PATH}?by=command")).await;
    assert!(commands.has(typed) && !commands.has("対応7番"), "{}", commands.text);
    let file = admin.get(&house, "/staff/log.csv?by=command").await;
    assert!(file.has("コマンド（サーバーの担当）,会員31番"), "{}", file.text);
    let suzuki = house.staff("鈴木").id;
    let page = admin.get(&house, &format!("{PATH}?by={suzuki}")).await;
    assert!(!page.has("対応7番") && page.has("アカウントが作られた"), "{}", page.text);
    assert!(!page.has(typed));
    let file = admin.get(&house, &format!("/staff/log.csv?by={yamada}")).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.text.contains(",2026/11/23 08:00,山田,会員12番の個人の情報を見た\r\n"),
        "{}",
        file.text
    );
    assert!(!file.text.contains("鈴木"));
}

#[tokio::test]
async fn older_lines_stand_on_further_pages_and_nobody_else_sees_any() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    let by = house.staff("鈴木").id;
    Town::new(&house).write(|tables| {
        let facts: Vec<Fact> =
            (1000..1150).map(|n| Fact::Staff(StaffFact::Viewed(by, PersonId(n)))).collect();
        tables.journal(house.now(), &facts).unwrap();
    });
    let first = admin.get(&house, PATH).await;
    assert!(first.has("会員1149番") && first.has("会員1050番") && !first.has("会員1049番"));
    let link = first.text.split("href=\"/staff/log?before=").nth(1).unwrap();
    let before = link.split('"').next().unwrap();
    let second = admin.get(&house, &format!("{PATH}?before={before}")).await;
    assert!(second.has("会員1049番") && second.has("会員1000番") && !second.has("会員1050番"));
    assert!(second.has("新しいものへ"));
    let odd = admin.get(&house, &format!("{PATH}?before=x&by=y")).await;
    assert_eq!(odd.status, 200);
    for (name, role) in [("山田", StaffRole::Worker), ("田中", StaffRole::Viewer)] {
        let (mut browser, _) = house.member(name, role).await;
        for path in [PATH, "/staff/log.csv"] {
            assert_eq!(browser.get(&house, path).await.status, 403, "{name}");
        }
    }
}
