//! One's own password and second factor.

use super::*;

const NEW: &str = "seven lanterns in the snow";

/// The fields that change the password.
fn change<'a>(password: &'a str, number: &'a str, new: &'a str) -> [(&'static str, &'a str); 4] {
    [("password", password), ("number", number), ("new-password", new), ("repeat", new)]
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_a_number_and_ends_all_other_sessions() {
    let house = House::new();
    let (mut other, owner) = house.member("山田", StaffRole::Worker).await;
    let mut browser = house.logged_in(&owner).await;
    house.wait_seconds(60);
    let number = owner.number(house.now());
    browser.get(&house, "/staff/me").await;
    for (password, number) in
        [("", ""), (PASSWORD, ""), (PASSWORD, "000000"), ("wrong password of 12", &number)]
    {
        let page = browser.post(&house, "/staff/me/password", &change(password, number, NEW)).await;
        assert_eq!(page.status, 422);
        assert!(page.has("パスワードか番号がちがいます"), "{}", page.text);
    }
    assert!(other.is_in(&house).await);
    let before = browser.session().unwrap().clone();
    let page = browser.post(&house, "/staff/me/password", &change(PASSWORD, &number, NEW)).await;
    assert_eq!((page.status, page.header("location")), (303, "/staff/me?changed"));
    assert_ne!(browser.session(), Some(&before), "the token changes");
    assert!(browser.get(&house, "/staff/me?changed").await.has("パスワードを変えました"));
    assert!(!other.is_in(&house).await);
    house.wait_seconds(60);
    let number = owner.number(house.now());
    let mut old = Browser::new(HTTPS);
    assert_eq!(old.log_in(&house, "山田", PASSWORD, &number).await.status, 422);
    assert_eq!(old.log_in(&house, "山田", NEW, &number).await.status, 303);
}

#[tokio::test]
async fn a_new_password_is_judged_like_the_first_and_costs_no_number() {
    let house = House::new();
    let (mut browser, owner) = house.member("山田花子", StaffRole::Worker).await;
    house.wait_seconds(60);
    let number = owner.number(house.now());
    browser.get(&house, "/staff/me").await;
    let short = change(PASSWORD, &number, "short");
    let page = browser.post(&house, "/staff/me/password", &short).await;
    assert!(page.status == 422 && page.has("12文字より短い"));
    let page = browser.post(&house, "/staff/me/password", &change(PASSWORD, &number, NEW)).await;
    assert_eq!(page.status, 303);
}

#[tokio::test]
async fn somebody_with_a_stolen_session_cannot_go_on_guessing() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff/me").await;
    let mut statuses = Vec::new();
    for path in ["/staff/me/password", "/staff/me/factor"].iter().cycle().take(8) {
        let page = browser.post(&house, path, &change("wrong password of 12", "000000", NEW)).await;
        statuses.push(page.status);
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429, 429]);
}

#[tokio::test]
async fn a_new_second_factor_replaces_app_and_recovery_codes_and_ends_all_other_sessions() {
    let house = House::new();
    let (mut other, owner) = house.member("山田", StaffRole::Worker).await;
    let mut browser = house.logged_in(&owner).await;
    house.wait_seconds(60);
    browser.get(&house, "/staff/me").await;
    let number = owner.number(house.now());
    let proof = [("password", PASSWORD), ("number", number.as_str())];
    let page = browser.post(&house, "/staff/me/factor", &proof).await;
    let mut new = Owner { name: "山田", secret: secret_on(&page), codes: Vec::new() };
    assert_ne!(new.secret, owner.secret);
    let wrong = browser.post(&house, "/staff/me/factor/confirm", &[("number", "000000")]).await;
    assert!(wrong.status == 422 && secret_on(&wrong) == new.secret);
    assert!(other.is_in(&house).await, "nothing has changed yet");
    let number = new.number(house.now());
    let page = browser.post(&house, "/staff/me/factor/confirm", &[("number", &number)]).await;
    new.codes = codes_on(&page);
    assert_eq!((page.status, new.codes.len()), (200, 10));
    assert!(browser.is_in(&house).await && !other.is_in(&house).await);
    house.wait_seconds(60);
    for (shown, status) in [
        (owner.number(house.now()), 422),
        (owner.codes[0].clone(), 422),
        (new.number(house.now()), 303),
        (new.codes[0].clone(), 303),
    ] {
        let page = Browser::new(HTTPS).log_in(&house, "山田", PASSWORD, &shown).await;
        assert_eq!(page.status, status);
    }
}

#[tokio::test]
async fn a_second_factor_is_not_changed_without_proof_or_too_late() {
    let house = House::new();
    let (mut browser, owner) = house.member("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff/me").await;
    let confirm = "/staff/me/factor/confirm";
    let page = browser.post(&house, confirm, &[("number", "123456")]).await;
    assert!(page.status == 422 && page.has("はじめから"), "{}", page.text);
    house.wait_seconds(60);
    let number = owner.number(house.now());
    let proof = [("password", PASSWORD), ("number", number.as_str())];
    let page = browser.post(&house, "/staff/me/factor", &proof).await;
    let new = Owner { name: "山田", secret: secret_on(&page), codes: Vec::new() };
    // What was shown is used up.
    assert_eq!(browser.clone().post(&house, "/staff/me/factor", &proof).await.status, 422);
    house.wait_seconds(15 * 60);
    let number = new.number(house.now());
    let page = browser.post(&house, confirm, &[("number", &number)]).await;
    assert!(page.status == 422 && page.has("はじめから"));
    assert_eq!(house.staff("山田").recovery.len(), 10);
}

#[tokio::test]
async fn every_field_has_a_label_and_no_two_share_an_id() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let page = browser.get(&house, "/staff/me").await;
    let mut ids: Vec<&str> =
        page.text.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
    for input in page.text.split("<input id=\"").skip(1) {
        let id = input.split('"').next().unwrap();
        assert!(page.has(&format!("<label for=\"{id}\">")), "{id}");
    }
}
