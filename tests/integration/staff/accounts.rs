//! Accounts of staff as somebody who answers for them makes and changes them in the console.

use anshin::domain::staff::Scope;

use super::*;

const PATH: &str = "/staff/accounts";

/// The path of the link that a page shows once.
fn link(page: &Page) -> String {
    let link = page.between("readonly value=\"", "\"").expect("a link").to_owned();
    link.strip_prefix(HTTPS).expect("an address of ours").to_owned()
}

#[tokio::test]
async fn an_account_is_made_in_the_console_and_its_link_is_shown_once() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    admin.get(&house, PATH).await;
    let made = admin.post(&house, PATH, &[("name", "山田"), ("role", "0"), ("scope", "0")]).await;
    assert_eq!(made.status, 200, "{}", made.text);
    assert!(made.has("山田さんの登録リンク") && made.has("24時間以内に、1回だけ"));
    let path = link(&made);
    let (mut worker, _) = house.settle("山田", &path).await;
    assert!(worker.is_in(&house).await);
    let staff = house.staff("山田");
    assert_eq!((staff.role, &staff.scope), (StaffRole::Worker, &Scope::Everything));
    assert_eq!(Browser::new(HTTPS).get(&house, &path).await.status, 404, "used up");
    let list = admin.get(&house, PATH).await;
    assert!(!list.has("/staff/welcome/"), "nobody reads a link afterwards");
    let admin_id = house.staff("鈴木").id;
    assert!(house.facts().contains(&StaffFact::LinkMade(admin_id, staff.id)));
}

#[tokio::test]
async fn a_name_that_is_taken_empty_too_long_or_a_number_is_refused_with_the_reason() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    let long = "あ".repeat(21);
    let cases = [
        ("鈴 木", "同じ名前の職員がいます"),
        (" ", "名前を書いてください"),
        ("１２", "数字だけの名前は使えません"),
        (long.as_str(), "文字まで"),
    ];
    for (name, reason) in cases {
        admin.get(&house, PATH).await;
        let page = admin.post(&house, PATH, &[("name", name), ("role", "1")]).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.has(reason) && page.has(name.trim()), "{name}: {}", page.text);
        assert!(page.has("<option value=\"1\" selected>閲覧"), "what was chosen stays");
    }
    assert_eq!(house.store.read().unwrap().all_staff().unwrap().len(), 1);
}

#[tokio::test]
async fn rights_are_changed_by_somebody_else_and_hold_at_once() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    let (mut worker, _) = house.member("山田", StaffRole::Worker).await;
    let (own, other) = (house.staff("鈴木").id, house.staff("山田").id);
    let path = format!("{PATH}/{other}");
    assert!(worker.get(&house, "/staff/teams").await.has("action=\"/staff/teams\""));
    assert!(admin.get(&house, &path).await.has("<option value=\"0\" selected>担当"));
    let fields = [("act", "change"), ("role", "1"), ("scope", "0")];
    assert_eq!(admin.post(&house, &path, &fields).await.header("location"), PATH);
    assert!(
        !worker.get(&house, "/staff/teams").await.has("action=\"/staff/teams\""),
        "only looks now"
    );
    assert!(house.facts().contains(&StaffFact::AccountChanged(own, other)));
    // One's own rights stay, so that one who may do this always remains; and a worker changes nobody's.
    let own_path = format!("{PATH}/{own}");
    assert_eq!(admin.get(&house, &own_path).await.status, 404);
    assert_eq!(admin.post(&house, &own_path, &fields).await.status, 404);
    let (role, scope) = (StaffRole::Admin, Scope::Everything);
    let deed = |staff, by| Deed::Change { staff, role, scope: scope.clone(), by };
    house.act(deed(other, other)).await;
    house.act(deed(own, other)).await;
    house
        .act(Deed::Change {
            staff: own,
            role: StaffRole::Viewer,
            scope: Scope::Everything,
            by: own,
        })
        .await;
    assert_eq!(house.staff("山田").role, StaffRole::Viewer);
    assert_eq!(house.staff("鈴木").role, StaffRole::Admin);
}

