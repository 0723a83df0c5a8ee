//! The way in: a link of the chat, looked at by programs, pressed by people, used once.

use std::time::Duration;

use anshin::domain::fact::Fact;
use anshin::domain::id::CaseId;
use anshin::domain::page::{LINK_LIFE, PAGE_IDLE_MAX, PAGE_SESSION_LIFE};
use anshin::domain::person::Reach;
use anshin::http::Request;

use super::*;
use crate::world::World;

#[tokio::test]
async fn programs_that_look_at_a_link_do_not_use_it_up_and_a_press_does() {
    let family = Family::new(None);
    let house = &family.house;
    let path = link(house, family.yoshiko, Leads::Own);
    for method in ["GET", "HEAD"] {
        for _ in 0..50 {
            let request = Request::build(method, &path).header("user-agent", "line-poker/1.0");
            let page = Page::of(&house.routes.answer(request.empty()).await);
            assert_eq!(page.status, 200, "{method}");
            assert!(page.cookies.is_empty(), "looking is no entering");
            assert!(!page.has("よしこ"), "{}", page.text);
        }
    }
    assert!(!house.journal().contains(&Fact::PageEntered(family.yoshiko)));
    let mut first = Browser::new(HTTPS);
    first.get(house, &path).await;
    let mut second = first.clone();
    let page = first.post(house, &path, &[]).await;
    assert_eq!((page.status, page.header("location")), (303, "/u"));
    let cookie = first.lines.last().unwrap();
    assert!(cookie.starts_with("__Host-anshin-page="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000"),
        "{cookie}"
    );
    let page = second.post(house, &path, &[]).await;
    assert_eq!(page.status, 410, "a link works once");
    assert!(page.has("もう一度「マイページ」と送ってください"), "{}", page.text);
    assert!(second.cookies.is_empty());
    assert!(first.get(house, "/u").await.has("よしこさんのページ"));
    // Whoever is in already goes on at once, and nothing is used up.
    let page = first.get(house, &path).await;
    assert_eq!((page.status, page.header("location")), (303, "/u"));
    let entered = house.journal().iter().filter(|f| matches!(f, Fact::PageEntered(_))).count();
    assert_eq!(entered, 1);
}

#[tokio::test]
async fn a_link_works_for_ten_minutes() {
    let family = Family::new(None);
    let house = &family.house;
    let path = link(house, family.yoshiko, Leads::Own);
    let mut browser = Browser::new(HTTPS);
    house.wait(LINK_LIFE - Duration::from_millis(1));
    assert_eq!(browser.get(house, &path).await.status, 200);
    house.wait(Duration::from_millis(1));
    assert_eq!(browser.post(house, &path, &[]).await.status, 410);
    assert_eq!(browser.get(house, &path).await.status, 410);
}

#[tokio::test]
async fn a_link_that_was_changed_or_made_elsewhere_opens_nothing() {
    let family = Family::new(None);
    let house = &family.house;
    let path = link(house, family.yoshiko, Leads::Own);
    let other = path.replace(&family.yoshiko.to_string(), &family.kenji.to_string());
    let mut browser = Browser::new(HTTPS);
    for path in [&other, &format!("{path}A"), "/u/enter/x", "/m/enter/~~~", "/u/enter/%00"] {
        let page = browser.get(house, path).await;
        assert_eq!(page.status, 410, "{path}");
        assert_eq!(browser.post(house, path, &[]).await.status, 410, "{path}");
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn each_link_leads_where_it_was_meant_to() {
    let family = Family::new(None);
    let house = &family.house;
    let (yoshiko, team) = (family.yoshiko, family.team);
    for (page, leads) in [
        (Leads::Own, "/u".to_owned()),
        (Leads::Watching, "/m".to_owned()),
        (Leads::Case(CaseId(7)), "/m/cases/7".to_owned()),
        (Leads::Person(yoshiko), format!("/m/people/{yoshiko}")),
        (Leads::Team(team), format!("/m/teams/{team}")),
    ] {
        let path = link(house, family.kenji, page);
        let mut browser = Browser::new(HTTPS);
        browser.get(house, &path).await;
        let page = browser.post(house, &path, &[]).await;
        assert_eq!((page.status, page.header("location")), (303, leads.as_str()));
    }
}

#[tokio::test]
async fn a_session_ends_after_half_a_day_of_nothing_and_after_thirty_days() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    let begun = house.now();
    while house.now().since(begun) < PAGE_SESSION_LIFE - Duration::from_secs(6 * 3600) {
        house.wait(Duration::from_secs(6 * 3600));
        assert_eq!(browser.get(house, "/u").await.status, 200, "in use");
        // That it is in use is written down behind the answer.
        let token = house.store.read().unwrap().page_sessions_of(family.yoshiko).unwrap()[0];
        let mut token = token;
        while token.seen_at != house.now() {
            tokio::time::sleep(Duration::from_millis(1)).await;
            token = house.store.read().unwrap().page_sessions_of(family.yoshiko).unwrap()[0];
        }
    }
    house.wait(Duration::from_secs(6 * 3600));
    assert_eq!(browser.get(house, "/u").await.status, 403, "thirty days");
    let mut browser = entered(house, family.yoshiko).await;
    house.wait(PAGE_IDLE_MAX);
    let page = browser.get(house, "/u").await;
    assert_eq!(page.status, 403);
    assert!(page.has("LINEのトークで「マイページ」か「ようす」と送ってください"), "{}", page.text);
}

#[tokio::test]
async fn with_the_sixth_browser_the_oldest_is_out_and_all_others_can_be_closed() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browsers = Vec::new();
    for _ in 0..6 {
        house.wait_seconds(60);
        browsers.push(entered(house, family.yoshiko).await);
    }
    assert_eq!(browsers[0].get(house, "/u").await.status, 403);
    let page = browsers[5].get(house, "/u").await;
    assert!(page.has("ここと、ほかに4か所です"), "{}", page.text);
    let page = browsers[5].post(house, "/u", &[("act", "close-others")]).await;
    assert_eq!(page.status, 303);
    for browser in &mut browsers[..5] {
        assert_eq!(browser.get(house, "/u").await.status, 403);
    }
    let page = browsers[5].get(house, "/u").await;
    assert!(page.has("ここだけです"), "{}", page.text);
    let page = browsers[5].post(house, "/u", &[("act", "close")]).await;
    assert!(page.has("とじました"), "{}", page.text);
    assert!(browsers[5].cookies.is_empty());
    assert!(house.store.read().unwrap().page_sessions_of(family.yoshiko).unwrap().is_empty());
}

#[tokio::test]
async fn who_cannot_be_reached_any_more_is_out_until_they_come_back() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.kenji).await;
    let mut person = house.person(family.kenji);
    for (reachable, status) in [(false, 403), (true, 200)] {
        person.reach = Reach { reachable, ..person.reach };
        family.write(|tables| tables.put_person(&person).unwrap());
        assert_eq!(browser.get(house, "/m").await.status, status);
        if !reachable {
            let path = link(house, family.kenji, Leads::Watching);
            browser.get(house, &path).await;
            assert_eq!(browser.post(house, &path, &[]).await.status, 410, "no way in by a link");
        }
    }
}

