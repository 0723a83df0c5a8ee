//! The way in, over the whole route table: what needs a session, a role, and a form of our own.

use anshin::http::Method;
use anshin::routes::{Place, TABLE};
use anshin::web::staff::{Desk, Page as Leads};

use super::*;

/// Every route of the staff, with a path that could work.
fn routes() -> Vec<(&'static Method, String, Leads)> {
    let staff = TABLE.iter().filter_map(|(method, path, place)| match place {
        Place::Staff(page) => Some((method, path, *page)),
        _ => None,
    });
    let filled = staff.map(|(method, path, page)| {
        let path = path.replace("{token}", &token("山田")).replace("{id}", "1");
        (method, path, page)
    });
    let all: Vec<_> = filled.collect();
    assert!(all.len() >= 13, "the staff's routes are in the table");
    all
}

fn behind() -> Vec<(&'static Method, String, Desk)> {
    let desk = routes().into_iter().filter_map(|(method, path, page)| match page {
        Leads::Desk(desk) => Some((method, path, desk)),
        Leads::Door(_) => None,
    });
    desk.collect()
}

#[test]
fn only_login_and_welcome_stand_in_front_of_the_door() {
    let mut open: Vec<String> = routes()
        .into_iter()
        .filter(|(.., page)| matches!(page, Leads::Door(_)))
        .map(|(.., path, _)| path.split('/').nth(2).unwrap().to_owned())
        .collect();
    open.dedup();
    assert_eq!(open, ["login", "welcome"]);
    let staff = TABLE.iter().filter(|(_, path, _)| path.starts_with("/staff"));
    assert_eq!(
        staff.count(),
        routes().len(),
        "every path under /staff goes through the one way in"
    );
}

#[tokio::test]
async fn every_page_behind_the_door_sends_a_stranger_to_the_log_in() {
    let house = House::new();
    let mut stranger = Browser::new(HTTPS);
    stranger.get(&house, "/staff/login").await;
    let mut expired = stranger.clone();
    expired.cookies.insert("__Host-anshin".to_owned(), token("gone"));
    for (method, path, _) in behind() {
        for browser in [&mut stranger, &mut expired] {
            let page = match *method {
                Method::GET => browser.get(&house, &path).await,
                _ => browser.post(&house, &path, &[("staff", "1")]).await,
            };
            assert_eq!(page.status, 303, "{method} {path}");
            assert_eq!(page.header("location"), "/staff/login?ended", "{method} {path}");
            assert_eq!(page.text, "");
        }
    }
    assert!(house.facts().is_empty());
}

#[tokio::test]
async fn every_page_is_open_to_the_roles_it_names_and_closed_to_all_others() {
    let house = House::new();
    let names = ["管理さん", "担当さん", "閲覧さん"];
    let mut closed = 0;
    for (role, name) in StaffRole::ALL.into_iter().zip(names) {
        let (browser, _) = house.member(name, role).await;
        for (method, path, desk) in behind() {
            // A copy each, because one of the pages logs out.
            let mut browser = browser.clone();
            browser.get(&house, "/staff/me").await;
            if *method != Method::GET && desk == Desk::LogOut {
                continue;
            }
            let page = match *method {
                Method::GET => browser.get(&house, &path).await,
                _ => browser.post(&house, &path, &[]).await,
            };
            let may = desk.roles().contains(&role);
            assert_eq!(page.status == 403, !may, "{name} {method} {path}: {}", page.status);
            if !may {
                closed += 1;
                assert!(page.has("あなたの役割では"), "{}", page.text);
                assert!(!page.has(names[0]), "a refusal shows nothing of the page");
            }
        }
        let board = browser.clone().get(&house, "/staff").await;
        assert_eq!(board.has("/staff/accounts"), role == StaffRole::Admin, "{name}");
    }
    assert_eq!(closed, 65, "two roles and twenty pages, one role and twenty-five more");
}