#[tokio::test]
async fn a_new_link_ends_password_and_sessions_and_a_stopped_account_comes_back_by_it() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    let (mut worker, _) = house.member("山田", StaffRole::Worker).await;
    let staff = house.staff("山田").id;
    let path = format!("{PATH}/{staff}");
    admin.get(&house, &path).await;
    let page = admin.post(&house, &path, &[("act", "link")]).await;
    assert!(!worker.is_in(&house).await);
    assert!(house.staff("山田").password.is_none());
    house.settle("山田", &link(&page)).await;
    admin.post(&house, &format!("{path}/stop"), &[]).await;
    let page = admin.get(&house, &path).await;
    assert!(page.has("止めています") && !page.has("役割と範囲"), "{}", page.text);
    let fields = [("act", "change"), ("role", "2"), ("scope", "0")];
    assert_eq!(admin.post(&house, &path, &fields).await.status, 404, "it is stopped");
    admin.get(&house, &path).await;
    let page = admin.post(&house, &path, &[("act", "link")]).await;
    house.settle("山田", &link(&page)).await;
    assert!(house.staff("山田").is_ready());
}

#[tokio::test]
async fn an_account_is_for_some_organizations_or_for_everything() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    assert!(!admin.get(&house, PATH).await.has("選んだ団体・地区だけ"), "there is none to choose");
    admin.get(&house, "/staff/organizations").await;
    admin.post(&house, "/staff/organizations", &[("name", "中央地区")]).await;
    let id = house.store.read().unwrap().organizations().unwrap()[0].id;
    let id_text = id.to_string();
    for (fields, reason) in [
        (&[("role", "0"), ("scope", "1")][..], "団体・地区を1つ以上選んでください"),
        (
            &[("role", "0"), ("scope", "1"), ("organization", "777")],
            "団体・地区を1つ以上選んでください",
        ),
        (
            &[("role", "2"), ("scope", "1"), ("organization", &id_text)],
            "「管理」の人は、すべてを見ます",
        ),
    ] {
        admin.get(&house, PATH).await;
        let fields: Vec<_> = [("name", "山田")].into_iter().chain(fields.iter().copied()).collect();
        let page = admin.post(&house, PATH, &fields).await;
        assert!(page.status == 422 && page.has(reason), "{}", page.text);
    }
    admin.get(&house, PATH).await;
    let fields = [("name", "山田"), ("role", "0"), ("scope", "1"), ("organization", &id_text)];
    assert_eq!(admin.post(&house, PATH, &fields).await.status, 200);
    assert_eq!(house.staff("山田").scope, Scope::Only(vec![id]));
    let list = admin.get(&house, PATH).await;
    assert!(list.has("<td>中央地区</td>") && list.has("<td>すべて</td>"), "{}", list.text);
    let page = admin.get(&house, &format!("{PATH}/{}", house.staff("山田").id)).await;
    assert!(page.has(&format!("value=\"{id}\" checked")), "{}", page.text);
}

#[tokio::test]
async fn of_two_who_change_an_account_the_second_is_told() {
    let house = House::new();
    let (mut first, _) = house.member("鈴木", StaffRole::Admin).await;
    let (mut second, _) = house.member("佐藤", StaffRole::Admin).await;
    house.member("山田", StaffRole::Worker).await;
    let path = format!("{PATH}/{}", house.staff("山田").id);
    first.get(&house, &path).await;
    second.get(&house, &path).await;
    let fields = |role| [("act", "change"), ("role", role), ("scope", "0")];
    assert_eq!(first.post(&house, &path, &fields("1")).await.status, 303);
    let page = second.post(&house, &path, &fields("2")).await;
    assert!(page.status == 409 && page.has("ほかの人が先に変更しました"), "{}", page.text);
    assert_eq!(house.staff("山田").role, StaffRole::Viewer);
}
