//! The first visit, by the link that was made for somebody.

use super::*;

#[tokio::test]
async fn somebody_comes_by_the_link_and_is_on_the_board_three_steps_later() {
    let house = House::new();
    let path = house.invite("山田花子", StaffRole::Worker).await;
    let mut browser = Browser::new(HTTPS);
    let page = browser.get(&house, &path).await;
    assert!(page.status == 200 && page.has("山田花子") && page.has("担当"), "{}", page.text);
    let page = browser.post(&house, &path, &passwords(PASSWORD)).await;
    assert!(page.has("role=\"img\"") && page.has("<svg"), "{}", page.text);
    let owner = Owner { name: "山田花子", secret: secret_on(&page), codes: Vec::new() };
    let number = owner.number(house.now());
    let page = browser.post(&house, &path, &[("step", "number"), ("number", &number)]).await;
    assert_eq!(codes_on(&page).len(), 10);
    assert!(page.has("今しか見られません"));
    assert_eq!(browser.get(&house, "/staff").await.status, 200);
    let id = house.staff("山田花子").id;
    let facts = house.facts();
    assert_eq!(facts, [StaffFact::Added(id, StaffRole::Worker), StaffFact::Accepted(id)]);
}

#[tokio::test]
async fn programs_that_look_at_the_link_do_not_use_it_up() {
    let house = House::new();
    let path = house.invite("山田", StaffRole::Viewer).await;
    for _ in 0..100 {
        for method in ["GET", "HEAD"] {
            let request = Request::build(method, &path).header("user-agent", "line-poker/1.0");
            assert_eq!(house.routes.answer(request.empty()).await.status().as_u16(), 200);
        }
    }
    assert_eq!(house.facts().len(), 1);
    let mut browser = Browser::new(HTTPS);
    browser.get(&house, &path).await;
    assert!(browser.post(&house, &path, &passwords(PASSWORD)).await.has("class=\"secret\""));
}

#[tokio::test]
async fn a_link_works_once() {
    let house = House::new();
    let (mut first, _) = house.member("山田", StaffRole::Admin).await;
    let path = format!("/staff/welcome/{}", token("山田"));
    let mut second = Browser::new(HTTPS);
    second.get(&house, "/staff/login").await;
    assert_eq!(second.get(&house, &path).await.status, 404);
    for fields in [&passwords("another good password 7")[..], &[("step", "number")]] {
        let page = second.post(&house, &path, fields).await;
        assert!(page.status == 404 && page.has("使えません"), "{}", page.text);
    }
    assert!(first.is_in(&house).await);
}

#[tokio::test]
async fn of_two_who_finish_at_the_same_moment_one_gets_the_account() {
    let house = House::new();
    let path = house.invite("山田", StaffRole::Admin).await;
    let mut browsers = [Browser::new(HTTPS), Browser::new(HTTPS)];
    let mut secrets = Vec::new();
    for browser in &mut browsers {
        browser.get(&house, &path).await;
        secrets.push(secret_on(&browser.post(&house, &path, &passwords(PASSWORD)).await));
    }
    // The draft of the second took the place of the first.
    let owner = Owner { name: "山田", secret: secrets[1].clone(), codes: Vec::new() };
    let number = owner.number(house.now());
    let fields = [("step", "number"), ("number", number.as_str())];
    let [one, other] = &mut browsers;
    let pages = tokio::join!(one.post(&house, &path, &fields), other.post(&house, &path, &fields));
    let mut statuses = [pages.0.status, pages.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404]);
}

#[tokio::test]
async fn a_link_expires_after_a_day_also_halfway_through() {
    let house = House::new();
    let path = house.invite("山田", StaffRole::Worker).await;
    house.wait(Duration::from_secs(24 * 3600 - 60));
    let mut browser = Browser::new(HTTPS);
    assert_eq!(browser.get(&house, &path).await.status, 200);
    let page = browser.post(&house, &path, &passwords(PASSWORD)).await;
    let owner = Owner { name: "山田", secret: secret_on(&page), codes: Vec::new() };
    house.wait_seconds(60);
    let number = owner.number(house.now());
    let page = browser.post(&house, &path, &[("step", "number"), ("number", &number)]).await;
    assert_eq!(page.status, 404);
    assert_eq!(browser.get(&house, &path).await.status, 404);
    assert!(house.staff("山田").password.is_none());
}

