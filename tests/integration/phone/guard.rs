//! Who sees what: nobody without a way in, nobody what is not theirs, nothing from elsewhere.

use anshin::domain::case::{Receiver, Told, Trouble};
use anshin::http::{Method, Request};
use anshin::routes::{Place, TABLE};
use anshin::web::phone::Page as Room;

use super::*;

/// Every page behind the way in, with its placeholder.
fn inner() -> Vec<(&'static Method, &'static str)> {
    let found = TABLE.iter().filter_map(|(method, path, place)| match place {
        Place::Phone(Room::Inner(_)) => Some((method, *path)),
        _ => None,
    });
    let all: Vec<_> = found.collect();
    assert!(all.len() >= 18, "the pages are in the table");
    all
}

#[test]
fn every_path_of_the_three_sides_goes_through_the_one_way_in() {
    let theirs = TABLE.iter().filter(|(_, path, _)| {
        ["/u", "/m", "/g"]
            .iter()
            .any(|side| *path == *side || path.starts_with(&format!("{side}/")))
    });
    let theirs: Vec<_> = theirs.collect();
    assert_eq!(theirs.len(), inner().len() + 6);
    assert!(theirs.iter().all(|(.., place)| matches!(place, Place::Phone(_))));
}

#[tokio::test]
async fn without_a_way_in_no_page_shows_anything_or_does_anything() {
    let family = Family::new(None);
    let house = &family.house;
    let before = house.journal().len();
    let mut stranger = Browser::new(HTTPS);
    let mut expired = Browser::new(HTTPS);
    let value = format!("{}.{}", family.yoshiko, token("gone"));
    expired.cookies.insert("__Host-anshin-page".to_owned(), value);
    let mut odd = Browser::new(HTTPS);
    odd.cookies.insert("__Host-anshin-page".to_owned(), "x.y.z".to_owned());
    for (method, path) in inner() {
        let path = path.replace("{id}", &family.yoshiko.to_string());
        for browser in [&mut stranger, &mut expired, &mut odd] {
            let page = match *method {
                Method::GET => browser.get(house, &path).await,
                _ => browser.post(house, &path, &[("act", "end")]).await,
            };
            assert_eq!(page.status, 403, "{method} {path}");
            assert!(page.has("LINEのトークから、ひらいてください"), "{}", page.text);
            assert!(!page.has("よしこ"), "{path}");
        }
    }
    assert_eq!(house.journal().len(), before);
}

#[tokio::test]
async fn a_form_from_elsewhere_or_of_another_session_is_refused_and_changes_nothing() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    browser.get(house, "/u").await;
    let mut other = entered(house, family.kenji).await;
    other.get(house, "/u").await;
    let good = browser.body(&[("act", "close")]);
    let before = house.journal().len();
    let forms = inner().into_iter().filter(|(method, _)| **method == Method::POST);
    for (_, path) in forms {
        let path = path.replace("{id}", "1");
        for (origin, body) in [
            ("https://evil.example", &good),
            ("null", &good),
            (HTTPS, &other.body(&[("act", "close")])),
            (HTTPS, &"act=close".to_owned()),
        ] {
            let request = browser
                .dress(Request::build("POST", &path))
                .header("origin", origin)
                .header("content-type", "application/x-www-form-urlencoded");
            let page = Page::of(&house.routes.answer(request.body(body.clone())).await);
            assert_eq!(page.status, 403, "{path} {origin} {body}");
            assert!(page.has("画面が古くなっています"), "{}", page.text);
        }
    }
    assert_eq!(house.journal().len(), before);
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_found() {
    let family = Family::new(Some(Stage::Reported));
    let house = &family.house;
    let mut town = Town::new(house);
    let case = town.case(family.yoshiko, Trouble::NoAnswer, |case| {
        let told = Told::Accepted;
        case.receivers = vec![Receiver { person: family.kenji, told }];
    });
    let paths = [
        format!("/m/people/{}", family.yoshiko),
        format!("/m/people/{}/contacts", family.yoshiko),
        format!("/m/cases/{case}"),
        format!("/m/teams/{}", family.team),
    ];
    let mut kenji = entered(house, family.kenji).await;
    let mut stranger = entered(house, family.michiko).await;
    for path in &paths {
        assert_eq!(kenji.get(house, path).await.status, 200, "{path}");
        stranger.get(house, "/u").await;
        let before = house.journal().len();
        assert_eq!(stranger.get(house, path).await.status, 404, "{path}");
        for act in ["claim", "close", "proxy", "invite-member", "write"] {
            let fields = [("act", act), ("outcome", "well"), ("version", "0")];
            assert_eq!(stranger.post(house, path, &fields).await.status, 404, "{path} {act}");
        }
        assert_eq!(house.journal().len(), before, "{path}");
    }
    // Oneself is not among those whom one watches, and a stranger has nobody to watch.
    let mut yoshiko = entered(house, family.yoshiko).await;
    for path in &paths[..3] {
        assert_eq!(yoshiko.get(house, path).await.status, 404, "{path}");
    }
    assert_eq!(stranger.get(house, "/m").await.status, 404);
    for path in ["/m/people/x", "/m/cases/99999999999", "/m/teams/0"] {
        assert_eq!(kenji.get(house, path).await.status, 404, "{path}");
    }
    // Who left sees nothing any more.
    let key = (family.team, Role::Manager, family.kenji);
    family.write(|tables| tables.remove_member(key).unwrap());
    for path in &paths {
        assert_eq!(kenji.get(house, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn no_page_says_to_others_that_it_exists() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.kenji).await;
    let link = link(house, family.yoshiko, Leads::Own);
    for path in ["/u", "/m", "/u/about", "/m/people/1", "/u/enter/x", link.as_str()] {
        let page = browser.get(house, path).await;
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert!(page.has("name=\"robots\" content=\"noindex\""), "{path}");
        assert!(!page.has("og:"), "{path}");
    }
}
