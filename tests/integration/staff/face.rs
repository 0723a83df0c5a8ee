//! How the service presents itself, as somebody who answers for it sets it: name, number, colour, picture; and the terms,
//! a version at a time.

use anshin::domain::face::{Face, Passage};
use anshin::domain::person::Consent;
use anshin::domain::staff::DeskAct;

use super::*;

const PATH: &str = "/staff/office";
const TERMS: &str = "/staff/terms";

async fn admin() -> (House, Browser) {
    let house = House::new();
    let (browser, _) = house.member("鈴木", StaffRole::Admin).await;
    (house, browser)
}

fn face(house: &House) -> Face {
    house.store.read().unwrap().face().unwrap()
}

/// Sends the form with some fields, and perhaps a picture.
async fn save(
    house: &House,
    browser: &mut Browser,
    fields: &[(&str, &str)],
    picture: Option<&[u8]>,
) -> Page {
    browser.get(house, PATH).await;
    let version = face(house).version.to_string();
    let usual = [("form_token", browser.word.as_str()), ("version", version.as_str())];
    let usual = usual.into_iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    let mut body = Vec::new();
    for (name, value) in usual.chain(fields.iter().copied()) {
        let part =
            format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some(picture) = picture {
        body.extend_from_slice(
            b"--xyz\r\nContent-Disposition: form-data; name=\"banner\"; filename=\"x.bin\"\r\n\r\n",
        );
        body.extend_from_slice(picture);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    let request = browser
        .dress(Request::build("POST", PATH))
        .header("content-type", "multipart/form-data; boundary=xyz")
        .header("origin", HTTPS);
    Page::of(&house.routes.answer(request.body(body)).await)
}

#[tokio::test]
async fn name_number_hours_colour_and_picture_are_set_and_show_at_once() {
    let (house, mut browser) = admin().await;
    assert!(browser.get(&house, PATH).await.has("何も書かないと：みどり市社協"));
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &[1; 100]].concat();
    let fields = [
        ("name", "みどり市見守りサービス"),
        ("phone", "０１２０ー９９９ー０００"),
        ("hours", "福祉課（内線12）平日 8:30〜17:15"),
        ("colour", "#197A4B"),
    ];
    let page = save(&house, &mut browser, &fields, Some(&png)).await;
    assert_eq!(page.header("location"), "/staff/office?saved", "{}", page.text);
    let public = Browser::new(HTTPS).get(&house, "/p/terms").await;
    for words in ["みどり市見守りサービス", "0120-999-000", "内線12", "/assets/theme-197a4b.css"]
    {
        assert!(public.has(words), "{words}: {}", public.text);
    }
    let theme = Browser::new(HTTPS).get(&house, "/assets/theme-197a4b.css").await;
    assert_eq!(theme.text, ":root{--blue:#197a4b;--blue-dark:#125b38}");
    let file = face(&house).banner.unwrap().file();
    assert!(public.has(&format!("src=\"/assets/{file}\"")), "{}", public.text);
    let picture = Browser::new(HTTPS).get(&house, &format!("/assets/{file}")).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    let desk = browser.get(&house, "/staff").await;
    assert!(!desk.has(&file), "the desk needs its room");
    // Left open again, everything is as configured; the picture goes by its own box.
    assert_eq!(save(&house, &mut browser, &[], None).await.status, 303);
    let public = Browser::new(HTTPS).get(&house, "/p/terms").await;
    assert!(public.has("みどり市社協") && public.has("0120-000-000") && public.has(&file));
    assert!(!public.has("theme-"), "{}", public.text);
    save(&house, &mut browser, &[("without", "1")], None).await;
    assert_eq!(face(&house).banner, None);
    let gone = Browser::new(HTTPS).get(&house, &format!("/assets/{file}")).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_at_its_field_and_what_was_typed_stays() {
    let (house, mut browser) = admin().await;
    for (fields, picture, reason) in [
        (&[("colour", "#06C755")][..], None, "近い色では #"),
        (&[("colour", "みどり")], None, "色は「#」と6つの"),
        (&[("phone", "12")], None, "電話番号が読めません"),
        (&[], Some(&b"<svg onload=alert(1)>"[..]), "PNGかJPEGの画像にしてください"),
        (&[], Some(&[&b"\x89PNG\r\n\x1a\n"[..], &[0; 600_000]].concat()), "画像が大きすぎます"),
    ] {
        let fields: Vec<_> =
            [("name", "書いた名前")].into_iter().chain(fields.iter().copied()).collect();
        let page = save(&house, &mut browser, &fields, picture).await;
        assert!(
            page.status == 422 && page.has(reason) && page.has("書いた名前"),
            "{reason}: {}",
            page.text
        );
    }
    assert_eq!(face(&house), Face::default());
    for path in [
        "/assets/theme-06c755.css",
        "/assets/theme-zzzzzz.css",
        "/assets/theme-197A4B.css",
        "/assets/banner-00.png",
    ] {
        assert_eq!(Browser::new(HTTPS).get(&house, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn of_two_who_save_the_second_is_told_and_only_who_answers_for_it_may() {
    let (house, mut browser) = admin().await;
    let page = save(&house, &mut browser, &[("name", "はじめの人")], None).await;
    assert_eq!(page.status, 303);
    let page = save(&house, &mut browser, &[("name", "あとの人"), ("version", "0")], None).await;
    assert!(
        page.status == 409 && page.has("ほかの人が先に変更しました") && page.has("あとの人"),
        "{}",
        page.text
    );
    assert_eq!(face(&house).name.unwrap().as_str(), "はじめの人");
    let (mut worker, _) = house.member("山田", StaffRole::Worker).await;
    for path in [PATH, TERMS] {
        assert_eq!(worker.get(&house, path).await.status, 403);
    }
    let by = house.staff("山田").id;
    let act = DeskAct::Face(Box::new(Face { version: 1, ..Face::default() }), None);
    house.act(Deed::Desk { by, act }).await;
    let text = Passage::read("だめ").unwrap();
    let act = DeskAct::Publish(Box::new((text.clone(), text)), 1);
    house.act(Deed::Desk { by, act }).await;
    assert_eq!(face(&house).name.unwrap().as_str(), "はじめの人");
    assert!(house.store.read().unwrap().terms().unwrap().is_empty());
}

#[tokio::test]
async fn a_new_version_of_the_terms_is_shown_first_then_holds_for_newcomers_and_the_old_one_stays()
{
    let (house, mut browser) = admin().await;
    let page = browser.get(&house, TERMS).await;
    assert!(page.has("第1版") && page.has("{org}"), "{}", page.text);
    let texts = [
        ("on_top_of", "1"),
        ("terms", "# 新しい約束\r\n\r\n{org}の見守りです。"),
        ("privacy", "# 個人情報\r\n\r\nだれにも渡しません。"),
    ];
    let look: Vec<_> = texts.iter().copied().chain([("step", "look")]).collect();
    let page = browser.post(&house, TERMS, &look).await;
    assert!(
        page.status == 200
            && page.has("<h2>新しい約束</h2><p>みどり市社協の見守りです")
            && page.has("あとから直せません"),
        "{}",
        page.text
    );
    assert!(house.store.read().unwrap().terms().unwrap().is_empty(), "looked at, not published");
    let publish: Vec<_> = texts.iter().copied().chain([("step", "publish")]).collect();
    assert_eq!(browser.post(&house, TERMS, &publish).await.header("location"), TERMS);
    let shown = Browser::new(HTTPS).get(&house, "/p/terms").await;
    assert!(
        shown.has("新しい約束") && shown.has("第2版（2026年11月23日（月）から）"),
        "{}",
        shown.text
    );
    let old = Browser::new(HTTPS).get(&house, "/p/terms?version=1").await;
    assert!(old.has("これは前の版です") && !old.has("新しい約束"), "{}", old.text);
    assert_eq!(Browser::new(HTTPS).get(&house, "/p/privacy?version=3").await.status, 404);
    assert_eq!(house.store.read().unwrap().service().unwrap().terms_version, 2);
    // Sent twice it is the same version; somebody else's comes too late, and loses nothing.
    assert_eq!(browser.post(&house, TERMS, &publish).await.status, 303);
    let late = [
        ("on_top_of", "1"),
        ("terms", "# 新しい約束その2"),
        ("privacy", "# 個人情報"),
        ("step", "publish"),
    ];
    let page = browser.post(&house, TERMS, &late).await;
    assert!(page.status == 409 && page.has("新しい約束"), "{}", page.text);
    let empty = [("on_top_of", "2"), ("terms", " "), ("privacy", "x"), ("step", "publish")];
    let page = browser.post(&house, TERMS, &empty).await;
    assert!(page.status == 422 && page.has("どちらも書いてください"), "{}", page.text);
    // Who agreed to which.
    let mut town = Town::new(&house);
    for version in [1, 1, 2] {
        let id = town.person("だれか", None, true);
        let mut person = house.person(id);
        person.consent = Some(Consent { version, at: house.now() });
        town.write(|tables| tables.put_person(&person).unwrap());
    }
    let page = browser.get(&house, TERMS).await;
    let counts: Vec<&str> =
        page.text.split("<td class=\"number\">").skip(1).map(|part| &part[..1]).collect();
    assert_eq!(counts, ["2", "1"], "{}", page.text);
}