/// Every way in which a post can come from somewhere else.
const ELSEWHERE: [&[(&str, &str)]; 8] = [
    &[],
    &[("origin", "null")],
    &[("origin", "https://evil.example")],
    &[("origin", "http://mimamori.example.jp")],
    &[("origin", "https://mimamori.example.jp.evil.example")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
];

async fn posted(
    house: &House,
    browser: &Browser,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Page {
    let request = browser
        .dress(Request::build("POST", path))
        .header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |r, (name, value)| r.header(name, value));
    Page::of(&house.routes.answer(request.body(body)).await)
}

#[tokio::test]
async fn every_post_from_elsewhere_or_without_its_word_is_403_and_changes_nothing() {
    let house = House::new();
    let (mut browser, _) = house.member("鈴木", StaffRole::Admin).await;
    let (other, _) = house.member("佐藤", StaffRole::Admin).await;
    house.invite("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff/me").await;
    let good = browser.body(&[("staff", "1")]);
    let mut stranger = browser.clone();
    stranger.get(&house, "/staff/login").await;
    let before = house.facts().len();
    for (_, path, page) in routes().into_iter().filter(|(method, ..)| *method == Method::POST) {
        // In front of the door a form carries the word of the log-in, behind it that of the session.
        let sender = if matches!(page, Leads::Door(_)) { &stranger } else { &browser };
        let good = if matches!(page, Leads::Door(_)) { stranger.body(&[]) } else { good.clone() };
        for headers in ELSEWHERE {
            let page = posted(&house, sender, &path, headers, good.clone()).await;
            assert_eq!(page.status, 403, "{path} {headers:?}");
        }
        let crossed = if matches!(page, Leads::Door(_)) { &browser } else { &stranger };
        for (what, body) in [
            ("no word", String::new()),
            ("an empty word", "form_token=".to_owned()),
            ("a made-up word", format!("form_token={}", token("x"))),
            ("the word of another form", crossed.body(&[])),
            ("the word in the query", "staff=1".to_owned()),
        ] {
            let path =
                if what.ends_with("query") { format!("{path}?{good}") } else { path.clone() };
            let page = posted(&house, sender, &path, &[("origin", HTTPS)], body).await;
            assert_eq!(page.status, 403, "{path} {what}");
            assert!(page.has("画面が古くなっています"), "{}", page.text);
        }
    }
    // The word of one session in another.
    let mut theirs = other.clone();
    theirs.get(&house, "/staff/me").await;
    let page =
        posted(&house, &browser, "/staff/logout", &[("origin", HTTPS)], theirs.body(&[])).await;
    assert_eq!(page.status, 403);
    assert_eq!(house.facts().len(), before, "nothing happened: {:?}", house.facts());
    assert!(browser.is_in(&house).await);
}

#[tokio::test]
async fn a_post_of_our_own_page_is_taken_however_the_browser_says_so() {
    let house = House::new();
    for (name, headers) in [
        ("鈴木", &[("origin", HTTPS)][..]),
        ("佐藤", &[("sec-fetch-site", "same-origin")]),
        ("田中", &[("sec-fetch-site", "same-origin"), ("origin", "null")]),
        ("高橋", &[("origin", "http://127.0.0.1:8080")]),
    ] {
        let (mut browser, _) = house.member(name, StaffRole::Worker).await;
        browser.get(&house, "/staff").await;
        let page = posted(&house, &browser, "/staff/logout", headers, browser.body(&[])).await;
        assert_eq!(page.status, 303, "{headers:?}");
    }
}

#[tokio::test]
async fn what_is_no_form_or_far_too_much_is_refused() {
    let house = House::new();
    let (mut browser, _) = house.member("鈴木", StaffRole::Worker).await;
    browser.get(&house, "/staff").await;
    let good = browser.body(&[]);
    for (kind, body, status) in [
        ("application/json", "{}".to_owned(), 415),
        ("multipart/form-data", good.clone(), 415),
        ("text/plain", good.clone(), 415),
        ("application/x-www-form-urlencoded", format!("{good}&x={}", "y".repeat(70_000)), 413),
        ("application/x-www-form-urlencoded", format!("{good}{}", "&a=1".repeat(300)), 400),
    ] {
        let request = browser
            .dress(Request::build("POST", "/staff/logout"))
            .header("origin", HTTPS)
            .header("content-type", kind);
        let page = Page::of(&house.routes.answer(request.body(body)).await);
        assert_eq!(page.status, status, "{kind}");
    }
    assert!(browser.is_in(&house).await);
}

#[tokio::test]
async fn the_log_in_leads_to_the_board_and_nowhere_else() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    for next in ["https://evil.example", "//evil.example", "/staff/accounts", "javascript:alert(1)"]
    {
        house.wait_seconds(60);
        let mut browser = Browser::new(HTTPS);
        let path = format!("/staff/login?next={next}");
        browser.get(&house, &path).await;
        let number = owner.number(house.now());
        let fields =
            [("name", "山田"), ("password", PASSWORD), ("number", &number), ("next", next)];
        let page = browser.post(&house, &path, &fields).await;
        assert_eq!((page.status, page.header("location")), (303, "/staff"), "{next}");
    }
}

#[tokio::test]
async fn no_page_keeps_a_secret_in_its_address_its_text_or_its_headers() {
    let house = House::new();
    let (mut browser, owner) = house.member("鈴木", StaffRole::Admin).await;
    house.invite("山田", StaffRole::Worker).await;
    let staff = house.staff("鈴木");
    let secrets = [
        browser.session().unwrap().clone(),
        owner.secret.clone(),
        owner.codes[0].clone(),
        PASSWORD.to_owned(),
        staff.password.unwrap().0,
        token("山田"),
        "argon2".to_owned(),
    ];
    for (method, path, _) in routes() {
        if *method != Method::GET || path.contains("welcome") {
            continue;
        }
        let page = browser.get(&house, &path).await;
        for secret in &secrets {
            assert!(!page.has(secret), "{path} shows {secret}");
            assert!(!page.headers.values().any(|value| value.contains(secret)), "{path}");
        }
        for inline in ["<script", "style=", "<style", " onclick", "javascript:"] {
            assert!(!page.has(inline), "{path}: {inline}");
        }
    }
}
