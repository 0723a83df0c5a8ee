//! How long a session lasts, and what ends it.

use super::*;

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_an_act() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    for _ in 0..3 {
        house.wait_seconds(29 * 60);
        assert_eq!(browser.get(&house, "/staff").await.status, 200);
    }
    house.wait_seconds(30 * 60);
    let page = browser.get(&house, "/staff").await;
    assert_eq!((page.status, page.header("location")), (303, "/staff/login?ended"));
    assert!(browser.get(&house, "/staff/login?ended").await.has("ログアウトしました"));
}

#[tokio::test]
async fn a_page_that_renews_itself_is_no_act_and_says_when_the_end_is_near() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    for minute in 1..30 {
        house.wait_seconds(60);
        let page = browser.get(&house, "/staff?auto").await;
        assert_eq!(page.status, 200, "{minute}");
        assert_eq!(page.has("自動でログアウトします"), minute >= 25, "{minute}");
    }
    house.wait_seconds(60);
    assert_eq!(browser.get(&house, "/staff?auto").await.status, 303);
    let facts = house.facts();
    assert!(!facts.iter().any(|fact| matches!(fact, StaffFact::Seen(_))), "{facts:?}");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    for _ in 0..35 {
        house.wait_seconds(20 * 60);
        assert_eq!(browser.get(&house, "/staff").await.status, 200);
    }
    house.wait_seconds(20 * 60);
    assert_eq!(browser.get(&house, "/staff").await.status, 303);
}

#[tokio::test]
async fn logging_out_ends_the_session_for_every_copy_of_its_cookie() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff").await;
    let mut copy = browser.clone();
    let page = browser.post(&house, "/staff/logout", &[]).await;
    assert_eq!((page.status, page.header("location")), (303, "/staff/login"));
    assert_eq!(browser.session(), None);
    assert!(!copy.is_in(&house).await);
    assert_eq!(browser.get(&house, "/staff/logout").await.status, 405, "only a form logs out");
}

#[tokio::test]
async fn a_new_link_ends_everything_before_it() {
    let house = House::new();
    let (mut first, owner) = house.member("山田", StaffRole::Worker).await;
    let mut second = house.logged_in(&owner).await;
    let staff = house.staff("山田").id;
    house.act(Deed::Reset { staff, invitation: TokenHash::of(&token("new")), by: None }).await;
    assert!(!first.is_in(&house).await && !second.is_in(&house).await);
    house.wait_seconds(60);
    for number in [owner.number(house.now()), owner.codes[0].clone()] {
        let page = Browser::new(HTTPS).log_in(&house, "山田", PASSWORD, &number).await;
        assert_eq!(page.status, 422);
    }
    assert!(house.store.read().unwrap().sessions_of(staff).unwrap().is_empty());
}

#[tokio::test]
async fn a_stopped_account_is_out_at_once_and_a_new_link_brings_it_back() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    let (mut worker, owner) = house.member("山田", StaffRole::Worker).await;
    let staff = house.staff("山田").id;
    let list = admin.get(&house, "/staff/accounts").await;
    assert!(list.has("山田") && list.has("鈴木") && list.has("あなたです"));
    let path = format!("/staff/accounts/{staff}/stop");
    assert!(admin.get(&house, &path).await.has("山田さんを止めますか"));
    assert!(worker.is_in(&house).await, "the question alone stops nothing");
    assert_eq!(admin.post(&house, &path, &[]).await.header("location"), "/staff/accounts");
    assert!(!worker.is_in(&house).await);
    house.wait_seconds(60);
    let number = owner.number(house.now());
    assert_eq!(Browser::new(HTTPS).log_in(&house, "山田", PASSWORD, &number).await.status, 422);
    assert_eq!(admin.get(&house, &path).await.status, 404, "once is enough");
    house.act(Deed::Reset { staff, invitation: TokenHash::of(&token("back")), by: None }).await;
    let page = Browser::new(HTTPS).get(&house, &format!("/staff/welcome/{}", token("back"))).await;
    assert_eq!(page.status, 200);
    assert!(house.facts().contains(&StaffFact::Stopped(staff, house.staff("鈴木").id)));
}

#[tokio::test]
async fn nobody_stops_their_own_account() {
    let house = House::new();
    let (mut admin, _) = house.member("鈴木", StaffRole::Admin).await;
    let staff = house.staff("鈴木").id;
    admin.get(&house, "/staff/accounts").await;
    let path = format!("/staff/accounts/{staff}/stop");
    assert_eq!(admin.get(&house, &path).await.status, 404);
    assert_eq!(admin.post(&house, &path, &[]).await.status, 404);
    house.act(Deed::Stop { staff, by: staff }).await;
    assert!(admin.is_in(&house).await);
    for id in ["0", "999999", "x", "-1", "4294967296"] {
        let page = admin.get(&house, &format!("/staff/accounts/{id}/stop")).await;
        assert_eq!(page.status, 404, "{id}");
    }
}

#[tokio::test]
async fn with_the_sixth_session_the_oldest_ends() {
    let house = House::new();
    let (mut first, owner) = house.member("山田", StaffRole::Worker).await;
    let mut others = Vec::new();
    for _ in 0..4 {
        others.push(house.logged_in(&owner).await);
    }
    assert!(first.is_in(&house).await);
    let mut sixth = house.logged_in(&owner).await;
    assert!(!first.is_in(&house).await && sixth.is_in(&house).await);
    for other in &mut others {
        assert!(other.is_in(&house).await);
    }
}

#[tokio::test]
async fn what_is_stored_of_a_session_opens_nothing() {
    let house = House::new();
    let (browser, _) = house.member("山田", StaffRole::Worker).await;
    let right = browser.session().unwrap().clone();
    let staff = house.staff("山田").id;
    let stored = house.store.read().unwrap().sessions_of(staff).unwrap()[0].token.0;
    let hex: String = stored.iter().map(|byte| format!("{byte:02x}")).collect();
    for wrong in
        [hex[..43].to_owned(), hex, String::new(), format!("{right}A"), right.to_lowercase()]
    {
        let mut thief = Browser::new(HTTPS);
        thief.cookies.insert("__Host-anshin".to_owned(), wrong);
        assert!(!thief.is_in(&house).await);
    }
    // Nor does the cookie under another name, as a neighbouring site could set it.
    let mut neighbour = Browser::new(HTTPS);
    neighbour.cookies.insert("anshin".to_owned(), right);
    assert!(!neighbour.is_in(&house).await);
}