#[tokio::test]
async fn a_new_link_makes_the_old_one_useless() {
    let house = House::new();
    let old = house.invite("山田", StaffRole::Worker).await;
    let staff = house.staff("山田").id;
    let new = token("new");
    house.act(Deed::Reset { staff, invitation: TokenHash::of(&new), by: None }).await;
    let mut browser = Browser::new(HTTPS);
    assert_eq!(browser.get(&house, &old).await.status, 404);
    assert_eq!(browser.get(&house, &format!("/staff/welcome/{new}")).await.status, 200);
}

#[tokio::test]
async fn what_is_no_link_is_404_whatever_it_is() {
    let house = House::new();
    house.invite("山田", StaffRole::Worker).await;
    let right = token("山田");
    for wrong in
        [&right[1..], &right.to_uppercase(), "x", "..", "%00", &"a".repeat(43), &"a".repeat(2000)]
    {
        let page = Browser::new(HTTPS).get(&house, &format!("/staff/welcome/{wrong}")).await;
        assert_eq!(page.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn a_password_that_is_not_taken_is_explained_at_its_field() {
    let house = House::new();
    let path = house.invite("山田花子", StaffRole::Worker).await;
    let mut browser = Browser::new(HTTPS);
    browser.get(&house, &path).await;
    for (password, repeat, field, why) in [
        ("short", "short", "new-password", "12文字より短い"),
        ("password1234", "password1234", "new-password", "よく使われる"),
        ("みどり市社協みどり市社協", "みどり市社協みどり市社協", "new-password", "よく使われる"),
        ("山田花子山田花子2026", "山田花子山田花子2026", "new-password", "よく使われる"),
        (PASSWORD, "correct horse battery", "repeat", "上のパスワードとちがいます"),
    ] {
        let fields = [("new-password", password), ("repeat", repeat)];
        let page = browser.post(&house, &path, &fields).await;
        assert_eq!(page.status, 422, "{password}");
        let input = page.between(&format!("<input id=\"{field}\""), ">").unwrap();
        assert!(input.contains("aria-invalid=\"true\""), "{input}");
        assert!(input.contains(&format!("{field}-fault")), "{input}");
        let fault = page.between(&format!("id=\"{field}-fault\">"), "<").unwrap();
        assert!(fault.contains(why), "{fault}");
        assert!(!page.has(password), "a password is never shown again");
    }
    let page = browser.post(&house, &path, &[("new-password", &"あ".repeat(129))]).await;
    assert!(page.has("128文字より長い"));
}

#[tokio::test]
async fn a_wrong_first_number_is_explained_and_the_right_one_still_works() {
    let house = House::new();
    let path = house.invite("山田", StaffRole::Worker).await;
    let mut browser = Browser::new(HTTPS);
    browser.get(&house, &path).await;
    let page = browser.post(&house, &path, &passwords(PASSWORD)).await;
    let owner = Owner { name: "山田", secret: secret_on(&page), codes: Vec::new() };
    for wrong in ["", "000000", "12345", "abcdef"] {
        let page = browser.post(&house, &path, &[("step", "number"), ("number", wrong)]).await;
        assert!(page.status == 422 && page.has("番号がちがいます"), "{}", page.text);
        assert_eq!(secret_on(&page), owner.secret, "the app keeps what it has");
    }
    let wide: String = owner.number(house.now()).chars().map(full_width).collect();
    let page = browser.post(&house, &path, &[("step", "number"), ("number", &wide)]).await;
    assert_eq!(page.status, 200);
}

fn full_width(digit: char) -> char {
    char::from_u32('０' as u32 + digit.to_digit(10).unwrap()).unwrap()
}

#[tokio::test]
async fn after_a_long_break_one_begins_again_with_the_same_link() {
    let house = House::new();
    let path = house.invite("山田", StaffRole::Worker).await;
    let mut browser = Browser::new(HTTPS);
    browser.get(&house, &path).await;
    browser.post(&house, &path, &passwords(PASSWORD)).await;
    house.wait_seconds(15 * 60);
    let page = browser.post(&house, &path, &[("step", "number"), ("number", "123456")]).await;
    assert!(page.status == 200 && page.has("new-password"), "{}", page.text);
}

#[tokio::test]
async fn a_number_confirms_only_the_secret_that_was_shown() {
    let house = House::new();
    let path = house.invite("山田", StaffRole::Worker).await;
    let mut browser = Browser::new(HTTPS);
    browser.get(&house, &path).await;
    // Straight to the second step, without a password.
    let page = browser.post(&house, &path, &[("step", "number"), ("number", "123456")]).await;
    assert!(page.has("new-password") && house.staff("山田").password.is_none());
}