/// The path in the newest link button with this label.
fn linked(world: &World, user: &str, label: &str) -> String {
    let items = world.received(user).into_iter().rev();
    let mut views = items.flat_map(|item| world.platform.actions(user, &item.id));
    let view = views.find(|view| view.label.contains(label)).expect("such a button");
    let uri = view.action["uri"].as_str().unwrap().to_owned();
    uri.strip_prefix(HTTPS).expect("a page of ours").to_owned()
}

#[tokio::test]
async fn the_chat_leads_each_to_their_own_page_and_to_those_whom_they_watch() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.say(&yoshiko, "マイページ");
    world.say(&kenji, "ようす");
    let own = linked(&world, &yoshiko, "くわしく見る");
    let all = linked(&world, &kenji, "ページで見る");
    world.press(&kenji, "よしこさんのようす");
    let one = linked(&world, &kenji, "くわしく見る");
    assert!(own.starts_with("/u/enter/") && all.starts_with("/m/enter/"), "{own} {all}");
    let house = House::over(world.store.clone(), HTTPS, world.now);
    for (path, has) in [
        (&own, "よしこさんのページ"),
        (&all, "<h1>いまのようす</h1>"),
        (&one, "会いました、無事です"),
    ] {
        let mut browser = Browser::new(HTTPS);
        browser.get(&house, path).await;
        let page = browser.post(&house, path, &[]).await;
        let leads = page.header("location").to_owned();
        let page = browser.get(&house, &leads).await;
        assert_eq!(page.status, 200, "{leads}");
        assert!(page.has(has) || has.starts_with("会い"), "{leads}: {}", page.text);
    }
}
