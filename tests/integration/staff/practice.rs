//! The page that leads through a round of practice: what to do now, who began it, and what stands there afterwards.

use anshin::domain::id::PersonId;
use anshin::domain::practice::{Practice, PracticeStage};
use anshin::domain::service::Service;
use anshin::store::Account;

use super::*;
use crate::house::Town;

const PATH: &str = "/staff/practice";

/// A house that LINE knows by this account, and its administrator.
async fn known_to_line() -> (House, Browser) {
    let store = anshin::store::Store::in_memory([42; 32]).unwrap();
    let writing = store.write().unwrap();
    let (basic_id, name) = ("@123abcde".to_owned(), "みどり市".to_owned());
    writing.tables().set_account(&Account { basic_id, name }).unwrap();
    writing.commit().unwrap();
    let house = House::over(store, HTTPS, tokyo("2026-11-23T08:00:00"));
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    browser.get(&house, PATH).await;
    (house, browser)
}

fn service(house: &House) -> Service {
    house.store.read().unwrap().service().unwrap()
}

/// The practice has come so far on somebody's phone.
fn at(house: &House, stage: PracticeStage) {
    let service = service(house);
    let practice = service.practice.unwrap();
    let practice = Some(Practice { person: Some(PersonId(7)), stage, ..practice });
    Town::new(house).write(|tables| {
        tables.put_service(&Service { practice, ..service }).unwrap();
    });
}

#[tokio::test]
async fn the_page_says_what_to_do_now_and_renews_itself_until_it_is_over() {
    let (house, mut browser) = known_to_line().await;
    assert_eq!(browser.post(&house, PATH, &[("act", "begin")]).await.status, 303);
    let page = browser.get(&house, PATH).await;
    let number = service(&house).practice.unwrap().number;
    let code = house.store.read().unwrap().mint().unwrap().code(number).to_string();
    assert!(page.has(&code) && page.has("練習のQRコード"), "{}", page.text);
    let silent = PracticeStage::Silent(tokyo("2026-11-23T08:02:00"));
    for (stage, words, left) in [
        (PracticeStage::Asked, "「げんきです」を押してください", 1),
        (silent, "午前8時2分ごろ、お知らせが届きます", 2),
        (PracticeStage::Alerted, "「対応します」を押してください", 3),
        (PracticeStage::Claimed, "わけを1つ選んで押してください", 4),
    ] {
        at(&house, stage);
        let page = browser.get(&house, "/staff/practice?auto").await;
        assert!(page.has(words), "{}", page.text);
        assert_eq!(page.text.matches("できました").count(), left, "{}", page.text);
        assert_eq!(page.header("refresh"), "5; url=/staff/practice?auto");
        assert!(!page.has(&code), "the code is for one phone");
        assert_eq!(browser.get(&house, "/staff/practice?still").await.header("refresh"), "");
    }
    let (mut colleague, _) = house.member("佐藤", StaffRole::Admin).await;
    assert!(colleague.get(&house, PATH).await.has("山田さんが始めた練習です"));
    let page = colleague.post(&house, PATH, &[("act", "stop")]).await;
    assert!(page.has("練習をやめました") && page.header("refresh").is_empty(), "{}", page.text);
    assert_eq!(service(&house).practice, None);
    let log = browser.get(&house, "/staff/log").await;
    assert!(log.has("練習を始めた") && log.has("練習をとちゅうでやめた"), "{}", log.text);
}

#[tokio::test]
async fn a_practice_that_was_lived_through_stands_with_its_date_at_the_point_of_the_set_up() {
    let (house, mut browser) = known_to_line().await;
    browser.get(&house, "/staff/setup").await;
    browser.post(&house, "/staff/setup", &[("act", "look")]).await;
    let point = |page: &Page| page.between("<h3>練習 ", "</li>").unwrap().to_owned();
    assert!(point(&browser.get(&house, "/staff/setup").await).contains("おすすめ"));
    let service = service(&house);
    let practised_at = Some(tokyo("2026-11-22T15:00:00"));
    Town::new(&house).write(|tables| {
        tables.put_service(&Service { practised_at, ..service }).unwrap();
    });
    let said = point(&browser.get(&house, "/staff/setup").await);
    assert!(said.contains("よし") && said.contains("11月22日"), "{said}");
    assert!(browser.get(&house, PATH).await.has("11月22日（日）午後3時に、終わりまで練習しました"));
}

#[tokio::test]
async fn without_line_there_is_nothing_to_practise_with() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    let page = browser.get(&house, PATH).await;
    assert!(
        page.has("先に、LINEにつないでください") && !page.has("value=\"begin\""),
        "{}",
        page.text
    );
    assert_eq!(browser.post(&house, PATH, &[("act", "begin")]).await.status, 422);
    assert_eq!(browser.post(&house, PATH, &[("act", "end")]).await.status, 400);
    assert_eq!(service(&house).practice, None);
}
