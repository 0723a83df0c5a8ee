//! Who rests, and how staff let somebody rest without mistaking one for another.

use anshin::domain::case::Actor;
use anshin::domain::pause::{Pause, Why};

use super::*;

/// よしこ in a neighbourhood's team that agreed to everything being written down.
async fn house() -> (House, Browser, PersonId, String) {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let mut town = Town::new(&house);
    let yoshiko = town.person("よしこ", None, true);
    town.team("ひまわり町会", yoshiko);
    browser.get(&house, "/staff/me").await;
    (house, browser, yoshiko, format!("/staff/people/{yoshiko}/rest"))
}

fn pause(house: &House, person: PersonId) -> Option<Pause> {
    house.store.read().unwrap().person(person).unwrap().unwrap().watch.unwrap().pause
}

fn known(house: &House, person: PersonId) {
    let details = anshin::domain::details::Details {
        born_on: Some(jiff::civil::date(1940, 3, 2)),
        phone: anshin::domain::details::Phone::read("03-0000-5678").unwrap(),
        version: 1,
        ..Default::default()
    };
    let writing = house.store.write().unwrap();
    writing.tables().put_details(person, &details).unwrap();
    writing.commit().unwrap();
}

#[tokio::test]
async fn a_rest_by_staff_needs_something_that_only_who_knows_the_person_can_tell() {
    let (house, mut browser, yoshiko, path) = house().await;
    known(&house, yoshiko);
    let number = format!("#{yoshiko}");
    for wrong in ["", "よしこ", "1940-03-03", "5679", "678", number.as_str()] {
        browser.get(&house, &path).await;
        let fields = [("told", wrong), ("days", "14"), ("why", "2")];
        let page = browser.post(&house, &path, &fields).await;
        assert_eq!(page.status, 422, "{wrong}");
        assert!(page.has("人ちがいかもしれません"), "{}", page.text);
        assert!(page.has("value=\"14\"") && page.has("<option value=\"2\" selected>"));
        assert_eq!(pause(&house, yoshiko), None, "{wrong}");
    }
    assert!(house.facts().iter().any(|fact| matches!(fact, StaffFact::Mistaken(..))));
    for right in ["昭和15年3月2日", "５６７８"] {
        browser.get(&house, &path).await;
        let fields = [("told", right), ("days", "14"), ("why", "2")];
        let page = browser.post(&house, &path, &fields).await;
        assert_eq!((page.status, page.header("location")), (303, "/staff/rests"), "{right}");
        let pause = pause(&house, yoshiko).unwrap();
        assert_eq!((pause.last_day.to_string().as_str(), pause.why), ("2026-12-06", Why::Hospital));
        assert!(matches!(pause.by, Actor::Staff(_)));
        browser.get(&house, &path).await;
        browser.post(&house, &path, &[("act", "end")]).await;
    }
}

#[tokio::test]
async fn where_nothing_else_is_known_the_number_of_the_member_is_asked_for() {
    let (house, mut browser, yoshiko, path) = house().await;
    let page = browser.get(&house, &path).await;
    assert!(page.has("会員番号"), "{}", page.text);
    assert!(!page.has(&format!("value=\"{yoshiko}\"")), "the page does not tell it");
    let other = format!("#{}", yoshiko.0 + 1);
    browser.post(&house, &path, &[("told", &other), ("days", "3")]).await;
    assert_eq!(pause(&house, yoshiko), None);
    browser.get(&house, &path).await;
    browser.post(&house, &path, &[("told", &format!("#{yoshiko}")), ("days", "3")]).await;
    assert!(pause(&house, yoshiko).is_some());
}

#[tokio::test]
async fn a_rest_by_staff_has_an_end_within_ninety_days() {
    let (house, mut browser, yoshiko, path) = house().await;
    let number = format!("#{yoshiko}");
    for wrong in ["0", "91", "x", ""] {
        browser.get(&house, &path).await;
        let page = browser.post(&house, &path, &[("told", &number), ("days", wrong)]).await;
        assert_eq!(page.status, 422);
        assert!(page.has("1から90までの数字"), "{}", page.text);
    }
    browser.get(&house, &path).await;
    browser.post(&house, &path, &[("told", &number), ("days", "90")]).await;
    assert_eq!(pause(&house, yoshiko).unwrap().last_day.to_string(), "2027-02-20");
}

#[tokio::test]
async fn everyone_who_rests_is_listed_and_the_person_is_told_and_can_end_it() {
    let (house, mut browser, yoshiko, path) = house().await;
    assert!(browser.get(&house, "/staff/rests").await.has("お休みの方はいません"));
    browser.get(&house, &path).await;
    browser
        .post(&house, &path, &[("told", &format!("#{yoshiko}")), ("days", "30"), ("why", "1")])
        .await;
    let page = browser.get(&house, "/staff/rests").await;
    for words in
        ["よしこさん", "1日め", "11月23日（月）から12月22日（火）まで", "旅行・外出", "事務局"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let rows = house.store.read().unwrap().rows().unwrap();
    let told = rows.iter().map(|row| String::from_utf8_lossy(&row.body).into_owned());
    assert!(told.into_iter().any(|body| body.contains("お休み") && body.contains("事務局")));
    browser.post(&house, &path, &[("act", "end")]).await;
    assert_eq!(pause(&house, yoshiko), None);
}

#[tokio::test]
async fn a_family_that_looks_after_itself_is_let_rest_by_nobody_else() {
    let (house, mut browser, _, _) = house().await;
    let mut town = Town::new(&house);
    let hana = town.person("はな", None, true);
    town.family("はな", hana);
    let path = format!("/staff/people/{hana}/rest");
    assert_eq!(browser.get(&house, &path).await.status, 404);
    browser.get(&house, "/staff/me").await;
    let fields = [("told", format!("#{hana}")), ("days", "3".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(browser.post(&house, &path, &fields).await.status, 404);
    assert_eq!(pause(&house, hana), None);
}
